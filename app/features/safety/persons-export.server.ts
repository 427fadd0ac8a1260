/** Every public person with all notes, for exports: read page by page, whatever changes meanwhile. */
import { z } from "zod";
import { exactly, unwrap, type Db } from "../../platform/db.server.ts";
import { noteRow, personRow, type Note, type Person } from "./persons.ts";

const PERSON_COLUMNS = Object.keys(personRow.shape).join(",");
const NOTE_COLUMNS = Object.keys(noteRow.shape).join(",");

const personsAtOnce = 200;
const notesAtOnce = 1_000;

/**
 * All public persons in the order of their ids, which never change: what is edited during a long export is neither
 * missed nor given twice. Drills only when asked for by their event. Without `withNotes` the lists of notes are empty.
 */
export async function* exportPersons(
  db: Db,
  { event, withNotes }: { event?: string | undefined; withNotes: boolean },
): AsyncGenerator<{ person: Person; notes: Note[] }> {
  let last: string | null = null;
  for (;;) {
    let select = db.from("persons").select(PERSON_COLUMNS);
    select = event === undefined ? select.eq("drill", false) : select.filter("event", "in", exactly(event));
    if (last !== null) select = select.gt("id", last);
    const persons: Person[] = z.array(personRow).parse(unwrap(await select.order("id").limit(personsAtOnce)));
    const notes = withNotes ? await notesOf(db, persons) : new Map<string, Note[]>();
    for (const person of persons) yield { person, notes: notes.get(person.id) ?? [] };
    last = persons.at(-1)?.id ?? null;
    if (last === null || persons.length < personsAtOnce) return;
  }
}

async function notesOf(db: Db, persons: readonly Person[]): Promise<Map<string, Note[]>> {
  const byPerson = new Map<string, Note[]>();
  // A list in an address has its limits, so a few persons at a time.
  for (let from = 0; from < persons.length; from += 50) {
    const ids = persons.slice(from, from + 50).map(({ id }) => id);
    let last: string | null = null;
    for (;;) {
      let select = db.from("notes").select(NOTE_COLUMNS).in("person_id", ids);
      if (last !== null) select = select.gt("id", last);
      const notes: Note[] = z.array(noteRow).parse(unwrap(await select.order("id").limit(notesAtOnce)));
      for (const note of notes) {
        byPerson.set(note.person_id, [...(byPerson.get(note.person_id) ?? []), note]);
      }
      last = notes.at(-1)?.id ?? null;
      if (last === null || notes.length < notesAtOnce) break;
    }
  }
  for (const notes of byPerson.values()) {
    notes.sort((a, b) => Date.parse(a.source_date) - Date.parse(b.source_date) || (a.id < b.id ? -1 : 1));
  }
  return byPerson;
}

const placeholderRow = z.object({
  id: z.string(),
  record_id: z.string(),
  source_date: z.string(),
  entry_date: z.string(),
  expiry_date: z.string(),
});

/** What remains of public records that have gone: other registries wipe their copies by it. Never of a drill. */
export async function* exportPlaceholders(db: Db): AsyncGenerator<z.infer<typeof placeholderRow>> {
  let last: string | null = null;
  for (;;) {
    let select = db.from("placeholders").select(Object.keys(placeholderRow.shape).join(","));
    if (last !== null) select = select.gt("id", last);
    const rows = z.array(placeholderRow).parse(unwrap(await select.order("id").limit(notesAtOnce)));
    yield* rows;
    last = rows.at(-1)?.id ?? null;
    if (last === null || rows.length < notesAtOnce) return;
  }
}
