// Waits until the run of the tests has ended, in whatever way, and removes what it left: processes and its directory.
import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const directory = process.argv[2];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("close", resolve));

for (let round = 0; round < 20; round++) {
  const left = [...new Set([...noted(), ...working()])];
  for (const pid of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    if (left.length === 0) break;
  } catch {
    // Something still writes there: the next round finds it.
  }
  await sleep(100);
}

function noted() {
  try {
    return readdirSync(path.join(directory, "children"))
      .filter((name) => beginningOf(name) === readFileSync(path.join(directory, "children", name), "utf8"))
      .map(Number);
  } catch {
    return [];
  }
}

// A database whose server was killed belongs to nobody, but it works in a directory of ours.
function working() {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const cwd = readlinkSync(`/proc/${name}/cwd`);
      return cwd === directory || cwd.startsWith(`${directory}/`) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function beginningOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}
