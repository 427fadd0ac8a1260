/**
 * What a visitor may send about a person, in one place for pages and API. Answers come as text (forms) or as JSON
 * values (API); both pass here. Messages are tokens, the page says them in words.
 */
import { z } from "zod";
import {
  asciiDigits,
  choice,
  clientId,
  email,
  isCountryCode,
  line,
  noAnswer,
  paragraphs,
  phone,
  required,
  wholeNumber,
  yesNo,
} from "../../formats/form-fields.ts";
import { cleanLine } from "../../formats/safe-text.ts";
import {
  LIMITS,
  NEEDS,
  NOTE_STATUSES,
  OBJECTIONS,
  POSTED_AS,
  SEXES,
  VISIBILITIES,
  isMinor,
  type NoteStatus,
  type PostedAs,
} from "./persons.ts";

function degrees(token: string) {
  return z.preprocess(
    (value) => {
      if (noAnswer(value)) return undefined;
      const typed = typeof value === "string" ? asciiDigits(value).trim() : value;
      return typeof typed === "string" && /^[+-]?\d{1,3}(?:\.\d{1,15})?$/.test(typed) ? Number(typed) : typed;
    },
    z.number({ error: token }).min(-180, token).max(180, token).optional(),
  );
}

const country = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const code = typeof value === "string" ? value.trim().toUpperCase() : "";
    if (!isCountryCode(code)) {
      context.issues.push({ code: "custom", message: "country_invalid", input: value });
      return z.NEVER;
    }
    return code;
  });

const otherNames = z
  .unknown()
  .optional()
  .transform((value, context): string[] => {
    const given = Array.isArray(value)
      ? value
      : typeof value === "string"
        ? value.split(/[\n\r;；]+/)
        : noAnswer(value)
          ? []
          : [value];
    const names: string[] = [];
    const one = line(LIMITS.name, "full_name_too_long");
    for (const item of given.slice(0, 200)) {
      const parsed = one.safeParse(item);
      if (!parsed.success) {
        context.issues.push({ code: "custom", message: parsed.error.issues[0]!.message, input: item });
        return z.NEVER;
      }
      if (parsed.data !== undefined && !names.includes(parsed.data)) names.push(parsed.data);
    }
    if (names.length > LIMITS.alternateNames) {
      context.issues.push({ code: "custom", message: "too_many_names", input: value });
      return z.NEVER;
    }
    return names;
  });

const needs = z.preprocess(
  (value) => (Array.isArray(value) ? value : noAnswer(value) ? [] : [value]),
  z
    .array(z.enum(NEEDS, { error: "need_unknown" }))
    .max(20, "need_unknown")
    .transform((given) => [...new Set(given)]),
);

const position = { lat: degrees("position_invalid"), lon: degrees("position_invalid") };

function checkPosition(
  value: { lat?: number | undefined; lon?: number | undefined },
  context: z.RefinementCtx,
): void {
  const add = (message: string) => context.addIssue({ code: "custom", path: ["lat"], message });
  if (value.lat === undefined && value.lon === undefined) return;
  if (value.lat === undefined || value.lon === undefined) return add("position_invalid");
  if (Math.abs(value.lat) > 90)
    return add(Math.abs(value.lon) <= 90 ? "position_swapped" : "position_invalid");
  // Nobody stands at 0°, 0°: it is what a phone says when it does not know.
  if (value.lat === 0 && value.lon === 0) add("position_invalid");
}

const identity = {
  full_name: required(line(LIMITS.name, "full_name_too_long"), "full_name_required").refine(
    (name) => /[\p{L}\p{N}]/u.test(name),
    "full_name_unreadable",
  ),
  alternate_names: otherNames,
  sex: choice(SEXES, "answer_invalid"),
  age: wholeNumber(0, 130, "age_invalid"),
  birth_year: wholeNumber(1890, 2100, "birth_year_invalid"),
  home_country: country,
  home_city: line(LIMITS.city, "place_too_long"),
  visibility: choice(VISIBILITIES, "visibility_invalid"),
  author_email: email,
  author_phone: phone,
};

interface Identity {
  birth_year?: number | undefined;
  age?: number | undefined;
  author_phone?: string | undefined;
  visibility?: (typeof VISIBILITIES)[number] | undefined;
}

