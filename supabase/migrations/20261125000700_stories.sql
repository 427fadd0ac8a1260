-- Case stories (D26): a de-identified account with a lesson. What a reader could know somebody by is coarse from the start
-- (quarter, country or region, age band) and must fit several cases; a second officer signs before anybody reads it.

insert into app.subject_types (name) values ('story'), ('offer');

create table app.stories (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  language text not null default 'zh-TW',
  account text not null,
  lesson text not null,
  checklist text[] not null default '{}',
  quarter text,
  country text references app.country_regions on delete restrict,
  region text not null,
  type text,
  programme text,
  age_band text,
  state text not null default 'draft',
  correction text,
  moderated_at timestamptz,
  invented boolean not null default false,
  written_by uuid,
  changed_by uuid,
  signed_by uuid,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  published_at timestamptz,
  version integer not null default 1,
  constraint stories_must_have_a_title check (title ~ '[^[:space:]]' and char_length(title) <= 240),
  constraint stories_cannot_be_empty_or_endless check (
    account ~ '[^[:space:]]' and char_length(account) <= 16000 and lesson ~ '[^[:space:]]' and char_length(lesson) <= 4000
    and char_length(correction) <= 2000
  ),
  constraint stories_lists_cannot_be_endless check (
    cardinality(checklist) <= 20 and octet_length(checklist::text) <= 20000
  ),
  constraint stories_languages_are_ours check (language in ('zh-TW', 'en', 'ja')),
  -- A date would tell who it was: a quarter, a year, or no time at all.
  constraint stories_cannot_name_a_day check (quarter ~ '^[12][0-9]{3}(-Q[1-4])?$'),
  constraint stories_types_are_known check (type in (
    'passport_lost', 'arrest', 'injury_death', 'theft_fraud', 'violent_crime', 'force_majeure', 'other'
  )),
  constraint stories_programmes_are_known check (
    programme in ('tourism', 'working_holiday', 'work', 'study', 'resident', 'other')
  ),
  constraint stories_age_bands_are_known check (age_band in ('under_18', '18_29', '30_44', '45_64', '65_up')),
  constraint stories_states_are_known check (state in ('draft', 'waiting', 'published', 'hidden')),
  -- The rule of the two officers, where nothing goes around it. An invented story has no officers.
  constraint stories_are_signed_by_a_second_officer check (
    state <> 'published' or invented and written_by is null
    or num_nulls(signed_by, written_by) = 0 and signed_by <> written_by and signed_by <> coalesce(changed_by, written_by)
  )
);
comment on table app.stories is
  'One row a case story. Published ones are for everybody; drafts may still hold what must be masked, and are for officers of the area.';
create index stories_published_idx on app.stories (published_at desc, id desc) where state = 'published';
create index stories_country_idx on app.stories (country) where state = 'published';
create index stories_changed_idx on app.stories (changed_at desc, id desc);
alter table app.stories enable row level security;

create table app.story_secrets (
  story_id uuid primary key references app.stories on delete cascade,
  case_id uuid references app.cases on delete set null
);
comment on table app.story_secrets is 'Which case a story was made from. Officers alone: whoever knew it would know the exact date and place.';
create index story_secrets_case_id_idx on app.story_secrets (case_id) where case_id is not null;
alter table app.story_secrets enable row level security;

create policy "Everybody reads published stories" on app.stories for select to anon, authenticated using (state = 'published');
create policy "Officers read stories of their area" on app.stories for select to authenticated using (
  (select app.has_role('officer'))
  and (country is null or (select app.my_areas()) = '{}' or country = any ((select app.my_areas())::text[]))
);
create policy "Officers add drafts of their area" on app.stories for insert to authenticated with check (
  (select app.has_role('officer')) and app.in_my_area(country) and written_by = (select auth.uid()) and state = 'draft'
);
create policy "Officers change stories of their area" on app.stories for update to authenticated
  using ((select app.has_role('officer')) and app.in_my_area(country))
  with check ((select app.has_role('officer')) and app.in_my_area(country));
-- No delete: a story that should not stand is hidden.
create policy "Officers read which case a story is from" on app.story_secrets for select to authenticated
  using ((select app.has_role('officer')) and case_id in (select c.id from app.cases c where c.id = case_id));
