import { describe, expect, test } from "vitest";
import type { TravellersError } from "./travellers.ts";
import { readTravellers, travellerLines } from "./travellers.ts";

// The shape of the official file: a byte order mark, separators, "-" where nothing was collected, subtotals inside.
const lines = [
  ["\uFEFF首站抵達地", "細分", "2008", "2009"],
  ["亞洲地區", "日本Japan", "1,309", "1,113"],
  ["亞洲地區", "土耳其Turkey", "-", "0"],
  ["亞洲地區", "亞洲其他地區 Others", "26", "19"],
  ["亞洲地區", "亞洲合計 Total", "1,335", "1,132"],
  ["非洲地區", "南非S. Africa", "38", "0"],
  ["非洲地區", "非洲合計 Total", "38", "0"],
  ["歐洲地區", "英國U.K.", "39,114", "50,621"],
  ["歐洲地區", "歐洲其他地區 Total", "36", "191"],
  ["歐洲地區", "歐洲合計 Total", "39,150", "50,812"],
  ["全區", "其他 Others", "592", "143"],
  ["全區", "總計 Grand Total", "41,115", "52,087"],
];
const changed = (line: number, cell: number, text: string) =>
  lines.map((cells, at) => (at === line ? cells.with(cell, text) : cells));

describe("outbound travellers by first landing", () => {
  test("names, levels and figures of every line and year", () => {
    const rows = readTravellers(lines);
    expect(rows).toHaveLength(22);
    expect(rows.slice(0, 3)).toEqual([
      { position: 1, year: 2008, continent: "asia", level: "place", name_zh: "日本", name_en: "Japan", travellers: 1309 },
      { position: 1, year: 2009, continent: "asia", level: "place", name_zh: "日本", name_en: "Japan", travellers: 1113 },
      { position: 2, year: 2008, continent: "asia", level: "place", name_zh: "土耳其", name_en: "Turkey", travellers: null },
    ]); // prettier-ignore
    const level = (name: string) => rows.find(({ name_zh }) => name_zh === name)?.level;
    expect([level("亞洲其他地區"), level("歐洲其他地區"), level("亞洲合計"), level("其他"), level("總計")]).toEqual([
      "others", "others", "subtotal", "unknown", "total",
    ]); // prettier-ignore
    expect(rows.find(({ name_zh }) => name_zh === "南非")?.name_en).toBe("S. Africa");
  });

  test("not collected is not nought", () => {
    const turkey = readTravellers(lines).filter(({ name_en }) => name_en === "Turkey");
    expect(turkey.map(({ travellers }) => travellers)).toEqual([null, 0]);
  });

  test.each([
    ["a subtotal that is not the sum of its lines", changed(4, 2, "1,336"), 5],
    ["a grand total that is not", changed(11, 3, "52,088"), 12],
    ["a number with a wrong separator", changed(1, 2, "13,09"), 2],
    ["a formula", changed(1, 2, "=1+1"), 2],
    ["a continent nobody knows", changed(5, 0, "南極地區"), 6],
    ["a line that is too short", lines.map((cells, at) => (at === 3 ? cells.slice(0, 3) : cells)), 4],
    ["another heading", changed(0, 3, "去年"), 1],
    ["a year twice", changed(0, 3, "2008"), 1],
  ])("%s is refused with its line", (_what, wrong, line) => {
    expect(() => readTravellers(wrong)).toThrow(expect.objectContaining({ line }) as TravellersError);
  });

  test("lines are found by the names of their columns, in any order", () => {
    const rows = [{ "2009": "1,113", 細分: "日本Japan", 首站抵達地: "亞洲地區", "2008": "1,309" }];
    expect(readTravellers(travellerLines(rows)).map(({ year, travellers }) => [year, travellers])).toEqual([
      [2008, 1309], [2009, 1113],
    ]); // prettier-ignore
  });
});
