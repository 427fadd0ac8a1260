import { describe, expect, test } from "vitest";
import {
  elementsOfNote,
  elementsOfPerson,
  PFIF_TABLES,
  PFIF_VERSIONS,
  pfifDate,
  pfifVersionOf,
  placeholderOf,
  recordIdDomain,
  withoutContact,
} from "./pfif.ts";
import type { PfifPerson } from "./pfif.ts";

const person: PfifPerson = {
  person_record_id: "board.example.org/1",
  author_email: "a@example.net",
  author_phone: "+886 2 5550 1234",
  expiry_date: "2026-01-01T00:00:00Z",
  full_name: "王小明",
  description: "red coat\n\n  tall",
  notes: [
    {
      note_record_id: "board.example.org/2",
      person_record_id: "board.example.org/1",
      email_of_found_person: "b@example.net",
      phone_of_found_person: "1",
      author_email: "c@example.net",
      author_phone: "2",
      author_made_contact: false,
    },
  ],
};

describe("the tables", () => {
  test("every version has its count of fields", () => {
    const counts = PFIF_VERSIONS.map((version) => [
      PFIF_TABLES[version].person.length,
      PFIF_TABLES[version].note.length,
    ]);
    expect(counts).toEqual([
      [17, 11],
      [21, 14],
      [23, 14],
      [25, 15],
    ]);
  });

  test("a namespace is a version, an unknown PFIF, or something else", () => {
    expect(pfifVersionOf("http://zesty.ca/pfif/1.3")).toBe("1.3");
    expect(pfifVersionOf("http://zesty.ca/pfif/2")).toBe("unknown");
    expect(pfifVersionOf("http://www.w3.org/2005/Atom")).toBeNull();
  });
});

describe("dates", () => {
  test("are brought to UTC and one spelling", () => {
    expect(pfifDate("2000-01-01T00:00:00Z")).toBe("2000-01-01T00:00:00Z");
    expect(pfifDate("2000-01-01t00:00:00.250z")).toBe("2000-01-01T00:00:00.25Z");
    expect(pfifDate("2000-01-01T00:00:00.000+00:00")).toBe("2000-01-01T00:00:00Z");
    expect(pfifDate("2015-04-25T11:56:26+05:45")).toBe("2015-04-25T06:11:26Z");
    expect(pfifDate("2024-02-29T23:30:00-01:00")).toBe("2024-03-01T00:30:00Z");
    expect(pfifDate("0001-01-01T00:00:00Z")).toBe("0001-01-01T00:00:00Z");
  });

  test("H34 that no calendar has are none", () => {
    const none = [
      "",
      "infinity",
      "0000-00-00T00:00:00Z",
      "0000-01-01T00:00:00Z",
      "2026-02-30T00:00:00Z",
      "2025-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-01-01T24:00:00Z",
      "2026-01-01T00:60:00Z",
      "2026-06-30T23:59:60Z",
      "+294277-01-01T00:00:00Z",
      "10000-01-01T00:00:00Z",
      "9999-12-31T23:59:59-01:00",
      "0001-01-01T00:00:00+01:00",
      "2026-01-01T00:00:00",
      "2026-01-01 00:00:00Z",
      "2026-01-01",
      "2026-01-01T00:00:00+24:00",
      "２０２６-01-01T00:00:00Z",
    ];
    for (const value of none) expect([value, pfifDate(value)]).toEqual([value, null]);
  });
});

describe("record ids", () => {
  test("belong to a domain", () => {
    expect(recordIdDomain("Board.Example.org/person.1/x")).toBe("board.example.org");
    for (const id of [
      "",
      "person.1",
      "/1",
      "localhost/1",
      "a.b/",
      "a..b/1",
      "-a.b/1",
      "a b.c/1",
      "a.b/1 2",
      "a.b/\u202E",
    ]) {
      expect([id, recordIdDomain(id)]).toEqual([id, null]);
    }
    expect(recordIdDomain(`a.b/${"x".repeat(500)}`)).toBeNull();
  });
});

describe("writing a version's words", () => {
  test("older versions get the whole name in one element and the description as a block", () => {
    const elements = Object.fromEntries(elementsOfPerson("1.2", person));
    expect(elements).toMatchObject({
      first_name: "",
      last_name: "王小明",
      other: "description:\n    red coat\n\n      tall",
    });
    expect(elements).not.toHaveProperty("full_name");
    expect(elementsOfNote("1.1", person.notes[0]!).map(([name]) => name)).not.toContain("person_record_id");
    expect(elementsOfNote("1.1", person.notes[0]!)).toContainEqual(["found", "false"]);
  });

  test("a placeholder gives id, dates and the empty name", () => {
    expect(elementsOfPerson("1.4", placeholderOf(person))).toEqual([
      ["person_record_id", "board.example.org/1"],
      ["expiry_date", "2026-01-01T00:00:00Z"],
      ["full_name", ""],
    ]);
  });

  test("no way to reach anybody is left without contact", () => {
    const left = JSON.stringify(withoutContact(person));
    expect(left).not.toMatch(/email|phone|example\.net/);
    expect(left).toContain("王小明");
    expect(person.author_email).toBe("a@example.net");
  });
});