create policy "Officers add which case a story is from" on app.story_secrets for insert to authenticated
  with check (
    (select app.has_role('officer')) and case_id in (select c.id from app.cases c where c.id = case_id)
    and story_id in (select s.id from app.stories s where s.id = story_id and s.written_by = (select auth.uid()))
  );

grant select (
  id, title, language, account, lesson, checklist, quarter, country, region, type, programme, age_band, state, correction,
  invented, published_at, version
) on app.stories to anon;
grant select on app.stories to authenticated;
grant insert (
  id, title, language, account, lesson, checklist, quarter, country, region, type, programme, age_band, invented, written_by
) on app.stories to authenticated;
grant update (
  title, language, account, lesson, checklist, quarter, country, region, type, programme, age_band, state
) on app.stories to authenticated;
grant select, insert on app.story_secrets to authenticated;
grant select, insert, update, delete on app.stories, app.story_secrets to service_role;

-- Definer: whether a story is safe to publish depends on all cases, also those outside the area of who signs. It gives
-- two numbers and nothing of any case.
create function app.story_class(p app.stories, out size integer, out outcomes integer)
language sql stable security definer set search_path = '' as $$
  select count(*)::integer, count(distinct c.outcome)::integer
  from app.cases c
  where c.invented = p.invented
    and (p.quarter is null or to_char(c.opened_on, case when char_length(p.quarter) = 4 then 'YYYY' else 'YYYY-"Q"Q' end) = p.quarter)
    and (p.country is null or c.country = p.country)
    and c.region = p.region
    and (p.type is null or c.type = p.type)
    and (p.programme is null or c.programme = p.programme)
    and (p.age_band is null or c.age_band = p.age_band)
$$;
comment on function app.story_class is
  'How many cases fit what a story tells (k-anonymity), and how many different ends they had (l-diversity).';
grant execute on function app.story_class to authenticated, service_role;

create function app.story_k(p_type text) returns integer
language sql immutable set search_path = '' as $$
  select case when p_type is null or p_type in ('arrest', 'injury_death', 'violent_crime') then 10 else 5 end
$$;
comment on function app.story_k is 'At least so many cases must fit a story: more where it is about arrest, injury, death or violence, or might be.';
grant execute on function app.story_k to authenticated, service_role;

create function app.tg_stories__rules() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_who uuid := auth.uid();
  v_content text[] := array['title', 'language', 'account', 'lesson', 'checklist', 'quarter', 'country', 'region', 'type', 'programme', 'age_band'];
  v_moderated boolean;
  v_edited boolean;
  v_class record;
begin
  if new.country is not null then
    select r.region into new.region from app.country_regions r where r.country = new.country;
  end if;
  if not exists (select from app.country_regions r where r.region = new.region) then
    raise exception 'region_required' using errcode = 'PT422', hint = 'country';
  end if;
  if tg_op = 'INSERT' then
    return new;
  end if;
  v_moderated := new.moderated_at is distinct from old.moderated_at;
  v_edited := (select bool_or(to_jsonb(new) -> f is distinct from to_jsonb(old) -> f) from unnest(v_content) f);
  new.version := old.version + 1;
  new.changed_at := now();
  if v_moderated then
    return new;
  end if;
  new.signed_by := null;
  if v_edited then
    -- Whatever was signed was another text.
    if new.state <> old.state then
      raise exception 'story_not_ready' using errcode = 'PT409';
    end if;
    new.state := 'draft';
    new.changed_by := v_who;
    return new;
  end if;
  if new.state = 'published' then
    if old.state <> 'waiting' then
      raise exception 'story_not_ready' using errcode = 'PT409';
    end if;
    if v_who is null or v_who = old.written_by or v_who = old.changed_by then
      raise exception 'story_needs_another' using errcode = 'PT403';
    end if;
  elsif new.state not in ('waiting', 'draft') or new.state = old.state or old.state = 'hidden' then
    raise exception 'story_not_ready' using errcode = 'PT409';
  end if;
  if new.state in ('waiting', 'published') then
    select * into v_class from app.story_class(new);
    if v_class.size < app.story_k(new.type) or v_class.outcomes < 2 then
      raise exception 'too_few_alike' using errcode = 'PT422', hint = 'quarter';
    end if;
  end if;
  if new.state = 'published' then
    new.signed_by := v_who;
    new.published_at := coalesce(old.published_at, now());
  end if;
  return new;
