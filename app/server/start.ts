import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import path from "node:path";
import type { ViteDevServer } from "vite";
import { countUse } from "../features/open-data/uses.server.ts";
import { jobs } from "../jobs/jobs.ts";
import type { Environment } from "../platform/env.server.ts";
import { readEnvironment, SettingError } from "../platform/env.server.ts";
import { StartRefused } from "../platform/failure.ts";
import type { HttpServer } from "./http.ts";
import { createHttpServer } from "./http.ts";
import type { JobClock } from "./jobs.ts";
import { startJobs } from "./jobs.ts";
import { createLive, type Live } from "./live.ts";
import { createLog } from "./log.ts";
import { openMigratedBackend } from "./migrate.ts";
import { builtPages, pagesFromSource } from "./pages.ts";
import { secretsFrom } from "./secrets.ts";
import { openStaticFiles } from "./static-files.ts";

export interface StartOptions {
  /** The folder that holds `app`, `supabase` and `build`. */
  root: string;
  /** Present while developing: pages come from their sources. */
  vite?: ViteDevServer;
  /** Tells the person at the terminal about each step. */
  say: (line: string) => void;
}

export interface Running {
  /** Where the site answers on this machine. */
  address: string;
  stop: () => Promise<void>;
}

/** Starts the whole site and returns once it answers. */
export async function start({ root, vite, say }: StartOptions): Promise<Running> {
  const env = await withRealPort(readEnvironment());
  const log = createLog(env.logLevel);
  const secret = secretsFrom(env.appSecret);
  const timed = stepTimer(say);

  const opening = timed(
    env.supabase ? "connected to Supabase" : "database is up",
    openMigratedBackend(env, log, { migrationsDir: path.join(root, "supabase/migrations") }),
  );
  // The pages are read while the database starts: neither waits for the other.
  const reading = Promise.all([
    vite ? pagesFromSource(vite) : builtPages(),
    vite ? undefined : openStaticFiles(path.join(root, "build/client")),
  ]);
  reading.catch(() => {});
  const backend = await opening;
  if (!env.rateLimits) log.warn("RATE_LIMITS is off: anybody on this machine may send as much as they like");

  let http: HttpServer | undefined;
  let clock: JobClock | undefined;
  let live: Live | undefined;
  try {
    const [pages, staticFiles] = await reading;
    live = createLive({
      commands: backend.commands,
      log,
      ...(env.rateLimits ? {} : { mostOfCaller: null }),
    });
    const context = { backend, env, publicUrl: env.publicUrl, secret, log };
    const listening = live;
    http = createHttpServer({
      ...pages,
      staticFiles,
      context: { ...context, live },
      ready: () => backend.ready(),
      onRead: (path, agent) => {
        // What our own checks read is no use of the data.
        if (!agent.startsWith("Lookout")) countUse(path);
      },
      onWrite: () => {
        clock?.wake();
        listening.wake();
      },
    });
    const address = await timed("listening", listen(http, env.host, env.port));
    clock = startJobs({ jobs, context: { ...context, wrote: http.wrote } });
    const { close } = http;
    return {
      address,
      stop: async () => {
        await Promise.all([close(), clock?.stop(), listening.close()]);
        await backend.close();
      },
    };
  } catch (error) {
    await Promise.all([http?.close(), live?.close()]);
    await backend.close();
    throw error;
  }
}

/** Whether a failed start is the operator's to mend, and the sentence that says how; null for a fault of ours. */
export function explainStartFailure(error: unknown): string | null {
  if (error instanceof SettingError || error instanceof StartRefused) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === "listen" && code === "EADDRINUSE") {
    return "PORT is taken: another program listens there already. Stop it, or set PORT to another number.";
  }
  if (syscall === "listen" && code === "EACCES")
    return "PORT may not be used by this user: choose one above 1023.";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "HOST is not an address of this machine.";
  return null;
}

/** `PORT=0` asks for any free port; the pages must know which one it became before the first of them is made. */
async function withRealPort(env: Environment): Promise<Environment> {
  if (env.port !== 0) return env;
  const probe = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, env.host, () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  return { ...env, port, publicUrl: env.publicUrl.replace(/:0$/, `:${port}`) };
}

function listen({ server }: HttpServer, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", reject);
      const bound = server.address() as AddressInfo;
      const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
      resolve(`http://${name}:${bound.port}`);
    });
  });
}

function stepTimer(say: StartOptions["say"]): <Value>(what: string, work: Promise<Value>) => Promise<Value> {
  return async (what, work) => {
    const began = performance.now();
    const value = await work;
    say(`${what} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return value;
  };
}
