/** Persons and notes as the API takes and gives them. Pure. */
import { z } from "zod";
import { listOf, moment, type ApiOperation } from "../../formats/openapi.ts";
import { cleanLine } from "../../formats/safe-text.ts";
import { PERSONAL_DATA_KINDS } from "../../privacy/folded-text.ts";
import { MATCH_REASONS, type NameMatch } from "../../names/name-match.ts";
import {
  LIMITS,
  NEEDS,
  NOTE_SOURCES,
  NOTE_STATUSES,
  POSTED_AS,
  SEXES,
  VISIBILITIES,
  type Note,
  type Person,
} from "./persons.ts";
import { QUERY_LIMIT } from "./persons.schema.ts";
import { isCountryCode } from "../../formats/form-fields.ts";

const mostRows = 200;

/** What may be asked of the list. Unlike on a page, what makes no sense is refused: a program should hear of it. */
export const personsQuery = z.object({
  q: z
    .string()
    .transform((q) => cleanLine(q).slice(0, QUERY_LIMIT))
    .optional()
    .describe("A name in any spelling or script. A place alone finds nothing."),
  event: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "event_unknown")
    .optional()
    .describe("Slug of an event. Drills are only found by their own slug."),
  status: z.enum(NOTE_STATUSES, { error: "status_unknown" }).optional(),
  country: z
    .string()
    .transform((code) => code.toUpperCase())
    .refine(isCountryCode, "country_invalid")
    .optional()
    .describe("Home country, ISO 3166-1 alpha-2."),
  limit: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : value),
    z.int("limit_invalid").min(1, "limit_invalid").max(mostRows, "limit_invalid").default(50),
  ),
  cursor: z.string().max(1_000, "cursor_invalid").optional().describe("The next of the page before."),
});

const position = z
  .object({ lat: z.number(), lon: z.number(), precision_m: z.number() })
  .nullable()
  .describe("Rounded to about a kilometre unless the author said otherwise.");

const said = {
  status: z.enum(NOTE_STATUSES).nullable(),
  last_known_location: z.string().nullable(),
  position,
  source_date: moment,
};

export const apiPerson = z.object({
  id: z.string(),
  record_id: z.string().describe("The PFIF person_record_id."),
  full_name: z.string(),
  alternate_names: z.array(z.string()),
  sex: z.enum(SEXES).nullable(),
  age: z.string().nullable().describe('A band of five years or more, such as "30-34".'),
  home_country: z.string().nullable(),
  home_city: z.string().nullable(),
  event: z.string(),
  ...said,
  status_date: moment.nullable(),
  status_by: z.enum(NOTE_SOURCES).nullable(),
  expiry_date: moment,
  match: z
    .object({
      rank: z.number().describe("0 to 100, higher is nearer."),
      reason: z.enum(MATCH_REASONS),
    })
    .nullable()
    .describe("Why a search found it; null in lists."),
  drill: z.boolean().describe("True when it is an exercise: nobody is in danger."),
  invented: z.boolean().describe("True when it is an example: there is no such person."),
});
export type ApiPerson = z.infer<typeof apiPerson>;

export const apiNote = z.object({
  id: z.string(),
  record_id: z.string().describe("The PFIF note_record_id."),
  ...said,
  by: z.enum(NOTE_SOURCES),
  text: z.string(),
  needs: z.array(z.enum(NEEDS)),
  author_name: z.string().nullable(),
  author_made_contact: z.boolean().nullable(),
  linked_person_record_id: z.string().nullable().describe("Said to be the same person as this record."),
});
export type ApiNote = z.infer<typeof apiNote>;

export const apiPersonWithNotes = apiPerson.extend({ notes: z.array(apiNote).describe("Newest first.") });
export const apiPersonList = listOf(apiPerson);

const warnings = z
  .array(
    z.object({
      field: z.literal("text"),
      kind: z.enum(PERSONAL_DATA_KINDS),
      start: z.int().describe("UTF-16 offset into the text as it was stored, were it not masked."),
      end: z.int(),
    }),
  )
  .describe("Personal data in the text. With mask it was covered; without, it is public now.");

export const postedPerson = z.object({
  id: z.string(),
  record_id: z.string(),
  url: z.string().describe("The page to hand on. Of a record that is not public it holds the key."),
  manage_url: z.string().describe("Secret: whoever has it may change and delete the record. Shown once."),
  held: z.boolean().describe("True when something of it waits for a person's decision."),
  warnings,
});

export const postedNote = postedPerson.extend({
  manage_url: z.null().describe("Notes are never changed; a correction is another note."),
});

/** A public person as the API gives it. */
export function toApiPerson(person: Person, match: NameMatch | null = null): ApiPerson {
  return {
    id: person.id,
    record_id: person.record_id,
    full_name: person.full_name,
    alternate_names: person.alternate_names,
    sex: person.sex,
    age: person.age_from === null ? null : `${person.age_from}-${person.age_to}`,
    home_country: person.home_country,
    home_city: person.home_city,
    event: person.event,
    status: person.status,
    status_date: person.status_date,
    status_by: person.status_by,
    last_known_location: person.last_known_location,
    position: positionOf(person),
    source_date: person.source_date,
    expiry_date: person.expiry_date,
    match: match && { rank: match.rank, reason: match.reason },
    drill: person.drill,
    invented: person.invented,
  };
}

