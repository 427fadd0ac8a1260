import { wipeOffers } from "../features/cases/offers.server.ts";
import { expireReports } from "../features/map/reports.server.ts";
import { pruneOutbox } from "../features/notifications/outbox.server.ts";
import { expirePersons } from "../features/safety/queue.server.ts";
import type { Backend } from "../platform/db.server.ts";
import type { Job } from "./jobs.ts";

/** Hides what has run out, wipes what was kept long enough, and forgets mail that has no reason to stay. */
export const expireRecords: Job = {
  name: "expire-records",
  everyMs: 60_000,
  async run({ backend, wrote, log }) {
    const { records, mail } = await expireNow(backend);
    if (records > 0) wrote();
    if (records + mail > 0) log.info({ records, mail }, "records expired");
  },
};

/** Does it at once. Gives how many records were hidden or wiped and how many mails forgotten. */
export async function expireNow(backend: Backend): Promise<{ records: number; mail: number }> {
  const persons = await expirePersons(backend.commands);
  const reports = await expireReports(backend.commands);
  const photoPaths = [...persons.photoPaths, ...reports.photoPaths];
  if (photoPaths.length > 0) await backend.files?.remove(photoPaths);
  const offers = await wipeOffers(backend.commands);
  return { records: persons.sealed + reports.sealed + offers, mail: await pruneOutbox(backend.commands) };
}
