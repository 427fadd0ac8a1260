import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  LIMITS,
  NEEDS,
  NOTE_STATUSES,
  OBJECTIONS,
  POSTED_AS,
  SEXES,
  VISIBILITIES,
} from "#app/features/safety/persons.ts";
import {
  answerSchema,
  linkSchema,
  noteSchema,
  personSchema,
  relaySchema,
} from "#app/features/safety/persons.schema.ts";
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";

// Limits stand twice: in the schemas for kindness, in the database for truth. What the first lets through the second
// must be able to keep, or a careful answer ends as a fault; and no word may be known to one of them alone.

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

const person = { as: "me", full_name: "界限", consent: "yes" };
/** A character of one unit, one of two, and one that a reader counts once and a database twice. */
const letters = {
  Latin: "a",
  Han: "陳",
  "Han beyond the first plane": "𠮷",
  "a letter with a mark": "x\u0301",
};

async function report(answers: Record<string, unknown>): Promise<{ id: string }> {
  const input = personSchema(new Date()).parse({ ...person, ...answers });
  return database.lite.commands.call("report_person", {
    p: {
      ...input,
      id: randomUUID(),
      record_domain: "here.example",
      manage_hash: "a".repeat(64),
      view_hash: "b".repeat(64),
    },
  });
}

describe.each(Object.entries(letters))("the longest text of %s", (_, letter) => {
  it.each([
    ["full_name", LIMITS.name],
    ["last_known_location", LIMITS.place],
    ["home_city", LIMITS.city],
    ["author_name", LIMITS.name],
    ["text", LIMITS.text],
  ] as const)("in %s is kept whole, one more is refused by the schema", async (field, limit) => {
    const longest = letter.repeat(limit);
    expect(personSchema(new Date()).safeParse({ ...person, [field]: longest + letter }).success).toBe(false);
    const { id } = await report({ [field]: longest });
    const [row] = await database.sql`
      select p.full_name, p.home_city, p.author_name, n.last_known_location, n.text
      from app.persons p join app.notes n on n.person_id = p.id where p.id = ${id}`;
    expect(row![field]).toBe(longest.normalize("NFC"));
  });

  it("in other names, a note, a message and a link is kept whole", async () => {
    const { id } = await report({
      alternate_names: Array.from(
        { length: LIMITS.alternateNames },
        (_, n) => letter.repeat(LIMITS.name - 2) + String(n + 10),
      ),
    });
    const { id: other } = await report({});
    const text = letter.repeat(LIMITS.text);
    const place = { record_domain: "here.example", person_id: id };
    const note = noteSchema.parse({
      text,
      author_name: letter.repeat(LIMITS.name),
      last_known_location: letter.repeat(LIMITS.place),
    });
    await database.lite.commands.call("add_note", { p: { ...note, ...place } });
    const relay = relaySchema.parse({ text, author_name: letter.repeat(LIMITS.name) });
    const thread = randomUUID();
    await database.lite.commands.call("open_relay", {
      p: { ...relay, ...place, id: thread, token_hash: "c".repeat(64), language: "en" },
    });
    await database.lite.commands.call("write_relay", {
      p: { ...answerSchema.parse({ text }), thread_id: thread, token_hash: "c".repeat(64) },
    });
    const link = linkSchema.parse({ other, text });
    await database.lite.commands.call("link_persons", {
      p: { text: link.text, ...place, other_id: link.other },
    });
    for (const schema of [noteSchema, answerSchema])
      expect(schema.safeParse({ text: text + letter }).success).toBe(false);
  });
});

describe("the words of each vocabulary", () => {
  const labels = async (type: string) =>
    (
      await database.sql<
        { label: string }[]
      >`select unnest(enum_range(null::app.note_status))::text as label where ${type} = 'note_status'
      union all select unnest(enum_range(null::app.posted_as))::text where ${type} = 'posted_as'
      union all select unnest(enum_range(null::app.visibility))::text where ${type} = 'visibility'`
    )
      .map(({ label }) => label)
      .sort();

  it("are the same in both", async () => {
    expect(await labels("note_status")).toEqual([...NOTE_STATUSES].sort());
    expect(await labels("visibility")).toEqual([...VISIBILITIES].sort());
    expect(await labels("posted_as")).toEqual([...POSTED_AS, "imported"].sort());
  });

  it("are all taken", async () => {
    for (const sex of SEXES) await report({ sex });
    for (const need of NEEDS) await report({ status: "help", need });
    const { id } = await report({});
    for (const reason of OBJECTIONS)
      await database.lite.commands.call("object_to_person", { p: { person_id: id, reason } });
    const [row] =
      await database.sql`select count(*)::int as n from app.queue_items where kind in ('objection', 'report')`;
    expect(row).toEqual({ n: OBJECTIONS.length });
  });

  it("and no others", async () => {
    const insert = (column: string, value: unknown) =>
      database.sql.unsafe(`update app.persons set ${column} = $1 where full_name = '界限'`, [
        value as string,
      ]);
    await expect(insert("sex", "yes")).rejects.toThrow(/persons_sex_is_a_pfif_word/);
    await expect(insert("expiry_days", 361)).rejects.toThrow(/persons_cannot_stay_longer/);
    await expect(insert("expiry_days", 0)).rejects.toThrow(/persons_cannot_stay_longer/);
    await expect(insert("home_country", "tw")).rejects.toThrow(/persons_countries_are_iso_codes/);
    await expect(insert("full_name", "a".repeat(LIMITS.name * 3))).rejects.toThrow(
      /persons_names_cannot_be_endless/,
    );
  });
});

describe("numbers at their ends", () => {
  const year = new Date().getUTCFullYear();
  it.each([
    ["age", [0, 130], [-1, 131]],
    ["birth_year", [1890, year], [1889, year + 1]],
    ["expiry_days", [1, LIMITS.expiryDays], [0, LIMITS.expiryDays + 1]],
  ] as const)("of %s are kept, beyond them refused", async (field, kept, refused) => {
    for (const value of kept) await report({ [field]: value });
    for (const value of refused)
      expect(personSchema(new Date()).safeParse({ ...person, [field]: value }).success, String(value)).toBe(
        false,
      );
  });

  it("of places are kept", async () => {
    for (const [lat, lon] of [
      [90, 180],
      [-90, -180],
      [0, 180],
      [0.000001, 0],
    ])
      await report({ lat, lon });
  });

  it("of addresses and telephones are kept", async () => {
    const author_email = `${"a".repeat(64)}@${"b".repeat(61)}.${"c".repeat(61)}.${"d".repeat(50)}.example`;
    expect(author_email.length).toBeLessThanOrEqual(LIMITS.email);
    await report({ author_email });
    await report({ author_phone: `+${"1".repeat(20)}`.padEnd(LIMITS.phone, " ") });
  });
});