function checkIdentity(value: Identity, context: z.RefinementCtx, thisYear: number): void {
  if (value.birth_year !== undefined && value.birth_year > thisYear) {
    context.addIssue({ code: "custom", path: ["birth_year"], message: "birth_year_invalid" });
  }
  if (
    value.visibility === "known" &&
    value.birth_year === undefined &&
    lastFourDigits(value.author_phone) === null
  ) {
    context.addIssue({ code: "custom", path: ["visibility"], message: "known_needs_fact" });
  }
}

/** Somebody under eighteen is not shown to everybody unless the author says so. */
function defaultVisibility(value: Identity, thisYear: number): (typeof VISIBILITIES)[number] {
  if (!isMinor(value, thisYear)) return "public";
  return value.birth_year !== undefined || lastFourDigits(value.author_phone) !== null ? "known" : "link";
}

/** The last four digits of a phone number, or null when there are fewer. */
export function lastFourDigits(phoneNumber: string | undefined): string | null {
  const digits = asciiDigits(phoneNumber ?? "").replace(/\D/g, "");
  return digits.length >= 4 ? digits.slice(-4) : null;
}

/** Fields of the form for posting a person, in the order a reader meets them. */
export const PERSON_FIELDS = [
  "as", "event", "status", "need", "full_name", "alternate_names", "text", "last_known_location", "lat", "lon", "precise",
  "sex", "age", "birth_year", "home_country", "home_city", "author_name", "author_email", "author_phone", "visibility",
  "expiry_days", "consent", "client_id",
] as const; // prettier-ignore

/**
 * The schema of a posted person. Gives the record with status and visibility settled: "me" is `is_note_author`,
 * "seeking" is `information_sought`, "informing" says what it believes.
 */
export function personSchema(now: Date): PersonSchema {
  const thisYear = now.getUTCFullYear();
  // Putting it together takes longer than a check with it, and only the year changes it.
  if (schemaOfYear?.year !== thisYear) schemaOfYear = { year: thisYear, schema: personSchemaOf(thisYear) };
  return schemaOfYear.schema;
}

type PersonSchema = ReturnType<typeof personSchemaOf>;
let schemaOfYear: { year: number; schema: PersonSchema } | null = null;

function personSchemaOf(thisYear: number) {
  return z
    .object({
      as: required(choice(POSTED_AS, "as_required"), "as_required"),
      event: z.preprocess(
        (v) => (noAnswer(v) ? "everyday" : v),
        z.string({ error: "event_unknown" }).regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "event_unknown"),
      ),
      status: choice([...NOTE_STATUSES, "safe", "help"], "status_required"),
      need: needs,
      text: paragraphs(LIMITS.text, "text_too_long"),
      last_known_location: line(LIMITS.place, "place_too_long"),
      ...position,
      precise: yesNo,
      ...identity,
      author_name: line(LIMITS.name, "author_name_too_long"),
      expiry_days: wholeNumber(1, LIMITS.expiryDays, "expiry_invalid"),
      consent: required(yesNo, "consent_required").refine((given) => given, "consent_required"),
      client_id: clientId,
    })
    .superRefine((value, context) => {
      checkIdentity(value, context, thisYear);
      checkPosition(value, context);
      if (
        value.as === "informing" &&
        !["believed_alive", "believed_missing", "believed_dead"].includes(value.status ?? "")
      ) {
        context.addIssue({ code: "custom", path: ["status"], message: "status_required" });
      }
    })
    .transform((value) => {
      const as: PostedAs = value.as;
      const status: NoteStatus =
        as === "me"
          ? "is_note_author"
          : as === "seeking"
            ? "information_sought"
            : (value.status as NoteStatus);
      // Whoever says "I need help" and ticks nothing still needs help.
      const need =
        as !== "me"
          ? []
          : value.status === "help" && value.need.length === 0
            ? (["other"] as const)
            : value.need;
      return {
        ...value,
        as,
        status,
        need: [...need],
        visibility: value.visibility ?? defaultVisibility(value, thisYear),
        minor: isMinor(value, thisYear),
      };
    });
}
export type PersonInput = z.output<PersonSchema>;

/** Fields an author may correct by the manage link. */
export const EDIT_FIELDS = [
  "full_name", "alternate_names", "sex", "age", "birth_year", "home_country", "home_city", "visibility", "author_email", "author_phone", "version",
] as const; // prettier-ignore

