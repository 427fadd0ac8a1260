import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { PFIF_VERSIONS, type PfifPerson } from "../../formats/pfif.ts";
import { readPfif, type PfifItem } from "../../formats/pfif-reader.ts";
import { writePfif } from "../../formats/pfif-writer.ts";
import { isWellFormedText } from "../../formats/safe-text.ts";
import { nameKeys } from "../../names/name-keys.ts";
import {
  noteFromPfif,
  noteToPfif,
  personFromPfif,
  placeholderToPfif,
  toPfif,
  type PfifSite,
} from "./persons.pfif.ts";
import { NEEDS, NOTE_STATUSES, SEXES, type Note, type Person } from "./persons.ts";

// Much is tried here, and a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const site: PfifSite = {
  name: "Lookout",
  pageUrl: (id) => `https://lookout.example/safety/persons/${id}`,
  photoUrl: (id) => `https://lookout.example/photos/${id}.jpg`,
};
const now = new Date("2026-11-22T10:00:00Z");
const secret = "contact-that-must-not-leave";

const person: Person = {
  id: "0f0f0f0f-0000-4000-8000-000000000001",
  record_id: "lookout.example/person.0f0f0f0f-0000-4000-8000-000000000001",
  event: "everyday", drill: false, invented: false, posted_as: "seeking",
  full_name: "王小明", given_name: null, family_name: null, alternate_names: ["Wang Xiaoming", "Ming"],
  sex: "male", age_from: 30, age_to: 34, minor: false, home_country: "TW", home_city: "臺北", home_state: null,
  description: "紅色外套", author_name: "王大明", source_name: null, source_url: null,
  source_date: "2026-11-20T01:02:03.456789+00:00", entry_date: "2026-11-20T01:02:04+00:00", expiry_date: "2027-01-19T01:02:03+08:00",
  is_clone: false, visibility: "public", publication: "published", softened: false, photo_id: null,
  status: "information_sought", status_date: null, status_by: null, self_status_date: null, needs: [],
  last_known_location: null, lat: null, lon: null, precision_m: null, note_count: 1, freshest_at: "2026-11-20T01:02:03+00:00", version: 1,
}; // prettier-ignore
const note: Note = {
  id: "0f0f0f0f-0000-4000-8000-000000000002",
  record_id: "lookout.example/note.0f0f0f0f-0000-4000-8000-000000000002",
  person_id: person.id, person_record_id: person.record_id, linked_person_record_id: null,
  status: "information_sought", text: "誰見過他？", needs: [], last_known_location: "花蓮車站", lat: null, lon: null, precision_m: null,
  author_made_contact: false, author_name: "王大明", source: "third_party", source_date: "2026-11-20T01:02:03+00:00",
  entry_date: "2026-11-20T01:02:04+00:00", is_clone: false, drill: false, invented: false,
}; // prettier-ignore

async function readAll(xml: string): Promise<PfifItem[]> {
  async function* bytes() {
    yield Buffer.from(xml);
  }
  const items: PfifItem[] = [];
  for await (const item of readPfif(bytes())) items.push(item);
  return items;
}

async function thereAndBack(
  sent: PfifPerson,
  version: (typeof PFIF_VERSIONS)[number] = "1.4",
): Promise<PfifPerson> {
  const [item] = await readAll(writePfif([sent], { version }));
  if (item?.kind !== "person") throw new Error(`read ${JSON.stringify(item)}`);
  return item.person;
}

