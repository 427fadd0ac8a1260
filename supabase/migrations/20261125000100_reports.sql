-- Reports from the ground: what is true at a place or along a road, who else says so, and what has been done about it.
-- What may be shown stands in reports; exact places of protected reports, contact details and the hashes of secret links
-- stand one-to-one in report_secrets, which no view touches. A protected report is shown at a place of its own that is
-- the middle of a cell: it never moves, so that asking again, from anywhere and by any filter, tells nothing more.

create type app.report_kind as enum (
  'road', 'bridge', 'landslide', 'flood', 'fire', 'building', 'hazard', 'shelter', 'water', 'food', 'medical', 'power',
  'communications', 'transport', 'volunteers_needed', 'other'
);
create type app.road_state as enum ('closed', 'single_lane', 'passable_with_care', 'open');
create type app.passable as enum ('none', 'foot', 'motorcycle', 'four_wheel_drive', 'car', 'truck', 'heavy');
comment on type app.passable is 'The largest that passes, smallest first: what passes lets everything before it pass.';
create type app.report_severity as enum ('unknown', 'minor', 'moderate', 'severe', 'extreme');
create type app.report_status as enum ('active', 'cleared', 'withdrawn');
comment on type app.report_status is 'cleared: it was so and is no longer. withdrawn: it should not have been said.';
create type app.report_loop as enum ('open', 'taken', 'done', 'confirmed');
create type app.road_direction as enum ('both', 'forward', 'backward');
create type app.report_source as enum ('crowd', 'linked', 'imported', 'official');
comment on type app.report_source is 'Who speaks: somebody on the spot, somebody with a source to look up, another system, an authority.';
create type app.report_verification as enum ('unreviewed', 'accepted', 'confirmed', 'verified');
create type app.verdict as enum ('still', 'changed', 'cleared', 'wrong');

create table app.report_measures (
  kind app.report_kind primary key,
  half_life_hours integer not null,
  reach_metres integer not null,
  constraint report_measures_must_be_above_zero check (half_life_hours > 0 and reach_metres > 0)
);
comment on table app.report_measures is
  'How fast what a report of a kind said stops being true, and how far away another of its kind still says something. The same numbers stand in features/map/confidence.ts; a test compares them.';
insert into app.report_measures (kind, half_life_hours, reach_metres) values
  ('road', 12, 300), ('bridge', 72, 100), ('landslide', 24, 300), ('flood', 6, 500), ('fire', 3, 500), ('building', 72, 100),
  ('hazard', 12, 200), ('shelter', 24, 100), ('water', 12, 200), ('food', 6, 200), ('medical', 24, 200), ('power', 12, 1000),
  ('communications', 12, 2000), ('transport', 6, 500), ('volunteers_needed', 12, 300), ('other', 12, 200);

