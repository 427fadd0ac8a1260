-- How many reports stand in each cell of the global grid, kept beside the reports so that a view of the world over a
-- million of them reads a few thousand rows. A cell of level L is the web-mercator tile L/x/y; its number is the Morton
-- code of a report's cell without the bits below that level. See docs/decisions/0028.

create table app.report_counts (
  -- 1: all of an event. 2: by kind, state and passable. 3: by kind and day.
  grain smallint not null,
  level smallint not null,
  cell bigint not null,
  event_id uuid not null references app.events on delete restrict,
  kind app.report_kind,
  state app.road_state,
  passable app.passable,
  day date,
  -- how many of each severity, mildest first
  unknown integer not null default 0,
  minor integer not null default 0,
  moderate integer not null default 0,
  severe integer not null default 0,
  extreme integer not null default 0,
  sum_lon double precision not null default 0,
  sum_lat double precision not null default 0,
  newest timestamptz not null,
  -- the newest report; where there is but one, the one
  newest_id uuid not null,
  constraint report_counts_grains_are_known check (grain between 1 and 3)
)
with (fillfactor = 80);
comment on table app.report_counts is
  'Counts of published, active reports by cell, event and what a view filters by. Follows from app.reports; app.rebuild_report_counts makes it anew.';
create unique index report_counts_cell_idx on app.report_counts (grain, level, cell, event_id, kind, state, passable, day) nulls not distinct;
-- From a time on: far out, that is a few days of everywhere.
create index report_counts_day_idx on app.report_counts (level, day, cell) where grain = 3;
alter table app.report_counts enable row level security;
-- No policy: app.count_cells reads them, whose rule is in its query.
grant select, insert, update, delete on app.report_counts to service_role;

create index reports_cell_idx on app.reports (cell) include (
  event_id, kind, state, passable, severity, observed_at, status, loop, stale_at, needed, source
) where publication = 'published';
create index reports_stale_idx on app.reports (stale_at) include (
  cell, event_id, kind, state, passable, severity, observed_at, status, loop, needed, source
) where publication = 'published';
create index reports_time_idx on app.reports (observed_at) include (cell, event_id, kind, state, passable, severity, status)
  where publication = 'published';

-- In which grains and on which levels a report is counted.
create function app.counted_cells(p_cell bigint, p_kind app.report_kind, p_state app.road_state, p_passable app.passable, p_at timestamptz)
returns table (grain smallint, level smallint, cell bigint, kind app.report_kind, state app.road_state, passable app.passable, day date)
language sql immutable set search_path = '' as $$
  select g.grain, l.level::smallint, p_cell >> (2 * (22 - l.level)),
         case when g.grain > 1 then p_kind end, case when g.grain = 2 then p_state end,
         case when g.grain = 2 then p_passable end, case when g.grain = 3 then (p_at at time zone 'UTC')::date end
  from (values (1::smallint, 14), (2::smallint, 12), (3::smallint, 10)) as g (grain, deepest),
       generate_series(2, 14, 2) as l (level)
  where l.level <= g.deepest
$$;
grant execute on function app.counted_cells to service_role;

create function app.tg_reports__count_new() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- In one order everywhere, so that two posts at once never wait for each other in a circle.
  insert into app.report_counts as t (
    grain, level, cell, event_id, kind, state, passable, day, unknown, minor, moderate, severe, extreme, sum_lon, sum_lat, newest, newest_id
  )
  select c.grain, c.level, c.cell, n.event_id, c.kind, c.state, c.passable, c.day,
         count(*) filter (where n.severity = 'unknown'), count(*) filter (where n.severity = 'minor'),
         count(*) filter (where n.severity = 'moderate'), count(*) filter (where n.severity = 'severe'),
         count(*) filter (where n.severity = 'extreme'), sum(n.position[0]), sum(n.position[1]),
         max(n.observed_at), (array_agg(n.id order by n.observed_at desc))[1]
  from new_rows n, app.counted_cells(n.cell, n.kind, n.state, n.passable, n.observed_at) c
  where n.publication = 'published' and n.status = 'active'
  group by 1, 2, 3, 4, 5, 6, 7, 8
  order by 1, 2, 3, 4, 5, 6, 7, 8
  on conflict (grain, level, cell, event_id, kind, state, passable, day) do update set
    unknown = t.unknown + excluded.unknown, minor = t.minor + excluded.minor, moderate = t.moderate + excluded.moderate,
    severe = t.severe + excluded.severe, extreme = t.extreme + excluded.extreme,
    sum_lon = t.sum_lon + excluded.sum_lon, sum_lat = t.sum_lat + excluded.sum_lat,
    newest_id = case when excluded.newest >= t.newest then excluded.newest_id else t.newest_id end,
    newest = greatest(t.newest, excluded.newest);
  return null;
