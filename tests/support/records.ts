import { randomBytes, randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { nameKeys } from "#app/names/name-keys.ts";
import type { Commands } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";

/** A posted person and the secrets of her two links. */
export interface Posted {
  id: string;
  record_id: string;
  held: boolean;
  repeated?: boolean;
  /** Secret of the manage link and its hash. */
  manage: string;
  manageHash: string;
  /** Secret of the link to a record that is not public, and its hash. */
  key: string;
  keyHash: string;
}

type Answers = Record<string, unknown>;

/** What the server sends for a person: complete and in order, but for what a test changes. */
export function aPerson(changes: Answers = {}): Answers {
  const fullName = String(changes.full_name ?? "王小明");
  return {
    id: randomUUID(),
    as: "me",
    event: "everyday",
    status: "is_note_author",
    full_name: fullName,
    alternate_names: [],
    visibility: "public",
    record_domain: "lookout.example",
    language: "zh-TW",
    caller: null,
    name_keys: nameKeys({ fullName, alternateNames: [] }),
    ...changes,
  };
}

/** Posts a person with a first note, as the server does. */
export async function post(commands: Commands, changes: Answers = {}): Promise<Posted> {
  const manage = randomBytes(32).toString("base64url");
  const key = randomBytes(24).toString("base64url");
  const secrets = { manage, manageHash: hashOf(manage), key, keyHash: hashOf(key) };
  const answer = await commands.call<Posted>("report_person", {
    p: aPerson({ manage_hash: secrets.manageHash, view_hash: secrets.keyHash, ...changes }),
  });
  return { ...answer, ...secrets };
}

/** Adds a note, as the server does. */
export function addNote(
  commands: Commands,
  personId: string,
  changes: Answers = {},
): Promise<{ id: string; record_id: string; held: boolean }> {
  return commands.call("add_note", {
    p: { person_id: personId, text: "我見過他", record_domain: "lookout.example", ...changes },
  });
}

/** A person as another registry has it, ready for `import_pfif`. */
export function aClone(changes: Answers = {}): Answers {
  const fullName = String(changes.full_name ?? "Yamada Hanako");
  return {
    n: 0,
    record_id: `elsewhere.example/person.${randomUUID()}`,
    placeholder: false,
    full_name: fullName,
    alternate_names: [],
    source_date: "2026-01-01T00:00:00Z",
    name_keys: nameKeys({ fullName, alternateNames: [] }),
    ...changes,
  };
}

export interface Imported {
  persons: { n: number; outcome: string }[];
  notes: { n: number; outcome: string }[];
}

/** Imports records as the server does. */
export function importRecords(
  commands: Commands,
  records: { persons?: Answers[]; notes?: Answers[] } & Answers,
): Promise<Imported> {
  return commands.call("import_pfif", {
    p: { own_domain: "lookout.example", persons: [], notes: [], ...records },
  });
}

/** A person's own columns, past all policies. */
export async function rowOf(sql: Sql, id: string): Promise<Record<string, unknown>> {
  const [row] = await sql`
    select *, position::text as place, source_date::text as source_date_text from app.persons where id = ${id}`;
  if (!row) throw new Error(`no person ${id}`);
  return row;
}

/** Makes a record's time run out. */
export async function runOut(sql: Sql, id: string): Promise<void> {
  await sql`update app.persons set expiry_date = now() - interval '1 minute' where id = ${id}`;
}

/** Every place in the database where a text still stands, as `schema.table.column`. */
export async function placesOf(sql: Sql, planted: string): Promise<string[]> {
  const columns = await sql<{ name: string; relation: string; column: string }[]>`
    select n.nspname || '.' || c.relname || '.' || a.attname as name,
           quote_ident(n.nspname) || '.' || quote_ident(c.relname) as relation, quote_ident(a.attname) as column
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    order by 1`;
  const found: string[] = [];
  for (const { name, relation, column } of columns) {
    const rows = await sql.unsafe(
      `select 1 from ${relation} where position($1 in coalesce(${column}::text, '')) > 0 limit 1`,
      [planted],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
