-- Events: the disasters and incidents people post about, and the everyday board that is always open (D64).

create type app.event_state as enum ('open', 'closing', 'closed');

create table app.events (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  titles jsonb not null,
  summaries jsonb not null default '{}',
  kind text not null,
  country text,
  west double precision,
  south double precision,
  east double precision,
  north double precision,
  time_zone text,
  started_at timestamptz,
  hotlines jsonb not null default '[]',
  links jsonb not null default '[]',
  state app.event_state not null default 'open',
  drill boolean not null default false,
  invented boolean not null default false,
  created_at timestamptz not null default now(),
  constraint events_slugs_are_short_latin_words check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$'),
  constraint events_must_have_a_title check (jsonb_typeof(titles) = 'object' and titles <> '{}'),
  constraint events_countries_are_iso_codes check (country ~ '^[A-Z]{2}$'),
  constraint events_boxes_are_whole check (num_nulls(west, south, east, north) in (0, 4)),
  constraint events_boxes_lie_on_earth check (
    south between -90 and 90 and north between south and 90 and west between -180 and 180 and east between -180 and 180
  ),
  constraint events_summaries_are_by_language check (jsonb_typeof(summaries) = 'object'),
  constraint events_hotlines_and_links_are_lists check (jsonb_typeof(hotlines) = 'array' and jsonb_typeof(links) = 'array')
);
create index events_state_started_at_idx on app.events (state, started_at desc);
comment on table app.events is 'Everything here is public. titles and summaries: language code to text. A drill never mixes with real data.';

alter table app.events enable row level security;
create policy "Everybody reads events" on app.events for select to anon, authenticated using (true);
-- No insert, update or delete for visitors: events are opened by staff and by the operator.
grant select on app.events to anon, authenticated;
grant select, insert, update on app.events to service_role;

create view public.events with (security_invoker = true) as
select id, slug, titles, summaries, kind, country, west, south, east, north, time_zone, started_at,
       hotlines, links, state, drill, invented, created_at
from app.events;
grant select on public.events to anon, authenticated;

insert into app.events (slug, titles, summaries, kind, state) values (
  'everyday',
  '{"zh-TW": "平時留言板", "en": "Everyday board", "ja": "ふだんの掲示板"}',
  '{"zh-TW": "旅行、失聯、互相照應。沒有災情時也開著。", "en": "Trips, lost contact, looking out for one another. Open in normal times too.", "ja": "旅行、連絡がとれないとき、助け合い。災害のないときも開いています。"}',
  'everyday',
  'open'
);

create function public.open_event(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.events;
begin
  v := jsonb_populate_record(null::app.events, p);
  insert into app.events (slug, titles, summaries, kind, country, west, south, east, north, time_zone, started_at,
                          hotlines, links, state, drill, invented)
  values (v.slug, v.titles, coalesce(v.summaries, '{}'), v.kind, v.country, v.west, v.south, v.east, v.north,
          v.time_zone, v.started_at, coalesce(v.hotlines, '[]'), coalesce(v.links, '[]'),
          coalesce(v.state, 'open'), coalesce(v.drill, false), coalesce(v.invented, false))
  on conflict (slug) do update set
    titles = excluded.titles, summaries = excluded.summaries, kind = excluded.kind, country = excluded.country,
    west = excluded.west, south = excluded.south, east = excluded.east, north = excluded.north,
    time_zone = excluded.time_zone, started_at = excluded.started_at, hotlines = excluded.hotlines,
    links = excluded.links,
    -- New words do not open again what was closed; only saying so does.
    state = coalesce((p ->> 'state')::app.event_state, app.events.state)
  returning * into v;
  return jsonb_build_object('id', v.id, 'slug', v.slug);
end
$$;
comment on function public.open_event is 'Opens an event, or renews the words of one with the same slug. Whether it is a drill never changes once posts may stand under it.';
revoke execute on function public.open_event from public;
grant execute on function public.open_event to service_role;
