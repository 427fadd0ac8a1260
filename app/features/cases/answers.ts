/** Answers that only cases and stories have: a country we know the region of, a day of the calendar. Pure. */
import { z } from "zod";
import { noAnswer } from "../../formats/form-fields.ts";
import { REGION_OF_COUNTRY } from "./cases.ts";

/** An ISO 3166-1 country, in the case it came. */
export const country = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const code = typeof value === "string" ? value.trim().toUpperCase() : "";
    if (!REGION_OF_COUNTRY.has(code)) {
      context.issues.push({ code: "custom", message: "country_invalid", input: value });
      return z.NEVER;
    }
    return code;
  });

/**
 * A day of the calendar as `YYYY-MM-DD`: 2024-05-03, 2024/5/3, 2024年5月3日, 民國113年5月3日, 113/5/3. Null when it is none,
 * 30 February among them.
 */
export function readDay(typed: string): string | null {
  const found = /^(民國)?\s*(\d{2,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?$/.exec(
    typed.normalize("NFKC").trim(),
  );
  if (!found) return null;
  const [, republic, yearDigits, monthDigits, dayDigits] = found;
  const isRepublic = republic !== undefined || yearDigits!.length < 4;
  const year = Number(yearDigits) + (isRepublic ? 1911 : 0);
  const day = new Date(Date.UTC(year, Number(monthDigits) - 1, Number(dayDigits)));
  const iso = Number.isNaN(day.getTime()) ? "" : day.toISOString().slice(0, 10);
  return iso === `${year}-${monthDigits!.padStart(2, "0")}-${dayDigits!.padStart(2, "0")}` ? iso : null;
}

/** A day between 1990 and `today`. */
export function pastDay(today: string) {
  return z
    .unknown()
    .optional()
    .transform((value, context): string | undefined => {
      if (noAnswer(value)) return undefined;
      const refuse = (message: string) => {
        context.issues.push({ code: "custom", message, input: value });
        return z.NEVER;
      };
      const day = typeof value === "string" ? readDay(value) : null;
      if (day === null || day < "1990-01-01") return refuse("date_invalid");
      return day > today ? refuse("date_in_future") : day;
    });
}
