-- Records of other registries come in as clones (PFIF 1.4): they keep the id and domain of their home, only a newer
-- source_date changes them, a placeholder from home empties them, and nobody abroad may speak for our own ids.

create table app.pfif_keys (
  key_hash bytea primary key,
  domain text not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint pfif_keys_domains_are_host_names check (domain ~ '^[a-z0-9.-]{1,253}$')
);
comment on table app.pfif_keys is 'Registries that may write to /pfif/write, each for ids of its own domain.';
alter table app.pfif_keys enable row level security;
-- No policy: keys are for the commands alone.
grant select, insert, update, delete on app.pfif_keys to service_role;

create function public.import_pfif(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_event uuid := (select id from app.events where slug = coalesce(p ->> 'event', 'everyday'));
  -- Host names know no capitals: no spelling of our own may slip through.
  v_own text := lower(p ->> 'own_domain');
  v_only text := lower(p ->> 'only_domain');
  v_emptied uuid[];
  v_id uuid;
  v_persons jsonb;
  v_notes jsonb;
begin
  if v_event is null then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;

  with input as (
    select x.*, lower(split_part(x.record_id, '/', 1)) as domain,
           row_number() over (partition by x.record_id order by x.source_date desc, x.n desc) as nth
    from jsonb_to_recordset(p -> 'persons') as x (
      n integer, record_id text, placeholder boolean, full_name text, given_name text, family_name text,
      alternate_names jsonb, sex text, age_from smallint, age_to smallint, minor boolean,
      home_city text, home_state text, home_country text, description text, author_name text, author_email text,
      author_phone text, date_of_birth text, home_street text, home_neighborhood text, home_postal_code text,
      source_name text, source_url text, source_date timestamptz, expiry_date timestamptz, name_keys jsonb
    )
  ), judged as (
    select i.*, o.id as present,
      case
        when s.record_id is not null then 'suppressed'
        when i.domain = v_own then 'own_domain'
        when v_only is not null and i.domain <> v_only then 'other_domain'
        when o.id is not null and not o.is_clone then 'own_domain'
        when i.nth > 1 then 'older_duplicate'
        when o.id is not null and o.source_date >= i.source_date then 'unchanged'
        when i.placeholder then 'emptied'
        when i.expiry_date <= now() then 'expired'
        when o.id is null then 'created'
        else 'updated'
      end as outcome
    from input i
    left join app.suppressions s on s.record_id = i.record_id
    left join app.persons o on o.record_id = i.record_id
  ), said as (
    -- What deriving from the notes below will come to: a row that has it from the start need not be written twice.
    select x.person_record_id, count(*) as notes, max(x.source_date) as newest,
           (array_agg(x.status order by x.source_date desc) filter (where x.status is not null))[1] as status,
           max(x.source_date) filter (where x.status is not null) as status_date,
           (array_agg(x.last_known_location order by x.source_date desc) filter (where x.last_known_location is not null))[1] as place
    from jsonb_to_recordset(p -> 'notes') as x (
      person_record_id text, status app.note_status, source_date timestamptz, last_known_location text
    )
    where x.status is distinct from 'believed_dead'
    group by x.person_record_id
  ), written as (
    insert into app.persons as t (
      record_id, event_id, posted_as, full_name, given_name, family_name, alternate_names, sex, age_from, age_to, minor,
      home_city, home_state, home_country, description, author_name, source_name, source_url, source_date, expiry_date,
      is_clone, visibility, publication, status, status_date, status_by, last_known_location, note_count, freshest_at, name_keys
    )
    select j.record_id, v_event, 'imported', case when j.placeholder then '' else j.full_name end,
           left(j.given_name, 500), left(j.family_name, 500),
           app.text_array(j.alternate_names), j.sex, j.age_from, j.age_to, coalesce(j.minor, false),
           left(j.home_city, 500), left(j.home_state, 500), j.home_country, j.description, left(j.author_name, 500),
           left(j.source_name, 500), case when char_length(j.source_url) <= 2000 then j.source_url end, j.source_date,
           coalesce(j.expiry_date, now() + interval '60 days'), true, 'public',
           (case when j.placeholder then 'placeholder' else 'published' end)::app.publication,
           said.status, said.status_date, (case when said.status is not null then 'third_party' end)::app.note_source, said.place,
           coalesce(said.notes, 0), greatest(j.source_date, said.newest), app.text_array(j.name_keys)
    from judged j left join said on said.person_record_id = j.record_id and j.outcome = 'created'
    where j.outcome in ('created', 'updated', 'emptied')
    on conflict (record_id) do update set
      full_name = excluded.full_name, given_name = excluded.given_name, family_name = excluded.family_name,
      alternate_names = excluded.alternate_names, sex = excluded.sex, age_from = excluded.age_from, age_to = excluded.age_to,
      minor = excluded.minor, home_city = excluded.home_city, home_state = excluded.home_state,
      home_country = excluded.home_country, description = excluded.description, author_name = excluded.author_name,
      source_name = excluded.source_name, source_url = excluded.source_url, source_date = excluded.source_date,
      expiry_date = excluded.expiry_date, publication = excluded.publication, name_keys = excluded.name_keys,
      freshest_at = greatest(t.freshest_at, excluded.source_date), entry_date = now(), version = t.version + 1
    where t.is_clone
    returning t.id, t.record_id, t.publication
  ), secrets as (
    insert into app.person_secrets as t (person_id, author_email, author_phone, date_of_birth, home_street, home_neighborhood, home_postal_code)
    select w.id, j.author_email, j.author_phone, j.date_of_birth,
           left(j.home_street, 500), left(j.home_neighborhood, 500), left(j.home_postal_code, 500)
    from written w join judged j on j.record_id = w.record_id and j.nth = 1
    where w.publication = 'published'
    on conflict (person_id) do update set
      author_email = excluded.author_email, author_phone = excluded.author_phone, date_of_birth = excluded.date_of_birth,
      home_street = excluded.home_street, home_neighborhood = excluded.home_neighborhood, home_postal_code = excluded.home_postal_code
  )
  select coalesce(jsonb_agg(jsonb_build_object('n', j.n, 'outcome', j.outcome)), '[]') into v_persons from judged j;

  -- What a placeholder from home empties goes for good: nothing about it has another reason to stay.
  v_emptied := array(
    select t.id from app.persons t, jsonb_to_recordset(p -> 'persons') as x (record_id text, placeholder boolean)
    where x.placeholder and t.record_id = x.record_id and t.is_clone and t.publication = 'placeholder'
  );
  if cardinality(v_emptied) > 0 then
    delete from app.person_secrets where person_id = any (v_emptied);
    delete from app.queue_items where person_id = any (v_emptied);
    delete from app.notes where person_id = any (v_emptied);
    delete from app.photos where person_id = any (v_emptied);
    delete from app.relay_threads where person_id = any (v_emptied);
    delete from app.follows where person_id = any (v_emptied);
    delete from app.sealed_persons where person_id = any (v_emptied);
    update app.persons set
      status = null, status_date = null, status_by = null, self_status_date = null, needs = '{}', last_known_location = null,
      position = null, precision_m = null, note_count = 0, photo_id = null, softened_at = null
    where id = any (v_emptied);
  end if;
  -- A record that ran out here and that its home has renewed lives again: what was sealed must not be wiped later.
  for v_id in
    delete from app.sealed_persons z using app.persons t, jsonb_to_recordset(p -> 'persons') as x (record_id text)
    where t.record_id = x.record_id and t.is_clone and t.publication = 'published' and z.person_id = t.id
    returning t.id
  loop
    perform app.derive_person(v_id);
  end loop;

  with input as (
    select x.*, lower(split_part(x.record_id, '/', 1)) as domain,
           row_number() over (partition by x.record_id order by x.source_date desc, x.n desc) as nth
    from jsonb_to_recordset(p -> 'notes') as x (
      n integer, record_id text, person_record_id text, linked_person_record_id text, status app.note_status, text text,
      last_known_location text, author_made_contact boolean, author_name text, author_email text, author_phone text,
      email_of_found_person text, phone_of_found_person text, source_date timestamptz, photo_url text
    )
  ), judged as (
    select i.*, t.id as person_id,
      case
        when i.domain = v_own then 'own_domain'
        when v_only is not null and i.domain <> v_only then 'other_domain'
        -- A record that is not for everybody answers like one that is not there.
        when t.id is null or t.publication <> 'published' or t.visibility <> 'public' then 'person_unknown'
        when o.id is not null and (not o.is_clone or o.person_id <> t.id) then 'own_domain'
        when i.nth > 1 then 'older_duplicate'
        when o.id is not null and o.source_date >= i.source_date then 'unchanged'
        when o.id is null then 'created'
        else 'updated'
      end as outcome
    from input i
    left join app.persons t on t.record_id = i.person_record_id
    left join app.notes o on o.record_id = i.record_id
  ), written as (
    insert into app.notes as t (
      record_id, person_id, linked_person_record_id, status, text, last_known_location, author_made_contact, author_name,
      source, source_date, publication, is_clone, photo_url
    )
    select j.record_id, j.person_id, nullif(j.linked_person_record_id, j.person_record_id), j.status, coalesce(j.text, ''), j.last_known_location,
           j.author_made_contact, left(j.author_name, 500), 'third_party', j.source_date,
           (case when j.status = 'believed_dead' then 'held' else 'published' end)::app.publication, true,
           case when char_length(j.photo_url) <= 2000 then j.photo_url end
    from judged j where j.outcome in ('created', 'updated')
    on conflict (record_id) do update set
      linked_person_record_id = excluded.linked_person_record_id, status = excluded.status, text = excluded.text,
      last_known_location = excluded.last_known_location, author_made_contact = excluded.author_made_contact,
      author_name = excluded.author_name, source = excluded.source, source_date = excluded.source_date,
      publication = excluded.publication, photo_url = excluded.photo_url, entry_date = now()
    where t.is_clone
    returning t.id, t.record_id, t.person_id, t.publication, t.text
  ), secrets as (
    insert into app.note_secrets as t (note_id, author_email, author_phone, email_of_found_person, phone_of_found_person)
    select w.id, j.author_email, j.author_phone,
           case when char_length(j.email_of_found_person) <= 254 then j.email_of_found_person end,
           case when char_length(j.phone_of_found_person) <= 40 then j.phone_of_found_person end
    from written w join judged j on j.record_id = w.record_id and j.nth = 1
    where num_nonnulls(j.author_email, j.author_phone, j.email_of_found_person, j.phone_of_found_person) > 0
    on conflict (note_id) do update set
      author_email = excluded.author_email, author_phone = excluded.author_phone,
      email_of_found_person = excluded.email_of_found_person, phone_of_found_person = excluded.phone_of_found_person
  ), queued as (
    insert into app.queue_items (kind, severity, person_id, note_id, text)
    select 'death_report', 2, w.person_id, w.id, w.text from written w where w.publication = 'held'
  )
  select coalesce(jsonb_agg(jsonb_build_object('n', j.n, 'outcome', j.outcome)), '[]') into v_notes from judged j;

  -- Where none of its notes came in after all, nothing was derived yet.
  perform app.derive_person(t.id) from app.persons t
  where t.record_id in (select x.record_id from jsonb_to_recordset(p -> 'persons') as x (record_id text))
    and t.is_clone
    and t.note_count <> (select count(*) from app.notes n where n.person_id = t.id and n.publication = 'published');

  if exists (select from app.follows) then
    perform app.tell_followers(n) from app.notes n
    where n.entry_date = now() and n.is_clone and n.publication = 'published'
      and n.record_id in (select x.record_id from jsonb_to_recordset(p -> 'notes') as x (record_id text));
  end if;
  return jsonb_build_object('persons', v_persons, 'notes', v_notes);
end
$$;
comment on function public.import_pfif is
  'Takes persons and notes of other registries: {event, own_domain, only_domain, persons[], notes[]}, each with n. Answers n and outcome for each: created, updated, unchanged, emptied, or why it was refused (suppressed, own_domain, other_domain, expired, older_duplicate, person_unknown). Safe to repeat.';
revoke execute on function public.import_pfif from public;
grant execute on function public.import_pfif to service_role;

create function public.pfif_key(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if p ->> 'act' = 'add' then
    insert into app.pfif_keys (key_hash, domain, name) values (app.hash_of(p ->> 'key_hash'), p ->> 'domain', p ->> 'name');
  elsif p ->> 'act' = 'remove' then
    delete from app.pfif_keys where domain = p ->> 'domain';
  elsif p ->> 'act' = 'check' then
    return (select jsonb_build_object('domain', k.domain) from app.pfif_keys k where k.key_hash = app.hash_of(p ->> 'key_hash'));
  end if;
  return (select coalesce(jsonb_agg(jsonb_build_object('domain', k.domain, 'name', k.name, 'created_at', k.created_at)), '[]') from app.pfif_keys k);
end
$$;
comment on function public.pfif_key is 'Adds, removes, checks or lists the keys of registries that may write by PFIF.';
revoke execute on function public.pfif_key from public;
grant execute on function public.pfif_key to service_role;
