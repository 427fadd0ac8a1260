import { readCsv } from "./csv.ts";
import type { CsvLimits, CsvRefusal, CsvValue } from "./csv.ts";
import { MAX_VERTICES, placeAlong, roundPosition } from "./geometry.ts";
import type { ReportGeometry } from "./geometry.ts";
import { readDraft } from "./report-draft.ts";
import type { ReportItem } from "./report-draft.ts";
import type { ReportRecord } from "./report-record.ts";

/** Reports in a table: one a row, the place as two columns for everybody and as WKT for lines. */

/** The columns in their order. They keep their names; new ones come at the end. */
export const REPORT_COLUMNS = [
  "id",
  "kind",
  "lat",
  "lon",
  "wkt",
  "precision_m",
  "road",
  "place",
  "state",
  "passable",
  "direction",
  "width_limit_m",
  "weight_limit_t",
  "cause",
  "bypass",
  "severity",
  "text",
  "language",
  "observed_at",
  "created_at",
  "updated_at",
  "expires_at",
  "time_zone",
  "confidence",
  "confirmations",
  "denials",
  "stale",
  "status",
  "loop",
  "verification",
  "source_url",
  "url",
  "event",
  "drill",
  "source",
  "source_name",
  "needed",
] as const;
export type ReportColumn = (typeof REPORT_COLUMNS)[number];

/** A report as the row of a table; `csvChunks` writes it. A line has the middle of its way in `lat` and `lon`. */
export function reportRow(report: ReportRecord): Record<ReportColumn, CsvValue> {
  const { geometry, ...fields } = report;
  const [lon, lat] = roundPosition(placeAlong(geometry), 6);
  const row: Record<string, CsvValue> = {
    ...fields,
    lat,
    lon,
    wkt: geometry.type === "LineString" ? writeWkt(geometry) : "",
  };
  // By the list, so that nothing a record brings along beside it ever leaves with it.
  return Object.fromEntries(REPORT_COLUMNS.map((column) => [column, row[column]])) as Record<
    ReportColumn,
    CsvValue
  >;
}

/** Well-known text (OGC 06-103r4, section 7), longitude first. */
export function writeWkt(geometry: ReportGeometry): string {
  const positions = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
  const text = positions.map((position) => roundPosition(position, 6).join(" ")).join(", ");
  return `${geometry.type === "Point" ? "POINT" : "LINESTRING"} (${text})`;
}

/** The geometry of a POINT or LINESTRING in GeoJSON, unchecked; null when the text is neither. */
export function readWkt(text: string): { type: string; coordinates: unknown } | null {
  const match = /^(?:SRID=4326;)?\s*(POINT|LINESTRING)\s*(?:Z\s*)?\(([^()]*)\)$/i.exec(text.trim());
  if (!match) return null;
  const pairs = match[2]!.split(",", MAX_VERTICES + 2);
  const positions = pairs
    .filter((pair) => pair.trim() !== "")
    .map((pair) =>
      pair
        .trim()
        .split(/\s+/, 4)
        .map((number) => (/^[+-]?\d{1,3}(?:\.\d{1,20})?$/.test(number) ? Number(number) : NaN)),
    );
  return match[1]!.toUpperCase() === "POINT"
    ? { type: "Point", coordinates: positions[0] ?? [] }
    : { type: "LineString", coordinates: positions };
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["latitude", "lat"],
  ["longitude", "lon"],
  ["lng", "lon"],
  ["long", "lon"],
  ["geometry", "wkt"],
  ["the_geom", "wkt"],
  ["geom", "wkt"],
  ["type", "kind"],
  ["description", "text"],
  ["event_slug", "event"],
]);

export type ReportsCsvItem = ReportItem<CsvRefusal>;

/**
 * Reads reports from a table with our column names or plain other ones (`latitude`, `geom`), in any order; columns we do
 * not know are passed over. With `wkt` filled in, `lat` and `lon` are not looked at.
 */
export async function* readReportsCsv(
  source: AsyncIterable<Uint8Array | string>,
  limits: CsvLimits = {},
): AsyncGenerator<ReportsCsvItem> {
  for await (const item of readCsv(source, limits)) {
    if (item.kind === "encoding") continue;
    const { line } = item;
    if (item.kind === "refused") {
      yield { kind: "unreadable", line, token: item.token };
      continue;
    }
    const fields = named(item.values);
    const wkt = fields["wkt"] ?? "";
    const place =
      wkt === ""
        ? { lat: fields["lat"] ?? "", lon: fields["lon"] ?? "" }
        : { geometry: readWkt(wkt) ?? { type: wkt } };
    const read = readDraft(fields, place);
    if ("draft" in read) yield { kind: "report", line, draft: read.draft };
    else yield { kind: "refused", line, source_key: fields["id"] || null, refused: read.refused };
  }
}

function named(values: Readonly<Record<string, string>>): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  for (const [column, value] of Object.entries(values)) {
    const plain = column
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_");
    const name = ALIASES.get(plain) ?? plain;
    // Of two columns for one thing, the one under our own name counts.
    if (!(name in fields) || plain === name) fields[name] = value;
  }
  return fields;
}
