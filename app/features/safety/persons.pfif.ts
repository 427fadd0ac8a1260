/** Our records as PFIF and PFIF records as ours. Pure: what is handed on never holds contact details. */
import type { PfifNote, PfifPerson } from "../../formats/pfif.ts";
import { ageBandOfRange, isMinor, type Note, type Person } from "./persons.ts";

export interface PfifSite {
  /** Shown as source_name of records that were first posted here. */
  name: string;
  /** Address of a person's page. */
  pageUrl: (personId: string) => string;
  photoUrl: (photoId: string) => string;
}

/** Marks what must not be taken for real when it leaves the site. */
const DRILL = "DRILL 演習 – not real";
const INVENTED = "Invented example 虛構示範";

/** A public person with notes as a PFIF 1.4 record. Times are whole seconds in UTC, as the standard wants. */
export function toPfif(person: Person, notes: readonly Note[], site: PfifSite): PfifPerson {
  const mark = person.drill ? DRILL : person.invented ? INVENTED : null;
  const description = [mark, person.description].filter((part) => part !== null && part !== "").join("\n");
  return withoutEmpty({
    person_record_id: person.record_id,
    entry_date: pfifTime(person.entry_date),
    expiry_date: pfifTime(person.expiry_date),
    author_name: person.author_name ?? undefined,
    source_name: [mark, person.source_name ?? site.name].filter((part) => part !== null).join(" – "),
    source_date: pfifTime(person.source_date),
    source_url: person.source_url ?? site.pageUrl(person.id),
    full_name: person.full_name,
    given_name: person.given_name ?? undefined,
    family_name: person.family_name ?? undefined,
    alternate_names: person.alternate_names.length > 0 ? person.alternate_names : undefined,
    description: description === "" ? undefined : description,
    sex: person.sex ?? undefined,
    age: person.age_from === null ? undefined : `${person.age_from}-${person.age_to}`,
    home_city: person.home_city ?? undefined,
    home_state: person.home_state ?? undefined,
    home_country: person.home_country ?? undefined,
    photo_url: person.photo_id === null ? undefined : site.photoUrl(person.photo_id),
    notes: notes.map(noteToPfif),
  });
}

/** What PFIF 1.4 keeps of a deleted or expired record: its ids and dates. */
export function placeholderToPfif(placeholder: {
  record_id: string;
  source_date: string;
  entry_date: string;
  expiry_date: string;
}): PfifPerson {
  return {
    person_record_id: placeholder.record_id,
    entry_date: pfifTime(placeholder.entry_date),
    expiry_date: pfifTime(placeholder.expiry_date),
    source_date: pfifTime(placeholder.source_date),
    placeholder: true,
    notes: [],
  };
}

/** A note as PFIF 1.4. What people need stands in front of the text, since PFIF has no field for it. */
export function noteToPfif(note: Note): PfifNote {
  const mark = note.drill ? `${DRILL}\n` : "";
  const needs = note.needs.length > 0 ? `[needs: ${note.needs.join(", ")}]\n` : "";
  return withoutEmpty({
    note_record_id: note.record_id,
    person_record_id: note.person_record_id,
    linked_person_record_id: note.linked_person_record_id ?? undefined,
    entry_date: pfifTime(note.entry_date),
    author_name: note.author_name ?? undefined,
    source_date: pfifTime(note.source_date),
    author_made_contact: note.author_made_contact ?? undefined,
    status: note.status ?? undefined,
    last_known_location:
      note.last_known_location ?? (note.lat === null ? undefined : `${note.lat} ${note.lon}`),
    text: `${mark}${needs}${note.text}`,
  });
}

/** A record of another registry as `import_pfif` takes it. `keys` computes the name keys. */
export function personFromPfif(
  person: PfifPerson,
  n: number,
  now: Date,
  keys: (name: { fullName: string; alternateNames: string[] }) => string[],
): Record<string, unknown> {
  const fullName = cut((person.full_name ?? "").replace(/\s*\n\s*/g, " "), 300);
  const alternateNames = (person.alternate_names ?? []).map((name) => cut(name, 200)).slice(0, 20);
  const [from, to] = ageRange(person.age);
  const birthYear = person.date_of_birth === undefined ? undefined : Number(person.date_of_birth.slice(0, 4));
  return withoutEmpty({
    n,
    record_id: person.person_record_id,
    placeholder: person.placeholder ?? false,
    full_name: fullName,
    given_name: person.given_name,
    family_name: person.family_name,
    alternate_names: alternateNames,
    sex: person.sex,
    ...(from === undefined ? {} : ageBandOfRange(from, to!)),
    minor: isMinor({ age: to, birth_year: birthYear }, now.getUTCFullYear()),
    home_city: person.home_city,
    home_state: person.home_state,
    home_country: person.home_country,
    description: cut(person.description, 10_000),
    author_name: person.author_name,
    author_email: cut(person.author_email, 254),
    author_phone: cut(person.author_phone, 40),
    date_of_birth: person.date_of_birth,
    home_street: person.home_street,
    home_neighborhood: person.home_neighborhood,
    home_postal_code: person.home_postal_code,
    source_name: person.source_name,
    source_url: person.source_url,
    source_date: person.source_date ?? person.entry_date ?? now.toISOString(),
    expiry_date: person.expiry_date,
    name_keys: person.placeholder ? [] : keys({ fullName, alternateNames }),
  });
}

/** A note of another registry as `import_pfif` takes it. */
export function noteFromPfif(note: PfifNote, n: number, now: Date): Record<string, unknown> {
  return withoutEmpty({
    n,
    record_id: note.note_record_id,
    person_record_id: note.person_record_id,
    linked_person_record_id: note.linked_person_record_id,
    status: note.status,
    text: cut(note.text, 10_000) ?? "",
    last_known_location: cut(note.last_known_location, 500),
    author_made_contact: note.author_made_contact,
    author_name: note.author_name,
    author_email: cut(note.author_email, 254),
    author_phone: cut(note.author_phone, 40),
    email_of_found_person: note.email_of_found_person,
    phone_of_found_person: note.phone_of_found_person,
    source_date: note.source_date ?? note.entry_date ?? now.toISOString(),
    photo_url: note.photo_url,
  });
}

/** The beginning of a text that is longer than we keep. Half a character could not be stored. */
function cut<T extends string | undefined>(text: T, max: number): T {
  return (text === undefined ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "")) as T;
}

function ageRange(age: string | undefined): [number?, number?] {
  const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(age ?? "");
  if (!match) return [];
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to && to <= 130 ? [from, to] : [];
}

function pfifTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function withoutEmpty<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
