/** Reads persons and notes: the only file that names their views. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { searchKeys } from "../../names/name-keys.ts";
import { rankNames, type NameMatch } from "../../names/name-match.ts";
import { exactly, unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { COUNT_LIMIT, noteRow, personRow, type Note, type NoteStatus, type Person } from "./persons.ts";
import { isUuid } from "./record-ids.ts";
import { hashOf, looksLikeToken } from "../../platform/secret-links.server.ts";

const PERSON_COLUMNS = Object.keys(personRow.shape).join(",");

const NOTE_COLUMNS = Object.keys(noteRow.shape).join(",");

const CANDIDATES = 200;

export interface BoardFilter {
  event?: string | undefined;
  status?: NoteStatus | undefined;
  country?: string | undefined;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  /** Counted up to COUNT_LIMIT; null when it was not counted. */
  total: number | null;
}

/** Public persons, freshest first. Fails with `cursor_invalid` for a cursor of another list. */
export async function listPersons(
  db: Db,
  query: BoardFilter & { cursor?: string | undefined; limit: number },
): Promise<Page<Person>> {
  const scope = scopeOf(query);
  let before: readonly [string, string] | null = null;
  if (query.cursor !== undefined) {
    const place = decodeCursor(scope, query.cursor, 2);
    if (!place || !isTimestamp(place[0]) || !isUuid(place[1]))
      throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    before = [place[0], place[1]];
  }
  const [rows, total] = await Promise.all([
    db.rpc("list_persons", {
      p_event: query.event ?? null,
      p_status: query.status ?? null,
      p_country: query.country ?? null,
      p_before: before?.[0] ?? null,
      p_before_id: before?.[1] ?? null,
      p_limit: query.limit + 1,
    }),
    db.rpc("count_persons", {
      p_event: query.event ?? null,
      p_status: query.status ?? null,
      p_country: query.country ?? null,
      p_at_most: COUNT_LIMIT + 1,
    }),
  ]);
  const persons = z.array(personRow).parse(unwrap(rows));
  const items = persons.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    next: persons.length > query.limit && last ? encodeCursor(scope, [last.freshest_at, last.id]) : null,
    total: z.number().parse(unwrap(total)),
  };
}

export type FoundPerson = Person & { match: NameMatch };

/**
 * Public persons by name in any spelling, best first, each with why it matched. A bounded set is fetched by the most
 * selective keys that give anything and ranked here; a query without a name finds nothing, wherever it points.
 */
export async function searchPersons(
  db: Db,
  query: BoardFilter & { q: string; cursor?: string | undefined; limit: number },
): Promise<Page<FoundPerson>> {
  const keys = searchKeys(query.q);
  const scope = scopeOf(query, query.q);
  let from = 0;
  if (query.cursor !== undefined) {
    const place = decodeCursor(scope, query.cursor, 1);
    if (!place || !Number.isSafeInteger(place[0]) || (place[0] as number) < 0)
      throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    from = place[0] as number;
  }
  const candidates = new Map<string, Person>();
  const fetch = async (whole: string[], words: string[][]) => {
    if (whole.length === 0 && words.length === 0) return;
    const rows = unwrap(
      await db.rpc("search_persons", {
        p_keys: { whole, words: words.slice(0, 5) },
        p_event: query.event ?? null,
        p_status: query.status ?? null,
        p_country: query.country ?? null,
        p_limit: CANDIDATES,
      }),
    );
    for (const person of z.array(personRow).parse(rows)) candidates.set(person.id, person);
  };
  await Promise.all([fetch(keys.whole, []), fetch([], keys.words)]);
  if (candidates.size < 5) await fetch([], keys.near);
  const ranked = rankNames(
    query.q,
    [...candidates.values()].map((person) => ({
      id: person.id,
      name: { fullName: person.full_name, alternateNames: person.alternate_names },
      freshness: Date.parse(person.freshest_at),
      person,
    })),
  );
  const items = ranked.slice(from, from + query.limit).map(({ person, match }) => ({ ...person, match }));
  return {
    items,
    next: ranked.length > from + query.limit ? encodeCursor(scope, [from + query.limit]) : null,
    total: ranked.length,
  };
}

export interface PersonWithNotes {
  person: Person;
  notes: Note[];
}

const personWithNotes = z.object({ person: personRow, notes: z.array(noteRow) });

/**
 * A person and all notes, newest first. `key` is the secret of a hidden record's link. Fails with `person_gone` for a
 * deleted or expired public record, else with `person_not_found` – the same for what is hidden and what never was.
 */
export async function getPerson(
  db: Db,
  commands: Commands,
  id: string,
  key: string | null,
): Promise<PersonWithNotes> {
  if (!isUuid(id)) throw new Failure("not_found", "person_not_found");
  if (looksLikeToken(key)) {
    const found = await commands.call("person_by_link", { p_id: id, p_view_hash: hashOf(key) });
    if (found) return personWithNotes.parse(found);
  }
  const [persons, notes] = await Promise.all([
    db.from("persons").select(PERSON_COLUMNS).eq("id", id).limit(1),
    db
      .from("notes")
      .select(NOTE_COLUMNS)
      .eq("person_id", id)
      .order("source_date", { ascending: false })
      .order("id")
      .limit(500),
  ]);
  const person = z.array(personRow).parse(unwrap(persons))[0];
  if (person) return { person, notes: z.array(noteRow).parse(unwrap(notes)) };
  const gone = unwrap(await db.from("placeholders").select("id").eq("id", id).limit(1)) as unknown[];
  throw gone.length > 0 ? new Failure("gone", "person_gone") : new Failure("not_found", "person_not_found");
}

