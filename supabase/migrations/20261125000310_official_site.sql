-- For the official site beside this one: what officers verified as one list, what the official site took over, and signed
-- web hooks that tell of both. Nothing here shows more than the public may read.

create table app.adoptions (
  subject_type text not null references app.subject_types on delete restrict,
  subject_id uuid not null,
  decision_id uuid not null references app.decisions on delete cascade,
  adopted_at timestamptz not null default now(),
  primary key (subject_type, subject_id)
);
create index adoptions_decision_id_idx on app.adoptions (decision_id);
comment on table app.adoptions is 'What the official site took over, as an officer recorded it (D23). Read by whoever may read the item.';
alter table app.adoptions enable row level security;
create policy "Everybody reads adoptions of what they may read" on app.adoptions for select to anon, authenticated
  using (
    case subject_type
      when 'person' then subject_id in (
        select p.id from app.persons p
        where p.id = subject_id and p.publication = 'published' and p.visibility = 'public' and p.softened_at is null
      )
      when 'note' then subject_id in (select n.id from app.notes n where n.id = subject_id)
      when 'report' then subject_id in (select r.id from app.reports r where r.id = subject_id and r.publication = 'published')
      when 'notice' then subject_id in (select n.id from app.notices n where n.id = subject_id and n.publication = 'published')
      else false
    end
  );
-- No insert, update or delete for anybody: adoptions follow from decisions.
grant select (subject_type, subject_id, adopted_at) on app.adoptions to anon, authenticated;
grant select, insert, delete on app.adoptions to service_role;