describe("a record that leaves and comes back", () => {
  test("is the same person with the same dates", async () => {
    const back = personFromPfif(
      await thereAndBack(toPfif(person, [note], site)),
      7,
      now,
      ({ fullName, alternateNames }) => nameKeys({ fullName, alternateNames }),
    );
    expect(back).toMatchObject({
      n: 7, record_id: person.record_id, placeholder: false, full_name: "王小明", alternate_names: ["Wang Xiaoming", "Ming"], sex: "male",
      age_from: 30, age_to: 34, minor: false, home_country: "TW", home_city: "臺北", description: "紅色外套", author_name: "王大明",
      source_name: "Lookout", source_url: site.pageUrl(person.id), source_date: "2026-11-20T01:02:03Z", expiry_date: "2027-01-18T17:02:03Z",
      name_keys: nameKeys({ fullName: person.full_name, alternateNames: person.alternate_names }),
    }); // prettier-ignore
  });

  test("brings its notes", async () => {
    const [back] = (await thereAndBack(toPfif(person, [note], site))).notes;
    expect(noteFromPfif(back!, 0, now)).toEqual({
      n: 0, record_id: note.record_id, person_record_id: person.record_id, status: "information_sought", text: "誰見過他？",
      last_known_location: "花蓮車站", author_made_contact: false, author_name: "王大明", source_date: "2026-11-20T01:02:03Z",
    }); // prettier-ignore
  });

  test.each(PFIF_VERSIONS)("is still somebody in PFIF %s", async (version) => {
    const back = await thereAndBack(toPfif(person, [note], site), version);
    expect(back.person_record_id).toBe(person.record_id);
    expect(back.full_name).toContain("王小明");
  });

  test("whatever somebody is called and says", async () => {
    const line = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .map((s) => `名${s.replace(/[\p{C}\s]/gu, "")}`.normalize("NFC"));
    await fc.assert(
      fc.asyncProperty(
        line, fc.array(line, { maxLength: 4 }), line, fc.option(fc.constantFrom(...SEXES)), fc.constantFrom(...NOTE_STATUSES), fc.subarray([...NEEDS]),
        async (full_name, alternate_names, text, sex, status, needs) => {
          const other = { ...person, full_name, alternate_names: [...new Set(alternate_names)], sex, description: text };
          const back = await thereAndBack(toPfif(other, [{ ...note, text, status, needs }], site));
          expect(back).toMatchObject({ full_name, description: text });
          expect(back.alternate_names ?? []).toEqual(other.alternate_names);
          expect(back.sex ?? null).toBe(sex);
          expect(back.notes[0]).toMatchObject({ status });
          expect(back.notes[0]!.text).toContain(text);
        },
      ),
      { numRuns: 60 },
    ); // prettier-ignore
  });
});

describe("what is handed on", () => {
  test("never holds contact details, exact facts or secrets, even if the row had them", () => {
    const rows = [
      "author_email", "author_phone", "exact_age", "birth_year", "date_of_birth", "home_street", "manage_hash", "view_hash", "name_keys",
      "email_of_found_person", "phone_of_found_person", "exact_position",
    ]; // prettier-ignore
    const extra = Object.fromEntries(rows.map((field) => [field, secret]));
    const sent = toPfif({ ...person, ...extra } as Person, [{ ...note, ...extra } as Note], site);
    expect(JSON.stringify(sent)).not.toContain(secret);
    for (const version of PFIF_VERSIONS)
      expect(writePfif([sent], { version })).not.toMatch(/contact-that|author_email>|author_phone>\w/);
  });

  test("has an age in a band, times in whole seconds of UTC, and a page to go to", () => {
    const sent = toPfif(person, [], site);
    expect(sent).toMatchObject({
      age: "30-34",
      source_date: "2026-11-20T01:02:03Z",
      expiry_date: "2027-01-18T17:02:03Z",
      source_url: site.pageUrl(person.id),
    });
    expect(toPfif({ ...person, age_from: null, age_to: null }, [], site)).not.toHaveProperty("age");
  });

  test("keeps the source of a copy", () => {
    const sent = toPfif(
      { ...person, is_clone: true, source_name: "Registry", source_url: "https://registry.example/1" },
      [],
      site,
    );
    expect(sent).toMatchObject({ source_name: "Registry", source_url: "https://registry.example/1" });
  });

  test("says of a drill and of an example that they are none, in every part", () => {
    const drill = toPfif({ ...person, drill: true }, [{ ...note, drill: true }], site);
    expect(
      [drill.source_name, drill.description, drill.notes[0]!.text].every((said) => said?.includes("DRILL")),
    ).toBe(true);
    const invented = toPfif({ ...person, invented: true }, [], site);
    expect([invented.source_name, invented.description].every((said) => said?.includes("虛構"))).toBe(true);
  });

  test("names the needs, for which PFIF has no word", () => {
    expect(noteToPfif({ ...note, needs: ["injured", "money"] }).text).toBe(
      "[needs: injured, money]\n誰見過他？",
    );
  });

  test("gives a place in figures only where there are no words", () => {
    expect(
      noteToPfif({ ...note, last_known_location: null, lat: 25.03, lon: 121.57 }).last_known_location,
    ).toBe("25.03 121.57");
    expect(noteToPfif({ ...note, lat: 25.03, lon: 121.57 }).last_known_location).toBe("花蓮車站");
    expect(noteToPfif({ ...note, last_known_location: null })).not.toHaveProperty("last_known_location");
  });

  test("of a deleted record is a placeholder: its ids and dates, read as such everywhere", async () => {
    const sent = placeholderToPfif(person);
    const back = await thereAndBack(sent);
    expect(back).toMatchObject({ person_record_id: person.record_id, placeholder: true, notes: [] });
    expect(personFromPfif(back, 0, now, () => ["never"])).toEqual({
      n: 0, record_id: person.record_id, placeholder: true, full_name: "", alternate_names: [], minor: false,
      source_date: "2026-11-20T01:02:03Z", expiry_date: "2027-01-18T17:02:03Z", name_keys: [],
    }); // prettier-ignore
  });
});

