import { readCsv, type CsvItem, type CsvLimits } from "./csv.ts";
import { looksLikeXlsx, readXlsx, XLSX_LIMIT } from "./xlsx.ts";

/** A table as people have it: CSV of any spreadsheet, or the workbook itself. The first bytes tell, not the name. */
export async function* readTable(
  source: AsyncIterable<Uint8Array | string>,
  limits?: CsvLimits,
): AsyncGenerator<CsvItem> {
  const chunks = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  const rest = { [Symbol.asyncIterator]: () => chunks };
  if (!first.done && typeof first.value !== "string" && looksLikeXlsx(first.value)) {
    yield* readXlsx(await collected(first.value, rest));
    return;
  }
  async function* whole() {
    if (first.done) return;
    yield first.value;
    yield* rest;
  }
  yield* readCsv(whole(), limits);
}

/** The bytes in one piece; one byte beyond the limit is enough to know that it is too large. */
async function collected(start: Uint8Array, rest: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const pieces = [Buffer.from(start)];
  let size = start.byteLength;
  for await (const piece of rest) {
    pieces.push(Buffer.from(piece));
    size += piece.length;
    if (size > XLSX_LIMIT) break;
  }
  return Buffer.concat(pieces);
}
