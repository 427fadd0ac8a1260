/** Takes persons in from a table, row by row: good rows land, bad rows are named, a second time changes nothing. */
import { createHash } from "node:crypto";
import type { CsvEncoding, CsvLimits, CsvRefusal } from "../../formats/csv.ts";
import { fieldErrors, type FieldError } from "../../formats/form-values.ts";
import { readTable } from "../../formats/table.ts";
import { Failure } from "../../platform/failure.ts";
import { postOnce } from "./bulk-posting.server.ts";
import type { Caller } from "./caller.ts";
import { answersFromRow, fieldOfColumn, SOURCE_KEY } from "./persons-csv.ts";
import { personSchema } from "./persons.schema.ts";

export interface CsvImportOptions {
  /** Slug of the event for rows that name none. */
  event?: string | undefined;
  /** Send authors with an address their manage link. */
  tellAuthors: boolean;
  now: Date;
  limits?: CsvLimits;
}

export interface RefusedRow {
  /** The line the row begins at, from 1. */
  line: number;
  /** Which fields were not right; without any it is the row as a whole. */
  errors: FieldError[];
  token: CsvRefusal | string | null;
}

export interface CsvImportProgress {
  refused: RefusedRow | null;
  totals: { read: number; created: number; present: number; held: number; refused: number };
  encoding: CsvEncoding | null;
  /** Columns nobody has a use for, once the first row is known. */
  unknownColumns: string[];
}

/**
 * Imports a table of persons and gives progress after each row. Fails with `unavailable` when the database is away;
 * what was posted before stays.
 */
export async function* importPersonsCsv(
  caller: Caller,
  source: AsyncIterable<Uint8Array | string>,
  options: CsvImportOptions,
): AsyncGenerator<CsvImportProgress> {
  const schema = personSchema(options.now);
  const totals = { read: 0, created: 0, present: 0, held: 0, refused: 0 };
  let encoding: CsvEncoding | null = null;
  let unknownColumns: string[] = [];
  const progress = (refused: RefusedRow | null = null): CsvImportProgress => {
    if (refused) totals.refused += 1;
    return { refused, totals: { ...totals }, encoding, unknownColumns };
  };

  for await (const item of readTable(source, options.limits)) {
    if (item.kind === "encoding") {
      encoding = item.encoding;
      continue;
    }
    totals.read += 1;
    if (item.kind === "refused") {
      yield progress({ line: item.line, errors: [], token: item.token });
      continue;
    }
    if (totals.read === 1) unknownColumns = Object.keys(item.values).filter((name) => !fieldOfColumn(name));
    const answers: Record<string, unknown> = { event: options.event, ...answersFromRow(item.values) };
    const parsed = schema.safeParse(answers);
    if (!parsed.success) {
      yield progress({ line: item.line, errors: fieldErrors(parsed.error.issues), token: null });
      continue;
    }
    const { [SOURCE_KEY]: given, ...said } = answers;
    const key = typeof given === "string" ? `key ${given}` : `row ${digestOf(said)}`;
    try {
      const { outcome, held } = await postOnce(caller, parsed.data, {
        key: `persons-csv ${parsed.data.event} ${key}`,
        tellAuthor: options.tellAuthors,
      });
      totals[outcome] += 1;
      if (held) totals.held += 1;
      yield progress();
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === "unavailable") throw error;
      const errors = error.field ? [{ field: error.field, token: error.token }] : [];
      yield progress({ line: item.line, errors, token: error.field ? null : error.token });
    }
  }
}

/** The same answers have the same digest, in whatever order the columns stand. */
function digestOf(answers: Record<string, unknown>): string {
  const sorted = Object.entries(answers)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
