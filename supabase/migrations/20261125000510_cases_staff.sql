-- Who may do what with cases: officers keep those of their area with their own session, the operator imports. Volunteers
-- and the public read none. Every change is in the log, without a word of what was told.

create policy "Everybody reads which region a country is in" on app.country_regions for select to anon, authenticated using (true);
create policy "Everybody reads the types of cases" on app.case_subtypes for select to anon, authenticated using (true);
grant select on app.country_regions, app.case_subtypes to anon, authenticated;

create policy "Officers read cases of their area" on app.cases for select to authenticated using (
  (select app.has_role('officer')) and ((select app.my_areas()) = '{}' or country = any ((select app.my_areas())::text[]))
);
create policy "Officers add cases of their area" on app.cases for insert to authenticated with check (
  (select app.has_role('officer')) and app.in_my_area(country) and created_by = (select auth.uid()) and not invented
);
create policy "Officers change cases of their area" on app.cases for update to authenticated
  using ((select app.has_role('officer')) and app.in_my_area(country))
  with check ((select app.has_role('officer')) and app.in_my_area(country));
-- No delete: a case that was none is closed with another outcome, and stays.

create policy "Officers read what was told in cases they may read" on app.case_secrets for select to authenticated
  using (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers add what was told in cases they may read" on app.case_secrets for insert to authenticated
  with check (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers change what was told in cases they may read" on app.case_secrets for update to authenticated
  using (case_id in (select c.id from app.cases c where c.id = case_id))
  with check (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers read the checklist of cases they may read" on app.case_parties for select to authenticated
  using (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers add to the checklist of cases they may read" on app.case_parties for insert to authenticated
  with check (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers change the checklist of cases they may read" on app.case_parties for update to authenticated
  using (case_id in (select c.id from app.cases c where c.id = case_id))
  with check (case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers delete from the checklist of cases they may read" on app.case_parties for delete to authenticated
  using (case_id in (select c.id from app.cases c where c.id = case_id));

grant select on app.cases, app.case_secrets, app.case_parties to authenticated;
grant insert (
  id, opened_on, closed_on, country, region, type, subtype, programme, age_band, insured, persons, deaths, injured, outcome,
  source_key, invented, created_by
) on app.cases to authenticated;
grant update (
  opened_on, closed_on, country, region, type, subtype, programme, age_band, insured, persons, deaths, injured, outcome
) on app.cases to authenticated;
grant insert, update on app.case_secrets to authenticated;
grant insert, update, delete on app.case_parties to authenticated;

create function app.may_keep_case(p_country text) returns boolean
language sql stable set search_path = '' as $$
  -- The operator's command line sits on the seat of the server and may import everything.
  select current_user = 'service_role' or app.has_role('officer') and app.in_my_area(p_country)
$$;
comment on function app.may_keep_case is 'Whether the caller may write cases of this country.';
grant execute on function app.may_keep_case to authenticated, service_role;

-- Definer: nobody who changes a case may write the log but through here.
create function app.tg_cases__log_added() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_count integer;
  v_one text;
begin
  select count(*), case when count(*) = 1 then min(a.id::text) end into v_count, v_one from added a;
  if v_count > 0 then
    perform app.log_act('case_added', 'case', v_one, jsonb_build_object('count', v_count));
  end if;
  return null;
end
$$;
-- Definer for the same reason.
create function app.tg_cases__log_changed() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform app.log_act('case_changed', 'case', new.id::text, jsonb_build_object('version', new.version));
  return null;
end
$$;
comment on function app.tg_cases__log_added is 'Tells the log that cases came, and how many: staff cannot write the log themselves.';
comment on function app.tg_cases__log_changed is 'Tells the log that a case changed: staff cannot write the log themselves.';
create trigger _900_log_added after insert on app.cases
  referencing new table as added for each statement execute function app.tg_cases__log_added();
create trigger _900_log_changed after update on app.cases
  for each row execute function app.tg_cases__log_changed();

-- What staff lists show. The table's policies decide which rows.
create view public.cases with (security_invoker = true) as
select id, opened_on, closed_on, country, region, type, subtype, programme, age_band, insured, persons, deaths, injured,
       outcome, source_key, invented, version, changed_at
from app.cases;
comment on view public.cases is 'Cases an officer may read, without what was told. Nobody else finds a row here.';
grant select on public.cases to authenticated;

create function public.read_case(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(c) || jsonb_build_object(
    'place', s.place,
    'narrative', s.narrative,
    'parties', coalesce((
      select jsonb_agg(jsonb_build_object('party', t.party, 'result', t.result, 'contacted_on', t.contacted_on) order by t.contacted_on, t.party)
      from app.case_parties t where t.case_id = c.id
    ), '[]'::jsonb)
  )
  from app.cases c left join app.case_secrets s on s.case_id = c.id
  where c.id = p_id
$$;
comment on function public.read_case is 'A case with place, narrative and checklist; null for who may not read it, as for one that is not there.';
revoke execute on function public.read_case from public;
grant execute on function public.read_case to authenticated;

create function app.save_case_parts(p_case_id uuid, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.case_secrets (case_id, place, narrative) values (p_case_id, p ->> 'place', p ->> 'narrative')
  on conflict (case_id) do update set place = excluded.place, narrative = excluded.narrative;
  delete from app.case_parties t
  where t.case_id = p_case_id
    and not exists (select from jsonb_array_elements(p -> 'parties') a where a ->> 'party' = t.party);
  insert into app.case_parties (case_id, party, result)
  select p_case_id, a ->> 'party', a ->> 'result' from jsonb_array_elements(p -> 'parties') a
  on conflict (case_id, party) do update set result = excluded.result, contacted_on = current_date
    where app.case_parties.result <> excluded.result;
end
$$;
grant execute on function app.save_case_parts to authenticated;

create function public.save_case(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.cases := jsonb_populate_record(null::app.cases, p);
  v_before app.cases;
begin
  if not app.may_keep_case(v.country) then
    raise exception 'case_out_of_area' using errcode = 'PT403', hint = 'country';
  end if;
  if v.id is null then
    if v.source_key is not null and exists (select from app.cases c where c.source_key = v.source_key) then
      raise exception 'source_key_taken' using errcode = 'PT409', hint = 'source_key';
    end if;
    insert into app.cases (id, opened_on, closed_on, country, region, type, subtype, programme, age_band, insured, persons,
                           deaths, injured, outcome, source_key, created_by)
    values (gen_random_uuid(), v.opened_on, v.closed_on, v.country, '', v.type, v.subtype, v.programme, v.age_band,
            v.insured, v.persons, v.deaths, v.injured, v.outcome, v.source_key, auth.uid())
    returning * into v;
  else
    select * into v_before from app.cases where id = v.id for update;
    if not found then
      raise exception 'case_not_found' using errcode = 'PT404';
    end if;
    if v_before.version <> v.version then
      raise exception 'changed_meanwhile' using errcode = 'PT409', hint = 'version';
    end if;
    update app.cases set
      opened_on = v.opened_on, closed_on = v.closed_on, country = v.country, type = v.type, subtype = v.subtype,
      programme = v.programme, age_band = v.age_band, insured = v.insured, persons = v.persons, deaths = v.deaths,
      injured = v.injured, outcome = v.outcome
    where id = v.id returning * into v;
  end if;
  perform app.save_case_parts(v.id, p);
  return jsonb_build_object('id', v.id, 'version', v.version);
end
$$;
comment on function public.save_case is
  'Adds a case, or changes one (id, and the version that was read) with place, narrative and parties [{party, result}]. Row policies decide; a version that is gone is refused with changed_meanwhile.';
revoke execute on function public.save_case from public;
grant execute on function public.save_case to authenticated;

create function public.import_cases(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_results jsonb;
begin
  -- One statement for all rows, so that the log has one entry for an import and not one a row.
  with given as (
    select g.nth, g.row, r.*
    from jsonb_array_elements(p -> 'cases') with ordinality g (row, nth),
         jsonb_to_record(g.row) r (
           opened_on date, closed_on date, country text, type text, subtype text, programme text, age_band text,
           insured boolean, persons integer, deaths integer, injured integer, outcome text, source_key text, invented boolean
         )
  ), allowed as (
    select distinct on (g.source_key) g.* from given g where app.may_keep_case(g.country) order by g.source_key, g.nth
  ), added as (
    insert into app.cases (opened_on, closed_on, country, region, type, subtype, programme, age_band, insured, persons,
                           deaths, injured, outcome, source_key, invented, created_by)
    select a.opened_on, a.closed_on, a.country, '', a.type, a.subtype, a.programme, a.age_band, a.insured, a.persons,
           a.deaths, a.injured, a.outcome, a.source_key, coalesce(a.invented, false), auth.uid()
    from allowed a order by a.nth
    on conflict (source_key) do nothing
    returning id, source_key
  )
  select jsonb_agg(jsonb_build_object(
    'outcome', case
      when n.id is not null and f.nth = g.nth then 'created'
      when not app.may_keep_case(g.country) then 'out_of_area'
      -- The same key with other facts is another case, or a correction that somebody has to make knowingly.
      when num_nonnulls(c.id) = 1 and (c.opened_on, c.country, c.subtype, c.programme) = (g.opened_on, g.country, g.subtype, g.programme)
        then 'present'
      else 'source_key_taken'
    end,
    'id', case when f.nth = g.nth then n.id end
  ) order by g.nth) into v_results
  from given g
  left join allowed f on f.source_key = g.source_key
  left join added n on n.source_key = g.source_key
  left join app.cases c on c.source_key = g.source_key;

  insert into app.case_secrets (case_id, place, narrative)
  select (r.result ->> 'id')::uuid, g.row ->> 'place', g.row ->> 'narrative'
  from jsonb_array_elements(p -> 'cases') with ordinality g (row, nth)
  join jsonb_array_elements(v_results) with ordinality r (result, nth) on r.nth = g.nth
  where r.result ->> 'outcome' = 'created' and num_nonnulls(g.row ->> 'place', g.row ->> 'narrative') > 0;

  insert into app.case_parties (case_id, party, result)
  select (r.result ->> 'id')::uuid, a ->> 'party', a ->> 'result'
  from jsonb_array_elements(p -> 'cases') with ordinality g (row, nth)
  join jsonb_array_elements(v_results) with ordinality r (result, nth) on r.nth = g.nth,
       jsonb_array_elements(coalesce(g.row -> 'parties', '[]')) a
  where r.result ->> 'outcome' = 'created';

  return v_results;
end
$$;
comment on function public.import_cases is
  'Adds many cases at once: {cases: [...]}, each with a source_key. Answers one outcome a row: created, present, out_of_area, source_key_taken. A second time changes nothing. Staff add those of their area; the operator all.';
revoke execute on function public.import_cases from public;
grant execute on function public.import_cases to authenticated, service_role;
