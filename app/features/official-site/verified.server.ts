/** Reads verified items. The only file that names their view. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { exactly, unwrap, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { verifiedRow, type VerifiedItem, type VerifiedType } from "./verified.ts";

export interface VerifiedQuery {
  /** Slug of an event. Without it no drill is given. */
  event?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  types?: readonly VerifiedType[] | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface VerifiedPage {
  items: VerifiedItem[];
  next: string | null;
}

/** Verified items, the newest decision first. Fails with `cursor_invalid` for a cursor of another list. */
export async function listVerified(
  db: Db,
  { event, country, types, cursor, limit }: VerifiedQuery,
): Promise<VerifiedPage> {
  const scope = `verified:${event ?? ""}:${country ?? ""}:${types?.join("+") ?? ""}`;
  let query = db.from("verified_items").select("*");
  query = event === undefined ? query.eq("drill", false) : query.filter("event", "in", exactly(event));
  if (country !== undefined) query = query.eq("country", country);
  if (types !== undefined) query = query.in("type", [...types]);
  if (cursor !== undefined) {
    const [at, id] = decodeCursor(scope, cursor, 2) ?? [];
    if (typeof at !== "string" || !isTime(at) || typeof id !== "string" || !isUuid(id))
      throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    query = query.or(`verified_at.lt.${at},and(verified_at.eq.${at},id.lt.${id})`);
  }
  const rows = await query
    .order("verified_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(limit + 1);
  const found = z.array(verifiedRow).parse(unwrap(rows));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: found.length > limit && last ? encodeCursor(scope, [last.verified_at, last.id]) : null,
  };
}

/** The item as the public may read it now; null when it may not, or when nobody verified it. */
export async function findVerified(db: Db, type: string, id: string): Promise<VerifiedItem | null> {
  if (!isUuid(id)) return null;
  const rows = unwrap(await db.from("verified_items").select("*").eq("type", type).eq("id", id).limit(1));
  return z.array(verifiedRow).parse(rows)[0] ?? null;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

// What goes into a filter as text is a time and nothing else.
function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
}