end
$$;
comment on function app.tg_reports__count_new is
  'With the rights of its owner, because staff may change reports but not write counts. Counts what was posted.';

create function app.tg_reports__count_changed() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_changed boolean;
  v_left record;
  v_id uuid;
  v_newest timestamptz;
begin
  -- Most changes are words of others, which move nothing on the grid.
  select true into v_changed
  from old_rows o join new_rows n on n.id = o.id
  where (o.publication = 'published' and o.status = 'active') <> (n.publication = 'published' and n.status = 'active')
     or n.publication = 'published' and n.status = 'active'
        and (o.cell, o.position::text, o.event_id, o.kind, o.state, o.passable, o.severity, o.observed_at)
            is distinct from (n.cell, n.position::text, n.event_id, n.kind, n.state, n.passable, n.severity, n.observed_at)
  limit 1;
  if v_changed is null then
    return null;
  end if;
  with moved as (
    select o.id, -1 as sign, o.cell, o.position, o.event_id, o.kind, o.state, o.passable, o.severity, o.observed_at
    from old_rows o join new_rows n on n.id = o.id
    where o.publication = 'published' and o.status = 'active'
      and (n.publication <> 'published' or n.status <> 'active'
           or (o.cell, o.position::text, o.event_id, o.kind, o.state, o.passable, o.severity, o.observed_at)
              is distinct from (n.cell, n.position::text, n.event_id, n.kind, n.state, n.passable, n.severity, n.observed_at))
    union all
    select n.id, 1, n.cell, n.position, n.event_id, n.kind, n.state, n.passable, n.severity, n.observed_at
    from old_rows o join new_rows n on n.id = o.id
    where n.publication = 'published' and n.status = 'active'
      and (o.publication <> 'published' or o.status <> 'active'
           or (o.cell, o.position::text, o.event_id, o.kind, o.state, o.passable, o.severity, o.observed_at)
              is distinct from (n.cell, n.position::text, n.event_id, n.kind, n.state, n.passable, n.severity, n.observed_at))
  ), deltas as (
    select c.grain, c.level, c.cell, m.event_id, c.kind, c.state, c.passable, c.day,
           coalesce(sum(m.sign) filter (where m.severity = 'unknown'), 0) as unknown,
           coalesce(sum(m.sign) filter (where m.severity = 'minor'), 0) as minor,
           coalesce(sum(m.sign) filter (where m.severity = 'moderate'), 0) as moderate,
           coalesce(sum(m.sign) filter (where m.severity = 'severe'), 0) as severe,
           coalesce(sum(m.sign) filter (where m.severity = 'extreme'), 0) as extreme,
           sum(m.sign * m.position[0]) as sum_lon, sum(m.sign * m.position[1]) as sum_lat,
           max(m.observed_at) as newest, (array_agg(m.id order by m.observed_at desc))[1] as newest_id,
           bool_or(m.sign < 0) as lessened
    from moved m, app.counted_cells(m.cell, m.kind, m.state, m.passable, m.observed_at) c
    group by 1, 2, 3, 4, 5, 6, 7, 8
  )
  insert into app.report_counts as t (
    grain, level, cell, event_id, kind, state, passable, day, unknown, minor, moderate, severe, extreme, sum_lon, sum_lat, newest, newest_id
  )
  select d.grain, d.level, d.cell, d.event_id, d.kind, d.state, d.passable, d.day,
         d.unknown, d.minor, d.moderate, d.severe, d.extreme, d.sum_lon, d.sum_lat, d.newest, d.newest_id
  from deltas d
  order by 1, 2, 3, 4, 5, 6, 7, 8
  on conflict (grain, level, cell, event_id, kind, state, passable, day) do update set
    unknown = t.unknown + excluded.unknown, minor = t.minor + excluded.minor, moderate = t.moderate + excluded.moderate,
    severe = t.severe + excluded.severe, extreme = t.extreme + excluded.extreme,
    sum_lon = t.sum_lon + excluded.sum_lon, sum_lat = t.sum_lat + excluded.sum_lat,
    newest_id = case when excluded.newest >= t.newest then excluded.newest_id else t.newest_id end,
    newest = greatest(t.newest, excluded.newest);
  -- What is empty goes. Where something was taken away, the newest of what is left is looked up.
  with touched as (
    select distinct c.grain, c.level, c.cell, o.event_id, c.kind, c.state, c.passable, c.day
    from old_rows o join new_rows n on n.id = o.id,
         app.counted_cells(o.cell, o.kind, o.state, o.passable, o.observed_at) c
    where o.publication = 'published' and o.status = 'active'
  )
  delete from app.report_counts t using touched c
  where t.grain = c.grain and t.level = c.level and t.cell = c.cell and t.event_id = c.event_id
    and t.kind is not distinct from c.kind and t.state is not distinct from c.state
    and t.passable is not distinct from c.passable and t.day is not distinct from c.day
    and t.unknown + t.minor + t.moderate + t.severe + t.extreme = 0;
  for v_left in
    select t.ctid as place, t.grain, t.level, t.cell, t.event_id, t.kind, t.state, t.passable, t.day
    from old_rows o join new_rows n on n.id = o.id
    cross join lateral app.counted_cells(o.cell, o.kind, o.state, o.passable, o.observed_at) c
    join app.report_counts t on t.grain = c.grain and t.level = c.level and t.cell = c.cell and t.event_id = o.event_id
      and t.kind is not distinct from c.kind and t.state is not distinct from c.state
      and t.passable is not distinct from c.passable and t.day is not distinct from c.day
    where o.publication = 'published' and o.status = 'active' and t.newest_id = o.id
    -- The finest first: each level above is looked up among the sixteen cells below.
    order by t.level desc
    for update of t
  loop
    if v_left.level = (case v_left.grain when 1 then 14 when 2 then 12 else 10 end) then
      select r.id, r.observed_at into v_id, v_newest from app.reports r
      where r.publication = 'published' and r.status = 'active' and r.event_id = v_left.event_id
        and r.cell between v_left.cell << (2 * (22 - v_left.level)) and ((v_left.cell + 1) << (2 * (22 - v_left.level))) - 1
        and (v_left.grain = 1 or r.kind = v_left.kind)
        and (v_left.grain <> 2 or r.state is not distinct from v_left.state and r.passable is not distinct from v_left.passable)
        and (v_left.day is null or r.observed_at >= v_left.day::timestamp at time zone 'UTC'
             and r.observed_at < (v_left.day + 1)::timestamp at time zone 'UTC')
      -- Not by the index of times, which would be walked to its end in an empty corner.
      order by r.observed_at + interval '0' desc limit 1;
    else
      select t.newest_id, t.newest into v_id, v_newest from app.report_counts t
      where t.grain = v_left.grain and t.level = v_left.level + 2 and t.cell between v_left.cell << 4 and (v_left.cell << 4) + 15
        and t.event_id = v_left.event_id and t.kind is not distinct from v_left.kind and t.state is not distinct from v_left.state
        and t.passable is not distinct from v_left.passable and t.day is not distinct from v_left.day
      order by t.newest desc limit 1;
    end if;
    if found then
      update app.report_counts t set newest = v_newest, newest_id = v_id where t.ctid = v_left.place;
    end if;
  end loop;
  return null;
