-- Offers of help (D15, D27): somebody offers a bed, a lift, an afternoon at a hospital. Staff look at it and introduce both
-- sides, who then write through the site; neither learns the other's address, and the public sees no offer, only thanks.

create table app.offers (
  id uuid primary key,
  story_id uuid references app.stories on delete cascade,
  event_id uuid references app.events on delete restrict,
  what text not null,
  place text,
  languages text,
  available text,
  country text,
  state text not null default 'waiting',
  held boolean not null default false,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  version integer not null default 1,
  constraint offers_are_for_one_story_or_event check (num_nonnulls(story_id, event_id) = 1),
  constraint offers_cannot_be_empty_or_endless check (
    what ~ '[^[:space:]]' and char_length(what) <= 4000 and char_length(place) <= 400 and char_length(languages) <= 200
    and char_length(available) <= 400
  ),
  constraint offers_countries_are_iso_codes check (country ~ '^[A-Z]{2}$'),
  constraint offers_states_are_known check (
    state in ('waiting', 'accepted', 'introduced', 'thanked', 'declined', 'withdrawn', 'expired')
  ),
  constraint offers_cannot_stay_longer_than_half_a_year check (expires_at <= created_at + interval '184 days')
);
comment on table app.offers is 'One row an offer of help, in the words of who offers. Staff alone; wiped when it has run out.';
create index offers_story_id_idx on app.offers (story_id) where story_id is not null;
create index offers_event_id_idx on app.offers (event_id) where event_id is not null;
create index offers_expires_at_idx on app.offers (expires_at);
create index offers_created_at_idx on app.offers (created_at desc, id desc);

create table app.offer_secrets (
  offer_id uuid primary key references app.offers on delete cascade,
  name text not null,
  email text not null,
  language text not null,
  token_hash bytea not null,
  constraint offer_secrets_cannot_be_endless check (
    char_length(name) between 1 and 400 and char_length(email) between 3 and 254 and char_length(language) <= 20
  )
);
comment on table app.offer_secrets is 'Who offers and how they are reached: read by no seat but the commands. Staff write to them through the site.';

create table app.offer_threads (
  id uuid primary key,
  offer_id uuid not null references app.offers on delete cascade,
  other_name text not null,
  other_email text not null,
  other_language text not null default 'zh-TW',
  other_hash bytea not null,
  -- Stands in the mail to the other side, and is forgotten when that is written.
  other_url text,
  words text not null,
  introduced_by uuid not null default auth.uid(),
  created_at timestamptz not null default now(),
  constraint offer_threads_are_one_an_offer unique (offer_id),
  constraint offer_threads_cannot_be_endless check (
    char_length(other_name) between 1 and 400 and char_length(other_email) between 3 and 254 and char_length(words) <= 4000
    and char_length(other_language) <= 20 and char_length(other_url) <= 500
  )
);
comment on table app.offer_threads is
  'That staff have introduced who offers to who needs. Addresses are read by the commands alone, never by staff again or by the other side.';

create table app.offer_messages (
  id uuid primary key default gen_random_uuid(),
  thread_id uuid not null references app.offer_threads on delete cascade,
  from_helper boolean not null,
  text text not null,
  created_at timestamptz not null default now(),
  constraint offer_messages_cannot_be_empty_or_endless check (char_length(text) between 1 and 10000)
);
create index offer_messages_thread_id_idx on app.offer_messages (thread_id, created_at);
comment on table app.offer_messages is 'What both sides wrote to each other through the site. Read by the two of them.';

create table app.thanks (
  offer_id uuid primary key,
  story_id uuid references app.stories on delete cascade,
  event_id uuid references app.events on delete restrict,
  outcome text not null,
  text text,
  thanked_by uuid not null default auth.uid(),
  thanked_at timestamptz not null default now(),
  constraint thanks_outcomes_are_known check (outcome in ('helped', 'not_needed')),
  constraint thanks_are_for_one_story_or_event check (num_nonnulls(story_id, event_id) = 1),
  constraint thanks_cannot_be_endless check (char_length(text) <= 2000)
);
comment on table app.thanks is
  'What came of an offer (D27): for everybody, without a name. It outlives the offer, of which it keeps the id alone.';
