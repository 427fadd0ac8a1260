-- What may be done to reports. As with persons, each command is one transaction, granted to service_role alone, and reads
-- from its one json object only the fields it names.
-- Who may move a report along (open, taken, done, confirmed) stands in docs/decisions/0027.

create function app.caller_hash(p_scope text, p_caller text) returns bytea
language sql immutable set search_path = '' as $$
  select sha256(convert_to(p_scope || ' ' || coalesce(p_caller, ''), 'UTF8'))
$$;
comment on function app.caller_hash is
  'A caller under one scope: the same again within it, and nothing outside. Those who cannot be told from one another are one.';
grant execute on function app.caller_hash to service_role;

create function app.report_to_change(p_id uuid) returns app.reports
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
begin
  select * into v from app.reports where id = p_id for update;
  if not found then
    raise exception 'report_not_found' using errcode = 'PT404';
  end if;
  if v.publication = 'placeholder' then
    raise exception 'report_gone' using errcode = 'PT410';
  end if;
  return v;
end
$$;
grant execute on function app.report_to_change to service_role;

-- Published ones anybody may speak of; own ones are reached with the manage link. What is hidden answers like what is not there.
create function app.report_in_reach(p_id uuid, p_manage_hash bytea) returns app.reports
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_hash bytea;
begin
  if p_manage_hash is not null then
    select s.manage_hash into v_hash from app.report_secrets s where s.report_id = p_id;
    if v_hash is distinct from p_manage_hash then
      raise exception 'token_wrong' using errcode = 'PT403';
    end if;
    return app.report_to_change(p_id);
  end if;
  v := app.report_to_change(p_id);
  if v.publication <> 'published' then
    raise exception 'report_not_found' using errcode = 'PT404';
  end if;
  return v;
end
$$;
grant execute on function app.report_in_reach to service_role;

create function app.own_report(p jsonb) returns app.reports
language plpgsql volatile set search_path = '' as $$
begin
  perform app.spend('manage_report:' || (p ->> 'caller'), 120, interval '1 hour');
  if app.hash_of(p ->> 'manage_hash') is null then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  return app.report_in_reach((p ->> 'report_id')::uuid, app.hash_of(p ->> 'manage_hash'));
end
$$;
grant execute on function app.own_report to service_role;

