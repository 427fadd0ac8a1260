-- How many people travelled where: the official yearly figures of outbound travellers by first landing, as a
-- denominator with its own basis (D83). First landing is not destination: who flies to Nepal through Bangkok counts as Thailand.

create table app.outbound_travellers (
  position integer not null,
  year integer not null,
  continent text not null,
  level text not null,
  name_zh text not null,
  name_en text not null,
  travellers bigint,
  imported_at timestamptz not null default now(),
  constraint outbound_travellers_are_counted_once primary key (position, year),
  constraint outbound_travellers_years_lie_in_our_time check (year between 1980 and 2200),
  constraint outbound_travellers_continents_are_known check (
    continent in ('asia', 'africa', 'americas', 'oceania', 'europe', 'all')
  ),
  constraint outbound_travellers_levels_are_known check (level in ('place', 'others', 'subtotal', 'unknown', 'total')),
  constraint outbound_travellers_names_cannot_be_endless check (char_length(name_zh) <= 60 and char_length(name_en) <= 60),
  constraint outbound_travellers_cannot_be_negative check (travellers >= 0)
);
comment on table app.outbound_travellers is
  'One row a line and year of the official table of outbound travellers by first landing. Null: not collected that year. Public.';
alter table app.outbound_travellers enable row level security;
create policy "Everybody reads how many travelled where" on app.outbound_travellers for select to anon, authenticated using (true);
grant select on app.outbound_travellers to anon, authenticated;
grant select, insert, update, delete on app.outbound_travellers to service_role;

create view public.outbound_travellers with (security_invoker = true) as
select position, year, continent, level, name_zh, name_en, travellers from app.outbound_travellers;
comment on view public.outbound_travellers is 'Outbound travellers by first landing and year, in the order of the official table.';
grant select on public.outbound_travellers to anon, authenticated;

create function public.import_travellers(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_rows integer;
begin
  -- The whole table is published anew every year, earlier years revised: what is not in it any more is gone.
  delete from app.outbound_travellers;
  insert into app.outbound_travellers (position, year, continent, level, name_zh, name_en, travellers)
  select r.position, r.year, r.continent, r.level, r.name_zh, r.name_en, r.travellers
  from jsonb_to_recordset(p -> 'rows') r (position integer, year integer, continent text, level text, name_zh text, name_en text, travellers bigint);
  get diagnostics v_rows = row_count;
  return jsonb_build_object('rows', v_rows);
end
$$;
comment on function public.import_travellers is 'Replaces the table of outbound travellers: {rows: [{position, year, continent, level, name_zh, name_en, travellers}]}. For the operator.';
revoke execute on function public.import_travellers from public;
grant execute on function public.import_travellers to service_role;