end
$$;
create trigger _100_rules before insert or update on app.stories for each row execute function app.tg_stories__rules();

-- Definer: staff cannot write the log but through what they do.
create function app.tg_stories__log() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.state <> old.state then
    perform app.log_act('story_' || new.state, 'story', new.id::text, jsonb_build_object('version', new.version));
  end if;
  return null;
end
$$;
comment on function app.tg_stories__log is 'Tells the log how far a story has come: staff cannot write the log themselves.';
create trigger _900_log after insert or update on app.stories for each row execute function app.tg_stories__log();

create view public.stories with (security_invoker = true) as
select id, title, language, account, lesson, checklist, quarter, country, region, type, programme, age_band, correction,
       published_at, invented
from app.stories where state = 'published';
comment on view public.stories is 'Case stories that two officers have signed. Nothing in them is finer than a quarter, a country and an age band.';
grant select on public.stories to anon, authenticated;

create view public.staff_stories with (security_invoker = true) as
select s.id, s.title, s.language, s.quarter, s.country, s.region, s.type, s.programme, s.age_band, s.state, s.invented,
       s.changed_at, s.version, coalesce((select auth.uid()) in (s.written_by, s.changed_by), false) as mine
from app.stories s
where (select app.has_role('officer'));
comment on view public.staff_stories is 'Stories an officer may work on. mine: written or last changed by who asks, who therefore cannot sign it.';
grant select on public.staff_stories to authenticated;

