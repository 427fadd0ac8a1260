/**
 * The tables of a release as disclosure control needs them: every cell that is shown in any of them, and what ties them.
 *
 * Shown are time × area (countries, regions, all), time × type (types, groups, all), area × type for the
 * period of the release by region, and programme. Whatever an attacker can derive besides is there as latent cells: the parts
 * of the year between the periods of all releases, and the cube time × region × type of which the tables are the sides
 * (three sides of a cube bound one another although no equation between published cells says so).
 * Pure.
 */
import {
  cellId,
  linkedTables,
  type Cell,
  type Dimension,
  type TableSystem,
} from "../../privacy/disclosure-control/table-system.ts";
import { informationOf } from "../../privacy/disclosure-control/suppression.ts";
import { periodName, shownPeriods, type Period } from "./periods.ts";

export const CASE_TYPES = [
  "passport_lost", "arrest", "injury_death", "theft_fraud", "violent_crime", "force_majeure", "other",
] as const; // prettier-ignore

/** Groups of types that are shown with their sum; the other types stand for themselves. */
export const TYPE_GROUPS = {
  harm: ["injury_death", "violent_crime"],
  property: ["passport_lost", "theft_fraud"],
} as const;

/** Types in the order they are shown: each group before its types. */
export const TYPE_ORDER = [
  "property", "passport_lost", "theft_fraud", "harm", "injury_death", "violent_crime", "arrest", "force_majeure", "other",
] as const; // prettier-ignore

export const PROGRAMMES = ["tourism", "working_holiday", "work", "study", "resident", "other"] as const;

export const REGIONS = [
  "north_east_asia", "south_east_asia", "south_asia", "west_asia", "europe", "north_america", "latin_america", "oceania",
  "africa",
] as const; // prettier-ignore

/** Counts of these may not be below ten: whoever knows of the case could tell who was meant, and it would hurt. */
export const SENSITIVE_TYPES: readonly string[] = ["arrest", "injury_death", "violent_crime"];
export const SENSITIVE_THRESHOLD = 10;
export const THRESHOLD = 5;

export const ALL = "all";
const TOP_TYPES = ["property", "harm", "arrest", "force_majeure", "other"];

/** Cases of one month, country, type and programme: `[2026-07, JP, arrest, tourism, 3]`. */
export type CountRow = readonly [
  month: string,
  country: string,
  type: string,
  programme: string,
  cases: number,
];

/** What all systems of one year must agree on, so that their cells are the same. */
export interface YearFrame {
  year: number;
  /** Where any period of any release begins or ends, as the last month before it: 0 to 12. */
  cuts: readonly number[];
  /** Countries with a case in any release. */
  countries: readonly string[];
  regionOf: ReadonlyMap<string, string>;
}

/** The frame of releases that are protected together; all periods lie in one year. */
export function frameOf(
  releases: readonly { period: Period; counts: readonly CountRow[] }[],
  regionOf: ReadonlyMap<string, string>,
): YearFrame {
  const cuts = new Set<number>([0]);
  const countries = new Set<string>();
  for (const { period, counts } of releases) {
    for (const { from, to } of shownPeriods(period)) {
      cuts.add(from - 1);
      cuts.add(to);
    }
    for (const [, country] of counts) countries.add(country);
  }
  return {
    year: releases[0]!.period.year,
    cuts: [...cuts].sort((a, b) => a - b),
    countries: [...countries].sort(),
    regionOf,
  };
}

/** A cell's codes: time, area, type, programme. */
export type Codes = readonly [time: string, area: string, type: string, programme: string];

export function codesOf(id: string): Codes {
  return id.split("|") as unknown as Codes;
}

