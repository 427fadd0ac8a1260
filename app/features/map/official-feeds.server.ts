import { z } from "zod";
import { unwrap, type Db } from "../../platform/db.server.ts";

const feedRow = z.object({
  name: z.string(),
  issuer: z.string(),
  checked_at: z.string(),
  changed_at: z.string().nullable(),
  failed_at: z.string().nullable(),
});
export type OfficialFeedState = z.infer<typeof feedRow>;

/** The feeds of authorities that are read by the clock, and when each was looked at. None where none is set. */
export async function listOfficialFeeds(db: Db): Promise<OfficialFeedState[]> {
  return z
    .array(feedRow)
    .parse(
      unwrap(await db.from("official_feeds").select(Object.keys(feedRow.shape).join(",")).order("name")),
    );
}