/** Public persons with these record ids: what linked notes point at. */
export async function listPersonsByRecordId(db: Db, recordIds: readonly string[]): Promise<Person[]> {
  if (recordIds.length === 0) return [];
  return z
    .array(personRow)
    .parse(unwrap(await db.from("persons").select(PERSON_COLUMNS).in("record_id", recordIds.slice(0, 50))));
}

/** A published photo as JPEG bytes, or its path in storage; null when there is none this caller may see. */
export async function findPhoto(
  db: Db,
  commands: Commands,
  id: string,
  key: string | null,
): Promise<{ content: Buffer } | { path: string } | null> {
  if (!isUuid(id)) return null;
  const rows = looksLikeToken(key)
    ? await commands.call("photo_by_link", { p_id: id, p_view_hash: hashOf(key) })
    : unwrap(await db.rpc("person_photo", { p_id: id }));
  const found = z
    .array(z.object({ content: z.string().nullable(), path: z.string().nullable() }))
    .parse(rows)[0];
  if (found?.content) return { content: Buffer.from(found.content, "base64") };
  return found?.path ? { path: found.path } : null;
}

export interface PersonsFeed {
  persons: Person[];
  placeholders: Array<{
    id: string;
    record_id: string;
    source_date: string;
    entry_date: string;
    expiry_date: string;
  }>;
}

const placeholderRow = z.object({
  id: z.string(),
  record_id: z.string(),
  source_date: z.string(),
  entry_date: z.string(),
  expiry_date: z.string(),
});

/** Records by entry_date, oldest first from `since`, newest first without: what PFIF feeds hand on, placeholders among them. Drills never leave. */
export async function listForFeed(
  db: Db,
  query: { since?: string | undefined; skip: number; limit: number },
): Promise<PersonsFeed> {
  const ascending = query.since !== undefined;
  const upTo = query.skip + query.limit;
  let persons = db.from("persons").select(PERSON_COLUMNS).eq("drill", false);
  let placeholders = db.from("placeholders").select("id,record_id,source_date,entry_date,expiry_date");
  if (query.since !== undefined) {
    persons = persons.gte("entry_date", query.since);
    placeholders = placeholders.gte("entry_date", query.since);
  }
  const [live, gone] = await Promise.all([
    persons.order("entry_date", { ascending }).order("id").limit(upTo),
    placeholders.order("entry_date", { ascending }).order("id").limit(upTo),
  ]);
  const all = [
    ...z
      .array(personRow)
      .parse(unwrap(live))
      .map((person) => ({ person, placeholder: null, entry: person.entry_date })),
    ...z
      .array(placeholderRow)
      .parse(unwrap(gone))
      .map((placeholder) => ({ person: null, placeholder, entry: placeholder.entry_date })),
  ]
    .sort((a, b) => (ascending ? 1 : -1) * (Date.parse(a.entry) - Date.parse(b.entry)))
    .slice(query.skip, upTo);
  return {
    persons: all.flatMap((row) => row.person ?? []),
    placeholders: all.flatMap((row) => row.placeholder ?? []),
  };
}

/** Notes by entry_date, or those of one record. Drills never leave. */
export async function listNotesForFeed(
  db: Db,
  query: { since?: string | undefined; personRecordId?: string | undefined; skip: number; limit: number },
): Promise<Note[]> {
  let notes = db.from("notes").select(NOTE_COLUMNS).eq("drill", false);
  if (query.since !== undefined) notes = notes.gte("entry_date", query.since);
  if (query.personRecordId !== undefined)
    notes = notes.filter("person_record_id", "in", exactly(query.personRecordId));
  return z.array(noteRow).parse(
    unwrap(
      await notes
        .order("entry_date", { ascending: query.since !== undefined })
        .order("id")
        .range(query.skip, query.skip + query.limit - 1),
    ),
  );
}

/** A public record by its PFIF id with notes, or the placeholder left of it, or null. */
export async function findByRecordId(
  db: Db,
  recordId: string,
): Promise<{ person: Person; notes: Note[] } | { placeholder: z.infer<typeof placeholderRow> } | null> {
  const [persons, gone] = await Promise.all([
    db.from("persons").select(PERSON_COLUMNS).filter("record_id", "in", exactly(recordId)).limit(1),
    db
      .from("placeholders")
      .select("id,record_id,source_date,entry_date,expiry_date")
      .filter("record_id", "in", exactly(recordId))
      .limit(1),
  ]);
  const person = z.array(personRow).parse(unwrap(persons))[0];
  if (person) {
    const notes = await db
      .from("notes")
      .select(NOTE_COLUMNS)
      .eq("person_id", person.id)
      .order("source_date")
      .order("id")
      .limit(1_000);
    return { person, notes: z.array(noteRow).parse(unwrap(notes)) };
  }
  const placeholder = z.array(placeholderRow).parse(unwrap(gone))[0];
  return placeholder ? { placeholder } : null;
}

/** Notes of several persons at once, by person id. */
export async function listNotesOf(db: Db, personIds: readonly string[]): Promise<Map<string, Note[]>> {
  const byPerson = new Map<string, Note[]>();
  if (personIds.length === 0) return byPerson;
  const rows = unwrap(
    await db
      .from("notes")
      .select(NOTE_COLUMNS)
      .in("person_id", [...personIds])
      .order("source_date")
      .order("id")
      .limit(5_000),
  );
  for (const note of z.array(noteRow).parse(rows)) {
    byPerson.set(note.person_id, [...(byPerson.get(note.person_id) ?? []), note]);
  }
  return byPerson;
}

const scopeOf = (filter: BoardFilter, q = "") =>
  createHash("sha256")
    .update(JSON.stringify([filter.event, filter.status, filter.country, q]))
    .digest("base64url")
    .slice(0, 12);

function isTimestamp(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  );
}
