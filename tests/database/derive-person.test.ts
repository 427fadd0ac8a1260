import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aClone, addNote, importRecords, post, rowOf } from "#tests/support/records.ts";

// Status, place and needs follow from the notes.
forEachDoor((door) => {
  /** A note from another registry, which says itself when it was said. */
  const heard = (personRecordId: string, changes: Record<string, unknown>) =>
    importRecords(door.commands, {
      notes: [
        {
          n: 0,
          record_id: `elsewhere.example/note.${randomUUID()}`,
          person_record_id: personRecordId,
          text: "",
          ...changes,
        },
      ],
    });

  it("the newest word counts, and a back-dated one never overrides it", async () => {
    const { id, record_id } = await post(door.commands, { as: "seeking", status: "information_sought" });
    await heard(record_id, {
      status: "believed_alive",
      source_date: new Date(Date.now() + 60_000).toISOString(),
    });
    expect(await rowOf(door.sql, id)).toMatchObject({ status: "believed_alive", status_by: "third_party" });
    await heard(record_id, { status: "believed_missing", source_date: "2026-01-01T00:00:00Z" });
    expect(await rowOf(door.sql, id)).toMatchObject({ status: "believed_alive", note_count: 3 });
  });

  it("a word without status changes neither status nor its date, yet the record is fresher", async () => {
    const { id } = await post(door.commands);
    const before = await rowOf(door.sql, id);
    await addNote(door.commands, id, { text: "加油" });
    const after = await rowOf(door.sql, id);
    expect(after).toMatchObject({ status: "is_note_author", status_date: before.status_date });
    expect((after.freshest_at as Date).getTime()).toBeGreaterThan((before.freshest_at as Date).getTime());
  });

  it("the last place said stands, even when a later word has none", async () => {
    const { id } = await post(door.commands, { last_known_location: "花蓮" });
    await addNote(door.commands, id, { last_known_location: "台北車站" });
    await addNote(door.commands, id, { text: "沒有地點" });
    expect(await rowOf(door.sql, id)).toMatchObject({ last_known_location: "台北車站" });
  });

  it("a call for help stands until the person herself takes it back", async () => {
    const { id, manageHash } = await post(door.commands, { need: ["injured", "shelter"] });
    expect(await rowOf(door.sql, id)).toMatchObject({ needs: ["injured", "shelter"] });
    await addNote(door.commands, id, { status: "believed_alive", text: "看起來沒事" });
    await addNote(door.commands, id, { status: "is_note_author", text: "我沒事" });
    expect(await rowOf(door.sql, id)).toMatchObject({ needs: ["injured", "shelter"] });
    await addNote(door.commands, id, { status: "is_note_author", manage_hash: manageHash });
    expect(await rowOf(door.sql, id)).toMatchObject({ needs: [] });
    const queue = await door.sql`select kind, severity from app.queue_items where person_id = ${id}`;
    expect([...queue]).toEqual([{ kind: "needs_help", severity: 1 }]);
  });

  it("nobody else calls for help in her name", async () => {
    const { id } = await post(door.commands);
    await addNote(door.commands, id, { status: "is_note_author", need: ["money"] });
    expect(await rowOf(door.sql, id)).toMatchObject({ needs: [] });
  });

  it("places are the same coarse cell however often one asks, unless the author wants it exact", async () => {
    const near = [
      [25.0341, 121.5645],
      [25.0349, 121.5649],
      [25.0301, 121.5601],
    ];
    for (const [lat, lon] of near) {
      const { id } = await post(door.commands, { lat, lon });
      const { place, precision_m } = await rowOf(door.sql, id);
      expect({ place, precision_m }).toEqual({ place: "(121.56,25.03)", precision_m: 1000 });
    }
    const exact = await post(door.commands, { lat: 25.0341, lon: 121.5645, precise: true });
    expect(await rowOf(door.sql, exact.id)).toMatchObject({ place: "(121.5645,25.0341)", precision_m: 10 });
  });

  it("a minor has no position, neither of her own nor in a note, by any way of reading", async () => {
    const { id, manageHash, keyHash } = await post(door.commands, {
      minor: true,
      lat: 25.0341,
      lon: 121.5645,
      precise: true,
    });
    await addNote(door.commands, id, { lat: 25.0341, lon: 121.5645, precise: true });
    const [person] = unwrap(await door.anon.from("persons").select("lat,lon,precision_m,minor").eq("id", id));
    expect(person).toEqual({ lat: null, lon: null, precision_m: null, minor: true });
    const notes = unwrap(await door.anon.from("notes").select("lat,lon,precision_m").eq("person_id", id));
    expect(notes).toEqual(Array(2).fill({ lat: null, lon: null, precision_m: null }));
    const linked = await door.commands.call<{ notes: unknown[] }>("person_by_link", {
      p_id: id,
      p_view_hash: keyHash,
    });
    expect(linked.notes).toHaveLength(2);
    for (const note of linked.notes) expect(note).toMatchObject({ lat: null, lon: null, precision_m: null });
    const own = await door.commands.call("read_own_person", {
      p_id: id,
      p_manage_hash: manageHash,
      p_caller: null,
    });
    expect(JSON.stringify(own)).not.toMatch(/121\.56|25\.03/);
  });

  it("a sign of life keeps a record longer, a search does not", async () => {
    const { id } = await post(door.commands, {
      as: "seeking",
      status: "information_sought",
      expiry_days: 100,
    });
    await door.sql`update app.persons set expiry_date = now() + interval '3 days' where id = ${id}`;
    await addNote(door.commands, id, { text: "還在找", status: "information_sought" });
    const daysLeft = async () =>
      Math.round((((await rowOf(door.sql, id)).expiry_date as Date).getTime() - Date.now()) / 86_400_000);
    expect(await daysLeft()).toBe(3);
    await addNote(door.commands, id, { status: "believed_alive" });
    expect(await daysLeft()).toBe(100);
  });

  it("what comes from elsewhere keeps the date its home gave it", async () => {
    const clone = aClone({ expiry_date: new Date(Date.now() + 5 * 86_400_000).toISOString() });
    await importRecords(door.commands, { persons: [clone] });
    const [{ id } = { id: "" }] = await door.sql<{ id: string }[]>`
      select id from app.persons where record_id = ${clone.record_id as string}`;
    await addNote(door.commands, id, { status: "believed_alive" });
    const left = ((await rowOf(door.sql, id)).expiry_date as Date).getTime() - Date.now();
    expect(Math.round(left / 86_400_000)).toBe(5);
  });

  it("many notes at once leave the same as one after the other", async () => {
    const { id } = await post(door.commands, { as: "seeking", status: "information_sought" });
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => addNote(door.commands, id, { text: `第 ${n} 句` })),
    );
    expect(await rowOf(door.sql, id)).toMatchObject({ note_count: 9 });
  });
});
