/** The tables of a release as they are shown and downloaded, and what several releases say together. Pure and browser-safe. */
import type { CsvValue } from "../../formats/csv.ts";
import { kindOfPeriod, readPeriod } from "./periods.ts";
import { figureFinder, type Figure, type ReleaseContent } from "./release-content.ts";

export const TABLES = ["area", "type", "programme", "region-type"] as const;
export type TableName = (typeof TABLES)[number];

/** A table with a heading a column; `find` gives the figure of a crossing, undefined where there were no cases. */
export interface ShownTable {
  rows: string[];
  columns: string[];
  find(row: string, column: string): Figure | undefined;
}

/** Whether a figure belongs to a table. Totals belong to several. */
export function isOf(table: TableName, figure: Figure, period: string): boolean {
  const { time, area, type, programme } = figure;
  switch (table) {
    case "area":
      return type === "all" && programme === "all";
    case "type":
      return area === "all" && programme === "all";
    case "programme":
      return area === "all" && type === "all" && (programme !== "all" || time === period);
    case "region-type":
      return programme === "all" && time === period && !isCountry(area);
  }
}

/** Countries have two capital letters; regions and `all` do not. */
export function isCountry(area: string): boolean {
  return /^[A-Z]{2}$/.test(area);
}

/** A table of a release, rows and columns in the order in which the release has them, totals first. */
export function tableOf({ figures, period }: ReleaseContent, name: TableName): ShownTable {
  const mine = figures.filter((figure) => isOf(name, figure, period));
  const find = figureFinder(mine);
  const rowOf = { area: "area", type: "type", programme: "programme", "region-type": "area" } as const;
  const columnOf = { area: "time", type: "time", programme: "time", "region-type": "type" } as const;
  const rows = [...new Set(mine.map((figure) => figure[rowOf[name]]))];
  const columns = [...new Set(mine.map((figure) => figure[columnOf[name]]))];
  return {
    rows,
    columns,
    find: (row, column) =>
      find(
        name === "region-type"
          ? { time: period, area: row, type: column }
          : { time: column, [rowOf[name]]: row },
      ),
  };
}

export const CSV_COLUMNS = [
  "release", "period", "time", "area", "area_name", "type", "type_name", "programme", "programme_name", "cases", "low", "high",
  "basis", "invented",
] as const; // prettier-ignore

/** The rows of a download: one a figure, with the basis beside each, so that no figure travels without it (D83). */
export function csvRows(
  release: { number: number; content: ReleaseContent },
  table: TableName,
  language: string,
  names: { area(code: string): string; type(code: string): string; programme(code: string): string },
): Record<string, CsvValue>[] {
  const { content, number } = release;
  const basis = basisText(content, language);
  return content.figures
    .filter((figure) => isOf(table, figure, content.period))
    .map((figure) => ({
      ...figure,
      release: number,
      period: content.period,
      area_name: names.area(figure.area),
      type_name: names.type(figure.type),
      programme_name: names.programme(figure.programme),
      basis,
      invented: content.invented,
    }));
}

/** The basis in one paragraph. */
export function basisText({ basis }: ReleaseContent, language: string): string {
  return [basis.counted, basis.counted_by, basis.coverage, basis.undercount, basis.protection]
    .map((texts) => texts[language] ?? texts["en"] ?? "")
    .join(language === "en" ? " " : "");
}

/** The most frequent of some codes among what is published; null when nothing is. */
export function largest(figures: readonly (Figure | undefined)[]): Figure | null {
  let best: Figure | null = null;
  for (const figure of figures) {
    if (figure && figure.cases !== null && (best === null || figure.cases > best.cases!)) best = figure;
  }
  return best;
}

export interface YearOfMonths {
  year: number;
  /** January to December; null where no release has the month. */
  months: (Figure | null)[];
  /** The year, or as much of it as is out. */
  toDate: Figure | null;
}

/**
 * The months of all years, each as the newest release has it.
 * @param contents newest release first.
 */
export function monthsByYear(contents: readonly ReleaseContent[]): YearOfMonths[] {
  const years = new Map<number, YearOfMonths>();
  for (const { figures } of contents) {
    for (const figure of figures) {
      if (figure.area !== "all" || figure.type !== "all" || figure.programme !== "all") continue;
      const period = readPeriod(figure.time)!;
      const year: YearOfMonths = years.get(period.year) ?? {
        year: period.year,
        months: Array<Figure | null>(12).fill(null),
        toDate: null,
      };
      years.set(period.year, year);
      if (kindOfPeriod(period) === "month") year.months[period.from - 1] ??= figure;
      if (period.from === 1 && (!year.toDate || readPeriod(year.toDate.time)!.to < period.to))
        year.toDate = figure;
    }
  }
  return [...years.values()].sort((a, b) => b.year - a.year);
}

/** Cases on a hundred thousand travellers, to one decimal; null where either is not known or nobody travelled. */
export function ratePer100000(cases: number | null, travellers: number | null): number | null {
  if (cases === null || travellers === null || travellers === 0) return null;
  return Math.round((cases / travellers) * 1_000_000) / 10;
}
