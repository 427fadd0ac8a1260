/** Persons and notes in the words of PFIF 1.4, and the pure rules about them. Browser-safe. */
import { z } from "zod";

export const POSTED_AS = ["me", "seeking", "informing"] as const;
export type PostedAs = (typeof POSTED_AS)[number];

export const NOTE_STATUSES = [
  "information_sought",
  "is_note_author",
  "believed_alive",
  "believed_missing",
  "believed_dead",
] as const;
export type NoteStatus = (typeof NOTE_STATUSES)[number];

export const NEEDS = ["injured", "money", "papers", "stranded", "shelter", "other"] as const;
export type Need = (typeof NEEDS)[number];

export const VISIBILITIES = ["public", "known", "link", "staff"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const SEXES = ["female", "male", "other"] as const;

export const NOTE_SOURCES = ["self", "third_party", "official"] as const;
export type NoteSource = (typeof NOTE_SOURCES)[number];

/** Why somebody objects to a record. The first three soften it at once. */
export const OBJECTIONS = ["this_is_me", "not_missing", "remove", "wrong", "abuse", "minor"] as const;

/** Longest texts, in characters as a reader counts them; the database holds the same bounds. */
export const LIMITS = {
  name: 200,
  alternateNames: 20,
  text: 5_000,
  place: 300,
  city: 100,
  email: 254,
  phone: 40,
  expiryDays: 360,
} as const;

/** How far a list is counted; beyond it the page says "more than". */
export const COUNT_LIMIT = 1_000;

/** From this rank on a match may well be the same person: the name sounds the same as a whole, or is the same. */
export const CLOSE_MATCH = 70;

export const personRow = z.object({
  id: z.string(),
  record_id: z.string(),
  event: z.string(),
  drill: z.boolean(),
  invented: z.boolean(),
  posted_as: z.enum([...POSTED_AS, "imported"]),
  full_name: z.string(),
  given_name: z.string().nullable(),
  family_name: z.string().nullable(),
  alternate_names: z.array(z.string()),
  sex: z.enum(SEXES).nullable(),
  age_from: z.number().nullable(),
  age_to: z.number().nullable(),
  minor: z.boolean(),
  home_country: z.string().nullable(),
  home_city: z.string().nullable(),
  home_state: z.string().nullable(),
  description: z.string().nullable(),
  author_name: z.string().nullable(),
  source_name: z.string().nullable(),
  source_url: z.string().nullable(),
  source_date: z.string(),
  entry_date: z.string(),
  expiry_date: z.string(),
  is_clone: z.boolean(),
  visibility: z.enum(VISIBILITIES),
  publication: z.enum(["published", "held", "hidden", "placeholder"]),
  softened: z.boolean(),
  photo_id: z.string().nullable(),
  status: z.enum(NOTE_STATUSES).nullable(),
  status_date: z.string().nullable(),
  status_by: z.enum(NOTE_SOURCES).nullable(),
  self_status_date: z.string().nullable(),
  needs: z.array(z.enum(NEEDS)),
  last_known_location: z.string().nullable(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  precision_m: z.number().nullable(),
  note_count: z.number(),
  freshest_at: z.string(),
  version: z.number(),
});
export type Person = z.infer<typeof personRow>;

export const noteRow = z.object({
  id: z.string(),
  record_id: z.string(),
  person_id: z.string(),
  person_record_id: z.string(),
  linked_person_record_id: z.string().nullable(),
  status: z.enum(NOTE_STATUSES).nullable(),
  text: z.string(),
  needs: z.array(z.enum(NEEDS)),
  last_known_location: z.string().nullable(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  precision_m: z.number().nullable(),
  author_made_contact: z.boolean().nullable(),
  author_name: z.string().nullable(),
  source: z.enum(NOTE_SOURCES),
  source_date: z.string(),
  entry_date: z.string(),
  is_clone: z.boolean(),
  drill: z.boolean(),
  invented: z.boolean(),
});
export type Note = z.infer<typeof noteRow>;

/** What a reader is told: one word for where things stand. */
export const DISPLAY_STATUSES = [
  "safe",
  "needs_help",
  "alive",
  "claimed",
  "missing",
  "sought",
  "dead",
  "unknown",
] as const;
export type DisplayStatus = (typeof DISPLAY_STATUSES)[number];

/**
 * The word for a status and who said it. "I am safe" counts as such only from the person's own post; from anybody
 * else it is `claimed`. A call for help stands until the person herself says otherwise.
 */
export function displayStatus(said: {
  status: NoteStatus | null;
  by: NoteSource | null;
  needs: readonly Need[];
}): DisplayStatus {
  if (said.status === "believed_dead") return "dead";
  if (said.needs.length > 0) return "needs_help";
  if (said.status === "is_note_author") return said.by === "third_party" ? "claimed" : "safe";
  if (said.status === "believed_alive") return "alive";
  if (said.status === "believed_missing") return "missing";
  if (said.status === "information_sought") return "sought";
  return "unknown";
}

/**
 * What a reader is told first about a person: the newest word, by whom and when. A call for help stands until the
 * person herself says otherwise, and it stays hers: somebody else's later note does not lend it their name and time.
 */
export function headline(
  person: Pick<Person, "status" | "status_by" | "status_date" | "self_status_date" | "needs">,
): { status: DisplayStatus; source: NoteSource | null; at: string | null } {
  const status = displayStatus({ status: person.status, by: person.status_by, needs: person.needs });
  return status === "needs_help" && person.self_status_date !== null
    ? { status, source: "self", at: person.self_status_date }
    : { status, source: person.status_by, at: person.status_date };
}

/** The five-year band an age is shown in, as PFIF writes ranges: 33 → 30 to 34. */
export function ageBand(age: number): { age_from: number; age_to: number } {
  const from = Math.floor(age / 5) * 5;
  return { age_from: from, age_to: from + 4 };
}

/**
 * A band no narrower than five years around an age range from elsewhere, e.g. 35–45 stays and 40–41 becomes 40–44.
 */
export function ageBandOfRange(from: number, to: number): { age_from: number; age_to: number } {
  const start = Math.floor(from / 5) * 5;
  return { age_from: start, age_to: Math.max(Math.ceil((to + 1) / 5) * 5 - 1, start + 4) };
}

/** Whether the facts given mean somebody under eighteen. Unknown is not a minor. */
export function isMinor(
  facts: { age?: number | null; birth_year?: number | null },
  thisYear: number,
): boolean {
  if (facts.age != null) return facts.age < 18;
  if (facts.birth_year != null) return thisYear - facts.birth_year < 18;
  return false;
}