describe("what comes in", () => {
  const incoming = (changes: Partial<PfifPerson>): Record<string, unknown> =>
    personFromPfif(
      { person_record_id: "a.example/1", full_name: "A B", notes: [], ...changes },
      0,
      now,
      () => [],
    );

  test.each([
    ["33", { age_from: 30, age_to: 34, minor: false }],
    ["35-45", { age_from: 35, age_to: 49, minor: false }],
    ["10-12", { age_from: 10, age_to: 14, minor: true }],
    // Might be a grown person: nobody is hidden for that.
    ["16-20", { age_from: 15, age_to: 24, minor: false }],
    ["0", { age_from: 0, age_to: 4, minor: true }],
  ])("an age of %s is shown in a band", (age, band) => {
    expect(incoming({ age })).toMatchObject(band);
  });

  test.each([undefined, "", "old", "200", "40-30", "1-2-3", "-5"])("an age of %j is none", (age) => {
    const row = incoming(age === undefined ? {} : { age });
    expect(row).not.toHaveProperty("age_from");
    expect(row).not.toHaveProperty("age_to");
  });

  test("a child is known by its birthday too", () => {
    expect(incoming({ date_of_birth: "2015-06-01" })).toMatchObject({ minor: true });
    expect(incoming({ date_of_birth: "1980" })).toMatchObject({ minor: false });
  });

  test("texts without end are cut, lists too", () => {
    const row = incoming({
      full_name: `A\n ${"b".repeat(9_000)}`,
      description: "d".repeat(99_999),
      alternate_names: Array(99).fill("n".repeat(999)),
    });
    expect(row.full_name).toMatch(/^A b/);
    expect((row.full_name as string).length).toBe(300);
    expect((row.description as string).length).toBe(10_000);
    expect((row.alternate_names as string[]).length).toBe(20);
  });

  test("cutting never leaves half a character", () => {
    const row = incoming({
      full_name: `A${"𠮷".repeat(200)}`,
      alternate_names: [`A${"𠮷".repeat(150)}`],
      description: `A${"𠮷".repeat(6_000)}`,
    });
    for (const said of [row.full_name, (row.alternate_names as string[])[0], row.description])
      expect(isWellFormedText(said as string)).toBe(true);
    const said = noteFromPfif(
      {
        note_record_id: "a/1",
        person_record_id: "a/2",
        text: `A${"𠮷".repeat(6_000)}`,
        last_known_location: `A${"𠮷".repeat(400)}`,
      },
      0,
      now,
    );
    for (const cut of [said.text, said.last_known_location])
      expect(isWellFormedText(cut as string)).toBe(true);
  });

  test("without a date it is of the day it entered there, or of now", () => {
    expect(incoming({})).toMatchObject({ source_date: now.toISOString() });
    expect(incoming({ entry_date: "2026-01-01T00:00:00Z" })).toMatchObject({
      source_date: "2026-01-01T00:00:00Z",
    });
    expect(noteFromPfif({ note_record_id: "a/1", person_record_id: "a/2" }, 0, now)).toMatchObject({
      source_date: now.toISOString(),
      text: "",
    });
  });
});
