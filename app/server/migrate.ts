import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Backend, openBackend, type SqlSession } from "../platform/db.server.ts";
import type { Environment } from "../platform/env.server.ts";
import { StartRefused } from "../platform/failure.ts";
import type { Logger } from "pino";

/** One file of `supabase/migrations`. */
export interface Migration {
  version: string;
  name: string;
  file: string;
}

/** The database and this checkout do not fit together. The message is one sentence that says what to do. */
export class MigrationRefused extends StartRefused {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause);
    this.name = "MigrationRefused";
  }
}

// The same number for every Lookout, so that two that start at once migrate one after the other.
const lockNumber = 7_046_029_254;

/** The migrations of this checkout, oldest first. */
export function readMigrations(directory: string): Migration[] {
  const found = readdirSync(directory)
    .map((file) => ({ file, parts: /^(\d{14})_(.+)\.sql$/.exec(file) }))
    .filter(({ file }) => file.endsWith(".sql"))
    .map(({ file, parts }) => {
      if (!parts?.[1] || !parts[2]) {
        throw new MigrationRefused(`${file} is not named like 20260101000000_what_it_does.sql.`);
      }
      return { version: parts[1], name: parts[2], file: path.join(directory, file) };
    })
    .sort((a, b) => (a.version < b.version ? -1 : 1));
  for (const [index, migration] of found.entries()) {
    if (found[index + 1]?.version === migration.version) {
      throw new MigrationRefused(`Two migrations have the version ${migration.version}.`);
    }
  }
  return found;
}

/**
 * Brings the database to the version of this checkout: each new migration in a transaction of its own, recorded the way
 * the Supabase CLI records it. Returns those it applied. Refuses a database that is newer than this checkout.
 */
export async function migrate(session: SqlSession, directory: string): Promise<Migration[]> {
  const migrations = readMigrations(directory);
  await session.query("select pg_advisory_lock($1)", [lockNumber]);
  try {
    await session.script(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.schema_migrations (
        version text not null primary key, statements text[], name text
      );
    `);
    const pending = await pendingMigrations(session, migrations);
    for (const migration of pending) await apply(session, migration);
    return pending;
  } finally {
    await session.query("select pg_advisory_unlock($1)", [lockNumber]);
  }
}

/** Refuses when the database is not exactly at the version of this checkout: for those who may not change it. */
export async function checkMigrated(session: SqlSession, directory: string): Promise<void> {
  const pending = await pendingMigrations(session, readMigrations(directory));
  if (pending.length > 0) {
    throw new MigrationRefused(
      `The running server is older than this checkout (${pending[0]?.version} is missing): restart it first.`,
    );
  }
}

export interface OpenMigratedOptions {
  /** Who is opening, as others that are refused will read it. */
  what?: string;
  /** Join the database of a running server instead of insisting on being alone. */
  guest?: boolean;
  /** Defaults to `supabase/migrations` of this checkout. */
  migrationsDir?: string;
}

/** Opens the backend of this installation; the embedded database is migrated before the first request. */
export async function openMigratedBackend(
  env: Environment,
  log: Logger,
  options: OpenMigratedOptions = {},
): Promise<Backend> {
  const directory = options.migrationsDir ?? path.resolve("supabase/migrations");
  return openBackend(env, log, {
    ...(options.what ? { what: options.what } : {}),
    ...(options.guest ? { guest: true } : {}),
    async prepare(session, owned) {
      if (!owned) return checkMigrated(session, directory);
      const started = performance.now();
      const applied = await migrate(session, directory);
      if (applied.length > 0) {
        const ms = Math.round(performance.now() - started);
        log.info(
          { ms, applied: applied.map(({ version, name }) => `${version}_${name}`) },
          "database migrated",
        );
      }
    },
  });
}

async function pendingMigrations(session: SqlSession, migrations: Migration[]): Promise<Migration[]> {
  const rows = await session.query<{ version: string }>(
    "select version from supabase_migrations.schema_migrations order by version",
  );
  const applied = new Set(rows.map(({ version }) => version));
  const known = new Set(migrations.map(({ version }) => version));
  const unknown = [...applied].filter((version) => !known.has(version));
  if (unknown.length > 0) {
    throw new MigrationRefused(
      `The database has version ${unknown.at(-1)}, which this checkout does not know: start the newer version of Lookout, or restore a backup of the older one.`,
    );
  }
  const pending = migrations.filter(({ version }) => !applied.has(version));
  const newest = [...applied].sort().at(-1);
  const late = pending.find(({ version }) => newest !== undefined && version < newest);
  if (late) {
    throw new MigrationRefused(
      `The migration ${path.basename(late.file)} is older than the last one applied (${newest}): give it a later version.`,
    );
  }
  return pending;
}

async function apply(session: SqlSession, migration: Migration): Promise<void> {
  const text = readFileSync(migration.file, "utf8");
  await session.script("begin");
  try {
    await session.script(text);
    await session.query(
      "insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)",
      [migration.version, [text], migration.name],
    );
    await session.script("commit");
  } catch (error) {
    await session.script("rollback").catch(() => {
      // The connection is gone, and the transaction with it.
    });
    const said = error instanceof Error ? error.message : String(error);
    const line = lineOf(text, error);
    throw new MigrationRefused(
      `The migration ${path.basename(migration.file)} cannot be applied: ${said}${line ? ` (line ${line})` : ""}.`,
      error,
    );
  }
}

function lineOf(text: string, error: unknown): number | null {
  const position = Number((error as { position?: string }).position);
  return position > 0 ? text.slice(0, position).split("\n").length : null;
}
