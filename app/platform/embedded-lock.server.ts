import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { beginningOf } from "./embedded-process.server.ts";
import { StartRefused } from "./failure.ts";

/** Somebody else uses this data directory. The message is one sentence that says who. */
export class DataDirInUse extends StartRefused {
  readonly holder: LockHolder;

  constructor(dataDir: string, holder: LockHolder) {
    const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
    const address = holder.address ? ` at ${holder.address}` : "";
    super(
      `${dataDir} is in use by ${holder.what}${address} (process ${holder.pid}${where}, since ${holder.since}): ` +
        "stop it first, or give this one another DATA_DIR.",
    );
    this.name = "DataDirInUse";
    this.holder = holder;
  }
}

export interface LockHolder {
  pid: number;
  /** When that process began: tells it from a later one with the same number. */
  beginning: string;
  host: string;
  since: string;
  what: string;
  address: string | null;
}

export interface Lock {
  readonly holder: LockHolder;
  /** Whether the lock is still ours. */
  held(): boolean;
  release(): void;
}

// A lock of another machine (a shared disk, a container that was replaced) counts while somebody keeps touching it.
const heartbeatMs = 5_000;
const staleAfterMs = 20_000;

/** Takes the data directory for this process, or throws DataDirInUse. The lock of a process that has died is taken over. */
export function takeLock(dataDir: string, what: string, address: string | null): Lock {
  const file = lockFile(dataDir);
  const holder: LockHolder = {
    pid: process.pid,
    beginning: beginningOf(process.pid) ?? "unknown",
    host: hostname(),
    since: new Date().toISOString(),
    what,
    address,
  };
  const text = `${JSON.stringify(holder)}\n`;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        place(draft, file, text);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const current = readLock(dataDir);
      if (current && isHeld(file, current.holder)) throw new DataDirInUse(dataDir, current.holder);
      if (attempt > 20) {
        throw new StartRefused(
          `${file} can neither be taken nor read: remove it if no Lookout runs on ${dataDir}.`,
        );
      }
      if (current) discard(file, current.text);
      else if (isOld(file)) rmSync(file, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }

  const held = () => readLock(dataDir)?.text === text;
  const heartbeat = setInterval(() => {
    try {
      const now = new Date();
      if (held()) utimesSync(file, now, now);
    } catch {
      // The next beat tries again; on this machine the process itself is the proof.
    }
  }, heartbeatMs);
  heartbeat.unref();
  return {
    holder,
    held,
    release() {
      clearInterval(heartbeat);
      if (held()) rmSync(file, { force: true });
    },
  };
}

/** Who uses this data directory now, if anybody does. */
export function currentHolder(dataDir: string): LockHolder | null {
  const current = readLock(dataDir);
  return current && isHeld(lockFile(dataDir), current.holder) ? current.holder : null;
}

// A link appears with all of its text at once. Disks without links get the second best.
function place(draft: string, file: string, text: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    writeFileSync(file, text, { mode: 0o600, flag: "wx", flush: true });
  }
}

function lockFile(dataDir: string): string {
  return path.join(dataDir, "lookout.lock");
}

function isHeld(file: string, holder: LockHolder): boolean {
  if (holder.host !== hostname()) return !isOld(file);
  if (holder.pid === process.pid) return holder.beginning === beginningOf(process.pid);
  return beginningOf(holder.pid) === holder.beginning;
}

function isOld(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > staleAfterMs;
  } catch {
    return false;
  }
}

function readLock(dataDir: string): { text: string; holder: LockHolder } | null {
  try {
    const text = readFileSync(lockFile(dataDir), "utf8");
    const holder = JSON.parse(text) as LockHolder;
    return Number.isSafeInteger(holder.pid) && typeof holder.beginning === "string" ? { text, holder } : null;
  } catch {
    return null;
  }
}

// Two starts may find the same stale lock: each moves aside what it finds, and puts it back if it was not that one.
function discard(file: string, staleText: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    if (readFileSync(aside, "utf8") !== staleText) linkSync(aside, file);
  } catch {
    // Somebody took the lock in between: theirs stands.
  } finally {
    rmSync(aside, { force: true });
  }
}
