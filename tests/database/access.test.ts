import { createHmac, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { unwrap, type Db } from "#app/platform/db.server.ts";
import { forEachDoor, type OpenDoorway } from "#tests/support/database.ts";
import { throughGateway } from "#tests/support/postgrest.ts";
import { aPerson, post, type Posted } from "#tests/support/records.ts";
import { asMember, asVisitor } from "#tests/support/seats.ts";
import { memberFunctions, memberViews, visitorFunctions, visitorViews } from "#tests/support/who-may.ts";

// What the publishable key opens. Relations and functions are read off the catalogue, so that a new one is tried too.
const publicViews = visitorViews;

interface Relation {
  schema: string;
  name: string;
}
interface Routine extends Relation {
  parameters: { name: string; type: string }[];
}

forEachDoor((door) => {
  let open: Posted;
  let known: Posted;
  let relations: Relation[];
  let routines: Routine[];

  beforeAll(async () => {
    open = await post(door.commands, { full_name: "張開", author_email: "zhang@example.org" });
    known = await post(door.commands, {
      full_name: "林隱",
      visibility: "known",
      author_email: "lin@example.org",
    });
    relations = [
      ...(await door.sql<Relation[]>`
        select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('app', 'public') and c.relkind in ('r', 'p', 'v', 'm')`),
    ];
    routines = [
      ...(await door.sql<Routine[]>`
        select n.nspname as schema, p.proname as name,
               coalesce((
                 select jsonb_agg(jsonb_build_object('name', p.proargnames[i], 'type', p.proargtypes[i - 1]::regtype::text) order by i)
                 from generate_series(1, p.pronargs) i
               ), '[]') as parameters
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('app', 'public') and p.prorettype <> 'trigger'::regtype`),
    ];
  });

  const seats: [string, () => Db][] = [
    ["a visitor", () => door.anon],
    ["somebody who has signed in", () => door.as({ sub: randomUUID() })],
    [
      "somebody who calls himself an administrator",
      () =>
        door.as({
          sub: randomUUID(),
          user_metadata: { role: "admin", is_admin: true },
          raw_user_meta_data: { role: "service_role" },
        }),
    ],
  ];

  describe.each(seats)("A2, H32: %s", (who, seat) => {
    const signedIn = who !== "a visitor";

    it("reads the public views and no other relation", async () => {
      expect(relations.length).toBeGreaterThan(20);
      for (const { schema, name } of relations) {
        const answer = await seat().schema(schema).from(name).select("*").limit(1);
        const refused = answer.error !== null;
        if (signedIn && schema === "public" && memberViews.includes(name)) {
          // A view for staff opens for everybody with an account, and shows nothing to who is not staff.
          expect({ name, shown: answer.data ?? [] }).toEqual({ name, shown: [] });
          continue;
        }
        expect({ schema, name, refused }).toEqual({
          schema,
          name,
          refused: !(schema === "public" && publicViews.includes(name)),
        });
        if (refused) expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    });

    it("finds no table under its bare name either", async () => {
      for (const { name } of relations.filter((one) => one.schema === "app")) {
        if (publicViews.includes(name) || memberViews.includes(name)) continue;
        const answer = await seat().from(name).select("*").limit(1);
        expect({ name, refused: answer.error !== null }).toEqual({ name, refused: true });
      }
    });

    it("writes nothing anywhere", async () => {
      for (const { schema, name } of relations) {
        const table = () => seat().schema(schema).from(name);
        const key = publicViews.includes(name) ? "id" : "person_id";
        const row = { [key]: open.id } as never;
        for (const [verb, tried] of Object.entries({
          insert: await table().insert(row),
          update: await table().update(row).eq(key, open.id),
          upsert: await table().upsert(row),
          delete: await table().delete().eq(key, open.id),
        })) {
          expect({ schema, name, verb, refused: tried.error !== null }).toEqual({
            schema,
            name,
            verb,
            refused: true,
          });
        }
      }
      const [row] = await door.sql`select count(*)::int as persons from app.persons`;
      expect(row).toEqual({ persons: 2 });
    });

    it("calls the public questions and no other function", async () => {
      expect(routines.length).toBeGreaterThan(40);
      for (const { schema, name, parameters } of routines) {
        const args = Object.fromEntries(parameters.map((one) => [one.name, valueFor(one.type, open.id)]));
        const answer = await seat().schema(schema).rpc(name, args);
        const refused = answer.error !== null;
        if (schema === "public" && visitorFunctions.includes(name)) {
          // Answers of a kind: what was asked may be wrong, but not who asks.
          expect({ name, code: answer.error?.code }).not.toEqual({ name, code: "42501" });
        } else if (signedIn && schema === "public" && memberFunctions.includes(name)) {
          // Where policies hide every row there is nothing to refuse: what is hidden and what is absent answer alike.
          const told = refused
            ? ["42501", "PT403", "PT404"].includes(answer.error.code)
            : isNothing(answer.data);
          expect({ name, told, code: answer.error?.code }).toEqual({
            name,
            told: true,
            code: answer.error?.code,
          });
        } else {
          expect({ schema, name, refused }).toEqual({ schema, name, refused: true });
          if (answer.error && schema === "public") expect(answer.error.code).toBe("42501");
        }
      }
    });

    it("A3: sees public records without their secrets, and hidden ones not at all", async () => {
      const rows = unwrap(await seat().from("persons").select("*"));
      expect(rows.map((row) => row.full_name)).toEqual(["張開"]);
      for (const view of publicViews) {
        const told = JSON.stringify(unwrap(await seat().from(view).select("*")));
        expect(told).not.toMatch(/example\.org|林隱|name_keys|_hash|exact|author_email/);
        expect(told).not.toContain(known.id);
      }
      expect(unwrap(await seat().from("persons").select("id").eq("id", known.id))).toEqual([]);
      expect(unwrap(await seat().from("notes").select("id").eq("person_id", known.id))).toEqual([]);
    });

    it("H9: gets no column, relation or order that is not shown", async () => {
      for (const columns of [
        "name_keys",
        "*,person_secrets(*)",
        "*,app.person_secrets(*)",
        "expiry_days",
        "*,follows(email)",
      ]) {
        const answer = await seat().from("persons").select(columns);
        expect({ columns, refused: answer.error !== null }).toEqual({ columns, refused: true });
        expect(answer.status).toBeLessThan(500);
      }
      const ordered = await seat().from("persons").select("id").order("name_keys");
      expect(ordered.error).not.toBeNull();
      const filtered = await seat().from("persons").select("id").eq("manage_hash", "x");
      expect(filtered.error).not.toBeNull();
      for (const filter of [
        "id.eq.1)),(secret",
        "full_name.like.*%_,)(",
        "and(or(and(",
        "name_keys.cs.{x}",
      ]) {
        const answer = await seat().from("persons").select("id").or(filter);
        expect(answer.error !== null || answer.data.length <= 1).toBe(true);
        expect(answer.status).toBeLessThan(500);
      }
      const many = await seat().from("persons").select("id").range(0, 999_999);
      expect(many.status).toBeLessThan(300);
    });
  });

  describe("H32: tokens that are none", () => {
    const now = () => Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = (claims: object, secret: string, head: object = { alg: "HS256", typ: "JWT" }) => {
      const text = `${part(head)}.${part(claims)}`;
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    };
    const claims = (changes: object = {}) => ({
      role: "service_role", aud: "authenticated", sub: randomUUID(), exp: now() + 600, ...changes,
    }); // prettier-ignore

    async function read(token: string, target: string): Promise<Response> {
      const request = new Request(`http://database.invalid/rest/v1/${target}`, {
        method: target.startsWith("rpc/") ? "POST" : "GET",
        headers: {
          apikey: door.database.door.publishableKey,
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: target.startsWith("rpc/") ? JSON.stringify({ p: aPerson({ full_name: "偽造" }) }) : null,
      });
      return fetchOf(door)(request);
    }

    it.each([
      ["expired", (secret: string) => signed(claims({ role: "authenticated", exp: now() - 60 }), secret)],
      ["signed by another key", () => signed(claims(), "another secret, just as long as the real one is")],
      ["with no algorithm", () => `${part({ alg: "none", typ: "JWT" })}.${part(claims())}.`],
      [
        "with an unknown algorithm",
        (secret: string) => signed(claims(), secret, { alg: "RS256", typ: "JWT" }),
      ],
      ["cut short", (secret: string) => signed(claims(), secret).slice(0, -8)],
      ["of no known seat", (secret: string) => signed(claims({ role: "postgres" }), secret)],
      ["that is no token", () => "Robert'); drop table persons;--"],
    ])("one %s opens nothing", async (_what, make) => {
      const token = make(door.database.door.jwtSecret);
      const command = await read(token, "rpc/report_person");
      expect(command.status).toBeGreaterThanOrEqual(400);
      expect(await command.text()).not.toMatch(/lookout\.example/);
      const secrets = await read(token, "person_secrets");
      expect(secrets.status).toBeGreaterThanOrEqual(400);
      const [row] = await door.sql`select count(*)::int as forged from app.persons where full_name = '偽造'`;
      expect(row).toEqual({ forged: 0 });
    });

    it("a key that is none is turned away", async () => {
      const answer = await fetchOf(door)(
        new Request("http://database.invalid/rest/v1/persons?select=id", {
          headers: { apikey: "sb_secret_wrong" },
        }),
      );
      expect(answer.status).toBe(401);
    });
  });

  it("the policies themselves hide what is hidden, without any view", async () => {
    const hidden = await asVisitor(door.sql, (sql) => sql`select id from app.persons where id = ${known.id}`);
    expect([...hidden]).toEqual([]);
    const seen = await asVisitor(door.sql, (sql) => sql`select id from app.persons where id = ${open.id}`);
    expect(seen).toHaveLength(1);
    await expect(asVisitor(door.sql, (sql) => sql`select * from app.person_secrets`)).rejects.toMatchObject({
      code: "42501",
    });
    await expect(
      asMember(door.sql, randomUUID(), (sql) => sql`select * from app.outbox`, {
        user_metadata: { role: "admin" },
      }),
    ).rejects.toMatchObject({ code: "42501" });
  });
});

/** The raw door, for requests that no client would send. */
function fetchOf(door: OpenDoorway): (request: Request) => Promise<Response> {
  return async (request) =>
    door.name === "lite"
      ? door.database.door.fetch(request)
      : throughGateway(await door.database.postgrestServer(), door.database.door)(request);
}

/** What a function for staff may tell somebody who is not: no row, or nothing at all. */
function isNothing(data: unknown): boolean {
  return data === null || (Array.isArray(data) && data.length === 0);
}

/** Some value of a type: enough for a call to be understood, so that it is refused for who calls and not for what. */
function valueFor(type: string, id: string): unknown {
  if (type === "uuid") return id;
  if (type === "integer" || type === "bigint") return 1;
  if (type === "jsonb") return {};
  if (type === "app.note_status") return null;
  return null;
}
