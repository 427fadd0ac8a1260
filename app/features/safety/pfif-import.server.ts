/**
 * Takes in records of other registries: reads PFIF as it arrives, sends it to the database in batches and says what
 * became of each record. Safe to repeat: what is already there stays as it is.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { recordIdDomain, type PfifNote, type PfifPerson, type PfifRefusal } from "../../formats/pfif.ts";
import { readPfif, type PfifLimits } from "../../formats/pfif-reader.ts";
import { XmlRefused, type XmlRefusal } from "../../formats/xml.ts";
import { nameKeys } from "../../names/name-keys.ts";
import type { Commands } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { noteFromPfif, personFromPfif } from "./persons.pfif.ts";

export interface ImportOptions {
  /** Slug of the event to put new records under; the everyday board unless told. */
  event?: string;
  /** The domain of our own records: nobody abroad may speak for them. */
  ownDomain: string;
  /** The only domain this sender may speak for; any domain but ours unless told. */
  onlyDomain?: string;
  now: Date;
  limits?: PfifLimits;
}

/** What the database made of a record. */
const OUTCOMES = [
  "created",
  "updated",
  "emptied",
  "unchanged",
  "older_duplicate",
  "suppressed",
  "own_domain",
  "other_domain",
  "expired",
  "person_unknown",
] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Why a record was not written. `record_unusable`: the database would not have it, whatever we tried. */
export type SkipReason =
  Exclude<Outcome, "created" | "updated" | "emptied"> | PfifRefusal | "date_in_future" | "record_unusable";

export interface SkippedRecord {
  kind: "person" | "note";
  /** Where it begins in the document, from 1; a note within a person has the person's line. */
  line: number;
  record_id: string | null;
  reason: SkipReason;
  /** False when nothing was wrong with it: the same or a newer record is already there. */
  refused: boolean;
}

export interface ImportTally {
  read: number;
  created: number;
  updated: number;
  /** Expired at home: only id and dates remain here too. */
  emptied: number;
  unchanged: number;
  refused: number;
}

export interface ImportProgress {
  /** What was not written since the progress before. */
  skipped: SkippedRecord[];
  /** From the beginning until now. */
  totals: { persons: ImportTally; notes: ImportTally };
  /** Where and why the document could not be read on, in the last progress of a broken one. What stood before counts. */
  broken: { line: number; reason: XmlRefusal } | null;
}

const PERSONS_AT_ONCE = 300;
const RECORDS_AT_ONCE = 1_500;
/** Notes that came before their person wait for the end of the document; more than this many would be a flood. */
const NOTES_WAITING = 20_000;
/** The longest we keep the process from everybody else, in milliseconds. */
const TURN_MS = 15;
/** Clocks abroad may be wrong, but a status from next year would stand against everything true until then. */
const CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1000;

/**
 * Imports a PFIF document (1.1–1.4, bare or in Atom or RSS), giving progress after each batch and once at the end.
 * Fails with `event_unknown`, or with `unavailable` when the database is away; stored batches stay.
 */
export async function* importPfif(
  commands: Commands,
  source: AsyncIterable<Uint8Array | string>,
  options: ImportOptions,
): AsyncGenerator<ImportProgress> {
  const totals = { persons: emptyTally(), notes: emptyTally() };
  const early: Row[] = [];
  let skipped: SkippedRecord[] = [];
  let broken: ImportProgress["broken"] = null;
  // One batch is written while the next is read: the database is another process.
  let writing: Promise<Sent[]> | null = null;

  const tallyOf = (kind: Row["kind"]) => (kind === "person" ? totals.persons : totals.notes);
  const skip = (row: Omit<SkippedRecord, "refused">) => {
    const refused = row.reason !== "unchanged" && row.reason !== "older_duplicate";
    tallyOf(row.kind)[refused ? "refused" : "unchanged"] += 1;
    skipped.push({ ...row, refused });
  };
  const settle = async (lastChance: boolean): Promise<ImportProgress> => {
    for (const { row, outcome } of (await writing) ?? []) {
      if (outcome === "created" || outcome === "updated" || outcome === "emptied") {
        tallyOf(row.kind)[outcome] += 1;
      } else if (outcome === "person_unknown" && !lastChance && early.length < NOTES_WAITING) {
        early.push(row);
      } else {
        skip({ kind: row.kind, line: row.line, record_id: row.recordId, reason: outcome });
      }
    }
    writing = null;
    const progress = { skipped, totals: structuredClone(totals), broken };
    skipped = [];
    return progress;
  };
  const write = (rows: Row[]) => {
    writing = send(commands, options, rows);
    // Whoever stops listening early must not bring the process down with a batch that fails later.
    writing.catch(() => undefined);
  };

  let batch: Row[] = [];
  let personsInBatch = 0;
  let turnBegan = performance.now();
  const items = readPfif(source, options.limits);
  for (;;) {
    const next = await items.next().catch((error: unknown) => {
      if (!(error instanceof XmlRefused)) throw error;
      broken = { line: error.line, reason: error.token };
      return { done: true as const, value: undefined };
    });
    if (next.done) break;
    const item = next.value;
    if (item.kind === "refused") {
      const kind = item.token.startsWith("note_") || item.token === "status_unknown" ? "note" : "person";
      tallyOf(kind).read += 1;
      skip({ kind, line: item.line, record_id: item.record_id, reason: item.token });
      continue;
    }
    for (const row of rowsOf(item, options)) {
      tallyOf(row.kind).read += 1;
      if (row.refused) skip({ kind: row.kind, line: row.line, record_id: row.recordId, reason: row.refused });
      else batch.push(row);
    }
    if (item.kind === "person") personsInBatch += 1;
    if (personsInBatch >= PERSONS_AT_ONCE || batch.length >= RECORDS_AT_ONCE) {
      if (writing) yield await settle(false);
      write(batch);
      batch = [];
      personsInBatch = 0;
    }
    if (performance.now() - turnBegan > TURN_MS) {
      await nextTurn();
      turnBegan = performance.now();
    }
  }
  if (writing) yield await settle(false);
  if (batch.length > 0) {
    write(batch);
    yield await settle(false);
  }
  while (early.length > 0) {
    write(early.splice(0, RECORDS_AT_ONCE));
    yield await settle(true);
  }
  yield await settle(true);
}

