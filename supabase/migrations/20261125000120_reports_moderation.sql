-- What staff is asked about reports, what it is told of them, and what its decisions do; how many reports were closed.

-- Whether traffic gets through, as far as a report says: what two reports of one road can contradict each other about.
create function app.road_word(p_state app.road_state, p_passable app.passable) returns text
language sql immutable set search_path = '' as $$
  select case
    when p_passable is null then case p_state when 'closed' then 'blocked' when 'open' then 'open' end
    when p_passable <= 'foot' and p_state is distinct from 'open' then 'blocked'
    when p_passable >= 'car' then 'open'
  end
$$;
comment on function app.road_word is 'blocked: nothing drives there. open: a car passes. Null: something between, or nothing is said.';
grant execute on function app.road_word to service_role;

create function app.metres_apart(a app.reports, b app.reports) returns double precision
language sql immutable set search_path = '' as $$
  -- Corners of each to the stretches of the other; of a long line every so many, its ends among them.
  select min(d) from (
    select app.metres_to(b.position, b.line, point((c ->> 0)::double precision, (c ->> 1)::double precision)) as d
    from jsonb_array_elements(coalesce(a.line, jsonb_build_array(jsonb_build_array(a.position[0], a.position[1])))) with ordinality as t (c, n)
    where (n - 1) % greatest(1, jsonb_array_length(a.line) / 40) = 0 or n = jsonb_array_length(a.line)
    union all
    select app.metres_to(a.position, a.line, point((c ->> 0)::double precision, (c ->> 1)::double precision))
    from jsonb_array_elements(coalesce(b.line, jsonb_build_array(jsonb_build_array(b.position[0], b.position[1])))) with ordinality as t (c, n)
    where (n - 1) % greatest(1, jsonb_array_length(b.line) / 40) = 0 or n = jsonb_array_length(b.line)
  ) x
$$;
comment on function app.metres_apart is 'Metres between two reports where they come nearest.';
grant execute on function app.metres_apart to service_role;

