-- Persons and notes: the safety message board and person finder, in the words of PFIF 1.4 (zesty.ca/pfif/1.4).
-- A person is a near-fixed identity, notes are append-only, status and place are derived from notes.
-- What may be shown stands in persons and notes; contact details, exact places, birth dates and the hashes of
-- secret links stand one-to-one in *_secrets, which no view touches.

create type app.posted_as as enum ('me', 'seeking', 'informing', 'imported');
create type app.note_status as enum (
  'information_sought', 'is_note_author', 'believed_alive', 'believed_missing', 'believed_dead'
);

create table app.persons (
  id uuid primary key default gen_random_uuid(),
  record_id text not null unique,
  event_id uuid not null references app.events on delete restrict,
  posted_as app.posted_as not null,
  full_name text not null,
  given_name text,
  family_name text,
  alternate_names text[] not null default '{}',
  sex text,
  age_from smallint,
  age_to smallint,
  minor boolean not null default false,
  home_city text,
  home_state text,
  home_country text,
  description text,
  author_name text,
  source_name text,
  source_url text,
  source_date timestamptz not null,
  entry_date timestamptz not null default now(),
  expiry_date timestamptz not null,
  expiry_days smallint not null default 60,
  is_clone boolean not null default false,
  visibility app.visibility not null,
  publication app.publication not null default 'published',
  softened_at timestamptz,
  photo_id uuid,
  -- derived from the published notes by app.derive_person
  status app.note_status,
  status_date timestamptz,
  status_by app.note_source,
  self_status_date timestamptz,
  needs text[] not null default '{}',
  last_known_location text,
  position point,
  precision_m integer,
  note_count integer not null default 0,
  freshest_at timestamptz not null,
  -- computed by app/names when the record is written
  name_keys text[] not null default '{}',
  version integer not null default 1,
  constraint persons_record_ids_name_a_domain check (record_id ~ '^[^/[:space:]]{1,255}/.{1,255}$'),
  constraint persons_cannot_be_nameless check (publication = 'placeholder' or full_name ~ '[^[:space:]]'),
  constraint persons_names_cannot_be_endless check (char_length(full_name) <= 400),
  constraint persons_cannot_have_many_other_names check (
    cardinality(alternate_names) <= 20 and octet_length(alternate_names::text) <= 40000
  ),
  constraint persons_details_cannot_be_endless check (
    char_length(given_name) <= 500 and char_length(family_name) <= 500 and char_length(author_name) <= 500
    and char_length(home_city) <= 500 and char_length(home_state) <= 500
    and char_length(source_name) <= 500 and char_length(source_url) <= 2000
  ),
  constraint persons_descriptions_cannot_be_endless check (char_length(description) <= 10000),
  constraint persons_sex_is_a_pfif_word check (sex in ('female', 'male', 'other')),
  constraint persons_cannot_show_an_exact_age check (
    num_nulls(age_from, age_to) = 2
    or num_nulls(age_from, age_to) = 0 and age_from between 0 and 130 and age_to between age_from + 4 and 150
  ),
  constraint persons_countries_are_iso_codes check (home_country ~ '^[A-Z]{2}$'),
  constraint persons_cannot_stay_longer_than_a_year check (expiry_days between 1 and 360),
  constraint persons_cannot_carry_endless_keys check (cardinality(name_keys) <= 400)
)
-- Room on each page for what is derived from the next note: a row that stays on its page stays in its indexes.
with (fillfactor = 90);
comment on table app.persons is 'One row a person as somebody described them. Public columns only; see person_secrets.';
comment on column app.persons.name_keys is 'Spellings and sounds the name can be found by (app/names); never shown.';
comment on column app.persons.softened_at is 'Since when somebody objects (this is me, not missing, remove): details are withheld until a person decides.';

create index persons_board_idx on app.persons (freshest_at desc, id desc)
  where publication = 'published' and visibility = 'public';
create index persons_event_board_idx on app.persons (event_id, freshest_at desc, id desc)
  where publication = 'published' and visibility = 'public';
