/** Cases for the staff who keep them: the only file that names their view and functions. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { CsvEncoding, CsvLimits, CsvRefusal } from "../../formats/csv.ts";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import { fieldErrors, type FieldError } from "../../formats/form-values.ts";
import { readTable } from "../../formats/table.ts";
import { unwrap, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { caseAnswers, caseColumn } from "./cases-csv.ts";
import { caseRow, PARTIES, PARTY_RESULTS, type Case } from "./cases.ts";
import { caseSchema, type CaseInput, type CasesQuery } from "./cases.schema.ts";

const COLUMNS = Object.keys(caseRow.shape).join(",");

const caseDetail = caseRow.extend({
  place: z.string().nullable(),
  narrative: z.string().nullable(),
  parties: z.array(
    z.object({ party: z.enum(PARTIES), result: z.enum(PARTY_RESULTS), contacted_on: z.string() }),
  ),
});
export type CaseDetail = z.infer<typeof caseDetail>;

export interface CasePage {
  items: Case[];
  next: string | null;
  total: number;
}

/** Cases this member of staff may read, newest first. Fails with `cursor_invalid` for a cursor of another list. */
export async function listCases(
  db: Db,
  { cursor, ...filter }: Partial<CasesQuery>,
  limit: number,
): Promise<CasePage> {
  const scope = createHash("sha256").update(JSON.stringify(filter)).digest("base64url").slice(0, 12);
  const filtered = (columns: string, options?: { count: "exact"; head: true }) => {
    let rows = db.from("cases").select(columns, options);
    for (const field of ["type", "region", "country", "programme", "outcome"] as const) {
      const wanted = filter[field];
      if (wanted !== undefined) rows = rows.eq(field, wanted);
    }
    if (filter.since !== undefined) rows = rows.gte("opened_on", filter.since);
    if (filter.until !== undefined) rows = rows.lte("opened_on", filter.until);
    return rows;
  };
  let rows = filtered(COLUMNS);
  if (cursor !== undefined) {
    const [day, id] = decodeCursor(scope, cursor, 2) ?? [];
    if (!isDay(day) || !isId(id)) throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    rows = rows.or(`opened_on.lt.${day},and(opened_on.eq.${day},id.lt.${id})`);
  }
  const [found, counted] = await Promise.all([
    rows
      .order("opened_on", { ascending: false })
      .order("id", { ascending: false })
      .limit(limit + 1),
    filtered("id", { count: "exact", head: true }),
  ]);
  const cases = z.array(caseRow).parse(unwrap(found));
  const items = cases.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: cases.length > limit && last ? encodeCursor(scope, [last.opened_on, last.id]) : null,
    total: counted.count ?? items.length,
  };
}

/** One case with what was told; fails with `case_not_found` for what is not there or not for this member. */
export async function getCase(db: Db, id: string): Promise<CaseDetail> {
  const found = isId(id) ? unwrap<unknown>(await db.rpc("read_case", { p_id: id })) : null;
  if (!found) throw new Failure("not_found", "case_not_found");
  return caseDetail.parse(found);
}

/** Adds a case, or with `id` changes the one whose version was read. Gives its id. */
export async function saveCase(db: Db, input: CaseInput, id?: string): Promise<string> {
  const answer = unwrap<unknown>(await db.rpc("save_case", { p: { ...input, id: id ?? null } }));
  return z.object({ id: z.string() }).parse(answer).id;
}

export interface RefusedRow {
  line: number;
  /** Which fields were not right; without any it is the row as a whole. */
  errors: FieldError[];
  token: CsvRefusal | string | null;
}

export interface CaseImportProgress {
  refused: RefusedRow[];
  totals: { read: number; created: number; present: number; refused: number };
  encoding: CsvEncoding | null;
  /** Columns nobody has a use for, once the first row is known. */
  unknownColumns: string[];
}

/** Hands cases to the database: a member of staff with their own session, or the operator. */
export type AddCases = (cases: readonly object[]) => Promise<unknown>;

const BATCH = 250;
const outcomes = z.array(
  z.object({ outcome: z.enum(["created", "present", "out_of_area", "source_key_taken"]) }),
);

/**
 * Imports a table of cases and gives progress after each batch. Good rows land, bad ones are named with their line. A row
 * is added once: by its source_key, or without one by its place among equal rows of the file (two passports lost on one
 * day in one town are two cases). Fails with `unavailable` when the database is away; what was added before stays.
 */
export async function* importCases(
  add: AddCases,
  source: AsyncIterable<Uint8Array | string>,
  options: { today: string; limits?: CsvLimits; invented?: boolean },
): AsyncGenerator<CaseImportProgress> {
  const schema = caseSchema(options.today);
  const totals = { read: 0, created: 0, present: 0, refused: 0 };
  const seen = new Map<string, number>();
  let encoding: CsvEncoding | null = null;
  let unknownColumns: string[] = [];
  let refused: RefusedRow[] = [];
  let waiting: { line: number; row: object }[] = [];
  const refuse = (row: RefusedRow) => {
    totals.refused += 1;
    refused.push(row);
  };
  const progress = (): CaseImportProgress => {
    const told = { refused: refused.sort((a, b) => a.line - b.line), totals: { ...totals } };
    refused = [];
    return { ...told, encoding, unknownColumns };
  };
  const land = async () => {
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    const answers = outcomes.parse(await add(rows.map(({ row }) => row)));
    for (const [index, { outcome }] of answers.entries()) {
      if (outcome === "created" || outcome === "present") totals[outcome] += 1;
      else if (outcome === "out_of_area")
        refuse({
          line: rows[index]!.line,
          errors: [{ field: "country", token: "case_out_of_area" }],
          token: null,
        });
      else
        refuse({ line: rows[index]!.line, errors: [{ field: "source_key", token: outcome }], token: null });
    }
  };

  for await (const item of readTable(source, options.limits)) {
    if (item.kind === "encoding") {
      encoding = item.encoding;
      continue;
    }
    totals.read += 1;
    if (item.kind === "refused") {
      refuse({ line: item.line, errors: [], token: item.token });
      if (refused.length >= BATCH) yield progress();
      continue;
    }
    if (totals.read === 1) unknownColumns = Object.keys(item.values).filter((name) => !caseColumn(name));
    const parsed = schema.safeParse(caseAnswers(item.values));
    if (!parsed.success) {
      refuse({ line: item.line, errors: fieldErrors(parsed.error.issues), token: null });
      if (refused.length >= BATCH) yield progress();
      continue;
    }
    const { version: _version, ...facts } = parsed.data;
    const digest = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
    const nth = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, nth);
    waiting.push({
      line: item.line,
      row: {
        ...facts,
        source_key: facts.source_key ?? `row ${digest} ${nth}`,
        ...(options.invented ? { invented: true } : {}),
      },
    });
    if (waiting.length >= BATCH) {
      await land();
      yield progress();
    }
  }
  await land();
  yield progress();
}

/** Adds cases with the session of a member of staff. */
export function staffAdds(db: Db): AddCases {
  return async (cases) => unwrap<unknown>(await db.rpc("import_cases", { p: { cases } }));
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
}

function isId(value: unknown): value is string {
  return (
    typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
  );
}
