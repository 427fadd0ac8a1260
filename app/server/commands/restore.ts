import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { connectSql, openDoor } from "../../platform/db.server.ts";
import { startEmbedded } from "../../platform/embedded.server.ts";
import { takeLock } from "../../platform/embedded-lock.server.ts";
import type { Environment } from "../../platform/env.server.ts";
import { migrate, readMigrations } from "../migrate.ts";
import { secretsFrom } from "../secrets.ts";
import { pieceBytes } from "./backup.ts";
import { CommandRefused, DONE, UsageError, type Command } from "./command.ts";
import { logOf, settingsOf } from "./session.ts";
import {
  contentHash,
  manifestSchema,
  emptyTable,
  readTable,
  secretMark,
  sumsSchema,
  TableSum,
  writeTable,
  type Manifest,
  type Sql,
  type Sums,
} from "./snapshot.ts";
import { ArchiveBroken, readTar, type ArchiveEntry } from "./tar.ts";
import type { Terminal } from "./terminal.ts";

const draftName = "restore.new.";
// A piece is full when it has this much, and then comes the rest of some rows.
const mostBytes = pieceBytes + 64 * 1024 * 1024;

export const restore: Command = {
  name: "restore",
  operands: "FILE",
  takes: [1, 1],
  summary: "Bring a backup into an empty DATA_DIR.",
  details: `
The server must not be running on that DATA_DIR, and no database may be in it: nothing is ever overwritten. What was
read back is compared with the backup before it counts; interrupted, it leaves nothing behind. A backup of an older
version is brought up to date at the next start.`,
  async run({ terminal, operands }) {
    const file = path.resolve(operands[0]!);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) throw new UsageError(`there is no file ${file}.`);
    const env = settingsOf(terminal);
    if (env.supabase) {
      throw new CommandRefused(
        "this site lives in a Supabase project: a backup is brought into an embedded database.",
      );
    }
    if (existsSync(path.join(env.dataDir, "postgres"))) {
      throw new CommandRefused(
        `${env.dataDir} holds a database already: move it away, or restore into another DATA_DIR.`,
      );
    }
    const lock = takeLock(env.dataDir, "a restore", null);
    try {
      for (const name of await readdir(env.dataDir)) {
        if (name.startsWith(draftName))
          await rm(path.join(env.dataDir, name), { recursive: true, force: true });
      }
      const draft = await mkdtemp(path.join(env.dataDir, draftName));
      try {
        const { sums, secret } = await fill(draft, file, env, terminal);
        if (secret !== null) await placeSecret(env.dataDir, secret);
        await rename(path.join(draft, "postgres"), path.join(env.dataDir, "postgres"));
        terminal.progress(null);
        const rows = Object.values(sums.tables).reduce((sum, table) => sum + table.rows, 0);
        await terminal.write(
          `${env.dataDir}: ${rows} rows, the same as in the backup\ncontent ${sums.content}\n`,
        );
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    } catch (error) {
      const why = damageIn(error);
      if (why !== null) throw new CommandRefused(`${file} ${why}. Nothing was restored.`);
      throw error;
    } finally {
      lock.release();
    }
    return DONE;
  },
};

/** What is wrong with the backup, if it is the backup; null for any other fault. */
function damageIn(error: unknown): string | null {
  if (error instanceof ArchiveBroken) return `cannot be used: ${error.message}`;
  const { name, code = "" } = error as { name?: string; code?: string };
  if (code.startsWith("Z_")) return "is no backup, or a damaged one";
  // A changed byte may be found by the database before it is found by the sum at the end.
  const isContent = name === "PostgresError" && /^(?:22|23|42)/.test(code);
  return isContent || error instanceof z.ZodError || error instanceof SyntaxError ? "is damaged" : null;
}

/** Makes a database from the backup beside the place where it will stand. */
async function fill(
  draft: string,
  file: string,
  env: Environment,
  terminal: Terminal,
): Promise<{ sums: Sums; secret: string | null }> {
  const unpacked = createGunzip();
  const raw = createReadStream(file);
  pipeline(raw, unpacked, () => {});
  const entries = readTar(unpacked, mostBytes);
  try {
    const manifest = readManifest(await entries.next());
    const secret = manifest.holds_secret ? textOf((await entries.next()).value, "secret").trim() : null;
    await checkSecret(manifest, secret, env);
    const migrations = await migrationsOf(manifest, draft);
    const log = logOf(env, terminal);
    const postgres = await startEmbedded(draft, { what: "a restore", log });
    try {
      const door = await openDoor(postgres.address, "postgres", secret ?? env.appSecret, {
        owned: true,
        connections: 1,
        prepare: async (session) => {
          await migrate(session, migrations);
        },
      });
      await door.close();
      const sql = connectSql(postgres.address, "postgres", 1);
      try {
        const sums = await load(sql, manifest, entries, (line) => terminal.progress(line));
        await sql.unsafe("analyze");
        return { sums, secret };
      } finally {
        await sql.end({ timeout: 2 });
      }
    } finally {
      await postgres.stop();
    }
  } finally {
    raw.destroy();
  }
}

