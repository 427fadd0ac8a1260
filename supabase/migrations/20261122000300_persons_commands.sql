-- What may be done to persons and notes. Each command is one transaction, granted to service_role alone and called by
-- one server module; it runs as its caller (service_role holds the grants it needs), so nothing here is a definer.
-- Commands take one json object and read from it only the fields they name: whatever else a caller sends is ignored.

create table app.outbox (
  id bigint generated always as identity primary key,
  kind text not null,
  to_email text not null,
  language text not null default 'zh-TW',
  payload jsonb not null default '{}',
  dedupe_key text unique,
  created_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  attempts smallint not null default 0,
  sent_at timestamptz,
  failed_at timestamptz,
  last_error text,
  constraint outbox_addresses_cannot_be_endless check (char_length(to_email) between 3 and 254)
);
create index outbox_waiting_idx on app.outbox (available_at) where sent_at is null and failed_at is null;
comment on table app.outbox is 'Mail until it is delivered, written in the transaction of the change it tells of.';
alter table app.outbox enable row level security;
-- No policy: addresses are for the mail job alone.
grant select, insert, update, delete on app.outbox to service_role;

create table app.follows (
  id uuid primary key,
  person_id uuid not null references app.persons on delete cascade,
  email text not null,
  token_hash bytea not null,
  stop_token text not null,
  language text not null,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  constraint follows_emails_cannot_be_endless check (char_length(email) <= 254)
);
comment on table app.follows is 'Who is told by mail of news about a person, once the address has confirmed that it wants to be.';
comment on column app.follows.stop_token is 'Stands in every mail to this follower as the one-click stop; it can do nothing but stop this follow.';
create unique index follows_person_id_email_idx on app.follows (person_id, lower(email));
alter table app.follows enable row level security;
-- No policy: who follows whom is nobody's business.
grant select, insert, update, delete on app.follows to service_role;

create table app.relay_threads (
  id uuid primary key,
  person_id uuid not null references app.persons on delete cascade,
  token_hash bytea not null,
  visitor_name text not null,
  visitor_email text,
  language text not null,
  created_at timestamptz not null default now(),
  constraint relay_threads_names_cannot_be_endless check (char_length(visitor_name) between 1 and 400)
);
create index relay_threads_person_id_idx on app.relay_threads (person_id);
comment on table app.relay_threads is 'Conversations of a visitor with the author of a record, neither of whom learns the other''s address.';
create table app.relay_messages (
  id uuid primary key default gen_random_uuid(),
  thread_id uuid not null references app.relay_threads on delete cascade,
  from_author boolean not null,
  text text not null,
  created_at timestamptz not null default now(),
  constraint relay_messages_cannot_be_empty_or_endless check (char_length(text) between 1 and 10000)
);
create index relay_messages_thread_id_idx on app.relay_messages (thread_id, created_at);
comment on table app.relay_messages is 'What was said in a relayed conversation.';
alter table app.relay_threads enable row level security;
alter table app.relay_messages enable row level security;
-- No policy on either: a thread is read by its two ends through their secret links.
grant select, insert, update, delete on app.relay_threads, app.relay_messages to service_role;

create function app.hash_of(p_hex text) returns bytea
language sql immutable set search_path = '' as $$
  select case when p_hex ~ '^[0-9a-f]{64}$' then decode(p_hex, 'hex') end
$$;
grant execute on function app.hash_of to service_role;

create function app.point_of(p jsonb) returns point
language plpgsql immutable set search_path = '' as $$
declare
  v_lat double precision := p ->> 'lat';
  v_lon double precision := p ->> 'lon';
begin
  if num_nulls(v_lat, v_lon) > 0 then
    return null;
  end if;
  -- NaN is greater than every number here, so that this refuses it too.
  if v_lat not between -90 and 90 or v_lon not between -180 and 180 then
    raise exception 'position_invalid' using errcode = 'PT422', hint = 'lat';
  end if;
  return point(v_lon, v_lat);
end
$$;
grant execute on function app.point_of to service_role;

-- To a hundredth of a degree: about one kilometre, and always the same cell, so that asking again tells nothing more.
create function app.coarse(p point) returns point
language sql immutable set search_path = '' as $$
  select point(round(p[0]::numeric, 2)::double precision, round(p[1]::numeric, 2)::double precision)
$$;
grant execute on function app.coarse to service_role;

create function app.person_to_change(p_id uuid) returns app.persons
language plpgsql volatile set search_path = '' as $$
declare
  v app.persons;
begin
  select * into v from app.persons where id = p_id for update;
  if not found then
    raise exception 'person_not_found' using errcode = 'PT404';
  end if;
  if v.publication = 'placeholder' or v.expiry_date <= now() then
    raise exception 'person_gone' using errcode = 'PT410';
  end if;
  return v;
end
$$;
grant execute on function app.person_to_change to service_role;

-- Which record a caller may act on: public ones, hidden ones with the key of their link, own ones with the manage link.
-- A record the caller cannot see answers like one that is not there.
create function app.person_in_reach(p_id uuid, p_view_hash bytea, p_manage_hash bytea) returns app.persons
language plpgsql volatile set search_path = '' as $$
declare
  v app.persons;
  v_secrets app.person_secrets;
