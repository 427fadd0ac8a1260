import { afterAll, beforeAll, describe, expect, it } from "vitest";
import errors from "#app/i18n/locales/zh-TW/errors.json" with { type: "json" };
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";
import {
  definers,
  memberFunctions,
  memberHelpers,
  memberTables,
  memberViews,
  memberWrites,
  serverFunctions,
  visitorFunctions,
  visitorHelpers,
  visitorTables,
  visitorViews,
} from "#tests/support/who-may.ts";

// The law of supabase/CONVENTIONS.md, read off the catalogue: a new object is judged without a new test.

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

/** One column of a query, as a list. What breaks a rule is listed by name, so that the list must be empty. */
async function names(text: string): Promise<string[]> {
  const rows = await database.sql.unsafe<{ name: string }[]>(text);
  return rows.map(({ name }) => name);
}

const ours = "('app', 'public')";

describe("tables", () => {
  it("stand in the private schema, never in the exposed one", async () => {
    expect(await names("select tablename as name from pg_tables where schemaname = 'public'")).toEqual([]);
    expect(
      (await names("select tablename as name from pg_tables where schemaname = 'app'")).length,
    ).toBeGreaterThan(10);
  });

  it("have row level security, every one", async () => {
    expect(
      await names(`select relname as name from pg_class where relnamespace = 'app'::regnamespace
                   and relkind in ('r', 'p') and not relrowsecurity`),
    ).toEqual([]);
  });

  it("say what they are for", async () => {
    expect(
      await names(`select relname as name from pg_class where relnamespace = 'app'::regnamespace
                   and relkind in ('r', 'p') and obj_description(oid, 'pg_class') is null`),
    ).toEqual([]);
  });

  it("are named in lower case, and in the plural unless they hold one thing a row", async () => {
    const uncountable = ["idempotency", "outbox"];
    const tables = await names("select tablename as name from pg_tables where schemaname = 'app'");
    expect(
      tables.filter((name) => !/^[a-z]+(?:_[a-z]+)*s$/.test(name) && !uncountable.includes(name)),
    ).toEqual([]);
  });

  it("have constraints named for what they forbid", async () => {
    // A check with a name of our own is a sentence about the table; the names Postgres makes up end in _check.
    const checks = await names(`
      select c.conrelid::regclass::text || ': ' || c.conname as name from pg_constraint c
      where c.connamespace = 'app'::regnamespace and c.contype = 'c'
        and (c.conname like '%\\_check%' or c.conname !~ '^[a-z]+(_[a-z0-9]+){2,}$'
             or c.conname !~ '_(are|is|can|cannot|must|have|lie|name|stay|show|carry)(_|$)')`);
    expect(checks).toEqual([]);
  });

  it("have no check that a missing value slips through", async () => {
    // `a is null and …` with one null among several columns is neither true nor false, and a check passes what is not false.
    const { sql } = database;
    const [event] = await sql`select id from app.events limit 1`;
    const person = (ages: string) =>
      sql.unsafe(
        `insert into app.persons (record_id, event_id, posted_as, full_name, source_date, expiry_date, visibility, freshest_at, age_from, age_to)
         values ('lookout.example/person.' || gen_random_uuid(), $1, 'me', 'A', now(), now(), 'public', now(), ${ages})`,
        [event!.id],
      );
    await expect(person("33, null")).rejects.toMatchObject({
      constraint_name: "persons_cannot_show_an_exact_age",
    });
    await expect(person("null, 33")).rejects.toMatchObject({
      constraint_name: "persons_cannot_show_an_exact_age",
    });
    await expect(person("33, 33")).rejects.toMatchObject({
      constraint_name: "persons_cannot_show_an_exact_age",
    });
    const decision = (by: string, reason: string) =>
      sql.unsafe(
        `insert into app.queue_items (kind, subject_type, subject_id, severity, decided_at, decision, decided_by, decision_reason)
         values ('report', 'person', gen_random_uuid(), 3, now(), 'accept', ${by}, ${reason})`,
      );
    const nameless = { constraint_name: "queue_items_decisions_name_a_person_and_a_reason" };
    await expect(decision("null", "'why'")).rejects.toMatchObject(nameless);
    await expect(decision("'who'", "null")).rejects.toMatchObject(nameless);
    await expect(decision("''", "'why'")).rejects.toMatchObject(nameless);
  });
});

