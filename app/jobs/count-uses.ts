import { addUses } from "../features/open-data/uses.server.ts";
import type { Job } from "./jobs.ts";

/** Adds what was used of the open data to the counts of the day. */
export const countUses: Job = {
  name: "count-uses",
  everyMs: 5_000,
  async run({ backend }) {
    await addUses(backend.commands);
  },
};
