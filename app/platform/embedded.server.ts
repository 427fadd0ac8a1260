import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Owner, postgresHome, program } from "./embedded-binaries.server.ts";
import { currentHolder, DataDirInUse, type Lock, type LockHolder, takeLock } from "./embedded-lock.server.ts";
import { haveGone, isAlive, isPostgresOn, postgresProcessesOn } from "./embedded-process.server.ts";
import { childEnvironment } from "./env.server.ts";
import { StartRefused } from "./failure.ts";

export { DataDirInUse } from "./embedded-lock.server.ts";

/** How a client on this machine reaches the database: always as `postgres`. */
export interface DatabaseAddress {
  /** The directory of the Unix socket, or a loopback address. */
  host: string;
  port: number;
  password: string | null;
}

export interface EmbeddedPostgres {
  readonly address: DatabaseAddress;
  /** False for a guest beside the process that runs the database. */
  readonly owned: boolean;
  /** The process of the database; null while it is being restarted. */
  pid(): number | null;
  /** Ends the database if this process runs it. A guest just leaves. */
  stop(): Promise<void>;
}

/** The part of a logger that is needed here. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface EmbeddedOptions {
  /** Who is starting, as others that are refused will read it: `the server`. */
  what: string;
  /** Where that one answers, if it does. */
  at?: string | null;
  log: Log;
  /** A port of this machine instead of a socket: for systems without Unix sockets. */
  transport?: "socket" | "loopback";
  /** Where a copy of Postgres may be kept, if the user it runs as cannot enter our own directory. */
  copiesIn?: string[];
  /** Settings of Postgres instead of ours: tests trade durability for speed. */
  settings?: Record<string, string | number>;
}

const silent: Log = { info() {}, warn() {}, error() {} };
const socketPort = 5432;
const longestSocketPath = 107;
const logLimit = 5_000_000;
const backOffMs = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** Starts the database of this data directory, making it at the first start, and keeps it running until `stop`. */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const root = realpathSync(dataDir);
  const lock = takeLock(root, options.what, options.at ?? null);
  try {
    const database = new OwnedPostgres(root, lock, options);
    await database.open();
    return database;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Joins the database that another process runs on this data directory, or starts it for as long as it is needed. */
export async function connectEmbedded(
  dataDir: string,
  options: Omit<EmbeddedOptions, "log"> & { log?: Log },
): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const root = realpathSync(dataDir);
  const until = Date.now() + 20_000;
  for (;;) {
    const holder = currentHolder(root);
    if (!holder) {
      try {
        return await startEmbedded(root, { ...options, log: options.log ?? silent });
      } catch (error) {
        // Somebody else was faster: then we are their guest.
        if (!(error instanceof DataDirInUse)) throw error;
      }
    } else {
      const runtime = readRuntime(root);
      if (runtime && runtime.owner === holder.pid && isPostgresOn(runtime.pid, databaseDir(root))) {
        return {
          address: runtime.address,
          owned: false,
          pid: () => runtime.pid,
          stop: () => Promise.resolve(),
        };
      }
      if (Date.now() > until) throw new DataDirInUse(root, holder);
    }
    await sleep(50);
  }
}