/** The system of one release within the frame of its year. */
export function releaseSystem(period: Period, counts: readonly CountRow[], frame: YearFrame): TableSystem {
  const { year } = frame;
  const shown = shownPeriods(period);
  const cuts = frame.cuts.filter((cut) => cut <= period.to);
  const segments = cuts.slice(1).map((to, at) => ({ year, from: cuts[at]! + 1, to }));
  const periods = [...new Map([...shown, ...segments].map((one) => [periodName(one), one])).values()];
  const times = periods.map(periodName);
  const shownTimes = new Set(shown.map(periodName));
  const regions = [...REGIONS];
  const dimensions: Dimension[] = [
    { name: "time", root: ALL, children: new Map(periods.flatMap((one) => partsOf(one, periods))) },
    {
      name: "area",
      root: ALL,
      children: new Map<string, readonly string[]>([
        [ALL, regions],
        ...regions.map(
          (region) => [region, frame.countries.filter((one) => frame.regionOf.get(one) === region)] as const,
        ),
      ]),
    },
    {
      name: "type",
      root: ALL,
      attribute: true,
      children: new Map<string, readonly string[]>([[ALL, TOP_TYPES], ...Object.entries(TYPE_GROUPS)]),
    },
    { name: "programme", root: ALL, children: new Map([[ALL, PROGRAMMES]]) },
  ];
  const types = [ALL, ...TYPE_ORDER];
  const values = sums(counts, periods, frame.regionOf);
  const own = periodName(period);
  const toDate = periodName({ year, from: 1, to: period.to });
  const isShown = ([time, area, type, programme]: Codes) => {
    if (!shownTimes.has(time)) return false;
    if (programme !== ALL) return time === own || time === toDate;
    if (type === ALL) return true;
    return area === ALL || time === own;
  };
  return linkedTables(
    dimensions,
    [
      { time: times, area: [ALL, ...regions, ...frame.countries] },
      { time: times, type: types },
      { time: times, area: [ALL, ...regions], type: types },
      { time: times, programme: [ALL, ...PROGRAMMES] },
    ],
    (given) => {
      const codes = given as unknown as Codes;
      const sensitive = isSensitive(codes[2]);
      const threshold = sensitive ? SENSITIVE_THRESHOLD : THRESHOLD;
      const value = values.get(cellId(codes)) ?? 0;
      const cell: Omit<Cell, "id"> = {
        value,
        width: threshold,
        weight: informationOf(value) * importance(codes, own),
        ...(SENSITIVE_TYPES.includes(codes[2]) ? { revealing: true } : {}),
      };
      if (isShown(codes)) return { ...cell, threshold };
      // What was between two releases can be derived like a figure of its own; the inside of the cube is held by its sides.
      const isRest = codes[1] === ALL || codes[2] === ALL;
      return { ...cell, latent: true, ...(isRest ? { threshold } : {}) };
    },
  );
}

/** Whether every type in a type or group asks for the higher threshold. */
export function isSensitive(type: string): boolean {
  const parts: readonly string[] =
    type in TYPE_GROUPS ? TYPE_GROUPS[type as keyof typeof TYPE_GROUPS] : [type];
  return parts.every((part) => SENSITIVE_TYPES.includes(part));
}

/** How much dearer than another figure one is to readers: totals are what they come for. */
function importance([time, area, type, programme]: Codes, own: string): number {
  const isTotal = type === ALL && programme === ALL;
  const place =
    area === ALL ? (isTotal ? 40 : 3) : (REGIONS as readonly string[]).includes(area) ? (isTotal ? 5 : 2) : 1;
  return place * (time === own ? 2 : 1);
}

/** The longest periods that together make one up, if it is not the smallest that there is. */
function partsOf(whole: Period, periods: readonly Period[]): [string, string[]][] {
  const parts: string[] = [];
  let at = whole.from;
  while (at <= whole.to) {
    const longest = periods
      .filter(({ from, to }) => from === at && to <= whole.to && !(from === whole.from && to === whole.to))
      .sort((a, b) => b.to - a.to)[0];
    if (!longest) return [];
    parts.push(periodName(longest));
    at = longest.to + 1;
  }
  return [[periodName(whole), parts]];
}

/** Every sum that any cell needs. */
function sums(
  counts: readonly CountRow[],
  periods: readonly Period[],
  regionOf: ReadonlyMap<string, string>,
): Map<string, number> {
  const found = new Map<string, number>();
  const names = periods.map((period) => [period, periodName(period)] as const);
  const groupOf = new Map(
    Object.entries(TYPE_GROUPS).flatMap(([group, types]) => types.map((type) => [type as string, group])),
  );
  for (const [month, country, type, programme, cases] of counts) {
    const number = Number(month.slice(5));
    const group = groupOf.get(type);
    const types = group ? [ALL, group, type] : [ALL, type];
    const region = regionOf.get(country)!;
    for (const [{ from, to }, time] of names) {
      if (number < from || number > to) continue;
      const add = (...codes: Codes) => {
        const id = cellId(codes);
        found.set(id, (found.get(id) ?? 0) + cases);
      };
      for (const area of [ALL, region]) for (const one of types) add(time, area, one, ALL);
      add(time, country, ALL, ALL);
      add(time, ALL, ALL, programme);
    }
  }
  return found;
}