describe("foreign keys", () => {
  it("say what happens when their target is deleted", async () => {
    expect(
      await names(`select conrelid::regclass || '.' || conname as name from pg_constraint
                   where contype = 'f' and connamespace = 'app'::regnamespace and confdeltype = 'a'`),
    ).toEqual([]);
  });

  it("have an index, unless no seat may delete what they point at", async () => {
    expect(
      await names(`
        select f.conrelid::regclass || '.' || f.conname as name from pg_constraint f
        where f.contype = 'f' and f.connamespace = 'app'::regnamespace
          and has_table_privilege('service_role', f.confrelid, 'delete')
          and not exists (
            select from pg_index i
            where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1] and i.indisvalid
              -- A partial index serves only where it leaves out nothing but nulls, which point at nothing.
              and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\([a-z_]+ IS NOT NULL\\)$')
          )`),
    ).toEqual([]);
  });
});

describe("policies", () => {
  it("are named as sentences and are for one verb", async () => {
    expect(
      await names(`select tablename || ': ' || policyname as name from pg_policies
                   where schemaname in ${ours}
                     and (cmd = 'ALL' or policyname !~ '^[A-Z][a-z]+ (reads?|adds?|changes?|hides?|deletes?|decides?|keeps?) .+')`),
    ).toEqual([]);
  });

  it("name the seats they are for", async () => {
    expect(
      await names(`select tablename || ': ' || policyname as name from pg_policies
                   where schemaname in ${ours} and roles && array['public']::name[]`),
    ).toEqual([]);
  });

  it("ask who is there once a query, not once a row", async () => {
    expect(
      await names(`select tablename || ': ' || policyname as name from pg_policies
                   where schemaname in ${ours}
                     and coalesce(qual, '') || coalesce(with_check, '') ~ 'auth\\.(uid|jwt|role)\\(\\)'
                     and coalesce(qual, '') || coalesce(with_check, '') !~* 'select auth\\.(uid|jwt|role)\\(\\)'`),
    ).toEqual([]);
  });
});

describe("views", () => {
  it("look with the eyes of who asks", async () => {
    expect(
      await names(`select oid::regclass::text as name from pg_class
                   where relnamespace in ('public'::regnamespace, 'app'::regnamespace) and relkind = 'v'
                     and not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']`),
    ).toEqual([]);
  });

  it("are the only relations in the exposed schema", async () => {
    expect(
      await names(`select relname as name from pg_class where relnamespace = 'public'::regnamespace
                   and relkind not in ('v', 'i', 'c')`),
    ).toEqual([]);
  });

  it("show nothing of the tables of secrets", async () => {
    expect(
      await names(`
        select distinct v.relname || ' shows ' || t.relname as name
        from pg_depend d
        join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class v on v.oid = r.ev_class and v.relkind = 'v'
        join pg_class t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
        where t.relname ~ '_secrets$|^sealed_|^outbox$|^follows$|^relay_|_keys$|^queue_'`),
    ).toEqual([]);
  });
});

