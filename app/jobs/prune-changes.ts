import type { Job } from "./jobs.ts";

/** Forgets changes that nobody goes on from any more. */
export const pruneChanges: Job = {
  name: "prune-changes",
  everyMs: 60 * 60_000,
  async run({ backend, log }) {
    const changes = await backend.commands.call<number>("prune_changes");
    if (changes > 0) log.info({ changes }, "old changes forgotten");
  },
};
