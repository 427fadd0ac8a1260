/**
 * Takes in reports of other systems, row by row: good rows land, bad rows are named, a second time changes nothing.
 * Reads our own GeoJSON and CSV, and what authorities publish: CAP 1.1 and 1.2, USGS and GDACS.
 */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { officialFromCap } from "../../formats/cap-official.ts";
import { readCap } from "../../formats/cap-reader.ts";
import { readGdacs } from "../../formats/gdacs.ts";
import { readReportsGeoJson } from "../../formats/geojson-reader.ts";
import type { OfficialReport } from "../../formats/official-report.ts";
import type { FieldRefusal, ReportDraft } from "../../formats/report-draft.ts";
import { readReportsCsv } from "../../formats/reports-csv.ts";
import { lineWithin } from "../../formats/simplify-line.ts";
import { readUsgs } from "../../formats/usgs.ts";
import { XmlRefused } from "../../formats/xml.ts";
import type { Commands } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { MOST_CORNERS, STRAIGHTENED } from "./reports.schema.ts";
import { kept } from "./reports.server.ts";

/** What can be read. The first two are reports like ours, the others notices of authorities. */
export const IMPORT_FORMATS = ["geojson", "csv", "cap", "usgs", "gdacs"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ReportImportOptions {
  format: ImportFormat;
  /** Under which name the ids of the rows are remembered; notices of authorities are shown under their own. */
  sourceName: string;
  /** Slug of the event for rows that name none; without it the open event whose area a row lies in. */
  event?: string | undefined;
  /** Somebody has looked at them: they may be passed on to other systems. */
  reviewed?: boolean;
  now: Date;
  maxBytes?: number;
}

/** What became of a row. The last two are said here, the others by the database. */
const OUTCOMES = [
  "created",
  "updated",
  "unchanged",
  "older",
  "ended",
  "nothing_to_end",
  "suppressed",
  "no_place",
  "expired",
  "event_unknown",
  "report_unusable",
  "refused",
] as const;
export type ImportOutcome = (typeof OUTCOMES)[number];

export interface ImportedRow {
  /** Where it begins in the document, from 1. */
  line: number;
  /** Its id where it comes from. */
  key: string | null;
  outcome: ImportOutcome;
  /** What was wrong with it, if it was refused; the field is empty for the row as a whole. */
  errors: readonly { field: string; token: string }[];
}

export interface ReportImportTotals {
  read: number;
  created: number;
  updated: number;
  ended: number;
  /** Nothing was wrong with them: the same or a newer version is here, or they end what never was here. */
  unchanged: number;
  refused: number;
}

export interface ReportImportProgress {
  /** What became of the rows since the progress before. */
  rows: ImportedRow[];
  totals: ReportImportTotals;
  /** Where and why the document could not be read on. What stood before counts. */
  broken: { line: number; token: string } | null;
}

/** Whether a row stands here as its source has it, or should. */
export function isRefused(outcome: ImportOutcome): boolean {
  return ["suppressed", "no_place", "expired", "event_unknown", "report_unusable", "refused"].includes(
    outcome,
  );
}

const ROWS_AT_ONCE = 100;
/** The longest we keep the process from everybody else, in milliseconds. */
const TURN_MS = 15;
/** Clocks abroad may be wrong, but a landslide from next week is none. */
const CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1000;

/**
 * Imports a document and gives progress after each batch and once at the end. Fails with `event_unknown`, or with
 * `unavailable` when the database is away; batches that were stored stay.
 */
export async function* importReports(
  commands: Commands,
  source: AsyncIterable<Uint8Array | string>,
  options: ReportImportOptions,
): AsyncGenerator<ReportImportProgress> {
  const totals: ReportImportTotals = { read: 0, created: 0, updated: 0, ended: 0, unchanged: 0, refused: 0 };
  let rows: ImportedRow[] = [];
  let broken: ReportImportProgress["broken"] = null;
  let batch: Row[] = [];
  const settle = (row: ImportedRow) => {
    rows.push(row);
    const { outcome } = row;
    if (isRefused(outcome)) totals.refused += 1;
    else if (outcome === "created" || outcome === "updated" || outcome === "ended") totals[outcome] += 1;
    else totals.unchanged += 1;
  };
  const flush = async (): Promise<ReportImportProgress> => {
    for (const { row, outcome } of await send(commands, options, batch)) {
      settle({ line: row.line, key: row.key, outcome, errors: [] });
    }
    batch = [];
    const progress = { rows, totals: { ...totals }, broken };
    rows = [];
    return progress;
  };

  let turnBegan = performance.now();
  const items = readRows(source, options);
  for (;;) {
    const next = await items.next().catch((error: unknown) => {
      if (!(error instanceof XmlRefused)) throw error;
      broken = { line: error.line, token: error.token };
      return { done: true as const, value: undefined };
    });
    if (next.done) break;
    const item = next.value;
    if ("broken" in item) {
      broken = item.broken;
      continue;
    }
    totals.read += 1;
    if ("errors" in item) settle({ ...item, outcome: "refused" });
    else batch.push(item);
    if (batch.length >= ROWS_AT_ONCE) yield await flush();
    if (performance.now() - turnBegan > TURN_MS) {
      await nextTurn();
      turnBegan = performance.now();
    }
  }
  yield await flush();
}

/** A row as the database takes it, but for its number. */
interface Row {
  line: number;
  key: string | null;
  data: Record<string, unknown>;
}

type ReadRow =
  | Row
  | { line: number; key: string | null; errors: readonly { field: string; token: string }[] }
  | { broken: { line: number; token: string } };

/** Tokens of single rows among those that say a document is unreadable: after these it goes on. */
const ROW_TOKENS = new Set(["feature_broken", "feature_too_large", "quote_not_closed", "row_too_large", "too_many_cells", "header_repeated", "encoding_broken"]); // prettier-ignore

async function* readRows(
  source: AsyncIterable<Uint8Array | string>,
  options: ReportImportOptions,
): AsyncGenerator<ReadRow> {
  const { format, now, maxBytes } = options;
  const limits = maxBytes === undefined ? {} : { maxBytes };
  if (format === "geojson" || format === "csv") {
    const items = format === "geojson" ? readReportsGeoJson(source, limits) : readReportsCsv(source, limits);
    for await (const item of items) {
      const { line } = item;
      if (item.kind === "report") yield draftRow(item.draft, line, now);
      else if (item.kind === "refused") yield { line, key: item.source_key, errors: item.refused };
      else if (format === "csv" || ROW_TOKENS.has(item.token))
        yield { line, key: null, errors: [{ field: "", token: item.token }] };
      else yield { broken: { line, token: item.token } };
    }
    return;
  }
  if (format === "cap") {
    for await (const item of readCap(source, limits)) {
      const { line } = item;
      if (item.kind === "alert") {
        for (const report of officialFromCap(item.alert)) yield officialRow(report, line, now);
      } else if (item.token === "not_cap") {
        yield { broken: { line, token: item.token } };
      } else {
        yield { line, key: item.identifier, errors: [{ field: item.field ?? "", token: item.token }] };
      }
    }
    return;
  }
  for await (const item of format === "usgs" ? readUsgs(source, limits) : readGdacs(source, limits)) {
    const { line } = item;
    if (item.kind === "official") yield officialRow(item.report, line, now);
    else if (item.kind === "refused")
      yield { line, key: item.source_id, errors: [{ field: "", token: item.token }] };
    else yield { broken: { line, token: item.token } };
  }
}

function draftRow(draft: ReportDraft, line: number, now: Date): ReadRow {
  const { geometry, source_key, event, ...answers } = draft;
  const errors: FieldRefusal[] = [];
  const corners =
    geometry.type === "LineString" ? lineWithin(geometry.coordinates, MOST_CORNERS, STRAIGHTENED) : null;
  if (geometry.type === "LineString" && corners === null) {
    errors.push({ field: "geometry", token: "too_many_vertices" });
  }
  if (isFuture(draft.observed_at, now)) errors.push({ field: "observed_at", token: "time_out_of_range" });
  if (errors.length > 0) return { line, key: source_key, errors };
  const place = corners ? { type: "LineString" as const, coordinates: corners } : geometry;
  const data = { ...answers, ...kept({ geometry: place, precision_m: null }), event };
  // Without an id of its own a row is known by what it says.
  const key =
    source_key ?? `row ${createHash("sha256").update(JSON.stringify(data)).digest("base64url").slice(0, 32)}`;
  return { line, key: source_key, data: { ...data, source_key: key } };
}

function officialRow(report: OfficialReport, line: number, now: Date): ReadRow {
  const { source, source_id, position, observed_at, updated_at } = report;
  const refused = (token: string): ReadRow => ({ line, key: source_id, errors: [{ field: "", token }] });
  if (report.drill) return refused("drill_refused");
  if (isFuture(observed_at ?? updated_at, now)) return refused("time_out_of_range");
  const words =
    ["zh-TW", "en"].flatMap(
      (code) => report.texts.find(({ language }) => language.startsWith(code)) ?? [],
    )[0] ?? report.texts[0];
  const precision = precisionOf(report);
  return {
    line,
    key: source_id,
    data: {
      source_key: `${source}:${source_id}`,
      replaces: report.replaces.map((id) => `${source}:${id}`),
      issuer: report.issuer,
      updated_at,
      ended: report.ended,
      kind: report.kind,
      lat: position?.[1] ?? null,
      lon: position?.[0] ?? null,
      precision_m: precision,
      place: words?.title.slice(0, 300) ?? null,
      text: [levelOf(report), words?.text, words?.instruction].filter(Boolean).join("\n\n").slice(0, 5_000),
      language: words?.language ?? null,
      severity: report.severity,
      observed_at: observed_at ?? updated_at,
      expires_at: report.expires_at,
      source_url: report.source_url,
    },
  };
}

/** The level and the size as their source spells them: quoted, never made into ours. */
function levelOf({ level, magnitude }: OfficialReport): string {
  return [level, magnitude ? `${magnitude.unit} ${magnitude.value}` : null].filter(Boolean).join(" · ");
}

/** How far from its place it reaches, in whole metres; null when only a place is known. */
function precisionOf({ areas }: OfficialReport): number | null {
  const farthest = Math.max(0, ...areas.flatMap(({ circles }) => circles.map(({ radius_m }) => radius_m)));
  return farthest > 0 ? Math.min(1_000_000, Math.round(farthest)) : null;
}

function isFuture(iso: string, now: Date): boolean {
  return Date.parse(iso) > now.getTime() + CLOCK_TOLERANCE_MS;
}

const told = z.array(z.object({ n: z.number(), outcome: z.enum(OUTCOMES) }));

/** Writes rows in one transaction; when that is refused, finds the rows to blame and writes the others. */
async function send(
  commands: Commands,
  options: ReportImportOptions,
  rows: Row[],
): Promise<{ row: Row; outcome: ImportOutcome }[]> {
  if (rows.length === 0) return [];
  try {
    return await sendWhole(commands, options, rows);
  } catch (error) {
    if (!(error instanceof Failure) || error.token === "event_unknown") throw error;
    // Throws when it is not the rows but the database that is unwell.
    await sendWhole(commands, options, []);
  }
  if (rows.length === 1) return [{ row: rows[0]!, outcome: "report_unusable" }];
  const half = Math.ceil(rows.length / 2);
  const first = await send(commands, options, rows.slice(0, half));
  return [...first, ...(await send(commands, options, rows.slice(half)))];
}

async function sendWhole(
  commands: Commands,
  { format, sourceName, event, reviewed }: ReportImportOptions,
  rows: Row[],
): Promise<{ row: Row; outcome: ImportOutcome }[]> {
  const official = format !== "geojson" && format !== "csv";
  const given = await commands.call("import_reports", {
    p: {
      source_name: official ? format : sourceName,
      official,
      reviewed: reviewed ?? false,
      ...(event === undefined ? {} : { event }),
      reports: rows.map(({ data }, n) => ({ ...data, n })),
    },
  });
  const outcomes = new Map(told.parse(given).map(({ n, outcome }) => [n, outcome]));
  return rows.map((row, n) => ({ row, outcome: outcomes.get(n) ?? "report_unusable" }));
}
