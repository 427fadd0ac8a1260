-- Live changes: what is public tells when it appears, changes or goes, so that whoever has a page open hears of it.
-- Triggers write ids here, in the transaction of the change; one reader in each server process hands them on.

create table app.changes (
  -- Ids are given out before transactions end, in another order than they end in. Whoever reads on from the highest id
  -- would miss what a slower transaction writes under a lower one, so the transaction is the first part of the place.
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  topic text not null,
  kind text not null,
  subject_id uuid not null,
  event text,
  drill boolean not null,
  at timestamptz not null default now(),
  primary key (xid, id),
  constraint changes_topics_are_known check (topic in ('persons', 'reports', 'notices')),
  constraint changes_kinds_are_known check (kind in ('created', 'updated', 'removed'))
);
comment on table app.changes is
  'One row each time something public appeared, changed or went: its id alone, and nothing of what was never public. Kept for a day.';

alter table app.changes enable row level security;
-- No policy: only the server reads on here, once for all who listen.
-- No update: what happened has happened.
grant select, insert, delete on app.changes to service_role;

-- Staff change things with their own session, which must not be able to write here: the triggers are security definer.
-- They tell ids of rows that are, or were until this statement, published for everybody.
create function app.tg_persons__tell_of_new() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'persons', 'created', n.id, e.slug, e.drill
  from new_rows n join app.events e on e.id = n.event_id
  where n.publication = 'published' and n.visibility = 'public';
  return null;
end
$$;
comment on function app.tg_persons__tell_of_new is
  'With the rights of its owner, because staff may change persons but not write changes. Tells ids of public persons alone.';
create trigger _800_tell_of_new after insert on app.persons
  referencing new table as new_rows
  for each statement execute function app.tg_persons__tell_of_new();

create function app.tg_persons__tell_of_changes() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'persons',
         case when not is_public then 'removed' when was_public then 'updated' else 'created' end,
         c.id, e.slug, e.drill
  from (
    select n.id, n.event_id,
           o.publication = 'published' and o.visibility = 'public' as was_public,
           n.publication = 'published' and n.visibility = 'public' as is_public
    from new_rows n join old_rows o on o.id = n.id
  ) c
  join app.events e on e.id = c.event_id
  where was_public or is_public;
  return null;
end
$$;
comment on function app.tg_persons__tell_of_changes is
  'With the rights of its owner, because staff may change persons but not write changes. Tells ids of public persons alone.';
create trigger _900_tell_of_changes after update on app.persons
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.tg_persons__tell_of_changes();

create function app.tg_reports__tell_of_new() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'reports', 'created', n.id, e.slug, e.drill
  from new_rows n join app.events e on e.id = n.event_id
  where n.publication = 'published';
  return null;
end
$$;
comment on function app.tg_reports__tell_of_new is
  'With the rights of its owner, because staff may change reports but not write changes. Tells ids of published reports alone.';
create trigger _800_tell_of_new after insert on app.reports
  referencing new table as new_rows
  for each statement execute function app.tg_reports__tell_of_new();

create function app.tg_reports__tell_of_changes() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'reports',
         case when not is_public then 'removed' when was_public then 'updated' else 'created' end,
         c.id, e.slug, e.drill
  from (
    select n.id, n.event_id, o.publication = 'published' as was_public, n.publication = 'published' as is_public
    from new_rows n join old_rows o on o.id = n.id
  ) c
  join app.events e on e.id = c.event_id
  where was_public or is_public;
  return null;
end
$$;
comment on function app.tg_reports__tell_of_changes is
  'With the rights of its owner, because staff may change reports but not write changes. Tells ids of published reports alone.';
create trigger _900_tell_of_changes after update on app.reports
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.tg_reports__tell_of_changes();

create function app.tg_notices__tell_of_new() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'notices', 'created', n.id, e.slug, n.drill or coalesce(e.drill, false)
  from new_rows n left join app.events e on e.id = n.event_id
  where n.publication = 'published';
  return null;
end
$$;
comment on function app.tg_notices__tell_of_new is
  'With the rights of its owner, because officers may add notices but not write changes. Tells ids of published notices alone.';
create trigger _800_tell_of_new after insert on app.notices
  referencing new table as new_rows
  for each statement execute function app.tg_notices__tell_of_new();

create function app.tg_notices__tell_of_changes() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into app.changes (topic, kind, subject_id, event, drill)
  select 'notices',
         case when not is_public then 'removed' when was_public then 'updated' else 'created' end,
         c.id, e.slug, c.drill or coalesce(e.drill, false)
  from (
    select n.id, n.event_id, n.drill, o.publication = 'published' as was_public, n.publication = 'published' as is_public
    from new_rows n join old_rows o on o.id = n.id
  ) c
  left join app.events e on e.id = c.event_id
  where was_public or is_public;
  return null;
end
$$;
comment on function app.tg_notices__tell_of_changes is
  'With the rights of its owner, because officers may change notices but not write changes. Tells ids of published notices alone.';
create trigger _900_tell_of_changes after update on app.notices
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.tg_notices__tell_of_changes();

create function public.live_changes(p jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_xid xid8 := (split_part(p ->> 'after', '.', 1))::xid8;
  v_id bigint := (split_part(p ->> 'after', '.', 2))::bigint;
  v_limit integer := least(coalesce((p ->> 'limit')::integer, 1000), 5000);
  -- Transactions before this one have all ended: nothing can still appear before what is read now.
  v_ended xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_changes jsonb;
begin
  if v_xid is null then
    select coalesce(jsonb_agg(to_jsonb(n) - 'xid' - 'number' order by n.xid, n.number), '[]') into v_changes
    from (
      select c.xid, c.id as number, c.xid::text || '.' || c.id as id, c.topic, c.kind, c.subject_id, c.event, c.drill, c.at
      from app.changes c where c.xid < v_ended
      order by c.xid desc, c.id desc limit v_limit
    ) n;
  else
    select coalesce(jsonb_agg(to_jsonb(n) - 'xid' - 'number' order by n.xid, n.number), '[]') into v_changes
    from (
      select c.xid, c.id as number, c.xid::text || '.' || c.id as id, c.topic, c.kind, c.subject_id, c.event, c.drill, c.at
      from app.changes c where c.xid < v_ended and (c.xid, c.id) > (v_xid, v_id)
      order by c.xid, c.id limit v_limit
    ) n;
  end if;
  return v_changes;
end
$$;
comment on function public.live_changes is
  'What changed after the change with this id (after), oldest first, at most limit; without after the newest. Every change is given once and none is passed over.';
revoke execute on function public.live_changes from public;
grant execute on function public.live_changes to service_role;

create function public.prune_changes() returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_gone integer;
begin
  delete from app.changes where at < now() - interval '1 day';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
comment on function public.prune_changes is 'Forgets changes older than a day: whoever was away longer reads everything anew. Answers how many.';
revoke execute on function public.prune_changes from public;
grant execute on function public.prune_changes to service_role;