create index thanks_story_id_idx on app.thanks (story_id) where story_id is not null;
create index thanks_event_id_idx on app.thanks (event_id) where event_id is not null;

alter table app.offers enable row level security;
alter table app.offer_secrets enable row level security;
alter table app.offer_threads enable row level security;
alter table app.offer_messages enable row level security;
alter table app.thanks enable row level security;

create policy "Staff reads offers for its countries" on app.offers for select to authenticated using (
  (select app.has_role('volunteer'))
  and (country is null or (select app.my_areas()) = '{}' or country = any ((select app.my_areas())::text[]))
);
create policy "Officers add introductions for accepted offers" on app.offer_threads for insert to authenticated with check (
  (select app.has_role('officer')) and introduced_by = (select auth.uid())
  and offer_id in (select o.id from app.offers o where o.id = offer_id and o.state = 'accepted' and o.expires_at > now())
);
create policy "Everybody reads thanks" on app.thanks for select to anon, authenticated using (true);
create policy "Officers add thanks for what was introduced" on app.thanks for insert to authenticated with check (
  (select app.has_role('officer')) and thanked_by = (select auth.uid())
  and offer_id in (select o.id from app.offers o where o.id = offer_id and o.state = 'introduced')
);
-- No policy on offer_secrets and offer_messages, none to read offer_threads: no seat reads who somebody is or what both
-- write; the commands do, for the two who hold the links.
-- No insert, update or delete for visitors: offering goes through the commands of service_role.
grant select on app.offers to authenticated;
grant insert (id, offer_id, other_name, other_email, other_language, other_hash, other_url, words, introduced_by)
  on app.offer_threads to authenticated;
grant select (offer_id, story_id, event_id, outcome, text, thanked_at) on app.thanks to anon, authenticated;
grant insert (offer_id, story_id, event_id, outcome, text, thanked_by) on app.thanks to authenticated;
grant select, insert, update, delete on
  app.offers, app.offer_secrets, app.offer_threads, app.offer_messages, app.thanks
to service_role;

-- Definer: an introduction writes to both sides, and nobody of the staff reads addresses or the outbox.
create function app.tg_offer_threads__introduce() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_offer app.offers;
  v_secrets app.offer_secrets;
begin
  update app.offers set state = 'introduced', changed_at = now(), version = version + 1,
    -- Two who have just met are not cut off.
    expires_at = least(greatest(expires_at, now() + interval '60 days'), created_at + interval '184 days')
  where id = new.offer_id returning * into v_offer;
  select * into v_secrets from app.offer_secrets where offer_id = new.offer_id;
  insert into app.outbox (kind, to_email, language, payload) values
    ('offer_introduced', v_secrets.email, v_secrets.language,
     jsonb_build_object('name', v_secrets.name, 'words', new.words)),
    ('offer_received', new.other_email, new.other_language,
     jsonb_build_object('name', new.other_name, 'words', new.words, 'url', new.other_url));
  update app.offer_threads set other_url = null where id = new.id;
  perform app.log_act('offer_introduced', 'offer', new.offer_id::text);
  return null;
end
$$;
comment on function app.tg_offer_threads__introduce is
  'Writes to both sides when staff introduce them: the addresses are read here and by nobody of the staff.';
create trigger _500_introduce after insert on app.offer_threads
  for each row execute function app.tg_offer_threads__introduce();

-- Definer: what came of an offer changes the offer, which staff only read.
create function app.tg_thanks__settle() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  update app.offers set state = 'thanked', changed_at = now(), version = version + 1 where id = new.offer_id;
  perform app.log_act('offer_thanked', 'offer', new.offer_id::text, jsonb_build_object('outcome', new.outcome));
  return null;
end
$$;
comment on function app.tg_thanks__settle is 'Marks an offer as done when its outcome is published: staff only read offers.';
create trigger _500_settle after insert on app.thanks for each row execute function app.tg_thanks__settle();

