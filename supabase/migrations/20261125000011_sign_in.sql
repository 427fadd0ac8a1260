-- Signing in as staff: tries are counted before the sign-in service is asked, and a code by mail leaves through the outbox
-- where the sign-in service is ours.

create function public.count_sign_in(p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_caller text := p ->> 'caller';
  -- Only the hash of an address stands in a bucket. Without a caller nothing is limited (load tests on this machine).
  v_account text := case when v_caller is not null
    then encode(sha256(convert_to(lower(btrim(coalesce(p ->> 'email', ''))), 'UTF8')), 'hex') end;
begin
  if p ->> 'way' = 'ask_code' then
    perform app.spend('sign_in_mail:' || v_account, 6, interval '1 hour');
    perform app.spend('sign_in_mail_from:' || v_caller, 30, interval '1 hour');
    return;
  end if;
  -- A shelter or an office shares one address: the pair of who and from where is what is limited first. The account
  -- as a whole stays open to its owner while somebody far away guesses, until the guesses are many.
  perform app.spend('sign_in:' || v_account || ':' || v_caller, 10, interval '15 minutes');
  perform app.spend('sign_in_account:' || v_account, 100, interval '1 hour');
  perform app.spend('sign_in_from:' || v_caller, 200, interval '1 hour');
end
$$;
comment on function public.count_sign_in is
  'Counts a try to sign in, {email, caller, way: password | code | ask_code}, and refuses with too_many. Called before the try.';

create function public.mail_sign_in_code(p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into app.outbox (kind, to_email, language, payload)
  select 'sign_in_code', m.email, m.language, jsonb_build_object('code', p ->> 'code')
  from app.members m
  where lower(m.email) = lower(btrim(p ->> 'email')) and m.removed_at is null
    and (m.expires_at is null or m.expires_at > now());
end
$$;
comment on function public.mail_sign_in_code is 'Puts the mail with a code into the outbox, for members alone.';

create function public.mail_invitation(p_user_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update app.members set invited_at = now() where user_id = p_user_id;
  insert into app.outbox (kind, to_email, language, payload)
  select 'invitation', m.email, m.language,
         jsonb_build_object('name', m.name, 'role', m.role, 'expires_at', m.expires_at)
  from app.members m where m.user_id = p_user_id and m.removed_at is null;
end
$$;
comment on function public.mail_invitation is 'Writes to a new member where and how to sign in. The mail holds no secret: signing in asks for a code.';

revoke execute on function public.count_sign_in, public.mail_sign_in_code, public.mail_invitation from public;
grant execute on function public.count_sign_in, public.mail_sign_in_code, public.mail_invitation to service_role;