create table app.reports (
  id uuid primary key default gen_random_uuid(),
  event_id uuid not null references app.events on delete restrict,
  kind app.report_kind not null,
  needed boolean not null default false,
  protected boolean not null default false,
  position point,
  line jsonb,
  precision_m integer,
  -- set by tg_reports__place from position and line
  extent box,
  cell bigint,
  road text,
  place text,
  state app.road_state,
  passable app.passable,
  direction app.road_direction not null default 'both',
  width_limit_m double precision,
  weight_limit_t double precision,
  cause text,
  bypass text,
  severity app.report_severity not null default 'unknown',
  text text not null default '',
  language text,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  expires_at timestamptz not null,
  expiry_days smallint not null default 30,
  time_zone text,
  status app.report_status not null default 'active',
  loop app.report_loop not null default 'open',
  taken_by text,
  taken_at timestamptz,
  done_at timestamptz,
  closed_at timestamptz,
  source app.report_source not null default 'crowd',
  source_name text,
  source_url text,
  source_key text,
  publication app.publication not null default 'published',
  photo_id uuid,
  accepted_at timestamptz,
  verified_at timestamptz,
  false_at timestamptz,
  correct_text text,
  duplicate_of uuid references app.reports on delete set null,
  -- What is confirmed is what was said since then: another claim begins anew.
  claimed_at timestamptz not null default now(),
  -- derived from what is said of it by app.derive_report: the tally of features/map/confidence.ts
  confirmations integer not null default 0,
  denials integer not null default 0,
  support double precision not null default 0,
  opposition double precision not null default 0,
  affirmed_at timestamptz not null,
  heard_at timestamptz not null,
  stale_at timestamptz not null,
  -- derived from other callers' reports near by by app.derive_prior
  prior_support double precision not null default 0,
  prior_opposition double precision not null default 0,
  prior_callers integer not null default 0,
  prior_at timestamptz,
  version integer not null default 1,
  constraint reports_must_have_a_place check (publication = 'placeholder' or position is not null),
  constraint reports_positions_lie_on_earth check (position[0] between -180 and 180 and position[1] between -90 and 90),
  constraint reports_lines_cannot_be_points_or_endless check (
    jsonb_typeof(line) = 'array' and jsonb_array_length(line) between 2 and 2000 and octet_length(line::text) <= 100000
  ),
  constraint reports_cannot_draw_what_is_protected check (not protected or line is null),
  constraint reports_cannot_show_needs_exactly check (protected or not needed and kind <> 'volunteers_needed'),
  constraint reports_texts_cannot_be_endless check (
    char_length(text) <= 10000 and char_length(bypass) <= 10000 and char_length(correct_text) <= 10000
  ),
  constraint reports_lines_of_text_cannot_be_endless check (
    char_length(road) <= 600 and char_length(place) <= 600 and char_length(cause) <= 600 and char_length(taken_by) <= 500
    and char_length(source_name) <= 600 and char_length(source_url) <= 2000 and char_length(source_key) <= 600
    and char_length(language) <= 40 and char_length(time_zone) <= 60
  ),
  constraint reports_limits_are_plausible check (
    width_limit_m > 0 and width_limit_m <= 100 and weight_limit_t > 0 and weight_limit_t <= 500
  ),
  constraint reports_cannot_stay_longer_than_a_year check (expiry_days between 1 and 360),
  constraint reports_taken_ones_are_somebodys check (
    publication = 'placeholder' or loop not in ('taken', 'done') or coalesce(btrim(taken_by), '') <> ''
  )
)
with (fillfactor = 90);
comment on table app.reports is 'One row a report as it may be shown. A protected one stands at its displaced place; see report_secrets.';
comment on column app.reports.cell is 'Morton code of the web-mercator tile at zoom 22 that position falls in: two bits a level, so that a larger tile is a range.';
comment on column app.reports.needed is 'What the kind names is missing here and asked for; otherwise it is there, or in the way.';
comment on column app.reports.extent is 'Box around the report; its east is beyond 180 where a line crosses the antimeridian.';
comment on column app.reports.support is 'Voices for the report as they stood at affirmed_at; opposition: voices against. See features/map/confidence.ts.';

create index reports_newest_idx on app.reports (observed_at desc, id desc) where publication = 'published';
create index reports_event_newest_idx on app.reports (event_id, observed_at desc, id desc) where publication = 'published';
create index reports_extent_idx on app.reports using gist (extent) where publication = 'published';
create index reports_updated_idx on app.reports (updated_at, id);
create index reports_expiry_idx on app.reports (expires_at) where publication in ('published', 'held', 'hidden');
create unique index reports_source_key_idx on app.reports (source_name, source_key) where source_key is not null;
create index reports_duplicate_of_idx on app.reports (duplicate_of) where duplicate_of is not null;

create table app.report_secrets (
  report_id uuid primary key references app.reports on delete cascade,
  exact_position point,
  exact_line jsonb,
  author_hash bytea,
  author_name text,
  author_email text,
  author_phone text,
  manage_hash bytea,
  taker_hash bytea,
  taker_caller_hash bytea,
  language text not null default 'zh-TW',
  constraint report_secrets_details_cannot_be_endless check (
    char_length(author_name) <= 500 and char_length(author_email) <= 254 and char_length(author_phone) <= 40
  )
);
comment on table app.report_secrets is
  'Exact places of protected reports, contact details and the hashes of secret links. Staff and commands only.';

create table app.report_confirmations (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references app.reports on delete cascade,
  caller_hash bytea not null,
  verdict app.verdict not null,
  said_at timestamptz not null default now(),
  -- Whoever said it first cannot be the one who confirms it.
  by_reporter boolean not null default false
);
create unique index report_confirmations_one_each_idx on app.report_confirmations (report_id, caller_hash);
comment on table app.report_confirmations is
  'Who says a report still holds or no longer does: one word a caller, the newest. A caller is a hash that means nothing outside this report.';

