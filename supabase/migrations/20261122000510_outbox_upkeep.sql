-- The outbox from its other side: what waits, what has waited long enough, and which mail speaks of a drill.

create function app.tg_outbox__mark_drills() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if exists (
    select from app.persons p join app.events e on e.id = p.event_id
    where p.id = (new.payload ->> 'person_id')::uuid and e.drill
  ) then
    new.payload := new.payload || jsonb_build_object('drill', true);
  end if;
  return new;
end
$$;
create trigger _100_mark_drills before insert on app.outbox
  for each row execute function app.tg_outbox__mark_drills();

create function public.outbox_state() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'waiting', count(*) filter (where sent_at is null and failed_at is null),
    'tried', count(*) filter (where sent_at is null and failed_at is null and attempts > 0),
    'oldest_waiting', min(created_at) filter (where sent_at is null and failed_at is null),
    'failed', count(*) filter (where failed_at is not null),
    'last_error', (array_agg(last_error order by id desc) filter (where sent_at is null and last_error is not null))[1]
  )
  from app.outbox
  where sent_at is null
$$;
comment on function public.outbox_state is 'How much mail waits, since when, how much was given up, and the last reason. For the operator.';

create function public.prune_outbox() returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_gone integer;
  v_old integer;
begin
  -- Nobody gets mail about a record that is gone.
  delete from app.outbox o using app.persons p
  where o.sent_at is null and p.id = (o.payload ->> 'person_id')::uuid and p.publication = 'placeholder';
  get diagnostics v_gone = row_count;
  -- Mail that could not be delivered still holds an address and what somebody wrote.
  delete from app.outbox where sent_at < now() - interval '30 days' or failed_at < now() - interval '7 days';
  get diagnostics v_old = row_count;
  return v_gone + v_old;
end
$$;
comment on function public.prune_outbox is 'Forgets mail about records that are gone, mail sent 30 days ago and mail given up 7 days ago. Answers how many.';

revoke execute on function public.outbox_state from public;
revoke execute on function public.prune_outbox from public;
grant execute on function public.outbox_state to service_role;
grant execute on function public.prune_outbox to service_role;