create index persons_event_status_idx on app.persons (event_id, status, freshest_at desc, id desc)
  where publication = 'published' and visibility = 'public';
create index persons_status_board_idx on app.persons (status, freshest_at desc, id desc)
  where publication = 'published' and visibility = 'public';
create index persons_country_board_idx on app.persons (home_country, freshest_at desc, id desc)
  where publication = 'published' and visibility = 'public';
create index persons_entry_idx on app.persons (entry_date, id);
-- Not `<> 'placeholder'`: behind the policies the planner knows no frequencies, takes that for no row at all where nearly
-- every row is published, and reads this whole index to answer a question by id.
create index persons_expiry_idx on app.persons (expiry_date) where publication in ('published', 'held', 'hidden');
-- Without a list of pending keys: no search pays for what others have just posted, and no post for the whole list.
create index persons_name_keys_idx on app.persons using gin (name_keys) with (fastupdate = off);

create table app.person_secrets (
  person_id uuid primary key references app.persons on delete cascade,
  author_email text,
  author_phone text,
  exact_age smallint,
  birth_year smallint,
  date_of_birth text,
  home_street text,
  home_neighborhood text,
  home_postal_code text,
  exact_position point,
  manage_hash bytea,
  view_hash bytea,
  language text not null default 'zh-TW',
  constraint person_secrets_emails_cannot_be_endless check (char_length(author_email) <= 254),
  constraint person_secrets_phones_cannot_be_endless check (char_length(author_phone) <= 40),
  constraint person_secrets_addresses_cannot_be_endless check (
    char_length(home_street) <= 500 and char_length(home_neighborhood) <= 500 and char_length(home_postal_code) <= 500
    and char_length(date_of_birth) <= 10
  ),
  constraint person_secrets_birth_years_are_plausible check (birth_year between 1880 and 2200)
);
comment on table app.person_secrets is 'Contact details, exact facts and the hashes of secret links. Staff and commands only.';

create table app.person_known_keys (
  key_hash bytea not null,
  person_id uuid not null references app.persons on delete cascade,
  primary key (key_hash, person_id)
);
create index person_known_keys_person_id_idx on app.person_known_keys (person_id);
comment on table app.person_known_keys is
  'Proofs that somebody knows the person: HMAC of the whole name (any spelling) and a second fact.';

create table app.notes (
  id uuid primary key default gen_random_uuid(),
  record_id text not null unique,
  person_id uuid not null references app.persons on delete cascade,
  linked_person_record_id text,
  status app.note_status,
  text text not null default '',
  needs text[] not null default '{}',
  last_known_location text,
  position point,
  precision_m integer,
  author_made_contact boolean,
  author_name text,
  source app.note_source not null,
  source_date timestamptz not null,
  entry_date timestamptz not null default now(),
  publication app.publication not null default 'published',
  is_clone boolean not null default false,
  photo_url text,
  constraint notes_record_ids_name_a_domain check (record_id ~ '^[^/[:space:]]{1,255}/.{1,255}$'),
  constraint notes_texts_cannot_be_endless check (char_length(text) <= 10000),
  constraint notes_places_cannot_be_endless check (char_length(last_known_location) <= 600),
  constraint notes_details_cannot_be_endless check (char_length(author_name) <= 500 and char_length(photo_url) <= 2000),
  constraint notes_needs_are_known_words check (
    needs <@ array['injured', 'money', 'papers', 'stranded', 'shelter', 'other']
  ),
  constraint notes_positions_lie_on_earth check (position[0] between -180 and 180 and position[1] between -90 and 90)
);
comment on table app.notes is 'What somebody said about a person, and when. Append-only: a correction is another note.';
create index notes_person_id_source_date_idx on app.notes (person_id, source_date desc, entry_date desc);
create index notes_entry_idx on app.notes (entry_date, id);

