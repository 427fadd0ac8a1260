import { cleanParagraphs, stripControls } from "./safe-text.ts";

/**
 * Tables as people's spreadsheets write them (RFC 4180 and its many bendings).
 *
 * Reading is ours rather than a library's because a broken row must cost only itself: it is named with the line it
 * began at and the rows after it land. Libraries give up at the first unclosed quote, and with it on good rows.
 */

/** How much of a table is borne: bytes in all, UTF-16 units of one row, columns. */
export interface CsvLimits {
  maxBytes?: number;
  maxRecord?: number;
  maxColumns?: number;
}

export type CsvEncoding = "utf-8" | "utf-16le" | "utf-16be" | "big5" | "shift_jis";

/** Why a row was refused. The tokens after `encoding_broken` end the table. */
export type CsvRefusal =
  | "quote_not_closed"
  | "row_too_large"
  | "too_many_cells"
  | "header_repeated"
  | "encoding_broken"
  | "encoding_unknown"
  | "header_missing"
  | "too_many_columns"
  | "column_twice"
  | "too_large";

/** What a table holds, in its order; `line` is where the row begins (1-based, the header's is 1). */
export type CsvItem =
  | { kind: "encoding"; encoding: CsvEncoding }
  | { kind: "row"; line: number; values: Record<string, string> }
  | { kind: "refused"; line: number; token: CsvRefusal };

/** Enough to judge an encoding by, and how much is looked at for row ends at a time. */
const SNIFF = 262_144;
const SLICE = 65_536;

/** How much that an unclosed quote swallowed is read again, in rows of the greatest size: enough for honest files. */
const RESCANS = 16;

/**
 * Reads a table whose first row names the columns. The first item says which encoding was assumed; then come rows
 * and refusals. Memory is bounded by one row. Commas, semicolons or tabs part the cells, whichever the header uses
 * most; rows end with LF, CRLF or CR. Values are cleaned and trimmed, missing cells are empty strings, and the
 * apostrophe that `csvChunks` puts before formulas is taken off again. `values` has no prototype.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array | string>,
  { maxBytes = 64 * 1024 * 1024, maxRecord = 1_000_000, maxColumns = 200 }: CsvLimits = {},
): AsyncGenerator<CsvItem> {
  const decoder = new CsvDecoder();
  const table = new Table(maxRecord, maxColumns);
  let bytes = 0;
  let announced = false;

  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      yield { kind: "refused", line: table.line, token: "too_large" };
      return;
    }
    for (let from = 0; from < chunk.length; from += SLICE) {
      const text =
        typeof chunk === "string"
          ? decoder.take(chunk.slice(from, from + SLICE))
          : decoder.write(chunk.subarray(from, from + SLICE));
      if (decoder.encoding !== null && !announced) {
        announced = true;
        yield { kind: "encoding", encoding: decoder.encoding };
      }
      yield* table.write(text);
      if (table.ended) return;
      if (decoder.unknown) break;
    }
    if (decoder.unknown) break;
  }

  const text = decoder.end();
  if (decoder.encoding === null) {
    yield { kind: "refused", line: 1, token: "encoding_unknown" };
    return;
  }
  if (!announced) yield { kind: "encoding", encoding: decoder.encoding };
  yield* table.write(text);
  if (!table.ended) yield* table.end();
}

class CsvDecoder {
  encoding: CsvEncoding | null = null;
  unknown = false;
  #decoder: TextDecoder | null = null;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  /** Text that is decoded already. */
  take(text: string): string {
    if (this.encoding !== null) return text;
    this.encoding = "utf-8";
    return text.replace(/^\uFEFF/, "");
  }

  write(bytes: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(bytes, { stream: true });
    this.#held.push(bytes.slice());
    this.#heldBytes += bytes.length;
    return this.#heldBytes < SNIFF ? "" : this.#begin(true);
  }

  end(): string {
    if (this.#held.length > 0) return this.#begin(false) + (this.#decoder?.decode() ?? "");
    this.encoding ??= this.unknown ? null : "utf-8";
    return this.#decoder?.decode() ?? "";
  }

  #begin(more: boolean): string {
    const start = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const part of this.#held) {
      start.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.encoding = encodingOf(start, more);
    if (this.encoding === null) {
      this.unknown = true;
      return "";
    }
    // Not fatal: a character that breaks later costs its row, not the table.
    this.#decoder = new TextDecoder(this.encoding);
    return this.#decoder.decode(start, { stream: true });
  }
}

