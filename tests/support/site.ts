import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { inject } from "vitest";
import { connectSql, openDoor } from "#app/platform/db.server.ts";
import { connectEmbedded, startEmbedded } from "#app/platform/embedded.server.ts";
import { migrate } from "#app/server/migrate.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { guard, temporaryDirectory } from "./run-directory.ts";

export interface SiteOptions {
  mode?: "embedded" | "supabase";
  env?: Record<string, string>;
  /** Start on an empty data directory instead of a copy of the prepared one. */
  empty?: boolean;
}

/** The built app in a process of its own, as an operator runs it. */
export interface Site {
  readonly mode: "embedded" | "supabase";
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Only in Supabase mode. */
  readonly gateway: Gateway | null;
  /** May do everything in the database of this site. */
  readonly sql: Sql;
  /** What the process has printed so far. */
  output(): string;
  /** Redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Posts a form as a browser without script does. */
  form(path: string, fields: Record<string, string | string[]>, init?: RequestInit): Promise<Response>;
  /** Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Kills the server alone, at once. Its database stays behind. */
  kill9(): Promise<void>;
  /** Starts again on the same data, after stop or kill9; a Supabase project is kept. */
  restart(): Promise<void>;
  /** Ends everything: for afterAll. */
  close(): Promise<void>;
}

const server = path.resolve("tests/support/serve.mjs");
const launcher = path.resolve("app/server/launch.mjs");
const startLimitMs = 90_000;

/** Starts the site on a free port and returns once it answers. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const mode = options.mode ?? "embedded";
  const dataDir = temporaryDirectory("site");
  let database: TestDatabase | null = null;
  let gateway: Gateway | null = null;
  const env: Record<string, string> = {};
  if (mode === "supabase") {
    database = await freshDatabase();
    gateway = await startGateway(database);
    env.SUPABASE_URL = gateway.url;
    env.SUPABASE_PUBLISHABLE_KEY = gateway.publishableKey;
    env.SUPABASE_SECRET_KEY = gateway.secretKey;
  } else if (!options.empty) {
    await copyPrepared(dataDir);
  }
  Object.assign(env, options.env);

  let running = await launch(dataDir, env);
  let sql: Sql | null = database?.sql ?? null;
  const endSql = async () => {
    if (sql && sql !== database?.sql) await sql.end({ timeout: 1 }).catch(() => {});
    if (!database) sql = null;
  };
  const connect = async () => {
    if (mode === "supabase") return;
    const { address } = await connectEmbedded(dataDir, { what: "a test" });
    sql = connectSql(address, "postgres", 2);
  };
  await connect();

  const site: Site = {
    mode,
    dataDir,
    gateway,
    get url() {
      return running.url;
    },
    get pid() {
      return running.child.pid ?? 0;
    },
    get sql() {
      if (!sql) throw new Error("the site has been stopped");
      return sql;
    },
    output: () => running.output(),
    fetch: (where, init) => fetch(running.url + where, { redirect: "manual", ...init }),
    form(where, fields, init = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) {
        for (const single of Array.isArray(value) ? value : [value]) body.append(name, single);
      }
      const headers = new Headers(init.headers);
      if (!headers.has("origin")) headers.set("origin", running.url);
      return fetch(running.url + where, { redirect: "manual", ...init, method: "POST", headers, body });
    },
    async stop() {
      await endSql();
      running.child.kill("SIGTERM");
      const timer = setTimeout(() => running.child.kill("SIGKILL"), 30_000);
      const code = await running.ended;
      clearTimeout(timer);
      return code;
    },
    async kill9() {
      await endSql();
      running.child.kill("SIGKILL");
      await running.ended;
    },
    async restart() {
      running = await launch(dataDir, env);
      await connect();
    },
    async close() {
      await site.stop();
      await gateway?.stop();
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return site;
}

interface Launched {
  child: ChildProcess;
  url: string;
  ended: Promise<number | null>;
  output(): string;
}

async function launch(dataDir: string, env: Record<string, string>): Promise<Launched> {
  const run = runProgram(server, [], dataDir, env);
  let over = false;
  void run.ended.then(() => (over = true));
  const until = Date.now() + startLimitMs;
  for (;;) {
    const url = /^listening: (http:\/\/\S+)$/m.exec(run.output())?.[1];
    if (url) return { ...run, url };
    if (over || Date.now() > until) {
      run.child.kill("SIGKILL");
      throw new Error(`The site did not start:\n${run.output()}`);
    }
    await sleep(20);
  }
}

/**
 * Runs a command of the launcher on this data directory, as `npm run` would. It installs and builds when something has
 * changed since, so only for tests of the commands themselves.
 */
export function runLauncher(args: string[], dataDir: string, env: Record<string, string> = {}) {
  return runProgram(launcher, args, dataDir, env);
}

function runProgram(
  program: string,
  args: string[],
  dataDir: string,
  env: Record<string, string>,
): Omit<Launched, "url"> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: path.resolve("."),
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      PORT: "0",
      LOG_LEVEL: "warn",
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  guard(child);
  let output = "";
  const listen = (data: Buffer) => (output = (output + data.toString()).slice(-200_000));
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

// Making and migrating a database takes far longer than copying one.
async function copyPrepared(dataDir: string): Promise<void> {
  const prepared = path.join(inject("runDirectory"), "prepared-site");
  const lock = `${prepared}.lock`;
  const until = Date.now() + startLimitMs;
  while (!existsSync(prepared)) {
    try {
      mkdirSync(lock);
    } catch {
      if (Date.now() > until) throw new Error("the prepared data directory does not appear");
      await sleep(50);
      continue;
    }
    try {
      if (!existsSync(prepared)) await prepareSite(`${prepared}.new`, prepared);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  cpSync(path.join(prepared, "postgres"), path.join(dataDir, "postgres"), { recursive: true });
}

async function prepareSite(draft: string, prepared: string): Promise<void> {
  const postgres = await startEmbedded(draft, {
    what: "the tests",
    log: { info() {}, warn: console.error, error: console.error },
    settings: { fsync: "off" },
  });
  guard(postgres.pid() ?? 0);
  try {
    const door = await openDoor(postgres.address, "postgres", "any secret will do to make a database", {
      owned: true,
      prepare: async (session) => {
        await migrate(session, path.resolve("supabase/migrations"));
      },
      connections: 1,
    });
    await door.close();
  } finally {
    await postgres.stop();
  }
  renameSync(draft, prepared);
}
