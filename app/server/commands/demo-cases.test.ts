import { expect, test } from "vitest";
import { caseSchema } from "../../features/cases/cases.schema.ts";
import { inventCases } from "./demo-cases.ts";

test("5,000 cases: each is one staff could have filed, the same every time", () => {
  const cases = inventCases(5_000);
  expect(cases).toHaveLength(5_000);
  expect(new Set(cases.map(({ source_key }) => source_key)).size).toBe(5_000);
  const schema = caseSchema("2026-11-25");
  for (const { parties, invented, ...one } of cases) {
    expect(invented).toBe(true);
    const answers = Object.fromEntries(parties.map(({ party, result }) => [`party_${party}`, result]));
    expect(schema.safeParse({ ...one, ...answers }).error, JSON.stringify(one)).toBeUndefined();
  }
  expect(inventCases(5_000)[4_321]).toEqual(cases[4_321]);
});

test("they are as sparse as such numbers are: a few countries with many, most cells empty or nearly so", () => {
  const cases = inventCases(5_000);
  const count = (of: (one: (typeof cases)[number]) => string) => {
    const counts = new Map<string, number>();
    for (const one of cases) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1);
    return counts;
  };
  const byCountry = [...count(({ country }) => country)].sort(([, a], [, b]) => b - a);
  expect(byCountry[0]![0]).toBe("JP");
  expect(byCountry.slice(0, 5).reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThan(1_500);
  expect(byCountry.length).toBeGreaterThan(60);
  expect(byCountry.filter(([, n]) => n < 5).length).toBeGreaterThan(15);
  const cells = [...count(({ opened_on, country, type }) => `${opened_on.slice(0, 7)} ${country} ${type}`)];
  expect(cells.filter(([, n]) => n < 5).length / cells.length).toBeGreaterThan(0.8);
  const byYear = count(({ opened_on }) => opened_on.slice(0, 4));
  expect(byYear.get("2021")).toBeLessThan(byYear.get("2024")! / 4);
  expect([...byYear.keys()].sort()).toEqual(["2020", "2021", "2022", "2023", "2024", "2025"]);
});
