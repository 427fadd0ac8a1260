import { REPORT_KINDS, REPORT_LOOPS, type ReportKind, type ReportLoop } from "../../formats/report-record.ts";
import type { Db } from "../../platform/db.server.ts";
import { countReports } from "./reports.server.ts";

/** What is there to be used: it needs somebody to act only where it is missing. */
const supplies: ReadonlySet<ReportKind> = new Set(["shelter", "water", "food", "medical", "transport"]);
const inTheWay = REPORT_KINDS.filter((kind) => !supplies.has(kind));

export type LoopCounts = Record<ReportLoop, number>;

/**
 * How far the reports of an event that need somebody to act have come: what is in the way, and what is missing. Closed
 * ones are those confirmed on the ground.
 */
export async function countLoops(db: Db, event: string): Promise<LoopCounts> {
  const counts = await Promise.all(
    REPORT_LOOPS.map(async (loop) => {
      const filter = { event, loop, status: loop === "confirmed" ? ("cleared" as const) : undefined };
      const [blocking, missing] = await Promise.all([
        countReports(db, { ...filter, kind: inTheWay }),
        countReports(db, { ...filter, kind: [...supplies], needed: true }),
      ]);
      return [loop, blocking + missing] as const;
    }),
  );
  return Object.fromEntries(counts) as LoopCounts;
}