describe("functions", () => {
  const functions = `
    select p.oid, n.nspname || '.' || p.proname as name, n.nspname, p.prosecdef, p.provolatile, p.proconfig, p.prosrc,
           pg_get_functiondef(p.oid) as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ${ours}`;

  it("have an empty search path, so that nobody can slip another table under a name", async () => {
    expect(
      await names(
        `select name from (${functions}) f where not coalesce(proconfig, '{}') && array['search_path=""']`,
      ),
    ).toEqual([]);
  });

  it("in the exposed schema never run with more rights than who calls them", async () => {
    expect(await names(`select name from (${functions}) f where nspname = 'public' and prosecdef`)).toEqual(
      [],
    );
  });

  it("run with other rights only where the reason is written down", async () => {
    expect((await names(`select name from (${functions}) f where prosecdef`)).sort()).toEqual(
      [...definers].sort(),
    );
    const silent = await names(`
      select f.name from (${functions}) f where prosecdef and obj_description(oid, 'pg_proc') is null
        and name not in ('app.find_candidates', 'app.find_page')`);
    expect(silent, "each says what it is for").toEqual([]);
  });

  it("are stable or immutable only when they write nothing, and volatile only when they do or must count", async () => {
    const writes =
      "\\m(insert into|update app|delete from|perform app|app\\.(spend|begin_once|import_report|person_to_change|report_to_change)|for update)\\M";
    expect(
      await names(`select name from (${functions}) f where provolatile <> 'v' and prosrc ~* '${writes}'`),
    ).toEqual([]);
    expect(
      await names(`select name from (${functions}) f where provolatile = 'v' and prosrc !~* '${writes}'
                   and name not like 'app.tg\\_%'`),
    ).toEqual([]);
  });

  it("are open to nobody by default", async () => {
    expect(
      await names(`
        select f.name from (${functions}) f join pg_proc p on p.oid = f.oid
        where p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0)`),
    ).toEqual([]);
  });

  it("in the private schema know nothing of the exposed one", async () => {
    expect(
      await names(`select name from (${functions}) f where nspname = 'app' and prosrc ~* '\\mpublic\\.'`),
    ).toEqual([]);
    expect(
      await names(
        `select viewname as name from pg_views where schemaname = 'app' and definition ~* '\\mpublic\\.'`,
      ),
    ).toEqual([]);
  });

  it("which triggers run are named after their table", async () => {
    expect(
      await names(`
        select t.tgname || ' runs ' || p.proname as name from pg_trigger t
        join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid
        where not t.tgisinternal and c.relnamespace = 'app'::regnamespace
          and (p.proname not like 'tg\\_' || c.relname || '\\_\\_%' or t.tgname !~ '^_[1-9]00_')`),
    ).toEqual([]);
  });

  it("that anybody may call say what they do", async () => {
    expect(
      await names(`
        select f.name from (${functions}) f
        where nspname = 'public' and has_function_privilege('anon', f.oid, 'execute')
          and obj_description(f.oid, 'pg_proc') is null`),
    ).toEqual([]);
  });

  it("refuse in words every language knows", async () => {
    const raised = await database.sql.unsafe<{ name: string; token: string; code: string | null }[]>(`
      select f.name, m[1] as token, m[2] as code from (${functions}) f,
        regexp_matches(f.prosrc, 'raise exception ''([^'']+)''(?:\\s+using\\s+errcode = ''([A-Z0-9]+)'')?', 'g') m`);
    expect(raised.length).toBeGreaterThan(20);
    expect(raised.filter(({ token }) => !/^[a-z][a-z0-9_]*$/.test(token))).toEqual([]);
    expect(raised.filter(({ code }) => !/^PT4\d\d$/.test(code ?? ""))).toEqual([]);
    // Tokens that only the operator's command line or a broken caller can meet have no sentence for visitors.
    const insiders = ["notes_are_append_only", "event_not_invented"];
    expect(
      [...new Set(raised.map(({ token }) => token))]
        .filter((token) => !(token in errors) && !insiders.includes(token))
        .sort(),
    ).toEqual([]);
  });
});

