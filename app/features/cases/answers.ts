/** How an answer of a form, a cell of a table or a value of JSON becomes a value of a case or a story. Pure. */
import { z } from "zod";
import {
  cleanLine,
  cleanParagraphs,
  combiningRunTooLong,
  graphemeLength,
  graphemeTooLong,
  hasBidiControl,
  isBlank,
  isWellFormedText,
} from "../../formats/safe-text.ts";
import { REGION_OF_COUNTRY } from "./cases.ts";

/** Absent, empty and blank mean the same in a form: no answer. */
export function noAnswer(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && isBlank(value));
}

function text(max: number, token: string, clean: (s: string) => string) {
  return z
    .unknown()
    .optional()
    .transform((value, context): string | undefined => {
      if (noAnswer(value)) return undefined;
      const refuse = (message: string) => {
        context.issues.push({ code: "custom", message, input: value });
        return z.NEVER;
      };
      if (typeof value !== "string") return refuse("answer_invalid");
      // Cheap bounds first: no account is worth segmenting a megabyte for.
      if (value.length > max * 20) return refuse(token);
      if (!isWellFormedText(value)) return refuse("unreadable_characters");
      if (hasBidiControl(value)) return refuse("bidi_characters");
      const cleaned = clean(value);
      if (isBlank(cleaned)) return undefined;
      if (combiningRunTooLong(cleaned)) return refuse("too_many_marks");
      if (graphemeTooLong(cleaned) || graphemeLength(cleaned) > max || cleaned.length > max * 2)
        return refuse(token);
      return cleaned;
    });
}

/** One line of at most `max` characters. */
export const line = (max: number, token: string) => text(max, token, cleanLine);

/** Several lines of at most `max` characters in all. */
export const paragraphs = (max: number, token: string) => text(max, token, cleanParagraphs);

/** An answer that must be given. */
export function required<T extends z.ZodType>(field: T, token: string) {
  return field.transform((value, context) => {
    if (value === undefined) {
      context.issues.push({ code: "custom", message: token, input: value });
      return z.NEVER;
    }
    return value as NonNullable<z.output<T>>;
  });
}

/** One of a list of words. */
export function choice<const Words extends readonly string[]>(words: Words, token: string) {
  return z.preprocess(
    (value) => (noAnswer(value) ? undefined : value),
    z.enum(words, { error: token }).optional(),
  );
}

/** A whole number; digits of any script and thousands separators are read. */
export function wholeNumber(least: number, most: number, token: string) {
  return z.preprocess(
    (value) => {
      if (noAnswer(value)) return undefined;
      const typed = typeof value === "string" ? value.normalize("NFKC").trim().replaceAll(",", "") : value;
      return typeof typed === "string" && /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
    },
    z.int({ error: token }).min(least, token).max(most, token).optional(),
  );
}

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

export const yesNo = z.preprocess(
  (value) =>
    noAnswer(value) ? undefined : value === true || value === "yes" || value === "true" || value === "on",
  z.boolean().optional(),
);