begin
  select * into v_secrets from app.person_secrets where person_id = p_id;
  if p_manage_hash is not null and v_secrets.manage_hash is distinct from p_manage_hash then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  v := app.person_to_change(p_id);
  if p_manage_hash is not null then
    return v;
  end if;
  if v.publication = 'published' and (
    v.visibility = 'public'
    or v.visibility in ('known', 'link') and p_view_hash is not null and v_secrets.view_hash = p_view_hash
  ) then
    return v;
  end if;
  raise exception 'person_not_found' using errcode = 'PT404';
end
$$;
grant execute on function app.person_in_reach to service_role;

create function app.tell_followers(p_note app.notes) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
begin
  select * into v_person from app.persons where id = p_note.person_id;
  if v_person.publication <> 'published' or p_note.status = 'believed_dead' then
    -- A death is never announced by message.
    return;
  end if;
  insert into app.outbox (kind, to_email, language, payload, dedupe_key)
  select distinct on (lower(f.email)) 'follow_news', f.email, f.language,
    jsonb_build_object('person_id', f.person_id, 'full_name', v_person.full_name, 'follow_id', f.id, 'stop_token', f.stop_token,
                       'status', p_note.status, 'source', p_note.source, 'source_date', p_note.source_date),
    'follow_news:' || p_note.id || ':' || encode(sha256(convert_to(lower(f.email), 'UTF8')), 'hex')
  from app.follows f
  where f.confirmed_at is not null
    and (f.person_id = p_note.person_id or f.person_id in (
      -- Whoever follows a linked duplicate hears of it too, once; but never of a record that is not for everybody.
      select o.id from app.notes l join app.persons o on o.record_id = l.linked_person_record_id
      where l.person_id = p_note.person_id and l.publication = 'published' and o.publication = 'published'
        and v_person.visibility = 'public'
    ))
  order by lower(f.email), f.created_at
  on conflict (dedupe_key) do nothing;
end
$$;
grant execute on function app.tell_followers to service_role;

create function app.insert_note(p_person app.persons, p jsonb, p_source app.note_source, p_held boolean) returns app.notes
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := gen_random_uuid();
  v_point point := app.point_of(p);
  v_precise boolean := coalesce((p ->> 'precise')::boolean, false) and not p_person.minor;
  v app.notes;
begin
  insert into app.notes (id, record_id, person_id, linked_person_record_id, status, text, needs, last_known_location, position,
                         precision_m, author_made_contact, author_name, source, source_date, publication)
  values (
    v_id, (p ->> 'record_domain') || '/note.' || v_id, p_person.id, p ->> 'linked_person_record_id',
    (p ->> 'status')::app.note_status, coalesce(p ->> 'text', ''), app.text_array(p -> 'need'), p ->> 'last_known_location',
    case when v_precise then v_point else app.coarse(v_point) end,
    case when v_point is null then null when v_precise then 10 else 1000 end,
    (p ->> 'author_made_contact')::boolean, p ->> 'author_name', p_source, now(),
    (case when p_held then 'held' else 'published' end)::app.publication
  ) returning * into v;
  if num_nonnulls(p ->> 'author_email', p ->> 'author_phone', v_point::text) > 0 then
    insert into app.note_secrets (note_id, author_email, author_phone, exact_position)
    values (v.id, p ->> 'author_email', p ->> 'author_phone', v_point);
  end if;
  if v.status = 'believed_dead' and p_held then
    insert into app.queue_items (kind, severity, person_id, note_id, text)
    values ('death_report', 2, p_person.id, v.id, v.text);
  end if;
  if cardinality(v.needs) > 0 then
    insert into app.queue_items (kind, severity, person_id, note_id, text)
    values ('needs_help', 1, p_person.id, v.id, array_to_string(v.needs, ', '));
  end if;
  if not p_held then
    perform app.tell_followers(v);
  end if;
  return v;
end
$$;
grant execute on function app.insert_note to service_role;

create function app.store_photo(p_person app.persons, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'id')::uuid;
begin
  if p is null or p = 'null'::jsonb then
    return;
  end if;
  insert into app.photos (id, person_id, publication, width, height, bytes, path)
  values (v_id, p_person.id, (case when p_person.minor then 'held' else 'published' end)::app.publication,
          (p ->> 'width')::integer, (p ->> 'height')::integer, decode(p ->> 'content', 'base64'), p ->> 'path');
  update app.persons set photo_id = case when minor then null else v_id end where id = p_person.id;
  if p_person.minor then
    insert into app.queue_items (kind, severity, person_id, photo_id) values ('photo_of_minor', 3, p_person.id, v_id);
  end if;
end
$$;
grant execute on function app.store_photo to service_role;

create function app.hold_photo(p_person app.persons) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.photos set publication = 'held' where id = p_person.photo_id;
  insert into app.queue_items (kind, severity, person_id, photo_id)
  values ('photo_of_minor', 3, p_person.id, p_person.photo_id);
  update app.persons set photo_id = null where id = p_person.id;
end
$$;
comment on function app.hold_photo is 'Takes a photo off a record until somebody allows it: its person turned out to be a minor.';
grant execute on function app.hold_photo to service_role;