create table app.webhooks (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  url text not null,
  events text[] not null,
  secret_version smallint not null default 1,
  added_by uuid default auth.uid() references app.members on delete set null,
  added_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint webhooks_names_cannot_be_empty_or_endless check (name ~ '[^[:space:]]' and char_length(name) <= 200),
  constraint webhooks_addresses_are_of_the_web check (char_length(url) <= 2000 and url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint webhooks_events_are_known check (
    cardinality(events) between 1 and 5 and events <@ array['verified', 'adopted', 'corrected', 'false', 'withdrawn']
  )
);
create index webhooks_added_by_idx on app.webhooks (added_by);
comment on table app.webhooks is
  'Where other sites want to be told. Staff alone may know. The key that signs is derived from the secret of the installation and never stored.';
comment on column app.webhooks.secret_version is 'Raised to make a new key.';

create table app.webhook_deliveries (
  id bigint generated always as identity primary key,
  webhook_id uuid not null references app.webhooks on delete cascade,
  event text not null,
  subject_type text not null,
  subject_id uuid not null,
  happened_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  attempts smallint not null default 0,
  tried_at timestamptz,
  delivered_at timestamptz,
  failed_at timestamptz,
  last_status smallint,
  last_error text,
  constraint webhook_deliveries_errors_cannot_be_endless check (char_length(last_error) <= 500)
);
create index webhook_deliveries_waiting_idx on app.webhook_deliveries (available_at) where delivered_at is null and failed_at is null;
create index webhook_deliveries_webhook_id_idx on app.webhook_deliveries (webhook_id, id desc);
comment on table app.webhook_deliveries is
  'The outbox of web hooks: what happened to which item. What is told of it is read when it is sent, so that nothing leaves that was hidden since.';

alter table app.webhooks enable row level security;
alter table app.webhook_deliveries enable row level security;
create policy "Officers read web hooks" on app.webhooks for select to authenticated using ((select app.has_role('officer')));
create policy "Officers read what was delivered" on app.webhook_deliveries for select to authenticated
  using ((select app.has_role('officer')));
create policy "Admins add web hooks" on app.webhooks for insert to authenticated
  with check ((select app.has_role('admin')) and added_by = (select auth.uid()));
create policy "Admins change web hooks" on app.webhooks for update to authenticated
  using ((select app.has_role('admin'))) with check ((select app.has_role('admin')));
-- No delete: a removed one keeps its deliveries on record. No insert or update of deliveries: the trigger and the job.
grant select on app.webhooks, app.webhook_deliveries to authenticated;
grant insert (name, url, events) on app.webhooks to authenticated;
grant update (removed_at, secret_version) on app.webhooks to authenticated;
grant select on app.webhooks to service_role;
grant select, insert, update, delete on app.webhook_deliveries to service_role;

-- Definer: a decision tells web hooks, records an adoption and links the notice it rests on; no member may write any of
-- these by hand.
create function app.tg_decisions__tell_official_site() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_item app.queue_items;
begin
  if new.decision not in ('verified', 'adopted', 'corrected', 'false', 'withdrawn', 'restore') then
    return null;
  end if;
  select * into v_item from app.queue_items where id = new.item_id;
  if new.decision = 'adopted' then
    insert into app.adoptions (subject_type, subject_id, decision_id) values (v_item.subject_type, v_item.subject_id, new.id)
    on conflict (subject_type, subject_id) do update set decision_id = excluded.decision_id, adopted_at = now();
  end if;
  if new.notice_id is not null and new.decision <> 'restore'
     and v_item.subject_type in ('person', 'note', 'report') and exists (select from app.notices n where n.id = new.notice_id) then
    insert into app.notice_links (notice_id, relation, subject_type, subject_id, linked_by)
    values (new.notice_id, (case when new.decision in ('verified', 'adopted') then 'confirms' else 'corrects' end)::app.notice_relation,
            v_item.subject_type, v_item.subject_id, new.decided_by)
    on conflict (notice_id, subject_type, subject_id) do nothing;
  end if;
  insert into app.webhook_deliveries (webhook_id, event, subject_type, subject_id)
  select w.id, new.decision, v_item.subject_type, v_item.subject_id
  from app.webhooks w where w.removed_at is null and new.decision = any (w.events);
  return null;
end
$$;
comment on function app.tg_decisions__tell_official_site is
  'Records adoptions, links the notice a decision rests on, and puts web hooks into their outbox, in the transaction of the decision.';
create trigger _600_tell_official_site after insert on app.decisions
  for each row execute function app.tg_decisions__tell_official_site();

create function app.tg_webhooks__log() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform app.log_act(
    case when tg_op = 'INSERT' then 'webhook_added' when new.removed_at is not null and old.removed_at is null then 'webhook_removed' else 'webhook_changed' end,
    'webhook', new.id::text, '{}');
  return null;
end
$$;
create trigger _500_log after insert or update on app.webhooks for each row execute function app.tg_webhooks__log();

create view public.webhooks with (security_invoker = true) as
select w.id, w.name, w.url, w.events, w.secret_version, w.added_at, w.removed_at from app.webhooks w;
comment on view public.webhooks is 'Web hooks, for officers.';
grant select on public.webhooks to authenticated;

create view public.webhook_deliveries with (security_invoker = true) as
select d.id, d.webhook_id, w.name, d.event, d.subject_type, d.subject_id, d.happened_at, d.available_at, d.attempts, d.tried_at,
       d.delivered_at, d.failed_at, d.last_status, d.last_error
from app.webhook_deliveries d join app.webhooks w on w.id = d.webhook_id;
comment on view public.webhook_deliveries is 'What was told to whom, how often it was tried and how it ended, for officers.';
grant select on public.webhook_deliveries to authenticated;

create function public.save_webhook(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'id')::uuid;
  v_url text := p ->> 'url';
begin
  if not app.has_role('admin') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  if v_id is not null then
    update app.webhooks set
      removed_at = case when (p ->> 'remove')::boolean then now() else removed_at end,
      secret_version = secret_version + case when (p ->> 'new_key')::boolean then 1 else 0 end
    where id = v_id and removed_at is null;
    if not found then
      raise exception 'webhook_not_found' using errcode = 'PT404';
    end if;
    return jsonb_build_object('id', v_id);
  end if;
  if coalesce(btrim(p ->> 'name'), '') = '' then
    raise exception 'name_required' using errcode = 'PT422', hint = 'name';
  end if;
  if v_url is null or v_url !~ '^https?://[^[:space:][:cntrl:]]+$' or char_length(v_url) > 2000 then
    raise exception 'url_invalid' using errcode = 'PT422', hint = 'url';
  end if;
  if cardinality(app.text_array(p -> 'events')) = 0
     or not app.text_array(p -> 'events') <@ array['verified', 'adopted', 'corrected', 'false', 'withdrawn'] then
    raise exception 'webhook_events_required' using errcode = 'PT422', hint = 'events';
  end if;
  insert into app.webhooks (name, url, events) values (btrim(p ->> 'name'), v_url, app.text_array(p -> 'events'))
  returning id into v_id;
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.save_webhook is
  'An admin adds a web hook {name, url, events}, removes one {id, remove} or gives it a new key {id, new_key}.';
revoke execute on function public.save_webhook from public;
grant execute on function public.save_webhook to authenticated;

-- Again after 1, 5 and 30 minutes, 2, 6, 12 and 24 hours: a night's outage of the other side loses nothing.
create function public.claim_webhooks(p_limit integer) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_claimed jsonb;
begin
  with due as (
    select d.id from app.webhook_deliveries d join app.webhooks w on w.id = d.webhook_id
    where d.delivered_at is null and d.failed_at is null and d.available_at <= now() and w.removed_at is null
    order by d.available_at limit least(p_limit, 100) for update of d skip locked
  ), taken as (
    update app.webhook_deliveries d set
      attempts = attempts + 1, tried_at = now(),
      available_at = now() + (array[1, 5, 30, 120, 360, 720, 1440, 1440])[least(attempts + 1, 8)] * interval '1 minute'
    from due where d.id = due.id returning d.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', t.id, 'webhook_id', t.webhook_id, 'url', w.url, 'secret_version', w.secret_version, 'event', t.event,
    'subject_type', t.subject_type, 'subject_id', t.subject_id, 'happened_at', t.happened_at, 'attempts', t.attempts
  ) order by t.id), '[]')
  into v_claimed from taken t join app.webhooks w on w.id = t.webhook_id;
  return v_claimed;
