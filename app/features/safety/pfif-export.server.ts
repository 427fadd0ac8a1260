/** Gathers what PFIF hands on: public persons with their notes, and the placeholders of those who have gone. */
import { z } from "zod";
import type { PfifNote, PfifPerson } from "../../formats/pfif.ts";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { paths } from "../../platform/paths.ts";
import { noteToPfif, placeholderToPfif, toPfif, type PfifSite } from "./persons.pfif.ts";
import type { Note, Person } from "./persons.ts";
import {
  findByRecordId,
  getPerson,
  listForFeed,
  listNotesForFeed,
  listNotesOf,
  searchPersons,
} from "./persons.server.ts";

/** A PFIF record and the address of its page here. */
export interface Exported<T> {
  record: T;
  page: string;
}

/** Notes that one read may bring: the doors of the database give no more than a thousand rows at a time. */
const NOTES_AT_ONCE = 900;

/** Names this site in PFIF. */
export function pfifSite(publicUrl: string): PfifSite {
  return {
    name: "守望 Lookout",
    pageUrl: (id) => publicUrl + paths.person(id),
    photoUrl: (id) => publicUrl + paths.photo(id),
  };
}

/** Records for the person feed, in its order; see `listForFeed`. */
export async function exportFeed(
  db: Db,
  site: PfifSite,
  query: { since?: string | undefined; skip: number; limit: number; withNotes: boolean },
): Promise<Exported<PfifPerson>[]> {
  const { persons, placeholders } = await listForFeed(db, query);
  const notes = query.withNotes ? await notesOf(db, persons) : new Map<string, Note[]>();
  const entries = [
    ...persons.map((person) => ({
      entered: person.entry_date,
      record: toPfif(person, notes.get(person.id) ?? [], site),
      page: site.pageUrl(person.id),
    })),
    ...placeholders.map((placeholder) => ({
      entered: placeholder.entry_date,
      record: placeholderToPfif(placeholder),
      page: site.pageUrl(placeholder.id),
    })),
  ];
  const direction = query.since === undefined ? -1 : 1;
  return entries.sort((a, b) => direction * (Date.parse(a.entered) - Date.parse(b.entered)));
}

/** Notes for the note feed, in its order; see `listNotesForFeed`. */
export async function exportNotes(
  db: Db,
  site: PfifSite,
  query: Parameters<typeof listNotesForFeed>[1],
): Promise<Exported<PfifNote>[]> {
  const notes = await listNotesForFeed(db, query);
  return notes.map((note) => ({ record: noteToPfif(note), page: site.pageUrl(note.person_id) }));
}

/** Public persons of a name, best match first. Never those of a drill. */
export async function exportFound(db: Db, site: PfifSite, q: string, limit: number): Promise<PfifPerson[]> {
  const { items } = await searchPersons(db, { q, limit });
  const notes = await notesOf(db, items);
  return items.map((person) => toPfif(person, notes.get(person.id) ?? [], site));
}

/** The record of a PFIF id or what is left of it; null when there is none, it is not public, or it is a drill. */
export async function exportRecord(db: Db, site: PfifSite, recordId: string): Promise<PfifPerson | null> {
  const found = await findByRecordId(db, recordId);
  if (!found) return null;
  if ("placeholder" in found) return placeholderToPfif(found.placeholder);
  return found.person.drill ? null : toPfif(found.person, found.notes, site);
}

const placeholderRow = z.object({
  record_id: z.string(),
  source_date: z.string(),
  entry_date: z.string(),
  expiry_date: z.string(),
});

/** The record behind a person's page, or what is left of it. Fails with `person_not_found`. A drill is marked as one. */
export async function exportPerson(
  db: Db,
  commands: Commands,
  site: PfifSite,
  id: string,
): Promise<PfifPerson> {
  try {
    const { person, notes } = await getPerson(db, commands, id, null);
    return toPfif(person, notes.toReversed(), site);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "gone") throw error;
    const rows = unwrap(
      await db.from("placeholders").select(Object.keys(placeholderRow.shape).join(",")).eq("id", id).limit(1),
    );
    const left = z.array(placeholderRow).parse(rows)[0];
    if (!left) throw new Failure("not_found", "person_not_found");
    return placeholderToPfif(left);
  }
}

async function notesOf(db: Db, persons: readonly Person[]): Promise<Map<string, Note[]>> {
  const groups: string[][] = [];
  let room = 0;
  for (const { id, note_count } of persons) {
    if (note_count === 0) continue;
    if (note_count > room) {
      groups.push([]);
      room = NOTES_AT_ONCE;
    }
    groups.at(-1)!.push(id);
    room -= note_count;
  }
  const found = await Promise.all(groups.map((ids) => listNotesOf(db, ids)));
  return new Map(found.flatMap((notes) => [...notes]));
}
