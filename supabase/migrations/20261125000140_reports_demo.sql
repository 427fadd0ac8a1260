-- Invented reports for demonstrations and drills: they look as if they had been posted and confirmed over days. Real reports
-- carry the times they arrive at; this command takes times as told and therefore works under invented events alone.

create function public.post_invented_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_event app.events;
  v_id uuid := (p ->> 'id')::uuid;
  v_kind app.report_kind := (p ->> 'kind')::app.report_kind;
  v_needed boolean := coalesce((p ->> 'needed')::boolean, false) or v_kind = 'volunteers_needed';
  v_protected boolean := app.is_protected(v_kind, v_needed, (p ->> 'private')::boolean);
  v_exact point := app.point_of(p);
  v_line jsonb := app.line_of(p -> 'line');
  v_observed timestamptz := least((p ->> 'observed_at')::timestamptz, now());
  v_loop app.report_loop := coalesce((p ->> 'loop')::app.report_loop, 'open');
  v_moved timestamptz := least(coalesce((p ->> 'moved_at')::timestamptz, now()), now());
  v app.reports;
begin
  select * into v_event from app.events where slug = p ->> 'event';
  if not found then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;
  if not v_event.invented then
    raise exception 'event_not_invented' using errcode = 'PT422', hint = 'event';
  end if;
  insert into app.reports (
    id, event_id, kind, needed, protected, position, line, precision_m, road, place, state, passable, direction,
    width_limit_m, weight_limit_t, cause, bypass, severity, text, language, observed_at, created_at, updated_at, claimed_at,
    expires_at, time_zone, source, source_name, source_url, accepted_at, verified_at, status, loop, taken_by, taken_at, done_at, closed_at,
    affirmed_at, heard_at, stale_at
  ) values (
    v_id, v_event.id, v_kind, v_needed, v_protected,
    case when v_protected then app.displaced(v_exact, 1000) else v_exact end, case when not v_protected then v_line end,
    case when v_protected then 1000 end, p ->> 'road', p ->> 'place', (p ->> 'state')::app.road_state,
    (p ->> 'passable')::app.passable, coalesce((p ->> 'direction')::app.road_direction, 'both'),
    (p ->> 'width_limit_m')::double precision, (p ->> 'weight_limit_t')::double precision, p ->> 'cause', p ->> 'bypass',
    coalesce((p ->> 'severity')::app.report_severity, 'unknown'), coalesce(p ->> 'text', ''), p ->> 'language',
    v_observed, v_observed, v_observed, v_observed, now() + interval '30 days', v_event.time_zone,
    coalesce((p ->> 'source')::app.report_source, 'crowd'), p ->> 'source_name', p ->> 'source_url',
    case when (p ->> 'accepted')::boolean then v_observed end, case when (p ->> 'verified')::boolean then v_observed end,
    (case when v_loop = 'confirmed' then 'cleared' else 'active' end)::app.report_status, v_loop,
    case when v_loop <> 'open' then p ->> 'taken_by' end, case when v_loop <> 'open' then v_moved end,
    case when v_loop in ('done', 'confirmed') then v_moved end, case when v_loop = 'confirmed' then v_moved end,
    v_observed, v_observed, v_observed
  )
  on conflict (id) do nothing
  returning * into v;
  if not found then
    return jsonb_build_object('id', v_id, 'outcome', 'present');
  end if;
  insert into app.report_secrets (report_id, exact_position, exact_line, author_hash, manage_hash, language)
  values (v_id, case when v_protected then v_exact end, case when v_protected then v_line end,
          app.caller_hash('report author', p ->> 'voice'), app.hash_of(p ->> 'manage_hash'), coalesce(p ->> 'language', 'zh-TW'));
  insert into app.report_confirmations (report_id, caller_hash, verdict, said_at)
  select v_id, app.caller_hash('report ' || v_id, c ->> 'voice'), (c ->> 'verdict')::app.verdict,
         greatest(v_observed, least((c ->> 'said_at')::timestamptz, now()))
  from jsonb_array_elements(coalesce(p -> 'confirmations', '[]')) c
  on conflict (report_id, caller_hash) do nothing;
  perform app.derive_report(v_id);
  if v.status = 'active' then
    perform app.derive_priors_around(v_id);
    if v.accepted_at is null and v.source = 'crowd' then
      perform app.queue_new_report(v);
    end if;
    perform app.queue_disagreements(v_id);
  end if;
  return jsonb_build_object('id', v_id, 'outcome', 'created');
end
$$;
comment on function public.post_invented_report is
  'Posts an invented report with what others say of it and the times they are to have said it at; only under an invented event. A second time changes nothing. Answers id and outcome (created, present).';
revoke execute on function public.post_invented_report from public;
grant execute on function public.post_invented_report to service_role;
