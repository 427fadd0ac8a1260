-- Invented persons for demonstrations and drills: they look as if they had been posted over days. Real posts carry the
-- time they arrive at; this command takes times as told and therefore works under events marked as invented alone.

create function public.post_invented_person(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_event app.events;
  v_id uuid := (p ->> 'id')::uuid;
  v_as app.posted_as := (p ->> 'as')::app.posted_as;
  v_minor boolean := coalesce((p ->> 'minor')::boolean, false);
  v_posted timestamptz := least((p ->> 'posted_at')::timestamptz, now());
  v_person app.persons;
  v_note app.notes;
  v_one jsonb;
  v_point point;
begin
  select * into v_event from app.events where slug = p ->> 'event';
  if not found then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;
  if not v_event.invented then
    raise exception 'event_not_invented' using errcode = 'PT422', hint = 'event';
  end if;
  insert into app.persons (id, record_id, event_id, posted_as, full_name, alternate_names, sex, age_from, age_to, minor,
                           home_city, home_country, description, author_name, source_date, expiry_date, visibility,
                           freshest_at, name_keys)
  values (
    v_id, (p ->> 'record_domain') || '/person.' || v_id, v_event.id, v_as, p ->> 'full_name',
    app.text_array(p -> 'alternate_names'), p ->> 'sex', (p ->> 'age_from')::smallint, (p ->> 'age_to')::smallint, v_minor,
    p ->> 'home_city', p ->> 'home_country', p ->> 'description', p ->> 'author_name', v_posted,
    v_posted + interval '60 days', (p ->> 'visibility')::app.visibility, v_posted, app.text_array(p -> 'name_keys')
  )
  on conflict (id) do nothing
  returning * into v_person;
  if not found then
    return jsonb_build_object('id', v_id, 'outcome', 'present');
  end if;
  insert into app.person_secrets (person_id, birth_year, manage_hash, view_hash, language)
  values (v_id, (p ->> 'birth_year')::smallint, app.hash_of(p ->> 'manage_hash'), app.hash_of(p ->> 'view_hash'),
          coalesce(p ->> 'language', 'zh-TW'));
  if v_person.visibility = 'known' then
    perform app.set_known_keys(v_id, p -> 'known_hashes');
  end if;
  perform app.store_photo(v_person, p -> 'photo');

  for v_one in select jsonb_array_elements(p -> 'notes') loop
    v_point := app.coarse(app.point_of(v_one));
    insert into app.notes (id, record_id, person_id, linked_person_record_id, status, text, needs, last_known_location,
                           position, precision_m, author_made_contact, author_name, source, source_date, publication)
    values (
      (v_one ->> 'id')::uuid, (p ->> 'record_domain') || '/note.' || (v_one ->> 'id'), v_id,
      v_one ->> 'linked_person_record_id', (v_one ->> 'status')::app.note_status, coalesce(v_one ->> 'text', ''),
      app.text_array(v_one -> 'need'), v_one ->> 'last_known_location', v_point, case when v_point is not null then 1000 end,
      (v_one ->> 'author_made_contact')::boolean, v_one ->> 'author_name', (v_one ->> 'source')::app.note_source,
      least((v_one ->> 'said_at')::timestamptz, now()),
      (case when v_one ->> 'status' = 'believed_dead' then 'held' else 'published' end)::app.publication
    ) returning * into v_note;
    if v_note.publication = 'held' then
      insert into app.queue_items (kind, severity, person_id, note_id, text, created_at)
      values ('death_report', 2, v_id, v_note.id, v_note.text, v_note.source_date);
    end if;
    if cardinality(v_note.needs) > 0 then
      insert into app.queue_items (kind, severity, person_id, note_id, text, created_at)
      values ('needs_help', 1, v_id, v_note.id, array_to_string(v_note.needs, ', '), v_note.source_date);
    end if;
  end loop;
  return jsonb_build_object('id', v_id, 'outcome', 'created');
end
$$;
comment on function public.post_invented_person is
  'Posts an invented person with notes and the times they are to have been said at; only under an invented event. A second time changes nothing. Answers id and outcome (created, present).';
revoke execute on function public.post_invented_person from public;
grant execute on function public.post_invented_person to service_role;
