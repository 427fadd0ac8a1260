import { describe, expect, test } from "vitest";
import { kindOfPeriod, pastPeriods, periodName, readPeriod, shownPeriods } from "./periods.ts";

describe("periods", () => {
  test.each([
    ["2026-07", { year: 2026, from: 7, to: 7 }, "month"],
    ["2026-Q3", { year: 2026, from: 7, to: 9 }, "quarter"],
    ["2026", { year: 2026, from: 1, to: 12 }, "year"],
    ["2026-01..2026-09", { year: 2026, from: 1, to: 9 }, "span"],
  ])("%s is read, and written again the same", (name, period, kind) => {
    expect(readPeriod(name)).toEqual(period);
    expect(periodName(period)).toBe(name);
    expect(kindOfPeriod(period)).toBe(kind);
  });

  test.each(["2026-13", "2026-00", "2026-Q5", "26", "2026-09..2026-01", "2026-01..2027-02", "", "x"])(
    "%s is none",
    (name) => expect(readPeriod(name)).toBeNull(),
  );

  test("months that have a name of their own are called by it", () => {
    expect(periodName({ year: 2026, from: 1, to: 3 })).toBe("2026-Q1");
    expect(periodName({ year: 2026, from: 2, to: 4 })).toBe("2026-02..2026-04");
  });

  test("a release shows its parts, itself and the year to date, each once", () => {
    const names = (name: string) => shownPeriods(readPeriod(name)!).map(periodName);
    expect(names("2026-Q3")).toEqual(["2026-07", "2026-08", "2026-09", "2026-Q3", "2026-01..2026-09"]);
    expect(names("2026-Q1")).toEqual(["2026-01", "2026-02", "2026-03", "2026-Q1"]);
    expect(names("2026-01")).toEqual(["2026-01"]);
    expect(names("2026")).toHaveLength(17);
  });

  test("only what is over can be released", () => {
    expect(pastPeriods("quarter", "2026-11-25", 3)).toEqual(["2026-Q3", "2026-Q2", "2026-Q1"]);
    expect(pastPeriods("month", "2026-01-02", 2)).toEqual(["2025-12", "2025-11"]);
    expect(pastPeriods("year", "2026-12-31", 2)).toEqual(["2025", "2024"]);
  });
});
