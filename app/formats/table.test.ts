import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readTable } from "./table.ts";

async function* inPieces(bytes: Uint8Array, size = 1_000) {
  for (let from = 0; from < bytes.byteLength; from += size) yield bytes.subarray(from, from + size);
}

async function all(source: AsyncIterable<Uint8Array | string>) {
  const items = [];
  for await (const item of readTable(source)) items.push(item);
  return items;
}

describe("a table, whatever program saved it", () => {
  test("a workbook gives its rows by the names in its first row, with the number of each row", async () => {
    const items = await all(inPieces(await readFile("tests/fixtures/persons.xlsx")));
    expect(items.map(({ kind }) => kind)).toEqual(["row", "row", "row", "row"]);
    expect(items[0]).toEqual({
      kind: "row",
      line: 2,
      values: {
        姓名: "林美華",
        護照拼音: "LIN, MEI-HUA",
        狀態: "平安",
        年齡: "34",
        所在地: "Pokhara",
        電子郵件: "",
        同意: "",
      },
    });
    expect(items[1]).toMatchObject({ line: 3, values: { 護照拼音: "WANG, TA-TUNG\nWang Datong" } });
  });

  test("the same rows as CSV give the same values", async () => {
    const items = await all(inPieces(Buffer.from("姓名,年齡\n林美華,34\n")));
    expect(items).toContainEqual(
      expect.objectContaining({ kind: "row", line: 2, values: { 姓名: "林美華", 年齡: "34" } }),
    );
  });

  test("H44: an archive that is no workbook is refused, not unpacked into a stall", async () => {
    expect(await all(inPieces(Buffer.from("PK\u0003\u0004 not a workbook at all")))).toEqual([
      { kind: "refused", line: 1, token: "encoding_unknown" },
    ]);
  });

  test("H44: a workbook beyond ten megabytes is refused unread", async () => {
    const large = Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(11_000_000)]);
    expect(await all(inPieces(large, 1_000_000))).toEqual([{ kind: "refused", line: 1, token: "too_large" }]);
  });
});