-- A line as it is kept: positions on Earth, nothing else.
create function app.line_of(p jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  if p is null or p = 'null'::jsonb then
    return null;
  end if;
  if jsonb_typeof(p) <> 'array' or jsonb_array_length(p) not between 2 and 2000 then
    raise exception 'line_invalid' using errcode = 'PT422', hint = 'geometry';
  end if;
  if exists (
    select from jsonb_array_elements(p) c where app.point_of(jsonb_build_object('lon', c -> 0, 'lat', c -> 1)) is null
  ) then
    raise exception 'line_invalid' using errcode = 'PT422', hint = 'geometry';
  end if;
  return (select jsonb_agg(jsonb_build_array(c -> 0, c -> 1) order by n) from jsonb_array_elements(p) with ordinality as t (c, n));
end
$$;
grant execute on function app.line_of to service_role;

create function app.is_protected(p_kind app.report_kind, p_needed boolean, p_private boolean) returns boolean
language sql immutable set search_path = '' as $$
  select p_kind = 'volunteers_needed' or coalesce(p_needed, false) or coalesce(p_private, false)
$$;
comment on function app.is_protected is 'Whoever asks for help, and whoever says that a place is private, is shown about a kilometre off.';
grant execute on function app.is_protected to service_role;

create function app.store_report_photo(p_report_id uuid, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'id')::uuid;
begin
  if p is null or p = 'null'::jsonb then
    return;
  end if;
  insert into app.report_photos (id, report_id, width, height, bytes, path)
  values (v_id, p_report_id, (p ->> 'width')::integer, (p ->> 'height')::integer, decode(p ->> 'content', 'base64'), p ->> 'path');
  update app.reports set photo_id = v_id where id = p_report_id;
end
$$;
grant execute on function app.store_report_photo to service_role;

-- The same words from many callers within the hour are looked at before everybody sees them; nobody is turned away.
create function app.often_said(p_text text) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_start timestamptz := date_bin(interval '1 hour', now(), timestamptz '2000-01-01 00:00:00+00');
  v_used integer;
begin
  if char_length(coalesce(p_text, '')) < 20 then
    return false;
  end if;
  insert into app.rate_counters as c (bucket, window_start, used)
  values ('said:' || md5(regexp_replace(lower(p_text), '[^[:alnum:]]', '', 'g')), v_start, 1)
  on conflict (bucket, window_start) do update set used = c.used + 1
  returning used into v_used;
  return v_used > 10;
end
$$;
grant execute on function app.often_said to service_role;

-- A new report speaks for those around it, and they for it.
create function app.derive_priors_around(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_near uuid;
begin
  perform app.derive_prior(p_id);
  select * into v from app.reports where id = p_id;
  if v.publication <> 'published' then
    return;
  end if;
  for v_near in
    select n.report_id
    from app.find_near_reports(
      v.position, 5.7 * (select m.reach_metres from app.report_measures m where m.kind = v.kind), v.kind,
      (select e.slug from app.events e where e.id = v.event_id), 10
    ) n
    where n.report_id <> p_id
  loop
    -- Whoever is busy with one of them need not wait for this, nor this for them.
    perform from app.reports r where r.id = v_near for update skip locked;
    if found then
      perform app.derive_prior(v_near);
    end if;
  end loop;
end
$$;
grant execute on function app.derive_priors_around to service_role;

create function public.post_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_event app.events;
  v_id uuid := coalesce((p ->> 'id')::uuid, gen_random_uuid());
  v_kind app.report_kind := (p ->> 'kind')::app.report_kind;
  v_needed boolean := coalesce((p ->> 'needed')::boolean, false) or v_kind = 'volunteers_needed';
  v_protected boolean := app.is_protected(v_kind, v_needed, (p ->> 'private')::boolean);
  v_exact point := app.point_of(p);
  v_line jsonb := app.line_of(p -> 'line');
  v_observed timestamptz := least(coalesce((p ->> 'observed_at')::timestamptz, now()), now());
  v_days smallint := coalesce((p ->> 'expiry_days')::smallint, 30::smallint);
  v_held boolean := coalesce((p ->> 'held')::boolean, false);
  v app.reports;
begin
  v_before := app.begin_once('post_report', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('post_report:' || (p ->> 'caller'), 60, interval '1 minute');
  perform app.spend('post_report_hour:' || (p ->> 'caller'), 600, interval '1 hour');
  select * into v_event from app.events where slug = p ->> 'event';
  if not found then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;
  if v_event.state = 'closed' then
    raise exception 'event_closed' using errcode = 'PT422', hint = 'event';
  end if;
  if v_exact is null then
    raise exception 'location_required' using errcode = 'PT422', hint = 'location';
  end if;
  v_held := v_held or p ->> 'caller' is not null and app.often_said(p ->> 'text');
  insert into app.reports (
    id, event_id, kind, needed, protected, position, line, precision_m, road, place, state, passable, direction,
    width_limit_m, weight_limit_t, cause, bypass, severity, text, language, observed_at, expires_at, expiry_days, time_zone,
    source, source_url, publication, affirmed_at, heard_at, stale_at
  ) values (
    v_id, v_event.id, v_kind, v_needed, v_protected,
    case when v_protected then app.displaced(v_exact, 1000) else v_exact end,
    case when not v_protected then v_line end,
    case when v_protected then greatest(1000, (p ->> 'precision_m')::integer) else (p ->> 'precision_m')::integer end,
    p ->> 'road', p ->> 'place', (p ->> 'state')::app.road_state, (p ->> 'passable')::app.passable,
    coalesce((p ->> 'direction')::app.road_direction, 'both'), (p ->> 'width_limit_m')::double precision,
    (p ->> 'weight_limit_t')::double precision, p ->> 'cause', p ->> 'bypass',
    coalesce((p ->> 'severity')::app.report_severity, 'unknown'), coalesce(p ->> 'text', ''), p ->> 'text_language',
    v_observed, now() + make_interval(days => v_days), v_days, p ->> 'time_zone',
    (case when p ->> 'source_url' is null then 'crowd' else 'linked' end)::app.report_source, p ->> 'source_url',
    (case when v_held then 'held' else 'published' end)::app.publication, v_observed, v_observed, v_observed
  ) returning * into v;
  insert into app.report_secrets (report_id, exact_position, exact_line, author_hash, author_name, author_email, author_phone,
                                  manage_hash, language)
  values (v_id, case when v_protected then v_exact end, case when v_protected then v_line end,
          app.caller_hash('report author', p ->> 'voice'), p ->> 'author_name', p ->> 'author_email', p ->> 'author_phone',
          app.hash_of(p ->> 'manage_hash'), coalesce(p ->> 'language', 'zh-TW'));
  perform app.store_report_photo(v_id, p -> 'photo');
  perform app.derive_report(v_id);
  perform app.derive_priors_around(v_id);
  perform app.queue_new_report(v);
  perform app.queue_disagreements(v_id);
  return app.finish_once('post_report', p ->> 'client_id', jsonb_build_object('id', v_id, 'held', v_held));
end
$$;
comment on function public.post_report is 'Posts a report. Answers id and held; a resend with the same client_id and body answers the same.';

create function public.confirm_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_report app.reports;
  v_secrets app.report_secrets;
  v_manage bytea := app.hash_of(p ->> 'manage_hash');
  v_verdict app.verdict := (p ->> 'verdict')::app.verdict;
  v_hash bytea;
  v_own boolean;
begin
  v_before := app.begin_once('confirm_report', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('confirm_report:' || (p ->> 'caller'), 60, interval '1 minute');
  perform app.spend('confirm_report_hour:' || (p ->> 'caller'), 600, interval '1 hour');
  if v_verdict is null then
    raise exception 'verdict_required' using errcode = 'PT422', hint = 'verdict';
  end if;
  v_report := app.report_in_reach((p ->> 'report_id')::uuid, v_manage);
  select * into v_secrets from app.report_secrets where report_id = v_report.id;
  v_own := v_manage is not null or v_secrets.author_hash is not distinct from app.caller_hash('report author', p ->> 'voice');
  v_hash := case when v_own then sha256(convert_to('reporter ' || v_report.id, 'UTF8'))
                 else app.caller_hash('report ' || v_report.id, p ->> 'voice') end;
  insert into app.report_confirmations as c (report_id, caller_hash, verdict, by_reporter)
  values (v_report.id, v_hash, v_verdict, v_own)
  on conflict (report_id, caller_hash) do update set verdict = excluded.verdict, said_at = now();
  perform app.derive_report(v_report.id);
  if v_verdict = 'still' then
    update app.reports set expires_at = greatest(expires_at, now() + make_interval(days => expiry_days)) where id = v_report.id;
  end if;
  perform app.move_loop_by_word(v_report.id, v_secrets);
  perform app.queue_disagreements(v_report.id);
  return app.finish_once('confirm_report', p ->> 'client_id', (
    select jsonb_build_object('id', r.id, 'counted', not v_own, 'confirmations', r.confirmations, 'denials', r.denials, 'loop', r.loop)
    from app.reports r where r.id = v_report.id
  ));
end
$$;
comment on function public.confirm_report is
  'Somebody says that a report is still so, changed, cleared or wrong. Each caller has one word, the newest; the reporter''s own does not count.';

-- After "done", the people on the spot decide: two of them, neither of whom reported it or did it.
create function app.move_loop_by_word(p_id uuid, p_secrets app.report_secrets) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports;
  v_taker bytea := case when p_secrets.taker_caller_hash is not null then p_secrets.taker_caller_hash end;
  v_gone integer;
  v_still integer;
begin
  select * into v_report from app.reports where id = p_id;
  if v_report."loop" <> 'done' then
    return;
  end if;
  select count(*) filter (where c.verdict = 'cleared'), count(*) filter (where c.verdict = 'still')
  into v_gone, v_still
  from app.report_confirmations c
  where c.report_id = p_id and c.said_at >= v_report.done_at and not c.by_reporter and c.caller_hash is distinct from v_taker;
  if v_gone >= 2 and v_gone > v_still then
    update app.reports set loop = 'confirmed', status = 'cleared', closed_at = now(), updated_at = now(), version = version + 1
    where id = p_id;
  elsif v_still >= 2 and v_still > v_gone then
    update app.reports set loop = 'open', taken_by = null, taken_at = null, done_at = null, updated_at = now(), version = version + 1
    where id = p_id;
    update app.report_secrets set taker_hash = null, taker_caller_hash = null where report_id = p_id;
  end if;
end
$$;
grant execute on function app.move_loop_by_word to service_role;

create function public.take_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_report app.reports;
begin
  v_before := app.begin_once('take_report', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return v_before;
  end if;
  perform app.spend('take_report:' || (p ->> 'caller'), 30, interval '1 hour');
  if coalesce(btrim(p ->> 'name'), '') = '' then
    raise exception 'author_name_required' using errcode = 'PT422', hint = 'author_name';
  end if;
  v_report := app.report_in_reach((p ->> 'report_id')::uuid, null);
  -- Who took it and has not been heard of for a day holds nobody else up.
  if v_report.status <> 'active' or v_report."loop" in ('done', 'confirmed')
     or v_report."loop" = 'taken' and v_report.taken_at > now() - interval '24 hours' then
    raise exception 'report_taken' using errcode = 'PT409';
  end if;
  update app.reports set loop = 'taken', taken_by = p ->> 'name', taken_at = now(), updated_at = now(), version = version + 1
  where id = v_report.id;
  update app.report_secrets set
    taker_hash = app.hash_of(p ->> 'taker_hash'), taker_caller_hash = app.caller_hash('report ' || v_report.id, p ->> 'voice')
  where report_id = v_report.id;
  return app.finish_once('take_report', p ->> 'client_id', jsonb_build_object('id', v_report.id, 'loop', 'taken'));
end
$$;
comment on function public.take_report is 'Somebody says by name: we are on it. The secret of the taker''s link lets them, and nobody else, say that it is done.';

create function public.move_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports;
  v_secrets app.report_secrets;
  v_act text := p ->> 'act';
  v_taker boolean;
  v_reporter boolean;
begin
  perform app.spend('move_report:' || (p ->> 'caller'), 120, interval '1 hour');
  select * into v_secrets from app.report_secrets where report_id = (p ->> 'report_id')::uuid;
  v_taker := app.hash_of(p ->> 'taker_hash') is not null and v_secrets.taker_hash = app.hash_of(p ->> 'taker_hash');
  v_reporter := app.hash_of(p ->> 'manage_hash') is not null and v_secrets.manage_hash = app.hash_of(p ->> 'manage_hash');
  if not coalesce(v_taker, false) and not coalesce(v_reporter, false) then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  v_report := app.report_to_change((p ->> 'report_id')::uuid);
  if v_act = 'done' and v_report."loop" = 'taken' then
    update app.reports set loop = 'done', done_at = now() where id = v_report.id;
  elsif v_act = 'release' and v_report."loop" in ('taken', 'done') then
    update app.reports set loop = 'open', taken_by = null, taken_at = null, done_at = null where id = v_report.id;
    update app.report_secrets set taker_hash = null, taker_caller_hash = null where report_id = v_report.id;
  elsif v_act = 'confirm' and v_reporter and v_report."loop" <> 'confirmed' then
    -- Whoever reported it may say that it is over, whether or not anybody said they did it.
    update app.reports set loop = 'confirmed', status = 'cleared', closed_at = now() where id = v_report.id;
  elsif v_act = 'reopen' and v_reporter and (v_report."loop" <> 'open' or v_report.status <> 'active') then
    update app.reports set
      loop = 'open', status = 'active', taken_by = null, taken_at = null, done_at = null, closed_at = null
    where id = v_report.id;
    update app.report_secrets set taker_hash = null, taker_caller_hash = null where report_id = v_report.id;
  elsif v_act = 'withdraw' and v_reporter then
    update app.reports set status = 'withdrawn' where id = v_report.id;
  else
    raise exception 'act_not_possible' using errcode = 'PT409';
  end if;
  update app.reports set updated_at = now(), version = version + 1 where id = v_report.id returning * into v_report;
  return jsonb_build_object('id', v_report.id, 'loop', v_report."loop", 'status', v_report.status);
end
$$;
comment on function public.move_report is
  'Moves a report along: done and release with the taker''s or the manage link, confirm, reopen and withdraw with the manage link.';

create function public.read_own_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_result jsonb;
begin
  perform app.spend('manage_report:' || (p ->> 'caller'), 120, interval '1 hour');
  select jsonb_build_object(
    'report', to_jsonb(c),
    'exact', case when s.exact_position is not null
                  then jsonb_build_object('lat', s.exact_position[1], 'lon', s.exact_position[0], 'line', s.exact_line) end,
    'author', jsonb_build_object('name', s.author_name, 'email', s.author_email, 'phone', s.author_phone),
    'sealed', case when z.report_id is null then null
              else jsonb_build_object('reason', z.reason, 'sealed_at', z.sealed_at, 'wipe_at', z.wipe_at) end,
    'confirmations', coalesce((
      select jsonb_agg(jsonb_build_object('verdict', f.verdict, 'said_at', f.said_at, 'by_reporter', f.by_reporter) order by f.said_at desc)
      from app.report_confirmations f where f.report_id = c.id
    ), '[]'::jsonb)
  ) into v_result
  from app.report_cards c
  join app.report_secrets s on s.report_id = c.id
  left join app.sealed_reports z on z.report_id = c.id
  where c.id = (p ->> 'report_id')::uuid and s.manage_hash = app.hash_of(p ->> 'manage_hash');
  return v_result;
end
$$;
comment on function public.read_own_report is 'Everything the holder of the manage link may see, the exact place among it. Null when the link is wrong or the report was wiped.';

create function public.edit_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before app.reports := app.own_report(p);
  v_kind app.report_kind := (p ->> 'kind')::app.report_kind;
  v_needed boolean := coalesce((p ->> 'needed')::boolean, false) or v_kind = 'volunteers_needed';
  -- What was protected once stays so: the place it was given for that reason is known by nobody.
  v_protected boolean := v_before.protected or app.is_protected(v_kind, v_needed, (p ->> 'private')::boolean);
  v_exact point := app.point_of(p);
  v_line jsonb := app.line_of(p -> 'line');
  v app.reports;
begin
  if v_before.version is distinct from (p ->> 'version')::integer then
    raise exception 'changed_meanwhile' using errcode = 'PT409';
  end if;
  if v_exact is null then
    raise exception 'location_required' using errcode = 'PT422', hint = 'location';
  end if;
  update app.reports set
    kind = v_kind, needed = v_needed, protected = v_protected,
    position = case when v_protected then app.displaced(v_exact, 1000) else v_exact end,
    line = case when not v_protected then v_line end,
    precision_m = case when v_protected then greatest(1000, (p ->> 'precision_m')::integer) else (p ->> 'precision_m')::integer end,
    road = p ->> 'road', place = p ->> 'place', state = (p ->> 'state')::app.road_state,
    passable = (p ->> 'passable')::app.passable, direction = coalesce((p ->> 'direction')::app.road_direction, 'both'),
    width_limit_m = (p ->> 'width_limit_m')::double precision, weight_limit_t = (p ->> 'weight_limit_t')::double precision,
    cause = p ->> 'cause', bypass = p ->> 'bypass', severity = coalesce((p ->> 'severity')::app.report_severity, 'unknown'),
    text = coalesce(p ->> 'text', ''), observed_at = least(coalesce((p ->> 'observed_at')::timestamptz, now()), now()),
    time_zone = coalesce(p ->> 'time_zone', time_zone), source_url = p ->> 'source_url',
    updated_at = now(), version = version + 1
  where id = v_before.id returning * into v;
  -- Whoever confirmed spoke of what it said before.
  if (v.kind, v.needed, v.state, v.passable, v.direction, v.position::text, v.line)
     is distinct from
     (v_before.kind, v_before.needed, v_before.state, v_before.passable, v_before.direction, v_before.position::text, v_before.line) then
    update app.reports set claimed_at = now() where id = v.id;
  end if;
  update app.report_secrets set
    exact_position = case when v_protected then v_exact end, exact_line = case when v_protected then v_line end,
    author_name = p ->> 'author_name', author_email = p ->> 'author_email', author_phone = p ->> 'author_phone'
  where report_id = v.id;
  perform app.derive_report(v.id);
  perform app.derive_priors_around(v.id);
  perform app.queue_disagreements(v.id);
  return jsonb_build_object('id', v.id, 'version', v.version);
end
$$;
comment on function public.edit_report is
  'Corrects an own report; all answers are given anew. Another claim begins without confirmations. Refused with changed_meanwhile when somebody changed it since it was read.';

create function public.extend_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports := app.own_report(p);
begin
  update app.reports set
    expires_at = least(greatest(expires_at, now()) + interval '30 days', now() + interval '360 days'),
    updated_at = now(), version = version + 1
  where id = v_report.id returning * into v_report;
  return jsonb_build_object('id', v_report.id, 'expires_at', v_report.expires_at);
end
$$;
comment on function public.extend_report is 'Thirty days more, never further than 360 days from today.';

create function app.seal_report(p_report app.reports, p_reason text, p_keep interval) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.sealed_reports (report_id, record, reason, wipe_at)
  values (p_report.id, to_jsonb(p_report), p_reason, now() + p_keep);
  -- What stays says that there was a report of this kind in this event, and how it ended.
  update app.reports set
    publication = 'placeholder', position = null, line = null, precision_m = null, road = null, place = null, state = null,
    passable = null, direction = 'both', width_limit_m = null, weight_limit_t = null, cause = null, bypass = null,
    severity = 'unknown', text = '', language = null, time_zone = null, taken_by = null, source_name = null, source_url = null,
    source_key = null, photo_id = null, correct_text = null, duplicate_of = null, confirmations = 0, denials = 0,
    support = 0, opposition = 0, prior_support = 0, prior_opposition = 0, prior_callers = 0, prior_at = null,
    expires_at = least(expires_at, now()), updated_at = now(), version = version + 1
  where id = p_report.id;
end
$$;
comment on function app.seal_report is 'Takes everything that was said out of the report at once and keeps it sealed for p_keep.';
grant execute on function app.seal_report to service_role;

create function public.delete_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports := app.own_report(p);
begin
  perform app.seal_report(v_report, 'deleted', interval '3 days');
  return jsonb_build_object('id', v_report.id, 'restore_until', now() + interval '3 days');
end
$$;
comment on function public.delete_report is 'Takes an own report away now. It can be restored for three days; then it is wiped.';

create function public.restore_report(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_sealed app.sealed_reports;
  v app.reports;
begin
  perform app.spend('manage_report:' || (p ->> 'caller'), 120, interval '1 hour');
  if not exists (
    select from app.report_secrets
    where report_id = (p ->> 'report_id')::uuid and manage_hash = app.hash_of(p ->> 'manage_hash')
  ) then
    raise exception 'token_wrong' using errcode = 'PT403';
  end if;
  delete from app.sealed_reports
  where report_id = (p ->> 'report_id')::uuid and reason in ('deleted', 'expired') and wipe_at > now()
  returning * into v_sealed;
  if not found then
    raise exception 'restore_too_late' using errcode = 'PT410';
  end if;
  v := jsonb_populate_record(null::app.reports, v_sealed.record);
  update app.reports set
    publication = v.publication, position = v.position, line = v.line, precision_m = v.precision_m, road = v.road,
    place = v.place, state = v.state, passable = v.passable, direction = v.direction, width_limit_m = v.width_limit_m,
    weight_limit_t = v.weight_limit_t, cause = v.cause, bypass = v.bypass, severity = v.severity, text = v.text,
    language = v.language, time_zone = v.time_zone, taken_by = v.taken_by, source_name = v.source_name,
    source_url = v.source_url, source_key = v.source_key, photo_id = v.photo_id, correct_text = v.correct_text,
    duplicate_of = (select o.id from app.reports o where o.id = v.duplicate_of),
    expires_at = greatest(v.expires_at, now() + interval '30 days'), updated_at = now(), version = version + 1
  where id = v.id;
  perform app.derive_report(v.id);
  return jsonb_build_object('id', v.id);
end
$$;
comment on function public.restore_report is 'Brings back a report its author deleted, or one that ran out, within the days it is kept sealed.';

create function public.seal_expired_reports(p_limit integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_report app.reports;
  v_count integer := 0;
begin
  for v_report in
    select * from app.reports where publication in ('published', 'held', 'hidden') and expires_at <= now()
    order by expires_at limit p_limit for update skip locked
  loop
    perform app.seal_report(v_report, 'expired', interval '1 day');
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
comment on function public.seal_expired_reports is 'Takes away reports past their time. What they said is wiped a day later.';

create function public.wipe_sealed_reports(p_limit integer) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  for v_id in select report_id from app.sealed_reports where wipe_at <= now() order by wipe_at limit p_limit for update skip locked loop
    return query select f.path from app.report_photos f where f.report_id = v_id and f.path is not null;
    delete from app.report_photos where report_id = v_id;
    delete from app.queue_items where subject_type = 'report' and subject_id = v_id;
    delete from app.report_confirmations where report_id = v_id;
    delete from app.report_secrets where report_id = v_id;
    delete from app.sealed_reports where report_id = v_id;
  end loop;
end
$$;
comment on function public.wipe_sealed_reports is 'Deletes what was sealed and is past its time, for good. Gives the storage paths of photos to remove.';

do $$
declare
  v_name text;
begin
  foreach v_name in array array[
    'post_report(jsonb)', 'confirm_report(jsonb)', 'take_report(jsonb)', 'move_report(jsonb)', 'read_own_report(jsonb)',
    'edit_report(jsonb)', 'extend_report(jsonb)', 'delete_report(jsonb)', 'restore_report(jsonb)',
    'seal_expired_reports(integer)', 'wipe_sealed_reports(integer)'
  ] loop
    execute format('revoke execute on function public.%s from public', v_name);
    execute format('grant execute on function public.%s to service_role', v_name);
  end loop;
end
$$;
