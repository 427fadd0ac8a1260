/**
 * The official yearly table of outbound travellers by first landing (交通部觀光署 出國人次按首站抵達地統計), as it is published:
 * UTF-8 with a byte order mark, one line a place and one column a year, thousands separators, `-` for "not collected",
 * and subtotals, "others" and a grand total among the lines. Pure and browser-safe.
 */
export const CONTINENTS = ["asia", "africa", "americas", "oceania", "europe"] as const;
export type Continent = (typeof CONTINENTS)[number];

export interface TravellerRow {
  /** The place of the line in the table. */
  position: number;
  year: number;
  continent: Continent | "all";
  level: "place" | "others" | "subtotal" | "unknown" | "total";
  name_zh: string;
  name_en: string;
  /** Null: not collected that year. */
  travellers: number | null;
}

/** A line or the whole table is not what it should be; `line` counts from 1. */
export class TravellersError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const CONTINENT_NAMES: Readonly<Record<string, Continent | "all">> = {
  亞洲地區: "asia",
  非洲地區: "africa",
  美洲地區: "americas",
  大洋洲地區: "oceania",
  歐洲地區: "europe",
  全區: "all",
};

/**
 * Reads the cells of the table. Checks what can be checked: every subtotal is the sum of its lines.
 * @param lines cells as they stand, the heading first.
 * @returns one row a line and year. @throws TravellersError naming the first line that is not right.
 */
export function readTravellers(lines: readonly (readonly string[])[]): TravellerRow[] {
  const [heading, ...body] = lines;
  const years = (heading ?? []).slice(2).map((cell) => cell.trim());
  if (
    years.length === 0 ||
    !years.every((year) => /^(?:19|20|21)\d\d$/.test(year)) ||
    new Set(years).size < years.length
  )
    throw new TravellersError(1, "the heading must be two names and then years");
  const rows: TravellerRow[] = [];
  for (const [at, cells] of body.entries()) {
    const line = at + 2;
    if (cells.every((cell) => cell.trim() === "")) continue;
    const continent = CONTINENT_NAMES[cells[0]!.replace(/^\uFEFF/, "").trim()];
    if (!continent) throw new TravellersError(line, `"${cells[0]}" is no continent of the table`);
    if (cells.length !== years.length + 2)
      throw new TravellersError(line, `${cells.length} cells instead of ${years.length + 2}`);
    const { zh, en, level } = nameOf(cells[1]!.trim(), continent);
    if (zh === "") throw new TravellersError(line, "the place has no name");
    for (const [which, year] of years.entries()) {
      rows.push({
        position: at + 1,
        year: Number(year),
        continent,
        level,
        name_zh: zh,
        name_en: en,
        travellers: readCount(cells[which + 2]!, line),
      });
    }
  }
  if (rows.length === 0) throw new TravellersError(2, "the table has no lines");
  checkSums(rows);
  return rows;
}

function readCount(cell: string, line: number): number | null {
  const text = cell.trim();
  if (text === "-" || text === "－") return null;
  if (!/^(?:\d{1,3}(?:,\d{3})+|\d+)$/.test(text)) throw new TravellersError(line, `"${cell}" is no number`);
  return Number(text.replaceAll(",", ""));
}

/** 「日本Japan」, 「南非S. Africa」, 「亞洲合計 Total」: Chinese first, then Latin. */
function nameOf(
  text: string,
  continent: Continent | "all",
): { zh: string; en: string; level: TravellerRow["level"] } {
  const [, zh = "", en = ""] = /^([^A-Za-z]*?)\s*([A-Za-z].*)?$/.exec(text) ?? [];
  if (continent === "all") return { zh, en, level: /總計/.test(zh) ? "total" : "unknown" };
  if (/合計$/.test(zh)) return { zh, en, level: "subtotal" };
  // The table itself calls one of these lines "Total" in English.
  return /其他地區$/.test(zh) ? { zh, en: "Others", level: "others" } : { zh, en, level: "place" };
}

function checkSums(rows: readonly TravellerRow[]): void {
  for (const total of rows) {
    if (total.level !== "subtotal" && total.level !== "total") continue;
    const parts = rows.filter(
      ({ year, continent, level }) =>
        year === total.year &&
        (total.level === "subtotal"
          ? continent === total.continent && (level === "place" || level === "others")
          : level === "subtotal" || level === "unknown"),
    );
    const sum = parts.reduce((all, { travellers }) => all + (travellers ?? 0), 0);
    if (parts.length > 0 && sum !== (total.travellers ?? 0))
      throw new TravellersError(
        total.position + 1,
        `${total.name_zh} ${total.year} is ${total.travellers}, but its lines add up to ${sum}`,
      );
  }
}

/** Which continent of that table a region of the statistics lies in. */
export const CONTINENT_OF_REGION: Readonly<Record<string, Continent>> = {
  north_east_asia: "asia",
  south_east_asia: "asia",
  south_asia: "asia",
  west_asia: "asia",
  europe: "europe",
  north_america: "americas",
  latin_america: "americas",
  oceania: "oceania",
  africa: "africa",
};

/** The lines of the table from rows that a reader of tables gives, by the names of their columns. */
export function travellerLines(rows: readonly Readonly<Record<string, string>>[]): string[][] {
  const years = Object.keys(rows[0] ?? {}).filter((name) => /^\d{4}$/.test(name));
  return [
    ["首站抵達地", "細分", ...years],
    ...rows.map((row) => [
      row["首站抵達地"] ?? "",
      row["細分"] ?? "",
      ...years.map((year) => row[year] ?? ""),
    ]),
  ];
}
