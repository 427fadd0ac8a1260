import { cleanLine, cleanParagraphs } from "./safe-text.ts";

/**
 * People Finder Interchange Format, versions 1.1 to 1.4 (http://zesty.ca/pfif/1.4).
 *
 * Inside, a record always speaks 1.4. A version is a table: the elements it has, in the order it writes them.
 */

export const PFIF_VERSIONS = ["1.1", "1.2", "1.3", "1.4"] as const;
export type PfifVersion = (typeof PFIF_VERSIONS)[number];

/** MIME type of a PFIF document (section 5). */
export const PFIF_MEDIA_TYPE = "application/pfif+xml";

/** Values of `status` (section 4.2). */
export const PFIF_STATUSES = [
  "information_sought",
  "is_note_author",
  "believed_alive",
  "believed_missing",
  "believed_dead",
] as const;
export type PfifStatus = (typeof PFIF_STATUSES)[number];

export const PFIF_SEXES = ["female", "male", "other"] as const;
export type PfifSex = (typeof PFIF_SEXES)[number];

/**
 * Who somebody is (section 4.1). Dates are RFC 3339 in UTC (`2000-01-01T00:00:00Z`); `date_of_birth` is YYYY, YYYY-MM
 * or YYYY-MM-DD; `age` is years as `n` or `n-m`; `home_country` is ISO 3166-1 alpha-2.
 */
export interface PfifPerson {
  person_record_id: string;
  entry_date?: string;
  expiry_date?: string;
  author_name?: string;
  author_email?: string;
  author_phone?: string;
  source_name?: string;
  source_date?: string;
  source_url?: string;
  full_name?: string;
  given_name?: string;
  family_name?: string;
  alternate_names?: string[];
  description?: string;
  sex?: PfifSex;
  date_of_birth?: string;
  age?: string;
  home_street?: string;
  home_neighborhood?: string;
  home_city?: string;
  home_state?: string;
  home_postal_code?: string;
  home_country?: string;
  photo_url?: string;
  profile_urls?: string[];
  /** True for what is left of an expired record (section 3.3): its id and dates. */
  placeholder?: boolean;
  notes: PfifNote[];
}

/** How somebody is, said by somebody at some time (section 4.2). Dates as in a person. */
export interface PfifNote {
  note_record_id: string;
  person_record_id: string;
  linked_person_record_id?: string;
  entry_date?: string;
  author_name?: string;
  author_email?: string;
  author_phone?: string;
  source_date?: string;
  author_made_contact?: boolean;
  status?: PfifStatus;
  email_of_found_person?: string;
  phone_of_found_person?: string;
  last_known_location?: string;
  text?: string;
  photo_url?: string;
}

export type PfifPersonField = Exclude<keyof PfifPerson, "notes" | "placeholder">;
export type PfifNoteField = keyof PfifNote;

/** What survives expiry (section 3.3). Everything else must go. */
export const PLACEHOLDER_FIELDS = [
  "person_record_id",
  "entry_date",
  "expiry_date",
  "source_date",
] as const satisfies readonly PfifPersonField[];

/** How to reach people. Only those with a key may have these; see `withoutContact`. */
export const CONTACT_FIELDS = [
  "author_email",
  "author_phone",
  "email_of_found_person",
  "phone_of_found_person",
] as const satisfies readonly (PfifPersonField | PfifNoteField)[];

interface PfifTable {
  readonly person: readonly string[];
  readonly note: readonly string[];
  /** Text elements that stand even when empty, because the version demands them. */
  readonly mandatory: readonly string[];
}

const NOTE_MANDATORY = ["author_name", "text"];

const NOTE_1_2 = [
  "note_record_id",
  "person_record_id",
  "linked_person_record_id",
  "entry_date",
  "author_name",
  "author_email",
  "author_phone",
  "source_date",
  "found",
  "status",
  "email_of_found_person",
  "phone_of_found_person",
  "last_known_location",
  "text",
];

