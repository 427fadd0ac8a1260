/**
 * The four checks by which the national platform judges a file – can it be reached, can it be read, does it match its
 * declared fields and encoding, is it fresh – made on ours (政府資料品質檢測: 連結、可讀、欄位與編碼、時效).
 */
import { unzipSync } from "fflate";
import { z } from "zod";
import { readCsv } from "../../formats/csv.ts";
import {
  lateAfterHours,
  type Dataset,
  type DatasetField,
  type DatasetFormatName,
} from "../../formats/dataset.ts";
import { datasetNamespace } from "../../formats/dataset-xml.ts";
import { readXml } from "../../formats/xml.ts";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";

export interface FileCheck {
  dataset: string;
  format: DatasetFormatName;
  reachable: boolean;
  parses: boolean;
  matches: boolean;
  fresh: boolean;
  data_rows: number | null;
  bytes: number | null;
  fault: string | null;
}

/** Whether a dataset has changed within the time it promises. One that promises none is always fresh. */
export function isFresh(dataset: Dataset, changed: string | null, now: Date): boolean {
  const hours = lateAfterHours(dataset.updates);
  if (hours === null || changed === null) return true;
  return now.getTime() - Date.parse(changed) <= hours * 3_600_000;
}

/** Checks the bytes of a file that was reached; null stands for one that was not, with what went wrong. */
export async function checkFile(
  dataset: Dataset,
  format: DatasetFormatName,
  got: Uint8Array | { fault: string },
  fresh: boolean,
): Promise<FileCheck> {
  const check: FileCheck = {
    dataset: dataset.id,
    format,
    reachable: got instanceof Uint8Array,
    parses: false,
    matches: false,
    fresh,
    data_rows: null,
    bytes: got instanceof Uint8Array ? got.length : null,
    fault: got instanceof Uint8Array ? null : got.fault,
  };
  if (!(got instanceof Uint8Array)) return check;
  try {
    const { rows, fault } = await readers[format](dataset, got);
    return { ...check, parses: true, matches: fault === null, data_rows: rows, fault };
  } catch (error) {
    return { ...check, fault: (error as Error).message.slice(0, 500) };
  }
}

interface Reading {
  rows: number;
  /** The first thing that is not as declared. */
  fault: string | null;
}

const readers: Readonly<
  Record<DatasetFormatName, (dataset: Dataset, bytes: Uint8Array) => Promise<Reading>>