end
$$;
comment on function app.tg_reports__count_changed is
  'With the rights of its owner, because staff may change reports but not write counts. Counts what was hidden, closed, moved or corrected.';

create function app.tg_reports__count_gone() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- Reports become placeholders and are not deleted; whoever does so by hand has the counts made anew.
  perform app.rebuild_report_counts();
  return null;
end
$$;
comment on function app.tg_reports__count_gone is
  'With the rights of its owner, because whoever deletes may not write counts. Makes all counts anew.';

create function app.rebuild_report_counts() returns bigint
language plpgsql volatile set search_path = '' as $$
declare
  v_grain record;
begin
  delete from app.report_counts;
  for v_grain in select c.grain, max(c.level) as deepest from app.counted_cells(0, 'road', null, null, now()) c group by 1 loop
    insert into app.report_counts (
      grain, level, cell, event_id, kind, state, passable, day, unknown, minor, moderate, severe, extreme, sum_lon, sum_lat, newest, newest_id
    )
    select c.grain, c.level, c.cell, n.event_id, c.kind, c.state, c.passable, c.day,
           count(*) filter (where n.severity = 'unknown'), count(*) filter (where n.severity = 'minor'),
           count(*) filter (where n.severity = 'moderate'), count(*) filter (where n.severity = 'severe'),
           count(*) filter (where n.severity = 'extreme'), sum(n.position[0]), sum(n.position[1]),
           max(n.observed_at), (array_agg(n.id order by n.observed_at desc))[1]
    from app.reports n, app.counted_cells(n.cell, n.kind, n.state, n.passable, n.observed_at) c
    where n.publication = 'published' and n.status = 'active' and c.grain = v_grain.grain and c.level = v_grain.deepest
    group by 1, 2, 3, 4, 5, 6, 7, 8;
    -- Sixteen cells of a level are one of the level kept above it.
    for v_level in reverse v_grain.deepest - 2 .. 2 by 2 loop
      insert into app.report_counts (
        grain, level, cell, event_id, kind, state, passable, day, unknown, minor, moderate, severe, extreme, sum_lon, sum_lat, newest, newest_id
      )
      select t.grain, v_level, t.cell >> 4, t.event_id, t.kind, t.state, t.passable, t.day,
             sum(t.unknown), sum(t.minor), sum(t.moderate), sum(t.severe), sum(t.extreme), sum(t.sum_lon), sum(t.sum_lat),
             max(t.newest), (array_agg(t.newest_id order by t.newest desc))[1]
      from app.report_counts t
      where t.grain = v_grain.grain and t.level = v_level + 2
      group by 1, 2, 3, 4, 5, 6, 7, 8;
    end loop;
  end loop;
  return (select count(*) from app.report_counts);
