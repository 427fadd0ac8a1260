-- Two stages of decisions (D35-D38): volunteers keep the data right, officers verify. What may be decided, by whom and why
-- stands in tables, so that the database, the queue page and the published procedures read the same rules.

create table app.moderation_decisions (
  name text primary key,
  stage smallint not null,
  position smallint not null,
  closes boolean not null,
  needs_words boolean not null,
  constraint moderation_decisions_are_named_in_one_word check (name ~ '^[a-z]+(?:_[a-z]+)*$'),
  constraint moderation_decisions_have_two_stages check (stage in (1, 2))
);
comment on table app.moderation_decisions is
  'What can be decided: at which stage, whether the item is done with it, and whether the author must be told why in words. Public: the procedures show it.';

create table app.moderation_reasons (
  code text primary key,
  position smallint not null,
  decisions text[] not null,
  constraint moderation_reasons_are_named_in_one_word check (code ~ '^[a-z]+(?:_[a-z]+)*$')
);
comment on table app.moderation_reasons is 'Why something may be decided, and which decisions each reason carries. Public, as above.';

create table app.moderation_rules (
  kind text not null,
  decision text not null references app.moderation_decisions on delete restrict,
  primary key (kind, decision)
);
comment on table app.moderation_rules is 'Which decisions an item of a kind can have. A death report has none at the first stage that ends it. Public, as above.';

insert into app.moderation_decisions (name, stage, position, closes, needs_words) values
  ('accept', 1, 1, true, false),
  ('needs_information', 1, 2, false, true),
  ('duplicate', 1, 3, true, false),
  ('hide', 1, 4, true, true),
  ('mask', 1, 5, true, false),
  ('escalate', 1, 6, false, false),
  ('verified', 2, 1, true, false),
  ('unverifiable', 2, 2, true, true),
  ('false', 2, 3, true, true),
  ('corrected', 2, 4, true, true),
  ('adopted', 2, 5, true, false),
  ('withdrawn', 2, 6, true, true),
  ('restore', 2, 7, true, true),
  ('uphold', 2, 8, true, true);

insert into app.moderation_reasons (code, position, decisions) values
  ('looks_right', 1, '{accept}'),
  ('seen_to', 2, '{accept}'),
  ('harmless', 3, '{accept}'),
  ('where_exactly', 1, '{needs_information}'),
  ('when_exactly', 2, '{needs_information}'),
  ('what_source', 3, '{needs_information}'),
  ('same_thing', 1, '{duplicate}'),
  ('personal_data', 1, '{hide,mask}'),
  ('endangers_somebody', 2, '{hide,withdrawn}'),
  ('abuse', 3, '{hide}'),
  ('advertising', 4, '{hide}'),
  ('not_about_this', 5, '{hide}'),
  ('needs_officer', 1, '{escalate}'),
  ('danger_to_life', 2, '{escalate}'),
  ('official_differs', 3, '{escalate}'),
  ('official_source', 1, '{verified,false,corrected}'),
  ('several_sources', 2, '{verified,false,corrected}'),
  ('seen_by_us', 3, '{verified,false,corrected}'),
  ('no_source', 1, '{unverifiable}'),
  ('sources_differ', 2, '{unverifiable}'),
  ('old_news', 4, '{false,withdrawn}'),
  ('on_official_site', 1, '{adopted}'),
  ('objection_right', 1, '{withdrawn,corrected}'),
  ('decision_was_wrong', 1, '{restore}'),
  ('new_facts', 2, '{restore}'),
  ('decision_was_right', 1, '{uphold}'),
  ('other', 99, '{accept,needs_information,duplicate,hide,mask,escalate,verified,unverifiable,false,corrected,adopted,withdrawn,restore,uphold}');

insert into app.moderation_rules (kind, decision)
select k, d.name from app.moderation_decisions d, unnest(array['new', 'flagged', 'held', 'looks_automatic', 'report', 'needs_help', 'disagreement', 'import_problem', 'offer']) k
where d.name not in ('restore', 'uphold');
insert into app.moderation_rules (kind, decision)
select 'death_report', unnest(array['needs_information', 'duplicate', 'escalate', 'verified', 'unverifiable', 'false'])
union all select 'objection', unnest(array['needs_information', 'escalate', 'verified', 'corrected', 'withdrawn'])
union all select 'photo_of_minor', unnest(array['accept', 'hide', 'escalate', 'verified', 'withdrawn'])
union all select 'correction', unnest(array['needs_information', 'duplicate', 'escalate', 'verified', 'unverifiable', 'false', 'corrected', 'withdrawn'])
union all select 'appeal', unnest(array['restore', 'uphold']);

