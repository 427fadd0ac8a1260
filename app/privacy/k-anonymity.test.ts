import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAnonymity, type Description, type Hierarchy, type Line } from "./k-anonymity.ts";

const anything = "*";
const when: Hierarchy = {
  field: "when",
  levels: ["quarter", "year", "any"],
  coarser: (value, level) => (level === 0 ? value.slice(0, 4) : anything),
};
const where: Hierarchy = {
  field: "where",
  levels: ["country", "region"],
  coarser: (value) => ({ AU: "oceania", NZ: "oceania", JP: "asia" })[value] ?? value,
};
const hierarchies = [when, where];

const line = (quarter: string, country: string, outcome: string, count = 1): Line => ({
  values: { when: quarter, where: country },
  sensitive: { outcome },
  count,
});
const about = (quarter: string, country: string): Description => ({
  when: { value: quarter, level: 0 },
  where: { value: country, level: 0 },
});

describe("how many a description could be", () => {
  const lines = [
    line("2024-Q1", "AU", "home", 3),
    line("2024-Q1", "AU", "died", 2),
    line("2024-Q2", "AU", "home", 1),
    line("2024-Q2", "NZ", "home", 4),
    line("2024-Q3", "JP", "home", 9),
  ];

  it("counts those that share everything, and the different ends among them", () => {
    expect(checkAnonymity(lines, about("2024-Q1", "AU"), hierarchies, { k: 5, l: 2 })).toEqual({
      size: 5,
      diversity: { outcome: 2 },
      isProtected: true,
      coarsenings: [],
    });
  });

  it("names every least coarsening that suffices, fewest steps first", () => {
    const check = checkAnonymity(lines, about("2024-Q2", "AU"), hierarchies, { k: 5, l: 2 });
    expect(check).toMatchObject({ size: 1, isProtected: false });
    // The region alone gives five alike, but all ended the same; the year gives six with two ends.
    expect(check.coarsenings).toEqual([
      {
        size: 6,
        diversity: { outcome: 2 },
        isProtected: true,
        steps: [{ field: "when", level: 1, levelName: "year", value: "2024" }],
      },
    ]);
  });

  it("k alike with one end are refused: l-diversity", () => {
    expect(checkAnonymity(lines, about("2024-Q3", "JP"), hierarchies, { k: 5, l: 2 })).toMatchObject({
      size: 9,
      diversity: { outcome: 1 },
      isProtected: false,
      coarsenings: [],
    });
    expect(checkAnonymity(lines, about("2024-Q3", "JP"), hierarchies, { k: 5, l: 1 }).isProtected).toBe(true);
  });

  it("a description that is coarse already starts from there", () => {
    const coarse: Description = { when: { value: "2024", level: 1 }, where: { value: "oceania", level: 1 } };
    expect(checkAnonymity(lines, coarse, hierarchies, { k: 10, l: 2 })).toMatchObject({
      size: 10,
      isProtected: true,
    });
  });

  it("nothing fits, nothing helps: it says so", () => {
    expect(checkAnonymity([], about("2024-Q1", "AU"), hierarchies, { k: 5, l: 2 })).toEqual({
      size: 0,
      diversity: {},
      isProtected: false,
      coarsenings: [],
    });
  });

  it("refuses a description without a field, a level that is none, and a demand of nothing", () => {
    const demand = { k: 5, l: 2 };
    expect(() => checkAnonymity([], { when: { value: "2024", level: 1 } }, hierarchies, demand)).toThrow(
      RangeError,
    );
    expect(() =>
      checkAnonymity([], { ...about("2024-Q1", "AU"), where: { value: "x", level: 2 } }, hierarchies, demand),
    ).toThrow(RangeError);
    expect(() => checkAnonymity([], about("2024-Q1", "AU"), hierarchies, { k: 0, l: 1 })).toThrow(RangeError);
  });
});

describe("for any table", () => {
  const lines = fc.array(
    fc.record({
      values: fc.record({
        when: fc.constantFrom("2023-Q1", "2023-Q4", "2024-Q1", "2024-Q2"),
        where: fc.constantFrom("AU", "NZ", "JP"),
      }),
      sensitive: fc.record({ outcome: fc.constantFrom("home", "died", "custody") }),
      count: fc.integer({ min: 1, max: 6 }),
    }),
    { maxLength: 40 },
  );
  const description = fc.record({
    when: fc.oneof(
      fc.record({ value: fc.constantFrom("2023-Q1", "2024-Q2"), level: fc.constant(0) }),
      fc.record({ value: fc.constantFrom("2023", "2024"), level: fc.constant(1) }),
    ),
    where: fc.record({ value: fc.constantFrom("AU", "JP"), level: fc.constant(0) }),
  });
  const demand = fc.record({ k: fc.integer({ min: 1, max: 12 }), l: fc.integer({ min: 1, max: 3 }) });

  it("the count is that of a reader who filters by hand", () => {
    fc.assert(
      fc.property(lines, description, demand, (table, described, wanted) => {
        const byHand = table
          .filter(
            ({ values }) =>
              values.where === described.where.value &&
              (described.when.level === 0 ? values.when : values.when.slice(0, 4)) === described.when.value,
          )
          .reduce((sum, { count }) => sum + count, 0);
        expect(checkAnonymity(table, described, hierarchies, wanted).size).toBe(byHand);
      }),
    );
  });

  it("every coarsening it offers is protected, never smaller than before, and none contains another", () => {
    fc.assert(
      fc.property(lines, description, demand, (table, described, wanted) => {
        const check = checkAnonymity(table, described, hierarchies, wanted);
        for (const offered of check.coarsenings) {
          const taken: Record<string, { value: string; level: number }> = { ...described };
          for (const { field, level, value } of offered.steps) taken[field] = { value, level };
          const again = checkAnonymity(table, taken, hierarchies, wanted);
          expect(again).toMatchObject({ size: offered.size, isProtected: true, coarsenings: [] });
          expect(again.size).toBeGreaterThanOrEqual(check.size);
        }
        const levels = check.coarsenings.map(({ steps }) =>
          hierarchies.map(({ field }) => steps.find((step) => step.field === field)?.level ?? -1),
        );
        for (const one of levels)
          for (const other of levels)
            if (one !== other) expect(one.every((level, index) => level <= other[index]!)).toBe(false);
      }),
    );
  });

  it("when it offers nothing, coarsening everything would not do either", () => {
    fc.assert(
      fc.property(lines, description, demand, (table, described, wanted) => {
        const check = checkAnonymity(table, described, hierarchies, wanted);
        if (check.isProtected || check.coarsenings.length > 0) return;
        const coarsest: Description = {
          when: { value: anything, level: 2 },
          where: { value: where.coarser(described.where.value, 0), level: 1 },
        };
        expect(checkAnonymity(table, coarsest, hierarchies, wanted).isProtected).toBe(false);
      }),
    );
  });
});
