import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT_STATES } from "#app/features/events/events.ts";
import {
  LIMITS,
  NEEDS,
  NOTE_SOURCES,
  NOTE_STATUSES,
  noteRow,
  OBJECTIONS,
  personRow,
  POSTED_AS,
  SEXES,
  VISIBILITIES,
} from "#app/features/safety/persons.ts";
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";
import { aClone, aPerson, importRecords, post } from "#tests/support/records.ts";

// Vocabularies and bounds stand twice: in the schemas for kindness, in the database for truth. Here they meet.
let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

const wordsOf = async (type: string) => {
  const [row] = await database.sql`select enum_range(null::app.${database.sql(type)})::text[] as words`;
  return row!.words as string[];
};

describe("words", () => {
  it.each([
    ["note_status", NOTE_STATUSES],
    ["note_source", NOTE_SOURCES],
    ["visibility", VISIBILITIES],
    ["event_state", EVENT_STATES],
    ["posted_as", [...POSTED_AS, "imported"]],
  ] as const)("%s are the same in both", async (type, words) => {
    expect([...(await wordsOf(type))].sort()).toEqual([...words].sort());
  });

  it("sexes, needs and objections too", async () => {
    for (const sex of SEXES) await post(database.lite.commands, { sex });
    await post(database.lite.commands, { need: [...NEEDS] });
    const { id } = await post(database.lite.commands);
    for (const reason of OBJECTIONS) {
      await expect(
        database.lite.commands.call("object_to_person", { p: { person_id: id, reason } }),
      ).resolves.toBeTruthy();
    }
  });
});

describe("bounds", () => {
  // The schemas count characters as a reader does and allow two units for each: the database must hold all of it.
  const longest = (characters: number) => "𠮷".repeat(characters);
  it("hold everything the schemas let through", async () => {
    await post(database.lite.commands, {
      full_name: longest(LIMITS.name), alternate_names: Array.from({ length: LIMITS.alternateNames }, (_, n) => `${n}${longest(LIMITS.name - 2)}`),
      text: longest(LIMITS.text), last_known_location: longest(LIMITS.place), home_city: longest(LIMITS.city), author_name: longest(LIMITS.name),
      author_email: `${"a".repeat(LIMITS.email - 12)}@example.org`, author_phone: "1".repeat(LIMITS.phone), expiry_days: LIMITS.expiryDays,
      age: 130, age_from: 130, age_to: 134, lat: 90, lon: -180,
    }); // prettier-ignore
  });

  it("end somewhere for every text that a visitor sends", async () => {
    const endless = "x".repeat(1_000_000);
    const texts = [
      "full_name",
      "text",
      "last_known_location",
      "home_city",
      "author_name",
      "description",
      "author_email",
      "author_phone",
      "given_name",
      "family_name",
    ];
    for (const field of texts) {
      const told = await database.lite.commands
        .call("report_person", { p: aPerson({ [field]: endless }) })
        .then(
          () => "taken",
          () => "refused",
        );
      expect({ field, told }).toEqual({ field, told: "refused" });
    }
  });
});

it("texts from elsewhere are cut to what we keep, so that nobody is lost over a long street", async () => {
  const long = "長".repeat(3_000);
  const clone = aClone({
    given_name: long, family_name: long, home_city: long, home_state: long, author_name: long, source_name: long,
    source_url: `https://example.org/${long}`, home_street: long, home_neighborhood: long, home_postal_code: long,
  }); // prettier-ignore
  const note = {
    n: 0, record_id: "elsewhere.example/note.long", person_record_id: clone.record_id, author_name: long, photo_url: `https://example.org/${long}`,
    email_of_found_person: `${long}@example.org`, phone_of_found_person: "1".repeat(50), text: "", source_date: "2026-02-01T00:00:00Z",
  }; // prettier-ignore
  expect(await importRecords(database.lite.commands, { persons: [clone], notes: [note] })).toEqual({
    persons: [{ n: 0, outcome: "created" }],
    notes: [{ n: 0, outcome: "created" }],
  });
});

describe("rows", () => {
  it("of the views are what the site reads, and nothing more", async () => {
    const columns = async (view: string) =>
      (
        await database.sql`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = ${view}`
      ).map(({ name }) => name as string);
    expect((await columns("persons")).sort()).toEqual(Object.keys(personRow.shape).sort());
    expect((await columns("notes")).sort()).toEqual(Object.keys(noteRow.shape).sort());
  });
});
