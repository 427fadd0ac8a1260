-- Corrections: anybody may say what is wrong with anything public, with a source, and sees the outcome by a secret link.
-- Appeals: the author of what was hidden or refused asks for another look, by another person.

create table app.corrections (
  id uuid primary key,
  item_id uuid references app.queue_items on delete cascade,
  subject_type text not null references app.subject_types on delete restrict,
  subject_id uuid not null,
  what text not null,
  correct_text text not null,
  source_url text not null,
  email text,
  token text,
  token_hash bytea not null,
  language text not null default 'zh-TW',
  created_at timestamptz not null default now(),
  constraint corrections_cannot_be_endless check (
    char_length(what) between 1 and 5000 and char_length(correct_text) between 1 and 2000 and char_length(source_url) between 1 and 2000
    and char_length(email) <= 254
  ),
  constraint corrections_have_a_token_only_to_mail_it check (token is null or email is not null)
);
create index corrections_item_id_idx on app.corrections (item_id);
comment on table app.corrections is 'What somebody says is wrong, what is right, and where that can be read. Staff reads it with its item; who asked, with the secret link.';
comment on column app.corrections.token is 'Stands in the one mail that tells the outcome; kept only for those who asked for mail.';
alter table app.corrections enable row level security;
-- No policy: members read corrections with their item (app.read_item), who asked reads its own through the server.
grant select, insert, update, delete on app.corrections to service_role;

