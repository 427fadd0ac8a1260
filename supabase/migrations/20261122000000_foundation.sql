-- The ground every feature stands on: the three seats of the REST door, the private schema,
-- and the few helpers that all commands share.

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
  if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
    alter role service_role bypassrls;
  end if;
end
$$;

-- How long each seat may keep the database busy. The server itself gives up on a call after ten seconds.
do $$
begin
  alter role anon set statement_timeout = '3s';
  alter role authenticated set statement_timeout = '8s';
  alter role service_role set statement_timeout = '9s';
exception when insufficient_privilege then
  -- Some hosts keep the settings of roles to themselves: theirs stand then.
  raise notice 'the time limits of the seats are left as the project has them';
end
$$;

create schema if not exists app;
comment on schema app is 'Tables, types and helpers. Not exposed by the REST door: only views and functions in public are.';

-- A hosted project hands new objects in public to every seat. Here each object says itself who may use it.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

grant usage on schema public to anon, authenticated, service_role;
grant usage on schema app to anon, authenticated, service_role;
grant usage on schema auth to anon, authenticated, service_role;

create type app.publication as enum ('published', 'held', 'hidden', 'placeholder');
comment on type app.publication is
  'published: as its visibility says. held: waits for a person to decide. hidden: decided against. placeholder: deleted or expired, only ids and dates remain.';

create type app.visibility as enum ('public', 'known', 'link', 'staff');
create type app.note_source as enum ('self', 'third_party', 'official');

-- Unlogged: losing the counters in a crash costs nothing, writing them durably would cost every post.
create unlogged table app.rate_counters (
  bucket text not null,
  window_start timestamptz not null,
  used integer not null default 0,
  primary key (bucket, window_start)
);
comment on table app.rate_counters is
  'How often a caller did something in a stretch of time. No address is stored: callers arrive as a daily-salted hash.';
alter table app.rate_counters enable row level security;
-- No policy: nobody but the commands reads counters.
grant select, insert, update, delete on app.rate_counters to service_role;

create function app.spend(p_bucket text, p_limit integer, p_window interval) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_start timestamptz := date_bin(p_window, now(), timestamptz '2000-01-01 00:00:00+00');
  v_used integer;
begin
  if p_bucket is null then
    return;
  end if;
  insert into app.rate_counters as c (bucket, window_start, used)
  values (p_bucket, v_start, 1)
  on conflict (bucket, window_start) do update set used = c.used + 1
  returning used into v_used;
  if v_used > p_limit then
    raise exception 'too_many' using
      errcode = 'PT429',
      detail = ceil(extract(epoch from (v_start + p_window - now())))::text;
  end if;
end
$$;
comment on function app.spend is
  'Counts one use of a bucket in the current window; refuses with too_many (detail: seconds to wait) above the limit. A null bucket is never limited.';
grant execute on function app.spend to service_role;

create table app.idempotency (
  scope text not null,
  key_hash bytea not null,
  body_hash bytea not null,
  result jsonb,
  created_at timestamptz not null default now(),
  primary key (scope, key_hash)
);
create index idempotency_created_at_idx on app.idempotency (created_at);
comment on table app.idempotency is
  'What a command already answered to a key, so that a resend after a lost answer is harmless. Kept for two days.';
alter table app.idempotency enable row level security;
-- No policy: only commands look here.
grant select, insert, update, delete on app.idempotency to service_role;

create function app.begin_once(p_scope text, p_key text, p_body text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_key bytea := sha256(convert_to(p_key, 'UTF8'));
  v_body bytea := sha256(convert_to(coalesce(p_body, ''), 'UTF8'));
  v_found app.idempotency;
begin
  if p_key is null then
    return null;
  end if;
  insert into app.idempotency (scope, key_hash, body_hash) values (p_scope, v_key, v_body)
  on conflict do nothing;
  if found then
    return null;
  end if;
  select * into v_found from app.idempotency where scope = p_scope and key_hash = v_key;
  if v_found.body_hash <> v_body then
    raise exception 'idempotency_key_reused' using errcode = 'PT409', hint = 'client_id';
  end if;
  return v_found.result || '{"repeated": true}'::jsonb;
end
$$;
comment on function app.begin_once is
  'Null when this key is new (the caller goes on and calls finish_once), else the first answer with "repeated": true. Another body under the same key is refused. A concurrent second call waits for the first to commit.';
grant execute on function app.begin_once to service_role;

create function app.finish_once(p_scope text, p_key text, p_result jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if p_key is not null then
    update app.idempotency set result = p_result
    where scope = p_scope and key_hash = sha256(convert_to(p_key, 'UTF8'));
  end if;
  return p_result;
end
$$;
grant execute on function app.finish_once to service_role;

create function app.text_array(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
  select coalesce(array(select jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]'::jsonb end)), '{}')
$$;
grant execute on function app.text_array to anon, authenticated, service_role;
