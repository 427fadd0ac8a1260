/** Years of invented counts in the shape of a release: months, countries and types with their hierarchies. */
import { informationOf } from "#app/privacy/disclosure-control/suppression.ts";
import {
  linkedTables,
  type Dimension,
  type TableShape,
  type TableSystem,
} from "#app/privacy/disclosure-control/table-system.ts";

export interface CubeSize {
  countries: number;
  /** Sub-types below each of the seven types; 0 for none. */
  subtypes: number;
  /** Cases in the year. */
  cases: number;
  seed?: number;
  /** The whole cube, or only the tables that a release shows. */
  tables: "cube" | "release";
}

const TYPES = [
  "passport_lost",
  "arrest",
  "injury_death",
  "theft_fraud",
  "violent_crime",
  "force_majeure",
  "other",
];
/** Rough shares of the types, most frequent first is a lost passport. */
const SHARES = [0.52, 0.06, 0.12, 0.16, 0.03, 0.03, 0.08];
const SENSITIVE = new Set(["arrest", "injury_death", "violent_crime"]);

/** A year of cases spread over countries as travel is: few countries have most, most have hardly any. */
export function inventYear({ countries, subtypes, cases, tables, seed = 1 }: CubeSize): TableSystem {
  const random = generator(seed);
  const months = Array.from({ length: 12 }, (_, month) => `m${month + 1}`);
  const quarters = [0, 1, 2, 3].map(
    (quarter) => [`q${quarter + 1}`, months.slice(quarter * 3, quarter * 3 + 3)] as const,
  );
  const places = Array.from({ length: countries }, (_, country) => `c${country}`);
  const regions = Array.from(
    { length: Math.min(9, Math.max(1, Math.floor(countries / 3))) },
    (_, region) => `r${region}`,
  );
  const kinds = TYPES.map(
    (type) => [type, Array.from({ length: subtypes }, (_, number) => `${type}.${number}`)] as const,
  );
  const groups = [
    ["harm", ["injury_death", "violent_crime"]],
    ["property", ["passport_lost", "theft_fraud"]],
  ] as const;
  const tops = ["harm", "property", "arrest", "force_majeure", "other"];
  const dimensions: Dimension[] = [
    { name: "time", root: "year", children: new Map<string, readonly string[]>([["year", quarters.map(([name]) => name)], ...quarters]) },
    {
      name: "area",
      root: "world",
      children: new Map<string, readonly string[]>([
        ["world", regions],
        ...regions.map((region, at) => [region, places.filter((_, place) => place % regions.length === at)] as const),
      ]),
    },
    {
      name: "type",
      root: "all",
      attribute: true,
      children: new Map<string, readonly string[]>([["all", tops], ...groups, ...(subtypes > 0 ? kinds : [])]),
    },
  ]; // prettier-ignore

  const placeShares = places.map((_, at) => 1 / (at + 1) ** 1.1);
  const counts = new Map<string, number>();
  const add = (time: string, area: string, type: string) => {
    const id = `${time}|${area}|${type}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const parents = new Map(
    dimensions.flatMap(({ children }) =>
      [...children].flatMap(([parent, parts]) => parts.map((part) => [part, parent])),
    ),
  );
  const chain = (code: string): string[] => {
    const parent = parents.get(code);
    return parent === undefined ? [code] : [code, ...chain(parent)];
  };
  for (let one = 0; one < cases; one += 1) {
    const type = pick(TYPES, SHARES, random);
    const leaf = subtypes > 0 ? `${type}.${Math.floor(random() * subtypes)}` : type;
    const when = chain(months[Math.floor(random() * 12)]!);
    const where = chain(pick(places, placeShares, random));
    for (const time of when) for (const area of where) for (const kind of chain(leaf)) add(time, area, kind);
  }
  const time = codesOf(dimensions[0]!);
  const area = codesOf(dimensions[1]!);
  const type = codesOf(dimensions[2]!);
  const shapes: TableShape[] =
    tables === "cube"
      ? [{ time, area, type }]
      : [
          { time, area },
          { time, type },
          { area: ["world", ...regions], type },
        ];
  const heightOf = (dimension: Dimension, code: string): number =>
    Math.max(0, ...(dimension.children.get(code) ?? []).map((part) => 1 + heightOf(dimension, part)));
  const heights = dimensions.map(
    (dimension) => new Map(codesOf(dimension).map((code) => [code, heightOf(dimension, code)])),
  );
  return linkedTables(dimensions, shapes, (codes) => {
    const [when, where, what] = codes;
    const value = counts.get(`${when}|${where}|${what}`) ?? 0;
    const height = codes.reduce((sum, code, at) => sum + heights[at]!.get(code)!, 0);
    const base = what!.split(".")[0]!;
    const k = SENSITIVE.has(base) || base === "harm" ? 10 : 5;
    return {
      value,
      threshold: k,
      // Totals are what readers come for.
      weight: informationOf(value) * 2 ** height,
      width: k,
      ...(SENSITIVE.has(base) ? { revealing: true } : {}),
    };
  });
}

function codesOf({ root, children }: Dimension): string[] {
  const codes = [root];
  for (let at = 0; at < codes.length; at += 1) codes.push(...(children.get(codes[at]!) ?? []));
  return codes;
}

function pick<Item>(items: readonly Item[], shares: readonly number[], random: () => number): Item {
  let left = random() * shares.reduce((sum, share) => sum + share, 0);
  for (const [at, share] of shares.entries()) {
    left -= share;
    if (left < 0) return items[at]!;
  }
  return items.at(-1)!;
}

/** The same numbers for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
