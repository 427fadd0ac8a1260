/**
 * Answers of a form or of a JSON body as zod fields, for every kind of record: text that strangers may send, choices,
 * numbers, addresses. Absent, empty and blank mean the same: no answer. Messages are tokens, the page says them in words.
 */
import { z } from "zod";
import {
  combiningRunTooLong,
  cleanLine,
  cleanParagraphs,
  graphemeLength,
  graphemeTooLong,
  hasBidiControl,
  isBlank,
  isWellFormedText,
} from "./safe-text.ts";

/** Longest address and phone number that are taken. */
const LONGEST = { email: 254, phone: 40 } as const;

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
      // Cheap bounds first: nobody's name is worth segmenting a megabyte for.
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

/** One line of text, at most `max` characters. */
export const line = (max: number, token: string) => text(max, token, cleanLine);
/** Text in lines, at most `max` characters. */
export const paragraphs = (max: number, token: string) => text(max, token, cleanParagraphs);

/** The same, but an answer is needed. */
export function required<T>(schema: z.ZodType<T | undefined>, token: string) {
  return schema.transform((value, context): T => {
    if (value === undefined) {
      context.issues.push({ code: "custom", message: token, input: value });
      return z.NEVER;
    }
    return value;
  });
}

/** One of these words. */
export function choice<const T extends readonly string[]>(words: T, token: string) {
  return z.preprocess(
    (value) => (noAnswer(value) ? undefined : value),
    z.enum(words, { error: token }).optional(),
  );
}

/** A whole number, in digits of any script. */
export function wholeNumber(from: number, to: number, token: string) {
  return z.preprocess(
    (value) => {
      if (noAnswer(value)) return undefined;
      // Full-width and other decimal digits are typed by people too.
      const typed = typeof value === "string" ? asciiDigits(value).trim() : value;
      return typeof typed === "string" && /^\d{1,4}$/.test(typed) ? Number(typed) : typed;
    },
    z.number({ error: token }).int(token).min(from, token).max(to, token).optional(),
  );
}

/** Decimal digits of any script as 0–9. */
export function asciiDigits(s: string): string {
  return s.normalize("NFKC").replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    let zero = code;
    while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((code - zero) % 10);
  });
}

/** An e-mail address without tricks. */
export const email = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const typed = typeof value === "string" ? value.normalize("NFKC").trim() : "";
    // One local part, one domain, no room for a second header line, a comment or a quoted trick.
    if (
      typed.length > LONGEST.email ||
      !/^[^\s@"<>(),:;[\]\\]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(
        typed,
      )
    ) {
      context.issues.push({ code: "custom", message: "email_invalid", input: value });
      return z.NEVER;
    }
    return typed;
  });

/** A phone number: 5 to 20 digits with the marks people write between them. */
export const phone = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const typed = typeof value === "string" ? asciiDigits(value).trim() : "";
    const digits = typed.replace(/\D/g, "");
    if (
      typed.length > LONGEST.phone ||
      digits.length < 5 ||
      digits.length > 20 ||
      !/^\+?[\d\s().\-/#]*(?:(?:ext|x)\.?\s*\d{1,6})?$/i.test(typed)
    ) {
      context.issues.push({ code: "custom", message: "phone_invalid", input: value });
      return z.NEVER;
    }
    return typed;
  });

const regionNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** Whether this is an ISO 3166-1 alpha-2 code that names a country or area. */
export function isCountryCode(code: string): boolean {
  return (
    /^[A-Z]{2}$/.test(code) &&
    !["ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"].includes(code) &&
    regionNames.of(code) !== undefined
  );
}

/** A tick. */
export const yesNo = z.preprocess(
  (value) =>
    noAnswer(value) ? undefined : value === true || value === "yes" || value === "true" || value === "on",
  z.boolean().optional(),
);

/** A key the sender chose, to make a resend harmless. */
export const clientId = z.preprocess(
  (value) => (noAnswer(value) ? undefined : value),
  z
    .string({ error: "id_invalid" })
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, "id_invalid")
    .optional(),
);
