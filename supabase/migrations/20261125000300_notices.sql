-- Official notices: what ministries and agencies say, kept beside what the crowd says and never mixed with it (D54–D56).
-- A notice is quoted: its level stays in the words of its source, with address and time (D55). What a source says anew is
-- a new version; the old words stay readable. Officers link notices to items and events: confirms, corrects, contradicts,
-- supersedes. Imports come through the server; whatever cannot be placed waits in the queue.

create type app.notice_relation as enum ('confirms', 'corrects', 'contradicts', 'supersedes');

create table app.notice_feeds (
  url text primary key,
  name text not null,
  tried_at timestamptz not null default now(),
  read_at timestamptz,
  problem text,
  constraint notice_feeds_words_cannot_be_endless check (
    char_length(url) <= 2000 and char_length(name) <= 200 and char_length(problem) <= 500
  )
);
comment on table app.notice_feeds is 'When each feed of notices was last read, and why not. Everybody may know: silence of a source is news too.';
comment on column app.notice_feeds.problem is 'One word for what went wrong the last time; null when nothing did.';

create table app.notices (
  id uuid primary key default gen_random_uuid(),
  source_key text not null unique,
  source_name text not null,
  source_kind text not null default 'government',
  url text,
  title text not null,
  text text not null default '',
  language text not null,
  level text,
  country text,
  area text,
  event_id uuid references app.events on delete restrict,
  position point,
  west double precision,
  south double precision,
  east double precision,
  north double precision,
  published_at timestamptz not null,
  expires_at timestamptz,
  ended boolean not null default false,
  replaced_by uuid references app.notices on delete set null,
  drill boolean not null default false,
  invented boolean not null default false,
  feed_url text references app.notice_feeds on delete set null,
  added_by uuid references auth.users on delete set null,
  received_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  publication app.publication not null default 'published',
  version integer not null default 1,
  constraint notices_keys_cannot_be_endless check (char_length(source_key) between 1 and 1100 and source_key !~ '[[:cntrl:]]'),
  constraint notices_must_name_their_source check (source_name ~ '[^[:space:]]' and char_length(source_name) <= 200),
  constraint notices_source_kinds_are_known check (source_kind in ('government', 'international', 'media', 'organisation')),
  constraint notices_addresses_are_of_the_web check (char_length(url) <= 2000 and url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint notices_titles_cannot_be_empty_or_endless check (title ~ '[^[:space:]]' and char_length(title) <= 500),
  constraint notices_texts_cannot_be_endless check (
    char_length(text) <= 20000 and char_length(level) <= 200 and char_length(area) <= 1000
  ),
  constraint notices_languages_are_tags check (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$'),
  constraint notices_countries_are_iso_codes check (country ~ '^[A-Z]{2}$'),
  constraint notices_boxes_are_whole check (num_nulls(west, south, east, north) in (0, 4)),
  constraint notices_boxes_lie_on_earth check (
    south between -90 and 90 and north between south and 90 and west between -180 and 180 and east between -180 and 180
  ),
  constraint notices_cannot_replace_themselves check (replaced_by <> id)
);
create index notices_newest_idx on app.notices (published_at desc, id desc) where publication = 'published';
create index notices_country_idx on app.notices (country, published_at desc, id desc) where publication = 'published';
create index notices_event_id_idx on app.notices (event_id, published_at desc, id desc);
create index notices_replaced_by_idx on app.notices (replaced_by);
create index notices_feed_url_idx on app.notices (feed_url);
create index notices_added_by_idx on app.notices (added_by);
comment on table app.notices is 'One row a notice of an authority, quoted. Everybody reads those that are published.';
comment on column app.notices.source_key is 'Its identity where it comes from, so that reading a feed twice changes nothing.';
comment on column app.notices.level is 'In the words of the source, never made into ours.';

create table app.notice_versions (
  notice_id uuid not null references app.notices on delete cascade,
  version integer not null,
  title text not null,
  text text not null,
  level text,
  published_at timestamptz not null,
  ended boolean not null,
  replaced_at timestamptz not null default now(),
  primary key (notice_id, version)
);
comment on table app.notice_versions is 'What a notice said before its source, or staff, said otherwise. As public as the notice.';

create table app.notice_links (
  id uuid primary key default gen_random_uuid(),
  notice_id uuid not null references app.notices on delete cascade,
  relation app.notice_relation not null,
  subject_type text not null,
  subject_id uuid not null,
  text text,
  linked_by uuid references auth.users on delete set null,
  linked_at timestamptz not null default now(),
  unique (notice_id, subject_type, subject_id),
  constraint notice_links_subjects_are_known check (subject_type in ('event', 'notice', 'person', 'note', 'report')),
  constraint notice_links_texts_cannot_be_endless check (char_length(text) <= 1000)
);
create index notice_links_subject_idx on app.notice_links (subject_type, subject_id);
create index notice_links_linked_by_idx on app.notice_links (linked_by);
comment on table app.notice_links is
  'That a notice confirms, corrects, contradicts or supersedes an item, an event or another notice, as an officer saw it. Read by whoever may read both.';

alter table app.notice_feeds enable row level security;
alter table app.notices enable row level security;
alter table app.notice_versions enable row level security;
alter table app.notice_links enable row level security;

create policy "Everybody reads when feeds were read" on app.notice_feeds for select to anon, authenticated using (true);
create policy "Everybody reads published notices" on app.notices for select to anon using (publication = 'published');
create policy "Staff reads all notices" on app.notices for select to authenticated
  using (publication = 'published' or (select app.has_role('volunteer')));
create policy "Officers add notices of the countries they look after" on app.notices for insert to authenticated
  with check ((select app.has_role('officer')) and app.in_my_area(country) and added_by = (select auth.uid()));
create policy "Officers change notices of the countries they look after" on app.notices for update to authenticated
  using ((select app.has_role('officer')) and app.in_my_area(country))
  with check ((select app.has_role('officer')) and app.in_my_area(country));
create policy "Everybody reads what published notices said before" on app.notice_versions for select to anon, authenticated
  using (notice_id in (select n.id from app.notices n where n.id = notice_id));
create policy "Everybody reads links between what they may read" on app.notice_links for select to anon, authenticated
  using (
    notice_id in (select n.id from app.notices n where n.id = notice_id)
    and case subject_type
      when 'event' then true
      when 'notice' then subject_id in (select n.id from app.notices n where n.id = subject_id)
      when 'person' then subject_id in (
        select p.id from app.persons p
        where p.id = subject_id and p.publication = 'published' and p.visibility = 'public' and p.softened_at is null
      )
      when 'note' then subject_id in (select n.id from app.notes n where n.id = subject_id)
      else subject_id in (select r.id from app.reports r where r.id = subject_id)
    end
  );
create policy "Staff reads all links" on app.notice_links for select to authenticated
  using ((select app.has_role('volunteer')));
create policy "Officers add links of notices they look after" on app.notice_links for insert to authenticated
  with check (
    (select app.has_role('officer')) and linked_by = (select auth.uid())
    and notice_id in (select n.id from app.notices n where n.id = notice_id and app.in_my_area(n.country))
  );
create policy "Officers delete links of notices they look after" on app.notice_links for delete to authenticated
  using (
    (select app.has_role('officer'))
    and notice_id in (select n.id from app.notices n where n.id = notice_id and app.in_my_area(n.country))
  );
-- No delete of notices: they are hidden, and the log says by whom. No insert or update of versions: the trigger keeps them.

grant select on app.notice_feeds to anon, authenticated;
grant select on app.notices, app.notice_versions, app.notice_links to anon, authenticated;
grant insert, update on app.notices to authenticated;
grant insert, delete on app.notice_links to authenticated;
grant select, insert, update on app.notice_feeds, app.notices, app.notice_versions to service_role;
grant select, insert, delete on app.notice_links to service_role;

insert into app.subject_types (name) values ('notice') on conflict do nothing;

-- Definer: what a notice said before belongs to everybody, and no seat may write it.
create function app.tg_notices__keep_versions() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if (new.title, new.text, new.level, new.ended) is distinct from (old.title, old.text, old.level, old.ended) then
    insert into app.notice_versions (notice_id, version, title, text, level, published_at, ended)
    values (old.id, old.version, old.title, old.text, old.level, old.published_at, old.ended);
    new.version := old.version + 1;
    new.updated_at := now();
  elsif new.publication is distinct from old.publication then
    new.updated_at := now();
  end if;
  return new;
end
$$;
comment on function app.tg_notices__keep_versions is 'Keeps what a notice said before, as a definer: no seat may write versions.';
create trigger _100_keep_versions before update on app.notices
  for each row execute function app.tg_notices__keep_versions();

create function app.tg_notices__log() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- What the server imports is logged once for the whole feed.
  if auth.uid() is null then
    return null;
  end if;
  if tg_op = 'INSERT' then
    perform app.log_act('notice_added', 'notice', new.id::text, '{}');
  elsif new.publication is distinct from old.publication then
    perform app.log_act(case when new.publication = 'hidden' then 'notice_hidden' else 'notice_restored' end, 'notice', new.id::text, '{}');
  else
    perform app.log_act('notice_changed', 'notice', new.id::text, jsonb_build_object('version', new.version));
  end if;
  return null;
end
$$;
create trigger _500_log after insert or update on app.notices
  for each row execute function app.tg_notices__log();

-- Definer: an officer may say that two voices disagree; what waits in the queue because of it no seat may write.
create function app.tg_notice_links__act() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v app.notice_links;
  v_notice app.notices;
begin
  if tg_op = 'DELETE' then
    v := old;
  else
    v := new;
  end if;
  select * into v_notice from app.notices where id = v.notice_id;
  if tg_op = 'INSERT' and v.relation = 'contradicts'
     and v.subject_type in (select s.name from app.subject_types s) then
    perform app.enqueue(jsonb_build_object(
      'kind', 'disagreement', 'subject_type', v.subject_type, 'subject_id', v.subject_id, 'event_id', v_notice.event_id,
      'severity', 2, 'reason', 'contradicted_by_notice', 'text', v_notice.source_name || ': ' || v_notice.title,
      'language', v_notice.language, 'country', v_notice.country));
  end if;
  perform app.log_act(case tg_op when 'INSERT' then 'notice_linked' else 'notice_unlinked' end, 'notice', v.notice_id::text,
    jsonb_build_object('relation', v.relation, 'subject_type', v.subject_type, 'subject_id', v.subject_id));
  return null;
end
$$;
comment on function app.tg_notice_links__act is
  'Logs a link and queues what a notice contradicts, as a definer: no seat may write the queue.';
create trigger _500_act after insert or delete on app.notice_links
  for each row execute function app.tg_notice_links__act();

create view public.notices with (security_invoker = true) as
select n.id, n.source_key, n.source_name, n.source_kind, n.url, n.title, n.text, n.language, n.level, n.country, n.area,
       e.slug as event, n.position[1] as lat, n.position[0] as lon, n.west, n.south, n.east, n.north,
       n.published_at, n.expires_at, n.ended, n.replaced_by, n.received_at, n.updated_at, n.version,
       n.drill or coalesce(e.drill, false) as drill, n.invented, n.publication
from app.notices n
left join app.events e on e.id = n.event_id;
comment on view public.notices is 'Official notices as their sources word them. Visitors see published ones, staff all.';
grant select on public.notices to anon, authenticated;

create view public.notice_versions with (security_invoker = true) as
select notice_id, version, title, text, level, published_at, ended, replaced_at from app.notice_versions;
comment on view public.notice_versions is 'What a notice said before.';
grant select on public.notice_versions to anon, authenticated;

create view public.notice_links with (security_invoker = true) as
select l.id, l.notice_id, l.relation, l.subject_type, l.subject_id, l.text, l.linked_at,
       n.title, n.source_name, n.url, n.language, n.level, n.published_at, n.ended
from app.notice_links l
join app.notices n on n.id = l.notice_id;
comment on view public.notice_links is 'What notices confirm, correct, contradict or supersede, with the notice in short.';
grant select on public.notice_links to anon, authenticated;

create view public.notice_feeds with (security_invoker = true) as
select url, name, tried_at, read_at, problem from app.notice_feeds;
comment on view public.notice_feeds is 'When each feed of notices was last read.';
grant select on public.notice_feeds to anon, authenticated;

-- A notice belongs to an event when it says so or is linked to it. Drills show only under their own event; what stands under
-- an invented event is invented.
create function app.notices_of(p_event text, p_country text) returns setof app.notices
language sql stable set search_path = '' as $$
  select n.* from app.notices n
  where n.publication = 'published'
    and (p_country is null or n.country = p_country)
    and case
      when p_event is null then not n.drill and not exists (select from app.events d where d.id = n.event_id and d.drill)
      else n.event_id in (select e.id from app.events e where e.slug = p_event)
        or n.id in (
          select l.notice_id from app.notice_links l join app.events e on e.id = l.subject_id
          where l.subject_type = 'event' and e.slug = p_event
        )
    end
$$;
revoke execute on function app.notices_of from public;
grant execute on function app.notices_of to anon, authenticated, service_role;

create function public.list_notices(
  p_event text, p_country text, p_before timestamptz, p_before_id uuid, p_limit integer
) returns setof public.notices
language sql stable set search_path = '' as $$
  select v.* from (
    select n.id, n.published_at from app.notices_of(p_event, p_country) n
    where p_before is null or (n.published_at, n.id) < (p_before, p_before_id)
    order by n.published_at desc, n.id desc limit least(p_limit, 1000)
  ) f join public.notices v on v.id = f.id
  order by v.published_at desc, v.id desc
$$;
comment on function public.list_notices is
  'Published notices, newest first: those after the one with this published_at and id, or from the top.';
revoke execute on function public.list_notices from public;
grant execute on function public.list_notices to anon, authenticated;

create function public.count_notices(p_event text, p_country text) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from app.notices_of(p_event, p_country)
$$;
comment on function public.count_notices is 'How many published notices a filter leaves.';
revoke execute on function public.count_notices from public;
grant execute on function public.count_notices to anon, authenticated;

create function app.notice_from(p jsonb) returns app.notices
language plpgsql stable set search_path = '' as $$
declare
  v app.notices := jsonb_populate_record(null::app.notices, p - array['position', 'event_id']);
begin
  if coalesce(btrim(v.title), '') = '' then
    raise exception 'title_required' using errcode = 'PT422', hint = 'title';
  end if;
  if coalesce(btrim(v.source_name), '') = '' then
    raise exception 'source_name_required' using errcode = 'PT422', hint = 'source_name';
  end if;
  if v.published_at is null or v.published_at not between '1990-01-01' and now() + interval '1 day' then
    raise exception 'published_at_invalid' using errcode = 'PT422', hint = 'published_at';
  end if;
  if v.expires_at < v.published_at then
    raise exception 'expires_at_invalid' using errcode = 'PT422', hint = 'expires_at';
  end if;
  if p ->> 'event' is not null then
    select e.id, e.country into v.event_id, v.country from (
      select e.id, coalesce(v.country, e.country) as country from app.events e where e.slug = p ->> 'event'
    ) e;
    if v.event_id is null then
      raise exception 'event_unknown' using errcode = 'PT422', hint = 'event';
    end if;
  end if;
  if num_nulls(p ->> 'lat', p ->> 'lon') = 0 then
    v.position := point((p ->> 'lon')::double precision, (p ->> 'lat')::double precision);
  end if;
  return v;
end
$$;
comment on function app.notice_from is 'The fields of a notice out of json, with event by slug and place by lat and lon; refuses what cannot be one.';
revoke execute on function app.notice_from from public;
grant execute on function app.notice_from to authenticated, service_role;

create function public.save_notice(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.notices;
  v_id uuid := (p ->> 'id')::uuid;
  v_before app.notices;
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  v := app.notice_from(p);
  if not app.in_my_area(v.country) then
    raise exception 'outside_your_area' using errcode = 'PT403', hint = 'country';
  end if;
  if v_id is null then
    insert into app.notices (source_key, source_name, source_kind, url, title, text, language, level, country, area, event_id,
                             published_at, expires_at, ended, added_by)
    values (coalesce(v.source_key, 'entered:' || gen_random_uuid()), v.source_name, coalesce(v.source_kind, 'government'), v.url,
            v.title, coalesce(v.text, ''), v.language, v.level, v.country, v.area, v.event_id, v.published_at, v.expires_at,
            coalesce(v.ended, false), auth.uid())
    on conflict (source_key) do nothing
    returning id into v_id;
    if v_id is null then
      raise exception 'notice_known' using errcode = 'PT409', hint = 'source_key';
    end if;
    return jsonb_build_object('id', v_id);
  end if;
  select * into v_before from app.notices where id = v_id for update;
  if not found then
    raise exception 'notice_not_found' using errcode = 'PT404';
  end if;
  if v_before.version <> (p ->> 'version')::integer then
    raise exception 'changed_meanwhile' using errcode = 'PT409';
  end if;
  update app.notices set
    source_name = v.source_name, source_kind = coalesce(v.source_kind, source_kind), url = v.url, title = v.title,
    text = coalesce(v.text, ''), language = v.language, level = v.level, country = v.country, area = v.area, event_id = v.event_id,
    published_at = v.published_at, expires_at = v.expires_at, ended = coalesce(v.ended, ended)
  where id = v_id;
  if not found then
    raise exception 'outside_your_area' using errcode = 'PT403';
  end if;
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.save_notice is
  'An officer enters a notice, or changes one they look after (id and version of what they saw). Answers its id.';

create function public.publish_notice(p_id uuid, p_publish boolean) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  update app.notices set publication = (case when p_publish then 'published' else 'hidden' end)::app.publication
  where id = p_id and publication <> 'placeholder';
  if not found then
    raise exception 'notice_not_found' using errcode = 'PT404';
  end if;
end
$$;
comment on function public.publish_notice is 'An officer hides a notice they look after, or shows it again.';

-- Definer: an officer may link what waits or is shown to few, such as a death report, without being able to read it here.
create function app.can_be_linked(p_type text, p_id uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  v_there boolean;
begin
  if coalesce(p_type, '') not in ('event', 'notice', 'person', 'note', 'report') or not app.has_role('officer') then
    return false;
  end if;
  execute format('select exists (select from app.%I where id = $1)', p_type || 's') into v_there using p_id;
  return v_there;
end
$$;
comment on function app.can_be_linked is 'Whether there is such an item, event or notice: a definer that tells officers yes or no and nothing else.';
revoke execute on function app.can_be_linked from public;
grant execute on function app.can_be_linked to authenticated;

create function public.link_notice(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_notice app.notices;
  v_id uuid;
  v_type text := p ->> 'subject_type';
  v_subject uuid := (p ->> 'subject_id')::uuid;
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  select * into v_notice from app.notices where id = (p ->> 'notice_id')::uuid;
  if not found then
    raise exception 'notice_not_found' using errcode = 'PT404';
  end if;
  if not app.in_my_area(v_notice.country) then
    raise exception 'outside_your_area' using errcode = 'PT403';
  end if;
  if coalesce(p ->> 'relation', '') not in ('confirms', 'corrects', 'contradicts', 'supersedes') then
    raise exception 'relation_required' using errcode = 'PT422', hint = 'relation';
  end if;
  if v_subject is null or v_subject = v_notice.id or not app.can_be_linked(v_type, v_subject) then
    raise exception 'subject_unknown' using errcode = 'PT422', hint = 'subject';
  end if;
  insert into app.notice_links (notice_id, relation, subject_type, subject_id, text, linked_by)
  values (v_notice.id, (p ->> 'relation')::app.notice_relation, v_type, v_subject, nullif(btrim(p ->> 'text'), ''), auth.uid())
  on conflict (notice_id, subject_type, subject_id) do nothing
  returning id into v_id;
  if v_id is null then
    raise exception 'notice_linked_already' using errcode = 'PT409', hint = 'subject';
  end if;
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.link_notice is
  'An officer says what a notice means for an item, an event or another notice: {notice_id, relation, subject_type, subject_id, text}. A contradiction goes to the queue.';

create function public.unlink_notice(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not app.has_role('officer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  delete from app.notice_links where id = p_id;
  if not found then
    raise exception 'notice_not_found' using errcode = 'PT404';
  end if;
end
$$;
comment on function public.unlink_notice is 'An officer takes a link back; the log keeps that it was there.';

revoke execute on function public.save_notice, public.publish_notice, public.link_notice, public.unlink_notice from public;
grant execute on function public.save_notice, public.publish_notice, public.link_notice, public.unlink_notice to authenticated;

create function public.import_notices(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_item jsonb;
  v app.notices;
  v_old app.notices;
  v_id uuid;
  v_outcomes jsonb := '[]';
  v_outcome jsonb;
  v_fresh integer := 0;
  v_feed text := p ->> 'feed_url';
begin
  if v_feed is not null then
    insert into app.notice_feeds as f (url, name, tried_at, read_at, problem)
    values (v_feed, p ->> 'feed_name', now(), now(), null)
    on conflict (url) do update set name = excluded.name, tried_at = now(), read_at = now(), problem = null;
  end if;
  for v_item in select i from jsonb_array_elements(p -> 'notices') i loop
    begin
      v := app.notice_from(v_item);
      v_id := null;
      select * into v_old from app.notices where source_key = v.source_key for update;
      if not found then
        insert into app.notices (source_key, source_name, source_kind, url, title, text, language, level, country, area, event_id,
                                 position, west, south, east, north, published_at, expires_at, ended, drill, invented, feed_url)
        values (v.source_key, v.source_name, coalesce(v.source_kind, 'government'), v.url, v.title, coalesce(v.text, ''), v.language,
                v.level, v.country, v.area, v.event_id, v.position, v.west, v.south, v.east, v.north, v.published_at, v.expires_at,
                coalesce(v.ended, false), coalesce(v.drill, false),
                coalesce((select e.invented from app.events e where e.id = v.event_id), false), v_feed)
        returning id into v_id;
        if v.country is null and v.position is null and v.event_id is null then
          perform app.enqueue(jsonb_build_object(
            'kind', 'import_problem', 'subject_type', 'notice', 'subject_id', v_id, 'severity', 4,
            'reason', 'country_unknown', 'text', v.title, 'language', v.language));
        end if;
        v_outcome := jsonb_build_object('outcome', 'created', 'id', v_id);
        v_fresh := v_fresh + 1;
      elsif v_old.added_by is not null then
        -- What an officer has entered or taken over, no feed writes over.
        v_outcome := jsonb_build_object('outcome', 'unchanged', 'id', v_old.id);
      elsif (v_old.title, v_old.text, v_old.level, v_old.ended, v_old.url, v_old.expires_at)
            is distinct from (v.title, coalesce(v.text, ''), v.level, coalesce(v.ended, false), v.url, v.expires_at)
            and v.published_at >= v_old.published_at then
        update app.notices set
          title = v.title, text = coalesce(v.text, ''), level = v.level, url = v.url, area = coalesce(v.area, area),
          country = coalesce(country, v.country), expires_at = v.expires_at, published_at = v.published_at,
          ended = coalesce(v.ended, false), feed_url = coalesce(v_feed, feed_url)
        where id = v_old.id;
        v_id := v_old.id;
        v_outcome := jsonb_build_object('outcome', 'updated', 'id', v_id);
        v_fresh := v_fresh + 1;
      else
        v_outcome := jsonb_build_object('outcome', 'unchanged', 'id', v_old.id);
      end if;
      -- A message that refers to others takes their place; one that cancels ends them.
      if v_id is not null and jsonb_typeof(v_item -> 'replaces') = 'array' then
        update app.notices n set
          ended = n.ended or coalesce(v.ended, false), replaced_by = v_id
        where n.source_key in (select jsonb_array_elements_text(v_item -> 'replaces')) and n.id <> v_id and n.added_by is null;
      end if;
    exception
      when sqlstate 'PT422' then
        v_outcome := jsonb_build_object('outcome', 'refused', 'reason', sqlerrm);
      when check_violation or invalid_text_representation or datetime_field_overflow or invalid_datetime_format
        or character_not_in_repertoire or untranslatable_character or numeric_value_out_of_range or not_null_violation then
        v_outcome := jsonb_build_object('outcome', 'refused', 'reason', 'notice_invalid');
    end;
    v_outcomes := v_outcomes || jsonb_build_array(v_outcome);
  end loop;
  if v_fresh > 0 then
    perform app.log_act('notices_imported', 'notice', null, jsonb_build_object('count', v_fresh));
  end if;
  return v_outcomes;
end
$$;
comment on function public.import_notices is
  'Takes in notices of a feed: {feed_url, feed_name, notices: [...]}. One outcome for each: created, updated, unchanged, or refused with a reason. A second time changes nothing.';

create function public.note_feed_problem(p_url text, p_name text, p_problem text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.notice_feeds as f (url, name, tried_at, problem) values (p_url, p_name, now(), left(p_problem, 500))
  on conflict (url) do update set name = excluded.name, tried_at = now(), problem = excluded.problem;
end
$$;
comment on function public.note_feed_problem is 'Keeps that a feed could not be read.';

revoke execute on function public.import_notices, public.note_feed_problem from public;
grant execute on function public.import_notices, public.note_feed_problem to service_role;

create function app.moderate_notice(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v app.notices;
begin
  select * into v from app.notices where id = p_id for update;
  if not found then
    return;
  end if;
  if p_decision = 'mask' then
    insert into app.sealed_texts (decision_id, subject_type, subject_id, original, masked)
    values ((p ->> 'decision_id')::uuid, 'notice', v.id, v.text, p ->> 'masked_text');
    -- What is masked must not stand on in an older version.
    update app.notices set text = p ->> 'masked_text' where id = v.id;
    update app.notice_versions set text = p ->> 'masked_text' where notice_id = v.id;
  end if;
  update app.notices set publication = (case
      when p_decision in ('hide', 'false', 'withdrawn', 'duplicate') then 'hidden'
      when p_decision in ('accept', 'mask', 'restore', 'verified', 'adopted') then 'published'
      else publication::text
    end)::app.publication
  where id = p_id;
end
$$;
comment on function app.moderate_notice is 'What a decision of the queue does to a notice: hides it, shows it, or masks personal data in its text.';
revoke execute on function app.moderate_notice from public;
grant execute on function app.moderate_notice to service_role;

create function app.describe_notice(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'title', n.title, 'text', n.text, 'country', n.country, 'event', e.slug, 'publication', n.publication,
    'public', n.publication = 'published', 'author_key', n.added_by, 'lat', n.position[1], 'lon', n.position[0], 'photo_id', null,
    'url', '/notices/' || n.id,
    'facts', jsonb_build_object(
      'source_name', n.source_name, 'source_kind', n.source_kind, 'source_url', n.url, 'level', n.level, 'language', n.language,
      'area', n.area, 'published_at', n.published_at, 'expires_at', n.expires_at, 'ended', n.ended
    ),
    'history', coalesce((
      select jsonb_agg(jsonb_build_object('text', h.text, 'level', h.level, 'at', h.replaced_at) order by h.version desc)
      from app.notice_versions h where h.notice_id = n.id
    ), '[]'),
    'duplicates', '[]'::jsonb
  )
  from app.notices n left join app.events e on e.id = n.event_id where n.id = p_id
$$;
comment on function app.describe_notice is 'A notice as the page of the queue shows it.';
revoke execute on function app.describe_notice from public;
grant execute on function app.describe_notice to service_role;
