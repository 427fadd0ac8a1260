-- Cases of emergency assistance as staff file them (D14, D25, D62): what kind, where, when, how many, how it ended.
-- What may be counted stands in cases; what was told in confidence stands one-to-one in case_secrets, which no view
-- touches. No page, feed or export reads either: statistics go through releases, stories through their own check.

create table app.country_regions (
  country text primary key,
  region text not null,
  constraint country_regions_countries_are_iso_codes check (country ~ '^[A-Z]{2}$'),
  constraint country_regions_are_known check (region in (
    'north_east_asia', 'south_east_asia', 'south_asia', 'west_asia', 'europe', 'north_america', 'latin_america', 'oceania',
    'africa'
  ))
);
comment on table app.country_regions is 'Which region a country is counted in. Public.';
alter table app.country_regions enable row level security;
grant select on app.country_regions to service_role;
-- No insert, update or delete for any seat: the table comes with the migrations.
insert into app.country_regions (country, region)
select c, r.region from (values
  ('north_east_asia', 'CN HK JP KP KR MN MO TW'),
  ('south_east_asia', 'BN ID KH LA MM MY PH SG TH TL VN'),
  ('south_asia', 'AF BD BT IN IO IR KG KZ LK MV NP PK TJ TM UZ'),
  ('west_asia', 'AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE'),
  ('europe', 'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK'),
  ('north_america', 'BM CA GL PM US'),
  ('latin_america', 'AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI'),
  ('oceania', 'AQ AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TF TK TO TV UM VU WF WS'),
  ('africa', 'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW')
) r (region, countries), unnest(string_to_array(r.countries, ' ')) c;

create table app.case_subtypes (
  type text not null,
  subtype text primary key,
  constraint case_subtypes_are_one_pair unique (type, subtype),
  constraint case_subtypes_have_a_type_of_the_guideline check (type in (
    'passport_lost', 'arrest', 'injury_death', 'theft_fraud', 'violent_crime', 'force_majeure', 'other'
  ))
);
comment on table app.case_subtypes is
  'The seven situations of the guideline on emergency assistance abroad, point 3, and our sub-types of each. Public.';
alter table app.case_subtypes enable row level security;
grant select on app.case_subtypes to service_role;
-- No insert, update or delete for any seat: the table comes with the migrations.
insert into app.case_subtypes (type, subtype)
select t.type, s from (values
  ('passport_lost', 'passport_mislaid passport_stolen passport_damaged'),
  ('arrest', 'arrested detained entry_refused exit_refused'),
  ('injury_death', 'traffic_accident outdoor_accident work_accident other_accident illness lost_contact death'),
  ('theft_fraud', 'theft fraud job_scam'),
  ('violent_crime', 'robbery kidnapping assault sexual_assault homicide'),
  ('force_majeure', 'natural_disaster transport_disaster unrest war epidemic'),
  ('other', 'destitute stranded family_emergency something_else')
) t (type, subtypes), unnest(string_to_array(t.subtypes, ' ')) s;

create table app.cases (
  id uuid primary key default gen_random_uuid(),
  opened_on date not null,
  closed_on date,
  country text not null references app.country_regions on delete restrict,
  region text not null,
  type text not null,
  subtype text not null,
  programme text not null,
  age_band text not null default 'unknown',
  insured boolean,
  persons integer not null default 1,
  deaths integer not null default 0,
  injured integer not null default 0,
  outcome text not null default 'open',
  source_key text unique,
  invented boolean not null default false,
  created_by uuid,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  version integer not null default 1,
  constraint cases_subtype_fkey foreign key (type, subtype) references app.case_subtypes (type, subtype) on delete restrict,
  constraint cases_programmes_are_known check (
    programme in ('tourism', 'working_holiday', 'work', 'study', 'resident', 'other')
  ),
  constraint cases_age_bands_are_known check (
    age_band in ('under_18', '18_29', '30_44', '45_64', '65_up', 'unknown')
  ),
  constraint cases_outcomes_are_known check (
    outcome in ('open', 'resolved', 'returned_home', 'in_treatment', 'found_and_reported', 'in_custody', 'died',
                'handed_over', 'contact_lost')
  ),
  constraint cases_must_be_about_somebody check (persons between 1 and 10000),
  constraint cases_cannot_have_more_victims_than_persons check (
    deaths >= 0 and injured >= 0 and deaths + injured <= persons
  ),
  constraint cases_cannot_lie_outside_our_time check (opened_on between date '1990-01-01' and date '2200-01-01'),
  constraint cases_cannot_close_before_they_open check (closed_on >= opened_on),
  constraint cases_source_keys_are_short check (char_length(source_key) between 1 and 200),
  -- Found and reported to the family is how a search ends, and nothing else (D62).
  constraint cases_are_found_only_when_contact_was_lost check (
    outcome <> 'found_and_reported' or subtype = 'lost_contact'
  )
);
comment on table app.cases is
  'One row a case of emergency assistance. Officers of the area read and keep it; the public sees releases and stories alone.';
comment on column app.cases.source_key is 'Who sent it twice: the key of the system it was imported from.';
comment on column app.cases.invented is 'Made up for a demonstration; never counted together with real cases.';
create index cases_opened_on_idx on app.cases (opened_on desc, id desc);
create index cases_country_idx on app.cases (country, opened_on desc, id desc);
alter table app.cases enable row level security;

create table app.case_secrets (
  case_id uuid primary key references app.cases on delete cascade,
  place text,
  narrative text,
  constraint case_secrets_cannot_be_endless check (char_length(place) <= 400 and char_length(narrative) <= 20000)
);
comment on table app.case_secrets is
  'The exact place and the account of a case in the words of who handled it. Officers of the area alone; nothing public is made of it but a masked story.';
alter table app.case_secrets enable row level security;

create table app.case_parties (
  case_id uuid not null references app.cases on delete cascade,
  party text not null,
  result text not null,
  contacted_on date not null default current_date,
  constraint case_parties_are_asked_once primary key (case_id, party),
  constraint case_parties_are_known check (party in (
    'family', 'airline', 'hospital', 'police', 'insurance', 'neighbouring_mission', 'employer_school', 'travel_agency',
    'compatriots', 'head_office'
  )),
  constraint case_parties_have_a_known_result check (result in ('asked', 'no_answer', 'informed', 'helping'))
);
comment on table app.case_parties is
  'Whom staff asked or told while they handled a case (D62). No names: only which kind of party, when and with what result.';
alter table app.case_parties enable row level security;

grant select, insert, update, delete on app.cases, app.case_secrets, app.case_parties to service_role;

create function app.tg_cases__settle() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  select r.region into new.region from app.country_regions r where r.country = new.country;
  if not found then
    raise exception 'country_invalid' using errcode = 'PT422', hint = 'country';
  end if;
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.changed_at := now();
  end if;
  return new;
end
$$;
create trigger _100_settle before insert or update on app.cases
  for each row execute function app.tg_cases__settle();