function encodingOf(bytes: Uint8Array, more: boolean): CsvEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  // UTF-16 without BOM would pass for UTF-8 full of NUL.
  if (bytes.subarray(0, 4).includes(0)) return null;
  if ((bytes[0] === 0xef && bytes[1] === 0xbb) || decoded(bytes, "utf-8", more) !== null) return "utf-8";
  // What Excel in Taiwan and in Japan saves as "CSV". Each reads as rare nonsense in the other's encoding.
  const candidates = (["big5", "shift_jis"] as const)
    .map((encoding) => ({ encoding, text: decoded(bytes, encoding, more) }))
    .filter(({ text }) => text !== null)
    .sort((a, b) => oddity(a.text!) - oddity(b.text!));
  return candidates[0]?.encoding ?? null;
}

function decoded(bytes: Uint8Array, encoding: CsvEncoding, stream: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream });
  } catch {
    return null;
  }
}

function oddity(text: string): number {
  return text.match(/[\uFF61-\uFF9F\u{20000}-\u{3FFFF}\p{Co}\u0080-\u009F]/gu)?.length ?? 0;
}

/** A row and where the next one begins, or why it cannot be read and how far was looked. */
type Row = { cells: string[]; end: number } | { refused: "quote_not_closed" | "row_too_large"; end: number };

class Table {
  line = 1;
  ended = false;
  readonly #maxRecord: number;
  readonly #maxColumns: number;
  #buffer = "";
  #delimiter: string | null = null;
  #columns: string[] | null = null;
  #rescan: number;
  #skipping = false;

  constructor(maxRecord: number, maxColumns: number) {
    this.#maxRecord = maxRecord;
    this.#maxColumns = maxColumns;
    this.#rescan = RESCANS * maxRecord;
  }

  *write(text: string): Generator<CsvItem> {
    this.#buffer += text;
    // A row is looked for from its start each time, so small pieces are gathered first.
    if (this.#buffer.length >= SLICE) yield* this.#rows(false);
  }

  *end(): Generator<CsvItem> {
    yield* this.#rows(true);
    if (!this.ended && this.#columns === null) yield this.#refused("header_missing");
  }

  *#rows(last: boolean): Generator<CsvItem> {
    let from = this.#skipping ? this.#skip(0) : 0;
    while (!this.ended && from < this.#buffer.length) {
      this.#delimiter ??= delimiterOf(this.#buffer.slice(from, from + SLICE));
      const row = scanRow(
        this.#buffer,
        from,
        this.#delimiter,
        last,
        from + this.#maxRecord,
        this.#maxColumns,
      );
      if (row === "more") break;
      if ("refused" in row) {
        yield this.#refused(row.refused);
        const again = row.refused === "quote_not_closed" && this.#rescan > 0;
        if (again) this.#rescan -= row.end - from;
        from = this.#skip(again ? from : this.#pass(from, row.end));
      } else {
        if (row.cells.length > 1 || row.cells[0]!.trim()) yield* this.#take(row.cells);
        from = this.#pass(from, row.end);
      }
    }
    this.#buffer = this.#buffer.slice(from);
  }

  *#take(cells: string[]): Generator<CsvItem> {
    const values = cells.map(readCell);
    if (this.#columns === null) {
      const named = values.filter(Boolean);
      if (values.length > this.#maxColumns) yield this.#refused("too_many_columns");
      else if (named.length === 0) yield this.#refused("header_missing");
      else if (new Set(named).size < named.length) yield this.#refused("column_twice");
      else this.#columns = values;
      this.ended = this.#columns === null;
      return;
    }
    const columns = this.#columns;
    if (values.every((value) => value === "")) return;
    if (values.some((value) => value.includes("\uFFFD"))) yield this.#refused("encoding_broken");
    else if (values.slice(columns.length).some(Boolean)) yield this.#refused("too_many_cells");
    else if (columns.every((column, index) => column === (values[index] ?? "")))
      yield this.#refused("header_repeated");
    else {
      const row = Object.create(null) as Record<string, string>;
      columns.forEach((column, index) => {
        if (column) row[column] = values[index] ?? "";
      });
      yield { kind: "row", line: this.line, values: row };
    }
  }

  #refused(token: CsvRefusal): CsvItem {
    return { kind: "refused", line: this.line, token };
  }

  /** Gives the start of the next line. Where none is in sight yet, what comes is dropped until there is one. */
  #skip(from: number): number {
    const end = /\r\n|\n|\r/g;
    end.lastIndex = from;
    this.#skipping = !end.test(this.#buffer);
    return this.#pass(from, this.#skipping ? this.#buffer.length : end.lastIndex);
  }

  #pass(from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const code = this.#buffer.charCodeAt(at);
      if (code === LF || (code === CR && this.#buffer.charCodeAt(at + 1) !== LF)) this.line += 1;
    }
    return to;
  }
}

const [LF, CR, QUOTE] = [10, 13, 34];