alter table app.moderation_decisions enable row level security;
alter table app.moderation_reasons enable row level security;
alter table app.moderation_rules enable row level security;
create policy "Everybody reads what can be decided" on app.moderation_decisions for select to anon, authenticated using (true);
create policy "Everybody reads why something is decided" on app.moderation_reasons for select to anon, authenticated using (true);
create policy "Everybody reads the rules of moderation" on app.moderation_rules for select to anon, authenticated using (true);
-- No insert, update or delete: rules change by migration, and with them the published procedures.
grant select on app.moderation_decisions, app.moderation_reasons, app.moderation_rules to anon, authenticated, service_role;

-- What an item has more of now.
alter table app.queue_items drop constraint queue_items_decisions_name_a_person_and_a_reason;
alter table app.queue_items add constraint queue_items_decisions_name_a_person_and_a_reason check (
  (decided_at is null and decision is null)
  or (decided_at is not null and decision is not null
      and coalesce(btrim(decided_by), '') <> '' and coalesce(btrim(decision_reason), '') <> '')
);
alter table app.queue_items
  add column claimed_by uuid references app.members on delete set null,
  add column claimed_until timestamptz,
  add column about_item uuid references app.queue_items on delete cascade,
  add column words_key bytea,
  add constraint queue_items_claims_have_an_end check (num_nulls(claimed_by, claimed_until) in (0, 2));
create index queue_items_claimed_by_idx on app.queue_items (claimed_by) where claimed_by is not null;
create index queue_items_about_item_idx on app.queue_items (about_item) where about_item is not null;
create index queue_items_words_idx on app.queue_items (words_key) where words_key is not null and decided_at is null;
create index queue_items_waiting_stage_idx on app.queue_items (stage, rank_at, id) where decided_at is null;
create index queue_items_waiting_language_idx on app.queue_items (language, rank_at, id) where decided_at is null;
create index queue_items_done_idx on app.queue_items (decided_at, id) where decided_at is not null;
comment on column app.queue_items.claimed_until is 'Until when claimed_by works on it. A claim that has run out is none.';
comment on column app.queue_items.about_item is 'Of an appeal: the item whose decision it is against.';
comment on column app.queue_items.words_key is 'Equal for texts that differ in spaces, marks and case alone: how the same words posted many times are found.';

create function app.words_key(p_text text) returns bytea
language sql immutable set search_path = '' as $$
  select case when char_length(k.letters) >= 8 then sha256(convert_to(k.letters, 'UTF8')) end
  from (select lower(regexp_replace(normalize(coalesce(p_text, ''), nfkc), '[^[:alnum:]]', '', 'g'))) k (letters)
$$;
comment on function app.words_key is 'A key of the letters and digits of a text; null where they are too few to say that two texts are the same.';
grant execute on function app.words_key to service_role;

create function app.tg_queue_items__words() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.words_key := app.words_key(new.text);
  -- An appeal is against a decision: it waits for the second stage from the start.
  if new.kind = 'appeal' then
    new.stage := 2;
  end if;
  return new;
end
$$;
create trigger _200_words before insert on app.queue_items for each row execute function app.tg_queue_items__words();

create policy "Staff reads what waits in its countries" on app.queue_items for select to authenticated
  using (
    (select app.has_role('volunteer'))
    and (country is null or (select app.my_areas()) = '{}' or country = any ((select app.my_areas())::text[]))
  );
create policy "Staff keeps for a while what it works on" on app.queue_items for update to authenticated
  using (
    (select app.has_role('volunteer'))
    and (country is null or (select app.my_areas()) = '{}' or country = any ((select app.my_areas())::text[]))
    and (claimed_by is null or claimed_by = (select auth.uid()) or claimed_until <= now())
  )
  with check (
    claimed_by is null
    or claimed_by = (select auth.uid()) and claimed_until <= now() + interval '15 minutes'
  );
-- No insert or delete for staff: items come from the commands, and go with their subject.
grant select on app.queue_items to authenticated;
grant update (claimed_by, claimed_until) on app.queue_items to authenticated;

