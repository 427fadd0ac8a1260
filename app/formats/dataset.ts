/**
 * What a dataset of open data is: where its rows stand, what each field means, on what basis it counts. Every feature
 * describes its own in a `*.dataset.ts`; the catalogue finds them by that name. Pure.
 */

/** A text in every language of the site. */
export type Texts = Readonly<Record<"zh-TW" | "en" | "ja", string>>;

export const FIELD_TYPES = ["text", "integer", "number", "boolean", "date", "time", "list", "url"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export type DatasetValue = string | number | boolean | readonly string[] | null;
export type DatasetRow = Readonly<Record<string, DatasetValue>>;

export interface DatasetField {
  /** As it stands in every format: lower case, also a valid name of an XML element. */
  name: string;
  type: FieldType;
  /** What it means. */
  about: Texts;
  /** The column of the source, when it is called otherwise. */
  column?: string;
  /** Of a column that holds texts by language: which of them. */
  key?: string;
  /** Of a URL: a path of this site, `/events/{slug}`, filled in from columns of the source. */
  path?: string;
  /** The words that may stand here, where they are a fixed few. */
  words?: readonly string[];
}

export const UPDATE_FREQUENCIES = [
  "continuous",
  "daily",
  "weekly",
  "monthly",
  "quarterly",
  "irregular",
] as const;
export type UpdateFrequency = (typeof UPDATE_FREQUENCIES)[number];

/** Rows of a view that everybody may read, or a few that are written down with the dataset. */
export type DatasetSource =
  | {
      view: string;
      /** A unique column; rows are read in its order. */
      key: string;
      /** The column that tells when a row last changed. */
      changed?: string;
      /** Only rows in which these columns have these values. */
      where?: Readonly<Record<string, string | boolean>>;
    }
  | { rows: readonly DatasetRow[]; changed: string };

export interface Dataset {
  id: string;
  title: Texts;
  about: Texts;
  /** Who counted what, and what is missing (D83, D84). */
  basis: Texts;
  keywords: readonly Texts[];
  source: DatasetSource;
  fields: readonly DatasetField[];
  /** Columns of the source that hold a place: degrees, or a GeoJSON geometry. */
  places?: { lat: string; lon: string } | { geometry: string };
  updates: UpdateFrequency;
  /** Its list in the API, whose calls count as use of this dataset. */
  api?: string;
  /** The day since when it is open (ISO 8601). */
  issued: string;
}

export const DATASET_FORMATS = ["csv", "json", "xml", "ods", "geojson"] as const;
export type DatasetFormatName = (typeof DATASET_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<DatasetFormatName, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json",
  xml: "application/xml; charset=utf-8",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  geojson: "application/geo+json",
};

/** The formats in which a dataset can be had: a map only of what has places. */
export function formatsOf(dataset: Dataset): DatasetFormatName[] {
  return DATASET_FORMATS.filter((format) => format !== "geojson" || dataset.places !== undefined);
}

/** After how many hours without a change a dataset is late; null for those that promise no time. */
export function lateAfterHours(updates: UpdateFrequency): number | null {
  const hours = {
    continuous: null,
    daily: 48,
    weekly: 8 * 24,
    monthly: 40 * 24,
    quarterly: 110 * 24,
    irregular: null,
  };
  return hours[updates];
}

/** What is said about the whole beside its rows. */
export interface DatasetHead {
  id: string;
  title: string;
  basis: string;
  licence: string;
  /** When it was made (RFC 3339). */
  made_at: string;
}

/** One row and its place, as GeoJSON has it; null where it has none. */
export interface PlacedRow {
  row: DatasetRow;
  geometry: unknown;
}

/** A table of a spreadsheet: lists in one cell, parted by "; ". */
export function flatRow(row: DatasetRow): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join("; ") : (value as string | number | boolean | null),
    ]),
  );
}

/** JSON in pieces: what it is, then `data` row by row, then the cursor of what follows. */
export async function* jsonPieces(
  head: DatasetHead,
  rows: AsyncIterable<readonly DatasetRow[]>,
  next: () => string | null,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"data":[`;
  let first = true;
  for await (const batch of rows) {
    let piece = "";
    for (const row of batch) {
      piece += `${first ? "\n" : ",\n"}${JSON.stringify(row)}`;
      first = false;
    }
    yield piece;
  }
  yield `\n],"next":${JSON.stringify(next())}}\n`;
}

/** GeoJSON (RFC 7946) in pieces; what it is stands beside the features as foreign members. */
export async function* geoJsonPieces(
  head: DatasetHead,
  rows: AsyncIterable<readonly PlacedRow[]>,
  next: () => string | null,
): AsyncGenerator<string> {
  yield `{"type":"FeatureCollection",${JSON.stringify(head).slice(1, -1)},"features":[`;
  let first = true;
  for await (const batch of rows) {
    let piece = "";
    for (const { row, geometry } of batch) {
      const { id, ...properties } = row;
      const known = id === undefined || id === null ? "" : `"id":${JSON.stringify(id)},`;
      piece += `${first ? "\n" : ",\n"}{"type":"Feature",${known}"geometry":${JSON.stringify(geometry)},"properties":${JSON.stringify(properties)}}`;
      first = false;
    }
    yield piece;
  }
  yield `\n],"next":${JSON.stringify(next())}}\n`;
}
