import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvCell, csvChunks, readCsv } from "./csv.ts";
import type { CsvItem, CsvLimits } from "./csv.ts";
import { cleanParagraphs } from "./safe-text.ts";

// Garbage is no growth: only what is still held counts.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

async function readAll(
  source: Uint8Array | string | AsyncIterable<Uint8Array | string>,
  limits?: CsvLimits,
): Promise<CsvItem[]> {
  const items: CsvItem[] = [];
  const chunks = typeof source === "string" || source instanceof Uint8Array ? of(source) : source;
  for await (const item of readCsv(chunks, limits)) items.push(item);
  return items;
}

const rowsOf = (items: CsvItem[]) =>
  items.flatMap((item) => (item.kind === "row" ? [{ ...item.values }] : []));
const refusalsOf = (items: CsvItem[]) =>
  items.flatMap((item) => (item.kind === "refused" ? [[item.line, item.token]] : []));

async function written(...args: Parameters<typeof csvChunks>): Promise<string> {
  let text = "";
  for await (const chunk of csvChunks(...args)) text += chunk;
  return text;
}

describe("reading", () => {
  test("rows come with their lines, by column names", async () => {
    expect(await readAll('name,note\n王小明,"two\nlines ""quoted"""\n\nAmy\n')).toEqual([
      { kind: "encoding", encoding: "utf-8" },
      { kind: "row", line: 2, values: { name: "王小明", note: 'two\nlines "quoted"' } },
      { kind: "row", line: 5, values: { name: "Amy", note: "" } },
    ]);
  });

  test("H42 UTF-8 with BOM, UTF-16 with BOM, Big5 and Shift_JIS are recognised", async () => {
    const utf16 = Buffer.from("\uFEFF姓名,城市\r\n王小明,花蓮\r\n", "utf16le");
    const bigEndian = Buffer.from(utf16).swap16();
    const samples: [string, Uint8Array, string][] = [
      ["utf-8", Buffer.from("\uFEFF姓名,城市\r\n王小明,花蓮\r\n"), "花蓮"],
      ["utf-16le", utf16, "花蓮"],
      ["utf-16be", bigEndian, "花蓮"],
      ["big5", readFileSync(new URL("../../tests/fixtures/persons-big5.csv", import.meta.url)), "花蓮"],
      [
        "shift_jis",
        readFileSync(new URL("../../tests/fixtures/persons-shift-jis.csv", import.meta.url)),
        "仙台市",
      ],
    ];
    for (const [encoding, bytes, city] of samples) {
      const items = await readAll(bytes);
      expect(items[0]).toEqual({ kind: "encoding", encoding });
      expect(Object.values(rowsOf(items)[0]!)).toContain(city);
      expect(refusalsOf(items)).toEqual([]);
    }
  });

  test("H42 an encoding nobody can tell is refused at once", async () => {
    const latin = Buffer.from("name\nJos\xe9,\xff\xfe\x80\n", "latin1");
    expect(await readAll(latin)).toEqual([{ kind: "refused", line: 1, token: "encoding_unknown" }]);
    expect(await readAll(Buffer.from("name\nx\n", "utf16le"))).toMatchObject([{ token: "encoding_unknown" }]);
  });

  test("H42 a character that breaks later costs its row", async () => {
    const good = Buffer.from(`name\n${"王小明\n".repeat(40_000)}`);
    const items = await readAll(Buffer.concat([good, Buffer.from([0xff]), Buffer.from("\n王大明\n")]));
    expect(refusalsOf(items)).toEqual([[40_002, "encoding_broken"]]);
    expect(rowsOf(items).at(-1)).toEqual({ name: "王大明" });
  });

  test("H42 rows may end with CR only, and semicolons or tabs may part cells", async () => {
    for (const [delimiter, end] of [
      [",", "\r"],
      [";", "\r\n"],
      ["\t", "\n"],
    ] as const) {
      const items = await readAll(["a", "b"].join(delimiter) + end + ["1", "2"].join(delimiter) + end);
      expect(items[1]).toEqual({ kind: "row", line: 2, values: { a: "1", b: "2" } });
    }
  });

  test("H42 an unclosed quote is named by the line it began at, and the rows after it land", async () => {
    const items = await readAll('a,b\n1,2\n3,"4\n5,6\n7,"8"\n');
    expect(rowsOf(items)).toEqual([
      { a: "1", b: "2" },
      { a: "5", b: "6" },
      { a: "7", b: "8" },
    ]);
    expect(refusalsOf(items)).toEqual([[3, "quote_not_closed"]]);
  });

  test("H42 an unclosed quote of 100 MB takes neither memory nor time", async () => {
    const before = heldBytes();
    let highest = 0;
    const endless = (async function* () {
      yield 'a,b\n1,2\n3,"';
      const piece = Buffer.alloc(1_000_000, "x");
      for (let i = 0; i < 100; i += 1) {
        yield piece;
        if (i % 25 === 24) highest = Math.max(highest, heldBytes());
      }
      yield "\n5,6\n";
    })();
    const started = performance.now();
    const items = await readAll(endless, { maxBytes: 200_000_000 });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(highest - before).toBeLessThan(8 * 1024 * 1024);
    expect(rowsOf(items)).toEqual([
      { a: "1", b: "2" },
      { a: "5", b: "6" },
    ]);
    expect(refusalsOf(items)).toEqual([[3, "quote_not_closed"]]);
  });

  test("H42 a quote on every line cannot make reading slow", async () => {
    const started = performance.now();
    await readAll(`a\n${'x,"y\n"z,"'.repeat(300_000)}`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("H42 10,000 columns, a header twice over, no header, too many cells", async () => {
    const wide = Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(",");
    expect(refusalsOf(await readAll(`${wide}\n1,2\n`))).toEqual([[1, "too_many_columns"]]);
    expect(refusalsOf(await readAll("a,b,a\n1,2,3\n"))).toEqual([[1, "column_twice"]]);
    expect(refusalsOf(await readAll("\n\n"))).toEqual([[3, "header_missing"]]);
    expect(refusalsOf(await readAll(""))).toEqual([[1, "header_missing"]]);
    const items = await readAll(`a,b\n1,2\na,b\n1,2,3\n${",".repeat(500_000)}x\n3,4,,\n`);
    expect(refusalsOf(items)).toEqual([
      [3, "header_repeated"],
      [4, "too_many_cells"],
      [5, "too_many_cells"],
    ]);
    expect(rowsOf(items)).toHaveLength(2);
  });

  test("H42 a row of more than a megabyte is refused, the next one lands", async () => {
    const items = await readAll(`a\n${"x".repeat(3_000_000)}\nb\n`);
    expect(refusalsOf(items)).toEqual([[2, "row_too_large"]]);
    expect(rowsOf(items)).toEqual([{ a: "b" }]);
  });

  test("H42 formula cells are text like any other", async () => {
    expect(rowsOf(await readAll("a\n=cmd|' /C calc'!A0\n"))).toEqual([{ a: "=cmd|' /C calc'!A0" }]);
  });

  test("H20 column names cannot reach a prototype", async () => {
    const items = await readAll("__proto__,constructor\n1,2\n");
    const values = (items[1] as { values: Record<string, string> }).values;
    expect(Object.getPrototypeOf(values)).toBeNull();
    expect(Object.keys(values)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  test("H41 a table without end is cut at the byte limit", async () => {
    const endless = (async function* () {
      yield "a\n";
      for (;;) yield "x\n".repeat(10_000);
    })();
    expect((await readAll(endless, { maxBytes: 500_000 })).at(-1)).toMatchObject({ token: "too_large" });
  });

  test("rows across the edges of what is held at a time are whole", async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => ({
      a: `${n}\n"${"王".repeat(n % 90)}"`,
      b: `${n}`,
    }));
    const text = await written(rows, ["a", "b"]);
    for (const size of [1_000, 65_535, 65_537]) {
      const bytes = Buffer.from(text.replaceAll("\n", "\r\n").replaceAll("\r\r", "\r"));
      const pieces = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })();
      expect(rowsOf(await readAll(pieces))).toEqual(rows);
    }
  });

  test("where the chunks are cut does not matter", async () => {
    const bytes = Buffer.from('\uFEFFa,b\r\n"王\r\n",𠮷\r\n"x""y",\r\n');
    const whole = await readAll(bytes);
    for (let size = 1; size < 8; size += 1) {
      const pieces = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })();
      expect(await readAll(pieces)).toEqual(whole);
    }
  });
});