create function app.queue_report(p_report app.reports, p_kind text, p_severity integer, p_reason text, p_text text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- One question at a time: what waits already is not asked again.
  if p_kind in ('disagreement', 'new', 'needs_help') and exists (
    select from app.queue_items q
    where q.subject_type = 'report' and q.subject_id = p_report.id and q.kind = p_kind and q.decided_at is null
  ) then
    return;
  end if;
  perform app.enqueue(jsonb_build_object(
    'kind', p_kind, 'subject_type', 'report', 'subject_id', p_report.id, 'event_id', p_report.event_id, 'severity', p_severity,
    'reason', p_reason, 'text', p_text, 'language', p_report.language
  ));
end
$$;
grant execute on function app.queue_report to service_role;

create function app.queue_new_report(p_report app.reports) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if p_report.publication = 'held' then
    perform app.queue_report(p_report, 'held', 4, 'looks_automatic', p_report.text);
  elsif p_report.needed then
    perform app.queue_report(p_report, 'needs_help', case p_report.severity when 'extreme' then 1 else 2 end, p_report.kind::text, p_report.text);
  else
    perform app.queue_report(
      p_report, 'new', case p_report.severity when 'extreme' then 2 when 'severe' then 3 when 'minor' then 5 else 4 end,
      p_report.kind::text, p_report.text
    );
  end if;
end
$$;
grant execute on function app.queue_new_report to service_role;

-- What an authority says and what people on the spot say about one road stand beside each other; where they differ within
-- a day and two hundred metres, somebody looks. So where the people themselves are divided.
create function app.queue_disagreements(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_word text;
  v_other app.reports;
begin
  select * into v from app.reports where id = p_id and publication = 'published' and status = 'active';
  if not found then
    return;
  end if;
  if v.confirmations >= 2 and v.denials >= 2 then
    perform app.queue_report(v, 'disagreement', 3, 'confirmations_contradict', v.text);
  end if;
  v_word := app.road_word(v.state, v.passable);
  if v_word is null then
    return;
  end if;
  for v_other in
    select r.* from app.reports r
    where r.publication = 'published' and r.status = 'active' and r.event_id = v.event_id and r.id <> v.id
      and r.extent && box(v.extent[0] + point(0.05, 0.002), v.extent[1] - point(0.05, 0.002))
      and (r.source = 'official') <> (v.source = 'official')
      and abs(extract(epoch from r.observed_at - v.observed_at)) <= 86400
      and app.road_word(r.state, r.passable) <> v_word
      and not r.protected and not v.protected
    limit 50
  loop
    if app.metres_apart(v, v_other) <= 200 then
      perform app.queue_report(
        case when v.source = 'official' then v_other else v end, 'disagreement', 2, 'official_disagrees',
        case when v.source = 'official' then v.id else v_other.id end::text
      );
    end if;
  end loop;
end
$$;
comment on function app.queue_disagreements is
  'Asks staff to look where official and crowd differ about one road (200 metres, 24 hours), or where confirmations contradict each other.';
grant execute on function app.queue_disagreements to service_role;

create function public.flag_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports;
begin
  perform app.spend('flag_report:' || (p ->> 'caller'), 20, interval '1 hour');
  if p ->> 'reason' is null or p ->> 'reason' not in ('wrong', 'abuse', 'privacy', 'duplicate', 'danger') then
    raise exception 'reason_required' using errcode = 'PT422', hint = 'reason';
  end if;
  v_report := app.report_in_reach((p ->> 'report_id')::uuid, null);
  perform app.queue_report(v_report, 'flagged', case when p ->> 'reason' in ('privacy', 'danger') then 2 else 3 end,
                           p ->> 'reason', left(p ->> 'text', 5000));
  return jsonb_build_object('flagged', true);
end
$$;
comment on function public.flag_report is 'Somebody asks staff to look at a report. Nothing about it changes.';
revoke execute on function public.flag_report from public;
grant execute on function public.flag_report to service_role;

create function app.moderate_report(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_other app.reports;
begin
  select * into v from app.reports where id = p_id for update;
  if not found or v.publication = 'placeholder' then
    return;
  end if;
  case p_decision
    when 'accept' then
      update app.reports set accepted_at = coalesce(accepted_at, now()),
        publication = (case when publication = 'held' then 'published' else publication::text end)::app.publication
      where id = v.id;
    when 'hide' then
      update app.reports set publication = 'hidden' where id = v.id;
    when 'withdrawn' then
      update app.reports set status = 'withdrawn' where id = v.id;
    when 'mask' then
      insert into app.sealed_texts (decision_id, subject_type, subject_id, original, masked)
      values ((p ->> 'decision_id')::uuid, 'report', v.id, v.text, p ->> 'masked_text');
      update app.reports set text = p ->> 'masked_text', accepted_at = coalesce(accepted_at, now()),
        publication = (case when publication = 'held' then 'published' else publication::text end)::app.publication
      where id = v.id;
    when 'duplicate' then
      select * into v_other from app.reports where id = (p ->> 'duplicate_of')::uuid and publication = 'published';
      if not found or v_other.id = v.id then
        raise exception 'duplicate_unknown' using errcode = 'PT422', hint = 'duplicate_of';
      end if;
      update app.reports set status = 'withdrawn', duplicate_of = v_other.id where id = v.id;
      -- Whoever reported it a second time saw it too, unless it was the same person.
      insert into app.report_confirmations (report_id, caller_hash, verdict, said_at)
      select v_other.id, sha256(convert_to('duplicate ' || v.id, 'UTF8')), 'still', v.observed_at
      from app.report_secrets a, app.report_secrets b
      where a.report_id = v.id and b.report_id = v_other.id and a.author_hash is distinct from b.author_hash
        and v.observed_at >= v_other.claimed_at
      on conflict (report_id, caller_hash) do nothing;
      perform app.derive_report(v_other.id);
    when 'verified', 'adopted' then
      update app.reports set verified_at = now(), accepted_at = coalesce(accepted_at, now()), false_at = null,
        publication = 'published'
      where id = v.id;
    when 'corrected' then
      update app.reports set correct_text = p ->> 'correct_text', accepted_at = coalesce(accepted_at, now()),
        publication = 'published'
      where id = v.id;
    when 'unverifiable' then
      -- It stays where it is, and does not leave for other systems.
      update app.reports set accepted_at = null, verified_at = null,
        publication = (case when publication = 'held' then 'published' else publication::text end)::app.publication
      where id = v.id;
    when 'false' then
      update app.reports set false_at = now(), verified_at = null, status = 'withdrawn', correct_text = p ->> 'correct_text'
      where id = v.id;
    when 'restore' then
      update app.reports set publication = 'published', status = 'active', false_at = null, duplicate_of = null where id = v.id;
      -- Who appealed against the masking, and was right, has the words back.
      update app.reports r set text = s.original from app.sealed_texts s
      where r.id = v.id and p ->> 'overturned' = 'mask' and s.subject_type = 'report' and s.subject_id = r.id and s.masked = r.text;
    else
      return;
  end case;
  update app.reports set updated_at = now(), version = version + 1 where id = v.id;
end
$$;
comment on function app.moderate_report is 'Carries out a decision about a report. What strangers say never hides one; this does.';
grant execute on function app.moderate_report to service_role;

create function app.describe_report(p_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v app.reports;
  v_secrets app.report_secrets;
  v_event app.events;
begin
  select * into v from app.reports where id = p_id;
  if not found then
    return null;
  end if;
  select * into v_secrets from app.report_secrets where report_id = p_id;
  select * into v_event from app.events where id = v.event_id;
  return jsonb_build_object(
    'title', coalesce(v.road, v.place, v.kind::text), 'text', v.text, 'country', v_event.country, 'event', v_event.slug,
    'publication', v.publication, 'public', v.publication = 'published',
    'author_key', app.author_key(v_secrets.author_email),
    'lat', (coalesce(v_secrets.exact_position, v.position))[1], 'lon', (coalesce(v_secrets.exact_position, v.position))[0],
    'photo_id', v.photo_id, 'url', '/map/reports/' || v.id,
    'facts', jsonb_build_object(
      'kind', v.kind, 'needed', v.needed, 'protected', v.protected, 'state', v.state, 'passable', v.passable, 'severity', v.severity,
      'road', v.road, 'place', v.place, 'cause', v.cause, 'bypass', v.bypass, 'observed_at', v.observed_at, 'posted_at', v.created_at,
      'status', v.status, 'loop', v."loop", 'taken_by', v.taken_by, 'source', v.source, 'source_name', v.source_name,
      'source_url', v.source_url, 'confirmations', v.confirmations, 'denials', v.denials, 'author_name', v_secrets.author_name,
      -- How to reach the author, for officers alone.
      'author_email', case when app.has_role('officer') then v_secrets.author_email end,
      'author_phone', case when app.has_role('officer') then v_secrets.author_phone end
    ),
    'history', coalesce((
      select jsonb_agg(jsonb_build_object('verdict', c.verdict, 'at', c.said_at, 'by_reporter', c.by_reporter) order by c.said_at desc)
      from (select * from app.report_confirmations x where x.report_id = p_id order by x.said_at desc limit 30) c
    ), '[]'),
    'duplicates', case when v.position is null then '[]'::jsonb else coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', o.id, 'title', coalesce(o.road, o.place, o.kind::text), 'status', o.status, 'at', o.observed_at, 'text', left(o.text, 300)))
      from app.find_near_reports(v.position, 1000, v.kind, v_event.slug, 9) f
      join app.reports o on o.id = f.report_id
      where o.id <> p_id
    ), '[]') end
  );
end
$$;
comment on function app.describe_report is
  'What staff is told of a report: where it really is, what was said of it, near ones of its kind; how to reach the author, to officers.';
grant execute on function app.describe_report to service_role;

-- The closure rate goes around RLS, because it counts every report of an event and the policies would look at each row.
create index reports_closure_idx on app.reports (event_id) include (kind, needed, loop, status, state, source, publication, created_at, closed_at)
  where publication in ('published', 'placeholder');

create function app.count_closed(p_event text) returns table (
  needing bigint, taken bigint, done bigint, closed bigint, median_hours double precision
)
language plpgsql stable security definer rows 1 set search_path = '' as $$
begin
  return query
    select count(*), count(*) filter (where r.loop = 'taken' and r.status = 'active'),
           count(*) filter (where r.loop = 'done' and r.status = 'active'),
           count(*) filter (where r.loop = 'confirmed' or r.status = 'cleared'),
           percentile_cont(0.5) within group (order by extract(epoch from r.closed_at - r.created_at) / 3600)
             filter (where r.closed_at is not null)
    from app.reports r
    where r.event_id = (select e.id from app.events e where e.slug = p_event)
      and r.publication in ('published', 'placeholder') and r.status <> 'withdrawn' and r.source <> 'official'
      -- What only says where something is needs nobody; what is in the way or missing does.
      and (r.needed or r.loop <> 'open'
           or r.kind in ('road', 'bridge', 'landslide', 'flood', 'fire', 'building', 'hazard') and r.state is distinct from 'open');
end
$$;
comment on function app.count_closed is
  'How many reports of an event needed somebody, and how many were taken, done and closed. Definer: it counts rows a policy would look at one by one, and gives nothing but numbers.';
revoke execute on function app.count_closed from public;
grant execute on function app.count_closed to anon, authenticated, service_role;

create function public.event_closure(p_event text) returns table (
  needing bigint, taken bigint, done bigint, closed bigint, median_hours double precision
)
language sql stable set search_path = '' as $$
  select * from app.count_closed(p_event)
$$;
comment on function public.event_closure is
  'The loop of an event: how many reports needed somebody to act, how many of them are taken, done, and closed, and after how many hours half of those were.';
revoke execute on function public.event_closure from public;
grant execute on function public.event_closure to anon, authenticated;

create function public.own_report_decisions(p_id uuid, p_manage_hash text) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from app.report_secrets where report_id = p_id and manage_hash = app.hash_of(p_manage_hash)) then
    return null;
  end if;
  return app.decisions_for_author('report', p_id);
end
$$;
comment on function public.own_report_decisions is
  'What was decided about a report, for the holder of its manage link: action, reason, words, and whether it can be contested.';

create function public.appeal_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  perform app.spend('appeal:' || (p ->> 'caller'), 20, interval '1 hour');
  if not exists (
    select from app.report_secrets
    where report_id = (p ->> 'report_id')::uuid and manage_hash = app.hash_of(p ->> 'manage_hash')
  ) or not exists (
    select from app.queue_items
    where id = (p ->> 'item_id')::uuid and subject_type = 'report' and subject_id = (p ->> 'report_id')::uuid
  ) then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  return jsonb_build_object('id', app.enqueue_appeal((p ->> 'item_id')::uuid, p ->> 'text'));
end
$$;
comment on function public.appeal_report is 'The author of a report contests a decision about it: {report_id, manage_hash, item_id, text}.';
revoke execute on function public.own_report_decisions, public.appeal_report from public;
grant execute on function public.own_report_decisions, public.appeal_report to service_role;
