import { appendFile } from "node:fs/promises";
import path from "node:path";
import { headLine } from "../features/log/kept-heads.ts";
import { publishHeads } from "../features/log/log.server.ts";
import type { Job } from "./jobs.ts";

/** Where this machine keeps the heads that it published: beside the database, not in it. */
export function keptHeadsFile(dataDir: string): string {
  return path.join(dataDir, "log-heads.txt");
}

/** Publishes the head of the log for every day that is over, and keeps a copy outside the database. */
export const publishLogHeads: Job = {
  name: "publish-log-heads",
  everyMs: 10 * 60_000,
  async run({ backend, env, wrote, log }) {
    const heads = await publishHeads(backend.commands);
    if (heads.length === 0) return;
    await appendFile(keptHeadsFile(env.dataDir), heads.map(headLine).join(""), { mode: 0o600 });
    wrote();
    log.info({ heads: heads.length }, "heads of the log published");
  },
};
