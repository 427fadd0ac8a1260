/** How the work of the staff goes, in numbers that tell of nobody. The only file that names its function. */
import { z } from "zod";
import { unwrap, type Db } from "../../platform/db.server.ts";

/** A count to the nearest five, or "<5". */
const count = z.union([z.number(), z.literal("<5")]);
export type RoundedCount = z.infer<typeof count>;

const hours = z.coerce.number().nullable();

const numbers = z.object({
  items: count,
  waiting: count,
  decided: count,
  median_hours: hours,
  p90_hours: hours,
  kinds: z.array(
    z.object({ kind: z.string(), items: count, waiting: count, median_hours: hours, p90_hours: hours }),
  ),
  decisions: z.array(z.object({ decision: z.string(), items: count })),
  appeals: z.object({ items: count, waiting: count, overturned: count, upheld: count }),
});
export type ModerationNumbers = z.infer<typeof numbers>;

/** The numbers of the last days, or of always; rounded in the database, times only where five or more were decided. */
export async function readNumbers(db: Db, days: number | null): Promise<ModerationNumbers> {
  return numbers.parse(unwrap(await db.rpc("moderation_numbers", { p_days: days })));
}

const procedures = z.object({
  moderation: z.object({
    decisions: z.array(
      z.object({ name: z.string(), stage: z.number(), closes: z.boolean(), needs_words: z.boolean() }),
    ),
    reasons: z.array(z.object({ code: z.string(), decisions: z.array(z.string()) })),
    /** Which decisions an item of each kind can have. */
    kinds: z.record(z.string(), z.array(z.string())),
    claim_minutes: z.number(),
  }),
  /** How fast reports of a kind stop being true. */
  measures: z.array(z.object({ kind: z.string(), half_life_hours: z.number(), reach_metres: z.number() })),
  /** How often one caller may do something. */
  limits: z.array(z.object({ what: z.string(), times: z.number(), seconds: z.number() })),
  /** Every right of staff, as the row policies are named. In English. */
  rights: z.array(z.object({ table: z.string(), rule: z.string() })),
});
export type Procedures = z.infer<typeof procedures>;

/** The rules as the database holds them now. */
export async function readProcedures(db: Db): Promise<Procedures> {
  return procedures.parse(unwrap(await db.rpc("procedures")));
}