create table app.decisions (
  id uuid primary key default gen_random_uuid(),
  item_id uuid not null references app.queue_items on delete cascade,
  item_version integer not null,
  stage smallint not null,
  decision text not null references app.moderation_decisions on delete restrict,
  reason_code text not null references app.moderation_reasons on delete restrict,
  reason text,
  masked_text text,
  correct_text text,
  duplicate_of uuid,
  notice_id uuid,
  decided_by uuid default auth.uid() references app.members on delete set null,
  decided_by_name text not null,
  decided_at timestamptz not null default now(),
  constraint decisions_cannot_be_two_of_one_version unique (item_id, item_version),
  constraint decisions_words_cannot_be_endless check (
    char_length(reason) <= 2000 and char_length(masked_text) <= 20000 and char_length(correct_text) <= 2000
    and char_length(decided_by_name) <= 200
  )
);
create index decisions_decided_by_idx on app.decisions (decided_by) where decided_by is not null;
comment on table app.decisions is
  'What was decided, never changed: one row a decision, with who, why and on which version. Staff reads it; the author is told without names.';
comment on column app.decisions.decided_by is 'The member; null for the operator, whose name stands in decided_by_name.';
alter table app.decisions enable row level security;
create policy "Staff reads what was decided on items it may read" on app.decisions for select to authenticated
  using ((select app.has_role('volunteer')) and item_id in (select i.id from app.queue_items i where i.id = item_id));
create policy "Staff decides at its own stage on items it may read" on app.decisions for insert to authenticated
  with check (
    decided_by = (select auth.uid())
    and (stage = 1 and (select app.has_role('volunteer')) or stage = 2 and (select app.has_role('officer')))
    and item_id in (select i.id from app.queue_items i where i.id = item_id)
  );
-- No update or delete: a decision that was wrong is answered by another.
grant select on app.decisions to authenticated;
grant insert (item_id, item_version, decision, reason_code, reason, masked_text, correct_text, duplicate_of, notice_id)
  on app.decisions to authenticated;
grant select, insert, delete on app.decisions to service_role;

create table app.sealed_texts (
  id uuid primary key default gen_random_uuid(),
  decision_id uuid not null references app.decisions on delete cascade,
  subject_type text not null references app.subject_types on delete restrict,
  subject_id uuid not null,
  original text not null,
  masked text not null,
  sealed_at timestamptz not null default now(),
  constraint sealed_texts_cannot_be_endless check (char_length(original) <= 20000 and char_length(masked) <= 20000)
);
create index sealed_texts_subject_idx on app.sealed_texts (subject_id, subject_type);
create index sealed_texts_decision_id_idx on app.sealed_texts (decision_id);
comment on table app.sealed_texts is 'What stood where a text was masked. Officers alone read it; it goes when its subject goes.';
alter table app.sealed_texts enable row level security;
create policy "Officers read what was masked in items they may read" on app.sealed_texts for select to authenticated
  using (
    (select app.has_role('officer'))
    and decision_id in (select d.id from app.decisions d where d.id = decision_id)
  );
-- No insert, update or delete for staff: masking is a decision, and its trigger seals.
grant select on app.sealed_texts to authenticated;
grant select, insert, delete on app.sealed_texts to service_role;

create table app.verdicts (
  subject_type text not null references app.subject_types on delete restrict,
  subject_id uuid not null,
  person_id uuid references app.persons on delete cascade,
  decision_id uuid not null references app.decisions on delete cascade,
  verdict text not null,
  correct_text text,
  reason_code text not null references app.moderation_reasons on delete restrict,
  decided_at timestamptz not null default now(),
  primary key (subject_type, subject_id),
  constraint verdicts_are_known_words check (verdict in ('verified', 'unverifiable', 'false', 'corrected', 'adopted')),
  constraint verdicts_cannot_be_endless check (char_length(correct_text) <= 2000)
);
create index verdicts_person_id_idx on app.verdicts (person_id);
create index verdicts_decision_id_idx on app.verdicts (decision_id);
comment on table app.verdicts is
  'What officers found out about a person''s record or a note, for everybody who may read it: false items stay visible with what is correct.';
alter table app.verdicts enable row level security;
create policy "Everybody reads verdicts on persons they may read" on app.verdicts for select to anon, authenticated
  using (person_id in (select p.id from app.persons p where p.id = person_id and p.publication = 'published' and p.softened_at is null));
-- No insert, update or delete for visitors or staff: verdicts follow from decisions.
grant select (subject_type, subject_id, person_id, verdict, correct_text, reason_code, decided_at) on app.verdicts to anon, authenticated;
-- It goes with its decision, and that with the item, when a record is wiped.
grant select, insert, update, delete on app.verdicts to service_role;
create view public.verdicts with (security_invoker = true) as
select subject_type, subject_id, person_id, verdict, correct_text, reason_code, decided_at from app.verdicts;
comment on view public.verdicts is 'What officers found out about published persons and notes: verified, unverifiable, false, corrected, adopted, with what is correct.';
grant select on public.verdicts to anon, authenticated;