end
$$;
comment on function app.rebuild_report_counts is 'Counts all reports anew. Answers how many rows of counts there are.';
grant execute on function app.rebuild_report_counts to service_role;

create trigger _600_count_new after insert on app.reports
  referencing new table as new_rows
  for each statement execute function app.tg_reports__count_new();
create trigger _600_count_changed after update on app.reports
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.tg_reports__count_changed();
create trigger _600_count_gone after delete on app.reports
  for each statement execute function app.tg_reports__count_gone();

-- Which cells of a level lie in a rectangle of columns and rows; columns from a higher to a lower number go round the back.
create function app.cells_of(p_level integer, p_x0 bigint, p_x1 bigint, p_y0 bigint, p_y1 bigint)
returns table (x bigint, y bigint, cell bigint)
language sql immutable rows 100 set search_path = '' as $$
  select c.x, c.y, app.interleaved(c.x, c.y)
  from (
    select t.x, u.y
    from (
      select g.x from generate_series(p_x0, case when p_x0 <= p_x1 then p_x1 else (1::bigint << p_level) - 1 end) as g (x)
      union all
      select g.x from generate_series(0, case when p_x0 <= p_x1 then -1 else p_x1 end) as g (x)
    ) t, generate_series(p_y0, p_y1) as u (y)
  ) c
