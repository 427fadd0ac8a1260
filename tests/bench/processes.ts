/** Starts what a benchmark needs beside itself, and ends it with the benchmark. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const running = new Set<ChildProcess>();
const directories = new Set<string>();

export interface Started {
  child: ChildProcess;
  /** What it said when it was ready. */
  said: RegExpExecArray;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program and waits until it prints a line like `ready`. */
export async function startProgram(
  program: string,
  args: string[],
  options: { cwd: string; env: Record<string, string>; ready: RegExp },
): Promise<Started> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void ended.then(() => running.delete(child));
  let output = "";
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${args[0]} does not get ready:\n${output}`)), 90_000);
    const listen = (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
      const found = options.ready.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    void ended.then(() => reject(new Error(`${args[0]} ended:\n${output}`)));
  });
  return {
    child,
    said,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A new directory that is gone after the benchmarks. */
export function temporaryDirectory(purpose: string): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), `lookout-bench-${purpose}-`)));
  directories.add(directory);
  return directory;
}

/** Ends and removes whatever is left, also after a fault. */
export async function clearUp(): Promise<void> {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise<void>((resolve) => {
          child.once("close", () => resolve());
          child.kill("SIGTERM");
          setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
        }),
    ),
  );
  for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  directories.clear();
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