/** The elements of every version, in its own words and order. */
export const PFIF_TABLES: Readonly<Record<PfifVersion, PfifTable>> = {
  "1.1": {
    person: [
      "person_record_id",
      "entry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_name",
      "source_date",
      "source_url",
      "first_name",
      "last_name",
      "home_city",
      "home_state",
      "home_neighborhood",
      "home_street",
      "home_zip",
      "photo_url",
      "other",
    ],
    note: [
      "note_record_id",
      "entry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_date",
      "found",
      "email_of_found_person",
      "phone_of_found_person",
      "last_known_location",
      "text",
    ],
    mandatory: ["first_name", "last_name"],
  },
  "1.2": {
    person: [
      "person_record_id",
      "entry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_name",
      "source_date",
      "source_url",
      "first_name",
      "last_name",
      "sex",
      "date_of_birth",
      "age",
      "home_street",
      "home_neighborhood",
      "home_city",
      "home_state",
      "home_postal_code",
      "home_country",
      "photo_url",
      "other",
    ],
    note: NOTE_1_2,
    mandatory: ["first_name", "last_name"],
  },
  "1.3": {
    person: [
      "person_record_id",
      "entry_date",
      "expiry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_name",
      "source_date",
      "source_url",
      "full_name",
      "first_name",
      "last_name",
      "sex",
      "date_of_birth",
      "age",
      "home_street",
      "home_neighborhood",
      "home_city",
      "home_state",
      "home_postal_code",
      "home_country",
      "photo_url",
      "other",
    ],
    note: NOTE_1_2,
    mandatory: ["full_name"],
  },
  "1.4": {
    person: [
      "person_record_id",
      "entry_date",
      "expiry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_name",
      "source_date",
      "source_url",
      "full_name",
      "given_name",
      "family_name",
      "alternate_names",
      "description",
      "sex",
      "date_of_birth",
      "age",
      "home_street",
      "home_neighborhood",
      "home_city",
      "home_state",
      "home_postal_code",
      "home_country",
      "photo_url",
      "profile_urls",
    ],
    note: [
      "note_record_id",
      "person_record_id",
      "linked_person_record_id",
      "entry_date",
      "author_name",
      "author_email",
      "author_phone",
      "source_date",
      "author_made_contact",
      "status",
      "email_of_found_person",
      "phone_of_found_person",
      "last_known_location",
      "text",
      "photo_url",
    ],
    mandatory: ["full_name"],
  },
};

/** What older versions call a field of 1.4 (section 9). */
const OLDER_NAMES: Readonly<Record<string, PfifPersonField | PfifNoteField>> = {
  first_name: "given_name",
  last_name: "family_name",
  home_zip: "home_postal_code",
  other: "description",
  found: "author_made_contact",
};

type Kind =
  | "id"
  | "date"
  | "line"
  | "text"
  | "lines"
  | "url"
  | "urls"
  | "flag"
  | "sex"
  | "birth"
  | "age"
  | "country"
  | "status";

const PERSON_KINDS: Readonly<Record<PfifPersonField, Kind>> = {
  person_record_id: "id",
  entry_date: "date",
  expiry_date: "date",
  author_name: "line",
  author_email: "line",
  author_phone: "line",
  source_name: "line",
  source_date: "date",
  source_url: "url",
  full_name: "lines",
  given_name: "line",
  family_name: "line",
  alternate_names: "lines",
  description: "text",
  sex: "sex",
  date_of_birth: "birth",
  age: "age",
  home_street: "line",
  home_neighborhood: "line",
  home_city: "line",
  home_state: "line",
  home_postal_code: "line",
  home_country: "country",
  photo_url: "url",
  profile_urls: "urls",
};

const NOTE_KINDS: Readonly<Record<PfifNoteField, Kind>> = {
  note_record_id: "id",
  person_record_id: "id",
  linked_person_record_id: "id",
  entry_date: "date",
  author_name: "line",
  author_email: "line",
  author_phone: "line",
  source_date: "date",
  author_made_contact: "flag",
  status: "status",
  email_of_found_person: "line",
  phone_of_found_person: "line",
  last_known_location: "text",
  text: "text",
  photo_url: "url",
};

