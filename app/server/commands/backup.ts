import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { connectSql } from "../../platform/db.server.ts";
import { connectEmbedded } from "../../platform/embedded.server.ts";
import { secretsFrom } from "../secrets.ts";
import { CommandRefused, DONE, type Command } from "./command.ts";
import { logOf, settingsOf } from "./session.ts";
import {
  contentHash,
  listTables,
  readSequences,
  readTable,
  secretMark,
  TableSum,
  type Manifest,
  type Sql,
  type Sums,
} from "./snapshot.ts";
import { tarEnd, tarEntry } from "./tar.ts";
import { writeNewFile } from "./terminal.ts";

/** A large table stands in the archive in pieces of this size: more is never held in memory. */
export const pieceBytes = 4 * 1024 * 1024;

export const backup: Command = {
  name: "backup",
  operands: "FILE",
  takes: [1, 1],
  summary: "Write everything into one file (.tar.gz), while the site goes on.",
  details: `
The state of one moment: all records, the queue, waiting mail, accounts, and the secret of the installation if it is
kept in DATA_DIR. Whoever has the file has everything: keep it as you keep the site. Photos and text are in it, files of
DATA_DIR/outbox are not. Works with the embedded database; a Supabase project has backups of its own.`,
  async run({ terminal, operands }) {
    const file = path.resolve(operands[0]!);
    const env = settingsOf(terminal);
    if (env.supabase) {
      throw new CommandRefused(
        "this site lives in a Supabase project: back it up there (Database, Backups).",
      );
    }
    if (existsSync(file)) throw new CommandRefused(`${file} exists already: choose another name.`);
    if (!existsSync(path.join(env.dataDir, "postgres"))) {
      throw new CommandRefused(`there is no database in ${env.dataDir} yet.`);
    }
    const kept = await readFile(path.join(env.dataDir, "secret"), "utf8").then(
      (text) => text.trim(),
      () => null,
    );
    const secret = kept === env.appSecret ? kept : null;
    const running = await connectEmbedded(env.dataDir, { what: "a backup", log: logOf(env, terminal) });
    const sql = connectSql(running.address, "postgres", 1);
    const draft = `${file}.${process.pid}.partial`;
    try {
      let sums: Sums | undefined;
      const began = performance.now();
      const bytes = await sql.begin("isolation level repeatable read read only", async (transaction) => {
        const entries = archive(transaction as unknown as Sql, {
          secret,
          secretMark: secretMark(secretsFrom(env.appSecret)),
          tell: (line) => terminal.progress(line),
          done: (found) => (sums = found),
        });
        const packed = createGzip({ level: 6 });
        // A fault while reading comes out at the other end.
        pipeline(Readable.from(entries), packed, () => {});
        return writeNewFile(draft, packed);
      });
      await rename(draft, file);
      terminal.progress(null);
      const rows = Object.values(sums?.tables ?? {}).reduce((sum, table) => sum + table.rows, 0);
      await terminal.write(
        `${file}: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB\ncontent ${sums?.content ?? ""}\n`,
      );
      terminal.tell(
        `done in ${((performance.now() - began) / 1000).toFixed(1)} s. ` +
          (secret === null
            ? "APP_SECRET is not in it: keep it beside."
            : "It holds the secret of this installation: keep it safe."),
      );
      return DONE;
    } finally {
      await rm(draft, { force: true });
      await sql.end({ timeout: 2 });
      await running.stop();
    }
  },
};

async function* archive(
  sql: Sql,
  options: {
    secret: string | null;
    secretMark: string;
    tell: (line: string) => void;
    done: (sums: Sums) => void;
  },
): AsyncGenerator<Uint8Array> {
  const now = new Date();
  const entry = (name: string, content: string | Uint8Array) =>
    tarEntry({ name, content: typeof content === "string" ? Buffer.from(content) : content }, now);
  const migrations = await sql<{ version: string }[]>`
    select version from supabase_migrations.schema_migrations order by version`;
  const tables = await listTables(sql);
  const manifest: Manifest = {
    format: "lookout-backup",
    version: 1,
    created_at: now.toISOString(),
    migrations: migrations.map(({ version }) => version),
    secret_mark: options.secretMark,
    holds_secret: options.secret !== null,
    tables,
  };
  yield* entry("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
  if (options.secret !== null) yield* entry("secret", `${options.secret}\n`);

  const sums: Sums["tables"] = {};
  for (const table of tables) {
    const sum = new TableSum();
    let piece = 0;
    for await (const content of pieces(readTable(sql, table))) {
      sum.add(content);
      piece += 1;
      yield* entry(`data/${table.name}/${String(piece).padStart(6, "0")}.jsonl`, content);
      options.tell(`${table.name}: ${sum.rows} rows`);
    }
    sums[table.name] = sum.end();
  }
  const all: Sums = { tables: sums, sequences: await readSequences(sql), content: contentHash(sums) };
  options.done(all);
  yield* entry("sums.json", `${JSON.stringify(all, null, 2)}\n`);
  yield tarEnd;
}

/** The same lines in larger pieces. */
async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const lines of source) {
    held.push(lines);
    bytes += lines.byteLength;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
