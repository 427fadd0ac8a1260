-- Open data: one way to read any public view from end to end, what is used how often, whether our own files keep the
-- national rules, and what people ask for and have made of it (D6, D67, D72, D76).

-- Rows of a public view as one text of JSON, in the order of a unique column. Whoever calls reads with their own rights:
-- the view, its policies and grants decide, and every name is quoted. One call gives more rows than a list may, because
-- an export of a million rows would otherwise be a thousand calls.
create function public.read_rows(
  p_view text, p_columns text[], p_key text, p_after text, p_where jsonb, p_limit integer
) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_rows text;
  v_where text;
begin
  if to_regclass(format('public.%I', p_view)) is null or coalesce(cardinality(p_columns), 0) not between 1 and 200
     or p_key is null or jsonb_typeof(coalesce(p_where, '{}')) <> 'object' then
    raise exception 'dataset_unknown' using errcode = 'PT422', hint = 'dataset';
  end if;
  select string_agg(format(' and v.%I = %L', w.key, w.value), '') into v_where
  from jsonb_each_text(coalesce(p_where, '{}')) w;
  -- An aggregate takes the rows of an ordered question in that order; sorting them once more would cost as much again.
  execute format(
    'select coalesce(''['' || string_agg(r.cells, '',''), ''['') || '']'' from ('
    '  select json_build_array(%s)::text as cells from public.%I v where true%s%s order by v.%I limit %s'
    ') r',
    (select string_agg(format('v.%I', c.name), ', ' order by c.nth) from unnest(p_columns) with ordinality c(name, nth)),
    p_view,
    case when p_after is null then '' else format(' and v.%I > %L', p_key, p_after) end,
    coalesce(v_where, ''),
    p_key,
    least(greatest(coalesce(p_limit, 1000), 1), 5000)
  ) into v_rows;
  return v_rows;
end
$$;
comment on function public.read_rows is
  'Up to 5,000 rows of a public view after a key, as a JSON text of arrays in the order of the columns asked for. The rights of the caller decide what is in it.';
revoke execute on function public.read_rows from public;
grant execute on function public.read_rows to anon, authenticated;