interface Row {
  kind: "person" | "note";
  line: number;
  recordId: string;
  /** As `import_pfif` takes it, but for its number. */
  data: Record<string, unknown>;
  refused: SkipReason | null;
}

function rowsOf(
  item: { kind: "person"; person: PfifPerson; line: number } | { kind: "note"; note: PfifNote; line: number },
  options: ImportOptions,
): Row[] {
  if (item.kind === "note") return [noteRow(item.note, item.line, options)];
  const { person, line } = item;
  const row: Row = {
    kind: "person",
    line,
    recordId: person.person_record_id,
    refused: earlyRefusal(person.person_record_id, person.source_date, options),
    data: {},
  };
  // Names are taken apart only for those who stay.
  if (!row.refused) row.data = personFromPfif(person, 0, options.now, nameKeys);
  return [row, ...person.notes.map((note) => noteRow(note, line, options))];
}

function noteRow(note: PfifNote, line: number, options: ImportOptions): Row {
  return {
    kind: "note",
    line,
    recordId: note.note_record_id,
    data: noteFromPfif(note, 0, options.now),
    refused: earlyRefusal(note.note_record_id, note.source_date, options),
  };
}

function earlyRefusal(
  recordId: string,
  sourceDate: string | undefined,
  options: ImportOptions,
): SkipReason | null {
  // The database compares to the letter; host names do not.
  if (recordIdDomain(recordId) === options.ownDomain.toLowerCase()) return "own_domain";
  if (sourceDate !== undefined && Date.parse(sourceDate) > options.now.getTime() + CLOCK_TOLERANCE_MS) {
    return "date_in_future";
  }
  return null;
}

interface Sent {
  row: Row;
  outcome: Outcome | "record_unusable";
}

const told = z.array(z.object({ n: z.number(), outcome: z.enum(OUTCOMES) }));
const answer = z.object({ persons: told, notes: told });

/** Writes rows in one transaction; when that is refused, finds the rows to blame and writes the others. */
async function send(commands: Commands, options: ImportOptions, rows: Row[]): Promise<Sent[]> {
  try {
    return await sendWhole(commands, options, rows);
  } catch (error) {
    if (!(error instanceof Failure) || error.token === "event_unknown") throw error;
    // Throws when it is not the rows but the database that is unwell.
    await sendWhole(commands, options, []);
  }
  if (rows.length === 1) {
    // Once more: two imports may have met on the same record.
    return sendWhole(commands, options, rows).catch(() => [{ row: rows[0]!, outcome: "record_unusable" }]);
  }
  const half = Math.ceil(rows.length / 2);
  const first = await send(commands, options, rows.slice(0, half));
  return [...first, ...(await send(commands, options, rows.slice(half)))];
}

async function sendWhole(
  commands: Commands,
  { event, ownDomain, onlyDomain }: ImportOptions,
  rows: Row[],
): Promise<Sent[]> {
  const numbered = rows.map(({ kind, data }, n) => ({ kind, data: { ...data, n } }));
  const of = (kind: Row["kind"]) => numbered.filter((row) => row.kind === kind).map((row) => row.data);
  const given = await commands.call("import_pfif", {
    p: {
      ...(event === undefined ? {} : { event }),
      own_domain: ownDomain,
      ...(onlyDomain === undefined ? {} : { only_domain: onlyDomain }),
      persons: of("person"),
      notes: of("note"),
    },
  });
  const { persons, notes } = answer.parse(given);
  const outcomes = new Map([...persons, ...notes].map(({ n, outcome }) => [n, outcome]));
  return rows.map((row, n) => ({ row, outcome: outcomes.get(n) ?? "record_unusable" }));
}

function emptyTally(): ImportTally {
  return { read: 0, created: 0, updated: 0, emptied: 0, unchanged: 0, refused: 0 };
}