> = {
  async csv(dataset, bytes) {
    utf8(bytes);
    let [rows, fault]: [number, string | null] = [0, null];
    const columns = new TextDecoder()
      .decode(bytes.subarray(0, 65_536))
      .replace(/^\uFEFF/, "")
      .split("\r\n")[0]!;
    if (columns !== dataset.fields.map(({ name }) => name).join(",")) fault = `columns are ${columns}`;
    async function* once() {
      yield bytes;
    }
    for await (const item of readCsv(once(), { maxRecord: 4_000_000 })) {
      if (item.kind === "refused") throw new Error(`line ${item.line}: ${item.token}`);
      if (item.kind !== "row") continue;
      rows += 1;
      for (const field of dataset.fields) fault ??= faultOfText(field, item.values[field.name] ?? "");
    }
    return { rows, fault };
  },
  async json(dataset, bytes) {
    const { data } = z
      .object({ data: z.array(z.record(z.string(), z.unknown())) })
      .parse(JSON.parse(utf8(bytes)));
    return { rows: data.length, fault: firstFault(dataset, data) };
  },
  async geojson(dataset, bytes) {
    const feature = z.object({
      type: z.literal("Feature"),
      id: z.unknown().optional(),
      geometry: z.object({ type: z.string(), coordinates: z.array(z.unknown()) }).nullable(),
      properties: z.record(z.string(), z.unknown()),
    });
    const { features } = z
      .object({ type: z.literal("FeatureCollection"), features: z.array(feature) })
      .parse(JSON.parse(utf8(bytes)));
    const rows = features.map(({ id, properties }) =>
      id === undefined ? properties : { id, ...properties },
    );
    return { rows: rows.length, fault: firstFault(dataset, rows) };
  },
  async xml(dataset, bytes) {
    let [rows, fault]: [number, string | null] = [0, null];
    const byName = new Map(dataset.fields.map((field) => [field.name, field]));
    async function* once() {
      yield bytes;
    }
    const reading = readXml<never>(once(), () => ({
      open({ depth, namespace, name }) {
        if (namespace !== datasetNamespace(dataset.id)) fault ??= `namespace ${namespace}`;
        if (depth === 2 && name === "row") rows += 1;
        if (depth === 3 && !byName.has(name)) fault ??= `element ${name}`;
      },
      close({ depth, name }, text) {
        const field = byName.get(name);
        if (depth === 3 && field && field.type !== "list") fault ??= faultOfText(field, text);
      },
    }));
    for await (const _ of reading);
    return { rows, fault };
  },
  async ods(dataset, bytes) {
    // Our own file, and still: what unpacks to more than a spreadsheet can be is not unpacked.
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => name !== "styles.xml" && originalSize < 512_000_000,
    });
    if (utf8(files["mimetype"] ?? new Uint8Array()) !== "application/vnd.oasis.opendocument.spreadsheet")
      throw new Error("mimetype");
    const content = utf8(files["content.xml"] ?? new Uint8Array());
    if (!content.endsWith("</office:document-content>\n")) throw new Error("content.xml is not whole");
    const first = content.slice(0, content.indexOf("</table:table>"));
    const header = first.slice(
      first.indexOf("<table:table-header-rows>"),
      first.indexOf("</table:table-header-rows>"),
    );
    const columns = [...header.matchAll(/<text:p>([^<]*)<\/text:p>/g)].map(([, name]) => name);
    const isAsDeclared = columns.join(",") === dataset.fields.map(({ name }) => name).join(",");
    const formula = /table:formula=/.test(content);
    return {
      rows: first.split("<table:table-row>").length - 2,
      fault: formula ? "a formula" : isAsDeclared ? null : `columns are ${columns.join(",")}`,
    };
  },
};

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function firstFault({ fields }: Dataset, rows: readonly Record<string, unknown>[]): string | null {
  for (const row of rows) {
    for (const field of fields) {
      const value = row[field.name];
      if (value === undefined) return `${field.name} is missing`;
      if (value === null) continue;
      if (field.type === "list") {
        if (!Array.isArray(value)) return `${field.name} is no list`;
        continue;
      }
      const wanted =
        { integer: "number", number: "number", boolean: "boolean" }[field.type as string] ?? "string";
      if (typeof value !== wanted) return `${field.name} is ${typeof value}`;
      const fault = faultOfText(field, String(value));
      if (fault) return fault;
    }
    const unknown = Object.keys(row).find((name) => !fields.some((field) => field.name === name));
    if (unknown) return `${unknown} is not declared`;
  }
  return null;
}

const shapes: Partial<Record<DatasetField["type"], RegExp>> = {
  integer: /^-?\d+$/,
  number: /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i,
  boolean: /^(?:true|false)$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  time: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
  url: /^https?:\/\//,
};

function faultOfText({ name, type, words }: DatasetField, text: string): string | null {
  if (text === "") return null;
  if (shapes[type] && !shapes[type].test(text)) return `${name} is no ${type}: ${text.slice(0, 60)}`;
  if (words && !words.includes(text)) return `${name} is not among its words: ${text.slice(0, 60)}`;
  return null;
}

/** Keeps what was found, so that everybody can read it. */
export async function saveChecks(commands: Commands, checks: readonly FileCheck[]): Promise<void> {
  await commands.call("save_dataset_checks", { p: { checks } });
}

const checkRow = z.object({
  dataset: z.string(),
  format: z.string(),
  checked_at: z.string(),
  reachable: z.boolean(),
  parses: z.boolean(),
  matches: z.boolean(),
  fresh: z.boolean(),
  data_rows: z.coerce.number().nullable(),
  bytes: z.coerce.number().nullable(),
  fault: z.string().nullable(),
});
export type CheckedFile = z.infer<typeof checkRow>;

/** The last check of every file. */
export async function listChecks(db: Db): Promise<CheckedFile[]> {
  const rows = await db
    .from("dataset_checks")
    .select(Object.keys(checkRow.shape).join(","))
    .order("dataset")
    .order("format")
    .limit(1000);
  return z.array(checkRow).parse(unwrap(rows));
}
