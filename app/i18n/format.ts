import type { LanguageCode } from "./languages.ts";

/** Dates, ages, lists, countries and numbers the way a reader of the language writes them. */

export const taipei = "Asia/Taipei";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const month = 30 * day;
const year = 365 * day;

const rightNow: Record<LanguageCode, string> = { "zh-TW": "剛剛", en: "just now", ja: "たった今" };

// The zone most readers live in is named by its city, as people say it.
const zoneNames: Record<LanguageCode, Record<string, string>> = {
  "zh-TW": { [taipei]: "台北", UTC: "世界標準時間" },
  en: { [taipei]: "Taipei", UTC: "UTC" },
  ja: { [taipei]: "台北", UTC: "協定世界時" },
};

// Plain place names, as spoken: the formal ones are long and say more than a family asked.
const countryNames: Record<LanguageCode, Record<string, string>> = {
  "zh-TW": { TW: "台灣", HK: "香港", MO: "澳門", PS: "巴勒斯坦", MM: "緬甸" },
  en: { TW: "Taiwan", HK: "Hong Kong", MO: "Macau", PS: "Palestine", MM: "Myanmar" },
  ja: { TW: "台湾", HK: "香港", MO: "マカオ", PS: "パレスチナ", MM: "ミャンマー" },
};

/** "3 小時前". Clocks disagree by a little: a few minutes into the future still reads "just now". */
export function age(date: Date, now: Date, language: LanguageCode): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < minute || (seconds > 0 && seconds < 5 * minute)) return rightNow[language];
  const [size, unit] = ageUnit(distance);
  return relativeFormat(language).format(Math.trunc(seconds / size), unit);
}

/** "11月22日 10:20 台北": never a time without its zone; the year when it is not this one. */
export function dateTime(date: Date, zone: string, language: LanguageCode, now?: Date): string {
  const parts = new Map(
    dateTimeFormat(language, knownZone(zone))
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const clock = `${parts.get("hour")}:${parts.get("minute")}`;
  return `${calendarDate(date, zone, language, now)} ${clock} ${zoneName(date, zone, language)}`;
}

/** "11月22日", with the year when it is not this one. */
export function calendarDate(date: Date, zone: string, language: LanguageCode, now?: Date): string {
  const showYear = !now || yearIn(date, zone) !== yearIn(now, zone);
  return dateFormat(language, knownZone(zone), showYear).format(date);
}

/** "3 小時前" and "（11月22日 10:20 台北）": how old first, because that is what a reader weighs. */
export function ageAndDate(date: Date, now: Date, zone: string, language: LanguageCode): [string, string] {
  const [gap, open, close] = language === "en" ? [" ", "(", ")"] : ["", "（", "）"];
  return [age(date, now, language) + gap, `${open}${dateTime(date, zone, language, now)}${close}`];
}

/** "台北", "紐西蘭時間". */
export function zoneName(date: Date, zone: string, language: LanguageCode): string {
  const known = knownZone(zone);
  return (
    zoneNames[language][known] ??
    zoneFormat(language, known)
      .formatToParts(date)
      .find(({ type }) => type === "timeZoneName")?.value ??
    known
  );
}

/** "受傷、沒證件" / "injured and no papers". */
export function listFormat(items: readonly string[], language: LanguageCode): string {
  if (language !== "en") return items.join("、");
  return englishList.format(items);
}

/** A country by its two-letter code, as a reader calls it; an unknown code is shown as it came. */
export function countryName(code: string, language: LanguageCode): string {
  const upper = code.toUpperCase();
  if (Object.hasOwn(countryNames[language], upper)) return countryNames[language][upper] ?? upper;
  if (!/^[A-Z]{2}$/.test(upper)) return code;
  return regionNames(language).of(upper) ?? upper;
}

/** "12,345". */
export function number(value: number, language: LanguageCode): string {
  return numberFormat(language).format(value);
}

/** "61%", from 0.61. */
export function percent(share: number, language: LanguageCode): string {
  return percentFormat(language).format(share);
}

function ageUnit(distance: number): [number, Intl.RelativeTimeFormatUnit] {
  if (distance < hour) return [minute, "minute"];
  if (distance < 2 * day) return [hour, "hour"];
  if (distance < 2 * month) return [day, "day"];
  if (distance < 2 * year) return [month, "month"];
  return [year, "year"];
}

// A zone may come from an imported record: one nobody knows is read as Taipei, and said so, instead of breaking the page.
function knownZone(zone: string): string {
  try {
    zoneFormat("en", zone);
    return zone;
  } catch {
    return taipei;
  }
}

function yearIn(date: Date, zone: string): string {
  return yearFormat(knownZone(zone)).format(date);
}

// Making an Intl format costs a thousand times more than using one, and a board shows dozens of times.
function remembered<Key extends readonly (string | boolean)[], Value>(make: (...key: Key) => Value) {
  const made = new Map<string, Value>();
  return (...key: Key): Value => {
    const name = key.join("|");
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(...key);
    if (made.size < 500) made.set(name, value);
    return value;
  };
}

const englishList = new Intl.ListFormat("en", { type: "conjunction" });
const relativeFormat = remembered(
  (language: LanguageCode) => new Intl.RelativeTimeFormat(language, { numeric: "always" }),
);
const numberFormat = remembered((language: LanguageCode) => new Intl.NumberFormat(language));
const percentFormat = remembered(
  (language: LanguageCode) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }),
);
const regionNames = remembered(
  (language: LanguageCode) => new Intl.DisplayNames(language, { type: "region" }),
);
const yearFormat = remembered(
  (timeZone: string) => new Intl.DateTimeFormat("en", { timeZone, year: "numeric" }),
);
const zoneFormat = remembered(
  (language: LanguageCode, timeZone: string) =>
    new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "longGeneric" }),
);
const dateTimeFormat = remembered(
  (language: LanguageCode, timeZone: string) =>
    new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
);
const dateFormat = remembered(
  (language: LanguageCode, timeZone: string, showYear: boolean) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      timeZone,
      year: showYear ? "numeric" : undefined,
      month: language === "en" ? "short" : "long",
      day: "numeric",
    }),
);