create function public.read_story(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(s) - array['written_by', 'changed_by', 'signed_by', 'moderated_at'] || jsonb_build_object(
    'mine', coalesce(auth.uid() in (s.written_by, s.changed_by), false),
    'case_id', (select x.case_id from app.story_secrets x where x.story_id = s.id)
  )
  from app.stories s where s.id = p_id and app.has_role('officer')
$$;
comment on function public.read_story is 'A story with its state, for an officer of its area; null for everybody else.';
revoke execute on function public.read_story from public;
grant execute on function public.read_story to authenticated;

create function public.save_story(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.stories := jsonb_populate_record(null::app.stories, p - 'checklist');
  v_list text[] := app.text_array(p -> 'checklist');
  v_before app.stories;
  v_case app.cases;
begin
  if not (app.has_role('officer') and app.in_my_area(v.country)) then
    raise exception 'case_out_of_area' using errcode = 'PT403', hint = 'country';
  end if;
  if v.id is null then
    if p ->> 'case_id' is not null then
      select * into v_case from app.cases where id = (p ->> 'case_id')::uuid;
      if not found then
        raise exception 'case_not_found' using errcode = 'PT404';
      end if;
    end if;
    insert into app.stories (id, title, language, account, lesson, checklist, quarter, country, region, type, programme,
                             age_band, invented, written_by)
    values (gen_random_uuid(), v.title, v.language, v.account, v.lesson, v_list, v.quarter, v.country, v.region, v.type,
            v.programme, v.age_band, coalesce(v_case.invented, false), auth.uid())
    returning * into v;
    if v_case.id is not null then
      insert into app.story_secrets (story_id, case_id) values (v.id, v_case.id);
    end if;
  else
    select * into v_before from app.stories where id = v.id for update;
    if not found then
      raise exception 'story_not_found' using errcode = 'PT404';
    end if;
    if v_before.version <> v.version then
      raise exception 'changed_meanwhile' using errcode = 'PT409', hint = 'version';
    end if;
    update app.stories set
      title = v.title, language = v.language, account = v.account, lesson = v.lesson, checklist = v_list,
      quarter = v.quarter, country = v.country, region = v.region, type = v.type, programme = v.programme,
      age_band = v.age_band
    where id = v.id returning * into v;
  end if;
  return jsonb_build_object('id', v.id, 'version', v.version, 'state', v.state);
end
$$;
comment on function public.save_story is
  'Writes a draft, or changes a story (id, and the version that was read): what was signed is a draft again. case_id: the case it is made from.';
revoke execute on function public.save_story from public;
grant execute on function public.save_story to authenticated;

create function public.move_story(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.stories;
begin
  select * into v from app.stories where id = (p ->> 'id')::uuid and app.has_role('officer') for update;
  if not found then
    raise exception 'story_not_found' using errcode = 'PT404';
  end if;
  if v.version <> (p ->> 'version')::integer then
    raise exception 'changed_meanwhile' using errcode = 'PT409', hint = 'version';
  end if;
  update app.stories set state = p ->> 'state' where id = v.id returning * into v;
  return jsonb_build_object('id', v.id, 'version', v.version, 'state', v.state);
end
$$;
comment on function public.move_story is
  'Moves a story to waiting, published or draft: {id, version, state}. Publishing takes another officer than who wrote or changed it, and enough cases alike.';
revoke execute on function public.move_story from public;
grant execute on function public.move_story to authenticated;

-- Definer: k-anonymity is about all cases, whoever asks. It gives counts to officers, and nothing finer than what the
-- check itself is made of.
create function app.case_lines(p_region text, p_invented boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_array(l.quarter, l.country, l.type, l.programme, l.age_band, l.outcome, l.count)), '[]'::jsonb)
  from (
    select to_char(c.opened_on, 'YYYY-"Q"Q') as quarter, c.country, c.type, c.programme, c.age_band, c.outcome, count(*)
    from app.cases c
    where c.region = p_region and c.invented = p_invented and app.has_role('officer')
    group by 1, 2, 3, 4, 5, 6
  ) l (quarter, country, type, programme, age_band, outcome, count)
$$;
comment on function app.case_lines is 'Counts of cases of a region for the check of a story: definer, because an officer of one area must not publish what only a case elsewhere would protect.';
grant execute on function app.case_lines to authenticated;

create function public.case_lines(p_region text, p_invented boolean) returns jsonb
language sql stable set search_path = '' as $$
  select app.case_lines(p_region, p_invented)
$$;
comment on function public.case_lines is
  'How many cases of a region share quarter, country, type, programme, age band and outcome, as a list of lists. For officers; empty for everybody else.';
revoke execute on function public.case_lines from public;
grant execute on function public.case_lines to authenticated;

create function app.describe_story(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'title', s.title, 'text', s.account, 'country', s.country, 'event', null, 'publication', s.state,
    'author_key', s.written_by::text, 'lat', null, 'lon', null, 'photo_id', null, 'url', '/cases/' || s.id,
    'facts', jsonb_build_object('quarter', s.quarter, 'region', s.region, 'type', s.type)
  )
  from app.stories s where s.id = p_id
$$;
grant execute on function app.describe_story to service_role;

create function app.moderate_story(p_id uuid, p_decision text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.stories set
    moderated_at = clock_timestamp(),
    state = case
      when p_decision in ('hide', 'withdrawn', 'false') then 'hidden'
      -- Only what was signed before comes back.
      when p_decision = 'restore' and state = 'hidden' and (signed_by is not null or invented) then 'published'
      else state
    end,
    account = case when p_decision = 'mask' then coalesce(p ->> 'masked_text', account) else account end,
    correction = case when p_decision = 'corrected' then coalesce(p ->> 'correct_text', correction) else correction end
  where id = p_id;
  if not found then
    raise exception 'story_not_found' using errcode = 'PT404';
  end if;
end
$$;
grant execute on function app.moderate_story to service_role;

create function public.post_invented_story(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v app.stories := jsonb_populate_record(null::app.stories, p - 'checklist');
begin
  insert into app.stories (id, title, language, account, lesson, checklist, quarter, country, region, type, programme,
                           age_band, state, invented, published_at)
  values (v.id, v.title, v.language, v.account, v.lesson, app.text_array(p -> 'checklist'), v.quarter, v.country, v.region,
          v.type, v.programme, v.age_band, 'published', true, v.published_at)
  on conflict (id) do nothing;
  return jsonb_build_object('id', v.id, 'outcome', case when found then 'created' else 'present' end);
end
$$;
comment on function public.post_invented_story is 'Publishes an invented story, marked as such, for a demonstration. A second time changes nothing.';
revoke execute on function public.post_invented_story from public;
grant execute on function public.post_invented_story to service_role;