create table app.note_secrets (
  note_id uuid primary key references app.notes on delete cascade,
  author_email text,
  author_phone text,
  email_of_found_person text,
  phone_of_found_person text,
  exact_position point,
  constraint note_secrets_emails_cannot_be_endless check (
    char_length(author_email) <= 254 and char_length(email_of_found_person) <= 254
  ),
  constraint note_secrets_phones_cannot_be_endless check (
    char_length(author_phone) <= 40 and char_length(phone_of_found_person) <= 40
  )
);
comment on table app.note_secrets is 'Contact details of who wrote a note. Staff and commands only.';

create table app.photos (
  id uuid primary key,
  person_id uuid not null references app.persons on delete cascade,
  publication app.publication not null default 'published',
  width integer not null,
  height integer not null,
  bytes bytea,
  path text,
  created_at timestamptz not null default now(),
  constraint photos_are_small check (octet_length(bytes) <= 400000),
  constraint photos_have_one_home check (num_nonnulls(bytes, path) = 1)
);
create index photos_person_id_idx on app.photos (person_id);
comment on table app.photos is
  'Photos as they are kept: re-encoded, no EXIF, bounded size. path is set where Supabase Storage holds the bytes.';
alter table app.persons add constraint persons_photo_id_fkey foreign key (photo_id) references app.photos (id) on delete set null;
create index persons_photo_id_idx on app.persons (photo_id) where photo_id is not null;

create table app.sealed_persons (
  person_id uuid primary key references app.persons on delete cascade,
  record jsonb not null,
  reason text not null,
  sealed_at timestamptz not null default now(),
  wipe_at timestamptz not null,
  constraint sealed_persons_reasons_are_known check (reason in ('deleted', 'expired', 'removed'))
);
create index sealed_persons_wipe_at_idx on app.sealed_persons (wipe_at);
comment on table app.sealed_persons is
  'What was there before a record was deleted or ran out, kept sealed until it may no longer be restored.';

create table app.suppressions (
  record_id text primary key,
  reason text not null,
  created_at timestamptz not null default now()
);
comment on table app.suppressions is 'A deleted record leaves its id here, so that an import cannot bring it back.';

create table app.queue_items (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  severity smallint not null,
  person_id uuid references app.persons on delete cascade,
  note_id uuid references app.notes on delete cascade,
  photo_id uuid references app.photos on delete cascade,
  reason text,
  text text,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decision text,
  decided_by text,
  decision_reason text,
  constraint queue_items_kinds_are_known check (
    kind in ('needs_help', 'death_report', 'objection', 'photo_of_minor', 'looks_automatic', 'report')
  ),
  constraint queue_items_severities_are_ranked check (severity between 1 and 5),
  constraint queue_items_decisions_name_a_person_and_a_reason check (
    (decided_at is null and decision is null)
    or (
      decided_at is not null and coalesce(decision, '') in ('accept', 'refuse')
      and coalesce(btrim(decided_by), '') <> '' and coalesce(btrim(decision_reason), '') <> ''
    )
  )
);
comment on table app.queue_items is 'What waits for a person''s decision, and what was decided. The moderation queue is a page over this table.';
create index queue_items_waiting_idx on app.queue_items (severity, created_at) where decided_at is null;
create index queue_items_person_id_idx on app.queue_items (person_id);
create index queue_items_note_id_idx on app.queue_items (note_id);
create index queue_items_photo_id_idx on app.queue_items (photo_id);

alter table app.persons enable row level security;
alter table app.person_secrets enable row level security;
alter table app.person_known_keys enable row level security;
alter table app.notes enable row level security;
alter table app.note_secrets enable row level security;
alter table app.photos enable row level security;
alter table app.sealed_persons enable row level security;
alter table app.suppressions enable row level security;
alter table app.queue_items enable row level security;

create policy "Everybody reads published public persons" on app.persons for select to anon, authenticated
  using (publication = 'published' and visibility = 'public' and expiry_date > now());
create policy "Everybody reads placeholders, which hold ids and dates alone" on app.persons for select to anon, authenticated
  using (publication = 'placeholder' and visibility = 'public');
