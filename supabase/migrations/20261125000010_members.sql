-- Members: who of those with an account is staff, as what, where, and until when. Every right of staff is asked of these
-- few functions by the row policies; pages only mirror what they say.

create type app.member_role as enum ('volunteer', 'officer', 'admin');
comment on type app.member_role is
  'volunteer: first stage of moderation. officer: second stage, notices, cases. admin: members and settings too. Ordered: each may do what those before it may.';

create table app.settings (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now(),
  constraint settings_names_are_short_words check (name ~ '^[a-z][a-z0-9_]{1,60}$')
);
comment on table app.settings is
  'Switches of this installation that the row policies ask for. Set by the operator; staff_needs_second_factor: true demands AAL2 of everybody who signs in as staff.';
alter table app.settings enable row level security;
-- No policy: app.my_role reads it on behalf of who asks; nobody else needs to.
-- No delete: a switch is turned, never lost.
grant select, insert, update on app.settings to service_role;
insert into app.settings (name, value) values ('staff_needs_second_factor', 'false');

create table app.members (
  user_id uuid primary key references auth.users on delete cascade,
  name text not null,
  email text not null,
  role app.member_role not null,
  areas text[] not null default '{}',
  language text not null default 'zh-TW',
  expires_at timestamptz,
  invited_at timestamptz,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint members_names_cannot_be_empty_or_endless check (name ~ '[^[:space:]]' and char_length(name) <= 100),
  constraint members_emails_cannot_be_endless check (char_length(email) between 3 and 254),
  constraint members_areas_are_iso_codes check (
    cardinality(areas) <= 250 and array_to_string(areas, ' ') ~ '^([A-Z]{2}( [A-Z]{2})*)?$'
  )
);
create unique index members_email_idx on app.members (lower(email));
comment on table app.members is
  'Staff: one row an account. Who was removed stays as a name beside what they decided. areas: ISO country codes, none means everywhere. Staff alone may know.';
comment on column app.members.expires_at is 'When the rights end; null: never. Ended rights are as good as none.';
alter table app.members enable row level security;

-- A definer, because the policies on app.members would otherwise ask this function, which would ask the policies. It
-- reads one row, that of who asks, and the one setting.
create function app.my_role() returns app.member_role
language sql stable security definer set search_path = '' as $$
  select m.role from app.members m
  where m.user_id = (select auth.uid())
    and m.removed_at is null
    and (m.expires_at is null or m.expires_at > now())
    and (
      coalesce((select auth.jwt()) ->> 'aal', 'aal1') = 'aal2'
      or not exists (select from app.settings s where s.name = 'staff_needs_second_factor' and s.value = 'true')
    )
$$;
comment on function app.my_role is
  'What the caller may do as staff: null for visitors, for who has no or ended rights, and at AAL1 where a second factor is demanded.';

create function app.has_role(p_least app.member_role) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(app.my_role() >= p_least, false)
$$;
comment on function app.has_role is 'Whether the caller is staff with at least this role. In policies: (select app.has_role(''volunteer'')).';

-- A definer for the same reason as app.my_role.
create function app.my_areas() returns text[]
language sql stable security definer set search_path = '' as $$
  select m.areas from app.members m where m.user_id = (select auth.uid()) and app.my_role() is not null
$$;
comment on function app.my_areas is
  'ISO codes of the countries the caller looks after; empty: all of them; null: the caller is not staff. In policies over many rows: country = any ((select app.my_areas())::text[]).';

create function app.in_my_area(p_country text) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_country is null or app.my_areas() = '{}' or p_country = any (app.my_areas()), false)
    and app.my_role() is not null
$$;
comment on function app.in_my_area is
  'Whether the caller looks after this country. True when their areas are empty or hold it, and for what has no country; never for who is not staff.';

create policy "Staff reads who is staff" on app.members for select to authenticated
  using ((select app.has_role('volunteer')));
create policy "Admins add members" on app.members for insert to authenticated
  with check ((select app.has_role('admin')));
create policy "Admins change members" on app.members for update to authenticated
  using ((select app.has_role('admin'))) with check ((select app.has_role('admin')));