create function app.author_key(p_email text) returns text
language sql immutable set search_path = '' as $$
  select encode(sha256(convert_to(lower(btrim(p_email)), 'UTF8')), 'hex')
$$;
comment on function app.author_key is
  'Stands for the author of a post who left an address: app.describe_<type> gives it, so that members are kept from deciding their own posts.';
grant execute on function app.author_key to service_role;

create function app.describe(p_type text, p_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v jsonb;
begin
  if p_type is null or to_regprocedure(format('app.describe_%s(uuid)', p_type)) is null then
    return null;
  end if;
  execute format('select app.describe_%I($1)', p_type) into v using p_id;
  return v;
end
$$;
comment on function app.describe is 'What app.describe_<type> tells of a subject; null where there is none.';
grant execute on function app.describe to service_role;

create function app.same_cluster(p_one app.queue_items, p_other app.queue_items) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(
    p_one.subject_type = p_other.subject_type and p_one.subject_id = p_other.subject_id
    or p_one.kind = p_other.kind and p_one.words_key = p_other.words_key,
    false)
$$;
comment on function app.same_cluster is
  'Whether two items may be decided at once: they are about the same subject, or of the same kind with the same words.';
grant execute on function app.same_cluster to authenticated, service_role;

-- Definer: whoever decides may insert a decision and nothing else; what the decision is judged by (the item, the author,
-- earlier decisions) is read here past the policies, and every refusal has its own words.
create function app.tg_decisions__check() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_item app.queue_items;
  v_rule app.moderation_decisions;
  v_me app.members;
  v_role app.member_role := app.my_role();
  v_member boolean := new.decided_by is not null;
begin
  -- The operator decides with a name and no account; the columns for that are granted to the server alone.
  if not v_member and coalesce(btrim(new.decided_by_name), '') = '' or v_member and v_role is null then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  select * into v_item from app.queue_items where id = new.item_id for update;
  if not found then
    raise exception 'item_not_found' using errcode = 'PT404';
  end if;
  if v_member and not app.in_my_area(v_item.country) then
    raise exception 'not_your_area' using errcode = 'PT403';
  end if;
  select * into v_rule from app.moderation_decisions where name = new.decision;
  if not found or not exists (select from app.moderation_rules where kind = v_item.kind and decision = new.decision) then
    raise exception 'decision_required' using errcode = 'PT422', hint = 'decision';
  end if;
  if v_member and v_rule.stage = 2 and v_role < 'officer' then
    raise exception 'officer_needed' using errcode = 'PT403', hint = 'decision';
  end if;
  if v_item.version <> new.item_version then
    raise exception 'item_not_waiting' using errcode = 'PT409';
  end if;
  -- What the first stage has finished, the second may still look at once; nothing is decided after the second.
  if v_item.decided_at is not null and (v_item.stage = 2 or v_rule.stage = 1) or v_item.stage = 2 and v_rule.stage = 1 then
    raise exception 'item_not_waiting' using errcode = 'PT409';
  end if;
  if v_item.claimed_by is distinct from new.decided_by and v_item.claimed_until > now() then
    raise exception 'item_claimed' using errcode = 'PT409';
  end if;
  if v_member then
    select * into v_me from app.members where user_id = new.decided_by;
    new.decided_by_name := v_me.name;
    if app.describe(v_item.subject_type, v_item.subject_id) ->> 'author_key' in (app.author_key(v_me.email), v_me.user_id::text)
       or v_item.kind = 'correction' and exists (
         select from app.corrections c where c.item_id = v_item.id and app.author_key(c.email) = app.author_key(v_me.email)) then
      raise exception 'own_post' using errcode = 'PT403';
    end if;
    if exists (select from app.decisions d where d.item_id = v_item.id and d.stage <> v_rule.stage and d.decided_by = new.decided_by) then
      raise exception 'other_stage_yours' using errcode = 'PT403';
    end if;
    if v_item.about_item is not null
       and exists (select from app.decisions d where d.item_id = v_item.about_item and d.decided_by = new.decided_by) then
      raise exception 'appeal_needs_another' using errcode = 'PT403';
    end if;
  end if;
  if new.reason_code is null or not exists (
    select from app.moderation_reasons r where r.code = new.reason_code and new.decision = any (r.decisions)
  ) then
    raise exception 'reason_required' using errcode = 'PT422', hint = 'reason_code';
  end if;
  new.reason := nullif(btrim(new.reason), '');
  if new.reason is null and (v_rule.needs_words or new.reason_code = 'other') then
    raise exception 'words_required' using errcode = 'PT422', hint = 'reason';
  end if;
  if new.decision = 'mask' and coalesce(btrim(new.masked_text), '') = '' then
    raise exception 'masked_text_required' using errcode = 'PT422', hint = 'masked_text';
  end if;
  -- What is false or corrected says what is right, or the rumour lives on. A death that was not confirmed is told no further.
  if new.decision in ('false', 'corrected') and v_item.kind not in ('death_report', 'objection')
     and coalesce(btrim(new.correct_text), '') = '' then
    raise exception 'correct_text_required' using errcode = 'PT422', hint = 'correct_text';
  end if;
  if new.decision = 'duplicate' and (new.duplicate_of is null or new.duplicate_of = v_item.subject_id) then
    raise exception 'duplicate_unknown' using errcode = 'PT422', hint = 'duplicate_of';
  end if;
  new.stage := v_rule.stage;
  new.decided_at := now();
  return new;
end
$$;
comment on function app.tg_decisions__check is
  'Every rule about who may decide what: role, area, stage, version, claim, own posts, both stages, appeals, reasons.';
create trigger _100_check before insert on app.decisions for each row execute function app.tg_decisions__check();

-- Definer: the consequences of a decision touch tables that no member of the staff may write.
create function app.tg_decisions__apply() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_item app.queue_items;
  v_about app.queue_items;
  v_rule app.moderation_decisions;
  v_words text := coalesce(new.reason, new.reason_code);
begin
  select * into v_rule from app.moderation_decisions where name = new.decision;
  update app.queue_items set
    version = version + 1,
    stage = case when new.decision = 'escalate' then 2 else new.stage end,
    decided_at = case when v_rule.closes then new.decided_at end,
    decision = case when v_rule.closes then new.decision end,
    decided_by = case when v_rule.closes then new.decided_by_name end,
    decision_reason = case when v_rule.closes then v_words end,
    -- Whoever was asked a question answers first; meanwhile others are served.
    waiting_since = case when new.decision = 'needs_information' then now() else waiting_since end,
    claimed_by = null, claimed_until = null
  where id = new.item_id
  returning * into v_item;
  select * into v_about from app.queue_items where id = v_item.about_item;
  if v_rule.closes and new.decision <> 'uphold'
     and to_regprocedure(format('app.moderate_%s(uuid, text, jsonb)', v_item.subject_type)) is not null then
    execute format('select app.moderate_%I($1, $2, $3)', v_item.subject_type) using v_item.subject_id, new.decision,
      jsonb_build_object(
        'kind', coalesce(v_about.kind, v_item.kind), 'item_id', v_item.id, 'decision_id', new.id,
        'item_reason', coalesce(v_about.reason, v_item.reason), 'photo_id', coalesce(v_about.photo_id, v_item.photo_id),
        'overturned', v_about.decision,
        'reason', new.reason_code, 'text', v_words, 'masked_text', new.masked_text, 'duplicate_of', new.duplicate_of,
        'correct_text', new.correct_text, 'notice_id', new.notice_id
      );
  end if;
  if v_rule.closes then
    insert into app.outbox (kind, to_email, language, payload, dedupe_key)
    select 'correction_outcome', c.email, c.language, jsonb_build_object('correction_id', c.id, 'token', c.token, 'decision', new.decision),
           'correction:' || c.id || ':' || new.id
    from app.corrections c where c.item_id = v_item.id and c.email is not null
    on conflict (dedupe_key) do nothing;
  end if;
  perform app.log_act('decision_' || new.decision, v_item.subject_type, v_item.subject_id::text, jsonb_build_object(
    'item', v_item.id, 'kind', v_item.kind, 'stage', new.stage, 'reason', new.reason_code, 'version', new.item_version));
  return null;
end
$$;
comment on function app.tg_decisions__apply is
  'Carries a decision out: the item, its subject, the mail to who asked for a correction, and exactly one entry in the log.';
create trigger _500_apply after insert on app.decisions for each row execute function app.tg_decisions__apply();

create function public.decide(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_first app.queue_items;
  v_item app.queue_items;
  v_one jsonb;
  v_count integer := 0;
begin
  if not app.has_role('volunteer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  select * into v_first from app.queue_items where id = (p ->> 'item_id')::uuid;
  if not found then
    raise exception 'item_not_found' using errcode = 'PT404';
  end if;
  if jsonb_array_length(coalesce(p -> 'also', '[]')) > 200 then
    raise exception 'not_one_cluster' using errcode = 'PT422', hint = 'also';
  end if;
  -- In one order, so that two who decide clusters that overlap do not wait for each other.
  for v_one in
    select x from jsonb_array_elements(
      jsonb_build_array(jsonb_build_object('id', p ->> 'item_id', 'version', p -> 'version')) || coalesce(p -> 'also', '[]')) x
    order by x ->> 'id'
  loop
    if (v_one ->> 'id')::uuid <> v_first.id then
      select * into v_item from app.queue_items where id = (v_one ->> 'id')::uuid;
      if not found or not app.same_cluster(v_first, v_item) then
        raise exception 'not_one_cluster' using errcode = 'PT422', hint = 'also';
      end if;
      if p ->> 'decision' in ('mask', 'corrected', 'needs_information') then
        raise exception 'not_in_bulk' using errcode = 'PT422', hint = 'decision';
      end if;
    end if;
    insert into app.decisions (item_id, item_version, decision, reason_code, reason, masked_text, correct_text, duplicate_of, notice_id)
    values ((v_one ->> 'id')::uuid, (v_one ->> 'version')::integer, p ->> 'decision', p ->> 'reason_code', p ->> 'reason',
            p ->> 'masked_text', p ->> 'correct_text', (p ->> 'duplicate_of')::uuid, (p ->> 'notice_id')::uuid);
    v_count := v_count + 1;
  end loop;
  -- What an official notice bears out or puts right is linked to it in the same breath.
  if p ->> 'notice_id' is not null and p ->> 'decision' in ('verified', 'false', 'corrected') and not exists (
    select from public.notice_links l
    where l.notice_id = (p ->> 'notice_id')::uuid and l.subject_type = v_first.subject_type and l.subject_id = v_first.subject_id
  ) then
    perform public.link_notice(jsonb_build_object(
      'notice_id', p ->> 'notice_id', 'relation', case when p ->> 'decision' = 'verified' then 'confirms' else 'corrects' end,
      'subject_type', v_first.subject_type, 'subject_id', v_first.subject_id));
  end if;
  return jsonb_build_object('decided', v_count);
end
$$;
comment on function public.decide is
  'Decides an item as a member of the staff: {item_id, version, decision, reason_code, reason, masked_text, correct_text, duplicate_of, notice_id, also: [{id, version}]}. also: items of the same cluster. Answers how many.';

create function public.claim_item(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'item_id')::uuid;
  v_until timestamptz := now() + interval '15 minutes';
begin
  if not app.has_role('volunteer') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  if coalesce((p ->> 'release')::boolean, false) then
    update app.queue_items set claimed_by = null, claimed_until = null where id = v_id and claimed_by = (select auth.uid());
    return jsonb_build_object('claimed_until', null);
  end if;
  update app.queue_items set claimed_by = (select auth.uid()), claimed_until = v_until where id = v_id and decided_at is null;
  if found then
    return jsonb_build_object('claimed_until', v_until);
  end if;
  if exists (select from app.queue_items where id = v_id and decided_at is null) then
    raise exception 'item_claimed' using errcode = 'PT409';
  elsif exists (select from app.queue_items where id = v_id) then
    raise exception 'item_not_waiting' using errcode = 'PT409';
  end if;
  raise exception 'item_not_found' using errcode = 'PT404';
end
$$;
comment on function public.claim_item is
  'Keeps an item for fifteen minutes, so that no two work on it: {item_id, release}. Somebody else''s claim is taken over once it has run out, not before.';

create function public.list_queue(p jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = 'force_custom_plan' set jit = off as $$
declare
  v_kind text := p ->> 'kind';
  v_event uuid := (select e.id from app.events e where e.slug = p ->> 'event');
  v_language text := p ->> 'language';
  v_stage smallint := (p ->> 'stage')::smallint;
  v_before timestamptz := now() - make_interval(hours => coalesce((p ->> 'older_than_hours')::integer, 0));
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rank timestamptz := (p ->> 'after_rank')::timestamptz;
  v_after uuid := (p ->> 'after_id')::uuid;
  v_items jsonb;
  v_waiting integer;
begin
  if not app.has_role('volunteer') then
    return null;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', q.id, 'kind', q.kind, 'severity', q.severity, 'stage', q.stage, 'subject_type', q.subject_type, 'subject_id', q.subject_id,
    'title', coalesce(c.full_name, left(q.text, 80)), 'text', left(q.text, 200), 'reason', q.reason, 'language', q.language,
    'country', q.country, 'event', (select e.slug from app.events e where e.id = q.event_id),
    'created_at', q.created_at, 'rank_at', q.rank_at, 'version', q.version,
    'holder', case when q.claimed_until > now() then (select m.name from app.members m where m.user_id = q.claimed_by) end,
    'held_by_me', q.claimed_until > now() and q.claimed_by = (select auth.uid()),
    'claimed_until', case when q.claimed_until > now() then q.claimed_until end
  ) order by q.rank_at, q.id), '[]')
  into v_items
  from (
    select i.* from app.queue_items i
    where i.decided_at is null
      and (v_kind is null or i.kind = v_kind)
      and (p ->> 'event' is null or i.event_id = v_event)
      and (v_language is null or i.language = v_language)
      and (v_stage is null or i.stage = v_stage)
      and (p ->> 'older_than_hours' is null or i.created_at <= v_before)
      and (v_after is null or (i.rank_at, i.id) > (v_rank, v_after))
    order by i.rank_at, i.id
    limit v_limit
  ) q
  left join app.person_cards c on c.id = q.person_id;
  -- Counted no further than anybody reads: a hundred thousand waiting cost as much as a thousand.
  select count(*) into v_waiting from (
    select from app.queue_items i
    where i.decided_at is null
      and (v_kind is null or i.kind = v_kind)
      and (p ->> 'event' is null or i.event_id = v_event)
      and (v_language is null or i.language = v_language)
      and (v_stage is null or i.stage = v_stage)
      and (p ->> 'older_than_hours' is null or i.created_at <= v_before)
    limit 1000
  ) w;
  return jsonb_build_object(
    'items', v_items, 'waiting', v_waiting,
    'oldest', (select i.created_at from app.queue_items i where i.decided_at is null order by i.rank_at, i.id limit 1)
  );
end
$$;
comment on function public.list_queue is
  'What waits for the caller, first what goes first: {kind, event, language, stage, older_than_hours, after_rank, after_id, limit}. waiting counts up to 1000. Null for who is not staff.';

-- Definer: what is known of an item stands in tables that no member reads (contact, hidden notes, sealed texts). It
-- answers only who is staff, and only of their countries; what only officers may know it tells only officers.
create function app.read_item(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v app.queue_items;
  v_me uuid := auth.uid();
  v_officer boolean := app.has_role('officer');
  v_description jsonb;
  v_email text;
begin
  if not app.has_role('volunteer') then
    return null;
  end if;
  select * into v from app.queue_items where id = p_id;
  if not found or not app.in_my_area(v.country) then
    return null;
  end if;
  v_description := app.describe(v.subject_type, v.subject_id);
  select m.email into v_email from app.members m where m.user_id = v_me;
  return jsonb_build_object(
    'id', v.id, 'kind', v.kind, 'severity', v.severity, 'stage', v.stage, 'subject_type', v.subject_type, 'subject_id', v.subject_id,
    'reason', v.reason, 'text', v.text, 'language', v.language, 'country', v.country, 'created_at', v.created_at, 'version', v.version,
    'rank_at', v.rank_at, 'photo_id', v.photo_id, 'decided_at', v.decided_at,
    'event', (select jsonb_build_object('slug', e.slug, 'titles', e.titles, 'hotlines', e.hotlines, 'drill', e.drill)
              from app.events e where e.id = v.event_id),
    'holder', case when v.claimed_until > now() then (select m.name from app.members m where m.user_id = v.claimed_by) end,
    'held_by_me', coalesce(v.claimed_until > now() and v.claimed_by = v_me, false),
    'claimed_until', case when v.claimed_until > now() then v.claimed_until end,
    'mine', coalesce(v_description ->> 'author_key' in (app.author_key(v_email), v_me::text), false),
    'description', v_description - 'author_key',
    'about', (
      select jsonb_build_object('id', a.id, 'kind', a.kind, 'decision', a.decision, 'reason', a.decision_reason, 'text', a.text)
      from app.queue_items a where a.id = v.about_item),
    'correction', (
      select jsonb_build_object('what', c.what, 'correct_text', c.correct_text, 'source_url', c.source_url)
      from app.corrections c where c.item_id = v.id),
    'sealed', case when v_officer then (
      select s.original from app.sealed_texts s where s.subject_id = v.subject_id and s.subject_type = v.subject_type
      order by s.sealed_at limit 1) end,
    'decisions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'item_id', d.item_id, 'kind', i.kind, 'stage', d.stage, 'decision', d.decision, 'reason_code', d.reason_code,
        'reason', d.reason, 'correct_text', d.correct_text, 'by', d.decided_by_name,
        'by_me', coalesce(d.decided_by = v_me, false), 'at', d.decided_at) order by d.decided_at)
      from app.decisions d join app.queue_items i on i.id = d.item_id
      where i.subject_id = v.subject_id and i.subject_type = v.subject_type or i.id = v.about_item
    ), '[]'),
    'cluster', coalesce((
      select jsonb_agg(jsonb_build_object('id', o.id, 'version', o.version, 'kind', o.kind, 'text', left(o.text, 120),
                                          'created_at', o.created_at) order by o.created_at)
      from (
        select * from app.queue_items i
        where i.decided_at is null and i.id <> v.id
          and (i.subject_id = v.subject_id and i.subject_type = v.subject_type or i.words_key = v.words_key and i.kind = v.kind)
        order by i.created_at limit 50
      ) o
      where app.in_my_area(o.country)
    ), '[]'),
    -- What the database would take from the caller now; the page shows these buttons and no other.
    'allowed', coalesce((
      select jsonb_agg(d.name order by d.stage, d.position)
      from app.moderation_rules r join app.moderation_decisions d on d.name = r.decision
      where r.kind = v.kind
        and (d.stage = 1 or v_officer)
        and not (v.decided_at is not null and (v.stage = 2 or d.stage = 1) or v.stage = 2 and d.stage = 1)
        and not exists (select from app.decisions x where x.item_id = v.id and x.stage <> d.stage and x.decided_by = v_me)
        and not exists (select from app.decisions x where x.item_id = v.about_item and x.decided_by = v_me)
        and coalesce(v_description ->> 'author_key', '') not in (app.author_key(v_email), v_me::text)
    ), '[]')
  );