/** Why one record was refused while the document went on. */
export type PfifRefusal =
  | "person_record_id_missing"
  | "note_record_id_missing"
  | "record_id_twice"
  | "record_id_invalid"
  | "full_name_missing"
  | "date_invalid"
  | "status_unknown"
  | "note_without_person"
  | "note_of_another_person"
  | "note_record_id_duplicate"
  | "too_many_notes"
  | "record_too_large"
  | "record_inside_record"
  | "pfif_version_unknown";

/** The namespace of a version (section 5). */
export function pfifNamespace(version: PfifVersion): string {
  return `http://zesty.ca/pfif/${version}`;
}

/** The version a namespace stands for; `"unknown"` for a PFIF that is none of ours, null for anything else. */
export function pfifVersionOf(namespace: string): PfifVersion | "unknown" | null {
  if (!namespace.startsWith("http://zesty.ca/pfif")) return null;
  return VERSION_OF_NAMESPACE.get(namespace) ?? "unknown";
}

// Asked for every element of a document, so looked up rather than put together.
const VERSION_OF_NAMESPACE: ReadonlyMap<string, PfifVersion> = new Map(
  PFIF_VERSIONS.map((version) => [pfifNamespace(version), version]),
);

/** True when a person may be dropped to nothing but a sign that the record has gone (section 3.3). */
export function isPlaceholder(person: PfifPerson): boolean {
  if (person.placeholder) return true;
  return (
    person.notes.length === 0 &&
    person.expiry_date !== undefined &&
    Object.entries(person).every(
      ([field, value]) =>
        value === undefined || field === "notes" || (PLACEHOLDER_FIELDS as readonly string[]).includes(field),
    )
  );
}

/** What remains of an expired person: id and dates, no notes (section 3.3). The caller sets the dates anew. */
export function placeholderOf(person: PfifPerson): PfifPerson {
  const left: PfifPerson = { person_record_id: person.person_record_id, placeholder: true, notes: [] };
  for (const field of PLACEHOLDER_FIELDS) if (person[field] !== undefined) left[field] = person[field];
  return left;
}

/** A copy of the person and its notes without e-mail addresses and telephone numbers. */
export function withoutContact(person: PfifPerson): PfifPerson {
  return { ...omitContact(person), notes: person.notes.map(omitContact) };
}

function omitContact<T extends object>(record: T): T {
  const copy = { ...record };
  for (const field of CONTACT_FIELDS) delete (copy as Record<string, unknown>)[field];
  return copy;
}

/** The domain that may change a record, in lower case; null when `id` is not `domain/local` (section 4.1). */
export function recordIdDomain(id: string): string | null {
  return RECORD_ID.exec(id)?.[1]?.toLowerCase() ?? null;
}

const RECORD_ID =
  /^(?=.{3,500}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+)\/[^\s\p{C}]+$/iu;

/**
 * A date of PFIF as `YYYY-MM-DDThh:mm:ssZ` (fractions of a second stay, to six digits), or null when it is none.
 * Offsets are brought to UTC. Days that no calendar has, the year 0000 and leap seconds are refused (RFC 3339, 5.6).
 */
