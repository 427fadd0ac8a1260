import { listEvents } from "../features/events/events.server.ts";
import type { Db } from "../platform/db.server.ts";

/** The numbers everybody should see, beside the ministry's own: those of the events. Masking leaves them alone. */
export async function knownHotlines(db: Db): Promise<string[]> {
  const events = await listEvents(db);
  return [...new Set(events.flatMap(({ hotlines }) => hotlines.map(({ number }) => number)))];
}
