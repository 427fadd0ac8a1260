-- The same text sent again and again, and texts that are little but links, go to the end of the queue of their severity.
-- Nothing is refused or hidden because of it: a number only orders the work, people decide.

create table app.text_prints (
  print bytea not null,
  sent_at timestamptz not null default now()
);
create index text_prints_print_idx on app.text_prints (print, sent_at);
create index text_prints_sent_idx on app.text_prints (sent_at);
comment on table app.text_prints is
  'A row is a hash of a text that was put before the staff within the last day, with nothing that tells whose it was.';
alter table app.text_prints enable row level security;
-- No policy: nobody but the commands.
grant select, insert, update, delete on app.text_prints to service_role;

create function app.text_print(p_text text) returns bytea
language sql immutable set search_path = '' as $$
  -- Letters only: blanks nobody sees, other punctuation and other numbers do not make another text of it.
  select case when length(t.letters) >= 12 then sha256(convert_to(t.letters, 'UTF8')) end
  from (
    select left(regexp_replace(lower(normalize(left(p_text, 20000), nfkc)), '[^[:alpha:]]', '', 'g'), 2000) as letters
  ) t
$$;
comment on function app.text_print is
  'A hash by which near-duplicates of a text are equal; null for a text of fewer than twelve letters, which many write alike.';

grant execute on function app.text_print to service_role;

create function app.spam_score(p_text text, p_repeats integer) returns smallint
language sql immutable set search_path = '' as $$
  select least(
    100,
    least(60, 10 * greatest(p_repeats, 0))
    + least(45, 15 * (select count(*) from regexp_matches(t.text, 'https?://|www\.', 'gi')))
    + case when t.text ~* '\m(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|cutt\.ly|ow\.ly|reurl\.cc|lihi\d?\.(?:cc|com)|pse\.is|ppt\.cc)/' then 25 else 0 end
    + case when t.text ~* '\m(?:usdt|bitcoin|casino|viagra|crypto|forex)\M|貸款|借錢|投資群|穩賺|娛樂城|博弈|代辦簽證|刷單' then 20 else 0 end
    + case when t.text ~ '(.)\1{39}' then 15 else 0 end
  )::smallint
  from (select left(coalesce(p_text, ''), 20000) as text) t
$$;
comment on function app.spam_score is
  'From 0 to 100, how much a text looks like one that is sent to everybody: repeats within a day, links, shorteners, words of sellers.';

grant execute on function app.spam_score to service_role;

create function app.tg_queue_items__score() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_print bytea := app.text_print(new.text);
  v_repeats integer := 0;
begin
  if v_print is not null then
    select count(*) into v_repeats from (
      select 1 from app.text_prints t where t.print = v_print and t.sent_at > now() - interval '1 day' limit 20
    ) repeats;
    insert into app.text_prints (print) values (v_print);
    -- A few at a time, so that no post pays for a day of others.
    delete from app.text_prints t where t.ctid in (
      select o.ctid from app.text_prints o where o.sent_at < now() - interval '1 day' limit 20 for update skip locked
    );
  end if;
  new.spam_score := app.spam_score(new.text, v_repeats);
  return new;
end
$$;
comment on function app.tg_queue_items__score is 'Counts how often this text came today and writes the score that orders the queue.';
create trigger _200_score before insert on app.queue_items
  for each row execute function app.tg_queue_items__score();