create view public.thanks with (security_invoker = true) as
select t.story_id, e.slug as event, t.outcome, t.text, t.thanked_at
from app.thanks t left join app.events e on e.id = t.event_id;
comment on view public.thanks is 'What came of offers of help, newest first by thanked_at. Nobody is named.';
grant select on public.thanks to anon, authenticated;

create view public.staff_offers with (security_invoker = true) as
select o.id, o.story_id, s.title as story, e.slug as event, o.what, o.place, o.languages, o.available, o.country, o.state,
       o.held, o.created_at, o.expires_at, o.version
from app.offers o
left join app.stories s on s.id = o.story_id
left join app.events e on e.id = o.event_id;
comment on view public.staff_offers is 'Offers of help as staff read them: without who offers.';
grant select on public.staff_offers to authenticated;

create function public.offer_help(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_id uuid := (p ->> 'id')::uuid;
  v_story app.stories;
  v_event app.events;
  v_held boolean := coalesce((p ->> 'held')::boolean, false);
begin
  v_before := app.begin_once('offer_help', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('offer_help:' || (p ->> 'caller'), 10, interval '1 hour');
  if p ->> 'story_id' is not null then
    select * into v_story from app.stories where id = (p ->> 'story_id')::uuid and state = 'published';
    if not found then
      raise exception 'story_not_found' using errcode = 'PT404';
    end if;
  else
    select * into v_event from app.events where slug = p ->> 'event';
    if not found then
      raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
    end if;
    if v_event.state = 'closed' then
      raise exception 'event_closed' using errcode = 'PT422', hint = 'event';
    end if;
  end if;
  insert into app.offers (id, story_id, event_id, what, place, languages, available, country, held, expires_at)
  values (v_id, v_story.id, v_event.id, p ->> 'what', p ->> 'place', p ->> 'languages', p ->> 'available',
          coalesce(v_story.country, v_event.country), v_held,
          now() + make_interval(days => least(coalesce((p ->> 'expiry_days')::integer, 90), 180)));
  insert into app.offer_secrets (offer_id, name, email, language, token_hash)
  values (v_id, p ->> 'name', p ->> 'email', coalesce(p ->> 'language', 'zh-TW'), app.hash_of(p ->> 'token_hash'));
  perform app.enqueue(jsonb_build_object(
    'kind', case when v_held then 'held' else 'offer' end, 'subject_type', 'offer', 'subject_id', v_id,
    'event_id', v_event.id, 'severity', 4, 'reason', p ->> 'reason', 'text', p ->> 'what',
    'language', coalesce(p ->> 'language', 'zh-TW'), 'country', coalesce(v_story.country, v_event.country)));
  insert into app.outbox (kind, to_email, language, payload)
  values ('offer_posted', p ->> 'email', coalesce(p ->> 'language', 'zh-TW'),
          jsonb_build_object('name', p ->> 'name', 'url', p ->> 'url'));
  return app.finish_once('offer_help', p ->> 'client_id', jsonb_build_object('id', v_id));
end
$$;
comment on function public.offer_help is
  'Takes an offer of help for a story or an event and puts it before the staff. A resend with the same client_id and body answers the same.';
revoke execute on function public.offer_help from public;
grant execute on function public.offer_help to service_role;

-- Who holds a link: 'helper' or 'other', or null. An offer that is not there and a link that is wrong answer alike.
create function app.offer_side(p_id uuid, p_token_hash bytea) returns text
language sql stable set search_path = '' as $$
  select case
    when exists (select from app.offer_secrets s where s.offer_id = p_id and s.token_hash = p_token_hash) then 'helper'
    when exists (select from app.offer_threads t where t.offer_id = p_id and t.other_hash = p_token_hash) then 'other'
  end
$$;
comment on function app.offer_side is 'Which side of an offer the secret of a link belongs to; null for neither.';
grant execute on function app.offer_side to service_role;

create function public.read_offer(p_id uuid, p_token_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', o.id, 'side', app.offer_side(p_id, app.hash_of(p_token_hash)), 'what', o.what, 'place', o.place,
    'languages', o.languages, 'available', o.available, 'state', o.state, 'story_id', o.story_id,
    'event', (select e.slug from app.events e where e.id = o.event_id), 'created_at', o.created_at,
    'expires_at', o.expires_at, 'words', t.words,
    'helper_name', case when t.id is not null then s.name end, 'other_name', t.other_name,
    'messages', coalesce((
      select jsonb_agg(jsonb_build_object('from_helper', m.from_helper, 'text', m.text, 'created_at', m.created_at) order by m.created_at)
      from app.offer_messages m where m.thread_id = t.id
    ), '[]'::jsonb),
    'decision', (
      select jsonb_build_object('decision', q.decision, 'reason', q.decision_reason)
      from app.queue_items q where q.subject_type = 'offer' and q.subject_id = o.id and q.decided_at is not null
      order by q.decided_at desc limit 1
    )
  )
  from app.offers o
  join app.offer_secrets s on s.offer_id = o.id
  left join app.offer_threads t on t.offer_id = o.id
  where o.id = p_id and app.offer_side(p_id, app.hash_of(p_token_hash)) is not null and o.expires_at > now()
$$;
comment on function public.read_offer is
  'An offer for who holds one of its two links: state, decision, and once introduced the conversation. No address of anybody.';
revoke execute on function public.read_offer from public;
grant execute on function public.read_offer to service_role;

create function public.write_offer_message(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_offer app.offers;
  v_side text := app.offer_side((p ->> 'id')::uuid, app.hash_of(p ->> 'token_hash'));
  v_thread app.offer_threads;
  v_secrets app.offer_secrets;
begin
  perform app.spend('offer_message:' || (p ->> 'caller'), 30, interval '1 hour');
  select * into v_offer from app.offers where id = (p ->> 'id')::uuid and expires_at > now() and v_side is not null;
  if not found then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  select * into v_thread from app.offer_threads where offer_id = v_offer.id;
  if not found or v_offer.state not in ('introduced', 'thanked') then
    raise exception 'offer_not_introduced' using errcode = 'PT409';
  end if;
  select * into v_secrets from app.offer_secrets where offer_id = v_offer.id;
  insert into app.offer_messages (thread_id, from_helper, text) values (v_thread.id, v_side = 'helper', p ->> 'text');
  -- The link itself stands in the first mail to each side; only its hash is kept here.
  insert into app.outbox (kind, to_email, language, payload)
  values ('offer_message',
          case when v_side = 'helper' then v_thread.other_email else v_secrets.email end,
          case when v_side = 'helper' then v_thread.other_language else v_secrets.language end,
          jsonb_build_object('name', case when v_side = 'helper' then v_secrets.name else v_thread.other_name end, 'text', p ->> 'text'));
  return jsonb_build_object('id', v_offer.id);
end
$$;
comment on function public.write_offer_message is 'Writes on in the conversation of an offer as the side whose link it is: {id, token_hash, text, caller}.';
revoke execute on function public.write_offer_message from public;
grant execute on function public.write_offer_message to service_role;

create function public.withdraw_offer(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_side text := app.offer_side((p ->> 'id')::uuid, app.hash_of(p ->> 'token_hash'));
begin
  update app.offers set state = 'withdrawn', changed_at = now(), version = version + 1, expires_at = least(expires_at, now() + interval '7 days')
  where id = (p ->> 'id')::uuid and v_side = 'helper' and expires_at > now() and state <> 'withdrawn';
  if not found then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  -- Nothing is left to decide about it.
  delete from app.queue_items
  where subject_type = 'offer' and subject_id = (p ->> 'id')::uuid and decided_at is null;
  return jsonb_build_object('id', p ->> 'id');
end
$$;
comment on function public.withdraw_offer is 'Takes an offer back, by the link of who made it.';
revoke execute on function public.withdraw_offer from public;
grant execute on function public.withdraw_offer to service_role;

create function public.wipe_expired_offers() returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_count integer;
begin
  -- The queue forgets what it was about, too; thanks stay, they name nobody.
  delete from app.queue_items q using app.offers o
  where q.subject_type = 'offer' and q.subject_id = o.id and o.expires_at <= now();
  with gone as (delete from app.offers where expires_at <= now() returning id)
  select count(*) into v_count from gone;
  return v_count;
end
$$;
comment on function public.wipe_expired_offers is 'Deletes offers that have run out, with addresses, conversations and queue items. Answers how many.';
revoke execute on function public.wipe_expired_offers from public;
grant execute on function public.wipe_expired_offers to service_role;

create function public.introduce_offer(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.offers;
begin
  select * into v from app.offers where id = (p ->> 'id')::uuid and app.has_role('officer');
  if not found then
    raise exception 'offer_not_found' using errcode = 'PT404';
  end if;
  if v.version <> (p ->> 'version')::integer then
    raise exception 'changed_meanwhile' using errcode = 'PT409', hint = 'version';
  end if;
  if v.state <> 'accepted' or v.expires_at <= now() then
    raise exception 'offer_not_accepted' using errcode = 'PT409';
  end if;
  insert into app.offer_threads (id, offer_id, other_name, other_email, other_language, other_hash, other_url, words, introduced_by)
  values (gen_random_uuid(), v.id, p ->> 'other_name', p ->> 'other_email', p ->> 'other_language', decode(p ->> 'other_hash', 'hex'),
          p ->> 'other_url', p ->> 'words', auth.uid());
  return jsonb_build_object('id', v.id);
end
$$;
comment on function public.introduce_offer is
  'Introduces who offers to who needs, by mail with a link each: {id, version, other_name, other_email, other_language, other_hash, other_url, words}. Officers, for accepted offers.';
revoke execute on function public.introduce_offer from public;
grant execute on function public.introduce_offer to authenticated;

create function public.thank_for_offer(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.offers;
begin
  select * into v from app.offers where id = (p ->> 'id')::uuid and app.has_role('officer');
  if not found then
    raise exception 'offer_not_found' using errcode = 'PT404';
  end if;
  if v.state <> 'introduced' then
    raise exception 'offer_not_introduced' using errcode = 'PT409';
  end if;
  insert into app.thanks (offer_id, story_id, event_id, outcome, text, thanked_by)
  values (v.id, v.story_id, v.event_id, p ->> 'outcome', nullif(btrim(p ->> 'text'), ''), auth.uid());
  return jsonb_build_object('id', v.id);
end
$$;
comment on function public.thank_for_offer is 'Publishes what came of an introduced offer: {id, outcome (helped, not_needed), text}. Nobody is named.';
revoke execute on function public.thank_for_offer from public;
grant execute on function public.thank_for_offer to authenticated;

create function app.describe_offer(p_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object(
    'title', left(o.what, 80), 'text', o.what, 'country', o.country,
    'event', (select e.slug from app.events e where e.id = o.event_id), 'publication', o.state,
    'author_key', app.author_key(s.email), 'lat', null, 'lon', null, 'photo_id', null, 'url', '/moderation/offers/' || o.id,
    'facts', jsonb_build_object('place', o.place, 'languages', o.languages, 'available', o.available)
  )
  from app.offers o join app.offer_secrets s on s.offer_id = o.id where o.id = p_id);
end
$$;
grant execute on function app.describe_offer to service_role;

create function app.moderate_offer(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.offers set
    state = case
      when state not in ('waiting', 'accepted', 'declined') then state
      when p_decision in ('accept', 'verified', 'restore', 'mask', 'corrected', 'adopted') then 'accepted'
      else 'declined'
    end,
    what = case when p_decision = 'mask' then coalesce(p ->> 'masked_text', what) else what end,
    held = false, changed_at = now(), version = version + 1
  where id = p_id;
  if not found then
    raise exception 'offer_not_found' using errcode = 'PT404';
  end if;
end
$$;
grant execute on function app.moderate_offer to service_role;
