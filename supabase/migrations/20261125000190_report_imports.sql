-- Reports of other systems: files that an operator takes in, and the official layer that a job keeps up to date. They stand
-- beside what people on the spot say, under the name of where they come from. A second time changes nothing, a newer
-- version changes the report it is about, and what was taken away here does not come back.

create table app.report_imports (
  source_name text not null,
  source_key text not null,
  report_id uuid not null references app.reports on delete cascade,
  digest text not null,
  source_updated_at timestamptz,
  imported_at timestamptz not null default now(),
  primary key (source_name, source_key),
  constraint report_imports_names_cannot_be_endless check (char_length(source_name) <= 600 and char_length(source_key) <= 600)
);
create index report_imports_report_id_idx on app.report_imports (report_id);
comment on table app.report_imports is
  'Which report a record of another system became, and which version of it was read last. Several records can be versions of one report. Holds names and times, and nothing of what was said.';
alter table app.report_imports enable row level security;
-- No policy: only the commands look here.
grant select, insert, update, delete on app.report_imports to service_role;

create table app.official_feeds (
  name text primary key,
  issuer text not null,
  checked_at timestamptz not null,
  changed_at timestamptz,
  failed_at timestamptz,
  failure text,
  taken integer not null default 0,
  refused integer not null default 0,
  constraint official_feeds_names_are_short check (name ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$' and char_length(name) <= 40),
  constraint official_feeds_words_cannot_be_endless check (char_length(issuer) <= 300 and char_length(failure) <= 500)
);
comment on table app.official_feeds is
  'One row a feed of an authority that is read by the clock: when it was looked at, when it had something new, and why not if it could not be read. Everybody may know.';
alter table app.official_feeds enable row level security;
create policy "Everybody reads how fresh the official layer is" on app.official_feeds for select to anon, authenticated using (true);
-- No delete: a feed that is no longer read says since when.
grant select (name, issuer, checked_at, changed_at, failed_at) on app.official_feeds to anon, authenticated;
grant select, insert, update on app.official_feeds to service_role;

create view public.official_feeds with (security_invoker = true) as
select f.name, f.issuer, f.checked_at, f.changed_at, f.failed_at from app.official_feeds f;
comment on view public.official_feeds is 'The feeds of the official layer, when each was looked at last and when it had something new.';
grant select on public.official_feeds to anon, authenticated;

create function public.keep_feed_state(p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.official_feeds as f (name, issuer, checked_at, changed_at, failed_at, failure, taken, refused)
  values (
    p ->> 'name', p ->> 'issuer', now(), case when (p ->> 'changed')::boolean then now() end,
    case when p ->> 'failure' is not null then now() end, left(p ->> 'failure', 500),
    coalesce((p ->> 'taken')::integer, 0), coalesce((p ->> 'refused')::integer, 0)
  )
  on conflict (name) do update set
    issuer = excluded.issuer, checked_at = now(), changed_at = coalesce(excluded.changed_at, f.changed_at),
    failed_at = excluded.failed_at, failure = excluded.failure,
    taken = case when excluded.changed_at is not null then excluded.taken else f.taken end,
    refused = case when excluded.changed_at is not null then excluded.refused else f.refused end;
end
$$;
comment on function public.keep_feed_state is 'Keeps what became of looking at a feed: {name, issuer, changed, failure, taken, refused}.';
revoke execute on function public.keep_feed_state from public;
grant execute on function public.keep_feed_state to service_role;

create function app.event_around(p_position point, p_at timestamptz) returns uuid
language sql stable set search_path = '' as $$
  select e.id from app.events e
  where e.state <> 'closed' and not e.drill and e.west is not null
    and p_position[1] between e.south and e.north
    and (e.west <= e.east and p_position[0] between e.west and e.east
         or e.west > e.east and (p_position[0] >= e.west or p_position[0] <= e.east))
    and (e.started_at is null or p_at >= e.started_at - interval '7 days')
  -- The smallest box says most about a place.
  order by (e.north - e.south) * case when e.west <= e.east then e.east - e.west else e.east - e.west + 360 end, e.id
  limit 1
$$;
comment on function app.event_around is 'The open event whose area a place lies in, the smallest if there are several. Never a drill.';
grant execute on function app.event_around to service_role;

create function app.import_report(p jsonb, p_row jsonb) returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_source text := p ->> 'source_name';
  v_key text := p_row ->> 'source_key';
  v_official boolean := coalesce((p ->> 'official')::boolean, false);
  v_updated timestamptz := (p_row ->> 'updated_at')::timestamptz;
  v_digest text := md5((p_row - 'n')::text);
  v_ended boolean := coalesce((p_row ->> 'ended')::boolean, false);
  v_kind app.report_kind := (p_row ->> 'kind')::app.report_kind;
  v_exact point := app.point_of(p_row);
  v_line jsonb := app.line_of(p_row -> 'line');
  v_needed boolean := coalesce((p_row ->> 'needed')::boolean, false) or v_kind = 'volunteers_needed';
  v_protected boolean := app.is_protected(v_kind, v_needed, false);
  v_observed timestamptz := least((p_row ->> 'observed_at')::timestamptz, now());
  v_expires timestamptz := least(coalesce((p_row ->> 'expires_at')::timestamptz, now() + interval '30 days'), now() + interval '360 days');
  v_event uuid;
  v_known app.report_imports;
  v app.reports;
  v_id uuid := gen_random_uuid();
begin
  select * into v_known from app.report_imports i where i.source_name = v_source and i.source_key = v_key for update;
  if not found then
    -- A new message about something that is here already speaks of the same report.
    select i.* into v_known from app.report_imports i
    where i.source_name = v_source and i.source_key = any (app.text_array(p_row -> 'replaces'))
    order by i.imported_at desc limit 1 for update;
  end if;
  if v_known.report_id is not null then
    select * into v from app.reports r where r.id = v_known.report_id for update;
    if v.publication in ('placeholder', 'hidden') then
      return 'suppressed';
    end if;
    if v_known.source_key = v_key and v_known.digest = v_digest then
      return 'unchanged';
    end if;
    if v_updated < v_known.source_updated_at then
      return 'older';
    end if;
    insert into app.report_imports (source_name, source_key, report_id, digest, source_updated_at)
    values (v_source, v_key, v.id, v_digest, v_updated)
    on conflict (source_name, source_key) do update set
      digest = excluded.digest, source_updated_at = excluded.source_updated_at, imported_at = now();
    if v_ended then
      update app.reports set
        status = 'cleared', closed_at = coalesce(closed_at, now()), source_key = v_key, updated_at = now(), version = version + 1
      where id = v.id and status = 'active';
      return 'ended';
    end if;
  elsif v_ended then
    return 'nothing_to_end';
  end if;
  if v_exact is null then
    return 'no_place';
  end if;
  if v_expires <= now() then
    return 'expired';
  end if;
  v_event := case
    when p_row ->> 'event' is not null or p ->> 'event' is not null
      then (select e.id from app.events e where e.slug = coalesce(p_row ->> 'event', p ->> 'event'))
    else coalesce(app.event_around(v_exact, v_observed), (select e.id from app.events e where e.slug = 'everyday'))
  end;
  if v_event is null then
    return 'event_unknown';
  end if;

  if v_known.report_id is not null then
    update app.reports set
      kind = v_kind, position = case when v_protected then app.displaced(v_exact, 1000) else v_exact end,
      line = case when not v_protected then v_line end, needed = v_needed, protected = v_protected,
      precision_m = case when v_protected then greatest(1000, (p_row ->> 'precision_m')::integer) else (p_row ->> 'precision_m')::integer end,
      road = p_row ->> 'road', place = p_row ->> 'place', state = (p_row ->> 'state')::app.road_state,
      passable = (p_row ->> 'passable')::app.passable,
      direction = coalesce((p_row ->> 'direction')::app.road_direction, 'both'),
      width_limit_m = (p_row ->> 'width_limit_m')::double precision,
      weight_limit_t = (p_row ->> 'weight_limit_t')::double precision,
      cause = p_row ->> 'cause', bypass = p_row ->> 'bypass',
      severity = coalesce((p_row ->> 'severity')::app.report_severity, 'unknown'), text = coalesce(p_row ->> 'text', ''),
      language = p_row ->> 'language', observed_at = v_observed, expires_at = v_expires, status = 'active',
      source_url = p_row ->> 'source_url', source_key = v_key, claimed_at = now(), updated_at = now(), version = version + 1
    where id = v.id;
    update app.report_secrets set
      exact_position = case when v_protected then v_exact end, exact_line = case when v_protected then v_line end
    where report_id = v.id;
    perform app.derive_report(v.id);
    return 'updated';
  end if;

  insert into app.reports (
    id, event_id, kind, needed, protected, position, line, precision_m, road, place, state, passable, direction,
    width_limit_m, weight_limit_t, cause, bypass, severity, text, language, observed_at, expires_at, time_zone,
    source, source_name, source_url, source_key, accepted_at, affirmed_at, heard_at, stale_at
  ) values (
    v_id, v_event, v_kind, v_needed, v_protected,
    case when v_protected then app.displaced(v_exact, 1000) else v_exact end, case when not v_protected then v_line end,
    case when v_protected then greatest(1000, (p_row ->> 'precision_m')::integer) else (p_row ->> 'precision_m')::integer end,
    p_row ->> 'road', p_row ->> 'place', (p_row ->> 'state')::app.road_state, (p_row ->> 'passable')::app.passable,
    coalesce((p_row ->> 'direction')::app.road_direction, 'both'), (p_row ->> 'width_limit_m')::double precision,
    (p_row ->> 'weight_limit_t')::double precision, p_row ->> 'cause', p_row ->> 'bypass',
    coalesce((p_row ->> 'severity')::app.report_severity, 'unknown'), coalesce(p_row ->> 'text', ''), p_row ->> 'language',
    v_observed, v_expires, (select e.time_zone from app.events e where e.id = v_event),
    (case when v_official then 'official' else 'imported' end)::app.report_source, coalesce(p_row ->> 'issuer', v_source), p_row ->> 'source_url', v_key,
    case when v_official or coalesce((p ->> 'reviewed')::boolean, false) then now() end, v_observed, v_observed, v_observed
  );
  insert into app.report_secrets (report_id, exact_position, exact_line, author_hash)
  values (
    v_id, case when v_protected then v_exact end, case when v_protected then v_line end,
    -- However many records it sends, a source is one voice.
    app.caller_hash('report author', 'source ' || v_source)
  );
  insert into app.report_imports (source_name, source_key, report_id, digest, source_updated_at)
  values (v_source, v_key, v_id, v_digest, v_updated);
  perform app.derive_report(v_id);
  perform app.queue_disagreements(v_id);
  if not v_official then
    perform app.derive_priors_around(v_id);
  end if;
  return 'created';
end
$$;
comment on function app.import_report is 'Takes in one record of another system and says what became of it.';
grant execute on function app.import_report to service_role;

create function public.import_reports(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_row jsonb;
  v_told jsonb := '[]';
begin
  if p ->> 'event' is not null and not exists (select from app.events e where e.slug = p ->> 'event') then
    raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
  end if;
  for v_row in select jsonb_array_elements(p -> 'reports') loop
    v_told := v_told || jsonb_build_object('n', v_row -> 'n', 'outcome', app.import_report(p, v_row));
  end loop;
  return v_told;
end
$$;
comment on function public.import_reports is
  'Takes in records of one source: {source_name, official, reviewed, event, reports: [{n, source_key, replaces, updated_at, ended, and the fields of a report}]}. Answers n and outcome of each: created, updated, unchanged, older, ended, nothing_to_end, suppressed, no_place, expired or event_unknown. One that breaks a rule takes the whole call with it.';
revoke execute on function public.import_reports from public;
grant execute on function public.import_reports to service_role;
