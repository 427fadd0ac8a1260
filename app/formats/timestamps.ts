/**
 * Moments as other systems write them. A time without its offset names no moment, so it is refused rather than taken
 * for ours: in Nepal a guess would be 5 h 45 min off.
 */

export type TimestampRefusal = "time_missing" | "time_invalid" | "time_offset_missing" | "time_out_of_range";

export type TimestampRead = { iso: string } | { token: TimestampRefusal };

// RFC 3339, section 5.6, with the freedoms of ISO 8601 that feeds take: a space for T, no seconds, an offset without colon.
const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+\-\u2212]\d{2}:?\d{2})?$/;

/** Taipei has known no other offset since 1980. */
export const TAIPEI_OFFSET = "+08:00";

/** Years we can believe. What lies outside is a slip of the hand or of a machine's clock. */
const YEARS = { first: 1900, last: 2199 } as const;

/**
 * Reads a time with its offset (RFC 3339; `-00:00` is UTC) and gives it in UTC with whole seconds. Days that no
 * calendar has and offsets beyond 14 hours are refused; a leap second counts as the second before it.
 */
export function readTimestamp(text: string): TimestampRead {
  const trimmed = text.trim();
  if (trimmed === "") return { token: "time_missing" };
  const match = trimmed.length > 40 ? null : TIMESTAMP.exec(trimmed);
  if (!match) return { token: "time_invalid" };
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const second = Math.min(Number(match[6] ?? 0), 59);
  const offset = match[8];
  if (hour > 23 || minute > 59 || Number(match[6] ?? 0) > 60) return { token: "time_invalid" };
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (local.getUTCFullYear() !== year || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) {
    return { token: "time_invalid" };
  }
  if (offset === undefined) return { token: "time_offset_missing" };
  const minutes = offsetMinutes(offset);
  if (minutes === null) return { token: "time_invalid" };
  if (year < YEARS.first || year > YEARS.last) return { token: "time_out_of_range" };
  return { iso: isoSeconds(new Date(local.getTime() - minutes * 60_000)) };
}

/** Milliseconds since 1970 as feeds in JSON write them, in UTC with whole seconds; null when no believable time. */
export function readEpochMilliseconds(value: unknown): string | null {
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 8.64e15) return null;
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return year < YEARS.first || year > YEARS.last ? null : isoSeconds(date);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const RFC_822 =
  /^(?:[A-Za-z]{3},\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (GMT|UTC|UT|Z|[+-]\d{4})$/;

/** Reads the date of an RSS feed (RFC 822 with a year of four digits): `Sun, 29 Dec 2019 12:00:00 GMT`. */
export function readRssDate(text: string): TimestampRead {
  const trimmed = text.trim().replace(/ {2,}/g, " ");
  if (trimmed === "") return { token: "time_missing" };
  const match = trimmed.length > 40 ? null : RFC_822.exec(trimmed);
  if (!match) return { token: "time_invalid" };
  const month = MONTHS.findIndex((name) => name.toLowerCase() === match[2]!.toLowerCase()) + 1;
  const zone = /^[+-]/.test(match[7]!) ? match[7]! : "Z";
  const two = (text: string | number) => String(text).padStart(2, "0");
  return readTimestamp(
    `${match[3]}-${two(month)}-${two(match[1]!)}T${match[4]}:${match[5]}:${match[6] ?? "00"}${zone}`,
  );
}

/** A time in UTC with whole seconds and `Z`: `2015-04-25T06:11:26Z`. `iso` is anything `Date` reads. */
export function utcSeconds(iso: string): string {
  return isoSeconds(new Date(iso));
}

/** The same moment with the offset written as digits: `+00:00` for most systems, `-00:00` where a standard wants it. */
export function utcWithOffset(iso: string, offset: "+00:00" | "-00:00"): string {
  return `${utcSeconds(iso).slice(0, -1)}${offset}`;
}

/** What the clock on the wall of `timeZone` (IANA) shows at that moment: `2015-04-25T11:56`. UTC for an unknown zone. */
export function wallClock(iso: string, timeZone: string): string {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(new Date(iso))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year!.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** True when `timeZone` is a zone this runtime knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone });
    return true;
  } catch {
    return false;
  }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
}

function offsetMinutes(offset: string): number | null {
  if (/^[Zz]$/.test(offset)) return 0;
  const digits = offset.replace(":", "");
  const [hours, minutes] = [Number(digits.slice(1, 3)), Number(digits.slice(3, 5))];
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return null;
  return (digits.startsWith("+") ? 1 : -1) * (hours * 60 + minutes);
}

function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
