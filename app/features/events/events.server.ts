/** Reads events. The only file that names their view. */
import { z } from "zod";
import { exactly, unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { eventSchema, roundedCount, type Event, type EventCounts } from "./events.ts";

const COLUMNS =
  "id,slug,titles,summaries,kind,country,west,south,east,north,time_zone,started_at,hotlines,links,state,drill,invented";

/** All events, open ones first, newest first; the everyday board last among the open. */
export async function listEvents(db: Db): Promise<Event[]> {
  const rows = unwrap(
    await db
      .from("events")
      .select(COLUMNS)
      .order("state")
      .order("started_at", { ascending: false, nullsFirst: false })
      .limit(200),
  );
  return z.array(eventSchema).parse(rows);
}

/** The event, or null when there is none of that name. */
export async function findEvent(db: Db, slug: string): Promise<Event | null> {
  const rows = unwrap(await db.from("events").select(COLUMNS).filter("slug", "in", exactly(slug)).limit(1));
  return z.array(eventSchema).parse(rows)[0] ?? null;
}

/** The event; fails with `event_unknown` when there is none of that name. */
export async function getEvent(db: Db, slug: string): Promise<Event> {
  const event = await findEvent(db, slug);
  if (!event) throw new Failure("not_found", "event_unknown", { field: "event" });
  return event;
}

const countRow = z.object({
  event: z.string(),
  status: z.string().nullable(),
  needs_help: z.boolean(),
  persons: z.coerce.number(),
});

/** A count that is there sooner is made anew for everybody who asks. */
const quickMs = 50;
const restAfterCounting = 20;
const lastCounts = new WeakMap<Db, { counts: Record<string, EventCounts>; until: number }>();

/**
 * Public persons under each event by slug, rounded as they may be shown. Counting reads the whole board: where that
 * takes long, the last count is given again for twenty times as long as it took, and while a new one is being made.
 */
export async function countByEvent(db: Db): Promise<Record<string, EventCounts>> {
  const last = lastCounts.get(db);
  if (last && performance.now() < last.until) return last.counts;
  if (last) last.until = Infinity;
  const began = performance.now();
  try {
    const counts = await readCounts(db);
    const took = performance.now() - began;
    if (took < quickMs) lastCounts.delete(db);
    else lastCounts.set(db, { counts, until: performance.now() + restAfterCounting * took });
    return counts;
  } catch (error) {
    lastCounts.delete(db);
    throw error;
  }
}

async function readCounts(db: Db): Promise<Record<string, EventCounts>> {
  const rows = z.array(countRow).parse(unwrap(await db.rpc("event_counts")));
  const exact: Record<string, EventCounts> = {};
  for (const row of rows) {
    const counts = (exact[row.event] ??= { safe: 0, sought: 0, needsHelp: 0, all: 0 });
    counts.all += row.persons;
    if (row.needs_help) counts.needsHelp += row.persons;
    else if (row.status === "is_note_author" || row.status === "believed_alive") counts.safe += row.persons;
    if (row.status === "information_sought" || row.status === "believed_missing")
      counts.sought += row.persons;
  }
  for (const counts of Object.values(exact)) {
    counts.safe = roundedCount(counts.safe);
    counts.sought = roundedCount(counts.sought);
    counts.needsHelp = roundedCount(counts.needsHelp);
    counts.all = roundedCount(counts.all);
  }
  return exact;
}

export interface NewEvent {
  slug: string;
  titles: Record<string, string>;
  summaries?: Record<string, string>;
  kind: string;
  country?: string;
  west?: number;
  south?: number;
  east?: number;
  north?: number;
  time_zone?: string;
  started_at?: string;
  hotlines?: Event["hotlines"];
  links?: Event["links"];
  drill?: boolean;
  invented?: boolean;
}

/** Opens an event, or renews the words of the one with the same slug. For the operator. */
export async function openEvent(commands: Commands, event: NewEvent): Promise<{ id: string; slug: string }> {
  return commands.call("open_event", { p: event });
}
