/** Requests for data and what was made with ours: the only file that names their view and commands. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { entryRow, type DataEntry, type EntryKind } from "./entries.ts";
import type { EntryInput } from "./entries.schema.ts";

const COLUMNS = Object.keys(entryRow.shape).join(",");
const isId = (value: unknown) => typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value);

/** Published ones, those with most votes first, with how many there are. */
export async function listEntries(
  db: Db,
  { kind, cursor, limit }: { kind: EntryKind; cursor?: string | null; limit: number },
): Promise<{ items: DataEntry[]; next: string | null; total: number }> {
  const scope = `data entries ${kind}`;
  let select = db.from("data_entries").select(COLUMNS).eq("kind", kind);
  if (cursor) {
    const place = decodeCursor(scope, cursor, 2);
    if (!place || !Number.isSafeInteger(place[0]) || !isId(place[1]))
      throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    select = select.or(`votes.lt.${place[0]},and(votes.eq.${place[0]},id.gt.${place[1]})`);
  }
  const [rows, state] = await Promise.all([
    select
      .order("votes", { ascending: false })
      .order("id")
      .limit(limit + 1),
    db.rpc("rows_state", { p_view: "data_entries", p_changed: null, p_where: { kind } }),
  ]);
  const entries = z.array(entryRow).parse(unwrap(rows));
  const items = entries.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: entries.length > limit && last ? encodeCursor(scope, [last.votes, last.id]) : null,
    total: z.object({ rows: z.coerce.number() }).parse(unwrap(state)).rows,
  };
}

/** Posts one. A resend with the same client id and body is the same post. */
export async function postEntry(
  commands: Commands,
  input: EntryInput & { kind: EntryKind },
  sending: { body: string; caller: string | null; language: string },
): Promise<string> {
  return z.string().parse(await commands.call("post_data_entry", { p: { ...input, ...sending } }));
}

/** Votes for a request; a second vote of the same caller on a day changes nothing. */
export async function voteFor(commands: Commands, id: string, caller: string | null): Promise<number> {
  if (!isId(id)) throw new Failure("not_found", "data_entry_not_found");
  return z.number().parse(await commands.call("vote_data_entry", { p: { id, caller } }));
}
