import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { addNote, post, rowOf, runOut } from "#tests/support/records.ts";

forEachDoor((door) => {
  const wrong = hashOf("somebody else's link");
  const notesOf = async (id: string) =>
    unwrap(
      await door.anon.from("notes").select("id,text,source,status").eq("person_id", id).order("source_date"),
    );

  describe("can", () => {
    it("be said by anybody about a public person, as somebody else's word", async () => {
      const { id } = await post(door.commands, { as: "seeking", status: "information_sought" });
      const note = await addNote(door.commands, id, { status: "is_note_author", text: "是我" });
      expect(note.held).toBe(false);
      expect((await notesOf(id)).at(-1)).toMatchObject({ text: "是我", source: "third_party" });
      expect(await rowOf(door.sql, id)).toMatchObject({ status: "is_note_author", status_by: "third_party" });
    });

    it("be the person's own word with the manage link of her own post", async () => {
      const { id, manageHash } = await post(door.commands);
      await addNote(door.commands, id, { status: "is_note_author", manage_hash: manageHash });
      expect((await notesOf(id)).at(-1)).toMatchObject({ source: "self" });
    });

    it("not be her own word with the manage link of somebody who seeks her", async () => {
      const { id, manageHash } = await post(door.commands, { as: "seeking", status: "information_sought" });
      await addNote(door.commands, id, { status: "is_note_author", manage_hash: manageHash });
      expect((await notesOf(id)).at(-1)).toMatchObject({ source: "third_party" });
    });

    it("reach a hidden record with the key of its link", async () => {
      for (const visibility of ["known", "link"]) {
        const { id, keyHash } = await post(door.commands, { visibility });
        await expect(addNote(door.commands, id, { view_hash: keyHash })).resolves.toMatchObject({
          held: false,
        });
      }
    });

    it("be sent again without being there twice", async () => {
      const { id } = await post(door.commands);
      const resend = { client_id: randomUUID(), body: "digest" };
      const first = await addNote(door.commands, id, resend);
      expect(await addNote(door.commands, id, resend)).toEqual({ ...first, repeated: true });
      expect((await rowOf(door.sql, id)).note_count).toBe(2);
      await expect(addNote(door.commands, id, { ...resend, body: "other" })).rejects.toMatchObject({
        kind: "conflict",
        token: "idempotency_key_reused",
      });
    });
  });

  describe("cannot", () => {
    it("pass with the wrong manage link, whether the record is there or not", async () => {
      const { id } = await post(door.commands);
      for (const target of [id, randomUUID()]) {
        await expect(addNote(door.commands, target, { manage_hash: wrong })).rejects.toMatchObject({
          kind: "forbidden",
          token: "token_wrong",
        });
      }
      expect((await rowOf(door.sql, id)).note_count).toBe(1);
    });

    it("A4: tell a hidden record from one that is not there", async () => {
      const { id } = await post(door.commands, { visibility: "known" });
      const staff = await post(door.commands, { visibility: "staff" });
      const held = await post(door.commands, { held: true });
      const tries: [string, Record<string, unknown>][] = [
        [id, {}], [id, { view_hash: wrong }], [id, { view_hash: "" }], [staff.id, { view_hash: staff.keyHash }],
        [held.id, {}], [randomUUID(), {}], [randomUUID(), { view_hash: wrong }],
      ]; // prettier-ignore
      for (const [target, opener] of tries) {
        await expect(addNote(door.commands, target, opener)).rejects.toMatchObject({
          kind: "not_found",
          token: "person_not_found",
          field: null,
        });
      }
    });

    it("reach a record whose time is over", async () => {
      const { id } = await post(door.commands);
      await runOut(door.sql, id);
      await expect(addNote(door.commands, id)).rejects.toMatchObject({ kind: "gone", token: "person_gone" });
    });

    it("publish a death: it waits, and the status stays", async () => {
      const { id, manageHash } = await post(door.commands);
      const note = await addNote(door.commands, id, {
        status: "believed_dead",
        text: "聽說",
        publication: "published",
      });
      expect(note.held).toBe(true);
      // Not even with the manage link: whoever holds it may have found the telephone.
      const own = await addNote(door.commands, id, { status: "believed_dead", manage_hash: manageHash });
      expect(own.held).toBe(true);
      expect(await rowOf(door.sql, id)).toMatchObject({ status: "is_note_author", note_count: 1 });
      expect(JSON.stringify(await notesOf(id))).not.toContain("聽說");
      const queue =
        await door.sql`select kind, text from app.queue_items where person_id = ${id} order by created_at`;
      expect([...queue]).toMatchObject([{ kind: "death_report", text: "聽說" }, { kind: "death_report" }]);
    });

    it("come too often from one caller", async () => {
      const { id } = await post(door.commands);
      const caller = randomUUID();
      await door.sql`
        insert into app.rate_counters (bucket, window_start, used)
        select ${`add_note:${caller}`}, date_bin('1 minute', now() + n * interval '1 minute', timestamptz '2000-01-01 00:00:00+00'), 60
        from generate_series(0, 1) n`;
      await expect(addNote(door.commands, id, { caller })).rejects.toMatchObject({ kind: "too_many" });
      expect((await rowOf(door.sql, id)).note_count).toBe(1);
    });

    it("H15: become official by a name that looks like an office, in whatever letters", async () => {
      const { id } = await post(door.commands);
      for (const author_name of ["外交部", "Ministry οf Fοreign Affairs", "МОFА"]) {
        await addNote(door.commands, id, { status: "believed_alive", author_name });
        expect((await notesOf(id)).at(-1)).toMatchObject({ source: "third_party" });
      }
      expect(await rowOf(door.sql, id)).toMatchObject({ status_by: "third_party" });
    });

    it("H31: claim to be official, or older than it is", async () => {
      const { id } = await post(door.commands);
      const note = await addNote(door.commands, id, {
        source: "official", source_date: "2099-01-01T00:00:00Z", entry_date: "2000-01-01T00:00:00Z", is_clone: true, publication: "held",
      }); // prettier-ignore
      const [row] =
        await door.sql`select source, is_clone, publication, source_date from app.notes where id = ${note.id}`;
      expect(row).toMatchObject({ source: "third_party", is_clone: false, publication: "published" });
      expect(Math.abs((row!.source_date as Date).getTime() - Date.now())).toBeLessThan(60_000);
    });
  });

  it("a note is never rewritten: a correction is another note", async () => {
    const { id } = await post(door.commands, { text: "原話" });
    const changes = [
      "text = 'other'", "status = 'believed_alive'", "source_date = now()", "author_name = 'other'",
      "last_known_location = 'other'", "record_id = 'a.example/other'", "needs = array['money']",
      "author_made_contact = true", "linked_person_record_id = 'a.example/other'", "position = point(1, 1)",
    ]; // prettier-ignore
    for (const change of changes) {
      await expect(
        door.sql.unsafe(`update app.notes set ${change} where person_id = $1`, [id]),
        change,
      ).rejects.toMatchObject({ code: "PT409", message: "notes_are_append_only" });
    }
    // What staff decide about a note is not a change of what was said.
    await door.sql`update app.notes set publication = 'hidden' where person_id = ${id}`;
    expect(await rowOf(door.sql, id)).toMatchObject({ note_count: 0, status: null });
  });

  describe("link_persons", () => {
    const link = (a: string, b: string) =>
      door.commands.call("link_persons", {
        p: { person_id: a, other_id: b, text: "同一人", record_domain: "lookout.example", caller: null },
      });

    it("leaves a note on each, once", async () => {
      const [a, b] = [await post(door.commands), await post(door.commands)];
      await link(a.id, b.id);
      await link(b.id, a.id);
      const rows = await door.sql`
        select person_id, linked_person_record_id as link from app.notes
        where person_id in (${a.id}, ${b.id}) and linked_person_record_id is not null`;
      expect(rows).toHaveLength(2);
      expect(rows.find((row) => row.person_id === a.id)?.link).toBe(b.record_id);
      expect(rows.find((row) => row.person_id === b.id)?.link).toBe(a.record_id);
    });

    it("cannot link a record to itself, or to one that is hidden", async () => {
      const [a, hidden] = [await post(door.commands), await post(door.commands, { visibility: "link" })];
      await expect(link(a.id, a.id)).rejects.toMatchObject({
        token: "cannot_link_to_itself",
        field: "other_id",
      });
      await expect(link(a.id, hidden.id)).rejects.toMatchObject({ token: "person_not_found" });
      await expect(link(hidden.id, a.id)).rejects.toMatchObject({ token: "person_not_found" });
      expect((await rowOf(door.sql, a.id)).note_count).toBe(1);
    });
  });
});