create table app.report_photos (
  id uuid primary key,
  report_id uuid not null references app.reports on delete cascade,
  publication app.publication not null default 'published',
  width integer not null,
  height integer not null,
  bytes bytea,
  path text,
  created_at timestamptz not null default now(),
  constraint report_photos_are_small check (octet_length(bytes) <= 400000),
  constraint report_photos_have_one_home check (num_nonnulls(bytes, path) = 1)
);
create index report_photos_report_id_idx on app.report_photos (report_id);
comment on table app.report_photos is 'Photos of reports as they are kept: re-encoded, without a trace of where and with what they were taken.';
alter table app.reports add constraint reports_photo_id_fkey foreign key (photo_id) references app.report_photos (id) on delete set null;
create index reports_photo_id_idx on app.reports (photo_id) where photo_id is not null;

create table app.sealed_reports (
  report_id uuid primary key references app.reports on delete cascade,
  record jsonb not null,
  reason text not null,
  sealed_at timestamptz not null default now(),
  wipe_at timestamptz not null,
  constraint sealed_reports_reasons_are_known check (reason in ('deleted', 'expired', 'removed'))
);
create index sealed_reports_wipe_at_idx on app.sealed_reports (wipe_at);
comment on table app.sealed_reports is 'What a report said before it was deleted or ran out, kept sealed until it may no longer be restored.';

alter table app.report_measures enable row level security;
alter table app.reports enable row level security;
alter table app.report_secrets enable row level security;
alter table app.report_confirmations enable row level security;
alter table app.report_photos enable row level security;
alter table app.sealed_reports enable row level security;

create policy "Everybody reads published reports" on app.reports for select to anon, authenticated
  using (publication = 'published');
create policy "Everybody reads that reports were deleted or ran out" on app.reports for select to anon, authenticated
  using (publication = 'placeholder');
create policy "Everybody reads what is said of published reports" on app.report_confirmations for select to anon, authenticated
  using (report_id in (select r.id from app.reports r where r.id = report_id and r.publication = 'published'));
create policy "Everybody reads published photos of published reports" on app.report_photos for select to anon, authenticated
  using (publication = 'published' and report_id in (
    select r.id from app.reports r where r.id = report_id and r.publication = 'published'
  ));
-- No policy on measures, secrets and sealed reports: visitors never read them.
-- No insert, update or delete for visitors anywhere: posting goes through the commands of service_role.

grant select on app.reports to anon, authenticated;
grant select (id, report_id, verdict, said_at, by_reporter) on app.report_confirmations to anon, authenticated;
grant select (id, report_id, publication, width, height, bytes, path) on app.report_photos to anon, authenticated;
grant select on app.report_measures to service_role;
grant select, insert, update, delete on
  app.reports, app.report_secrets, app.report_confirmations, app.report_photos, app.sealed_reports
to service_role;

create function app.spread_bits(p bigint) returns bigint
language plpgsql immutable set search_path = '' as $$
begin
  p := (p | (p << 16)) & x'0000ffff0000ffff'::bigint;
  p := (p | (p << 8)) & x'00ff00ff00ff00ff'::bigint;
  p := (p | (p << 4)) & x'0f0f0f0f0f0f0f0f'::bigint;
  p := (p | (p << 2)) & x'3333333333333333'::bigint;
  return (p | (p << 1)) & x'5555555555555555'::bigint;
end
$$;
create function app.interleaved(p_x bigint, p_y bigint) returns bigint
language sql immutable set search_path = '' as $$
  select app.spread_bits(p_y) << 1 | app.spread_bits(p_x)
$$;
comment on function app.interleaved is 'Morton code of a column and a row of at most 22 bits: row bits before column bits.';
grant execute on function app.interleaved, app.spread_bits to anon, authenticated, service_role;