create function app.set_known_keys(p_person_id uuid, p_hashes jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from app.person_known_keys where person_id = p_person_id;
  insert into app.person_known_keys (key_hash, person_id)
  select app.hash_of(h), p_person_id from unnest(app.text_array(p_hashes)) h where app.hash_of(h) is not null
  on conflict do nothing;
end
$$;
grant execute on function app.set_known_keys to service_role;

create function public.report_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_event app.events;
  v_id uuid := coalesce((p ->> 'id')::uuid, gen_random_uuid());
  v_as app.posted_as := (p ->> 'as')::app.posted_as;
  v_minor boolean := coalesce((p ->> 'minor')::boolean, false);
  v_person app.persons;
  v_status app.note_status := (p ->> 'status')::app.note_status;
  -- A form filled in as only a program would fill it waits for a look; it is never refused.
  v_held boolean := coalesce((p ->> 'held')::boolean, false);
begin
  v_before := app.begin_once('report_person', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('report_person:' || (p ->> 'caller'), 60, interval '1 minute');
  perform app.spend('report_person_hour:' || (p ->> 'caller'), 600, interval '1 hour');
  select * into v_event from app.events where slug = p ->> 'event';
  if not found then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;
  if v_event.state = 'closed' then
    raise exception 'event_closed' using errcode = 'PT422', hint = 'event';
  end if;
  insert into app.persons (id, record_id, event_id, posted_as, full_name, given_name, family_name, alternate_names, sex, age_from, age_to,
                           minor, home_city, home_country, description, author_name, source_date, expiry_date, expiry_days,
                           visibility, publication, status, freshest_at, name_keys)
  values (
    v_id, (p ->> 'record_domain') || '/person.' || v_id, v_event.id, v_as, p ->> 'full_name', p ->> 'given_name', p ->> 'family_name',
    app.text_array(p -> 'alternate_names'), p ->> 'sex', (p ->> 'age_from')::smallint, (p ->> 'age_to')::smallint, v_minor,
    p ->> 'home_city', p ->> 'home_country', p ->> 'description', p ->> 'author_name', now(),
    now() + make_interval(days => coalesce((p ->> 'expiry_days')::integer, 60)), coalesce((p ->> 'expiry_days')::smallint, 60::smallint),
    (p ->> 'visibility')::app.visibility, (case when v_held then 'held' else 'published' end)::app.publication,
    -- What the first note will make of it anyhow: then deriving it moves the row in none of the indexes.
    case when v_status <> 'believed_dead' then v_status end, now(), app.text_array(p -> 'name_keys')
  ) returning * into v_person;
  if v_held then
    insert into app.queue_items (kind, severity, person_id, reason) values ('looks_automatic', 4, v_id, 'looks_automatic');
  end if;
  insert into app.person_secrets (person_id, author_email, author_phone, exact_age, birth_year, exact_position,
                                  manage_hash, view_hash, language)
  values (v_id, p ->> 'author_email', p ->> 'author_phone', (p ->> 'age')::smallint, (p ->> 'birth_year')::smallint,
          app.point_of(p), app.hash_of(p ->> 'manage_hash'), app.hash_of(p ->> 'view_hash'), coalesce(p ->> 'language', 'zh-TW'));
  if v_person.visibility = 'known' then
    perform app.set_known_keys(v_id, p -> 'known_hashes');
  end if;
  perform app.store_photo(v_person, p -> 'photo');
  perform app.insert_note(
    v_person, p, (case when v_as = 'me' then 'self' else 'third_party' end)::app.note_source, v_status = 'believed_dead'
  );
  if p ->> 'author_email' is not null and p ->> 'manage_url' is not null then
    insert into app.outbox (kind, to_email, language, payload)
    values ('posted', p ->> 'author_email', coalesce(p ->> 'language', 'zh-TW'),
            jsonb_build_object('person_id', v_id, 'full_name', v_person.full_name, 'manage_url', p ->> 'manage_url'));
  end if;
  return app.finish_once('report_person', p ->> 'client_id',
    jsonb_build_object('id', v_id, 'record_id', v_person.record_id, 'held', v_held or v_status = 'believed_dead'));
end
$$;
comment on function public.report_person is 'Posts a person with a first note. Answers id, record_id, held; a resend with the same client_id and body answers the same.';

create function public.add_note(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_manage bytea := app.hash_of(p ->> 'manage_hash');
  v_person app.persons;
  v_note app.notes;
  v_status app.note_status := (p ->> 'status')::app.note_status;
begin
  v_before := app.begin_once('add_note', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('add_note:' || (p ->> 'caller'), 60, interval '1 minute');
  perform app.spend(case when p ->> 'caller' is not null then 'add_note_to:' || (p ->> 'person_id') end, 300, interval '1 hour');
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, app.hash_of(p ->> 'view_hash'), v_manage);
  v_note := app.insert_note(
    v_person, p,
    -- Only whoever holds the manage link of an own post speaks as the person; anybody else merely says so.
    (case when v_manage is not null and v_person.posted_as = 'me' then 'self' else 'third_party' end)::app.note_source,
    v_status is not distinct from 'believed_dead'
  );
  return app.finish_once('add_note', p ->> 'client_id',
    jsonb_build_object('id', v_note.id, 'record_id', v_note.record_id, 'held', v_note.publication = 'held'));
end
$$;
comment on function public.add_note is 'Adds what somebody knows about a person. A death report from the public is held until an officer decides.';

create function public.link_persons(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_a app.persons;
  v_b app.persons;
begin
  perform app.spend('link_persons:' || (p ->> 'caller'), 30, interval '1 hour');
  v_a := app.person_in_reach((p ->> 'person_id')::uuid, null, null);
  v_b := app.person_in_reach((p ->> 'other_id')::uuid, null, null);
  if v_a.id = v_b.id then
    raise exception 'cannot_link_to_itself' using errcode = 'PT422', hint = 'other_id';
  end if;
  if not exists (
    select from app.notes where person_id = v_a.id and linked_person_record_id = v_b.record_id and publication = 'published'
  ) then
    perform app.insert_note(v_a, p || jsonb_build_object('linked_person_record_id', v_b.record_id), 'third_party', false);
  end if;
  if not exists (
    select from app.notes where person_id = v_b.id and linked_person_record_id = v_a.record_id and publication = 'published'
  ) then
    perform app.insert_note(v_b, p || jsonb_build_object('linked_person_record_id', v_a.record_id), 'third_party', false);
  end if;
  return jsonb_build_object('linked', true);
end
$$;
comment on function public.link_persons is 'Says that two records are the same person: a note on each, with the reason. They are never merged.';

create function public.object_to_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
  v_soften boolean := p ->> 'reason' in ('this_is_me', 'not_missing', 'remove');
begin
  perform app.spend('object:' || (p ->> 'caller'), 20, interval '1 hour');
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, app.hash_of(p ->> 'view_hash'), null);
  if p ->> 'reason' is null or p ->> 'reason' not in ('this_is_me', 'not_missing', 'remove', 'wrong', 'abuse', 'minor') then
    raise exception 'reason_required' using errcode = 'PT422', hint = 'reason';
  end if;
  if v_soften and v_person.softened_at is null then
    update app.persons set softened_at = now(), version = version + 1 where id = v_person.id;
  end if;
  insert into app.queue_items (kind, severity, person_id, reason, text)
  values (case when v_soften then 'objection' else 'report' end, case when v_soften then 2 else 3 end,
          v_person.id, p ->> 'reason', left(p ->> 'text', 5000));
  return jsonb_build_object('softened', v_soften);
end
$$;
comment on function public.object_to_person is '"This is me", "not missing", "remove this" soften a record at once; staff decide. Other reasons only queue it.';

create function public.find_known_persons(p jsonb) returns setof app.person_cards
language plpgsql volatile set search_path = '' as $$
begin
  perform app.spend('find_known:' || (p ->> 'caller'), 30, interval '1 hour');
  return query
    select c.* from app.person_cards c
    where c.id in (
        select k.person_id from app.person_known_keys k
        where k.key_hash = any (array(select app.hash_of(h) from unnest(app.text_array(p -> 'hashes')) h))
        limit 20
      )
      and c.publication = 'published' and c.visibility = 'known' and c.expiry_date > now();
end
$$;
comment on function public.find_known_persons is 'Records shown only to those who know the whole name and a second fact. A miss and a hidden record answer alike: no row.';

create function public.person_by_link(p_id uuid, p_view_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'person', to_jsonb(c),
    'notes', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', n.id, 'record_id', n.record_id, 'person_id', n.person_id, 'person_record_id', c.record_id,
        'linked_person_record_id', n.linked_person_record_id, 'status', n.status, 'text', n.text, 'needs', to_jsonb(n.needs),
        'last_known_location', n.last_known_location,
        'lat', case when not c.minor then n.position[1] end,
        'lon', case when not c.minor then n.position[0] end,
        'precision_m', case when not c.minor then n.precision_m end,
        'author_made_contact', n.author_made_contact, 'author_name', n.author_name, 'source', n.source,
        'source_date', n.source_date, 'entry_date', n.entry_date, 'is_clone', n.is_clone, 'drill', c.drill, 'invented', c.invented
      ) order by n.source_date desc, n.entry_date desc)
      from app.notes n where n.person_id = c.id and n.publication = 'published' and not c.softened
    ), '[]'::jsonb)
  )
  from app.person_cards c
  join app.person_secrets s on s.person_id = c.id
  where c.id = p_id and s.view_hash = app.hash_of(p_view_hash)
    and c.publication = 'published' and c.visibility in ('public', 'known', 'link') and c.expiry_date > now()
