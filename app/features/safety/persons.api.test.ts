import { describe, expect, it } from "vitest";
import type { Note, Person } from "./persons.ts";
import { NOTE_FIELDS, PERSON_FIELDS, noteSchema, personSchema } from "./persons.schema.ts";
import {
  apiNote,
  apiPerson,
  noteBody,
  personBody,
  personsQuery,
  toApiNote,
  toApiPerson,
} from "./persons.api.ts";

const person: Person = {
  id: "0b2f1f6e-6f0e-4a53-9f3a-0c7d9b1c2d3e",
  record_id: "lookout.example/person.1",
  event: "everyday",
  drill: false,
  invented: false,
  posted_as: "me",
  full_name: "陳志明",
  given_name: null,
  family_name: null,
  alternate_names: [],
  sex: null,
  age_from: 30,
  age_to: 34,
  minor: false,
  home_country: "TW",
  home_city: null,
  home_state: null,
  description: null,
  author_name: "Author",
  source_name: null,
  source_url: null,
  source_date: "2026-11-22T01:02:03.123456+00:00",
  entry_date: "2026-11-22T01:02:03+00:00",
  expiry_date: "2027-01-22T01:02:03+00:00",
  is_clone: false,
  visibility: "public",
  publication: "published",
  softened: false,
  photo_id: null,
  status: null,
  status_date: null,
  status_by: null,
  self_status_date: null,
  needs: [],
  last_known_location: null,
  lat: null,
  lon: null,
  precision_m: null,
  note_count: 0,
  freshest_at: "2026-11-22T01:02:03+00:00",
  version: 1,
};

const note: Note = {
  id: "1b2f1f6e-6f0e-4a53-9f3a-0c7d9b1c2d3e",
  record_id: "lookout.example/note.1",
  person_id: person.id,
  person_record_id: person.record_id,
  linked_person_record_id: null,
  status: "believed_alive",
  text: "Seen",
  needs: [],
  last_known_location: null,
  lat: 0,
  lon: 12.5,
  precision_m: 1000,
  author_made_contact: null,
  author_name: null,
  source: "third_party",
  source_date: "2026-11-22T01:02:03+00:00",
  entry_date: "2026-11-22T01:02:03+00:00",
  is_clone: false,
  drill: false,
  invented: false,
};

describe("what the API gives", () => {
  it("is what the document says, and nothing more", () => {
    expect(apiPerson.strict().parse(toApiPerson(person))).toMatchObject({
      age: "30-34",
      position: null,
      match: null,
    });
    expect(apiNote.strict().parse(toApiNote(note))).toMatchObject({
      position: { lat: 0, lon: 12.5, precision_m: 1000 },
      by: "third_party",
    });
    expect(toApiPerson({ ...person, age_from: null, age_to: null }).age).toBeNull();
  });
});

describe("what the API takes", () => {
  it("is described for every field of the forms and no other", () => {
    expect(Object.keys(personBody.shape).sort()).toEqual([...PERSON_FIELDS].sort());
    expect(Object.keys(noteBody.shape).sort()).toEqual([...NOTE_FIELDS].sort());
  });

  it("a body as described is taken", () => {
    const body = {
      as: "informing",
      event: "everyday",
      full_name: "A",
      alternate_names: ["B", "C"],
      sex: "other",
      age: 130,
      home_country: "TW",
      status: "believed_alive",
      need: ["money"],
      lat: -90,
      lon: 180,
      precise: true,
      author_email: "a@b.example",
      author_phone: "+886 912345678",
      visibility: "link",
      expiry_days: 360,
      consent: true,
      client_id: "0b2f1f6e-6f0e-4a53-9f3a-0c7d9b1c2d3e",
    };
    expect(personBody.parse(body)).toEqual(body);
    expect(personSchema(new Date()).safeParse(body)).toMatchObject({ success: true });
    const said = { status: "safe", text: "x", author_made_contact: false, lat: 1, lon: 2 };
    expect(noteBody.parse(said)).toEqual(said);
    expect(noteSchema.safeParse(said)).toMatchObject({ success: true });
  });

  it("a query has a limit of its own", () => {
    expect(personsQuery.parse({})).toEqual({ limit: 50 });
    expect(personsQuery.parse({ limit: "200", country: "tw", q: "  陳 \u0000" })).toEqual({
      limit: 200,
      country: "TW",
      q: "陳",
    });
    for (const limit of ["0", "-1", "201", "1e2", "5.0", " 5", "0x5", "NaN"]) {
      expect(personsQuery.safeParse({ limit }).error?.issues[0]?.message).toBe("limit_invalid");
    }
  });
});
