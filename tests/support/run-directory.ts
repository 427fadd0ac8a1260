import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { beginningOf } from "#app/platform/embedded-process.server.ts";

/**
 * Everything that one run of the tests leaves on the disk stands in one directory, and every process it starts is
 * written down there. A watchdog outlives the run and removes both, however the run ended.
 */
export function makeRunDirectory(): { directory: string; remove(): Promise<void> } {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), "lookout-tests-")));
  // Databases run as another user, who must be able to pass through here.
  chmodSync(directory, 0o711);
  mkdirSync(path.join(directory, "children"));
  const watchdog = spawn(
    process.execPath,
    [fileURLToPath(new URL("./watchdog.mjs", import.meta.url)), directory],
    // Its standard input ends with this process: that is what it waits for.
    { stdio: ["pipe", "ignore", "inherit"], detached: true, cwd: "/" },
  );
  watchdog.unref();
  return {
    directory,
    async remove() {
      const ended = new Promise((resolve) => watchdog.once("exit", resolve));
      watchdog.ref();
      watchdog.stdin?.end();
      await ended;
    },
  };
}

/** A directory of its own for one test; removed at the end of the run. */
export function temporaryDirectory(purpose: string): string {
  return mkdtempSync(path.join(inject("runDirectory"), `${purpose}-`));
}

/** Notes a process down, so that it ends with the run even when its test does not end it. */
export function guard(child: ChildProcess | number, runDirectory: string = inject("runDirectory")): void {
  const pid = typeof child === "number" ? child : child.pid;
  if (!pid) return;
  const note = path.join(runDirectory, "children", String(pid));
  writeFileSync(note, beginningOf(pid) ?? "");
  if (typeof child !== "number") child.once("exit", () => rmSync(note, { force: true }));
}

/** The processes noted down that still run. */
export function guarded(runDirectory: string): number[] {
  return readdirSync(path.join(runDirectory, "children"))
    .filter(
      (name) => beginningOf(Number(name)) === readFileSync(path.join(runDirectory, "children", name), "utf8"),
    )
    .map(Number);
}

declare module "vitest" {
  interface ProvidedContext {
    runDirectory: string;
  }
}