$$;
comment on function public.person_by_link is 'A record and its notes for whoever holds the key of its link (found as known, or handed on). Null otherwise.';

create function public.photo_by_link(p_id uuid, p_view_hash text) returns table (content text, path text)
language sql stable set search_path = '' as $$
  select encode(f.bytes, 'base64'), f.path
  from app.photos f
  join app.persons p on p.photo_id = f.id
  join app.person_secrets s on s.person_id = p.id
  where f.id = p_id and s.view_hash = app.hash_of(p_view_hash) and f.publication = 'published'
    and p.publication = 'published' and p.softened_at is null and p.expiry_date > now()
$$;

create function public.read_own_person(p_id uuid, p_manage_hash text, p_caller text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_result jsonb;
begin
  perform app.spend('manage:' || p_caller, 120, interval '1 hour');
  select jsonb_build_object(
    'person', to_jsonb(c),
    'full_name', coalesce(z.record ->> 'full_name', c.full_name),
    'secrets', to_jsonb(s) - 'manage_hash' - 'view_hash' - 'exact_position',
    'sealed', case when z.person_id is null then null
              else jsonb_build_object('reason', z.reason, 'sealed_at', z.sealed_at, 'wipe_at', z.wipe_at) end,
    'notes', coalesce((
      select jsonb_agg(to_jsonb(n) - 'position' order by n.source_date desc) from app.notes n where n.person_id = c.id and z.person_id is null
    ), '[]'::jsonb),
    'threads', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', t.id, 'visitor_name', t.visitor_name, 'created_at', t.created_at,
        'messages', (
          select jsonb_agg(jsonb_build_object('from_author', m.from_author, 'text', m.text, 'created_at', m.created_at) order by m.created_at)
          from app.relay_messages m where m.thread_id = t.id
        )
      ) order by t.created_at desc)
      from app.relay_threads t where t.person_id = c.id
    ), '[]'::jsonb),
    'decisions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'kind', q.kind, 'created_at', q.created_at, 'decided_at', q.decided_at, 'decision', q.decision, 'decision_reason', q.decision_reason
      ) order by q.created_at desc)
      from app.queue_items q where q.person_id = c.id and q.kind <> 'report'
    ), '[]'::jsonb)
  ) into v_result
  from app.person_cards c
  join app.person_secrets s on s.person_id = c.id
  left join app.sealed_persons z on z.person_id = c.id
  where c.id = p_id and s.manage_hash = app.hash_of(p_manage_hash);
  return v_result;
