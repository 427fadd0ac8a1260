-- Statistics go out as releases: numbered, dated, never changed (D25). An officer has the cases counted, a worker of the
-- server protects the counts together with all earlier releases of the year, the officer publishes, and another officer
-- signs. What the public reads is the protected content as it was signed; nothing is ever computed from cases on request.

create table app.releases (
  id uuid primary key default gen_random_uuid(),
  number integer unique,
  kind text not null,
  period text not null,
  starts_on date not null,
  ends_on date not null,
  invented boolean not null default false,
  corrects integer,
  state text not null default 'preparing',
  progress integer not null default 0,
  problem text,
  claimed_until timestamptz,
  prepared_after integer not null default 0,
  content jsonb,
  report jsonb,
  content_hash bytea,
  note text,
  prepared_by uuid not null,
  prepared_at timestamptz not null default now(),
  proposed_by uuid,
  proposed_at timestamptz,
  signed_by uuid,
  published_at timestamptz,
  constraint releases_kinds_are_known check (kind in ('month', 'quarter', 'year')),
  constraint releases_periods_are_named_by_kind check (
    (kind = 'month' and period ~ '^\d{4}-(0[1-9]|1[0-2])$') or (kind = 'quarter' and period ~ '^\d{4}-Q[1-4]$')
    or (kind = 'year' and period ~ '^\d{4}$')
  ),
  constraint releases_cannot_end_before_they_start check (ends_on > starts_on),
  constraint releases_states_are_known check (state in ('preparing', 'failed', 'draft', 'proposed', 'published')),
  constraint releases_progress_is_a_percentage check (progress between 0 and 100),
  constraint releases_have_content_once_prepared check (
    state in ('preparing', 'failed') or num_nonnulls(content, report) = 2
  ),
  constraint releases_are_proposed_by_somebody check (
    state not in ('proposed', 'published') or num_nonnulls(proposed_by, proposed_at) = 2
  ),
  constraint releases_are_signed_by_a_second_officer check (
    state <> 'published' or (
      num_nonnulls(number, signed_by, published_at, content_hash) = 4
      and signed_by <> proposed_by and signed_by <> prepared_by
    )
  ),
  constraint releases_numbers_are_for_published_ones check ((state = 'published') = (number is not null)),
  constraint releases_notes_cannot_be_endless check (char_length(note) <= 500),
  constraint releases_hashes_are_whole check (octet_length(content_hash) = 32)
);
create index releases_period_idx on app.releases (ends_on desc, number desc);
comment on table app.releases is
  'One row a release of statistics. Published ones are public as signed and never change; those in preparation are for officers.';
comment on column app.releases.content is 'Basis and protected tables: hidden cells have no value, only the range anybody can compute.';
comment on column app.releases.report is 'Why each cell is hidden, what is lost, what the attacker found. Officers only.';
comment on column app.releases.prepared_after is 'The newest release of the time it was protected with: with a newer one it must be protected again.';

create table app.release_counts (
  release_id uuid primary key references app.releases on delete cascade,
  counts jsonb not null,
  hidden text[] not null default '{}',
  constraint release_counts_are_a_list check (jsonb_typeof(counts) = 'array')
);
comment on table app.release_counts is
  'The true counts of a release, kept because later releases must be checked with them, and the cells it hides. No view, and no seat but the worker of the server reads it.';

create table app.release_plans (
  kind text not null,
  period text not null,
  due_on date not null,
  planned_by uuid not null,
  planned_at timestamptz not null default now(),
  constraint release_plans_are_made_once primary key (kind, period),
  constraint release_plans_have_a_known_kind check (kind in ('month', 'quarter', 'year')),
  constraint release_plans_have_a_period_of_their_kind check (
    (kind = 'month' and period ~ '^\d{4}-(0[1-9]|1[0-2])$') or (kind = 'quarter' and period ~ '^\d{4}-Q[1-4]$')
    or (kind = 'year' and period ~ '^\d{4}$')
  )
);
comment on table app.release_plans is 'The calendar: which release is due when (D3). Public, except who wrote it in.';