-- The number of a place on the grid that every view shares: the bits of column and row of its tile, interleaved.
create function app.grid_cell(p_position point) returns bigint
language plpgsql immutable set search_path = '' as $$
declare
  v_lat double precision := radians(greatest(-85.0511287798, least(85.0511287798, p_position[1])));
  v_x bigint := least(4194303, greatest(0, floor((p_position[0] + 180) / 360 * 4194304)))::bigint;
  v_y bigint := least(4194303, greatest(0, floor((0.5 - ln((1 + sin(v_lat)) / (1 - sin(v_lat))) / (4 * pi())) * 4194304)))::bigint;
begin
  if p_position is null then
    return null;
  end if;
  return app.interleaved(v_x, v_y);
end
$$;
comment on function app.grid_cell is 'Morton code (row bits before column bits) of the web-mercator tile at zoom 22; beyond 85.05 degrees the outermost row.';
grant execute on function app.grid_cell to service_role;

-- The middle of the cell of about that many metres that a place falls in, as roundToGrid in app/formats/geometry.ts has it:
-- rows of one height, fewer cells a row towards the poles, so that a cell is never smaller than it says.
create function app.displaced(p_position point, p_metres double precision) returns point
language plpgsql immutable set search_path = '' as $$
declare
  v_degree constant double precision := 6371008.8 * pi() / 180;
  v_rows integer := greatest(1, round(180 * v_degree / p_metres));
  v_height double precision := 180.0 / v_rows;
  v_row integer := least(v_rows - 1, floor((p_position[1] + 90) / v_height));
  v_middle double precision := -90 + (v_row + 0.5) * v_height;
  v_columns integer := greatest(1, round(360 * v_degree * cos(radians(v_middle)) / p_metres));
  v_width double precision := 360.0 / v_columns;
  v_column integer := least(v_columns - 1, floor((p_position[0] + 180) / v_width));
begin
  return point(
    round((-180 + (v_column + 0.5) * v_width)::numeric, 6)::double precision, round(v_middle::numeric, 6)::double precision
  );
end
$$;
comment on function app.displaced is 'Where a protected report is shown: the middle of its cell. Every place of the cell gives the same answer.';
grant execute on function app.displaced to service_role;

create function app.metres_between(a point, b point) returns double precision
language sql immutable set search_path = '' as $$
  select 2 * 6371008.8 * asin(least(1, sqrt(
    power(sin(radians(b[1] - a[1]) / 2), 2) + cos(radians(a[1])) * cos(radians(b[1])) * power(sin(radians(b[0] - a[0]) / 2), 2)
  )))
$$;
grant execute on function app.metres_between to anon, authenticated, service_role;

create function app.tg_reports__place() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_one jsonb;
  v_lon double precision;
  v_before double precision;
  v_shift double precision := 0;
  v_west double precision;
  v_east double precision;
  v_south double precision;
  v_north double precision;
begin
  new.cell := case when new.position is not null then app.grid_cell(new.position) end;
  new.extent := case when new.position is not null then box(new.position, new.position) end;
  if new.line is not null then
    for v_one in select jsonb_array_elements(new.line) loop
      v_lon := (v_one ->> 0)::double precision;
      -- A step of more than half a turn goes the other way round.
      v_shift := v_shift + case when v_lon - v_before > 180 then -360 when v_lon - v_before < -180 then 360 else 0 end;
      v_before := v_lon;
      v_west := least(v_west, v_lon + v_shift);
      v_east := greatest(v_east, v_lon + v_shift);
      v_south := least(v_south, (v_one ->> 1)::double precision);
      v_north := greatest(v_north, (v_one ->> 1)::double precision);
    end loop;
    if v_west < -180 then
      v_west := v_west + 360;
      v_east := v_east + 360;
    end if;
    new.extent := box(point(v_west, v_south), point(v_east, v_north));
  end if;
  -- Three half-lives without a new sighting.
  new.stale_at := new.affirmed_at + 3 * make_interval(hours => (select m.half_life_hours from app.report_measures m where m.kind = new.kind));
  return new;
end
$$;
create trigger _100_place before insert or update of position, line, affirmed_at, kind on app.reports
  for each row execute function app.tg_reports__place();