/** The schema of a corrected identity. `version` is the one that was read. */
export function editSchema(now: Date) {
  const thisYear = now.getUTCFullYear();
  return z
    .object({
      ...identity,
      version: required(wholeNumber(1, 9999, "changed_meanwhile"), "changed_meanwhile"),
    })
    .superRefine((value, context) => checkIdentity(value, context, thisYear))
    .transform((value) => ({
      ...value,
      visibility: value.visibility ?? defaultVisibility(value, thisYear),
      minor: isMinor(value, thisYear),
    }));
}
export type EditInput = z.output<ReturnType<typeof editSchema>>;

export const NOTE_FIELDS = [
  "status", "need", "text", "last_known_location", "lat", "lon", "precise", "author_made_contact", "author_name", "author_email", "author_phone", "client_id",
] as const; // prettier-ignore

/** The schema of a note. Something must be said: a status, a text or a place. */
export const noteSchema = z
  .object({
    status: choice([...NOTE_STATUSES, "safe", "help"], "status_required"),
    need: needs,
    text: paragraphs(LIMITS.text, "text_too_long"),
    last_known_location: line(LIMITS.place, "place_too_long"),
    ...position,
    precise: yesNo,
    author_made_contact: yesNo,
    author_name: line(LIMITS.name, "author_name_too_long"),
    author_email: email,
    author_phone: phone,
    client_id: clientId,
  })
  .superRefine((value, context) => {
    checkPosition(value, context);
    if (
      value.status === undefined &&
      value.text === undefined &&
      value.last_known_location === undefined &&
      value.lat === undefined
    ) {
      context.addIssue({ code: "custom", path: ["text"], message: "note_required" });
    }
  })
  .transform((value) => ({
    ...value,
    need:
      value.status === "help" && value.need.length === 0
        ? ["other" as const]
        : value.status === "help"
          ? value.need
          : [],
    status: value.status === "safe" || value.status === "help" ? ("is_note_author" as const) : value.status,
  }));
export type NoteInput = z.output<typeof noteSchema>;

export const RELAY_FIELDS = ["text", "author_name", "author_email"] as const;

const message = required(paragraphs(LIMITS.text, "text_too_long"), "message_required");

/** The schema of a message passed on to an author. */
export const relaySchema = z.object({
  text: message,
  author_name: required(line(LIMITS.name, "author_name_too_long"), "author_name_required"),
  author_email: email,
});
export type RelayInput = z.output<typeof relaySchema>;

/** The schema of an answer in a relayed conversation. */
export const answerSchema = z.object({ text: message });

/** The schema of an address that wants to follow. */
export const followSchema = z.object({ email: required(email, "email_invalid") });

/** The schema of an objection or report. */
export const objectionSchema = z.object({
  reason: required(choice(OBJECTIONS, "reason_required"), "reason_required"),
  text: paragraphs(LIMITS.text, "text_too_long"),
});
/** The schema of "this other record is the same person": the other one's address or id, and why. */
export const linkSchema = z.object({
  other: required(line(500, "duplicate_unknown"), "duplicate_unknown").transform((typed, context) => {
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.exec(typed)?.[0];
    if (id !== undefined) return id.toLowerCase();
    context.issues.push({ code: "custom", message: "duplicate_unknown", input: typed });
    return z.NEVER;
  }),
  text: required(paragraphs(LIMITS.text, "text_too_long"), "reason_required"),
});

export type ObjectionInput = z.output<typeof objectionSchema>;

/** Longest search text that is looked at; a longer one is cut, since no name is that long. */
export const QUERY_LIMIT = 300;

export const BOARD_FIELDS = ["q", "event", "status", "country", "known", "cursor"] as const;

/** The schema of a search on the board. It never fails: what makes no sense is not a filter. */
export const boardSchema = z.object({
  q: z
    .string()
    .optional()
    .transform((q) => (q === undefined ? "" : cleanLine(q).slice(0, QUERY_LIMIT)))
    .catch(""),
  event: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
    .optional()
    .catch(undefined),
  status: z.enum(NOTE_STATUSES).optional().catch(undefined),
  country: z
    .string()
    .transform((c) => c.toUpperCase())
    .refine(isCountryCode)
    .optional()
    .catch(undefined),
  known: z
    .string()
    .transform((f) => asciiDigits(f).trim())
    .refine((f) => /^\d{4}$/.test(f))
    .optional()
    .catch(undefined),
  cursor: z.string().max(1_000).optional().catch(undefined),
});
export type BoardQuery = z.output<typeof boardSchema>;