-- No delete: who was removed stays as a name beside what they decided.
grant select (user_id, name, email, role, areas, language, expires_at, created_at, removed_at) on app.members to authenticated;
grant insert, update on app.members to authenticated;
grant select, insert, update, delete on app.members to service_role;

create function public.my_membership() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('user_id', m.user_id, 'name', m.name, 'role', m.role, 'areas', to_jsonb(m.areas), 'expires_at', m.expires_at)
  from app.members m where m.user_id = (select auth.uid()) and app.has_role('volunteer')
$$;
comment on function public.my_membership is
  'Who the caller is as staff: user_id, name, role, areas, expires_at. Null for everybody else.';

revoke execute on function app.my_role, app.has_role, app.my_areas, app.in_my_area, public.my_membership from public;
grant execute on function app.my_role, app.has_role, app.my_areas, app.in_my_area to authenticated, service_role;
grant execute on function public.my_membership to authenticated;

-- What the operator does with members, and an admin with their own session: then the policies above decide.
create function public.save_member(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid := (p ->> 'user_id')::uuid;
begin
  if auth.uid() is not null and not app.has_role('admin') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  if coalesce(btrim(p ->> 'name'), '') = '' then
    raise exception 'name_required' using errcode = 'PT422', hint = 'name';
  end if;
  if coalesce(p ->> 'role', '') not in ('volunteer', 'officer', 'admin') then
    raise exception 'role_required' using errcode = 'PT422', hint = 'role';
  end if;
  if array_to_string(app.text_array(p -> 'areas'), ' ') !~ '^([A-Z]{2}( [A-Z]{2})*)?$' then
    raise exception 'area_unknown' using errcode = 'PT422', hint = 'areas';
  end if;
  insert into app.members (user_id, name, email, role, areas, language, expires_at, invited_at)
  values (v_id, btrim(p ->> 'name'), p ->> 'email', (p ->> 'role')::app.member_role,
          app.text_array(p -> 'areas'), coalesce(p ->> 'language', 'zh-TW'), (p ->> 'expires_at')::timestamptz, now())
  on conflict (user_id) do update set
    name = excluded.name, role = excluded.role, areas = excluded.areas, expires_at = excluded.expires_at,
    language = excluded.language, removed_at = null;
  perform app.log_act('member_saved', 'member', v_id::text, jsonb_build_object('role', p ->> 'role'));
  return jsonb_build_object('user_id', v_id, 'role', p ->> 'role');
end
$$;
comment on function public.save_member is
  'Makes an account a member of the staff, or changes role, areas and end of one: {user_id, name, email, role, areas, language, expires_at}.';

create function public.remove_member(p_email text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
  v_name text;
begin
  if auth.uid() is not null and not app.has_role('admin') then
    raise exception 'staff_only' using errcode = 'PT403';
  end if;
  update app.members set removed_at = coalesce(removed_at, now())
  where lower(email) = lower(btrim(p_email)) returning user_id, name into v_id, v_name;
  if not found then
    raise exception 'member_not_found' using errcode = 'PT404';
  end if;
  perform app.log_act('member_removed', 'member', v_id::text);
  return jsonb_build_object('user_id', v_id, 'name', v_name);
end
$$;
comment on function public.remove_member is 'Ends all rights of a member at once. The name stays beside what they decided.';

create function public.list_members() returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'user_id', m.user_id, 'name', m.name, 'email', m.email, 'role', m.role, 'areas', to_jsonb(m.areas),
    'expires_at', m.expires_at, 'created_at', m.created_at, 'removed_at', m.removed_at
  ) order by m.role desc, m.created_at), '[]'::jsonb)
  from app.members m
$$;
comment on function public.list_members is 'All members of the staff, with addresses, for the operator.';

create function public.save_setting(p_name text, p_value jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.settings set value = p_value, changed_at = now() where name = p_name;
  if not found then
    raise exception 'setting_unknown' using errcode = 'PT404';
  end if;
end
$$;
comment on function public.save_setting is 'Turns a switch of the installation. There are only those that the migrations know.';

revoke execute on function public.save_member, public.remove_member, public.list_members, public.save_setting from public;
grant execute on function public.save_member, public.remove_member, public.list_members, public.save_setting to service_role;
grant execute on function public.save_member, public.remove_member to authenticated;