class OwnedPostgres implements EmbeddedPostgres {
  readonly owned = true;
  readonly #root: string;
  readonly #directory: string;
  readonly #lock: Lock;
  readonly #log: Log;
  readonly #transport: "socket" | "loopback";
  readonly #settings: Record<string, string | number>;
  readonly #copiesIn: string[];
  #owner: Owner | null = null;
  #home = "";
  #address: DatabaseAddress | null = null;
  #privateSocketDir: string | null = null;
  #child: ChildProcess | null = null;
  #ready = false;
  #stopping = false;
  #restart: Promise<void> | null = null;
  #failures = 0;
  #logWatch: NodeJS.Timeout | null = null;
  readonly #onExit = () => {
    this.#child?.kill("SIGINT");
  };

  constructor(root: string, lock: Lock, options: EmbeddedOptions) {
    this.#root = root;
    this.#directory = databaseDir(root);
    this.#lock = lock;
    this.#log = options.log;
    this.#copiesIn = options.copiesIn ?? ["/var/cache", tmpdir()];
    this.#settings = { ...databaseSettings, ...options.settings };
    this.#transport = options.transport ?? (process.platform === "win32" ? "loopback" : "socket");
  }

  get address(): DatabaseAddress {
    if (!this.#address) throw new Error("the database has not been started");
    return this.#address;
  }

  pid(): number | null {
    return this.#ready ? (this.#child?.pid ?? null) : null;
  }

  async open(): Promise<void> {
    this.#owner = ownerFor(this.#directory);
    this.#home = postgresHome(this.#owner, this.#copiesIn);
    await this.#make();
    await stopOrphans(this.#directory, this.#log);
    if (!this.#lock.held()) throw new StartRefused(`${this.#root} was taken over by another process.`);
    this.#address = await this.#chooseAddress();
    process.once("exit", this.#onExit);
    const started = performance.now();
    try {
      await this.#launch();
    } catch (error) {
      this.#stopping = true;
      await this.#end();
      throw error;
    }
    this.#log.info({ ms: since(started) }, "database started");
    this.#logWatch = setInterval(() => boundLog(this.#root), 60_000);
    this.#logWatch.unref();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await this.#restart;
    await this.#end();
  }

  // A database is made under another name and renamed when it is whole: an interrupted first start leaves nothing behind.
  async #make(): Promise<void> {
    for (const name of readdirSync(this.#root)) {
      if (name.startsWith("postgres.new."))
        rmSync(path.join(this.#root, name), { recursive: true, force: true });
    }
    if (existsSync(path.join(this.#directory, "PG_VERSION"))) {
      this.#checkVersion();
      return;
    }
    if (existsSync(this.#directory) && readdirSync(this.#directory).length > 0) {
      throw new StartRefused(`${this.#directory} holds something that is not a database: move it away.`);
    }
    const started = performance.now();
    const draft = mkdtempSync(path.join(this.#root, "postgres.new."));
    chmodSync(draft, 0o700);
    if (this.#owner) chownSync(draft, this.#owner.uid, this.#owner.gid);
    await this.#initialise(draft);
    rmSync(this.#directory, { recursive: true, force: true });
    renameSync(draft, this.#directory);
    syncDirectory(this.#root);
    this.#log.info({ ms: since(started) }, "database made");
  }

  async #initialise(draft: string): Promise<void> {
    const secret = this.#transport === "loopback" ? this.#makePassword() : null;
    const authentication =
      secret !== null
        ? ["--auth-local=reject", "--auth-host=scram-sha-256", `--pwfile=${secret}`]
        : // Only the user that owns the directory of the socket can reach it.
          ["--auth-local=trust", "--auth-host=reject"];
    const child = spawn(
      program(this.#home, "initdb"),
      [
        ...["-D", here(draft), "-U", "postgres", "-E", "UTF8", "--no-instructions"],
        // Trigrams see Han characters only where the locale knows that they are letters.
        ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", `--locale=${systemLocale()}`],
        ...authentication,
      ],
      {
        cwd: draft,
        ...(this.#owner ?? {}),
        env: childEnvironment({ LC_ALL: systemLocale(), TZ: "UTC" }),
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
      },
    );
    let complaint = "";
    child.stderr.on("data", (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2_000)));
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (secret !== null) rmSync(path.dirname(secret), { recursive: true, force: true });
    if (status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      const line = complaint
        .trim()
        .split("\n")
        .findLast((text) => text.includes("error:") || text.includes("FATAL"));
      throw new StartRefused(`The database could not be made in ${this.#root}: ${line ?? complaint.trim()}`);
    }
  }

  // The password is kept with the data, and handed over in a place that the user of the database can read.
  #makePassword(): string {
    const password = `${randomBytes(24).toString("base64url")}\n`;
    writeFileSync(path.join(this.#root, "postgres.password"), password, { mode: 0o600 });
    const directory = mkdtempSync(path.join(tmpdir(), "lookout-"));
    const file = path.join(directory, "password");
    writeFileSync(file, password, { mode: 0o600 });
    if (this.#owner) chownAll(directory, this.#owner);
    return file;
  }

  #checkVersion(): void {
    const made = readFileSync(path.join(this.#directory, "PG_VERSION"), "utf8").trim();
    const ours = /(\d+)/.exec(
      spawnSync(program(this.#home, "postgres"), ["--version"], { encoding: "utf8", env: childEnvironment() })
        .stdout,
    )?.[1];
    if (ours && made !== ours) {
      throw new StartRefused(
        `${this.#directory} was made by Postgres ${made}, this is Postgres ${ours}: restore a backup into a new DATA_DIR.`,
      );
    }
  }

  async #chooseAddress(): Promise<DatabaseAddress> {
    if (this.#transport === "loopback") {
      const password = readFileSync(path.join(this.#root, "postgres.password"), "utf8").trim();
      return { host: "127.0.0.1", port: await freePort(), password };
    }
    const socket = path.join(this.#directory, `.s.PGSQL.${socketPort}`);
    if (Buffer.byteLength(socket) <= longestSocketPath - ".lock".length) {
      return { host: this.#directory, port: socketPort, password: null };
    }
    const base = Buffer.byteLength(tmpdir()) > 60 ? "/tmp" : tmpdir();
    const directory = mkdtempSync(path.join(base, "lookout-"));
    chmodSync(directory, 0o700);
    if (this.#owner) chownSync(directory, this.#owner.uid, this.#owner.gid);
    this.#privateSocketDir = directory;
    return { host: directory, port: socketPort, password: null };
  }

  async #launch(): Promise<void> {
    boundLog(this.#root);
    const log = openSync(logFile(this.#root), "a", 0o600);
    const { host, port } = this.address;
    const network =
      this.#transport === "loopback"
        ? { listen_addresses: host, port, unix_socket_directories: "" }
        : {
            listen_addresses: "",
            port,
            unix_socket_directories: this.#privateSocketDir ?? ".",
            unix_socket_permissions: "0700",
          };
    const settings = Object.entries({ ...network, ...this.#settings });
    let child: ChildProcess;
    try {
      child = spawn(
        program(this.#home, "postgres"),
        ["-D", here(this.#directory), ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
        {
          cwd: this.#directory,
          ...(this.#owner ?? {}),
          env: childEnvironment({ LC_ALL: systemLocale(), TZ: "UTC" }),
          stdio: ["ignore", log, log],
          // Ctrl-C is for the server, which ends its work first and the database after it.
          detached: true,
        },
      );
    } finally {
      closeSync(log);
    }
    this.#child = child;
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
    });
    let over: string | null = null;
    void ended.then((how) => {
      over = how;
      this.#ended(child, how);
    });

    const begun = Date.now();
    let said = begun;
    while (!isReady(this.#directory, child.pid)) {
      if (over !== null) {
        throw new StartRefused(`The database did not start (${String(over)}): ${lastLogLine(this.#root)}`);
      }
      if (Date.now() - said > 5_000) {
        said = Date.now();
        this.#log.info({ seconds: Math.round((said - begun) / 1000) }, "database is recovering");
      }
      await sleep(10);
    }
    this.#ready = true;
    writeRuntime(this.#root, { pid: child.pid ?? 0, owner: process.pid, address: this.address });
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    const wasReady = this.#ready;
    this.#child = null;
    this.#ready = false;
    if (this.#stopping || !wasReady) return;
    this.#log.error({ how }, "database ended unexpectedly");
    this.#restart = this.#keepStarting().finally(() => (this.#restart = null));
  }

  async #keepStarting(): Promise<void> {
    while (!this.#stopping) {
      const wait = backOffMs[Math.min(this.#failures, backOffMs.length - 1)] ?? 0;
      this.#failures++;
      const until = Date.now() + wait;
      while (!this.#stopping && Date.now() < until) await sleep(Math.min(50, wait));
      if (this.#stopping) return;
      const started = performance.now();
      try {
        await stopOrphans(this.#directory, this.#log);
        await this.#launch();
        this.#log.warn({ ms: since(started) }, "database restarted");
        const calm = setTimeout(() => (this.#failures = 0), 60_000);
        calm.unref();
        return;
      } catch (error) {
        this.#log.error({ err: error }, "database could not be restarted");
      }
    }
  }

  async #end(): Promise<void> {
    if (this.#logWatch) clearInterval(this.#logWatch);
    process.removeListener("exit", this.#onExit);
    const child = this.#child;
    if (child?.pid) await endPostgres(child.pid, (signal) => child.kill(signal));
    this.#ready = false;
    rmSync(runtimeFile(this.#root), { force: true });
    if (this.#privateSocketDir) rmSync(this.#privateSocketDir, { recursive: true, force: true });
    this.#lock.release();
  }
}

// What was acknowledged must survive a cut of power, so nothing here trades durability for speed. Statements are not
// logged: they hold what people wrote.
const databaseSettings: Record<string, string | number> = {
  cluster_name: "lookout",
  max_connections: 60,
  shared_buffers: "128MB",
  effective_cache_size: "512MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  max_wal_size: "512MB",
  max_wal_senders: 0,
  random_page_cost: 1.1,
  jit: "off",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  idle_in_transaction_session_timeout: "60s",
  temp_file_limit: "2GB",
  logging_collector: "off",
  log_destination: "stderr",
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
};

function databaseDir(root: string): string {
  return path.join(root, "postgres");
}

function logFile(root: string): string {
  return path.join(root, "postgres.log");
}

function runtimeFile(root: string): string {
  return path.join(root, "postgres.json");
}

// Postgres refuses to run as root. It then runs as whoever owns the database already, else as nobody.
function ownerFor(directory: string): Owner | null {
  if (process.getuid?.() !== 0) {
    const owner = existsSync(directory) ? statSync(directory).uid : undefined;
    if (owner !== undefined && process.getuid && owner !== process.getuid()) {
      throw new StartRefused(
        `${directory} belongs to another user of this machine: start as that user, or as root.`,
      );
    }
    return null;
  }
  const found = existsSync(directory) ? statSync(directory) : null;
  if (found && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  const nobody = nobodyHere();
  if (found) chownAll(directory, nobody);
  return nobody;
}

function nobodyHere(): Owner {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((text) => text.split(":"))
    .find(([name]) => name === "nobody");
  const uid = Number(line?.[2]);
  const gid = Number(line?.[3]);
  if (!line || !(uid > 0) || !(gid > 0)) {
    throw new StartRefused(
      "The database does not run as root, and this machine has no user nobody: start as another user.",
    );
  }
  return { uid, gid };
}

function chownAll(directory: string, owner: Owner): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const full = path.join(directory, entry.name);
    if (entry.isDirectory()) chownAll(full, owner);
    else if (!entry.isSymbolicLink()) chownSync(full, owner.uid, owner.gid);
  }
  chownSync(directory, owner.uid, owner.gid);
}

// The parents of the data directory may be closed to the user that the database runs as (the home of root is). A
// process may always use the directory it was placed in, so it is placed there before it gives up being root.
function here(directory: string): string {
  return process.platform === "linux" ? "/proc/self/cwd" : directory;
}

function systemLocale(): string {
  return process.platform === "darwin" ? "en_US.UTF-8" : process.platform === "win32" ? "C" : "C.UTF-8";
}

interface Runtime {
  pid: number;
  owner: number;
  address: DatabaseAddress;
}

function readRuntime(root: string): Runtime | null {
  try {
    return JSON.parse(readFileSync(runtimeFile(root), "utf8")) as Runtime;
  } catch {
    return null;
  }
}

function writeRuntime(root: string, runtime: Runtime): void {
  const draft = `${runtimeFile(root)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(runtime)}\n`, { mode: 0o600 });
  renameSync(draft, runtimeFile(root));
}

function postmasterFile(directory: string): { pid: number; status: string } | null {
  try {
    const lines = readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), status: (lines[7] ?? "").trim() };
  } catch {
    return null;
  }
}

function isReady(directory: string, pid: number | undefined): boolean {
  const file = postmasterFile(directory);
  return file !== null && file.pid === pid && file.status === "ready";
}

// A server that was killed leaves its database running. We hold the lock, so whatever still runs here has no owner.
async function stopOrphans(directory: string, log: Log): Promise<void> {
  const file = postmasterFile(directory);
  if (file && isPostgresOn(file.pid, directory)) {
    log.warn({ pid: file.pid }, "stopping the database that an earlier process left running");
    await endPostgres(file.pid, (signal) => process.kill(file.pid, signal));
  }
  const rest = postgresProcessesOn(directory);
  if (rest.length > 0 && !(await haveGone(rest, 5_000))) {
    for (const pid of rest) tryKill(pid, "SIGKILL");
    await haveGone(rest, 5_000);
  }
  // The number of its process now belongs to something else, which Postgres would take for a running database.
  if (file && isAlive(file.pid) && !isPostgresOn(file.pid, directory)) {
    rmSync(path.join(directory, "postmaster.pid"), { force: true });
  }
}

async function endPostgres(pid: number, send: (signal: NodeJS.Signals) => void): Promise<void> {
  const attempts: [NodeJS.Signals, number][] = [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ];
  for (const [signal, patience] of attempts) {
    try {
      send(signal);
    } catch {
      return;
    }
    if (await haveGone([pid], patience)) return;
  }
  throw new Error(`The database (process ${pid}) does not end.`);
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Some systems cannot sync a directory.
  }
}

// The database holds the file open for appending, so it is emptied in place.
function boundLog(root: string): void {
  try {
    const file = logFile(root);
    if (statSync(file).size < logLimit) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
  } catch {
    // There is none yet, or no room for a copy: the next minute tries again.
  }
}

function lastLogLine(root: string): string {
  try {
    const lines = readFileSync(logFile(root), "utf8").trim().split("\n");
    const line = lines.findLast((text) => /FATAL|PANIC|could not/.test(text)) ?? lines.at(-1) ?? "";
    return line.replace(/^.*?(?=FATAL|PANIC|could not)/, "");
  } catch {
    return `see ${logFile(root)}`;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

export type { LockHolder };