create function public.rows_state(p_view text, p_changed text, p_where jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_state jsonb;
  v_where text;
begin
  if to_regclass(format('public.%I', p_view)) is null or jsonb_typeof(coalesce(p_where, '{}')) <> 'object' then
    raise exception 'dataset_unknown' using errcode = 'PT422', hint = 'dataset';
  end if;
  select string_agg(format(' and v.%I = %L', w.key, w.value), '') into v_where
  from jsonb_each_text(coalesce(p_where, '{}')) w;
  execute format(
    'select jsonb_build_object(''rows'', count(*), ''changed'', %s) from public.%I v where true%s',
    case when p_changed is null then 'null' else format('max(v.%I)', p_changed) end, p_view, coalesce(v_where, '')
  ) into v_state;
  return v_state;
end
$$;
comment on function public.rows_state is
  'How many rows of a public view there are and when the newest changed: {rows, changed}. The rights of the caller decide.';
revoke execute on function public.rows_state from public;
grant execute on function public.rows_state to anon, authenticated;

-- The figures of signed releases one a row, for files: nothing here is counted, it stands in the release.
create view public.released_figures with (security_invoker = true) as
select lpad(r.number::text, 6, '0') || '/' || lpad(f.nth::text, 6, '0') as id, r.number as release, r.kind, r.period,
       r.published_at, r.corrects, r.invented, f.figure ->> 'time' as time, f.figure ->> 'area' as area,
       f.figure ->> 'type' as type, f.figure ->> 'programme' as programme, (f.figure ->> 'cases')::bigint as cases,
       (f.figure ->> 'low')::bigint as low, (f.figure ->> 'high')::bigint as high
from app.releases r
cross join lateral jsonb_array_elements(r.content -> 'figures') with ordinality f(figure, nth)
where r.state = 'published';
comment on view public.released_figures is 'Every figure of every published release. Where cases is null it is hidden, and low and high are what anybody can compute.';
grant select on public.released_figures to anon, authenticated;

-- How the work of the staff goes, one kind of item a row. The function has rounded already: nothing finer is read here.
create view public.moderation_figures with (security_invoker = true) as
select s.span || ' ' || (k.figures ->> 'kind') as id, s.span, k.figures ->> 'kind' as kind, k.figures ->> 'items' as items,
       k.figures ->> 'waiting' as waiting, (k.figures ->> 'median_hours')::numeric as median_hours,
       (k.figures ->> 'p90_hours')::numeric as p90_hours
from (values ('30 days', 30), ('always', null)) s(span, days)
cross join lateral jsonb_array_elements(public.moderation_numbers(s.days) -> 'kinds') k(figures);
comment on view public.moderation_figures is
  'Items of the queue by kind, how many wait and how long they waited; counts to the nearest five, "<5" below five.';
grant select on public.moderation_figures to anon, authenticated;

-- What is used. A look at a page, a file taken along and a call of the API are not the same and are counted apart.
create table app.dataset_uses (
  dataset text not null,
  day date not null,
  views bigint not null default 0,
  downloads bigint not null default 0,
  api_calls bigint not null default 0,
  primary key (dataset, day),
  constraint dataset_uses_cannot_be_negative check (views >= 0 and downloads >= 0 and api_calls >= 0),
  constraint dataset_uses_name_a_dataset check (dataset ~ '^[a-z][a-z0-9-]{0,79}$')
);
comment on table app.dataset_uses is
  'How often a dataset was used on a day (UTC). Nothing tells by whom. Everybody may know.';
alter table app.dataset_uses enable row level security;
create policy "Everybody reads how often data is used" on app.dataset_uses for select to anon, authenticated using (true);
-- No insert, update or delete: the server counts.
grant select on app.dataset_uses to anon, authenticated;
grant select, insert, update on app.dataset_uses to service_role;

create view public.dataset_uses with (security_invoker = true) as
select u.day || ' ' || u.dataset as id, u.dataset, u.day, u.views, u.downloads, u.api_calls from app.dataset_uses u;
comment on view public.dataset_uses is 'How often each dataset was looked at, taken along and asked for by programs, day by day.';
grant select on public.dataset_uses to anon, authenticated;

create function public.dataset_use_totals() returns table (dataset text, views bigint, downloads bigint, api_calls bigint)
language sql stable set search_path = '' as $$
  select u.dataset, sum(u.views)::bigint, sum(u.downloads)::bigint, sum(u.api_calls)::bigint
  from app.dataset_uses u group by u.dataset
$$;
comment on function public.dataset_use_totals is 'All uses of each dataset since it is counted.';
revoke execute on function public.dataset_use_totals from public;
grant execute on function public.dataset_use_totals to anon, authenticated;

create function public.count_dataset_uses(p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.dataset_uses as u (dataset, day, views, downloads, api_calls)
  select c.dataset, (now() at time zone 'UTC')::date, coalesce(sum(c.count) filter (where c.kind = 'view'), 0),
         coalesce(sum(c.count) filter (where c.kind = 'download'), 0), coalesce(sum(c.count) filter (where c.kind = 'api'), 0)
  from jsonb_to_recordset(p -> 'uses') c(dataset text, kind text, count bigint)
  group by c.dataset order by c.dataset
  on conflict (dataset, day) do update set
    views = u.views + excluded.views, downloads = u.downloads + excluded.downloads, api_calls = u.api_calls + excluded.api_calls;
end
$$;
comment on function public.count_dataset_uses is 'Adds uses to those of today: {uses: [{dataset, kind (view, download, api), count}]}.';
revoke execute on function public.count_dataset_uses from public;
grant execute on function public.count_dataset_uses to service_role;

-- The four checks of the national platform, made on ourselves.
create table app.dataset_checks (
  dataset text not null,
  format text not null,
  checked_at timestamptz not null default now(),
  reachable boolean not null,
  parses boolean not null,
  matches boolean not null,
  fresh boolean not null,
  data_rows bigint,
  bytes bigint,
  fault text,
  primary key (dataset, format),
  constraint faults_of_data_cannot_be_endless check (char_length(fault) <= 500)
);
comment on table app.dataset_checks is
  'Whether each file of open data could be reached, read, matched what is declared and was fresh when it was last tried. Everybody may know.';
alter table app.dataset_checks enable row level security;
create policy "Everybody reads how our data was checked" on app.dataset_checks for select to anon, authenticated using (true);
-- No insert, update or delete: the job that checks writes.
grant select on app.dataset_checks to anon, authenticated;
grant select, insert, update, delete on app.dataset_checks to service_role;

create view public.dataset_checks with (security_invoker = true) as
select c.dataset || '.' || c.format as id, c.dataset, c.format, c.checked_at, c.reachable, c.parses, c.matches, c.fresh,
       c.data_rows, c.bytes, c.fault
from app.dataset_checks c;
comment on view public.dataset_checks is 'The last check of each file of open data.';
grant select on public.dataset_checks to anon, authenticated;

create function public.save_dataset_checks(p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.dataset_checks (dataset, format, reachable, parses, matches, fresh, data_rows, bytes, fault)
  select c.dataset, c.format, c.reachable, c.parses, c.matches, c.fresh, c.data_rows, c.bytes, left(c.fault, 500)
  from jsonb_to_recordset(p -> 'checks') c(
    dataset text, format text, reachable boolean, parses boolean, matches boolean, fresh boolean, data_rows bigint, bytes bigint, fault text
  )
  on conflict (dataset, format) do update set
    checked_at = now(), reachable = excluded.reachable, parses = excluded.parses, matches = excluded.matches,
    fresh = excluded.fresh, data_rows = excluded.data_rows, bytes = excluded.bytes, fault = excluded.fault;
  delete from app.dataset_checks c where c.checked_at < now() - interval '30 days';
end
$$;
comment on function public.save_dataset_checks is 'Keeps the result of a check of the files: {checks: [{dataset, format, reachable, parses, matches, fresh, data_rows, bytes, fault}]}.';
revoke execute on function public.save_dataset_checks from public;
grant execute on function public.save_dataset_checks to service_role;

-- What people ask for (D76), and what they made of the data (D6).
create table app.data_entries (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  title text not null,
  text text not null default '',
  url text,
  dataset text,
  language text not null default 'zh-TW',
  votes integer not null default 0,
  state text not null default 'open',
  answer text,
  publication text not null default 'published',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint data_entries_kinds_are_known check (kind in ('request', 'reuse')),
  constraint data_entries_states_are_known check (state in ('open', 'planned', 'opened', 'refused')),
  constraint data_entries_publications_are_known check (publication in ('published', 'hidden')),
  constraint data_entries_titles_are_short check (char_length(title) between 1 and 200),
  constraint data_entries_texts_cannot_be_endless check (
    char_length(text) <= 4000 and char_length(answer) <= 4000 and char_length(url) <= 500 and char_length(dataset) <= 80
  ),
  constraint data_entries_of_reuse_must_say_where check (kind <> 'reuse' or url is not null),
  constraint data_entries_urls_are_of_the_web check (url ~ '^https?://'),
  constraint data_entries_cannot_be_refused_without_words check (state <> 'refused' or coalesce(answer, '') <> '')
);
create index data_entries_order_idx on app.data_entries (kind, votes desc, id) where publication = 'published';
comment on table app.data_entries is
  'A row is something somebody asks to be opened, or something made with our data. Everybody may know those that are published.';
alter table app.data_entries enable row level security;
create policy "Everybody reads what is asked for and made" on app.data_entries for select to anon, authenticated
  using (publication = 'published');
create policy "Staff reads also what was hidden" on app.data_entries for select to authenticated
  using ((select app.has_role('volunteer')));
-- No insert, update or delete: commands and decisions of the staff write.
grant select on app.data_entries to anon, authenticated;
grant select, insert, update, delete on app.data_entries to service_role;

create table app.data_votes (
  entry_id uuid not null references app.data_entries on delete cascade,
  voter text not null,
  day date not null,
  primary key (entry_id, voter, day)
);
comment on table app.data_votes is
  'That somebody voted today, by a hash that is another one tomorrow; kept for two days. Nobody may know.';
alter table app.data_votes enable row level security;
-- No policy: only commands look here.
grant select, insert, delete on app.data_votes to service_role;

create view public.data_entries with (security_invoker = true) as
select d.id, d.kind, d.title, d.text, d.url, d.dataset, d.language, d.votes, d.state, d.answer, d.created_at, d.updated_at
from app.data_entries d where d.publication = 'published';
comment on view public.data_entries is 'Requests for data with their votes, and what was made with our data.';
grant select on public.data_entries to anon, authenticated;

insert into app.subject_types (name) values ('data_entry');

create function public.post_data_entry(p jsonb) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb;
  v_id uuid;
  v_caller text := p ->> 'caller';
begin
  v_before := app.begin_once('post_data_entry', p ->> 'client_id', p ->> 'body');
  if v_before is not null then
    return (v_before ->> 'id')::uuid;
  end if;
  perform app.spend('data entry ' || v_caller, 10, interval '1 hour');
  if coalesce(p ->> 'kind', '') not in ('request', 'reuse') then
    raise exception 'answer_invalid' using errcode = 'PT422', hint = 'kind';
  end if;
  if coalesce(p ->> 'title', '') = '' then
    raise exception 'title_required' using errcode = 'PT422', hint = 'title';
  end if;
  if p ->> 'kind' = 'reuse' and coalesce(p ->> 'url', '') !~ '^https?://' then
    raise exception 'web_address_invalid' using errcode = 'PT422', hint = 'url';
  end if;
  insert into app.data_entries (kind, title, text, url, dataset, language)
  values (
    p ->> 'kind', left(p ->> 'title', 200), left(coalesce(p ->> 'text', ''), 4000),
    case when p ->> 'kind' = 'reuse' then p ->> 'url' end, p ->> 'dataset', coalesce(p ->> 'language', 'zh-TW')
  ) returning id into v_id;
  perform app.enqueue(jsonb_build_object(
    'kind', 'new', 'subject_type', 'data_entry', 'subject_id', v_id, 'severity', 5, 'reason', p ->> 'kind',
    'text', concat_ws(E'\n', p ->> 'title', p ->> 'text', p ->> 'url'), 'language', p ->> 'language'
  ));
  perform app.finish_once('post_data_entry', p ->> 'client_id', jsonb_build_object('id', v_id));
  return v_id;
end
$$;
comment on function public.post_data_entry is
  'Asks for data, or tells what was made with it: {kind (request, reuse), title, text, url, dataset, language, client_id, body, caller}. Shown at once, and put before the staff.';
revoke execute on function public.post_data_entry from public;
grant execute on function public.post_data_entry to service_role;

create function public.vote_data_entry(p jsonb) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_votes integer;
  v_day date := (now() at time zone 'UTC')::date;
begin
  perform app.spend('data vote ' || (p ->> 'caller'), 60, interval '1 hour');
  select d.votes into v_votes from app.data_entries d
  where d.id = (p ->> 'id')::uuid and d.kind = 'request' and d.publication = 'published' for update;
  if not found then
    raise exception 'data_entry_not_found' using errcode = 'PT404';
  end if;
  delete from app.data_votes v where v.day < v_day - 2;
  insert into app.data_votes (entry_id, voter, day) values ((p ->> 'id')::uuid, coalesce(p ->> 'caller', ''), v_day)
  on conflict do nothing;
  if found then
    update app.data_entries d set votes = d.votes + 1 where d.id = (p ->> 'id')::uuid returning d.votes into v_votes;
  end if;
  return v_votes;
end
$$;
comment on function public.vote_data_entry is
  'Adds a vote for a request: {id, caller}; one a day from one caller counts. Answers how many there are.';
revoke execute on function public.vote_data_entry from public;
grant execute on function public.vote_data_entry to service_role;

create function app.moderate_data_entry(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  case p_decision
    when 'hide', 'duplicate', 'false', 'withdrawn' then
      update app.data_entries d set publication = 'hidden', updated_at = now() where d.id = p_id;
    when 'mask' then
      update app.data_entries d set text = left(p ->> 'masked_text', 4000), updated_at = now() where d.id = p_id;
    when 'accept', 'restore', 'verified' then
      update app.data_entries d set publication = 'published', updated_at = now() where d.id = p_id;
    else null;
  end case;
end
$$;
comment on function app.moderate_data_entry is 'What a decision of the staff does to a request for data or to what was made with it.';
grant execute on function app.moderate_data_entry to service_role;

create function app.describe_data_entry(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'title', d.title, 'text', concat_ws(E'\n', nullif(d.text, ''), d.url), 'publication', d.publication,
    'url', case d.kind when 'request' then '/data/requests' else '/data/reuses' end,
    'facts', jsonb_build_object('kind', d.kind, 'dataset', d.dataset, 'votes', d.votes, 'state', d.state)
  ) from app.data_entries d where d.id = p_id
$$;
comment on function app.describe_data_entry is 'What the staff sees of a request for data or of what was made with it.';
grant execute on function app.describe_data_entry to service_role;
