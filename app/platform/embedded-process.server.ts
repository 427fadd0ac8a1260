import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * When a process began, in words that differ for two processes which get the same number one after the other; null
 * when there is none with this number.
 */
export function beginningOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name of the program is in parentheses and may itself hold spaces and parentheses.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z") return null;
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return `${boot} ${fields[19]}`;
    } catch {
      return null;
    }
  }
  if (process.platform === "win32") return "unknown";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether this process is a Postgres that works in this directory. Never guesses: a number may have been given anew. */
export function isPostgresOn(pid: number, directory: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    try {
      const program = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      return program === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false;
    }
  }
  if (process.platform === "win32") {
    try {
      const found = execFileSync("tasklist", ["/fi", `PID eq ${pid}`, "/fo", "csv", "/nh"], {
        encoding: "utf8",
      });
      return found.includes("postgres.exe");
    } catch {
      return false;
    }
  }
  try {
    const command = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return /postgres/.test(command) && command.includes(directory);
  } catch {
    return false;
  }
}

/** Every process of Postgres that still works in this directory, also those that have lost their parent. */
export function postgresProcessesOn(directory: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isSafeInteger(pid) && pid > 0 && isPostgresOn(pid, directory));
}

/** True when all of these have gone within the time given. */
export async function haveGone(pids: number[], withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (pids.some((pid) => beginningOf(pid) !== null)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
}
