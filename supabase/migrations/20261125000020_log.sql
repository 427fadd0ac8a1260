-- The log: what staff, the server and the operator did, each act chained to the one before, so that whoever has
-- published heads of the chain notices when somebody with all rights edits, inserts, swaps or cuts off rows.
--
-- An entry is the canonical JSON (RFC 8785) of act, actor, at, details, id, role, subject_id, subject_type; its hash is
-- SHA-256 over the 32 bytes of the hash before (zeros before the first) followed by that text in UTF-8.
-- app/features/log/log-chain.server.ts computes the same in TypeScript; a test compares the two on generated entries.

create table app.log_entries (
  id bigint primary key,
  at timestamptz not null,
  act text not null,
  actor text not null,
  role text,
  subject_type text not null,
  subject_id text,
  details jsonb not null default '{}',
  hash bytea not null,
  constraint log_entries_are_numbered_from_one check (id >= 1),
  constraint log_entries_acts_are_short_words check (act ~ '^[a-z][a-z0-9_]{0,79}$' and subject_type ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint log_entries_actors_are_ids check (actor ~ '^[A-Za-z0-9_.:-]{1,80}$' and coalesce(role, 'x') ~ '^[a-z_]{1,40}$'),
  constraint log_entries_subjects_are_ids check (subject_id ~ '^[A-Za-z0-9_.:/-]{1,255}$'),
  constraint log_entries_details_cannot_be_endless check (jsonb_typeof(details) = 'object' and octet_length(details::text) <= 8000),
  constraint log_entries_hashes_are_whole check (octet_length(hash) = 32)
);
create index log_entries_subject_idx on app.log_entries (subject_type, subject_id, id);
comment on table app.log_entries is
  'One row an act of staff or server, never changed. Ids, tokens and hashes only: nothing here must ever be erased for somebody''s sake.';
comment on column app.log_entries.actor is 'The account that acted, or server.';
comment on column app.log_entries.hash is 'SHA-256 over the hash of the row before and the canonical JSON of this one.';

create table app.log_heads (
  day date primary key,
  entry_id bigint not null,
  hash bytea not null,
  published_at timestamptz not null default now(),
  constraint log_heads_hashes_are_whole check (octet_length(hash) = 32)
);
comment on table app.log_heads is
  'The last entry of each day (UTC) on which something happened, as it was published. No foreign key: a head outlives a cut tail, and that shows it.';

alter table app.log_entries enable row level security;
alter table app.log_heads enable row level security;
create policy "Everybody reads what was done, not to what and by whom" on app.log_entries for select to anon using (true);
create policy "Staff reads the whole log" on app.log_entries for select to authenticated
  using ((select app.has_role('volunteer')));
create policy "Everybody reads the heads of the log" on app.log_heads for select to anon, authenticated using (true);
-- No insert, update or delete for anybody: rows come from app.log_act alone, and heads from public.publish_log_heads.
grant select (id, at, act, role, subject_type, hash) on app.log_entries to anon;
grant select on app.log_entries to authenticated, service_role;
grant select on app.log_heads to anon, authenticated, service_role;
grant insert on app.log_heads to service_role;

create function app.canonical_json(p jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_text text;
begin
  case jsonb_typeof(p)
    when 'object' then
      if exists (select from jsonb_object_keys(p) k where k !~ '^[a-z][a-z0-9_]*$') then
        raise exception 'log_details_invalid' using errcode = 'PT422', hint = 'details';
      end if;
      select '{' || coalesce(string_agg(to_json(e.key)::text || ':' || app.canonical_json(e.value), ',' order by e.key collate "C"), '') || '}'
      into v_text from jsonb_each(p) e;
    when 'array' then
      select '[' || coalesce(string_agg(app.canonical_json(e.value), ',' order by e.nth), '') || ']'
      into v_text from jsonb_array_elements(p) with ordinality e (value, nth);
    when 'number' then
      -- Whole numbers that every JSON reader holds exactly: how fractions are written differs from reader to reader.
      if trunc((p #>> '{}')::numeric) <> (p #>> '{}')::numeric or abs((p #>> '{}')::numeric) > 9007199254740991 then
        raise exception 'log_details_invalid' using errcode = 'PT422', hint = 'details';
      end if;
      v_text := trim_scale((p #>> '{}')::numeric)::text;
    when 'string' then
      v_text := to_json(p #>> '{}')::text;
    else
      v_text := p::text;
  end case;
  return v_text;
end
$$;
comment on function app.canonical_json is
  'RFC 8785 for objects whose keys are lower-case Latin words and whose numbers are whole: sorted keys, no spaces, the shortest escapes.';

create function app.log_hash(p_before bytea, p app.log_entries) returns bytea
language sql immutable set search_path = '' as $$
  select sha256(p_before || convert_to(app.canonical_json(jsonb_build_object(
    'id', p.id,
    'at', to_char(p.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'act', p.act,
    'actor', p.actor,
    'role', p.role,
    'subject_type', p.subject_type,
    'subject_id', p.subject_id,
    'details', p.details
  )), 'UTF8'))
$$;
comment on function app.log_hash is 'What the hash of an entry is, given the hash of the one before.';

-- Definer: no seat may write the log, and whoever acts must be able to add to it through here and in no other way.
create function app.log_act(p_act text, p_subject_type text, p_subject_id text, p_details jsonb default '{}') returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_last app.log_entries;
  v app.log_entries;
begin
  -- Personal data would have to stay for ever, so words do not get in: ids, tokens, times and hashes have no spaces.
  if exists (
    select from jsonb_path_query(coalesce(p_details, '{}'), 'strict $.**') d
    where jsonb_typeof(d) = 'string' and d #>> '{}' !~ '^[A-Za-z0-9_.:/+=,-]{0,255}$'
  ) then
    raise exception 'log_details_invalid' using errcode = 'PT422', hint = 'details';
  end if;
  -- One at a time until the transaction ends: the next reads the hash that this one commits.
  perform pg_advisory_xact_lock(hashtextextended('app.log_entries', 0));
  select * into v_last from app.log_entries order by id desc limit 1;
  v.id := coalesce(v_last.id, 0) + 1;
  -- A clock that was set back must not put a later act before an earlier one.
  v.at := greatest(clock_timestamp(), v_last.at);
  v.act := p_act;
  v.actor := coalesce(auth.uid()::text, 'server');
  v.role := app.my_role()::text;
  v.subject_type := p_subject_type;
  v.subject_id := p_subject_id;
  v.details := coalesce(p_details, '{}');
  v.hash := app.log_hash(coalesce(v_last.hash, decode(repeat('00', 32), 'hex')), v);
  insert into app.log_entries select (v).*;
  return v.id;
end
$$;
comment on function app.log_act is
  'Adds an act to the chain, in the transaction of the act, and answers its number. Call it last: everybody else who acts waits from here to the commit. Details hold ids, tokens, whole numbers and hashes; words are refused.';
grant execute on function app.log_act to authenticated, service_role;

create function app.tg_log_entries__append_only() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  raise exception 'log_is_append_only' using errcode = 'PT409';
end
$$;
create trigger _100_append_only before update or delete or truncate on app.log_entries
  for each statement execute function app.tg_log_entries__append_only();

create function app.tg_log_heads__append_only() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  raise exception 'log_is_append_only' using errcode = 'PT409';
end
$$;
create trigger _100_append_only before update or delete or truncate on app.log_heads
  for each statement execute function app.tg_log_heads__append_only();

create view public.log_acts with (security_invoker = true) as
select id, at, act, role, subject_type, encode(hash, 'hex') as hash from app.log_entries;
comment on view public.log_acts is 'Acts without persons: what was done to what kind of thing by which role, and the hash that chains it.';
grant select on public.log_acts to anon, authenticated;

create view public.log_heads with (security_invoker = true) as
select day, entry_id, encode(hash, 'hex') as hash, published_at from app.log_heads;
comment on view public.log_heads is 'The head of the log at the end of each day (UTC). Keep one, and nobody can cut off or rewrite what stood before it unnoticed.';
grant select on public.log_heads to anon, authenticated;

create view public.staff_log with (security_invoker = true) as
select e.id, e.at, e.act, e.actor, m.name as actor_name, e.role, e.subject_type, e.subject_id, e.details,
       encode(e.hash, 'hex') as hash
from app.log_entries e
left join app.members m on m.user_id::text = e.actor;
comment on view public.staff_log is 'The log with ids and names, for staff.';
grant select on public.staff_log to authenticated;

create function public.read_log(p_after bigint, p_limit integer) returns table (
  id bigint, at text, act text, actor text, role text, subject_type text, subject_id text, details jsonb, hash text
)
language sql stable set search_path = '' as $$
  select e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.act, e.actor, e.role, e.subject_type,
         e.subject_id, e.details, encode(e.hash, 'hex')
  from app.log_entries e where e.id > p_after order by e.id limit least(p_limit, 1000)
$$;
comment on function public.read_log is 'Entries in their order, with times as the hash was made over. For the verifier.';
grant execute on function public.read_log to service_role;

create function public.publish_log_heads() returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_new jsonb;
begin
  -- Only days that are over: the head of a day never changes once it is out.
  with days as (
    select (e.at at time zone 'UTC')::date as day, max(e.id) as id
    from app.log_entries e
    where e.at < date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
      and e.id > coalesce((select max(h.entry_id) from app.log_heads h), 0)
    group by 1
  ), published as (
    insert into app.log_heads (day, entry_id, hash)
    select d.day, d.id, e.hash from days d join app.log_entries e on e.id = d.id
    on conflict do nothing
    returning day, entry_id, hash
  )
  select coalesce(jsonb_agg(jsonb_build_object('day', p.day, 'entry_id', p.entry_id, 'hash', encode(p.hash, 'hex')) order by p.day), '[]')
  into v_new from published p;
  return v_new;
end
$$;
comment on function public.publish_log_heads is 'Publishes the head of every day that is over and had acts; answers the new ones.';
grant execute on function public.publish_log_heads to service_role;
