import { z } from "zod";
import { readCoordinates } from "../../formats/coordinates.ts";
import type { Bbox, Position } from "../../formats/geometry.ts";
import { PASSABLE, REPORT_KINDS, ROAD_STATES } from "../../formats/report-record.ts";

/** What the address of the map page says. Anything it does not understand is left out: an old link still opens. */

/** How far back a list reaches, in hours. */
export const SINCE_HOURS = { "1h": 1, "6h": 6, "24h": 24, "3d": 72, "7d": 168 } as const;
export const SINCE = Object.keys(SINCE_HOURS) as (keyof typeof SINCE_HOURS)[];

const text = (most: number) =>
  z
    .string()
    .transform((value) => value.trim())
    .pipe(z.string().min(1).max(most))
    .optional()
    .catch(undefined);

export const mapPageQuery = z.object({
  event: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/)
    .optional()
    .catch(undefined),
  kind: z.enum(REPORT_KINDS).optional().catch(undefined),
  state: z.enum(ROAD_STATES).optional().catch(undefined),
  passable: z.enum(PASSABLE).optional().catch(undefined),
  /** How far back, or the moment itself: the pages of one list all begin at the same one. */
  since: z
    .union([z.enum(["1h", "6h", "24h", "3d", "7d"]), z.iso.datetime({ offset: true })])
    .optional()
    .catch(undefined),
  near: text(200),
  view: z.enum(["list", "map"]).optional().catch(undefined),
  cursor: text(300),
});
export type MapPageQuery = z.infer<typeof mapPageQuery>;

/** The moment since when, as the database and the API want it; whole minutes, so that equal lists have equal addresses. */
export function sinceMoment(since: MapPageQuery["since"], now: Date): string | undefined {
  if (since === undefined) return undefined;
  if (!isSpan(since)) return new Date(since).toISOString();
  const at = Math.floor(now.getTime() / 60_000) * 60_000 - SINCE_HOURS[since] * 3_600_000;
  return new Date(at).toISOString();
}

/** Whether it says how far back, rather than since when. */
export function isSpan(since: string): since is keyof typeof SINCE_HOURS {
  return Object.hasOwn(SINCE_HOURS, since);
}

/** The place that distances are told from: what was asked for, or why it cannot be read. */
export function nearPlace(
  near: string | undefined,
  area: Bbox | null,
): { position: Position | null; token: string | null } {
  if (near === undefined) return { position: null, token: null };
  const read = readCoordinates(near, area);
  if ("token" in read) return { position: null, token: read.token };
  return {
    position: read.swapped === "suspected" ? (read.alternative ?? read.position) : read.position,
    token: null,
  };
}