create policy "Everybody reads published notes of persons they may read" on app.notes for select to anon, authenticated
  using (publication = 'published' and person_id in (
    select p.id from app.persons p
    where p.id = person_id and p.publication = 'published' and p.softened_at is null
  ));
create policy "Everybody reads published photos of persons they may read" on app.photos for select to anon, authenticated
  using (publication = 'published' and person_id in (
    select p.id from app.persons p
    where p.id = person_id and p.publication = 'published' and p.softened_at is null
  ));
-- No policy on secrets, known keys, sealed persons, suppressions and the queue: visitors never read them.
-- No insert, update or delete for visitors anywhere: posting goes through the commands of service_role.

grant select (
  id, record_id, event_id, posted_as, full_name, given_name, family_name, alternate_names, sex, age_from, age_to, minor,
  home_city, home_state, home_country, description, author_name, source_name, source_url, source_date, entry_date,
  expiry_date, is_clone, visibility, publication, softened_at, photo_id, status, status_date, status_by,
  self_status_date, needs, last_known_location, position, precision_m, note_count, freshest_at, version
) on app.persons to anon, authenticated;
grant select on app.notes to anon, authenticated;
grant select (id, person_id, publication, width, height, bytes, path) on app.photos to anon, authenticated;
grant select, insert, update, delete on
  app.persons, app.person_secrets, app.person_known_keys, app.notes, app.note_secrets, app.photos,
  app.sealed_persons, app.suppressions, app.queue_items
to service_role;