$$;
grant execute on function app.cells_of to anon, authenticated, service_role;

-- Counting goes around RLS as finding does. The rule of the policy stands in what is counted: published reports.
create function app.count_cells(p jsonb) returns table (
  x bigint, y bigint, reports bigint, worst app.report_severity, newest timestamptz, lon double precision, lat double precision, only_id uuid
)
language plpgsql stable security definer rows 200 set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_level integer := (p ->> 'level')::integer;
  v_x0 bigint := (p ->> 'x0')::bigint;
  v_x1 bigint := (p ->> 'x1')::bigint;
  v_y0 bigint := (p ->> 'y0')::bigint;
  v_y1 bigint := (p ->> 'y1')::bigint;
  -- Counts stand on every second level: those of the next one down are added up.
  v_kept integer := greatest(2, (p ->> 'level')::integer + (p ->> 'level')::integer % 2);
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
  v_roads boolean := v_state is not null or v_passable is not null;
  v_simple boolean := v_status = 'active' and num_nonnulls(v_loop, v_stale, v_needed, v_source) = 0;
  v_grain smallint;
  v_next_day date := (date_trunc('day', v_since at time zone 'UTC') + interval '1 day')::date;
  v_shift integer := 2 * (22 - v_level);
begin
  if v_level not between 0 and 22 or (abs(v_x1 - v_x0) + 1) * (v_y1 - v_y0 + 1) > 5000 and v_x0 <= v_x1 or v_y0 > v_y1 then
    raise exception 'bbox_invalid' using errcode = 'PT422', hint = 'bbox';
  end if;
  v_grain := case
    when not v_simple then null
    when v_since is null and not v_roads and cardinality(v_kinds) = 0 then case when v_kept <= 14 then 1 end
    when v_since is null then case when v_kept <= 12 then 2 end
    when not v_roads then case when v_kept <= 10 then 3 end
  end;
  if v_grain is not null then
    return query
      with wanted as materialized (
        select c.x, c.y, c.cell, c.cell << (2 * (v_kept - v_level)) as first, ((c.cell + 1) << (2 * (v_kept - v_level))) - 1 as last
        from app.cells_of(v_level, v_x0, v_x1, v_y0, v_y1) c
      ), rows as (
        -- Far out nearly every cell is asked for; further in, each for itself.
        select w.x, w.y, t.*
        from (
          select r.cell >> (2 * (v_kept - v_level)) as within, r.unknown, r.minor, r.moderate, r.severe, r.extreme, r.sum_lon, r.sum_lat,
                 r.newest, r.newest_id
          from app.report_counts r
          where v_level <= 4 and r.grain = v_grain and r.level = v_kept
            and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
            and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
            and (v_state is null or r.state = v_state)
            and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
            and (v_since is null or r.day >= v_next_day)
        ) t join wanted w on w.cell = t.within
        union all
        select w.x, w.y, t.*
        from wanted w cross join lateral (
          select w.cell, r.unknown, r.minor, r.moderate, r.severe, r.extreme, r.sum_lon, r.sum_lat, r.newest, r.newest_id
          from app.report_counts r
          where v_level > 4 and r.grain = v_grain and r.level = v_kept and r.cell between w.first and w.last
            and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
            and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
            and (v_state is null or r.state = v_state)
            and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
            and (v_since is null or r.day >= v_next_day)
          -- Keeps the planner from looking at all cells at once.
          offset 0
        ) t
      ), counted as (
        select t.x, t.y, sum(t.unknown) as n0, sum(t.minor) as n1, sum(t.moderate) as n2, sum(t.severe) as n3, sum(t.extreme) as n4,
               sum(t.sum_lon) as lon, sum(t.sum_lat) as lat, max(t.newest) as newest,
               -- Looked at only where there is one.
               (array_agg(t.newest_id))[1] as one
        from rows t
        group by 1, 2
        union all
        -- Of the day on which the time begins, the reports themselves.
        select e.x, e.y, e.n0, e.n1, e.n2, e.n3, e.n4, e.lon, e.lat, e.newest, null
        from (
          select w.x, w.y, b.* from (
            select r.cell >> v_shift as cell,
                   count(*) filter (where r.severity = 'unknown') as n0, count(*) filter (where r.severity = 'minor') as n1,
                   count(*) filter (where r.severity = 'moderate') as n2, count(*) filter (where r.severity = 'severe') as n3,
                   count(*) filter (where r.severity = 'extreme') as n4, null::double precision as lon, null::double precision as lat,
                   max(r.observed_at) as newest
            from app.reports r
            where v_since is not null and r.publication = 'published' and r.status = 'active'
              and r.observed_at >= v_since and r.observed_at < v_next_day::timestamp at time zone 'UTC'
              and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
              and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
            group by 1
          ) b join wanted w on w.cell = b.cell
        ) e
      )
      select c.x, c.y, sum(c.n0 + c.n1 + c.n2 + c.n3 + c.n4)::bigint,
             (case when sum(c.n4) > 0 then 'extreme' when sum(c.n3) > 0 then 'severe' when sum(c.n2) > 0 then 'moderate'
                   when sum(c.n1) > 0 then 'minor' else 'unknown' end)::app.report_severity,
             max(c.newest),
             sum(c.lon) / nullif(sum(c.n0 + c.n1 + c.n2 + c.n3 + c.n4) filter (where c.lon is not null), 0)::double precision,
             sum(c.lat) / nullif(sum(c.n0 + c.n1 + c.n2 + c.n3 + c.n4) filter (where c.lon is not null), 0)::double precision,
             case when sum(c.n0 + c.n1 + c.n2 + c.n3 + c.n4) = 1 then (array_agg(c.one order by c.one nulls last))[1] end
      from counted c
      group by 1, 2
      having sum(c.n0 + c.n1 + c.n2 + c.n3 + c.n4) > 0;
  elsif v_level <= 8 then
    -- Far out nearly all that passes the filter is asked for: filter first, then put into cells.
    return query
      select w.x, w.y, b.reports, b.worst, b.newest, null::double precision, null::double precision, null::uuid
      from (
        select r.cell >> v_shift as cell, count(*) as reports, max(r.severity) as worst, max(r.observed_at) as newest
        from app.reports r
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
        group by 1
      ) b join app.cells_of(v_level, v_x0, v_x1, v_y0, v_y1) w on w.cell = b.cell;
  else
    return query
      select w.x, w.y, b.reports, b.worst, b.newest, null::double precision, null::double precision, null::uuid
      from app.cells_of(v_level, v_x0, v_x1, v_y0, v_y1) w
      cross join lateral (
        select count(*) as reports, max(r.severity) as worst, max(r.observed_at) as newest
        from app.reports r
        where r.publication = 'published' and r.status = v_status
          and r.cell between w.cell << v_shift and ((w.cell + 1) << v_shift) - 1
          and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
          and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
          and (v_state is null or r.state = v_state)
          and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
          and (v_since is null or r.observed_at >= v_since)
          and (v_loop is null or r.loop = v_loop)
          and (v_stale is null or v_stale and r.stale_at <= now() or not v_stale and r.stale_at > now())
          and (v_needed is null or r.needed = v_needed)
          and (v_source is null or r.source = v_source)
      ) b
      where b.reports > 0;
  end if;