alter table app.releases enable row level security;
alter table app.release_counts enable row level security;
alter table app.release_plans enable row level security;

create policy "Everybody reads published releases" on app.releases for select to anon, authenticated
  using (state = 'published');
create policy "Officers read releases in preparation" on app.releases for select to authenticated
  using ((select app.has_role('officer')));
create policy "Officers add releases to be prepared" on app.releases for insert to authenticated
  with check (
    (select app.has_role('officer')) and (select app.my_areas()) = '{}' and state = 'preparing' and number is null
    and content is null and report is null and prepared_by = (select auth.uid())
  );
create policy "Officers decide on releases that are not out" on app.releases for update to authenticated
  using ((select app.has_role('officer')) and (select app.my_areas()) = '{}' and state in ('draft', 'proposed'))
  with check (
    (state = 'proposed' and proposed_by = (select auth.uid()))
    or (state = 'published' and signed_by = (select auth.uid()) and proposed_by <> signed_by and prepared_by <> signed_by)
  );
create policy "Officers delete releases that are not out" on app.releases for delete to authenticated
  using ((select app.has_role('officer')) and (select app.my_areas()) = '{}' and state <> 'published');
create policy "Officers add the counts of a release" on app.release_counts for insert to authenticated
  with check (
    (select app.has_role('officer'))
    and release_id in (select r.id from app.releases r where r.state = 'preparing' and r.prepared_by = (select auth.uid()))
  );
-- No select on release_counts for any member: the worker of the server alone needs the true counts.
create policy "Everybody reads the calendar of releases" on app.release_plans for select to anon, authenticated using (true);
create policy "Officers add to the calendar of releases" on app.release_plans for insert to authenticated
  with check ((select app.has_role('officer')) and planned_by = (select auth.uid()));
create policy "Officers change the calendar of releases" on app.release_plans for update to authenticated
  using ((select app.has_role('officer'))) with check ((select app.has_role('officer')) and planned_by = (select auth.uid()));

grant select (id, number, kind, period, starts_on, ends_on, invented, corrects, state, content, content_hash, note, published_at)
  on app.releases to anon;
grant select on app.releases to authenticated;
grant insert (id, kind, period, starts_on, ends_on, invented, corrects, state, note, prepared_by, prepared_after) on app.releases to authenticated;
grant update (state, number, proposed_by, proposed_at, signed_by, published_at, content_hash) on app.releases to authenticated;
grant delete on app.releases to authenticated;
grant insert on app.release_counts to authenticated;
grant select (kind, period, due_on) on app.release_plans to anon;
-- No delete: a date is moved, not forgotten.
grant select, insert, update on app.release_plans to authenticated;
-- The worker claims, fills and fails releases; it neither makes nor deletes any.
grant select, update on app.releases, app.release_counts to service_role;
grant select on app.release_plans to service_role;

create function app.tg_releases__stay() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if old.state = 'published' then
    raise exception 'release_is_immutable' using errcode = 'PT409';
  end if;
  if tg_op = 'UPDATE' and old.state in ('draft', 'proposed') and (new.content, new.report, new.period, new.invented) is distinct from (old.content, old.report, old.period, old.invented) then
    raise exception 'release_is_immutable' using errcode = 'PT409';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger _100_stay before update or delete on app.releases
  for each row execute function app.tg_releases__stay();

create function app.tg_release_counts__stay() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if exists (select from app.releases r where r.id = old.release_id and r.state = 'published') then
    raise exception 'release_is_immutable' using errcode = 'PT409';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger _100_stay before update or delete on app.release_counts
  for each row execute function app.tg_release_counts__stay();

create function app.period_start(p_kind text, p_period text) returns date
language sql immutable set search_path = '' as $$
  select case p_kind
    when 'month' then to_date(p_period, 'YYYY-MM')
    when 'quarter' then make_date(left(p_period, 4)::integer, right(p_period, 1)::integer * 3 - 2, 1)
    else make_date(p_period::integer, 1, 1)
  end
