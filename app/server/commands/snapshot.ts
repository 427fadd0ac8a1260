import { createHash, type Hash } from "node:crypto";
import { z } from "zod";
import type { connectSql } from "../../platform/db.server.ts";

/** What a backup says about itself, first of all. */
export const manifestSchema = z.object({
  format: z.literal("lookout-backup"),
  version: z.literal(1),
  created_at: z.string(),
  /** Every migration the database had. */
  migrations: z.array(z.string().regex(/^\d{14}$/)).min(1),
  /** Tells one secret from another without telling it. */
  secret_mark: z.string(),
  /** Whether the secret itself stands in the backup; otherwise it is the operator's to keep. */
  holds_secret: z.boolean(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), key: z.array(z.string()) })),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type Table = Manifest["tables"][number];

/** What was in it, last of all: without this a backup is not whole. */
export const sumsSchema = z.object({
  tables: z.record(z.string(), z.object({ rows: z.number(), bytes: z.number(), sha256: z.string() })),
  sequences: z.record(z.string(), z.object({ last_value: z.string(), is_called: z.boolean() })),
  /** One hash for all tables: two databases with the same have the same content. */
  content: z.string(),
});
export type Sums = z.infer<typeof sumsSchema>;

/** A connection, or a transaction of one, that may do everything. */
export type Sql = ReturnType<typeof connectSql>;

/**
 * Every table that holds something worth keeping: ours and those of sign-in. Counters of the last hour are not, and
 * the list of migrations is made anew.
 */
export async function listTables(sql: Sql): Promise<Table[]> {
  const rows = await sql<{ schema: string; table: string; columns: string[]; key: string[] | null }[]>`
    select n.nspname as schema, c.relname as table,
      array(
        select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum
      ) as columns,
      (select array(
        select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (attnum, nth)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum order by k.nth
      ) from pg_index i where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p'
      and n.nspname <> 'information_schema' and n.nspname <> 'supabase_migrations' and n.nspname not like 'pg\\_%'
    order by 1, 2`;
  return rows.map(({ schema, table, columns, key }) => ({
    name: `${schema}.${table}`,
    columns,
    // Without a key the order must come from somewhere, or two equal tables would have two hashes.
    key: key ?? columns,
  }));
}

/** The places that numbers are given out from. */
export async function readSequences(sql: Sql): Promise<Sums["sequences"]> {
  const names = await sql<{ name: string }[]>`
    select schemaname || '.' || sequencename as name from pg_sequences
    where schemaname <> 'supabase_migrations' and schemaname not like 'pg\\_%' order by 1`;
  const found: Sums["sequences"] = {};
  for (const { name } of names) {
    const [row] = await sql<{ last_value: string; is_called: boolean }[]>`
      select last_value::text, is_called from ${sql(name)}`;
    if (row) found[name] = row;
  }
  return found;
}

/** So many rows are in memory at a time; a row may be a photo. */
const rowsAtOnce = 50;

/**
 * The rows of a table in the order of its key, each as a line of JSON that the database itself writes: no type is
 * turned into one of ours and back.
 */
export async function* readTable(sql: Sql, table: Table): AsyncGenerator<Uint8Array> {
  const columns = table.columns.map(quoted).join(", ");
  const order = table.key.map(quoted).join(", ");
  const rows = sql.unsafe<{ line: string }[]>(
    `select to_jsonb(t)::text as line from (select ${columns} from ${quotedName(table.name)} order by ${order}) t`,
  );
  for await (const some of rows.cursor(rowsAtOnce)) {
    yield Buffer.from(some.map(({ line }) => `${line}\n`).join(""));
  }
}

/** Writes lines of JSON into a table. */
export async function writeTable(sql: Sql, table: Table, lines: string): Promise<void> {
  const columns = table.columns.map(quoted).join(", ");
  const name = quotedName(table.name);
  await sql.unsafe(
    `insert into ${name} (${columns}) overriding system value
     select ${columns} from jsonb_populate_recordset(null::${name}, $1::text::jsonb)`,
    [`[${lines.trimEnd().replaceAll("\n", ",")}]`],
  );
}

/** The hash and size of what a table holds. */
export class TableSum {
  readonly #hash: Hash = createHash("sha256");
  rows = 0;
  bytes = 0;

  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.bytes += piece.byteLength;
    // JSON writes a line break within a value as two other characters.
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) this.rows += 1;
  }

  end(): Sums["tables"][string] {
    return { rows: this.rows, bytes: this.bytes, sha256: this.#hash.digest("hex") };
  }
}

/** One hash for the content of all tables. */
export function contentHash(tables: Sums["tables"]): string {
  const lines = Object.entries(tables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { sha256 }]) => `${sha256}  ${name}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** Empties a table before its rows come. */
export async function emptyTable(sql: Sql, table: Table): Promise<void> {
  await sql.unsafe(`delete from ${quotedName(table.name)}`);
}

/** A secret's mark, by which it is known again. */
export function secretMark(secret: (purpose: string) => Buffer): string {
  return secret("backup-mark").toString("hex").slice(0, 32);
}

/** `app.persons` as SQL has it. */
function quotedName(name: string): string {
  return name.split(".").map(quoted).join(".");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