end
$$;
comment on function app.count_cells is
  'Published reports by cell of a level, columns x0 to x1 and rows y0 to y1, with the filters of public.list_reports. Definer: behind the row policy neither the counts nor an index could be used. Gives numbers, and ids of reports that everybody may read.';
revoke execute on function app.count_cells from public;
grant execute on function app.count_cells to anon, authenticated, service_role;

-- The one report of a cell, where the counts did not know which it is.
create function app.only_report(p jsonb, p_level integer, p_x bigint, p_y bigint) returns uuid
language plpgsql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_first bigint := app.interleaved(p_x, p_y) << (2 * (22 - p_level));
  v_last bigint := ((app.interleaved(p_x, p_y) + 1) << (2 * (22 - p_level))) - 1;
  v_event uuid := (select e.id from app.events e where e.slug = p ->> 'event');
  v_drills uuid[] := array(select e.id from app.events e where e.drill);
  v_kinds app.report_kind[] := app.text_array(p -> 'kind')::app.report_kind[];
  v_state app.road_state := (p ->> 'state')::app.road_state;
  v_passable app.passable := (p ->> 'passable')::app.passable;
  v_newest timestamptz := (p ->> 'newest')::timestamptz;
  v_status app.report_status := coalesce(p ->> 'status', 'active')::app.report_status;
  v_loop app.report_loop := (p ->> 'loop')::app.report_loop;
  v_stale boolean := (p ->> 'stale')::boolean;
  v_needed boolean := (p ->> 'needed')::boolean;
  v_source app.report_source := (p ->> 'source')::app.report_source;