end
$$;
comment on function public.claim_webhooks is 'Deliveries that are due, each to one worker; whatever becomes of it, the next try comes later.';

create function public.finish_webhook(p_id bigint, p_status integer, p_error text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.webhook_deliveries set
    last_status = p_status,
    last_error = left(p_error, 500),
    delivered_at = case when p_error is null then now() end,
    failed_at = case when p_error is not null and attempts >= 8 then now() end
  where id = p_id;
end
$$;
comment on function public.finish_webhook is 'What became of a delivery: delivered when there is no error, given up after the eighth try.';

create function public.prune_webhooks() returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_gone integer;
begin
  delete from app.webhook_deliveries where coalesce(delivered_at, failed_at) < now() - interval '90 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
comment on function public.prune_webhooks is 'Forgets deliveries that ended 90 days ago. Answers how many.';

revoke execute on function public.claim_webhooks, public.finish_webhook, public.prune_webhooks from public;
grant execute on function public.claim_webhooks, public.finish_webhook, public.prune_webhooks to service_role;

create index reports_verified_idx on app.reports (verified_at desc) where verified_at is not null and publication = 'published';
create index notes_official_idx on app.notes (entry_date desc) where source = 'official' and publication = 'published';
create index verdicts_decided_at_idx on app.verdicts (decided_at desc);

-- One list of what officers stand behind and of what authorities say. It is read with the eyes of who asks: a record that
-- is hidden, softened, expired or not for everybody is not in it, whatever was once decided about it.
create view public.verified_items with (security_invoker = true) as
select 'person' as type, c.id, c.event, e.country, c.full_name as title, c.description as text, null::text as language,
       c.status::text as status, null::text as level, v.verdict, v.correct_text, v.decided_at as verified_at,
       '/safety/persons/' || c.id as path, c.source_name, c.source_url, c.lat, c.lon, c.drill, c.invented, a.adopted_at
from app.verdicts v
join public.persons c on c.id = v.subject_id
join app.events e on e.slug = c.event
left join app.adoptions a on a.subject_type = 'person' and a.subject_id = c.id
where v.subject_type = 'person' and v.verdict in ('verified', 'corrected', 'adopted') and not c.softened
union all
select 'note', n.id, e.slug, e.country, p.full_name, n.text, null, n.status::text, null,
       coalesce(v.verdict, 'verified'), v.correct_text, coalesce(v.decided_at, n.entry_date),
       '/safety/persons/' || p.id || '#note-' || n.id, null, null, n.lat, n.lon, n.drill, n.invented, a.adopted_at
from public.notes n
join public.persons p on p.id = n.person_id
join app.events e on e.slug = p.event
left join app.verdicts v on v.subject_type = 'note' and v.subject_id = n.id
left join app.adoptions a on a.subject_type = 'note' and a.subject_id = n.id
where (n.source = 'official' or v.verdict in ('verified', 'corrected', 'adopted')) and not p.softened and not n.is_clone
union all
select 'report', r.id, e.slug, e.country, coalesce(r.road, r.place, r.kind::text), r.text, r.language, r.kind::text, null,
       case when a.adopted_at is not null then 'adopted' else 'verified' end, r.correct_text, r.verified_at,
       '/map/reports/' || r.id, r.source_name, r.source_url, r.position[1], r.position[0], e.drill, e.invented, a.adopted_at
from app.reports r
join app.events e on e.id = r.event_id
left join app.adoptions a on a.subject_type = 'report' and a.subject_id = r.id
where r.publication = 'published' and r.verified_at is not null and r.status = 'active'
union all
select 'notice', n.id, n.event, n.country, n.title, n.text, n.language, case when n.ended then 'ended' else 'current' end, n.level,
       'official', null, n.updated_at, '/notices/' || n.id, n.source_name, n.url, n.lat, n.lon, n.drill, n.invented, a.adopted_at
from public.notices n
left join app.adoptions a on a.subject_type = 'notice' and a.subject_id = n.id
where n.publication = 'published';
comment on view public.verified_items is
  'What officers verified, corrected or saw adopted, and official notices, as the public may read them. Drills are marked.';
grant select on public.verified_items to anon, authenticated;

-- How the work goes, in numbers that tell of nobody: counts to the nearest five, fewer than five as "<5", times only where
-- five or more were decided. Definer: it counts what no visitor may read, and gives nothing else.
create function app.round_count(p_count bigint) returns jsonb
language sql immutable set search_path = '' as $$
  select case when p_count < 5 then to_jsonb('<5'::text) else to_jsonb((round(p_count / 5.0) * 5)::bigint) end
$$;
comment on function app.round_count is 'A count as it may be told: "<5", or to the nearest five.';

create function app.count_moderation(p_since timestamptz) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_since timestamptz := date_trunc('day', coalesce(p_since, '-infinity'));
begin
  return (
    with items as (
      select i.kind, i.created_at, i.decided_at, i.decision, i.id, i.about_item,
             extract(epoch from i.decided_at - i.created_at) / 3600 as hours
      from app.queue_items i
      join app.events e on e.id = i.event_id and not e.drill and not e.invented
      where i.created_at >= v_since
      union all
      select i.kind, i.created_at, i.decided_at, i.decision, i.id, i.about_item,
             extract(epoch from i.decided_at - i.created_at) / 3600
      from app.queue_items i where i.created_at >= v_since and i.event_id is null
    )
    select jsonb_build_object(
      'items', app.round_count(count(*)),
      'waiting', app.round_count(count(*) filter (where decided_at is null)),
      'decided', app.round_count(count(*) filter (where decided_at is not null)),
      'median_hours', case when count(hours) >= 5 then round((percentile_cont(0.5) within group (order by hours))::numeric, 1) end,
      'p90_hours', case when count(hours) >= 5 then round((percentile_cont(0.9) within group (order by hours))::numeric, 1) end,
      'kinds', coalesce((
        select jsonb_agg(jsonb_build_object(
          'kind', k.kind, 'items', app.round_count(k.items), 'waiting', app.round_count(k.waiting),
          'median_hours', case when k.decided >= 5 then round(k.median::numeric, 1) end,
          'p90_hours', case when k.decided >= 5 then round(k.p90::numeric, 1) end) order by k.kind)
        from (
          select i.kind, count(*) as items, count(*) filter (where i.decided_at is null) as waiting, count(i.hours) as decided,
                 percentile_cont(0.5) within group (order by i.hours) as median,
                 percentile_cont(0.9) within group (order by i.hours) as p90
          from items i group by i.kind
        ) k), '[]'),
      'decisions', coalesce((
        select jsonb_agg(jsonb_build_object('decision', d.decision, 'items', app.round_count(d.items)) order by d.decision)
        from (select i.decision, count(*) as items from items i where i.decision is not null group by i.decision) d), '[]'),
      'appeals', (
        select jsonb_build_object(
          'items', app.round_count(count(*)), 'waiting', app.round_count(count(*) filter (where a.decided_at is null)),
          'overturned', app.round_count(count(*) filter (where a.decision = 'restore')),
          'upheld', app.round_count(count(*) filter (where a.decision = 'uphold')))
        from items a where a.kind = 'appeal')
    ) from items
  );
end
$$;
comment on function app.count_moderation is
  'Definer: how many items came, wait and were decided since a day, how long they waited, how they were decided; rounded, never exact.';
revoke execute on function app.round_count, app.count_moderation from public;
grant execute on function app.count_moderation to anon, authenticated, service_role;

create function public.moderation_numbers(p_days integer) returns jsonb
language sql stable set search_path = '' as $$
  select app.count_moderation(case when p_days between 1 and 3660 then now() - make_interval(days => p_days) end)
$$;
comment on function public.moderation_numbers is
  'How the work goes, of the last days or of always: counts to the nearest five ("<5" below), waiting times in hours (median, 90th percentile), decisions, appeals. Drills and examples are left out.';
revoke execute on function public.moderation_numbers from public;
grant execute on function public.moderation_numbers to anon, authenticated;

-- The published procedures are made of the rules themselves: what is decided by whom and why, how fast reports fade, how
-- often anybody may send something (read off the commands), and every right that a row policy gives, in its own words.
create policy "Everybody reads how fast reports fade" on app.report_measures for select to anon, authenticated using (true);
grant select on app.report_measures to anon, authenticated;

create function public.procedures() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'moderation', public.moderation_rules(),
    'measures', (
      select jsonb_agg(jsonb_build_object('kind', m.kind, 'half_life_hours', m.half_life_hours, 'reach_metres', m.reach_metres)
                       order by m.half_life_hours, m.kind)
      from app.report_measures m),
    'limits', coalesce((
      select jsonb_agg(jsonb_build_object('what', l.what, 'times', l.times, 'seconds', l.seconds) order by l.what, l.seconds)
      from (
        select distinct m[1] as what, m[2]::integer as times, extract(epoch from m[3]::interval)::integer as seconds
        from pg_catalog.pg_proc f,
          regexp_matches(f.prosrc, 'app\.spend\([^;]*?''([a-z_]+):?'' ?\|\|[^;]*?, ([0-9]+), interval ''([0-9a-z ]+)''', 'g') m
        where f.pronamespace in ('public'::regnamespace, 'app'::regnamespace)
      ) l), '[]'),
    'rights', coalesce((
      select jsonb_agg(jsonb_build_object('table', r.tablename, 'rule', r.policyname) order by r.tablename, r.policyname)
      from pg_catalog.pg_policies r where r.schemaname = 'app' and 'authenticated' = any (r.roles)), '[]')
  )
$$;
comment on function public.procedures is
  'The rules as the database holds them now: decisions, reasons and kinds of items; half-lives of reports; limits per caller; rights by row policy.';
revoke execute on function public.procedures from public;
grant execute on function public.procedures to anon, authenticated;

-- What an officer wrote about an item when linking a notice to it goes when the item is wiped.
create function app.tg_notes__drop_links() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  delete from app.notice_links where subject_type = 'note' and subject_id = old.id;
  return null;
end
$$;
create trigger _900_drop_links after delete on app.notes for each row execute function app.tg_notes__drop_links();

create function app.tg_person_secrets__drop_links() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  delete from app.notice_links where subject_type = 'person' and subject_id = old.person_id;
  return null;
end
$$;
create trigger _900_drop_links after delete on app.person_secrets
  for each row execute function app.tg_person_secrets__drop_links();

create function app.tg_report_secrets__drop_links() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  delete from app.notice_links where subject_type = 'report' and subject_id = old.report_id;
  return null;
end
$$;
create trigger _900_drop_links after delete on app.report_secrets
  for each row execute function app.tg_report_secrets__drop_links();
