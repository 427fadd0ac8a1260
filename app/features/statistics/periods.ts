/**
 * Periods of statistics: a month, a quarter, a year, or the year to date. Pure and browser-safe.
 *
 * Every period lies in one year and is a run of months; its name is the same whoever writes it, so that the same months
 * are the same cells in every release: `2026-07`, `2026-Q3`, `2026`, `2026-01..2026-09`.
 */
export const RELEASE_KINDS = ["month", "quarter", "year"] as const;
export type ReleaseKind = (typeof RELEASE_KINDS)[number];

export interface Period {
  year: number;
  /** First and last month, 1 to 12. */
  from: number;
  to: number;
}

/** Reads the name of a period; null if it is none. */
export function readPeriod(name: string): Period | null {
  const match = /^(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:\.\.\1-(\d\d))?))?$/.exec(name);
  if (!match) return null;
  const year = Number(match[1]);
  if (match[2]) return { year, from: Number(match[2]) * 3 - 2, to: Number(match[2]) * 3 };
  if (!match[3]) return { year, from: 1, to: 12 };
  const from = Number(match[3]);
  const to = Number(match[4] ?? match[3]);
  return from >= 1 && to <= 12 && from <= to ? { year, from, to } : null;
}

/** The one name of a run of months. */
export function periodName({ year, from, to }: Period): string {
  const month = (number: number) => `${year}-${String(number).padStart(2, "0")}`;
  if (from === to) return month(from);
  if (from === 1 && to === 12) return String(year);
  if (to - from === 2 && from % 3 === 1) return `${year}-Q${(from + 2) / 3}`;
  return `${month(from)}..${month(to)}`;
}

/** What kind of period a name is; `span` for a run that is no month, quarter or year. */
export function kindOfPeriod({ from, to }: Period): ReleaseKind | "span" {
  if (from === to) return "month";
  if (from === 1 && to === 12) return "year";
  return to - from === 2 && from % 3 === 1 ? "quarter" : "span";
}

/** The periods that a release of this period shows, small before large: its months and quarters, itself, the year to date. */
export function shownPeriods(period: Period): Period[] {
  const { year, from, to } = period;
  const months = Array.from({ length: to - from + 1 }, (_, at) => ({ year, from: from + at, to: from + at }));
  const quarters = [1, 4, 7, 10]
    .map((first) => ({ year, from: first, to: first + 2 }))
    .filter((quarter) => quarter.from >= from && quarter.to <= to);
  const all = [...months, ...quarters, period, { year, from: 1, to }];
  return [...new Map(all.map((one) => [periodName(one), one])).values()];
}

/** The periods that can be released on a day, newest first: those that are over, of the last years. */
export function pastPeriods(kind: ReleaseKind, today: string, count: number): string[] {
  const length = { month: 1, quarter: 3, year: 12 }[kind];
  let year = Number(today.slice(0, 4));
  let from = Math.floor((Number(today.slice(5, 7)) - 1) / length) * length + 1;
  const names: string[] = [];
  while (names.length < count) {
    from -= length;
    if (from < 1) {
      from += 12;
      year -= 1;
    }
    names.push(periodName({ year, from, to: from + length - 1 }));
  }
  return names;
}