describe("writing", () => {
  test("H43 what a spreadsheet would run begins with an apostrophe", () => {
    const dangerous = [
      "=cmd|' /C calc'!A0",
      "+1",
      "-1+1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      "\0=1",
      " =1",
      "＝1",
      "＋1",
      "－1",
      "＠1",
      "\u200B=1",
      "\u202E=1",
      "\n=1",
    ];
    for (const text of dangerous) expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
    for (const text of ["王小明", "a=b", "3-4", "x@example.net", "'quoted'"])
      expect(csvCell(text)).toBe(text);
  });

  test("H43 markup and controls: text stays text, controls go", () => {
    expect(csvCell("<script>alert(1)</script>")).toBe("<script>alert(1)</script>");
    expect(csvCell("a\0b\x07c")).toBe("abc");
    expect(csvCell('say "hi", twice')).toBe('"say ""hi"", twice"');
  });

  test("numbers are numbers, telephone numbers are text", async () => {
    expect(
      await written(
        [{ n: -1.5, phone: "+886 912 345 678", ok: true, none: null, bad: Number.NaN }],
        ["n", "phone", "ok", "none", "bad"],
        { bom: true },
      ),
    ).toBe("\uFEFFn,phone,ok,none,bad\r\n-1.5,'+886 912 345 678,true,,\r\n");
  });

  test("what was written is read again, by us and by others", async () => {
    const cell = fc
      .oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^['=+\-@ ,;"\n]{0,6}x?$/))
      .map(cleanParagraphs);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), async (pairs) => {
        const rows = pairs.map(([a, b]) => ({ key: "k", a, b }));
        const text = await written(rows, ["key", "a", "b"]);
        expect(rowsOf(await readAll(Buffer.from(text)))).toEqual(rows);
        expect(parse(text, { columns: true })).toHaveLength(rows.length);
      }),
    );
  });
});
