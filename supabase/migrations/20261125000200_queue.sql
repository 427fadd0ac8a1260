-- One queue for every kind of item. It began with persons and notes; now anything that registers its type can wait here,
-- and who decides is a member of the staff with their own session.

create table app.subject_types (
  name text primary key,
  constraint subject_types_are_named_in_one_word check (name ~ '^[a-z]+(?:_[a-z]+)*$')
);
comment on table app.subject_types is
  'What can be moderated. Each has app.moderate_<name>(id, decision, p) and app.describe_<name>(id), called by that name.';
alter table app.subject_types enable row level security;
create policy "Staff reads what can be moderated" on app.subject_types for select to authenticated
  using ((select app.has_role('volunteer')));
-- No insert, update or delete: types come with migrations.
grant select on app.subject_types to authenticated, service_role;
insert into app.subject_types (name) values ('person'), ('note'), ('report');

alter table app.queue_items drop constraint queue_items_kinds_are_known;
alter table app.queue_items add constraint queue_items_kinds_are_known check (
  kind in (
    'needs_help', 'death_report', 'objection', 'photo_of_minor', 'looks_automatic', 'report',
    'new', 'flagged', 'held', 'disagreement', 'correction', 'offer', 'import_problem', 'appeal'
  )
);
alter table app.queue_items
  add column subject_type text references app.subject_types on delete restrict,
  add column subject_id uuid,
  add column event_id uuid references app.events on delete restrict,
  add column language text,
  add column country text,
  add column stage smallint not null default 1,
  add column waiting_since timestamptz not null default now(),
  add column version integer not null default 1,
  add column spam_score smallint not null default 0;

update app.queue_items set
  subject_type = case when note_id is not null then 'note' else 'person' end,
  subject_id = coalesce(note_id, person_id),
  waiting_since = created_at
where subject_type is null;
update app.queue_items i set event_id = p.event_id, country = e.country, language = s.language
from app.persons p join app.events e on e.id = p.event_id left join app.person_secrets s on s.person_id = p.id
where p.id = i.person_id;

alter table app.queue_items
  alter column subject_type set not null,
  alter column subject_id set not null,
  add constraint queue_items_countries_are_iso_codes check (country ~ '^[A-Z]{2}$'),
  add constraint queue_items_texts_cannot_be_endless check (char_length(text) <= 20000 and char_length(reason) <= 500),
  add constraint queue_items_have_two_stages check (stage in (1, 2)),
  add constraint queue_items_scores_are_percentages check (spam_score between 0 and 100);

-- The order of work, written down once: what is most severe goes first, and what has waited a day overtakes what is one
-- step more severe. A call for help is ahead of everything that has waited less than a month. Because the place of an
-- item does not change while time passes, an index gives the first page of a hundred thousand like that of ten.
alter table app.queue_items add column rank_at timestamptz generated always as (
  (waiting_since at time zone 'UTC' + make_interval(
    days => case severity when 1 then -30 else severity - 5 end,
    hours => case severity when 1 then 0 else spam_score / 2 end
  )) at time zone 'UTC'
) stored;
comment on column app.queue_items.rank_at is 'Earliest first: waiting_since, moved ahead by severity (1: thirty days, 2: three, 3: two, 4: one); what looks like spam up to fifty hours back, but never a call for help.';

drop index app.queue_items_waiting_idx;
create index queue_items_waiting_idx on app.queue_items (rank_at, id) where decided_at is null;
create index queue_items_waiting_kind_idx on app.queue_items (kind, rank_at, id) where decided_at is null;
create index queue_items_waiting_event_idx on app.queue_items (event_id, rank_at, id) where decided_at is null;
create index queue_items_subject_idx on app.queue_items (subject_id, subject_type);

create function app.tg_queue_items__complete() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.subject_type is null then
    new.subject_type := case when new.note_id is not null then 'note' else 'person' end;
    new.subject_id := coalesce(new.note_id, new.person_id);
  end if;
  if new.subject_type = 'note' and new.person_id is null then
    select n.person_id, n.id into new.person_id, new.note_id from app.notes n where n.id = new.subject_id;
  elsif new.subject_type = 'person' and new.person_id is null then
    new.person_id := new.subject_id;
  end if;
  if new.person_id is not null then
    select coalesce(new.event_id, p.event_id), coalesce(new.country, e.country), coalesce(new.language, s.language)
    into new.event_id, new.country, new.language
    from app.persons p join app.events e on e.id = p.event_id left join app.person_secrets s on s.person_id = p.id
    where p.id = new.person_id;
  elsif new.event_id is not null and new.country is null then
    select e.country into new.country from app.events e where e.id = new.event_id;
  end if;
  new.waiting_since := new.created_at;
  return new;
end
$$;
comment on function app.tg_queue_items__complete is
  'Fills in what follows from the subject, so that every command that queues something need not.';
create trigger _100_complete before insert on app.queue_items
  for each row execute function app.tg_queue_items__complete();

create function app.enqueue(p jsonb) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into app.queue_items (kind, subject_type, subject_id, event_id, severity, reason, text, language, country, created_at)
  values (
    p ->> 'kind', p ->> 'subject_type', (p ->> 'subject_id')::uuid, (p ->> 'event_id')::uuid,
    coalesce((p ->> 'severity')::smallint, 3::smallint), left(p ->> 'reason', 500), left(p ->> 'text', 20000),
    p ->> 'language', p ->> 'country', coalesce((p ->> 'created_at')::timestamptz, now())
  ) returning id into v_id;
  return v_id;
end
$$;
comment on function app.enqueue is
  'Puts something before the staff: {kind, subject_type, subject_id, event_id, severity (1 most severe … 5), reason, text, language, country, created_at}. Answers the id of the item.';
revoke execute on function app.enqueue from public;
grant execute on function app.enqueue to service_role;
