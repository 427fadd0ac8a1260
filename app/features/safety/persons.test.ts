import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DISPLAY_STATUSES,
  NEEDS,
  NOTE_SOURCES,
  NOTE_STATUSES,
  ageBand,
  ageBandOfRange,
  displayStatus,
  headline,
  isMinor,
  type DisplayStatus,
  type NoteSource,
  type NoteStatus,
} from "./persons.ts";

describe("displayStatus", () => {
  test.each<[NoteStatus | null, NoteSource | null, DisplayStatus]>([
    ["is_note_author", "self", "safe"],
    ["is_note_author", "official", "safe"],
    // Anybody can say "this is me"; only the person's own link proves it.
    ["is_note_author", "third_party", "claimed"],
    ["believed_alive", "third_party", "alive"],
    ["believed_alive", "official", "alive"],
    ["believed_missing", "third_party", "missing"],
    ["information_sought", "third_party", "sought"],
    ["believed_dead", "official", "dead"],
    [null, null, "unknown"],
  ])("%s said by %s is %s", (status, by, shown) => {
    expect(displayStatus({ status, by, needs: [] })).toBe(shown);
  });

  test("a call for help stands before everything but a death", () => {
    for (const status of [...NOTE_STATUSES, null])
      for (const by of [...NOTE_SOURCES, null])
        expect(displayStatus({ status, by, needs: ["injured"] })).toBe(
          status === "believed_dead" ? "dead" : "needs_help",
        );
  });

  test("has a word for whatever was said", () => {
    for (const status of [...NOTE_STATUSES, null])
      for (const by of [...NOTE_SOURCES, null])
        for (const needs of [[], [...NEEDS]])
          expect(DISPLAY_STATUSES).toContain(displayStatus({ status, by, needs }));
  });

  test("nobody is called safe on somebody else's word", () => {
    for (const status of [...NOTE_STATUSES, null])
      expect(displayStatus({ status, by: "third_party", needs: [] })).not.toBe("safe");
  });
});

describe("ageBand", () => {
  const age = fc.integer({ min: 0, max: 130 });

  test("is five years wide, begins with a multiple of five and holds the age", () => {
    fc.assert(
      fc.property(age, (years) => {
        const { age_from, age_to } = ageBand(years);
        expect(age_from % 5).toBe(0);
        expect(age_to - age_from).toBe(4);
        expect(age_from <= years && years <= age_to).toBe(true);
      }),
    );
  });

  test("H52: tells nobody of one band from another: five ages share each", () => {
    const bands = new Map<string, number>();
    for (let years = 0; years < 130; years += 1) {
      const { age_from, age_to } = ageBand(years);
      bands.set(`${age_from}-${age_to}`, (bands.get(`${age_from}-${age_to}`) ?? 0) + 1);
    }
    expect([...bands.values()].every((ages) => ages === 5)).toBe(true);
  });

  test("a range from elsewhere is never made narrower, nor narrower than five years", () => {
    fc.assert(
      fc.property(age, age, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { age_from, age_to } = ageBandOfRange(from, to);
        expect(age_from <= from && to <= age_to).toBe(true);
        expect(age_to - age_from).toBeGreaterThanOrEqual(4);
        expect([age_from % 5, (age_to + 1) % 5]).toEqual([0, 0]);
        // As wide as it must be, and no wider.
        expect(from - age_from).toBeLessThan(5);
        expect(age_to - to).toBeLessThan(5);
      }),
    );
  });

  test("of a single age is the band of that age", () => {
    fc.assert(
      fc.property(age, (years) => {
        expect(ageBandOfRange(years, years)).toEqual(ageBand(years));
      }),
    );
  });
});

describe("isMinor", () => {
  test.each([
    [{ age: 17 }, true],
    [{ age: 18 }, false],
    [{ age: 0 }, true],
    [{ birth_year: 2009 }, true],
    [{ birth_year: 2008 }, false],
    // The age somebody gave outweighs a year.
    [{ age: 40, birth_year: 2020 }, false],
    [{}, false],
    [{ age: null, birth_year: null }, false],
  ])("%j", (facts, minor) => {
    expect(isMinor(facts, 2026)).toBe(minor);
  });
});

describe("the headline", () => {
  const person = {
    status: "believed_missing",
    status_by: "third_party",
    status_date: "2026-11-22T03:00:00+00:00",
    self_status_date: "2026-11-22T01:00:00+00:00",
    needs: ["injured"],
  } as const;

  test("keeps a call for help hers when somebody else says something later", () => {
    expect(headline({ ...person, needs: [...person.needs] })).toEqual({
      status: "needs_help",
      source: "self",
      at: "2026-11-22T01:00:00+00:00",
    });
  });

  test("otherwise names whoever spoke last", () => {
    expect(headline({ ...person, needs: [] })).toEqual({
      status: "missing",
      source: "third_party",
      at: "2026-11-22T03:00:00+00:00",
    });
  });
});
