import { pruneOutbox } from "../features/notifications/outbox.server.ts";
import { expirePersons } from "../features/safety/queue.server.ts";
import type { Job } from "./jobs.ts";

/** Hides what has run out, wipes what was kept long enough, and forgets mail that has no reason to stay. */
export const expireRecords: Job = {
  name: "expire-records",
  everyMs: 60_000,
  async run({ backend, wrote, log }) {
    const { sealed, photoPaths } = await expirePersons(backend.commands);
    const mail = await pruneOutbox(backend.commands);
    if (sealed > 0) wrote();
    if (sealed + mail > 0) log.info({ records: sealed, mail }, "records expired");
    if (photoPaths.length > 0) await backend.files?.remove(photoPaths);
  },
};
