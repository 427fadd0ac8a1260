/** What codes of statistics are called. */
import { countryName, number } from "../../i18n/format.ts";
import type { LanguageCode } from "../../i18n/languages.ts";
import type { Translate } from "../../i18n/translate.ts";
import { kindOfPeriod, readPeriod } from "./periods.ts";
import type { Figure } from "./release-content.ts";
import { isCountry } from "./release-views.ts";
import { PROGRAMMES, REGIONS, TYPE_ORDER } from "./release-tables.ts";

/** "2026 年第 3 季". */
export function periodText(t: Translate, name: string): string {
  const period = readPeriod(name);
  if (!period) return name;
  const { year, from, to } = period;
  switch (kindOfPeriod(period)) {
    case "month":
      return t("statistics:period.month", { year, month: from });
    case "quarter":
      return t("statistics:period.quarter", { year, quarter: to / 3 });
    case "year":
      return t("statistics:period.year", { year });
    case "span":
      return t("statistics:period.span", { year, from, to });
  }
}

export function areaText(t: Translate, language: LanguageCode, area: string): string {
  if (area === "all") return t("statistics:allArea");
  const region = REGIONS.find((one) => one === area);
  return region ? t(`statistics:region.${region}`) : isCountry(area) ? countryName(area, language) : area;
}

export function typeText(t: Translate, type: string): string {
  const known = TYPE_ORDER.find((one) => one === type);
  return known ? t(`statistics:type.${known}`) : t("statistics:type.all");
}

export function programmeText(t: Translate, programme: string): string {
  const known = PROGRAMMES.find((one) => one === programme);
  return known ? t(`statistics:programme.${known}`) : t("statistics:programme.all");
}

/** Ranges wider than this say less than a dash. */
const WIDEST_TOLD = 60;

/** A figure as it is shown: "1,234", "0–9" or "—". */
export function figureText(figure: Pick<Figure, "cases" | "low" | "high">, language: LanguageCode): string {
  const { cases, low, high } = figure;
  if (cases !== null) return number(cases, language);
  if (low === null || high === null || high - low > WIDEST_TOLD) return "—";
  return `${number(low, language)}–${number(high, language)}`;
}