end
$$;
comment on function public.read_own_person is 'Everything the holder of the manage link may see. Null when the link is wrong or the record was wiped.';

create function public.edit_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_manage bytea := app.hash_of(p ->> 'manage_hash');
  v_before app.persons;
  v_person app.persons;
begin
  if v_manage is null then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  v_before := app.person_in_reach((p ->> 'person_id')::uuid, null, v_manage);
  if v_before.version is distinct from (p ->> 'version')::integer then
    raise exception 'changed_meanwhile' using errcode = 'PT409';
  end if;
  update app.persons set
    full_name = p ->> 'full_name',
    alternate_names = app.text_array(p -> 'alternate_names'),
    sex = p ->> 'sex',
    age_from = (p ->> 'age_from')::smallint,
    age_to = (p ->> 'age_to')::smallint,
    minor = coalesce((p ->> 'minor')::boolean, minor),
    home_city = p ->> 'home_city',
    home_country = p ->> 'home_country',
    visibility = (p ->> 'visibility')::app.visibility,
    name_keys = app.text_array(p -> 'name_keys'),
    source_date = now(),
    entry_date = now(),
    version = version + 1
  where id = v_before.id
  returning * into v_person;
  update app.person_secrets set
    author_email = p ->> 'author_email',
    author_phone = p ->> 'author_phone',
    exact_age = (p ->> 'age')::smallint,
    birth_year = (p ->> 'birth_year')::smallint
  where person_id = v_person.id;
  perform app.set_known_keys(v_person.id, case when v_person.visibility = 'known' then p -> 'known_hashes' else '[]' end);
  if v_person.minor and v_person.photo_id is not null and not v_before.minor then
    perform app.hold_photo(v_person);
  end if;
  perform app.derive_person(v_person.id);
  return jsonb_build_object('id', v_person.id, 'version', v_person.version);
end
$$;
comment on function public.edit_person is 'Corrects the identity of an own record. Refused with changed_meanwhile when somebody changed it since it was read.';

create function public.extend_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
begin
  if app.hash_of(p ->> 'manage_hash') is null then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, null, app.hash_of(p ->> 'manage_hash'));
  update app.persons set
    expiry_date = least(greatest(expiry_date, now()) + interval '60 days', now() + interval '360 days'),
    entry_date = now(), version = version + 1
  where id = v_person.id returning * into v_person;
  return jsonb_build_object('id', v_person.id, 'expiry_date', v_person.expiry_date);
end
$$;
comment on function public.extend_person is 'Sixty days more, never further than 360 days from today.';

create function app.seal_person(p_person app.persons, p_reason text, p_keep interval) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.sealed_persons (person_id, record, reason, wipe_at)
  values (p_person.id, to_jsonb(p_person), p_reason, now() + p_keep);
  update app.persons set
    publication = 'placeholder', full_name = '', given_name = null, family_name = null, alternate_names = '{}', sex = null,
    age_from = null, age_to = null, home_city = null, home_state = null, home_country = null, description = null,
    author_name = null, source_name = null, source_url = null, photo_id = null, status = null, status_date = null,
    status_by = null, self_status_date = null, needs = '{}', last_known_location = null, position = null, precision_m = null,
    note_count = 0, name_keys = '{}', softened_at = null,
    source_date = now(), entry_date = now(), expiry_date = least(expiry_date, now()), version = version + 1
  where id = p_person.id;
  delete from app.person_known_keys where person_id = p_person.id;
