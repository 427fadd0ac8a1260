-- What a decision does to persons and notes, and what staff is told of them before it decides.

create function app.moderate_person(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.persons;
  v_other app.persons;
  v_kind text := p ->> 'kind';
  v_domain text;
begin
  select * into v from app.persons where id = p_id for update;
  if not found or v.publication = 'placeholder' then
    return;
  end if;
  v_domain := split_part(v.record_id, '/', 1);
  if v_kind = 'photo_of_minor' then
    -- The question was about the photo alone.
    update app.photos set publication = (case when p_decision in ('accept', 'verified', 'restore') then 'published' else 'hidden' end)::app.publication
    where id = (p ->> 'photo_id')::uuid;
    update app.persons set photo_id = case when p_decision in ('accept', 'verified', 'restore') then (p ->> 'photo_id')::uuid end,
      version = version + 1
    where id = v.id;
    return;
  end if;
  if v_kind = 'objection' then
    if p_decision = 'withdrawn' then
      perform app.seal_person(v, 'removed', interval '3 days');
      insert into app.suppressions (record_id, reason) values (v.record_id, 'removed') on conflict do nothing;
    else
      update app.persons set softened_at = null, version = version + 1 where id = v.id returning * into v;
      if p_decision = 'corrected' then
        perform app.insert_note(v, jsonb_build_object(
          'status', 'believed_alive', 'text', p ->> 'text', 'record_domain', v_domain), 'official', false);
      end if;
    end if;
    return;
  end if;
  case p_decision
    when 'accept' then
      update app.persons set publication = 'published', entry_date = now() where id = v.id and publication = 'held';
    when 'hide', 'withdrawn' then
      update app.persons set publication = 'hidden', version = version + 1 where id = v.id;
    when 'restore' then
      update app.persons set publication = 'published', softened_at = null, entry_date = now(), version = version + 1
      where id = v.id and publication in ('hidden', 'held');
      -- An appeal against masking that is upheld gives the words back.
      update app.persons t set description = s.original, entry_date = now(), version = t.version + 1
      from app.sealed_texts s
      where t.id = v.id and p ->> 'overturned' = 'mask' and s.subject_type = 'person' and s.subject_id = t.id and s.masked = t.description;
      delete from app.verdicts where subject_type = 'person' and subject_id = v.id;
    when 'mask' then
      insert into app.sealed_texts (decision_id, subject_type, subject_id, original, masked)
      values ((p ->> 'decision_id')::uuid, 'person', v.id, coalesce(v.description, ''), p ->> 'masked_text');
      update app.persons set description = p ->> 'masked_text', entry_date = now(), version = version + 1,
        publication = (case when publication = 'held' then 'published' else publication::text end)::app.publication
      where id = v.id;
    when 'duplicate' then
      -- Records are never merged: a note on each says that they are the same person.
      select * into v_other from app.persons where id = (p ->> 'duplicate_of')::uuid and publication = 'published';
      if not found or v_other.id = v.id then
        raise exception 'duplicate_unknown' using errcode = 'PT422', hint = 'duplicate_of';
      end if;
      perform app.insert_note(v, jsonb_build_object(
        'linked_person_record_id', v_other.record_id, 'text', p ->> 'text', 'record_domain', v_domain), 'official', false);
      perform app.insert_note(v_other, jsonb_build_object(
        'linked_person_record_id', v.record_id, 'text', p ->> 'text', 'record_domain', v_domain), 'official', false);
    else
      update app.persons set publication = 'published', entry_date = now() where id = v.id and publication = 'held';
      insert into app.verdicts (subject_type, subject_id, person_id, decision_id, verdict, correct_text, reason_code)
      values ('person', v.id, v.id, (p ->> 'decision_id')::uuid, p_decision, p ->> 'correct_text', p ->> 'reason')
      on conflict (subject_type, subject_id) do update set verdict = excluded.verdict, decision_id = excluded.decision_id, correct_text = excluded.correct_text,
        reason_code = excluded.reason_code, decided_at = now();
  end case;
end
$$;
comment on function app.moderate_person is 'Carries out a decision about a person''s record, her photo, or an objection to it.';

create function app.moderate_note(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.notes;
  v_death boolean := p ->> 'kind' = 'death_report';
begin
  select * into v from app.notes where id = p_id for update;
  if not found then
    return;
  end if;
  if v_death and p_decision in ('verified', 'restore') then
    -- It is new from today on for everybody who reads what is new, and it speaks officially.
    update app.notes set publication = 'published', source = 'official', entry_date = now() where id = v.id;
  elsif v_death or p_decision in ('hide', 'withdrawn') then
    update app.notes set publication = 'hidden', entry_date = now() where id = v.id;
  elsif p_decision = 'restore' then
    update app.notes set publication = 'published', entry_date = now() where id = v.id;
    update app.notes t set text = s.original from app.sealed_texts s
    where t.id = v.id and p ->> 'overturned' = 'mask' and s.subject_type = 'note' and s.subject_id = t.id and s.masked = t.text;
    delete from app.verdicts where subject_type = 'note' and subject_id = v.id;
  elsif p_decision = 'accept' then
    update app.notes set publication = 'published', entry_date = now() where id = v.id and publication = 'held';
  elsif p_decision = 'mask' then
    insert into app.sealed_texts (decision_id, subject_type, subject_id, original, masked)
    values ((p ->> 'decision_id')::uuid, 'note', v.id, v.text, p ->> 'masked_text');
    update app.notes set text = p ->> 'masked_text', entry_date = now(),
      publication = (case when publication = 'held' then 'published' else publication::text end)::app.publication
    where id = v.id;
  elsif p_decision = 'duplicate' then
    null;
  else
    update app.notes set publication = 'published', entry_date = now() where id = v.id and publication = 'held';
    insert into app.verdicts (subject_type, subject_id, person_id, decision_id, verdict, correct_text, reason_code)
    values ('note', v.id, v.person_id, (p ->> 'decision_id')::uuid, p_decision, p ->> 'correct_text', p ->> 'reason')
    on conflict (subject_type, subject_id) do update set verdict = excluded.verdict, decision_id = excluded.decision_id, correct_text = excluded.correct_text,
      reason_code = excluded.reason_code, decided_at = now();
  end if;
end
$$;
comment on function app.moderate_note is
  'Carries out a decision about a note. A death report is official once verified, and hidden in every other case.';

create or replace function app.tg_notes__append_only() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- What staff decide about a note (publication, source) is not a change of what was said.
  if not old.is_clone
     and (to_jsonb(new) - array['publication', 'source', 'entry_date'])
       is distinct from (to_jsonb(old) - array['publication', 'source', 'entry_date'])
     -- Nor is masking, or taking it back: what was said is sealed, word for word, before it is covered.
     and not (
       (to_jsonb(new) - array['publication', 'source', 'entry_date', 'text'])
         = (to_jsonb(old) - array['publication', 'source', 'entry_date', 'text'])
       and exists (
         select from app.sealed_texts s
         where s.subject_type = 'note' and s.subject_id = old.id
          and (s.original = old.text and s.masked = new.text or s.masked = old.text and s.original = new.text)
       )
     ) then
    raise exception 'notes_are_append_only' using errcode = 'PT409';
  end if;
  return new;
end
$$;

create function app.describe_person(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'title', p.full_name, 'text', p.description, 'country', e.country, 'event', e.slug, 'publication', p.publication,
    'public', p.publication = 'published' and p.visibility = 'public' and p.expiry_date > now(),
    'author_key', app.author_key(s.author_email),
    'lat', (coalesce(s.exact_position, p.position))[1], 'lon', (coalesce(s.exact_position, p.position))[0],
    'photo_id', p.photo_id, 'url', '/safety/persons/' || p.id,
    'facts', jsonb_build_object(
      'posted_as', p.posted_as, 'status', p.status, 'status_by', p.status_by, 'needs', to_jsonb(p.needs), 'minor', p.minor,
      'visibility', p.visibility, 'home_city', p.home_city, 'home_country', p.home_country, 'author_name', p.author_name,
      'last_known_location', p.last_known_location, 'source_name', p.source_name, 'posted_at', p.source_date,
      'softened', p.softened_at is not null,
      -- How to reach the author, for officers alone.
      'author_email', case when app.has_role('officer') then s.author_email end,
      'author_phone', case when app.has_role('officer') then s.author_phone end
    ),
    'history', coalesce((
      select jsonb_agg(jsonb_build_object('status', n.status, 'text', n.text, 'needs', to_jsonb(n.needs), 'source', n.source,
        'author_name', n.author_name, 'publication', n.publication, 'at', n.source_date, 'place', n.last_known_location,
        'id', n.id) order by n.source_date desc)
      from (select * from app.notes x where x.person_id = p.id order by x.source_date desc limit 30) n
    ), '[]'),
    'duplicates', coalesce((
      select jsonb_agg(jsonb_build_object('id', o.id, 'title', o.full_name, 'status', o.status, 'at', o.freshest_at))
      from (
        select x.* from app.persons x
        where x.name_keys && p.name_keys and x.event_id = p.event_id and x.id <> p.id and x.publication in ('published', 'held')
        limit 8
      ) o
    ), '[]')
  )
  from app.persons p join app.events e on e.id = p.event_id
  left join app.person_secrets s on s.person_id = p.id
  where p.id = p_id
$$;
comment on function app.describe_person is
  'What staff is told of a person''s record: who posted it as what, notes, possible duplicates; how to reach the author, to officers.';

create function app.describe_note(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select app.describe_person(n.person_id) || jsonb_build_object(
    'text', n.text, 'publication', n.publication,
    'public', n.publication = 'published' and (app.describe_person(n.person_id) ->> 'public')::boolean,
    -- The author of the note, who need not be the author of the record.
    'author_key', coalesce(app.author_key(s.author_email),
      case when n.source = 'self' then app.describe_person(n.person_id) ->> 'author_key' end,
      -- The first note came with the record.
      case when n.source_date = p.source_date then app.describe_person(n.person_id) ->> 'author_key' end),
    'lat', (coalesce(s.exact_position, n.position))[1], 'lon', (coalesce(s.exact_position, n.position))[0],
    'facts', jsonb_build_object(
      'status', n.status, 'needs', to_jsonb(n.needs), 'source', n.source, 'author_name', n.author_name, 'posted_at', n.source_date,
      'last_known_location', n.last_known_location, 'author_made_contact', n.author_made_contact, 'minor', p.minor,
      'visibility', p.visibility, 'person_id', p.id,
      'author_email', case when app.has_role('officer') then s.author_email end,
      'author_phone', case when app.has_role('officer') then s.author_phone end
    )
  )
  from app.notes n join app.persons p on p.id = n.person_id
  left join app.note_secrets s on s.note_id = n.id
  where n.id = p_id
$$;
comment on function app.describe_note is 'What staff is told of a note, with the record it stands under.';

-- The operator decides without an account, by name: in one word, as before there were members.
create or replace function public.decide_queue_item(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_item app.queue_items;
  v_accept boolean := p ->> 'decision' = 'accept';
  v_decision text;
begin
  if coalesce(p ->> 'decision', '') not in ('accept', 'refuse') then
    raise exception 'decision_required' using errcode = 'PT422', hint = 'decision';
  end if;
  if coalesce(btrim(p ->> 'reason'), '') = '' then
    raise exception 'reason_required' using errcode = 'PT422', hint = 'reason';
  end if;
  select * into v_item from app.queue_items where id = (p ->> 'id')::uuid for update;
  if not found or v_item.decided_at is not null then
    raise exception 'item_not_waiting' using errcode = 'PT409';
  end if;
  v_decision := case
    when v_item.kind = 'appeal' then case when v_accept then 'restore' else 'uphold' end
    when v_item.kind = 'death_report' then case when v_accept then 'verified' else 'unverifiable' end
    when v_item.kind = 'objection' then case
      when not v_accept then 'verified' when v_item.reason = 'remove' then 'withdrawn' else 'corrected' end
    when v_item.kind = 'correction' then case when v_accept then 'corrected' else 'verified' end
    when v_item.stage = 2 then case when v_accept then 'verified' else 'withdrawn' end
    -- Somebody sees to a report or a call for help, whichever word was used; the record itself stays.
    when v_accept or v_item.kind in ('report', 'needs_help') then 'accept'
    else 'hide'
  end;
  insert into app.decisions (item_id, item_version, stage, decision, reason_code, reason, correct_text, decided_by, decided_by_name)
  values (v_item.id, v_item.version, 1, v_decision, 'other', p ->> 'reason',
          case when v_item.kind = 'correction' and v_accept then p ->> 'reason' end, null, p ->> 'by');
  return jsonb_build_object('id', v_item.id, 'kind', v_item.kind, 'decision', v_decision);
end
$$;
comment on function public.decide_queue_item is
  'The operator decides what waits, in one word: {id, decision: accept | refuse, by, reason}. The same rules and the same log as for members hold. Name and reason are kept.';

create or replace function public.list_queue_items(p_limit integer) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(q)), '[]'::jsonb) from (
    select i.id, i.kind, i.severity, i.person_id, c.full_name, i.note_id, i.subject_type, i.subject_id, i.reason, i.text, i.created_at
    from app.queue_items i left join app.person_cards c on c.id = i.person_id
    where i.decided_at is null order by i.severity, i.created_at limit p_limit
  ) q
$$;
comment on function public.list_queue_items is 'What waits, the most severe first. For the operator.';

revoke execute on function app.moderate_person, app.moderate_note, app.describe_person, app.describe_note from public;
grant execute on function app.moderate_person, app.moderate_note, app.describe_person, app.describe_note to service_role;