begin
  return (
    select r.id from app.reports r
    -- The time of the one is known: the index of times leads to it.
    where r.publication = 'published' and r.status = v_status and r.observed_at = v_newest and r.cell between v_first and v_last
      and (p ->> 'event' is null and r.event_id <> all (v_drills) or r.event_id = v_event)
      and (cardinality(v_kinds) = 0 or r.kind = any (v_kinds))
      and (v_state is null or r.state = v_state)
      and (v_passable is null or r.passable >= v_passable or r.passable is null and r.state = 'open')
      and (v_loop is null or r.loop = v_loop)
      and (v_stale is null or (r.stale_at <= now()) = v_stale)
      and (v_needed is null or r.needed = v_needed)
      and (v_source is null or r.source = v_source)
    limit 1
  );
end
$$;
comment on function app.only_report is
  'The published report of a cell that holds one by these filters, whose time is known. Definer for the reason of app.count_cells.';
revoke execute on function app.only_report from public;
grant execute on function app.only_report to anon, authenticated, service_role;

create function public.cluster_reports(p jsonb) returns table (
  x bigint, y bigint, reports bigint, worst app.report_severity, newest timestamptz, lon double precision, lat double precision, report jsonb
)
language sql stable set search_path = '' as $$
  with counted as materialized (
    select c.*,
           case when c.reports = 1 then coalesce(
             c.only_id,
             app.only_report(p || jsonb_build_object('newest', c.newest), (p ->> 'level')::integer, c.x, c.y)
           ) end as one
    from app.count_cells(p) c
  )
  select c.x, c.y, c.reports, c.worst, c.newest, c.lon, c.lat,
         case when r.id is not null then to_jsonb(r) || jsonb_build_object('text', left(r.text, 140)) end
  from counted c left join public.reports r on r.id = c.one
$$;
comment on function public.cluster_reports is
  'How many published reports stand in each cell of a level of the global grid, with the worst severity, the newest time and their middle; where there is one, the report itself with the beginning of its text.';
revoke execute on function public.cluster_reports from public;
grant execute on function public.cluster_reports to anon, authenticated;

create function public.count_reports(p jsonb) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  if p -> 'bbox' is null or p -> 'bbox' = 'null'::jsonb then
    return (select coalesce(sum(c.reports), 0) from app.count_cells(p || '{"level": 0, "x0": 0, "x1": 0, "y0": 0, "y1": 0}') c);
  end if;
  return (select count(*) from app.find_reports((p - 'before' - 'before_id' - 'offset') || '{"limit": 1001}'));
end
$$;
comment on function public.count_reports is
  'How many published reports a filter leaves; within a box counted no further than 1001.';
revoke execute on function public.count_reports from public;
grant execute on function public.count_reports to anon, authenticated;