end
$$;
comment on function app.seal_person is 'Takes everything personal out of the record at once and keeps it sealed for p_keep. What stays is the PFIF placeholder.';
grant execute on function app.seal_person to service_role;

create function public.delete_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
begin
  if app.hash_of(p ->> 'manage_hash') is null then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, null, app.hash_of(p ->> 'manage_hash'));
  perform app.seal_person(v_person, 'deleted', interval '3 days');
  insert into app.suppressions (record_id, reason) values (v_person.record_id, 'deleted') on conflict do nothing;
  return jsonb_build_object('id', v_person.id, 'restore_until', now() + interval '3 days');
end
$$;
comment on function public.delete_person is 'Expires an own record now. It can be restored for three days; then everything but the placeholder is wiped.';

create function public.restore_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_sealed app.sealed_persons;
  v_old app.persons;
begin
  if not exists (
    select from app.person_secrets
    where person_id = (p ->> 'person_id')::uuid and manage_hash = app.hash_of(p ->> 'manage_hash')
  ) then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  delete from app.sealed_persons
  where person_id = (p ->> 'person_id')::uuid and reason in ('deleted', 'expired') and wipe_at > now()
  returning * into v_sealed;
  if not found then
    raise exception 'restore_too_late' using errcode = 'PT410';
  end if;
  v_old := jsonb_populate_record(null::app.persons, v_sealed.record);
  update app.persons set
    publication = v_old.publication, full_name = v_old.full_name, given_name = v_old.given_name, family_name = v_old.family_name,
    alternate_names = v_old.alternate_names, sex = v_old.sex, age_from = v_old.age_from, age_to = v_old.age_to,
    home_city = v_old.home_city, home_state = v_old.home_state, home_country = v_old.home_country,
    description = v_old.description, author_name = v_old.author_name, source_name = v_old.source_name,
    source_url = v_old.source_url, photo_id = v_old.photo_id, name_keys = v_old.name_keys,
    -- Objections that were decided meanwhile have nothing more to withhold.
    softened_at = case when exists (
      select from app.queue_items where person_id = v_old.id and kind = 'objection' and decided_at is null
    ) then v_old.softened_at end,
    source_date = now(), entry_date = now(),
    expiry_date = greatest(v_old.expiry_date, now() + interval '60 days'), version = version + 1
  where id = v_old.id;
  if v_old.visibility = 'known' then
    perform app.set_known_keys(v_old.id, p -> 'known_hashes');
  end if;
  delete from app.suppressions where record_id = v_old.record_id;
  perform app.derive_person(v_old.id);
  return jsonb_build_object('id', v_old.id);
end
$$;
comment on function public.restore_person is 'Brings back a record its author deleted, or one that ran out, within the days it is kept sealed.';

create function public.follow_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
begin
  perform app.spend('follow:' || (p ->> 'caller'), 30, interval '1 hour');
  -- Somebody else's address must not be flooded: few confirmation mails a day, whoever asks.
  perform app.spend('follow_mail:' || encode(sha256(convert_to(lower(p ->> 'email'), 'UTF8')), 'hex'), 10, interval '1 day');
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, app.hash_of(p ->> 'view_hash'), null);
  insert into app.follows (id, person_id, email, token_hash, stop_token, language)
  values ((p ->> 'id')::uuid, v_person.id, p ->> 'email', app.hash_of(p ->> 'token_hash'), p ->> 'token', p ->> 'language')
  on conflict (person_id, lower(email)) do update set
    id = case when app.follows.confirmed_at is null then excluded.id else app.follows.id end,
    token_hash = case when app.follows.confirmed_at is null then excluded.token_hash else app.follows.token_hash end,
    stop_token = case when app.follows.confirmed_at is null then excluded.stop_token else app.follows.stop_token end;
  if exists (select from app.follows where id = (p ->> 'id')::uuid) then
    insert into app.outbox (kind, to_email, language, payload)
    values ('follow_confirm', p ->> 'email', p ->> 'language',
            jsonb_build_object('person_id', v_person.id, 'full_name', v_person.full_name,
                               'follow_id', p ->> 'id', 'token', p ->> 'token'));
  end if;
  return jsonb_build_object('asked', true);
end
$$;
comment on function public.follow_person is 'Asks to follow a record by mail. Nothing is sent but one confirmation; the answer is the same whether the address follows already.';

