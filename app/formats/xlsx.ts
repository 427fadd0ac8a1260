import { readSheet } from "read-excel-file/node";
import type { CsvItem } from "./csv.ts";
import { cleanParagraphs } from "./safe-text.ts";

/** Tables as a spreadsheet program saves them (Office Open XML, ECMA-376), in the same items as `readCsv` gives. */

/** A workbook is unpacked in memory: a list of people is small, and what is larger may come as CSV. */
export const XLSX_LIMIT = 10_000_000;
const MOST_ROWS = 100_000;
const MOST_COLUMNS = 200;

/** Whether these first bytes are those of a workbook (a ZIP archive). */
export function looksLikeXlsx(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && start[2] === 0x03 && start[3] === 0x04;
}

/**
 * The rows of the first sheet, by the names in its first row; `line` is the number of the row. A workbook that cannot
 * be read, has no header or is too large gives one `refused` item and ends. Dates become YYYY-MM-DD.
 */
export async function* readXlsx(workbook: Uint8Array): AsyncGenerator<CsvItem> {
  if (workbook.byteLength > XLSX_LIMIT) {
    yield { kind: "refused", line: 1, token: "too_large" };
    return;
  }
  let rows: readonly (readonly unknown[])[];
  try {
    rows = await readSheet(Buffer.from(workbook));
  } catch {
    yield { kind: "refused", line: 1, token: "encoding_unknown" };
    return;
  }
  const header = (rows[0] ?? []).map((cell) => cellText(cell));
  if (header.every((name) => name === "")) {
    yield { kind: "refused", line: 1, token: "header_missing" };
    return;
  }
  if (header.length > MOST_COLUMNS || rows.length > MOST_ROWS) {
    yield {
      kind: "refused",
      line: 1,
      token: header.length > MOST_COLUMNS ? "too_many_columns" : "too_large",
    };
    return;
  }
  for (const [index, row] of rows.entries()) {
    if (index === 0 || row.every((cell) => cellText(cell) === "")) continue;
    const values: Record<string, string> = Object.fromEntries(
      header.flatMap((name, column) => (name === "" ? [] : [[name, cellText(row[column])]])),
    );
    yield { kind: "row", line: index + 1, values };
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString().slice(0, 10);
  return cleanParagraphs(String(cell));
}