function readManifest({ value }: IteratorResult<ArchiveEntry>): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(textOf(value, "manifest.json")));
  } catch (cause) {
    throw new ArchiveBroken("this is not a backup of Lookout, or one of a later version", { cause });
  }
}

function textOf(entry: ArchiveEntry | undefined, name: string): string {
  if (entry?.name !== name) throw new ArchiveBroken(`${name} is missing`);
  return Buffer.from(entry.content).toString("utf8");
}

/** The links in people's mailboxes only open with the secret they were made with. */
async function checkSecret(manifest: Manifest, secret: string | null, env: Environment): Promise<void> {
  const given = secretMark(secretsFrom(env.appSecret));
  const isGiven = given === manifest.secret_mark;
  if (secret === null && !isGiven) {
    throw new CommandRefused(
      "the backup does not hold its secret: set APP_SECRET to that of the site it was made of.",
    );
  }
  if (secret !== null && secretMark(secretsFrom(secret)) !== manifest.secret_mark) {
    throw new ArchiveBroken("its secret is damaged");
  }
  if (secret !== null && !isGiven && !(await isKeptSecret(env))) {
    throw new CommandRefused(
      "APP_SECRET is not that of the backup: unset it, and the one in the backup is used.",
    );
  }
}

/** Whether the secret comes from DATA_DIR, and not from a setting that would outlive the restore. */
async function isKeptSecret(env: Environment): Promise<boolean> {
  const kept = await readFile(path.join(env.dataDir, "secret"), "utf8").catch(() => "");
  return kept.trim() === env.appSecret;
}

/** The migrations the backup was made with, and no later ones. */
async function migrationsOf(manifest: Manifest, draft: string): Promise<string> {
  const ours = readMigrations(path.resolve("supabase/migrations"));
  const unknown = manifest.migrations.find((version) => !ours.some((known) => known.version === version));
  if (unknown) {
    throw new CommandRefused(
      `the backup is of a later version (${unknown}): restore it with that version of Lookout.`,
    );
  }
  const directory = await mkdtemp(path.join(draft, "migrations-"));
  for (const { version, file } of ours) {
    if (manifest.migrations.includes(version))
      await copyFile(file, path.join(directory, path.basename(file)));
  }
  return directory;
}

async function load(
  sql: Sql,
  manifest: Manifest,
  entries: AsyncGenerator<ArchiveEntry>,
  tell: (line: string) => void,
): Promise<Sums> {
  const result = await sql.begin(async (begun) => {
    const transaction = begun as unknown as Sql;
    // What was consistent stays so: no trigger runs a second time, no order of tables matters.
    await transaction`set local session_replication_role = replica`;
    for (const table of manifest.tables) await emptyTable(transaction, table);

    let next = await entries.next();
    for (const table of manifest.tables) {
      let bytes = 0;
      while (!next.done && next.value.name.startsWith(`data/${table.name}/`)) {
        await writeTable(transaction, table, Buffer.from(next.value.content).toString("utf8"));
        bytes += next.value.content.byteLength;
        tell(`${table.name}: ${(bytes / 1e6).toFixed(1)} MB`);
        next = await entries.next();
      }
    }
    const sums = sumsSchema.parse(JSON.parse(textOf(next.value as ArchiveEntry | undefined, "sums.json")));
    if (!(await entries.next()).done) throw new ArchiveBroken("there is more in the file than a backup has");
    for (const [name, { last_value, is_called }] of Object.entries(sums.sequences)) {
      await transaction`select setval(${name}::regclass, ${last_value}::bigint, ${is_called})`;
    }
    await compare(transaction, manifest, sums, tell);
    return { sums };
  });
  return (result as { sums: Sums }).sums;
}

/** Reads everything back: only what is the same to the last byte counts as restored. */
async function compare(
  sql: Sql,
  manifest: Manifest,
  sums: Sums,
  tell: (line: string) => void,
): Promise<void> {
  const found: Sums["tables"] = {};
  for (const table of manifest.tables) {
    tell(`comparing ${table.name}`);
    const sum = new TableSum();
    for await (const piece of readTable(sql, table)) sum.add(piece);
    found[table.name] = sum.end();
    if (found[table.name]?.sha256 !== sums.tables[table.name]?.sha256) {
      throw new ArchiveBroken(`what was read back of ${table.name} is not what the backup says`);
    }
  }
  if (contentHash(found) !== sums.content) throw new ArchiveBroken("the tables are not those of the backup");
}

async function placeSecret(dataDir: string, secret: string): Promise<void> {
  const file = path.join(dataDir, "secret");
  const before = await readFile(file, "utf8").catch(() => null);
  if (before?.trim() === secret) return;
  // It protects nothing here, but nothing is thrown away either.
  if (before !== null) await rename(file, `${file}.before-restore`);
  await writeFile(file, `${secret}\n`, { mode: 0o600, flush: true });
}