-- What stands behind a report: the tally of features/map/confidence.ts, tallyOf, word for word. One word each caller, the
-- newest, about what the report claims now. The reporter's own word keeps it fresh or takes their voice away, but confirms nothing.
create function app.derive_report(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_hours double precision;
  v_own app.report_confirmations;
  v_own_at timestamptz;
  v_own_voices double precision;
  v_affirmed timestamptz;
  v_heard timestamptz;
begin
  select * into v from app.reports where id = p_id and publication <> 'placeholder';
  if not found then
    return;
  end if;
  select m.half_life_hours into v_hours from app.report_measures m where m.kind = v.kind;
  select * into v_own from app.report_confirmations c where c.report_id = p_id and c.by_reporter and c.said_at >= v.claimed_at;
  v_own_at := case when v_own.verdict = 'still' then greatest(v.observed_at, v_own.said_at) else v.observed_at end;
  v_own_voices := case
    when v_own.verdict <> 'still' then 0.1
    when v.source = 'official' then 6
    when v.source in ('linked', 'imported') then 1.5
    else 1
  end;
  select greatest(v_own_at, max(c.said_at) filter (where c.verdict = 'still' and not c.by_reporter)),
         greatest(v.observed_at, max(c.said_at))
  into v_affirmed, v_heard
  from app.report_confirmations c where c.report_id = p_id and c.said_at >= v.claimed_at;
  update app.reports r set
    confirmations = d.confirmations, denials = d.denials, affirmed_at = v_affirmed, heard_at = v_heard,
    support = d.support + v_own_voices * app.faded(v_affirmed - v_own_at, v_hours), opposition = d.opposition, updated_at = now()
  from (
    select
      count(*) filter (where c.verdict = 'still') as confirmations,
      count(*) filter (where c.verdict <> 'still') as denials,
      coalesce(sum(app.faded(v_affirmed - c.said_at, v_hours)) filter (where c.verdict = 'still'), 0) as support,
      coalesce(sum(case when c.verdict = 'changed' then 0.5 else 1 end * app.faded(v_affirmed - c.said_at, v_hours))
               filter (where c.verdict <> 'still'), 0) as opposition
    from app.report_confirmations c where c.report_id = p_id and not c.by_reporter and c.said_at >= v.claimed_at
  ) d
  where r.id = p_id;
end
$$;
grant execute on function app.derive_report to service_role;

create function app.faded(p_age interval, p_half_life_hours double precision) returns double precision
language sql immutable set search_path = '' as $$
  select power(2, -least(1000, greatest(0, extract(epoch from p_age)::double precision) / (p_half_life_hours * 3600)))
$$;
comment on function app.faded is 'What is left of a voice of that age.';
grant execute on function app.faded to service_role;

-- What other callers' reports of the same kind near by say: priorFrom of features/map/confidence.ts.
create function app.derive_prior(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.reports;
  v_measures app.report_measures;
  v_author bytea;
  v_reach double precision;
  v_lat double precision;
  v_lon double precision;
  v_box box;
begin
  select * into v from app.reports where id = p_id and publication <> 'placeholder';
  if not found then
    return;
  end if;
  select * into v_measures from app.report_measures where kind = v.kind;
  select author_hash into v_author from app.report_secrets where report_id = p_id;
  -- Beyond that a voice weighs less than a fiftieth and is left out.
  v_reach := 5.7 * v_measures.reach_metres;
  v_lat := v_reach / 111195;
  v_lon := least(180, v_reach / (111195 * greatest(0.01, cos(radians(v.position[1])))));
  v_box := box(point(v.position[0] - v_lon, v.position[1] - v_lat), point(v.position[0] + v_lon, v.position[1] + v_lat));
  with near as (
    select r.observed_at, s.author_hash, app.metres_to(r.position, r.line, v.position) as metres, r.source,
           coalesce(app.road_word(r.state, r.passable) = app.road_word(v.state, v.passable), true) and r.needed = v.needed as agrees,
           r.support * app.faded(now() - r.affirmed_at, v_measures.half_life_hours) as support, r.opposition
    from app.reports r left join app.report_secrets s on s.report_id = r.id
    where r.publication = 'published' and r.status = 'active' and r.kind = v.kind and r.event_id = v.event_id and r.id <> p_id
      and s.author_hash is distinct from v_author
      and (r.extent && v_box or r.extent && (v_box + point(360, 0)) or r.extent && (v_box - point(360, 0)))
    order by r.observed_at desc limit 200
  ), weighed as (
    select distinct on (n.author_hash) n.agrees,
           power(2, -n.metres / v_measures.reach_metres)
           * app.faded((select max(observed_at) from near) - n.observed_at, v_measures.half_life_hours)
           * (n.support / (n.support + 1 + n.opposition)) as weight
    from near n
    order by n.author_hash,
             power(2, -n.metres / v_measures.reach_metres)
             * app.faded((select max(observed_at) from near) - n.observed_at, v_measures.half_life_hours)
             * (n.support / (n.support + 1 + n.opposition)) desc
  )
  update app.reports r set
    prior_support = 5 * (1 - exp(-d.supporting / 5)), prior_opposition = 5 * (1 - exp(-d.opposing / 5)),
    prior_callers = d.callers, prior_at = d.newest
  from (
    select coalesce(sum(w.weight) filter (where w.agrees), 0) as supporting,
           coalesce(sum(w.weight) filter (where not w.agrees), 0) as opposing,
           count(*) as callers, (select max(observed_at) from near) as newest
    from weighed w where w.weight >= 0.02
  ) d
  where r.id = p_id
    and (r.prior_support, r.prior_opposition, r.prior_callers, r.prior_at)
        is distinct from (5 * (1 - exp(-d.supporting / 5)), 5 * (1 - exp(-d.opposing / 5)), d.callers::integer, d.newest);
end
$$;
grant execute on function app.derive_prior to service_role;

-- One shape of a report for every reader: pages, API, feeds and the commands.
create view app.report_cards with (security_invoker = true) as
select r.id, e.slug as event, e.drill, e.invented, r.kind, r.needed, r.protected,
       case
         when r.line is not null then jsonb_build_object('type', 'LineString', 'coordinates', r.line)
         when r.position is not null then jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(r.position[0], r.position[1]))
       end as geometry,
       r.position[1] as lat, r.position[0] as lon, r.precision_m,
       r.road, r.place, r.state, r.passable, r.direction, r.width_limit_m, r.weight_limit_t, r.cause, r.bypass,
       r.severity, r.text, r.language, r.observed_at, r.created_at, r.updated_at, r.expires_at, r.time_zone,
       r.status, r.loop, r.taken_by, r.taken_at, r.done_at, r.closed_at,
       r.source, r.source_name, r.source_url, r.photo_id, r.correct_text, r.duplicate_of,
       (case
         when r.accepted_at is null and r.verified_at is null and r.source <> 'official' then 'unreviewed'
         when r.verified_at is not null or r.source = 'official' then 'verified'
         when r.confirmations >= 2 and r.confirmations > r.denials then 'confirmed'
         else 'accepted'
       end)::app.report_verification as verification,
       case when r.false_at is not null then 'false' when r.verified_at is not null then 'verified' end as staff,
       r.confirmations, r.denials, r.support, r.opposition, r.affirmed_at, r.heard_at,
       r.prior_support, r.prior_opposition, r.prior_callers, r.prior_at, r.stale_at,
       r.stale_at <= now() as stale, r.publication, r.version
from app.reports r
join app.events e on e.id = r.event_id;
grant select on app.report_cards to anon, authenticated, service_role;

create view public.reports with (security_invoker = true) as
select * from app.report_cards where publication = 'published';
comment on view public.reports is 'Published reports. Those that are protected stand at their displaced place.';
grant select on public.reports to anon, authenticated;

create view public.report_confirmations with (security_invoker = true) as
select c.id, c.report_id, c.verdict, c.said_at, c.by_reporter from app.report_confirmations c;
comment on view public.report_confirmations is 'What was said of a published report and when. Nobody learns by whom.';
grant select on public.report_confirmations to anon, authenticated;

create view public.report_placeholders with (security_invoker = true) as
select r.id, r.updated_at from app.reports r where r.publication = 'placeholder';
comment on view public.report_placeholders is 'That there was a report which was deleted or ran out.';
grant select on public.report_placeholders to anon, authenticated;

create function public.report_photo(p_id uuid) returns table (content text, path text)
language sql stable set search_path = '' as $$
  select encode(f.bytes, 'base64'), f.path from app.report_photos f where f.id = p_id
$$;
comment on function public.report_photo is 'A published photo of a report as base64 JPEG, or its path in storage. RLS decides whether the caller sees it.';
revoke execute on function public.report_photo from public;
grant execute on function public.report_photo to anon, authenticated;

-- Finding goes around RLS for the reason app.find_page does. The rule of the policy stands in the query, and it gives ids
-- alone, which the caller then reads through the view and its policies. A box asks where a report is shown, never where
-- a protected one is.
create function app.find_reports(p jsonb) returns table (report_id uuid, nth bigint)
language plpgsql stable security definer rows 100 set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_event uuid := (select e.id from app.events e where e.slug = p ->> 'event');
  v_drills uuid[] := array(select e.id from app.events e where e.drill);
  v_kinds app.report_kind[] := app.text_array(p -> 'kind')::app.report_kind[];
  v_state app.road_state := (p ->> 'state')::app.road_state;
  v_passable app.passable := (p ->> 'passable')::app.passable;
  v_since timestamptz := (p ->> 'since')::timestamptz;
  v_status app.report_status := coalesce(p ->> 'status', 'active')::app.report_status;
  v_loop app.report_loop := (p ->> 'loop')::app.report_loop;
  v_stale boolean := (p ->> 'stale')::boolean;
  v_needed boolean := (p ->> 'needed')::boolean;
  v_source app.report_source := (p ->> 'source')::app.report_source;
  v_west double precision := (p -> 'bbox' ->> 0)::double precision;
  v_south double precision := (p -> 'bbox' ->> 1)::double precision;
  v_east double precision := (p -> 'bbox' ->> 2)::double precision;
  v_north double precision := (p -> 'bbox' ->> 3)::double precision;
  v_box box;
  v_before timestamptz := (p ->> 'before')::timestamptz;
  v_before_id uuid := (p ->> 'before_id')::uuid;
  v_by_place boolean := coalesce(p ->> 'sort', '') = 'place';
  v_limit integer := least(coalesce((p ->> 'limit')::integer, 50), 10001);
  v_offset integer := greatest(0, coalesce((p ->> 'offset')::integer, 0));
begin
  if v_west is not null then
    -- West beyond east crosses the antimeridian.
    v_box := box(point(v_west, v_south), point(case when v_west > v_east then v_east + 360 else v_east end, v_north));
  end if;
  if v_by_place then
    return query
      select f.id, row_number() over () from (
        select r.id from app.reports r
        where r.publication = 'published' and r.status = v_status
          and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
          and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
          and (v_state is null or r.state = v_state)
          and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
          and (v_since is null or r.observed_at >= v_since)
          and (v_loop is null or r.loop = v_loop)
          and (v_stale is null or v_stale and r.stale_at <= now() or not v_stale and r.stale_at > now())
          and (v_needed is null or r.needed = v_needed)
          and (v_source is null or r.source = v_source)
          and (v_box is null or r.extent && v_box or r.extent && (v_box + point(360, 0)) or r.extent && (v_box - point(360, 0)))
        order by r.road nulls last, r.place nulls last, r.cell, r.id
        limit v_limit offset v_offset
      ) f;
  else
    return query
      select f.id, row_number() over () from (
        select r.id from app.reports r
        where r.publication = 'published' and r.status = v_status
          and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
          and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
          and (v_state is null or r.state = v_state)
          and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
          and (v_since is null or r.observed_at >= v_since)
          and (v_loop is null or r.loop = v_loop)
          and (v_stale is null or v_stale and r.stale_at <= now() or not v_stale and r.stale_at > now())
          and (v_needed is null or r.needed = v_needed)
          and (v_source is null or r.source = v_source)
          and (v_box is null or r.extent && v_box or r.extent && (v_box + point(360, 0)) or r.extent && (v_box - point(360, 0)))
          and (v_before is null or (r.observed_at, r.id) < (v_before, v_before_id))
        order by r.observed_at desc, r.id desc
        limit v_limit
      ) f;
  end if;
end
$$;
comment on function app.find_reports is
  'Ids of published reports by the filters of public.list_reports, in order. Definer: behind the row policy no index of a filter would be used.';
revoke execute on function app.find_reports from public;
grant execute on function app.find_reports to anon, authenticated, service_role;

create function public.list_reports(p jsonb) returns setof public.reports
language sql stable set search_path = '' as $$
  select c.* from app.find_reports(p || jsonb_build_object('limit', least(coalesce((p ->> 'limit')::integer, 50), 1001))) f
  join public.reports c on c.id = f.report_id
  order by f.nth
$$;
comment on function public.list_reports is
  'Published reports by {event, kind[], state, passable, since, status, loop, stale, needed, source, bbox, sort, before, before_id, offset, limit}: newest first, or by road and place. Drills only by their own slug.';
revoke execute on function public.list_reports from public;
grant execute on function public.list_reports to anon, authenticated;

-- Near ones go around RLS for the same reason: the index of boxes finds them.
create function app.find_near_reports(
  p_position point, p_metres double precision, p_kind app.report_kind, p_event text, p_limit integer
) returns table (report_id uuid, metres double precision)
language plpgsql stable security definer rows 20 set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_event uuid := (select e.id from app.events e where e.slug = p_event);
  v_drills uuid[] := array(select e.id from app.events e where e.drill);
  v_lat double precision := p_metres / 111195;
  v_lon double precision := least(180, p_metres / (111195 * greatest(0.01, cos(radians(p_position[1])))));
  v_box box := box(point(p_position[0] - v_lon, p_position[1] - v_lat), point(p_position[0] + v_lon, p_position[1] + v_lat));
begin
  return query
    select n.id, n.metres from (
      select r.id, r.observed_at, app.metres_to(r.position, r.line, p_position) as metres
      from app.reports r
      where r.publication = 'published' and r.status = 'active'
        and (p_event is null and r.event_id <> all (v_drills) or r.event_id = v_event)
        and (p_kind is null or r.kind = p_kind)
        and (r.extent && v_box or r.extent && (v_box + point(360, 0)) or r.extent && (v_box - point(360, 0)))
      order by r.observed_at desc limit 500
    ) n
    where n.metres <= p_metres
    order by n.metres, n.observed_at desc
    limit least(p_limit, 100);
end
$$;
comment on function app.find_near_reports is
  'Ids of active published reports around a place and how far from it they are shown. Definer: behind the row policy the index of boxes would not be used.';
revoke execute on function app.find_near_reports from public;
grant execute on function app.find_near_reports to anon, authenticated, service_role;

create function app.metres_to(p_position point, p_line jsonb, p_from point) returns double precision
language sql immutable set search_path = '' as $$
  select case when p_line is null then app.metres_between(p_position, p_from) else (
    -- On a plane around the place asked for: good to a metre over the distances this is asked for.
    with corners as (
      select n, (((((c ->> 0)::double precision - p_from[0]) + 540)::numeric % 360)::double precision - 180)
                 * cos(radians(p_from[1])) * 111195 as x,
             ((c ->> 1)::double precision - p_from[1]) * 111195 as y
      from jsonb_array_elements(p_line) with ordinality as t (c, n)
    ), steps as (
      select x, y, lead(x) over w - x as dx, lead(y) over w - y as dy from corners window w as (order by n)
    ), shares as (
      select x, y, coalesce(dx, 0) as dx, coalesce(dy, 0) as dy,
             case when dx * dx + dy * dy > 0 then greatest(0, least(1, -(x * dx + y * dy) / (dx * dx + dy * dy))) else 0 end as t
      from steps
    )
    select min(sqrt(power(x + t * dx, 2) + power(y + t * dy, 2))) from shares
  ) end
$$;
comment on function app.metres_to is 'Metres from a place to a report: to its point, or to the nearest stretch of its line.';
grant execute on function app.metres_to to anon, authenticated, service_role;

create function public.near_reports(
  p_lat double precision, p_lon double precision, p_metres double precision, p_kind app.report_kind, p_event text, p_limit integer
) returns table (metres double precision, report jsonb)
language sql stable set search_path = '' as $$
  select f.metres, to_jsonb(c)
  from app.find_near_reports(point(p_lon, p_lat), least(p_metres, 100000), p_kind, p_event, p_limit) f
  join public.reports c on c.id = f.report_id
  order by f.metres
$$;
comment on function public.near_reports is 'Active published reports within p_metres of a place (at most 100 km), nearest first, with the distance to where they are shown.';
revoke execute on function public.near_reports from public;
grant execute on function public.near_reports to anon, authenticated;