export function pfifDate(value: string): string | null {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:z|([+-])(\d\d):(\d\d))$/i.exec(value);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  if (offsetHours > 23 || offsetMinutes > 59) return null;

  const offset = (match[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - offset, second);
  // An offset can carry the very first or last day out of the four digits.
  if (utc.getUTCFullYear() < 1 || utc.getUTCFullYear() > 9999) return null;
  const fraction = (match[7] ?? "").slice(0, 6).replace(/0+$/, "");
  return `${utc.toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= days[month - 1]!;
}

/** Element names and texts of one record as they stand in a document. */
export type PfifElements = ReadonlyMap<string, string>;

/**
 * A person from the elements of any version, in the words of 1.4. Details that are no use as they stand (an age
 * of "old", a country of "Taiwan", a script as URL) are left out rather than losing the person over them.
 *
 * @returns the person without notes, or why it was refused.
 */
export function personFromElements(version: PfifVersion, elements: PfifElements): PfifPerson | PfifRefusal {
  const read = valuesOf(version, "person", elements, PERSON_KINDS);
  if (typeof read === "string") return read;
  const { full_name: names, ...values } = read as { full_name?: string[] } & Omit<PfifPerson, "full_name">;
  if (values.person_record_id === undefined) return "person_record_id_missing";

  const person: PfifPerson = { ...values, notes: [] };
  const [name = joinedName(person.given_name, person.family_name), ...others] = names ?? [];
  if (name) person.full_name = name;
  // Section 4.1 lets one element hold several full names, the most common one first.
  if (others.length > 0)
    person.alternate_names = [...new Set([...others, ...(person.alternate_names ?? [])])];
  if (!name) {
    if (!isPlaceholder(person)) return "full_name_missing";
    person.placeholder = true;
  }
  return person;
}

/**
 * A note from the elements of any version. `personRecordId` is that of the person it stands in, if any: section 5
 * lets such a note leave the id out, but not name somebody else.
 *
 * @returns the note, or why it was refused.
 */
export function noteFromElements(
  version: PfifVersion,
  elements: PfifElements,
  personRecordId?: string,
): PfifNote | PfifRefusal {
  const read = valuesOf(version, "note", elements, NOTE_KINDS);
  if (typeof read === "string") return read;
  const note = read as Partial<PfifNote>;
  if (note.note_record_id === undefined) return "note_record_id_missing";
  if (note.person_record_id === undefined && personRecordId === undefined) return "note_without_person";
  if (
    personRecordId !== undefined &&
    note.person_record_id !== undefined &&
    note.person_record_id !== personRecordId
  ) {
    return "note_of_another_person";
  }
  return {
    ...note,
    note_record_id: note.note_record_id,
    person_record_id: note.person_record_id ?? personRecordId!,
  };
}

function valuesOf(
  version: PfifVersion,
  record: "person" | "note",
  elements: PfifElements,
  kinds: Readonly<Record<string, Kind>>,
): Record<string, unknown> | PfifRefusal {
  const values: Record<string, unknown> = {};
  for (const element of PFIF_TABLES[version][record]) {
    const raw = elements.get(element)?.trim();
    if (!raw) continue;
    const field = OLDER_NAMES[element] ?? element;
    const value = readValue(kinds[field]!, element === "other" ? descriptionIn(raw) : raw);
    if (value === undefined) continue;
    if (typeof value === "object" && "refused" in value) return value.refused;
    values[field] = value;
  }
  return values;
}

type Value = string | string[] | boolean | undefined | { refused: PfifRefusal };

function readValue(kind: Kind, raw: string): Value {
  switch (kind) {
    case "id":
      return RECORD_ID.test(raw) ? raw : { refused: "record_id_invalid" };
    case "date":
      return pfifDate(raw) ?? { refused: "date_invalid" };
    case "status":
      return (PFIF_STATUSES as readonly string[]).includes(raw) ? raw : { refused: "status_unknown" };
    case "line":
      return cleanLine(raw) || undefined;
    case "text":
      return cleanParagraphs(raw) || undefined;
    case "lines":
      return linesOf(raw);
    case "url":
      return webAddress(raw);
    case "urls":
      return some((linesOf(raw) ?? []).flatMap((line) => webAddress(line) ?? []));
    case "flag":
      return { true: true, false: false }[raw.toLowerCase()];
    case "sex":
      return PFIF_SEXES.find((sex) => sex === raw.toLowerCase());
    case "birth":
      return isBirthDate(raw) ? raw : undefined;
    case "age":
      return readAge(raw);
    case "country":
      return COUNTRIES.has(raw.toUpperCase()) ? raw.toUpperCase() : undefined;
  }
}

function linesOf(raw: string): string[] | undefined {
  return some(cleanParagraphs(raw).split("\n").map(cleanLine).filter(Boolean));
}

function some<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Addresses with a scheme other than the web's run scripts or read files when followed. */
function webAddress(raw: string): string | undefined {
  const address = cleanLine(raw);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/\s/g, ""))?.[1]?.toLowerCase();
  return scheme === undefined || scheme === "http" || scheme === "https" ? address : undefined;
}

function isBirthDate(raw: string): boolean {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(raw);
  return match !== null && isDay(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1));
}

function readAge(raw: string): string | undefined {
  const match = /^(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(raw);
  if (!match) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (from > to || to > 130) return undefined;
  return from === to ? `${from}` : `${from}-${to}`;
}

/** Chinese, Japanese and Korean names written in Han put the family first and no space between. */
function joinedName(given = "", family = ""): string {
  if (/\p{Script=Han}/u.test(given + family)) return family + given;
  return [given, family].filter(Boolean).join(" ");
}

/**
 * Before 1.4 a description was a block within `other`: a line `description:`, then its lines, indented by four
 * spaces if the writer was careful. What stands beside the block is kept below it.
 */
function descriptionIn(other: string): string {
  const lines = cleanParagraphs(other).split("\n");
  const start = lines.findIndex((line) => /^description:/i.test(line));
  if (start === -1) return other;
  const label = /^[a-z][a-z_]*:/;
  const next = lines.findIndex((line, index) => index > start && label.test(line));
  const end = next === -1 ? lines.length : next;
  const block = [lines[start]!.replace(/^description:/i, ""), ...lines.slice(start + 1, end)];
  const text = block.map((line) => line.replace(/^ {1,4}/, "")).join("\n");
  return [text, ...lines.slice(0, start), ...lines.slice(end)].filter((part) => part.trim()).join("\n");
}

function otherFor(description: string): string {
  return ["description:", ...description.split("\n").map((line) => line && `    ${line}`)].join("\n");
}

/**
 * The elements of a person in a version's words and order, empty mandatory ones included. A placeholder gives
 * nothing but its id and dates and the empty name. Fields a version has no word for are left out.
 */
export function elementsOfPerson(
  version: PfifVersion,
  person: PfifPerson,
): [element: string, text: string][] {
  const record = isPlaceholder(person) ? placeholderOf(person) : person;
  const named: PfifPerson = { ...record };
  const { person: elements, mandatory } = PFIF_TABLES[version];
  if (!elements.includes("full_name") && !record.given_name && !record.family_name && record.full_name) {
    // Splitting a stranger's name is guesswork; whole in one element, it reads right on the other side.
    named.family_name = record.full_name;
  }
  return write(elements, mandatory, named as unknown as Record<string, unknown>);
}

/** The elements of a note in a version's words and order. 1.1 knows neither status nor the person's id. */
export function elementsOfNote(version: PfifVersion, note: PfifNote): [element: string, text: string][] {
  return write(PFIF_TABLES[version].note, NOTE_MANDATORY, note as unknown as Record<string, unknown>);
}

function write(
  elements: readonly string[],
  mandatory: readonly string[],
  record: Readonly<Record<string, unknown>>,
): [string, string][] {
  const written: [string, string][] = [];
  for (const element of elements) {
    const value = record[OLDER_NAMES[element] ?? element];
    const text = Array.isArray(value)
      ? value.join("\n")
      : value === undefined || value === null
        ? ""
        : String(value);
    if (text || mandatory.includes(element)) {
      written.push([element, text && element === "other" ? otherFor(text) : text]);
    }
  }
  return written;
}

/** ISO 3166-1 alpha-2, and XK, which travellers to Kosovo and most registers use. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO " +
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE " +
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO " +
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW " +
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM " +
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
  ).split(" "),
);
