import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { readPfif } from "./pfif-reader.ts";
import type { PfifItem, PfifLimits } from "./pfif-reader.ts";
import { XmlRefused } from "./xml.ts";

const fixture = (name: string) => readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url));

// Garbage is no growth: only what is still held counts.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

async function readAll(source: Uint8Array | string, limits?: PfifLimits): Promise<PfifItem[]> {
  const items: PfifItem[] = [];
  for await (const item of readPfif(of(source), limits)) items.push(item);
  return items;
}

const document = (body: string, version = "1.4") =>
  `<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/${version}">${body}</pfif:pfif>`;
const person = (body: string, id = "board.example.org/1") =>
  `<pfif:person><pfif:person_record_id>${id}</pfif:person_record_id>${body}</pfif:person>`;
const named = (body: string) => document(person(`<pfif:full_name>A</pfif:full_name>${body}`));

async function only(xml: string): Promise<PfifItem> {
  const items = await readAll(xml);
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe("the four versions", () => {
  test("1.4 is read field by field", async () => {
    const item = (await readAll(fixture("pfif-1.4-person-with-notes.xml")))[0]!;
    expect(item).toMatchObject({
      kind: "person",
      line: 3,
      person: {
        person_record_id: "lookout.example.org/person.7001",
        expiry_date: "2026-06-24T08:10:00Z",
        full_name: "單明軒",
        alternate_names: ["Shan Ming-hsuan", 'Michael "Mike" Shan'],
        description: "綠色背包、左手有疤 & 戴眼鏡。\n\nTrekking <Langtang> with a guide, 🏔️ since 20 April.",
        date_of_birth: "1994-07",
        age: "30-34",
        home_country: "TW",
        profile_urls: ["https://social.example.com/mingshan", "https://photos.example.com/u/7001"],
        notes: [
          {
            status: "information_sought",
            author_made_contact: false,
            last_known_location: "28.2139,85.5239",
          },
          {
            linked_person_record_id: "other-board.example.com/person.88",
            source_date: "2026-04-26T00:45:10.25Z",
          },
        ],
      },
    });
  });

  test("1.3 has its older names and a description within other", async () => {
    expect((await readAll(fixture("pfif-1.3-person-with-notes.xml")))[0]).toMatchObject({
      person: {
        full_name: "Amy Lin Mei-hua",
        given_name: "Mei-hua",
        family_name: "Lin",
        description: "Language student.\n\nShort hair.",
        notes: [{ author_made_contact: true, status: "believed_alive" }],
      },
    });
  });

  test("1.2 names in Han are put together family first", async () => {
    expect((await readAll(fixture("pfif-1.2-person-with-notes.xml")))[0]).toMatchObject({
      person: { full_name: "陳志明", given_name: "志明", family_name: "陳", date_of_birth: "1988" },
    });
  });

  test("1.1 notes take the id of their person", async () => {
    expect((await readAll(fixture("pfif-1.1-person-with-notes.xml")))[0]).toMatchObject({
      person: {
        full_name: "TANE PARATA",
        home_postal_code: "8011",
        description: "Bus driver, route 28",
        notes: [{ person_record_id: "shelters.example.org/p/14", author_made_contact: true }],
      },
    });
  });

  test("what is left of an expired record is a placeholder", async () => {
    expect((await readAll(fixture("pfif-1.4-placeholder.xml")))[0]).toEqual({
      kind: "person",
      line: 3,
      person: {
        person_record_id: "lookout.example.org/person.6003",
        entry_date: "2026-03-01T00:00:05Z",
        expiry_date: "2026-03-01T00:00:00Z",
        source_date: "2026-03-01T00:00:05Z",
        placeholder: true,
        notes: [],
      },
    });
  });

  test("a note may stand alone, its fields in any order", async () => {
    expect(await readAll(fixture("pfif-1.4-note-only.xml"))).toEqual([
      {
        kind: "note",
        line: 3,
        note: {
          note_record_id: "other-board.example.com/note.32",
          person_record_id: "lookout.example.org/person.7001",
          author_name: "Sita Gurung",
          source_date: "2026-04-27T00:45:00Z",
          status: "believed_alive",
          text: "Seen at the bus park, well.",
        },
      },
    ]);
  });

  test("records embedded in Atom are found, and a feed without entries is empty", async () => {
    const items = await readAll(fixture("atom-pfif-1.4-person-feed.xml"));
    expect(items.map(({ kind }) => kind)).toEqual(["person", "note"]);
    expect(await readAll('<feed xmlns="http://www.w3.org/2005/Atom"><title>none</title></feed>')).toEqual([]);
  });

  test("several full names: the first is the usual one, the others are alternate", async () => {
    expect(
      await only(document(person("<pfif:full_name>王小明\n  Wang Xiaoming </pfif:full_name>"))),
    ).toMatchObject({
      person: { full_name: "王小明", alternate_names: ["Wang Xiaoming"] },
    });
  });

  test("other without a label is the description, and labels beside it are kept", async () => {
    const read = async (other: string) =>
      only(document(person(`<pfif:last_name>A</pfif:last_name><pfif:other>${other}</pfif:other>`), "1.2"));
    expect(await read("red coat")).toMatchObject({ person: { description: "red coat" } });
    expect(await read("eyes: brown\ndescription:\nred coat\ntall\nhair: black")).toMatchObject({
      person: { description: "red coat\ntall\neyes: brown\nhair: black" },
    });
  });
});

describe("bad records", () => {
  test("each is named and the good ones land", async () => {
    const items = await readAll(fixture("pfif-1.4-bad-records.xml"));
    expect(
      items.map((item) => (item.kind === "refused" ? [item.line, item.record_id, item.token] : item.kind)),
    ).toEqual([
      [4, null, "person_record_id_missing"],
      [8, "board.example.org/1", "record_id_twice"],
      [13, null, "record_id_invalid"],
      [17, "board.example.org/4", "date_invalid"],
      [22, "board.example.org/5", "full_name_missing"],
      [30, "board.example.org/n1", "status_unknown"],
      [34, null, "note_record_id_missing"],
      [37, "board.example.org/n2", "note_of_another_person"],
      [46, "board.example.org/n3", "note_record_id_duplicate"],
      "person",
      [51, "board.example.org/n4", "note_without_person"],
    ]);
    expect(items[9]).toMatchObject({ person: { notes: [{ text: "Good" }] } });
  });

  test("H34 dates that no calendar has cost the record, and birthdays only themselves", async () => {
    for (const date of [
      "2026-02-30T00:00:00Z",
      "0000-01-01T00:00:00Z",
      "+294277-01-01T00:00:00Z",
      "infinity",
      "now",
    ]) {
      expect(await only(named(`<pfif:entry_date>${date}</pfif:entry_date>`))).toMatchObject({
        token: "date_invalid",
      });
    }
    const item = await only(named("<pfif:date_of_birth>1970-02-30</pfif:date_of_birth>"));
    expect(item).toMatchObject({ kind: "person", person: { full_name: "A" } });
    expect(item).not.toHaveProperty("person.date_of_birth");
  });

  test("H4 addresses that run scripts are left out", async () => {
    for (const url of [
      "javascript:alert(1)",
      " java\nscript:alert(1)",
      "DATA:text/html,x",
      "file:///etc/passwd",
    ]) {
      const item = await only(named(`<pfif:photo_url>${url}</pfif:photo_url>`));
      expect(item).not.toHaveProperty("person.photo_url");
    }
  });

  test("details of no use are left out without losing the person", async () => {
    const item = await only(
      named(
        "<pfif:age>old</pfif:age><pfif:sex>X</pfif:sex><pfif:home_country>Taiwan</pfif:home_country>" +
          "<pfif:other>1.3 word</pfif:other><pfif:shoe_size>42</pfif:shoe_size><description xmlns='urn:x'>not ours</description>",
      ),
    );
    expect(item).toMatchObject({
      person: { person_record_id: "board.example.org/1", full_name: "A", notes: [] },
    });
    expect(Object.keys((item as { person: object }).person).sort()).toEqual([
      "full_name",
      "notes",
      "person_record_id",
    ]);
  });

  test("H40 duplicate ids are all given, two ids in one record are refused", async () => {
    const twice = person("<pfif:full_name>A</pfif:full_name>");
    expect((await readAll(document(twice + twice))).map(({ kind }) => kind)).toEqual(["person", "person"]);
    const two =
      "<pfif:full_name>A</pfif:full_name><pfif:person_record_id>board.example.org/2</pfif:person_record_id>";
    expect(await only(document(person(two)))).toMatchObject({ token: "record_id_twice" });
  });

  test("H40 a wrong namespace is not read as ours", async () => {
    const items = await readAll(document(person(""), "1.5"));
    expect(items).toEqual([{ kind: "refused", line: 1, record_id: null, token: "pfif_version_unknown" }]);
    for (const namespace of ["urn:x", "http://zesty.ca/", ""]) {
      const foreign = document(person("")).replace("http://zesty.ca/pfif/1.4", namespace || "urn:none");
      await expect(readAll(foreign)).rejects.toMatchObject({ token: "not_pfif" });
    }
  });

  test("H40 XInclude and fields within fields bring nothing in", async () => {
    const include =
      '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd">x</i:include>';
    expect(
      await only(named(`<pfif:description>d${include}<pfif:age>3</pfif:age></pfif:description>`)),
    ).toMatchObject({
      person: { description: "d" },
    });
  });

  test("H41 a record inside a record, note before id, thousands of notes, endless notes", async () => {
    expect(await readAll(named(person("")))).toMatchObject([
      { token: "record_inside_record" },
      { kind: "person" },
    ]);
    const note = (n: number, text = "") =>
      `<pfif:note><pfif:note_record_id>b.example/${n}</pfif:note_record_id><pfif:text>${text}</pfif:text></pfif:note>`;
    const early = document(
      `<pfif:person>${note(1)}<pfif:full_name>A</pfif:full_name><pfif:person_record_id>b.example/p</pfif:person_record_id></pfif:person>`,
    );
    expect(await only(early)).toMatchObject({ person: { notes: [{ person_record_id: "b.example/p" }] } });

    const many = await readAll(named(Array.from({ length: 1_500 }, (_, n) => note(n)).join("")));
    expect(many.filter((item) => item.kind === "refused" && item.token === "too_many_notes")).toHaveLength(
      500,
    );
    expect((many.at(-1) as { person: { notes: unknown[] } }).person.notes).toHaveLength(1_000);

    const heavy = await readAll(
      named(Array.from({ length: 100 }, (_, n) => note(n, "x".repeat(60_000))).join("")),
    );
    expect(heavy.some((item) => item.kind === "refused" && item.token === "record_too_large")).toBe(true);
    expect(heavy.at(-1)).toMatchObject({ kind: "person" });
  });

  test("a placeholder with notes, without expiry, or with data is no placeholder", async () => {
    const expiry = "<pfif:expiry_date>2026-01-01T00:00:00Z</pfif:expiry_date>";
    const note = "<pfif:note><pfif:note_record_id>b.example/1</pfif:note_record_id></pfif:note>";
    for (const body of ["", expiry + note, `${expiry}<pfif:home_city>X</pfif:home_city>`]) {
      expect(await only(document(person(body)))).toMatchObject({ token: "full_name_missing" });
    }
  });

  test("H13 H14 names are cleaned like those typed in", async () => {
    expect(
      await only(document(person("<pfif:full_name> 王\u202E小\u0085明\u200B </pfif:full_name>"))),
    ).toMatchObject({
      person: { full_name: "王小" },
    });
  });

  test("a broken tail does not take the records before it", async () => {
    const items: PfifItem[] = [];
    const broken = document(person("<pfif:full_name>A</pfif:full_name>")).replace(
      "</pfif:pfif>",
      "\n<pfif:person></x>",
    );
    await expect(async () => {
      for await (const item of readPfif(of(broken))) items.push(item);
    }).rejects.toThrow(XmlRefused);
    expect(items).toMatchObject([{ kind: "person" }]);
  });
});

describe("size", () => {
  async function* many(count: number, filler: string) {
    yield '<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">';
    for (let n = 0; n < count; n += 1) {
      yield Buffer.from(
        person(
          `<pfif:full_name>Person ${n}</pfif:full_name><pfif:description>${filler}</pfif:description>`,
          `b.example/${n}`,
        ),
      );
    }
    yield "</pfif:pfif>";
  }

  test("20,000 persons pass through without piling up", async () => {
    let count = 0;
    let highest = 0;
    const filler = "x".repeat(2_000);
    for await (const _ of readPfif(many(500, filler))) count += 1;
    const before = heldBytes();
    for await (const _ of readPfif(many(20_000, filler))) {
      count += 1;
      if (count % 4_000 === 0) highest = Math.max(highest, heldBytes());
    }
    expect(count).toBe(20_500);
    // The texts alone are 40 MB.
    expect(highest - before).toBeLessThan(4 * 1024 * 1024);
  });
});