describe("grants", () => {
  const callable = (role: string, schema: string) =>
    names(`select distinct p.proname as name from pg_proc p
           where p.pronamespace = '${schema}'::regnamespace and has_function_privilege('${role}', p.oid, 'execute') order by 1`);

  it("visitors may call the questions of the public, and nothing else", async () => {
    expect(await callable("anon", "public")).toEqual([...visitorFunctions].sort());
    expect(await callable("anon", "app")).toEqual([...visitorHelpers].sort());
  });

  it("who has signed in may also call what asks for their role, and nothing else", async () => {
    expect(await callable("authenticated", "public")).toEqual(
      [...visitorFunctions, ...memberFunctions].sort(),
    );
    expect(await callable("authenticated", "app")).toEqual([...visitorHelpers, ...memberHelpers].sort());
  });

  it("the server may call the commands", async () => {
    expect((await callable("service_role", "public")).sort()).toEqual([...serverFunctions].sort());
  });

  it("every function of the exposed schema is on one of the lists", async () => {
    expect(
      (
        await names(
          "select distinct proname as name from pg_proc where pronamespace = 'public'::regnamespace order by 1",
        )
      ).sort(),
    ).toEqual([...new Set([...visitorFunctions, ...memberFunctions, ...serverFunctions])].sort());
  });

  it.each(["anon", "authenticated"])("%s writes nowhere but where a list says", async (role) => {
    expect(
      await names(`
        select c.oid::regclass || ' ' || verb as name from pg_class c, unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) verb
        where c.relnamespace in ('app'::regnamespace, 'public'::regnamespace) and c.relkind in ('r', 'p', 'v')
          and (has_table_privilege('${role}', c.oid, verb)
               or verb in ('insert', 'update', 'references') and has_any_column_privilege('${role}', c.oid, verb))
        order by 1`),
    ).toEqual(role === "anon" ? [] : [...memberWrites].sort());
    expect(
      await names(`select c.oid::regclass::text as name from pg_class c
                   where c.relnamespace in ('app'::regnamespace, 'public'::regnamespace)
                     and case when c.relkind = 'S' then has_sequence_privilege('${role}', c.oid, 'usage') end`),
    ).toEqual([]);
    for (const schema of ["app", "public"]) {
      expect(
        await names(
          `select '${schema}' as name where has_schema_privilege('${role}', '${schema}', 'create')`,
        ),
      ).toEqual([]);
    }
  });

  it.each(["anon", "authenticated"])("%s reads these relations and no other", async (role) => {
    expect(
      await names(`
        select c.oid::regclass::text as name from pg_class c
        where c.relnamespace in ('app'::regnamespace, 'public'::regnamespace) and c.relkind in ('r', 'p', 'v')
          and has_any_column_privilege('${role}', c.oid, 'select') order by 1`),
    ).toEqual(
      [...visitorTables, ...visitorViews, ...(role === "anon" ? [] : [...memberTables, ...memberViews])]
        .sort()
        .map((name) =>
          name.includes(".") ? name : expect.stringMatching(new RegExp(`^(public\\.)?${name}$`)),
        ),
    );
  });

  it("name keys are for finding, not for reading", async () => {
    expect(
      await names(
        `select 'name_keys' as name where has_column_privilege('anon', 'app.persons', 'name_keys', 'select')`,
      ),
    ).toEqual([]);
  });

  it("the server deletes no event: a past disaster stays on record", async () => {
    expect(
      await names(
        "select 'events' as name where has_table_privilege('service_role', 'app.events', 'delete')",
      ),
    ).toEqual([]);
  });

  // The server gives up on a call after ten seconds: its statements must have ended by then.
  it("every seat has a limit to how long a statement may take", async () => {
    expect(
      await database.sql`
        select rolname, rolconfig from pg_roles where rolname in ('anon', 'authenticated', 'service_role') order by 1`,
    ).toEqual([
      { rolname: "anon", rolconfig: expect.arrayContaining(["statement_timeout=3s"]) },
      { rolname: "authenticated", rolconfig: expect.arrayContaining(["statement_timeout=8s"]) },
      { rolname: "service_role", rolconfig: expect.arrayContaining(["statement_timeout=9s"]) },
    ]);
  });
});
