import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aClone, addNote, importRecords, post, rowOf } from "#tests/support/records.ts";

forEachDoor((door) => {
  const take = async (persons: Record<string, unknown>[], changes: Record<string, unknown> = {}) =>
    (
      await importRecords(door.commands, {
        persons: persons.map((person, n) => ({ ...person, n })),
        ...changes,
      })
    ).persons
      .sort((a, b) => a.n - b.n)
      .map(({ outcome }) => outcome);
  const takeNotes = async (notes: Record<string, unknown>[], changes: Record<string, unknown> = {}) =>
    (
      await importRecords(door.commands, { notes: notes.map((note, n) => ({ ...note, n })), ...changes })
    ).notes
      .sort((a, b) => a.n - b.n)
      .map(({ outcome }) => outcome);
  const aNote = (personRecordId: unknown, changes: Record<string, unknown> = {}) => ({
    record_id: `elsewhere.example/note.${randomUUID()}`, person_record_id: personRecordId, text: "seen",
    source_date: "2026-02-01T00:00:00Z", ...changes,
  }); // prettier-ignore
  const idOf = async (recordId: unknown) => {
    const [row] = await door.sql`select id from app.persons where record_id = ${recordId as string}`;
    return row!.id as string;
  };

  describe("a person from elsewhere", () => {
    it("is created with the id and the dates of its home, and twice is harmless", async () => {
      const clone = aClone({
        home_country: "JP",
        author_email: "abroad@example.org",
        expiry_date: "2999-01-01T00:00:00Z",
      });
      expect(await take([clone])).toEqual(["created"]);
      const before = await rowOf(door.sql, await idOf(clone.record_id));
      expect(before).toMatchObject({
        is_clone: true,
        posted_as: "imported",
        full_name: "Yamada Hanako",
        version: 1,
      });
      expect((before.expiry_date as Date).getFullYear()).toBe(2999);
      expect(await take([clone])).toEqual(["unchanged"]);
      expect(await rowOf(door.sql, before.id as string)).toEqual(before);
      const [person] = unwrap(
        await door.anon
          .from("persons")
          .select("*")
          .eq("id", before.id as string),
      );
      expect(person).toMatchObject({ record_id: clone.record_id, is_clone: true, home_country: "JP" });
      expect(JSON.stringify(person)).not.toContain("abroad@");
    });

    it("changes only by a newer word from home, and all of it", async () => {
      const clone = aClone({ home_city: "Osaka", sex: "female", alternate_names: ["H. Y."] });
      await take([clone]);
      expect(await take([{ ...clone, full_name: "older", source_date: "2025-12-31T23:59:59Z" }])).toEqual([
        "unchanged",
      ]);
      expect(
        await take([
          { record_id: clone.record_id, full_name: "Tanaka Hanako", source_date: "2026-01-02T00:00:00Z" },
        ]),
      ).toEqual(["updated"]);
      expect(await rowOf(door.sql, await idOf(clone.record_id))).toMatchObject({
        full_name: "Tanaka Hanako", home_city: null, sex: null, alternate_names: [], version: 2,
      }); // prettier-ignore
    });

    it("named twice in one document counts once, by the newest word", async () => {
      const clone = aClone();
      const newest = { ...clone, full_name: "newest", source_date: "2026-05-01T00:00:00Z" };
      expect(await take([clone, newest, clone])).toEqual(["older_duplicate", "created", "older_duplicate"]);
      expect((await rowOf(door.sql, await idOf(clone.record_id))).full_name).toBe("newest");
    });

    it("is emptied by a placeholder, and an older copy cannot bring it back", async () => {
      const clone = aClone();
      await take([clone]);
      const placeholder = {
        record_id: clone.record_id,
        placeholder: true,
        source_date: "2026-03-01T00:00:00Z",
      };
      expect(await take([placeholder])).toEqual(["emptied"]);
      expect(await take([clone, placeholder])).toEqual(["older_duplicate", "unchanged"]);
      expect(await take([clone])).toEqual(["unchanged"]);
      expect(
        unwrap(
          await door.anon
            .from("persons")
            .select("id")
            .eq("record_id", clone.record_id as string),
        ),
      ).toEqual([]);
      expect(
        unwrap(
          await door.anon
            .from("placeholders")
            .select("record_id")
            .eq("record_id", clone.record_id as string),
        ),
      ).toHaveLength(1);
    });

    it("H41: is not taken in when its time is over", async () => {
      expect(await take([aClone({ expiry_date: "2020-01-01T00:00:00Z" })])).toEqual(["expired"]);
    });

    it("H41: cannot speak for our own ids, however they are spelled, nor overwrite what was posted here", async () => {
      const mine = await post(door.commands);
      const before = await rowOf(door.sql, mine.id);
      const newer = { source_date: "2999-01-01T00:00:00Z", full_name: "forged" };
      expect(
        await take([
          aClone({ ...newer, record_id: mine.record_id }),
          aClone({ ...newer, record_id: mine.record_id.replace("lookout", "LookOut") }),
          aClone({ ...newer, record_id: "LOOKOUT.example/person.new" }),
          { ...newer, record_id: mine.record_id, placeholder: true },
        ]),
      ).toEqual(Array(4).fill("own_domain"));
      // Even a site that has changed its own name keeps what was first posted on it.
      expect(
        await take([aClone({ ...newer, record_id: mine.record_id })], { own_domain: "new.example" }),
      ).toEqual(["own_domain"]);
      expect(await rowOf(door.sql, mine.id)).toEqual(before);
    });

    it("a sender that may speak for one domain speaks for no other", async () => {
      const [own, other] = [aClone(), aClone({ record_id: "third.example/person.1" })];
      expect(await take([own, other], { only_domain: "Elsewhere.example" })).toEqual([
        "created",
        "other_domain",
      ]);
      expect(
        await takeNotes([aNote(own.record_id), aNote(own.record_id, { record_id: "third.example/note.1" })], {
          only_domain: "elsewhere.example",
        }),
      ).toEqual(["created", "other_domain"]);
    });

    it("removed here on request stays away", async () => {
      const clone = aClone();
      await take([clone]);
      const id = await idOf(clone.record_id);
      await door.commands.call("object_to_person", { p: { person_id: id, reason: "remove", caller: null } });
      const [item] = await door.sql`select id from app.queue_items where person_id = ${id}`;
      await door.commands.call("decide_queue_item", {
        p: { id: item!.id, decision: "accept", by: "officer", reason: "asked" },
      });
      expect(await take([{ ...clone, source_date: "2027-01-01T00:00:00Z" }])).toEqual(["suppressed"]);
    });

    it("cannot stand under an event that is not there", async () => {
      await expect(take([aClone()], { event: "nowhere" })).rejects.toMatchObject({
        token: "event_unknown",
        field: "event",
      });
    });

    it("F22: one impossible record changes nothing of the others, and all of a batch or nothing is written", async () => {
      const good = aClone();
      await expect(take([good, aClone({ full_name: " " })])).rejects.toThrow();
      expect(await take([good])).toEqual(["created"]);
    });

    it("two imports of the same record at once leave one", async () => {
      const clone = aClone();
      await Promise.allSettled(Array.from({ length: 4 }, () => take([clone])));
      const [row] =
        await door.sql`select count(*)::int as n from app.persons where record_id = ${clone.record_id as string}`;
      expect(row).toEqual({ n: 1 });
    });
  });

  describe("a note from elsewhere", () => {
    it("is created, updated by a newer word, and twice is harmless", async () => {
      const clone = aClone();
      await take([clone]);
      const note = aNote(clone.record_id, { status: "believed_missing" });
      expect(await takeNotes([note])).toEqual(["created"]);
      expect(await takeNotes([note])).toEqual(["unchanged"]);
      expect(
        await takeNotes([
          { ...note, text: "found", status: "believed_alive", source_date: "2026-02-02T00:00:00Z" },
        ]),
      ).toEqual(["updated"]);
      expect(await rowOf(door.sql, await idOf(clone.record_id))).toMatchObject({
        status: "believed_alive",
        note_count: 1,
      });
    });

    it("may be about a person posted here, as somebody else's word", async () => {
      const { id, record_id } = await post(door.commands, { as: "seeking", status: "information_sought" });
      expect(
        await takeNotes([
          aNote(record_id, {
            status: "is_note_author",
            source_date: new Date(Date.now() + 1_000).toISOString(),
          }),
        ]),
      ).toEqual(["created"]);
      expect(await rowOf(door.sql, id)).toMatchObject({ status: "is_note_author", status_by: "third_party" });
    });

    it("A4: cannot tell a hidden person from one that is not there", async () => {
      const persons = await Promise.all([
        post(door.commands, { visibility: "known" }), post(door.commands, { visibility: "link" }),
        post(door.commands, { visibility: "staff" }), post(door.commands, { held: true }),
      ]); // prettier-ignore
      const ids = [...persons.map(({ record_id }) => record_id), "lookout.example/person.never"];
      expect(await takeNotes(ids.map((record_id) => aNote(record_id)))).toEqual(
        Array(5).fill("person_unknown"),
      );
      for (const { id } of persons)
        expect((await door.sql`select 1 from app.notes where person_id = ${id} and is_clone`).length).toBe(0);
    });

    it("cannot speak for our own notes, nor move a note to another person", async () => {
      const [a, b] = [aClone(), aClone()];
      await take([a, b]);
      const mine = await addNote(door.commands, await idOf(a.record_id), { text: "ours" });
      expect(await takeNotes([aNote(a.record_id, { record_id: mine.record_id, text: "forged" })])).toEqual([
        "own_domain",
      ]);
      const note = aNote(a.record_id);
      await takeNotes([note]);
      expect(
        await takeNotes([{ ...note, person_record_id: b.record_id, source_date: "2026-06-01T00:00:00Z" }]),
      ).toEqual(["own_domain"]);
      const [row] = await door.sql`select text from app.notes where id = ${mine.id}`;
      expect(row).toEqual({ text: "ours" });
    });

    it("of a death waits for an officer, once", async () => {
      const clone = aClone();
      await take([clone]);
      const note = aNote(clone.record_id, { status: "believed_dead", text: "registry says" });
      await takeNotes([note]);
      await takeNotes([note]);
      const id = await idOf(clone.record_id);
      expect(await rowOf(door.sql, id)).toMatchObject({ status: null, note_count: 0 });
      const queue = await door.sql`select id from app.queue_items where person_id = ${id}`;
      expect(queue).toHaveLength(1);
    });

    it("that was made official speaks only for itself again once its home rewrites it", async () => {
      const clone = aClone();
      await take([clone]);
      const note = aNote(clone.record_id, { status: "believed_dead" });
      await takeNotes([note]);
      const id = await idOf(clone.record_id);
      const [item] = await door.sql`select id from app.queue_items where person_id = ${id}`;
      await door.commands.call("decide_queue_item", {
        p: { id: item!.id, decision: "accept", by: "officer", reason: "checked" },
      });
      expect(await rowOf(door.sql, id)).toMatchObject({ status: "believed_dead", status_by: "official" });
      await takeNotes([
        { ...note, status: "believed_alive", text: "a mistake", source_date: "2026-03-01T00:00:00Z" },
      ]);
      expect(await rowOf(door.sql, id)).toMatchObject({ status: "believed_alive", status_by: "third_party" });
    });

    it("H41: before its person is told apart from one that is refused, and comes in afterwards", async () => {
      const clone = aClone();
      const note = aNote(clone.record_id);
      expect(await takeNotes([note])).toEqual(["person_unknown"]);
      await take([clone]);
      expect(await takeNotes([note])).toEqual(["created"]);
    });

    it("H41: links in a circle, to nothing and to itself do no harm", async () => {
      const [a, b] = [aClone(), aClone()];
      await take([a, b]);
      expect(
        await takeNotes([
          aNote(a.record_id, { linked_person_record_id: b.record_id }),
          aNote(b.record_id, { linked_person_record_id: a.record_id }),
          aNote(a.record_id, { linked_person_record_id: a.record_id }),
          aNote(a.record_id, { linked_person_record_id: "nobody.example/never" }),
        ]),
      ).toEqual(Array(4).fill("created"));
      const self = await door.sql`
        select 1 from app.notes n join app.persons p on p.id = n.person_id where n.linked_person_record_id = p.record_id`;
      expect(self).toHaveLength(0);
      await addNote(door.commands, await idOf(a.record_id), { text: "and on it goes" });
    });

    it("may change what it said before, since its home says so", async () => {
      const clone = aClone();
      await take([clone]);
      const note = aNote(clone.record_id);
      await takeNotes([note]);
      expect(await takeNotes([{ ...note, text: "corrected", source_date: "2026-04-01T00:00:00Z" }])).toEqual([
        "updated",
      ]);
    });
  });

  describe("pfif_key", () => {
    const key = (p: Record<string, unknown>) => door.commands.call<unknown>("pfif_key", { p });
    const hash = (letter: string) => letter.repeat(64);

    it("lets a registry write for its domain until it is taken away, and shows no key", async () => {
      await key({ act: "add", key_hash: hash("a"), domain: "registry.example", name: "Registry" });
      expect(await key({ act: "check", key_hash: hash("a") })).toEqual({ domain: "registry.example" });
      expect(await key({ act: "check", key_hash: hash("b") })).toBeNull();
      expect(await key({ act: "check", key_hash: "" })).toBeNull();
      expect(JSON.stringify(await key({ act: "list" }))).not.toContain("aaaa");
      await key({ act: "remove", domain: "registry.example" });
      expect(await key({ act: "check", key_hash: hash("a") })).toBeNull();
    });

    it("takes no key twice, and none for what is no domain", async () => {
      await key({ act: "add", key_hash: hash("c"), domain: "c.example", name: "C" });
      await expect(
        key({ act: "add", key_hash: hash("c"), domain: "d.example", name: "D" }),
      ).rejects.toMatchObject({ kind: "conflict" });
      await expect(
        key({ act: "add", key_hash: hash("d"), domain: "No Domain/", name: "D" }),
      ).rejects.toThrow();
      await expect(key({ act: "add", key_hash: "short", domain: "d.example", name: "D" })).rejects.toThrow();
    });
  });
});