create function public.confirm_follow(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_follow app.follows;
begin
  update app.follows set confirmed_at = coalesce(confirmed_at, now())
  where id = (p ->> 'follow_id')::uuid and token_hash = app.hash_of(p ->> 'token_hash')
  returning * into v_follow;
  if not found then
    raise exception 'follow_not_found' using errcode = 'PT404';
  end if;
  return jsonb_build_object('person_id', v_follow.person_id);
end
$$;

create function public.stop_follow(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  delete from app.follows where id = (p ->> 'follow_id')::uuid and token_hash = app.hash_of(p ->> 'token_hash');
  -- Stopping twice is no mistake.
  return jsonb_build_object('stopped', true);
end
$$;

create function public.open_relay(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
  v_email text;
  v_language text;
begin
  perform app.spend('relay:' || (p ->> 'caller'), 20, interval '1 hour');
  perform app.spend(case when p ->> 'caller' is not null then 'relay_to:' || (p ->> 'person_id') end, 30, interval '1 hour');
  v_person := app.person_in_reach((p ->> 'person_id')::uuid, app.hash_of(p ->> 'view_hash'), null);
  if v_person.is_clone then
    raise exception 'relay_not_for_copies' using errcode = 'PT422';
  end if;
  insert into app.relay_threads (id, person_id, token_hash, visitor_name, visitor_email, language)
  values ((p ->> 'id')::uuid, v_person.id, app.hash_of(p ->> 'token_hash'), p ->> 'author_name', p ->> 'author_email', p ->> 'language');
  insert into app.relay_messages (thread_id, from_author, text) values ((p ->> 'id')::uuid, false, p ->> 'text');
  select author_email, language into v_email, v_language from app.person_secrets where person_id = v_person.id;
  if v_email is not null then
    insert into app.outbox (kind, to_email, language, payload)
    values ('relay_to_author', v_email, v_language, jsonb_build_object(
      'person_id', v_person.id, 'full_name', v_person.full_name, 'visitor_name', p ->> 'author_name', 'text', p ->> 'text'));
  end if;
  return jsonb_build_object('thread_id', p ->> 'id', 'by_mail', v_email is not null);
end
$$;
comment on function public.open_relay is 'Sends the author a message without showing anybody an address. The visitor keeps a secret link to the answers.';

create function public.read_relay(p_id uuid, p_token_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'thread_id', t.id, 'person_id', t.person_id, 'full_name', c.full_name, 'publication', c.publication, 'visitor_name', t.visitor_name,
    'messages', (
      select jsonb_agg(jsonb_build_object('from_author', m.from_author, 'text', m.text, 'created_at', m.created_at) order by m.created_at)
      from app.relay_messages m where m.thread_id = t.id
    )
  )
  from app.relay_threads t join app.person_cards c on c.id = t.person_id
  where t.id = p_id and t.token_hash = app.hash_of(p_token_hash)
$$;

create function public.write_relay(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_thread app.relay_threads;
  v_person app.persons;
  v_secrets app.person_secrets;
  v_from_author boolean := app.hash_of(p ->> 'manage_hash') is not null;
begin
  select * into v_thread from app.relay_threads where id = (p ->> 'thread_id')::uuid;
  select * into v_secrets from app.person_secrets where person_id = v_thread.person_id;
  if v_thread.id is null
     or v_from_author and v_secrets.manage_hash is distinct from app.hash_of(p ->> 'manage_hash')
     or not v_from_author and v_thread.token_hash is distinct from app.hash_of(p ->> 'token_hash') then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  perform app.spend(case when p ->> 'caller' is not null then 'relay_thread:' || v_thread.id end, 30, interval '1 hour');
  v_person := app.person_to_change(v_thread.person_id);
  insert into app.relay_messages (thread_id, from_author, text) values (v_thread.id, v_from_author, p ->> 'text');
  if v_from_author and v_thread.visitor_email is not null then
    insert into app.outbox (kind, to_email, language, payload)
    values ('relay_to_visitor', v_thread.visitor_email, v_thread.language, jsonb_build_object(
      'person_id', v_person.id, 'full_name', v_person.full_name, 'text', p ->> 'text'));
  elsif not v_from_author and v_secrets.author_email is not null then
    insert into app.outbox (kind, to_email, language, payload)
    values ('relay_to_author', v_secrets.author_email, v_secrets.language, jsonb_build_object(
      'person_id', v_person.id, 'full_name', v_person.full_name, 'visitor_name', v_thread.visitor_name, 'text', p ->> 'text'));
  end if;
  return jsonb_build_object('person_id', v_person.id);
end
$$;

create function public.seal_expired_persons(p_limit integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_person app.persons;
  v_count integer := 0;
begin
  for v_person in
    select * from app.persons where publication in ('published', 'held', 'hidden') and expiry_date <= now()
    order by expiry_date limit p_limit for update skip locked
  loop
    perform app.seal_person(v_person, 'expired', interval '1 day');
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
comment on function public.seal_expired_persons is 'Turns records past their expiry_date into placeholders. Their data is wiped a day later (PFIF 1.4, data expiry).';

create function public.wipe_sealed_persons(p_limit integer) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  for v_id in select person_id from app.sealed_persons where wipe_at <= now() order by wipe_at limit p_limit for update skip locked loop
    return query select f.path from app.photos f where f.person_id = v_id and f.path is not null;
    delete from app.queue_items where person_id = v_id;
    delete from app.notes where person_id = v_id;
    delete from app.photos where person_id = v_id;
    delete from app.relay_threads where person_id = v_id;
    delete from app.follows where person_id = v_id;
    delete from app.person_secrets where person_id = v_id;
    delete from app.sealed_persons where person_id = v_id;
  end loop;
  -- Answers kept for resends and old counters are of no use after a day or two.
  delete from app.idempotency where created_at < now() - interval '2 days';
  delete from app.rate_counters where window_start < now() - interval '2 days';
  delete from app.follows where confirmed_at is null and created_at < now() - interval '7 days';
end
$$;
comment on function public.wipe_sealed_persons is 'Deletes what was sealed and is past its time, for good. Gives the storage paths of photos to remove.';

create function public.list_queue_items(p_limit integer) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(q)), '[]'::jsonb) from (
    select i.id, i.kind, i.severity, i.person_id, c.full_name, i.note_id, i.reason, i.text, i.created_at
    from app.queue_items i left join app.person_cards c on c.id = i.person_id
    where i.decided_at is null order by i.severity, i.created_at limit p_limit
  ) q
$$;

create function public.decide_queue_item(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_item app.queue_items;
  v_person app.persons;
  v_note app.notes;
  v_accept boolean := p ->> 'decision' = 'accept';
begin
  if coalesce(p ->> 'decision', '') not in ('accept', 'refuse') then
    raise exception 'decision_required' using errcode = 'PT422', hint = 'decision';
  end if;
  if coalesce(btrim(p ->> 'reason'), '') = '' then
    raise exception 'reason_required' using errcode = 'PT422', hint = 'reason';
  end if;
  update app.queue_items set decided_at = now(), decision = p ->> 'decision', decided_by = p ->> 'by', decision_reason = p ->> 'reason'
  where id = (p ->> 'id')::uuid and decided_at is null
  returning * into v_item;
  if not found then
    raise exception 'item_not_waiting' using errcode = 'PT409';
  end if;
  select * into v_person from app.persons where id = v_item.person_id for update;
  if v_item.kind = 'death_report' then
    update app.notes set
      publication = (case when v_accept then 'published' else 'hidden' end)::app.publication,
      source = (case when v_accept then 'official' else 'third_party' end)::app.note_source,
      -- It is new from today on for everybody who reads what is new.
      entry_date = now()
    where id = v_item.note_id;
  elsif v_item.kind = 'photo_of_minor' then
    update app.photos set publication = (case when v_accept then 'published' else 'hidden' end)::app.publication where id = v_item.photo_id;
    update app.persons set photo_id = case when v_accept then v_item.photo_id end where id = v_item.person_id;
  elsif v_item.kind = 'looks_automatic' then
    update app.persons set
      publication = (case when v_accept then 'published' else 'hidden' end)::app.publication, entry_date = now()
    where id = v_item.person_id and publication = 'held';
  elsif v_item.kind = 'objection' and v_person.publication <> 'placeholder' then
    if v_accept and v_item.reason = 'remove' then
      perform app.seal_person(v_person, 'removed', interval '3 days');
      insert into app.suppressions (record_id, reason) values (v_person.record_id, 'removed') on conflict do nothing;
    elsif v_accept then
      update app.persons set softened_at = null, version = version + 1 where id = v_person.id;
      v_note := app.insert_note(v_person, jsonb_build_object(
        'status', 'believed_alive', 'text', p ->> 'reason', 'record_domain', split_part(v_person.record_id, '/', 1)), 'official', false);
    else
      update app.persons set softened_at = null, version = version + 1 where id = v_person.id;
    end if;
  end if;
  return jsonb_build_object('id', v_item.id, 'kind', v_item.kind, 'decision', v_item.decision);
end
$$;
comment on function public.decide_queue_item is 'Decides what waits: a death report becomes official or stays hidden, an objection is granted or not. Reason and name are kept.';

create function public.claim_mail(p_limit integer) returns setof app.outbox
language sql volatile set search_path = '' as $$
  update app.outbox set attempts = attempts + 1, available_at = now() + interval '1 minute' * power(2, least(attempts, 8))
  where id in (
    select id from app.outbox where sent_at is null and failed_at is null and available_at <= now()
    order by id limit p_limit for update skip locked
  )
  returning *
$$;
comment on function public.claim_mail is 'Takes mail to deliver. What is not finished comes back after a growing pause, so that a crash loses nothing.';

create function public.finish_mail(p_id bigint, p_error text) returns void
language sql volatile set search_path = '' as $$
  update app.outbox set
    sent_at = case when p_error is null then now() end,
    failed_at = case when p_error is not null and attempts >= 8 then now() end,
    last_error = left(p_error, 500),
    -- A delivered mail's secrets and address have no reason to stay.
    payload = case when p_error is null then '{}' else payload end,
    to_email = case when p_error is null then 'delivered' else to_email end
  where id = p_id
$$;

do $$
declare
  v_name text;
begin
  foreach v_name in array array[
    'report_person(jsonb)', 'add_note(jsonb)', 'link_persons(jsonb)', 'object_to_person(jsonb)', 'find_known_persons(jsonb)',
    'person_by_link(uuid, text)', 'photo_by_link(uuid, text)', 'read_own_person(uuid, text, text)', 'edit_person(jsonb)',
    'extend_person(jsonb)', 'delete_person(jsonb)', 'restore_person(jsonb)', 'follow_person(jsonb)', 'confirm_follow(jsonb)',
    'stop_follow(jsonb)', 'open_relay(jsonb)', 'read_relay(uuid, text)', 'write_relay(jsonb)', 'seal_expired_persons(integer)',
    'wipe_sealed_persons(integer)', 'list_queue_items(integer)', 'decide_queue_item(jsonb)', 'claim_mail(integer)',
    'finish_mail(bigint, text)'
  ] loop
    execute format('revoke execute on function public.%s from public', v_name);
    execute format('grant execute on function public.%s to service_role', v_name);
  end loop;
end
$$;