/** The delimiter that stands most often in the first line outside quotes. */
function delimiterOf(start: string): string {
  const first = start
    .replace(/^[\r\n]+/, "")
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/[\r\n]/, 1)[0]!;
  const count = (delimiter: string) => first.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/**
 * One row of `text` from `from`: its cells, or `more` when it may go on beyond the text (unless `last`), or why it
 * cannot be read. Cells beyond `maxCells` fall together into one, so that a row of commas stays small.
 */
function scanRow(
  text: string,
  from: number,
  delimiter: string,
  last: boolean,
  limit: number,
  maxCells: number,
): Row | "more" {
  const separator = delimiter.charCodeAt(0);
  const cells: string[] = [];
  const stop = Math.min(text.length, limit);
  let at = from;
  for (;;) {
    let cell = "";
    if (text.charCodeAt(at) === QUOTE) {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote === -1 || quote >= stop) {
          return last || stop === limit ? { refused: "quote_not_closed", end: stop } : "more";
        }
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text.charCodeAt(at) !== QUOTE) break;
        cell += '"';
        at += 1;
      }
    }
    const breaks = cell.includes("\n") || cell.includes("\r");
    const start = at;
    while (at < stop) {
      const code = text.charCodeAt(at);
      if (code === separator || code === LF || code === CR) break;
      at += 1;
    }
    // Words after a closing quote are a slip; after several lines, that quote closed what it should have opened.
    if (breaks && at > start) return { refused: "quote_not_closed", end: at };
    cell += text.slice(start, at);
    if (cells.length <= maxCells) cells.push(cell);
    else cells[maxCells] += cell;

    if (at >= stop) {
      if (stop === limit && text.length > limit) return { refused: "row_too_large", end: stop };
      return last ? { cells, end: at } : "more";
    }
    const code = text.charCodeAt(at);
    at += 1;
    if (code === separator) continue;
    // A CR at the very end may be half of a CRLF.
    if (code === CR && at >= text.length && !last) return "more";
    if (code === CR && text.charCodeAt(at) === LF) at += 1;
    return { cells, end: at };
  }
}

function readCell(raw: string): string {
  const text = cleanParagraphs(raw);
  return text.startsWith("'") && looksLikeFormula(text) ? cleanParagraphs(text.slice(1)) : text;
}

/** Apostrophes before the sign count in, so that taking one off always undoes putting one on. */
function looksLikeFormula(text: string): boolean {
  return FORMULA.test(text.replace(/^'+/, ""));
}

export type CsvValue = string | number | boolean | null | undefined;

// What a spreadsheet would take for a formula once it has dropped what it cannot show; full-width signs count in
// Chinese and Japanese versions of Excel.
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r])/u;

/**
 * A table as CSV (RFC 4180, CRLF) in pieces, one row each, header first. `bom` helps Excel see UTF-8.
 *
 * Text that a spreadsheet could run gets a leading apostrophe, telephone numbers with a plus sign among it, and
 * loses its controls. Numbers are written as numbers; those that are none (NaN, Infinity) as an empty cell.
 */
export async function* csvChunks(
  rows: Iterable<Readonly<Record<string, CsvValue>>> | AsyncIterable<Readonly<Record<string, CsvValue>>>,
  columns: readonly string[],
  { bom = false }: { bom?: boolean } = {},
): AsyncGenerator<string> {
  yield `${bom ? "\uFEFF" : ""}${columns.map(csvCell).join(",")}\r\n`;
  for await (const row of rows) yield `${columns.map((column) => csvCell(row[column])).join(",")}\r\n`;
}

/** One cell, quoted where it must be. */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return String(value);
  if (isPlain(value)) return value;
  const text = (looksLikeFormula(value) ? "'" : "") + stripControls(value.replace(/\r\n?/g, "\n"));
  return /[",;\t\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Most cells are ids, times and names: nothing in them could be a formula, a quote or a control, and one look at each
 * character is a tenth of what the patterns cost.
 */
function isPlain(text: string): boolean {
  const last = text.length - 1;
  for (let at = 0; at <= last; at += 1) {
    const code = text.charCodeAt(at);
    const isWord =
      (code >= 48 && code <= 57) ||
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      (code >= 0x3041 && code <= 0x9fff);
    if (isWord) continue;
    const isInside = at > 0 && at < last;
    // Space - . / : + _ ( ) are harmless where neither a reader's eye nor a spreadsheet begins.
    if (
      isInside &&
      (code === 32 ||
        (code >= 45 && code <= 47) ||
        code === 58 ||
        code === 43 ||
        code === 95 ||
        code === 40 ||
        code === 41)
    )
      continue;
    return false;
  }
  return true;
}