-- Status and place follow from the published notes: the newest source_date wins, so a back-dated note never overrides.
create function app.derive_person(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_status app.notes;
  v_self app.notes;
  v_place app.notes;
  v_count integer;
  v_newest timestamptz;
  v_sign timestamptz;
begin
  select * into v_status from app.notes
  where person_id = p_id and publication = 'published' and status is not null
  order by source_date desc, entry_date desc limit 1;
  select * into v_self from app.notes
  where person_id = p_id and publication = 'published' and status = 'is_note_author' and source = 'self'
  order by source_date desc, entry_date desc limit 1;
  select * into v_place from app.notes
  where person_id = p_id and publication = 'published' and (last_known_location is not null or position is not null)
  order by source_date desc, entry_date desc limit 1;
  select count(*), max(source_date),
         max(source_date) filter (where status in ('is_note_author', 'believed_alive'))
  into v_count, v_newest, v_sign
  from app.notes where person_id = p_id and publication = 'published';
  update app.persons p set
    status = d.status, status_date = d.status_date, status_by = d.status_by, self_status_date = d.self_status_date,
    needs = d.needs, last_known_location = d.last_known_location, position = d.position, precision_m = d.precision_m,
    note_count = d.note_count, freshest_at = d.freshest_at, expiry_date = d.expiry_date
  from (
    select t.id, v_status.status, v_status.source_date as status_date, v_status.source as status_by,
           v_self.source_date as self_status_date, coalesce(v_self.needs, '{}') as needs, v_place.last_known_location,
           case when not t.minor then v_place.position end as position,
           case when not t.minor then v_place.precision_m end as precision_m,
           v_count as note_count, greatest(t.source_date, v_newest) as freshest_at,
           case when t.is_clone then t.expiry_date
             else greatest(t.expiry_date, v_sign + make_interval(days => t.expiry_days)) end as expiry_date
    from app.persons t where t.id = p_id and t.publication <> 'placeholder'
  ) d
  -- Nothing new costs nothing. A point can only be compared as text.
  where p.id = d.id
    and (p.status, p.status_date, p.status_by, p.self_status_date, p.needs, p.last_known_location, p.position::text,
         p.precision_m, p.note_count, p.freshest_at, p.expiry_date)
      is distinct from
        (d.status, d.status_date, d.status_by, d.self_status_date, d.needs, d.last_known_location, d.position::text,
         d.precision_m, d.note_count, d.freshest_at, d.expiry_date);
end
$$;
grant execute on function app.derive_person to service_role;

create function app.tg_notes__derive_person() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform app.derive_person(c.person_id) from (select distinct person_id from changed) c;
  return null;
end
$$;
create trigger _500_derive_person_insert after insert on app.notes
  referencing new table as changed for each statement execute function app.tg_notes__derive_person();
create trigger _500_derive_person_update after update on app.notes
  referencing new table as changed for each statement execute function app.tg_notes__derive_person();

create function app.tg_notes__append_only() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- What staff decide about a note (publication, source) is not a change of what was said.
  if not old.is_clone
     and (to_jsonb(new) - array['publication', 'source', 'entry_date'])
       is distinct from (to_jsonb(old) - array['publication', 'source', 'entry_date']) then
    raise exception 'notes_are_append_only' using errcode = 'PT409';
  end if;
  return new;
end
$$;
create trigger _100_append_only before update on app.notes
  for each row execute function app.tg_notes__append_only();

-- One shape of a person for every reader: pages, API, PFIF and the commands. Who sees which row is decided by RLS,
-- what a softened or hidden record shows is decided here.
create view app.person_cards with (security_invoker = true) as
select p.id, p.record_id, e.slug as event, e.drill, e.invented, p.posted_as, p.full_name,
       p.given_name, p.family_name,
       case when p.softened_at is null then p.alternate_names else '{}' end as alternate_names,
       case when p.softened_at is null then p.sex end as sex,
       case when p.softened_at is null then p.age_from end as age_from,
       case when p.softened_at is null then p.age_to end as age_to,
       p.minor,
       case when p.softened_at is null then p.home_country end as home_country,
       case when p.softened_at is null then p.home_city end as home_city,
       case when p.softened_at is null then p.home_state end as home_state,
       case when p.softened_at is null then p.description end as description,
       case when p.softened_at is null then p.author_name end as author_name,
       case when p.softened_at is null then p.source_name end as source_name,
       case when p.softened_at is null then p.source_url end as source_url,
       p.source_date, p.entry_date, p.expiry_date, p.is_clone, p.visibility, p.publication,
       p.softened_at is not null as softened,
       case when p.softened_at is null then p.photo_id end as photo_id,
       p.status, p.status_date, p.status_by, p.self_status_date,
       case when p.softened_at is null then p.needs else '{}' end as needs,
       case when p.softened_at is null then p.last_known_location end as last_known_location,
       case when p.softened_at is null then p.position[1] end as lat,
       case when p.softened_at is null then p.position[0] end as lon,
       case when p.softened_at is null then p.precision_m end as precision_m,
       p.note_count, p.freshest_at, p.version
from app.persons p
join app.events e on e.id = p.event_id;
grant select on app.person_cards to anon, authenticated, service_role;

create view public.persons with (security_invoker = true) as
select * from app.person_cards where publication = 'published' and visibility = 'public';
comment on view public.persons is 'Published public persons. A softened record shows its name and status alone.';
grant select on public.persons to anon, authenticated;

create view public.placeholders with (security_invoker = true) as
select p.id, p.record_id, p.source_date, p.entry_date, p.expiry_date, p.is_clone
from app.persons p
join app.events e on e.id = p.event_id
where p.publication = 'placeholder' and not e.drill;
comment on view public.placeholders is 'What remains of a deleted or expired public record (PFIF 1.4, data expiry): ids and dates.';
grant select on public.placeholders to anon, authenticated;

create view public.notes with (security_invoker = true) as
select n.id, n.record_id, n.person_id, p.record_id as person_record_id, n.linked_person_record_id, n.status, n.text, n.needs,
       n.last_known_location,
       case when not p.minor then n.position[1] end as lat,
       case when not p.minor then n.position[0] end as lon,
       case when not p.minor then n.precision_m end as precision_m,
       n.author_made_contact, n.author_name, n.source, n.source_date, n.entry_date, n.is_clone, e.drill, e.invented
from app.notes n
join app.persons p on p.id = n.person_id
join app.events e on e.id = p.event_id
where n.publication = 'published' and p.publication = 'published' and p.visibility = 'public';
grant select on public.notes to anon, authenticated;

create function public.person_photo(p_id uuid) returns table (content text, path text)
language sql stable set search_path = '' as $$
  select encode(f.bytes, 'base64'), f.path from app.photos f where f.id = p_id
$$;
comment on function public.person_photo is 'A published photo as base64 JPEG, or its path in storage. RLS decides whether the caller sees it.';
revoke execute on function public.person_photo from public;
grant execute on function public.person_photo to anon, authenticated;

create function public.event_counts() returns table (event text, status app.note_status, needs_help boolean, persons bigint)
language sql stable set search_path = '' as $$
  select c.event, c.status, cardinality(c.needs) > 0, count(*)
  from public.persons c group by 1, 2, 3
$$;
comment on function public.event_counts is 'How many public persons stand under each event, by status. Round before showing.';
revoke execute on function public.event_counts from public;
grant execute on function public.event_counts to anon, authenticated;

-- Pages of the board go around RLS like the search below, and for the same reason: behind a policy the planner knows
-- neither how many rows a filter leaves nor which event is meant, and would walk the whole board for a small event.
create function app.find_page(
  p_event text, p_status app.note_status, p_country text, p_before timestamptz, p_before_id uuid, p_limit integer
) returns table (person_id uuid)
language plpgsql stable security definer rows 30 set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_event uuid := (select e.id from app.events e where e.slug = p_event);
  v_drills uuid[] := array(select e.id from app.events e where e.drill);
begin
  return query
    select p.id from app.persons p
    where p.publication = 'published' and p.visibility = 'public' and p.expiry_date > now()
      and (p_event is null and p.event_id <> all (v_drills) or p.event_id = v_event)
      and (p_status is null or p.status = p_status)
      and (p_country is null or p.home_country = p_country)
      and (p_before is null or (p.freshest_at, p.id) < (p_before, p_before_id))
    order by p.freshest_at desc, p.id desc
    limit p_limit;
end
$$;
revoke execute on function app.find_page from public;
grant execute on function app.find_page to anon, authenticated, service_role;

create function public.list_persons(
  p_event text, p_status app.note_status, p_country text, p_before timestamptz, p_before_id uuid, p_limit integer
) returns setof public.persons
language sql stable set search_path = '' as $$
  select c.* from app.find_page(p_event, p_status, p_country, p_before, p_before_id, least(p_limit, 1000)) f
  join public.persons c on c.id = f.person_id
  order by c.freshest_at desc, c.id desc
$$;
comment on function public.list_persons is
  'Public persons, freshest first: those after the one with this freshest_at and id, or from the top. Drills only by their own slug.';
revoke execute on function public.list_persons from public;
grant execute on function public.list_persons to anon, authenticated;

create function public.count_persons(p_event text, p_status app.note_status, p_country text, p_at_most integer) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from app.find_page(p_event, p_status, p_country, null, null, least(p_at_most, 10000))
$$;
comment on function public.count_persons is 'How many public persons a filter leaves, counted no further than p_at_most.';
revoke execute on function public.count_persons from public;
grant execute on function public.count_persons to anon, authenticated;

-- Finding goes around RLS because a policy keeps the planner from using the index of name keys (array operators are
-- not leakproof). It is safe: the same rule as the policy stands in the query, and it gives ids alone, which the
-- caller then reads through the view and its policies.
-- Its cost must not grow with the board. The planner cannot tell how rare a list of keys is and would read whole boards
-- instead, so `named` leaves it the index of name keys alone. Of a name that thousands share, v_enough are taken as they
-- lie, and beside them all that are among the newest on the board: whoever looks for 陳 alone sees what is new.
create function app.find_candidates(
  p_keys jsonb, p_event text, p_status app.note_status, p_country text, p_limit integer
) returns table (person_id uuid)
language plpgsql stable security definer rows 30 set search_path = '' set plan_cache_mode = 'force_custom_plan'
set enable_seqscan = off set jit = off as $$
declare
  whole text[] := app.text_array(p_keys -> 'whole');
  is_whole boolean := cardinality(whole) > 0;
  n integer := case when is_whole then 1 else coalesce(jsonb_array_length(p_keys -> 'words'), 0) end;
  w1 text[] := case when is_whole then whole else app.text_array(p_keys -> 'words' -> 0) end;
  w2 text[] := app.text_array(p_keys -> 'words' -> 1);
  w3 text[] := app.text_array(p_keys -> 'words' -> 2);
  w4 text[] := app.text_array(p_keys -> 'words' -> 3);
  w5 text[] := app.text_array(p_keys -> 'words' -> 4);
  v_event uuid := (select e.id from app.events e where e.slug = p_event);
  v_drills uuid[] := array(select e.id from app.events e where e.drill);
  v_enough constant integer := 1000;
  -- Every row looked at is compared with every key: with the long lists of mistyped names the newest would cost too much.
  v_few_keys boolean := cardinality(w1 || w2 || w3 || w4 || w5) <= 40;
begin
  if n = 0 then
    return;
  end if;
  return query
    with named as materialized (
      select p.id, p.freshest_at, p.publication, p.visibility, p.expiry_date, p.event_id, p.status, p.home_country
      from app.persons p
      where p.name_keys && w1
        and (n < 2 or p.name_keys && w2)
        and (n < 3 or p.name_keys && w3)
        and (n < 4 or p.name_keys && w4)
        and (n < 5 or p.name_keys && w5)
    ), taken as materialized (
      select p.id, p.freshest_at from named p
      where p.publication = 'published' and p.visibility = 'public' and p.expiry_date > now()
        and (p_event is null and p.event_id <> all (v_drills) or p.event_id = v_event)
        and (p_status is null or p.status = p_status)
        and (p_country is null or p.home_country = p_country)
      limit v_enough
    ), newest as (
      select p.id, p.freshest_at
      from (
        select b.* from app.persons b
        where b.publication = 'published' and b.visibility = 'public'
        order by b.freshest_at desc limit v_enough
      ) p
      where v_few_keys and (select count(*) from taken) = v_enough
        and p.name_keys && w1
        and (n < 2 or p.name_keys && w2)
        and (n < 3 or p.name_keys && w3)
        and (n < 4 or p.name_keys && w4)
        and (n < 5 or p.name_keys && w5)
        and p.expiry_date > now()
        and (p_event is null and p.event_id <> all (v_drills) or p.event_id = v_event)
        and (p_status is null or p.status = p_status)
        and (p_country is null or p.home_country = p_country)
    )
    select f.id from (select * from taken union select * from newest) f
    order by f.freshest_at desc
    limit least(p_limit, 300);
end
$$;
revoke execute on function app.find_candidates from public;
grant execute on function app.find_candidates to anon, authenticated, service_role;

create function public.search_persons(
  p_keys jsonb, p_event text, p_status app.note_status, p_country text, p_limit integer
) returns setof public.persons
language sql stable set search_path = '' as $$
  select c.* from app.find_candidates(p_keys, p_event, p_status, p_country, p_limit) f
  join public.persons c on c.id = f.person_id
$$;
comment on function public.search_persons is
  'Public persons that share a whole-name key, or for every word one of its keys: p_keys is {"whole": [...]} or {"words": [[...], ...]} (app/names searchKeys). An approximate set, bounded; the caller ranks it. Nothing is found without a name.';
revoke execute on function public.search_persons from public;
grant execute on function public.search_persons to anon, authenticated;

-- Where there is a Supabase Storage, photos go there; nobody but the server reads the bucket.
do $$
begin
  if to_regclass('storage.buckets') is not null then
    insert into storage.buckets (id, name, public) values ('photos', 'photos', false) on conflict do nothing;
  end if;
end
$$;
