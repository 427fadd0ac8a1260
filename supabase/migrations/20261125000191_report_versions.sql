-- When a report was sent out to other systems, and as what: an alert, an update of it, or its end. A receiver that once
-- heard of a landslide must be told when it was found to be none (CAP 1.2, section 3.2.1: references), also when the
-- report itself is no longer there to ask.

create table app.report_versions (
  report_id uuid not null references app.reports on delete cascade,
  -- To the second: that is as exactly as alerts name one another.
  sent timestamptz not null,
  act text not null,
  event text not null,
  drill boolean not null,
  digest text not null,
  primary key (report_id, sent),
  constraint report_versions_acts_are_known check (act in ('alert', 'update', 'cancel')),
  constraint report_versions_are_named_to_the_second check (date_trunc('second', sent) = sent)
);
create index report_versions_sent_idx on app.report_versions (sent desc, report_id);
comment on table app.report_versions is
  'One row each time a reviewed report said something new to other systems, or had to be taken back. Holds ids and times, and nothing of what was said.';

alter table app.report_versions enable row level security;
create policy "Everybody reads when reports were sent out" on app.report_versions for select to anon, authenticated using (true);
-- No update or delete: what was sent has been sent.
grant select (report_id, sent, act, event, drill) on app.report_versions to anon, authenticated;
grant select, insert on app.report_versions to service_role;

-- Reviewed by somebody, shown to everybody, and neither taken back, found false nor a copy of another.
create function app.may_leave(p app.reports) returns boolean
language sql immutable set search_path = '' as $$
  select p.publication = 'published' and p.status <> 'withdrawn' and p.false_at is null and p.duplicate_of is null
         and (p.accepted_at is not null or p.verified_at is not null)
         -- What an authority says is had from the authority.
         and p.source <> 'official'
$$;
comment on function app.may_leave is 'Whether alerts to other systems may speak of this report.';
grant execute on function app.may_leave to service_role;

create function app.tg_reports__keep_version() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_last app.report_versions;
  v_leaves boolean := app.may_leave(new);
  v_digest text;
  v_event app.events;
begin
  -- Most reports were never sent and are not about to be: they cost one look at an index.
  select * into v_last from app.report_versions v where v.report_id = new.id order by v.sent desc limit 1;
  if not v_leaves and (v_last.report_id is null or v_last.act = 'cancel') then
    return null;
  end if;
  v_digest := case when v_leaves then md5(jsonb_build_array(
    new.kind, new.needed, new.state, new.passable, new.direction, new.severity, new.text, new.road, new.place, new.cause,
    new.bypass, new.width_limit_m, new.weight_limit_t, new.position::text, new.line, new.observed_at, new.status,
    new.verified_at is not null, new.confirmations >= 2 and new.confirmations > new.denials,
    -- It stays true a little longer with each confirmation: that is news once an hour.
    date_trunc('hour', new.stale_at)
  )::text) else '' end;
  if v_leaves and v_last.act <> 'cancel' and v_last.digest = v_digest then
    return null;
  end if;
  select * into v_event from app.events e where e.id = new.event_id;
  insert into app.report_versions (report_id, sent, act, event, drill, digest)
  values (
    new.id, greatest(date_trunc('second', now()), v_last.sent + interval '1 second'),
    case when not v_leaves then 'cancel' when v_last.report_id is null then 'alert' else 'update' end,
    v_event.slug, v_event.drill, v_digest
  );
  return null;
end
$$;
comment on function app.tg_reports__keep_version is
  'With the rights of its owner, because staff change reports with their own session and must not be able to write what was sent. Keeps times, no words.';
create trigger _700_keep_version after insert or update on app.reports
  for each row execute function app.tg_reports__keep_version();

create view public.report_versions with (security_invoker = true) as
select v.report_id, v.sent, v.act, v.event, v.drill from app.report_versions v;
comment on view public.report_versions is 'When a report was sent to other systems, and as what.';
grant select on public.report_versions to anon, authenticated;

create function public.newest_versions(p jsonb) returns table (report_id uuid, sent timestamptz, act text, event text, drill boolean, earlier timestamptz[])
language sql stable set search_path = '' as $$
  select n.report_id, n.sent, n.act, n.event, n.drill,
         array(select o.sent from public.report_versions o where o.report_id = n.report_id and o.sent < n.sent order by o.sent)
  from (
    select v.*
    from public.report_versions v
    where (p ->> 'report_id' is null or v.report_id = (p ->> 'report_id')::uuid)
      and (p ->> 'event' is null and not v.drill or v.event = p ->> 'event' or p ->> 'report_id' is not null)
      and not exists (select from public.report_versions later where later.report_id = v.report_id and later.sent > v.sent)
    order by v.sent desc, v.report_id
    limit least(coalesce((p ->> 'limit')::integer, 200), 500)
  ) n
  order by n.sent desc, n.report_id
$$;
comment on function public.newest_versions is
  'The newest version of each report that was sent to other systems, newest first, by {event, report_id, limit}, and when it was sent before. Drills only by the slug of their event.';
revoke execute on function public.newest_versions from public;
grant execute on function public.newest_versions to anon, authenticated;