$$;
comment on function app.period_start is 'The first day of a period: 2026-07, 2026-Q3, 2026.';

create function app.check_period(p_kind text, p_period text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not coalesce(
    (p_kind = 'month' and p_period ~ '^(19|20|21)\d\d-(0[1-9]|1[0-2])$') or (p_kind = 'quarter' and p_period ~ '^(19|20|21)\d\d-Q[1-4]$')
    or (p_kind = 'year' and p_period ~ '^(19|20|21)\d\d$'), false
  ) then
    raise exception 'release_period_invalid' using errcode = 'PT422', hint = 'period';
  end if;
end
$$;
comment on function app.check_period is 'Refuses what is no period of its kind.';

create function app.check_release_officer() returns void
language plpgsql stable set search_path = '' as $$
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  -- Who looks after some countries only would count those only.
  if app.my_areas() <> '{}' then
    raise exception 'release_needs_all_areas' using errcode = 'PT403';
  end if;
end
$$;
comment on function app.check_release_officer is 'Refuses who may not make releases: officers for all areas may.';

create function public.start_release(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_kind text := p ->> 'kind';
  v_period text := p ->> 'period';
  v_corrects integer := (p ->> 'corrects')::integer;
  v_invented boolean := coalesce((p ->> 'invented')::boolean, false);
  v_id uuid := gen_random_uuid();
  v_from date;
  v_to date;
  v_last integer;
begin
  perform app.check_release_officer();
  perform app.check_period(v_kind, v_period);
  v_from := app.period_start(v_kind, v_period);
  v_to := (v_from + case v_kind when 'month' then interval '1 month' when 'quarter' then interval '3 months' else interval '1 year' end - interval '1 day')::date;
  if v_to >= current_date then
    raise exception 'release_period_not_over' using errcode = 'PT422', hint = 'period';
  end if;
  if coalesce(char_length(p ->> 'note'), 0) > 500 then
    raise exception 'release_note_too_long' using errcode = 'PT422', hint = 'note';
  end if;
  select max(r.number) into v_last from app.releases r
  where r.state = 'published' and r.kind = v_kind and r.period = v_period and r.invented = v_invented;
  if v_corrects is null and v_last is not null then
    raise exception 'release_exists' using errcode = 'PT409', hint = 'period';
  end if;
  -- Only the newest figures can be corrected: a chain, no tree.
  if v_corrects is not null and v_corrects is distinct from v_last then
    raise exception 'release_not_correctable' using errcode = 'PT422', hint = 'corrects';
  end if;
  insert into app.releases (id, kind, period, starts_on, ends_on, invented, corrects, state, note, prepared_by, prepared_after)
  values (v_id, v_kind, v_period, v_from, v_to, v_invented, v_corrects, 'preparing', nullif(btrim(p ->> 'note'), ''), auth.uid(),
          coalesce((select max(r.number) from app.releases r where r.state = 'published'), 0));
  -- From the new year on, because the year to date is among the tables.
  insert into app.release_counts (release_id, counts)
  select v_id, coalesce(jsonb_agg(jsonb_build_array(c.month, c.country, c.type, c.programme, c.n) order by c.month, c.country, c.type, c.programme), '[]')
  from (
    select to_char(k.opened_on, 'YYYY-MM') as month, k.country, k.type, k.programme, count(*) as n
    from app.cases k
    where k.opened_on between date_trunc('year', v_from)::date and v_to and k.invented = v_invented
    group by 1, 2, 3, 4
  ) c;
  perform app.log_act('release_prepared', 'release', v_id::text, jsonb_build_object('kind', v_kind, 'period', v_period));
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.start_release is
  'Counts the cases of a period for a release: {kind, period, corrects, invented, note}. For officers for all areas. The counts go under seal; a worker protects them. Answers the id.';

create function public.propose_release(p_id uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.releases;
begin
  perform app.check_release_officer();
  select * into v from app.releases where id = p_id and state = 'draft' for update;
  if not found then
    raise exception 'release_not_ready' using errcode = 'PT409';
  end if;
  if (v.report ->> 'unprotected')::integer > 0 then
    raise exception 'release_unsafe' using errcode = 'PT409';
  end if;
  update app.releases set state = 'proposed', proposed_by = auth.uid(), proposed_at = now() where id = p_id;
  perform app.log_act('release_proposed', 'release', p_id::text);
  return jsonb_build_object('id', p_id);
end
$$;
comment on function public.propose_release is 'An officer says that a prepared release may go out; a second one must sign it.';

create function public.sign_release(p_id uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.releases;
  v_number integer;
  v_hash bytea;
begin
  perform app.check_release_officer();
  -- One at a time: a number is given once, and nothing goes out that was protected without what went out just before.
  perform pg_advisory_xact_lock(hashtextextended('app.releases', 0));
  select * into v from app.releases where id = p_id and state = 'proposed' for update;
  if not found then
    raise exception 'release_not_ready' using errcode = 'PT409';
  end if;
  if auth.uid() in (v.prepared_by, v.proposed_by) then
    raise exception 'release_needs_another_officer' using errcode = 'PT403';
  end if;
  if exists (
    select from app.releases r
    where r.state = 'published' and r.number > v.prepared_after and r.invented = v.invented
      and extract(year from r.starts_on) = extract(year from v.starts_on)
  ) then
    raise exception 'release_outdated' using errcode = 'PT409';
  end if;
  select coalesce(max(r.number), 0) + 1 into v_number from app.releases r;
  v_hash := sha256(convert_to(v.content::text, 'UTF8'));
  update app.releases
  set state = 'published', number = v_number, signed_by = auth.uid(), published_at = now(), content_hash = v_hash
  where id = p_id;
  perform app.log_act('release_published', 'release', v_number::text, jsonb_build_object('hash', encode(v_hash, 'hex'), 'period', v.period));
  return jsonb_build_object('number', v_number);
end
$$;
comment on function public.sign_release is
  'The second officer signs: the release gets its number and its hash stands in the log. Refused to who prepared or proposed it, and when another release of the year went out since it was protected.';

create function public.discard_release(p_id uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  perform app.check_release_officer();
  delete from app.releases where id = p_id and state <> 'published';
  if not found then
    raise exception 'release_not_ready' using errcode = 'PT409';
  end if;
  perform app.log_act('release_discarded', 'release', p_id::text);
  return jsonb_build_object('id', p_id);
end
$$;
comment on function public.discard_release is 'Throws a release away that is not out, with its counts.';

create function public.plan_release(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  perform app.check_period(p ->> 'kind', p ->> 'period');
  if coalesce(p ->> 'due_on', '') !~ '^\d{4}-\d\d-\d\d$' then
    raise exception 'date_invalid' using errcode = 'PT422', hint = 'due_on';
  end if;
  insert into app.release_plans (kind, period, due_on, planned_by)
  values (p ->> 'kind', p ->> 'period', (p ->> 'due_on')::date, auth.uid())
  on conflict (kind, period) do update set due_on = excluded.due_on, planned_by = excluded.planned_by, planned_at = now();
  return jsonb_build_object('kind', p ->> 'kind', 'period', p ->> 'period');
end
$$;
comment on function public.plan_release is 'Writes a release into the public calendar, or moves it: {kind, period, due_on}. For officers.';

create function public.claim_release() returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.releases;
begin
  select * into v from app.releases
  where state = 'preparing' and coalesce(claimed_until < now(), true)
  order by prepared_at limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  update app.releases set claimed_until = now() + interval '2 minutes' where id = v.id;
  return jsonb_build_object(
    'id', v.id, 'kind', v.kind, 'period', v.period, 'invented', v.invented, 'corrects', v.corrects,
    'counts', (select c.counts from app.release_counts c where c.release_id = v.id),
    'earlier', coalesce((
      select jsonb_agg(jsonb_build_object('number', r.number, 'kind', r.kind, 'period', r.period, 'counts', c.counts, 'hidden', to_jsonb(c.hidden)) order by r.number)
      from app.releases r join app.release_counts c on c.release_id = r.id
      where r.state = 'published' and r.invented = v.invented
        and extract(year from r.starts_on) = extract(year from v.starts_on)
    ), '[]'::jsonb),
    'regions', (select jsonb_agg(jsonb_build_array(g.country, g.region) order by g.country) from app.country_regions g)
  );
end
$$;
comment on function public.claim_release is
  'The next release to be protected, with its true counts and those of all published releases of the year, for two minutes; null when there is none. For the worker.';

create function public.note_release_progress(p jsonb) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  update app.releases
  set progress = greatest(progress, least((p ->> 'progress')::integer, 99)), claimed_until = now() + interval '2 minutes'
  where id = (p ->> 'id')::uuid and state = 'preparing';
  return found;
end
$$;
comment on function public.note_release_progress is 'How far the worker is with a release: {id, progress}. False when the release is gone.';

create function public.finish_release(p jsonb) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'id')::uuid;
begin
  if num_nonnulls(p ->> 'problem') = 1 then
    update app.releases set state = 'failed', problem = left(p ->> 'problem', 200), claimed_until = null
    where id = v_id and state = 'preparing';
    return found;
  end if;
  update app.release_counts c set hidden = app.text_array(p -> 'hidden')
  where c.release_id = v_id and exists (select from app.releases r where r.id = v_id and r.state = 'preparing');
  update app.releases set state = 'draft', progress = 100, claimed_until = null, content = p -> 'content', report = p -> 'report'
  where id = v_id and state = 'preparing';
  return found;
end
$$;
comment on function public.finish_release is 'The protected content of a release: {id, content, report, hidden}, or {id, problem}. False when the release is gone.';

revoke execute on function app.period_start, app.check_period, app.check_release_officer, public.start_release, public.propose_release,
  public.sign_release, public.discard_release, public.plan_release, public.claim_release, public.note_release_progress,
  public.finish_release from public;
grant execute on function app.period_start, app.check_period, app.check_release_officer to authenticated;
grant execute on function public.start_release, public.propose_release, public.sign_release, public.discard_release,
  public.plan_release to authenticated;
grant execute on function public.claim_release, public.note_release_progress, public.finish_release to service_role;

create view public.releases with (security_invoker = true) as
select number, kind, period, starts_on, ends_on, invented, corrects, note, published_at, encode(content_hash, 'hex') as hash, content
from app.releases where state = 'published';
comment on view public.releases is 'Published releases of statistics as they were signed: basis and protected tables.';

create view public.staff_releases with (security_invoker = true) as
select r.id, r.number, r.kind, r.period, r.invented, r.corrects, r.state, r.progress, r.problem, r.note, r.content, r.report,
       r.prepared_by, r.prepared_at, p.name as prepared_by_name, r.proposed_by, r.proposed_at, q.name as proposed_by_name,
       r.signed_by, r.published_at, s.name as signed_by_name
from app.releases r
left join app.members p on p.user_id = r.prepared_by
left join app.members q on q.user_id = r.proposed_by
left join app.members s on s.user_id = r.signed_by
where app.has_role('officer');
comment on view public.staff_releases is 'All releases for officers, those in preparation with the report of the worker.';

create view public.release_calendar with (security_invoker = true) as
select p.kind, p.period, p.due_on, min(r.number) as number, min(r.published_at) as published_at
from app.release_plans p
left join app.releases r on r.kind = p.kind and r.period = p.period and r.state = 'published' and not r.invented
group by p.kind, p.period, p.due_on;
comment on view public.release_calendar is 'Which release is due when, and which is out (D3).';

grant select on public.releases, public.release_calendar to anon, authenticated;
grant select on public.staff_releases to authenticated;
