import { existsSync } from "node:fs";
import path from "node:path";
import type { Sql } from "postgres";
import { connectSql } from "#app/platform/db.server.ts";
import { connectEmbedded, type DatabaseAddress } from "#app/platform/embedded.server.ts";
import { fillBoard } from "./board-data.ts";
import { root } from "./places.ts";
import { startProgram, temporaryDirectory, type Started } from "./processes.ts";

/** The built site in a process of its own, as an operator runs it, but without limits on how much one may send. */
export interface BenchSite {
  url: string;
  /** May do everything in the database of this site. */
  sql: Sql;
  address: DatabaseAddress;
  stop(): Promise<void>;
}

/** Starts the site on an empty data directory and fills its board. `from` is where the built site lies. */
export async function startSite({ persons = 0, from = root } = {}): Promise<BenchSite> {
  const dataDir = temporaryDirectory("site");
  const started = await serve(from, { DATA_DIR: dataDir });
  const { address } = await connectEmbedded(dataDir, { what: "a benchmark" });
  const sql = connectSql(address, "postgres", 2);
  if (persons > 0) await fillBoard(sql, persons);
  return {
    url: started.said[1]!,
    sql,
    address,
    async stop() {
      await sql.end({ timeout: 1 });
      await started.stop();
    },
  };
}

/** Starts the site in Supabase mode. */
export async function startSiteOnProject(project: {
  url: string;
  publishableKey: string;
  secretKey: string;
}): Promise<{ url: string; stop(): Promise<void> }> {
  const started = await serve(root, {
    DATA_DIR: temporaryDirectory("site"),
    SUPABASE_URL: project.url,
    SUPABASE_PUBLISHABLE_KEY: project.publishableKey,
    SUPABASE_SECRET_KEY: project.secretKey,
  });
  return { url: started.said[1]!, stop: () => started.stop() };
}

function serve(from: string, env: Record<string, string>): Promise<Started> {
  if (!existsSync(path.join(from, "build/server/start.js"))) throw new Error("The site has not been built.");
  return startProgram(process.execPath, [path.join(from, "tests/support/serve.mjs")], {
    cwd: from,
    env: { PORT: "0", LOG_LEVEL: "warn", RATE_LIMITS: "off", ...env },
    ready: /^listening: (http:\/\/\S+)$/m,
  });
}

/** Posts persons through the form of the site, as a browser without script does. */
export async function openForm(
  url: string,
): Promise<(name: string, more?: Record<string, string>) => Promise<string>> {
  const page = await (await fetch(`${url}/safety/persons/new?as=me`)).text();
  const token = /name="form_token" value="([^"]+)"/.exec(page)?.[1];
  if (!token) throw new Error("The form has no token.");
  return async (name, more = {}) => {
    const answer = await fetch(`${url}/safety/persons/new?as=me`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: url },
      body: new URLSearchParams({
        as: "me",
        event: "everyday",
        full_name: name,
        status: "safe",
        text: "平安，在朋友家。",
        last_known_location: "中山路口",
        visibility: "public",
        consent: "yes",
        client_id: crypto.randomUUID(),
        form_token: token,
        ...more,
      }),
    });
    const id = /^\/safety\/persons\/([0-9a-f-]{36})/.exec(answer.headers.get("location") ?? "")?.[1];
    await answer.arrayBuffer();
    if (answer.status !== 303 || !id) throw new Error(`A post was answered with ${answer.status}.`);
    return id;
  };
}