end
$$;
comment on function app.read_item is 'All that is known of an item, for staff of its country. The sealed original for officers.';
revoke execute on function app.read_item from public;
grant execute on function app.read_item to authenticated;

create function public.read_queue_item(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select app.read_item(p_id)
$$;
comment on function public.read_queue_item is 'All that is known of an item: description, history, duplicates, decisions, and what the caller may decide. Null for who may not see it.';

-- Definer: photos that are held are shown to staff who must decide about them, and to nobody else.
create function app.photo_for_item(p_item uuid) returns table (content text, path text)
language sql stable security definer set search_path = '' as $$
  select encode(f.bytes, 'base64'), f.path
  from app.queue_items i
  join (
    select id, bytes, path from app.photos
    union all select id, bytes, path from app.report_photos
  ) f on f.id = coalesce(i.photo_id, (app.describe(i.subject_type, i.subject_id) ->> 'photo_id')::uuid)
  where i.id = p_item and app.has_role('volunteer') and app.in_my_area(i.country)
$$;
comment on function app.photo_for_item is 'The photo an item is about, published or not, for staff of its country.';
revoke execute on function app.photo_for_item from public;
grant execute on function app.photo_for_item to authenticated;

create function public.item_photo(p_item uuid) returns table (content text, path text)
language sql stable set search_path = '' as $$
  select * from app.photo_for_item(p_item)
$$;
comment on function public.item_photo is 'The photo an item is about as base64 JPEG, or its path in storage. No row for who is not staff.';

create function public.moderation_rules() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'decisions', (select jsonb_agg(to_jsonb(d) order by d.stage, d.position) from app.moderation_decisions d),
    'reasons', (select jsonb_agg(to_jsonb(r) order by r.position, r.code) from app.moderation_reasons r),
    'kinds', (select jsonb_object_agg(k.kind, k.decisions) from (
      select r.kind, jsonb_agg(r.decision order by d.stage, d.position) as decisions
      from app.moderation_rules r join app.moderation_decisions d on d.name = r.decision group by r.kind) k),
    'claim_minutes', 15
  )
$$;
comment on function public.moderation_rules is
  'The rules of moderation as the database keeps them: decisions (stage, closes, needs_words), reasons, which decisions each kind of item can have, minutes of a claim.';

revoke execute on function
  public.decide, public.claim_item, public.list_queue, public.read_queue_item, public.item_photo, public.moderation_rules,
  app.words_key, app.author_key, app.describe, app.same_cluster, app.tg_queue_items__words, app.tg_queue_items__complete,
  app.tg_decisions__check, app.tg_decisions__apply
from public;
grant execute on function
  public.decide, public.claim_item, public.list_queue, public.read_queue_item, public.item_photo
to authenticated;
grant execute on function public.moderation_rules to anon, authenticated;
