/** Reads datasets with the rights of a visitor: the only file that names the functions they are read by. */
import { z } from "zod";
import type { Dataset, DatasetField, DatasetRow, DatasetValue } from "../../formats/dataset.ts";
import { unwrap, type Db } from "../../platform/db.server.ts";

/** Rows at once: large enough that a million rows are a few hundred calls, small enough to stay out of the way. */
const rowsAtOnce = 5_000;

/** The values of a row in the order of the fields, its key, and its place if it has one. */
export interface ReadRow {
  cells: DatasetValue[];
  key: string;
  geometry: unknown;
}

export interface ReadOptions {
  publicUrl: string;
  /** Begin after the row with this key. */
  after?: string | null;
  /** No more than so many. */
  limit?: number | null;
}

/**
 * All rows of a dataset in batches, in the order of their key: what changes during a long read is neither missed nor
 * given twice. Memory holds one batch.
 */
export async function* readDataset(
  db: Db,
  dataset: Dataset,
  { publicUrl, after = null, limit = null }: ReadOptions,
): AsyncGenerator<ReadRow[]> {
  const { source } = dataset;
  if ("rows" in source) {
    const rows = source.rows
      .map((row, at) => ({
        cells: dataset.fields.map(({ name }) => row[name] ?? null),
        key: String(at),
        geometry: null,
      }))
      .filter(({ key }) => after === null || Number(key) > Number(after));
    yield rows.slice(0, limit ?? rows.length);
    return;
  }
  const columns = columnsOf(dataset);
  const read = readerOf(dataset, columns, publicUrl);
  let last = after;
  let left = limit ?? Infinity;
  let next = page(db, dataset, columns, last, Math.min(rowsAtOnce, left));
  for (;;) {
    const raw = await next;
    left -= raw.length;
    const isLast = left <= 0 || raw.length < rowsAtOnce;
    const rows = raw.map(read);
    last = rows.at(-1)?.key ?? last;
    // The next rows are on their way while these are written.
    if (!isLast) {
      next = page(db, dataset, columns, last, Math.min(rowsAtOnce, left));
      // Whoever stops reading does not wait for them; their fault is nobody's.
      next.catch(() => {});
    }
    if (rows.length > 0) yield rows;
    if (isLast) return;
  }
}

/** A row by the names of its fields. */
export function namedRow(dataset: Dataset, { cells }: ReadRow): DatasetRow {
  const row: Record<string, DatasetValue> = {};
  dataset.fields.forEach(({ name }, at) => {
    row[name] = cells[at]!;
  });
  return row;
}

export interface DatasetState {
  rows: number;
  /** When the newest row changed (RFC 3339); null when that is not known. */
  changed: string | null;
}

const stateRow = z.object({ rows: z.coerce.number(), changed: z.string().nullable() });

/** How many rows there are and when they last changed. Counted anew after three seconds. */
export async function stateOf(db: Db, dataset: Dataset): Promise<DatasetState> {
  const { source } = dataset;
  if ("rows" in source) return { rows: source.rows.length, changed: source.changed };
  const known = states.get(db)?.get(dataset.id);
  if (known && known.until > performance.now()) return known.state;
  const state = db
    .rpc("rows_state", {
      p_view: source.view,
      p_changed: source.changed ?? null,
      p_where: source.where ?? {},
    })
    .then((answer) => stateRow.parse(unwrap(answer)));
  const ofDb = states.get(db) ?? new Map<string, Known>();
  states.set(db, ofDb);
  const promise = Promise.resolve(state);
  ofDb.set(dataset.id, { state: promise, until: performance.now() + 3_000 });
  promise.catch(() => ofDb.delete(dataset.id));
  return promise;
}

interface Known {
  state: Promise<DatasetState>;
  until: number;
}
const states = new WeakMap<Db, Map<string, Known>>();

const rawRows = z.array(z.array(z.unknown()));

async function page(
  db: Db,
  { source }: Dataset,
  columns: readonly string[],
  after: string | null,
  limit: number,
): Promise<unknown[][]> {
  if ("rows" in source) return [];
  const text = unwrap(
    await db.rpc("read_rows", {
      p_view: source.view,
      p_columns: columns,
      p_key: source.key,
      p_after: after,
      p_where: source.where ?? {},
      p_limit: limit,
    }),
  );
  const rows: unknown = JSON.parse(z.string().parse(text));
  // Each row comes from our own query; the shape of the first tells that of all.
  rawRows.parse((rows as unknown[]).slice(0, 1));
  return rows as unknown[][];
}

function columnsOf({ source, fields, places }: Dataset): string[] {
  if ("rows" in source) return [];
  const paths = fields.flatMap(({ path }) =>
    [...(path ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
  );
  const named = fields.filter(({ path }) => path === undefined).map(({ name, column }) => column ?? name);
  const placed =
    places === undefined ? [] : "geometry" in places ? [places.geometry] : [places.lat, places.lon];
  return [...new Set([source.key, ...named, ...paths, ...placed])];
}

function readerOf(
  dataset: Dataset,
  columns: readonly string[],
  publicUrl: string,
): (raw: unknown[]) => ReadRow {
  const cells = dataset.fields.map((field) => cellReader(field, columns, publicUrl));
  const { places } = dataset;
  let geometry: (raw: unknown[]) => unknown = () => null;
  if (places && "geometry" in places) {
    const at = columns.indexOf(places.geometry);
    geometry = (raw) => raw[at] ?? null;
  } else if (places) {
    const [lat, lon] = [columns.indexOf(places.lat), columns.indexOf(places.lon)];
    geometry = (raw) =>
      raw[lat] === null || raw[lon] === null ? null : { type: "Point", coordinates: [raw[lon], raw[lat]] };
  }
  return (raw) => ({ cells: cells.map((read) => read(raw)), key: String(raw[0]), geometry: geometry(raw) });
}

function cellReader(
  { name, column, key, path, type }: DatasetField,
  columns: readonly string[],
  publicUrl: string,
): (raw: unknown[]) => DatasetValue {
  if (path !== undefined) {
    const parts = path.split(/\{(\w+)\}/);
    return (raw) =>
      publicUrl +
      parts
        .map((part, at) => (at % 2 === 0 ? part : encodeURIComponent(String(raw[columns.indexOf(part)]))))
        .join("");
  }
  const at = columns.indexOf(column ?? name);
  if (key !== undefined) {
    return (raw) => (raw[at] as Record<string, string> | null)?.[key] ?? null;
  }
  if (type === "list") return (raw) => (raw[at] as string[] | null) ?? [];
  return (raw) => {
    const value = raw[at] as DatasetValue | object;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? JSON.stringify(value)
      : (value as DatasetValue);
  };
}
