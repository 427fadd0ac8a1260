import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PFIF_SEXES, PFIF_STATUSES, PFIF_VERSIONS } from "./pfif.ts";
import type { PfifNote, PfifPerson, PfifVersion } from "./pfif.ts";
import { readPfif } from "./pfif-reader.ts";
import { pfifChunks, writePfif } from "./pfif-writer.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url), "utf8");

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

async function read(document: string): Promise<{ persons: PfifPerson[]; notes: PfifNote[] }> {
  const persons: PfifPerson[] = [];
  const notes: PfifNote[] = [];
  for await (const item of readPfif(of(document))) {
    if (item.kind === "person") persons.push(item.person);
    else if (item.kind === "note") notes.push(item.note);
    else throw new Error(item.token);
  }
  return { persons, notes };
}

describe("round trips", () => {
  const names: [PfifVersion, string][] = [
    ...PFIF_VERSIONS.map((version): [PfifVersion, string] => [
      version,
      `pfif-${version}-person-with-notes.xml`,
    ]),
    ["1.4", "pfif-1.4-placeholder.xml"],
  ];

  test.each(names)("%s: %s is written as it was read, byte for byte", async (version, name) => {
    const { persons } = await read(fixture(name));
    expect(writePfif(persons, { version })).toBe(fixture(name));
  });

  test.each(PFIF_VERSIONS)("any fixture written as %s is read again as the same person", async (version) => {
    for (const from of PFIF_VERSIONS) {
      const { persons } = await read(fixture(`pfif-${from}-person-with-notes.xml`));
      const again = (await read(writePfif(persons, { version }))).persons;
      expect(again).toHaveLength(1);
      expect(again[0]).toMatchObject({
        person_record_id: persons[0]!.person_record_id,
        description: persons[0]!.description,
        notes: persons[0]!.notes.map(({ text }) => ({ text })),
      });
    }
  });

  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .map((text) => cleanLine(text) || "王");
  const text = fc
    .string({ unit: "binary", minLength: 1, maxLength: 80 })
    .map((value) => cleanParagraphs(value) || "王");
  const id = fc.nat().map((n) => `board.example.org/${n}`);
  const date = fc
    .date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    })
    .map((value) => value.toISOString().replace(/\.?0*Z$/, "Z"));
  const address = fc.webUrl().map((url) => url.normalize("NFC"));
  const lines = fc.array(line, { minLength: 1, maxLength: 3 });
  const optional = { noNullPrototype: true } as const;

  const note = fc.record(
    {
      note_record_id: id,
      person_record_id: fc.constant("board.example.org/p"),
      linked_person_record_id: id,
      entry_date: date,
      author_name: line,
      author_email: fc.emailAddress(),
      source_date: date,
      author_made_contact: fc.boolean(),
      status: fc.constantFrom(...PFIF_STATUSES),
      phone_of_found_person: line,
      last_known_location: text,
      text,
      photo_url: address,
    },
    { ...optional, requiredKeys: ["note_record_id", "person_record_id"] },
  );
  const person = fc.record(
    {
      person_record_id: fc.constant("board.example.org/p"),
      entry_date: date,
      expiry_date: date,
      author_name: line,
      author_phone: line,
      source_name: line,
      source_date: date,
      source_url: address,
      full_name: line,
      given_name: line,
      family_name: line,
      alternate_names: lines,
      description: text,
      sex: fc.constantFrom(...PFIF_SEXES),
      date_of_birth: fc.constantFrom("1970", "1970-02", "2000-02-29"),
      age: fc.constantFrom("0", "34", "30-34"),
      home_street: line,
      home_city: line,
      home_country: fc.constantFrom("TW", "NP"),
      photo_url: address,
      profile_urls: fc.array(address, { minLength: 1, maxLength: 3 }),
      notes: fc.uniqueArray(note, { maxLength: 3, selector: (value) => value.note_record_id }),
    },
    { ...optional, requiredKeys: ["person_record_id", "full_name", "notes"] },
  );

  test("whatever people write comes back", async () => {
    await fc.assert(
      fc.asyncProperty(person, fc.array(note, { maxLength: 2 }), async (value, notes) => {
        expect(await read(writePfif([value], { notes }))).toEqual({ persons: [value], notes });
      }),
    );
  });

  test("H3 H13 markup, quotes and controls never break a document", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.constantFrom(...PFIF_VERSIONS),
        async (value, version) => {
          const document = writePfif(
            [
              {
                person_record_id: "b.example/1",
                full_name: `x${value}`,
                description: `${value}]]></pfif:person>"'😀`,
                notes: [],
              },
            ],
            { version },
          );
          expect((await read(document)).persons).toHaveLength(1);
        },
      ),
    );
  });
});

test("a large export leaves in pieces", async () => {
  const persons = (async function* () {
    for (let n = 0; n < 3; n += 1) yield { person_record_id: `b.example/${n}`, full_name: "A", notes: [] };
  })();
  const chunks: string[] = [];
  for await (const chunk of pfifChunks(persons, { version: "1.3" })) chunks.push(chunk);
  expect(chunks).toHaveLength(5);
  expect((await read(chunks.join(""))).persons).toHaveLength(3);
});

test("an expired person is written without anything it once said", async () => {
  const [person] = (await read(fixture("pfif-1.4-person-with-notes.xml"))).persons;
  const document = writePfif([{ ...person!, placeholder: true }]);
  expect(document).toContain("<pfif:full_name></pfif:full_name>");
  expect(document).not.toMatch(/單|note|TW|Chiayi|author/);
});