/** A public note as the API gives it. */
export function toApiNote(note: Note): ApiNote {
  return {
    id: note.id,
    record_id: note.record_id,
    status: note.status,
    text: note.text,
    needs: note.needs,
    last_known_location: note.last_known_location,
    position: positionOf(note),
    by: note.source,
    author_name: note.author_name,
    author_made_contact: note.author_made_contact,
    linked_person_record_id: note.linked_person_record_id,
    source_date: note.source_date,
  };
}

function positionOf(row: Pick<Person, "lat" | "lon" | "precision_m">): ApiPerson["position"] {
  if (row.lat === null || row.lon === null) return null;
  return { lat: row.lat, lon: row.lon, precision_m: row.precision_m ?? 1_000 };
}

const words = (max: number) => z.string().max(max).optional();
const degrees = (max: number) => z.number().min(-max).max(max).optional();

const saidByAnybody = {
  text: words(LIMITS.text),
  need: z.array(z.enum(NEEDS)).optional(),
  last_known_location: words(LIMITS.place),
  lat: degrees(90),
  lon: degrees(180),
  precise: z.boolean().optional().describe("Show the position as it is given. Never done for minors."),
  author_name: words(LIMITS.name),
  author_email: words(LIMITS.email).describe("For staff and for messages passed on; never shown."),
  author_phone: words(LIMITS.phone).describe("For staff; never shown."),
  client_id: z.uuid().optional().describe("The same as an Idempotency-Key."),
};

/** The body of a post, for readers: `personSchema` decides. A test holds the two together. */
export const personBody = z.object({
  as: z.enum(POSTED_AS),
  event: z.string().default("everyday").describe("Slug of an open event."),
  full_name: z.string().min(1).max(LIMITS.name),
  alternate_names: z.array(z.string().max(LIMITS.name)).max(LIMITS.alternateNames).optional(),
  sex: z.enum(SEXES).optional(),
  age: z.int().min(0).max(130).optional().describe("Shown as a band of five years."),
  birth_year: z.int().min(1890).max(2100).optional().describe("Never shown; a second fact for known."),
  home_country: z.string().length(2).optional(),
  home_city: words(LIMITS.city),
  status: z
    .enum([...NOTE_STATUSES, "safe", "help"])
    .optional()
    .describe("Needed with as=informing: believed_alive, believed_missing or believed_dead."),
  ...saidByAnybody,
  visibility: z.enum(VISIBILITIES).optional().describe("public unless the person is a minor."),
  expiry_days: z.int().min(1).max(LIMITS.expiryDays).default(60),
  consent: z.literal(["yes", true]).describe("That the author may publish this, and knows how to delete it."),
});

/** The body of a note, for readers: `noteSchema` decides. */
export const noteBody = z.object({
  status: z.enum([...NOTE_STATUSES, "safe", "help"]).optional(),
  ...saidByAnybody,
  author_made_contact: z.boolean().optional(),
});

const mask = z
  .boolean()
  .optional()
  .describe("Cover identity numbers, telephones, addresses and the like in the text. Official lines stay.");

const id = "The id of a person, a UUID.";
const posting = [400, 409, 413, 415, 422, 429, 503];

/** The calls about persons and notes. */
export const personOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/persons",
    id: "listPersons",
    tag: "persons",
    summary: "Public persons, freshest first; with q by name, best match first.",
    query: personsQuery,
    answer: {
      status: 200,
      description: "Up to limit persons.",
      content: { name: "PersonList", schema: apiPersonList },
    },
    refusals: [422, 503],
  },
  {
    method: "post",
    path: "/api/v1/persons",
    id: "postPerson",
    tag: "persons",
    summary: "Posts a person, with the fields of the form.",
    body: { name: "NewPerson", schema: personBody.extend({ mask }) },
    answer: {
      status: 201,
      description: "Posted.",
      content: { name: "PostedPerson", schema: postedPerson },
    },
    refusals: posting,
  },
  {
    method: "get",
    path: "/api/v1/persons/{id}",
    id: "getPerson",
    tag: "persons",
    summary: "A public person and the notes about them.",
    pathParameters: { id },
    answer: {
      status: 200,
      description: "The person.",
      content: { name: "PersonWithNotes", schema: apiPersonWithNotes },
    },
    refusals: [404, 410, 503],
  },
  {
    method: "post",
    path: "/api/v1/persons/{id}/notes",
    id: "postNote",
    tag: "persons",
    summary: "Says something about a public person.",
    pathParameters: { id },
    body: { name: "NewNote", schema: noteBody.extend({ mask }) },
    answer: { status: 201, description: "Posted.", content: { name: "PostedNote", schema: postedNote } },
    refusals: [...posting, 404, 410],
  },
];