create function public.ask_correction(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_type text := p ->> 'subject_type';
  v_subject uuid := (p ->> 'subject_id')::uuid;
  v_description jsonb;
  v_item uuid;
  v_id uuid := coalesce((p ->> 'id')::uuid, gen_random_uuid());
begin
  v_before := app.begin_once('ask_correction', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('correction:' || (p ->> 'caller'), 20, interval '1 hour');
  if not exists (select from app.subject_types where name = v_type) then
    raise exception 'correction_subject_unknown' using errcode = 'PT404';
  end if;
  v_description := app.describe(v_type, v_subject);
  -- What is hidden answers like what is not there.
  if v_description is null or not coalesce((v_description ->> 'public')::boolean, v_description ->> 'publication' = 'published', false) then
    raise exception 'correction_subject_unknown' using errcode = 'PT404';
  end if;
  v_item := app.enqueue(jsonb_build_object(
    'kind', 'correction', 'subject_type', v_type, 'subject_id', v_subject, 'severity', 3, 'text', p ->> 'what',
    'language', p ->> 'language', 'country', v_description ->> 'country',
    'event_id', (select e.id from app.events e where e.slug = v_description ->> 'event')));
  insert into app.corrections (id, item_id, subject_type, subject_id, what, correct_text, source_url, email, token, token_hash, language)
  values (v_id, v_item, v_type, v_subject, p ->> 'what', p ->> 'correct_text', p ->> 'source_url', p ->> 'email',
          case when p ->> 'email' is not null then p ->> 'token' end, app.hash_of(p ->> 'token_hash'),
          coalesce(p ->> 'language', 'zh-TW'));
  return app.finish_once('ask_correction', p ->> 'client_id', jsonb_build_object('id', v_id));
end
$$;
comment on function public.ask_correction is
  'Asks for a correction of something public: {subject_type, subject_id, what, correct_text, source_url, email, token, token_hash}. It waits in the queue.';

create function public.describe_public(p_type text, p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('title', d.v ->> 'title', 'text', d.v ->> 'text', 'url', d.v ->> 'url')
  from (select app.describe(p_type, p_id) as v) d
  where coalesce((d.v ->> 'public')::boolean, d.v ->> 'publication' = 'published', false)
    and exists (select from app.subject_types t where t.name = p_type)
$$;
comment on function public.describe_public is 'Title, text and address of something public, to say what a correction is about. Null for what is not public.';

create function public.read_correction(p_id uuid, p_token_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', c.id, 'subject_type', c.subject_type, 'subject_id', c.subject_id, 'what', c.what, 'correct_text', c.correct_text,
    'source_url', c.source_url, 'created_at', c.created_at, 'decided_at', i.decided_at,
    'steps', coalesce((
      select jsonb_agg(jsonb_build_object(
        'decision', d.decision, 'stage', d.stage, 'reason_code', d.reason_code, 'reason', d.reason, 'at', d.decided_at) order by d.decided_at)
      from app.decisions d where d.item_id = c.item_id), '[]')
  )
  from app.corrections c left join app.queue_items i on i.id = c.item_id
  where c.id = p_id and c.token_hash = app.hash_of(p_token_hash)
$$;
comment on function public.read_correction is 'What became of a correction, for whoever holds its link. Who decided is not told.';

create function app.may_appeal(p_item app.queue_items, p_decision app.decisions) returns boolean
language sql stable set search_path = '' as $$
  select p_item.decided_at is not null and p_item.kind <> 'appeal' and p_item.version = p_decision.item_version + 1
    and p_decision.decision in ('hide', 'mask', 'unverifiable', 'false', 'withdrawn')
    and not (p_item.kind = 'objection')
    and not exists (select from app.queue_items a where a.about_item = p_item.id)
$$;
comment on function app.may_appeal is 'Whether the author may contest this decision: it took something from the post, is the last one, and was not contested before.';

create function app.decisions_for_author(p_type text, p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'item_id', i.id, 'kind', i.kind, 'subject_type', i.subject_type, 'decision', d.decision, 'stage', d.stage,
    'reason_code', d.reason_code, 'reason', d.reason, 'correct_text', d.correct_text, 'at', d.decided_at,
    'closes', r.closes,
    'appeal', (
      select jsonb_build_object('at', a.created_at, 'decided_at', a.decided_at, 'decision', a.decision, 'reason', a.decision_reason)
      from app.queue_items a where a.about_item = i.id order by a.created_at desc limit 1),
    'may_appeal', app.may_appeal(i, d)
  ) order by d.decided_at desc), '[]')
  from app.queue_items i
  join app.decisions d on d.item_id = i.id
  join app.moderation_decisions r on r.name = d.decision
  where (i.subject_type = p_type and i.subject_id = p_id or p_type = 'person' and i.person_id = p_id)
    -- Who objected or asked for a correction is nobody's business; what it came to shows in the record.
    and i.kind not in ('report', 'correction') and d.decision <> 'escalate'
$$;
comment on function app.decisions_for_author is
  'What was decided about somebody''s post, as its author may know it: action, reason, words, whether it can be contested. Never by whom.';

create function app.enqueue_appeal(p_item_id uuid, p_text text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_item app.queue_items;
  v_id uuid;
begin
  select * into v_item from app.queue_items where id = p_item_id for update;
  if not found or not exists (select from app.decisions d where d.item_id = v_item.id and app.may_appeal(v_item, d)) then
    raise exception 'appeal_not_possible' using errcode = 'PT409';
  end if;
  if coalesce(btrim(p_text), '') = '' then
    raise exception 'words_required' using errcode = 'PT422', hint = 'text';
  end if;
  insert into app.queue_items (kind, subject_type, subject_id, person_id, note_id, photo_id, event_id, country, language, severity, text, about_item)
  values ('appeal', v_item.subject_type, v_item.subject_id, v_item.person_id, v_item.note_id, v_item.photo_id, v_item.event_id,
          v_item.country, v_item.language, 2, left(p_text, 5000), v_item.id)
  returning id into v_id;
  perform app.log_act('appeal', v_item.subject_type, v_item.subject_id::text, jsonb_build_object('item', v_id, 'about', v_item.id));
  return v_id;
end
$$;
comment on function app.enqueue_appeal is
  'Contests a decision. The caller has made sure that it is the author who asks. Another person than those who decided decides the appeal.';

create function public.appeal_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  perform app.spend('appeal:' || (p ->> 'caller'), 20, interval '1 hour');
  if not exists (
    select from app.person_secrets
    where person_id = (p ->> 'person_id')::uuid and manage_hash = app.hash_of(p ->> 'manage_hash')
  ) or not exists (
    select from app.queue_items where id = (p ->> 'item_id')::uuid and person_id = (p ->> 'person_id')::uuid
  ) then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  return jsonb_build_object('id', app.enqueue_appeal((p ->> 'item_id')::uuid, p ->> 'text'));
end
$$;
comment on function public.appeal_person is 'The author of a record contests a decision about it: {person_id, manage_hash, item_id, text}.';

create function public.own_person_decisions(p_id uuid, p_manage_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select app.decisions_for_author('person', p_id)
  where exists (select from app.person_secrets where person_id = p_id and manage_hash = app.hash_of(p_manage_hash))
$$;
comment on function public.own_person_decisions is 'What was decided about a record, for the holder of its manage link: action, reason, words, and whether it can be contested.';

revoke execute on function
  public.ask_correction, public.describe_public, public.read_correction, public.appeal_person, public.own_person_decisions,
  app.decisions_for_author, app.may_appeal, app.enqueue_appeal
from public;
grant execute on function
  public.ask_correction, public.describe_public, public.read_correction, public.appeal_person, public.own_person_decisions,
  app.decisions_for_author, app.may_appeal, app.enqueue_appeal
to service_role;
