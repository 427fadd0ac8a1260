/** Reads the log and publishes its heads. The only file that names its views and functions. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { ChainVerifier, type ChainFault, type LogEntry, type LogHead } from "./log-chain.server.ts";

/** What everybody may read of an act. */
export interface LogAct {
  id: number;
  at: string;
  act: string;
  role: string | null;
  subject_type: string;
  hash: string;
}

/** The head of a day, as it is published. */
export interface PublishedHead extends LogHead {
  day: string;
  published_at: string;
}

// The two doors write large numbers differently.
const wide = z.coerce.number();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const actRow = z.object({
  id: wide,
  at: z.string(),
  act: z.string(),
  role: z.string().nullable(),
  subject_type: z.string(),
  hash: z.string(),
});
const headRow = z.object({ day: z.string(), entry_id: wide, hash, published_at: z.string() });
const entryRow = z.object({
  id: wide,
  at: z.string(),
  act: z.string(),
  actor: z.string(),
  role: z.string().nullable(),
  subject_type: z.string(),
  subject_id: z.string().nullable(),
  details: z.record(z.string(), z.json()),
  hash: z.string(),
});

export interface LogPage<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** Acts without persons, newest first. */
export async function listActs(db: Db, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  const before = placeOf("log", cursor);
  let query = db.from("log_acts").select("id,at,act,role,subject_type,hash");
  if (before !== null) query = query.lt("id", before);
  const [rows, newest] = await Promise.all([
    query.order("id", { ascending: false }).limit(limit + 1),
    db.from("log_acts").select("id").order("id", { ascending: false }).limit(1),
  ]);
  const items: LogAct[] = z.array(actRow).parse(unwrap(rows));
  // Entries are numbered without gaps: the newest number is how many there are.
  const total = z.array(z.object({ id: wide })).parse(unwrap(newest))[0]?.id ?? 0;
  return pageOf("log", items, limit, total);
}

/** An act as staff reads it. */
export interface StaffLogEntry extends LogEntry {
  /** Null for the server, and for who is no member any more. */
  actor_name: string | null;
}

/** Acts with names and ids, newest first, for who may read them: nobody else gets a row. */
export async function listStaffLog(
  db: Db,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const before = placeOf("staff-log", cursor);
  let query = db
    .from("staff_log")
    .select("id,at,act,actor,actor_name,role,subject_type,subject_id,details,hash");
  if (before !== null) query = query.lt("id", before);
  const [rows, newest] = await Promise.all([
    query.order("id", { ascending: false }).limit(limit + 1),
    db.from("staff_log").select("id").order("id", { ascending: false }).limit(1),
  ]);
  const items = z
    .array(entryRow.extend({ actor_name: z.string().nullable() }))
    .parse(unwrap(rows)) as StaffLogEntry[];
  const total = z.array(z.object({ id: wide })).parse(unwrap(newest))[0]?.id ?? 0;
  return pageOf("staff-log", items, limit, total);
}

/** What the log holds about one thing, oldest first, for staff. */
export async function actsOn(db: Db, subjectType: string, subjectId: string): Promise<StaffLogEntry[]> {
  const rows = await db
    .from("staff_log")
    .select("id,at,act,actor,actor_name,role,subject_type,subject_id,details,hash")
    .eq("subject_type", subjectType)
    .eq("subject_id", subjectId)
    .order("id")
    .limit(200);
  return z
    .array(entryRow.extend({ actor_name: z.string().nullable() }))
    .parse(unwrap(rows)) as StaffLogEntry[];
}

/** The published heads, newest first. */
export async function listHeads(db: Db, limit: number): Promise<PublishedHead[]> {
  const rows = await db
    .from("log_heads")
    .select("day,entry_id,hash,published_at")
    .order("day", { ascending: false })
    .limit(limit);
  return z.array(headRow).parse(unwrap(rows));
}

/** Publishes the head of every day that is over and had acts; gives the new ones. */
export async function publishHeads(commands: Commands): Promise<(LogHead & { day: string })[]> {
  return z.array(headRow.omit({ published_at: true })).parse(await commands.call("publish_log_heads"));
}

const atOnce = 500;

/** Every entry of the log in order, with the times as they were hashed. */
export async function* readLog(commands: Commands): AsyncGenerator<LogEntry> {
  let after = 0;
  for (;;) {
    const rows = z
      .array(entryRow)
      .parse(await commands.call("read_log", { p_after: after, p_limit: atOnce }));
    yield* rows as LogEntry[];
    const last = rows.at(-1);
    if (!last || rows.length < atOnce) return;
    after = last.id;
  }
}

export interface LogVerdict {
  /** How many entries are right, from the first one on. */
  entries: number;
  /** The last right entry. */
  head: LogHead | null;
  fault: ChainFault | null;
}

/**
 * Reads the whole log again and computes every hash. `heads` are ones kept outside the database; those published in it
 * are always looked at too. `tell` hears how many entries have been read.
 */
export async function verifyLog(
  { commands, db }: { commands: Commands; db: Db },
  heads: readonly LogHead[] = [],
  tell: (entries: number) => void = () => {},
): Promise<LogVerdict> {
  const verifier = new ChainVerifier([...(await allHeads(db)), ...heads]);
  const verdict = (fault: ChainFault | null): LogVerdict => ({
    entries: verifier.head?.entry_id ?? 0,
    head: verifier.head,
    fault,
  });
  for await (const entry of readLog(commands)) {
    const fault = verifier.next(entry);
    if (fault) return verdict(fault);
    if (entry.id % atOnce === 0) tell(entry.id);
  }
  return verdict(verifier.end());
}

async function allHeads(db: Db): Promise<LogHead[]> {
  const heads: LogHead[] = [];
  for (;;) {
    let query = db.from("log_heads").select("day,entry_id,hash,published_at");
    const last = heads.at(-1);
    if (last) query = query.gt("entry_id", last.entry_id);
    const rows = z.array(headRow).parse(unwrap(await query.order("entry_id").limit(atOnce)));
    heads.push(...rows);
    if (rows.length < atOnce) return heads;
  }
}

function placeOf(scope: string, cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const place = decodeCursor(scope, cursor, 1)?.[0];
  if (typeof place !== "number" || !Number.isSafeInteger(place)) {
    throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
  }
  return place;
}

function pageOf<T extends { id: number }>(
  scope: string,
  rows: T[],
  limit: number,
  total: number,
): LogPage<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, total, next: rows.length > limit && last ? encodeCursor(scope, [last.id]) : null };
}
