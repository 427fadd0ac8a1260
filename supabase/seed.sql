-- A little to look at in a development project: one invented event and three invented persons.
-- "npm run lookout -- demo" brings far more.

select public.open_event(jsonb_build_object(
  'slug', 'example-quake',
  'titles', '{"zh-TW": "範例地震（虛構）", "en": "Example earthquake (invented)", "ja": "例の地震（架空）"}'::jsonb,
  'summaries', '{"zh-TW": "這是示範，都是虛構的。", "en": "An example; all of it is invented.", "ja": "これは例で、すべて架空です。"}'::jsonb,
  'kind', 'earthquake', 'country', 'NZ', 'time_zone', 'Pacific/Auckland', 'started_at', now() - interval '2 days', 'invented', true,
  'hotlines', '[{"number": "+886-800-085-095", "names": {"zh-TW": "外交部旅外國人急難救助全球免付費專線", "en": "Emergency help for Taiwanese abroad", "ja": "台湾外交部 海外緊急支援ダイヤル"}}]'::jsonb
));

-- The keys by which names are found are those that app/names computes for them.
select public.post_invented_person(jsonb_build_object(
  'record_domain', 'localhost', 'event', 'example-quake', 'visibility', 'public', 'home_country', v.country,
  'id', v.id, 'as', v.posted_as, 'full_name', v.full_name, 'alternate_names', v.others, 'name_keys', v.keys,
  'posted_at', v.said_at, 'notes', jsonb_build_array(jsonb_build_object(
    'id', v.note_id, 'status', v.status, 'source', v.source, 'text', v.text, 'said_at', v.said_at
  ))
))
from (values
  ('5eed0000-0000-4000-8000-000000000001', '5eed0000-0000-4000-8000-00000000000a', 'me', 'is_note_author', 'self', '陳志明', '人平安，在車站前。', now() - interval '3 hours', 'TW',
   jsonb_build_array('CHEN, CHIH-MING'),
   '["e:志 明 陈","e:陈志明","w:chen ming zhi","x:陈 ming zhi","e:chen chih ming","e:chen chihming","e:chenchihming","w:ming zhen zhi","w:chen chi ming","w:chi ming zhen","w:chen ming qi","w:ming qi zhen","x:曾 ming zhi","x:曾 chi ming","x:曾 ming qi","h:陈","s:chen","u:陈","h:志","s:zhi","h:明","s:ming","l:chen","s:zhen","u:曾","j:chen","l:chih","s:chi","s:qi","l:ming","l:chihming","d:hen","d:cen","d:chn","d:che","d:hih","d:cih","d:chh","d:chi","d:ing","d:mng","d:mig","d:min","d:hihming","d:cihming","d:chhming","d:chiming","d:chihing","d:chihmng","d:chihmig","d:chihmin","b:陈志","s:chen-zhi","b:志明","s:zhi-ming","s:zhen-zhi","s:chen-chi","s:zhen-chi","s:chen-qi","s:zhen-qi","s:chi-ming","s:qi-ming"]'::jsonb),
  ('5eed0000-0000-4000-8000-000000000002', '5eed0000-0000-4000-8000-00000000000b', 'seeking', 'information_sought', 'third_party', '佐藤 陽子', '地震のあと連絡がとれません。', now() - interval '20 hours', 'JP',
   jsonb_build_array('Yoko Sato'),
   '["e:佐 子 藤 阳","e:佐藤阳子","w:teng yang zi zuo","y:sato yoko","y:satoyoko","y:yokosato","e:sato yoko","e:yokosato","w:duo ge sa yo","w:duo ke sa yo","w:ge sa tuo yo","w:ke sa tuo yo","x:苏 ge sa yo","x:苏 ke sa yo","x:杜 ge sa yo","x:杜 ke sa yo","x:涂 ge sa yo","x:涂 ke sa yo","x:陶 ge sa yo","x:陶 ke sa yo","h:佐","s:zuo","h:藤","s:teng","h:阳","s:yang","h:子","s:zi","j:sato","j:yoko","l:yoko","l:sato","s:yo","s:ge","s:ke","s:sa","s:duo","s:tuo","u:苏","u:杜","u:涂","u:陶","d:oko","d:yko","d:yoo","d:yok","d:ato","d:sto","d:sao","d:sat","b:佐藤","s:zuo-teng","b:藤阳","s:teng-yang","b:阳子","s:yang-zi","s:yo-ge","s:yo-ke","s:ge-sa","s:ke-sa","s:sa-duo","s:sa-tuo"]'::jsonb),
  ('5eed0000-0000-4000-8000-000000000003', '5eed0000-0000-4000-8000-00000000000c', 'informing', 'believed_alive', 'third_party', 'Amy Lin Mei-hui', 'Saw her yesterday, tired but okay.', now() - interval '30 hours', 'TW',
   jsonb_build_array('林美惠'),
   '["e:amy hui lin mei","e:amy lin meihui","e:hui lin mei","e:amylinmeihui","w:hui lin mei","y:fui mei rin","y:rinmeifui","x:连 hui mei","x:许 lin mei","e:惠 林 美","e:林美惠","x:林 hui mei","l:amy","l:lin","s:lin","j:rin","l:mei","s:mei","j:mei","l:hui","s:hui","u:许","j:fui","l:meihui","j:meifui","h:林","u:林","h:美","h:惠","p:am","p:amy","p:li","p:lin","p:me","p:mei","p:hu","p:hui","p:meih","p:meihu","p:meihui","d:eihui","d:mihui","d:mehui","d:meiui","d:meihi","d:meihu","s:lin-mei","s:mei-hui","b:林美","b:美惠"]'::jsonb)
) as v (id, note_id, posted_as, status, source, full_name, text, said_at, country, others, keys);
