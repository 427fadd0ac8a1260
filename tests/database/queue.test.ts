import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { addNote, post, rowOf } from "#tests/support/records.ts";

forEachDoor((door) => {
  const object = (personId: string, reason: string, changes: Record<string, unknown> = {}) =>
    door.commands.call("object_to_person", {
      p: { person_id: personId, reason, text: "說明", caller: null, ...changes },
    });
  const decide = (id: string, decision: string, changes: Record<string, unknown> = {}) =>
    door.commands.call("decide_queue_item", {
      p: { id, decision, by: "officer", reason: "checked", ...changes },
    });
  const waiting = async (personId: string) => {
    const rows = await door.sql<{ id: string; kind: string }[]>`
      select id, kind from app.queue_items where person_id = ${personId} and decided_at is null order by created_at`;
    return [...rows];
  };
  const first = async (personId: string) => (await waiting(personId))[0]!.id;
  const card = async (id: string) =>
    (unwrap(await door.anon.from("persons").select("*").eq("id", id)) as Record<string, unknown>[])[0];

  describe("objecting", () => {
    it.each(["this_is_me", "not_missing", "remove"])(
      "%s softens the record at once: name and status stay",
      async (reason) => {
        const photo = { id: randomUUID(), width: 1, height: 1, content: "anBlZw==" };
        const { id } = await post(door.commands, {
        full_name: "留名", home_city: "台中", author_name: "發文者", age_from: 30, age_to: 34, lat: 24, lon: 120,
        last_known_location: "某街", text: "細節", photo,
      }); // prettier-ignore
        expect(await object(id, reason)).toEqual({ softened: true });
        expect(await card(id)).toMatchObject({
        full_name: "留名", status: "is_note_author", softened: true, home_city: null, author_name: null, age_from: null, age_to: null,
        lat: null, lon: null, precision_m: null, last_known_location: null, photo_id: null, description: null,
      }); // prettier-ignore
        expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", id))).toEqual([]);
        expect(unwrap(await door.anon.rpc("person_photo", { p_id: photo.id }))).toEqual([]);
        expect(await waiting(id)).toMatchObject([{ kind: "objection" }]);
      },
    );

    it.each(["wrong", "abuse", "minor"])("%s waits for a person and changes nothing yet", async (reason) => {
      const { id } = await post(door.commands, { home_city: "台中" });
      expect(await object(id, reason)).toEqual({ softened: false });
      expect(await card(id)).toMatchObject({ home_city: "台中", softened: false });
      expect(await waiting(id)).toMatchObject([{ kind: "report" }]);
    });

    it("withholds the details of a hidden record from its link too", async () => {
      const { id, keyHash } = await post(door.commands, {
        visibility: "link",
        home_city: "台中",
        text: "細節",
      });
      await object(id, "remove", { view_hash: keyHash });
      const linked = await door.commands.call("person_by_link", { p_id: id, p_view_hash: keyHash });
      expect(linked).toMatchObject({ person: { softened: true, home_city: null }, notes: [] });
    });

    it("cannot be done without a reason, or to what is hidden or gone", async () => {
      const { id } = await post(door.commands);
      const hidden = await post(door.commands, { visibility: "known" });
      await expect(object(id, "because")).rejects.toMatchObject({
        token: "reason_required",
        field: "reason",
      });
      await expect(object(hidden.id, "remove")).rejects.toMatchObject({ token: "person_not_found" });
      await expect(object(randomUUID(), "remove")).rejects.toMatchObject({ token: "person_not_found" });
      expect(await waiting(id)).toEqual([]);
    });
  });

  describe("deciding", () => {
    it("a confirmed death becomes official and is handed on as new; a refused one stays unseen", async () => {
      const [yes, no] = [await post(door.commands), await post(door.commands)];
      for (const { id } of [yes, no])
        await addNote(door.commands, id, { status: "believed_dead", text: "死訊" });
      await door.sql`update app.notes set entry_date = now() - interval '2 days' where status = 'believed_dead'`;
      await decide(await first(yes.id), "accept");
      await decide(await first(no.id), "refuse");
      expect(await card(yes.id)).toMatchObject({ status: "believed_dead", status_by: "official" });
      expect(await card(no.id)).toMatchObject({ status: "is_note_author", status_by: "self" });
      const [note] = unwrap(
        await door.anon
          .from("notes")
          .select("source,entry_date")
          .eq("person_id", yes.id)
          .eq("status", "believed_dead"),
      ) as { source: string; entry_date: string }[];
      expect(note!.source).toBe("official");
      // Whoever reads the feed since yesterday must meet it.
      expect(Date.now() - Date.parse(note!.entry_date)).toBeLessThan(60_000);
      expect(
        unwrap(
          await door.anon.from("notes").select("id").eq("person_id", no.id).eq("status", "believed_dead"),
        ),
      ).toEqual([]);
    });

    it("a record held as automatic is let onto the board, or hidden", async () => {
      const [yes, no] = [
        await post(door.commands, { held: true }),
        await post(door.commands, { held: true }),
      ];
      await decide(await first(yes.id), "accept");
      await decide(await first(no.id), "refuse");
      expect(await card(yes.id)).toMatchObject({ publication: "published" });
      expect(await card(no.id)).toBeUndefined();
    });

    it("a photo of a minor is shown only when somebody allows it", async () => {
      const photo = { id: randomUUID(), width: 1, height: 1, content: "anBlZw==" };
      const { id } = await post(door.commands, { minor: true, photo });
      await decide(await first(id), "accept");
      expect(await card(id)).toMatchObject({ photo_id: photo.id });
      expect(unwrap(await door.anon.rpc("person_photo", { p_id: photo.id }))).toHaveLength(1);
    });

    it("an objection that is granted removes the record or says officially that she is alive", async () => {
      const [gone, alive] = [
        await post(door.commands),
        await post(door.commands, { as: "seeking", status: "information_sought", home_city: "台南" }),
      ];
      await object(gone.id, "remove");
      await object(alive.id, "not_missing");
      await decide(await first(gone.id), "accept");
      await decide(await first(alive.id), "accept");
      expect(await card(gone.id)).toBeUndefined();
      expect(await rowOf(door.sql, gone.id)).toMatchObject({ publication: "placeholder", full_name: "" });
      expect(await card(alive.id)).toMatchObject({
        status: "believed_alive",
        status_by: "official",
        softened: false,
        home_city: "台南",
      });
    });

    it("an objection that is refused gives the details back", async () => {
      const { id } = await post(door.commands, { home_city: "台中" });
      await object(id, "remove");
      await decide(await first(id), "refuse");
      expect(await card(id)).toMatchObject({ softened: false, home_city: "台中" });
    });

    it("two objections to one record can both be decided, even after it is gone", async () => {
      const { id } = await post(door.commands);
      await object(id, "remove");
      await object(id, "remove");
      await object(id, "this_is_me");
      for (const { id: item } of await waiting(id)) await decide(item, "accept");
      expect(await waiting(id)).toEqual([]);
      expect(await rowOf(door.sql, id)).toMatchObject({ publication: "placeholder", note_count: 0 });
    });

    it("H51: nobody decides twice, and of two at once one is told so", async () => {
      const { id } = await post(door.commands);
      await addNote(door.commands, id, { status: "believed_dead" });
      const item = await first(id);
      const both = await Promise.allSettled([decide(item, "accept"), decide(item, "refuse")]);
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await expect(decide(item, "accept")).rejects.toMatchObject({
        kind: "conflict",
        token: "item_not_waiting",
      });
      await expect(decide(randomUUID(), "accept")).rejects.toMatchObject({ token: "item_not_waiting" });
    });

    it("cannot be done without a decision, a reason and a name", async () => {
      const { id } = await post(door.commands, { held: true });
      const item = await first(id);
      await expect(decide(item, "maybe")).rejects.toMatchObject({
        token: "decision_required",
        field: "decision",
      });
      await expect(decide(item, "accept", { reason: "  " })).rejects.toMatchObject({
        token: "reason_required",
        field: "reason",
      });
      for (const by of [null, ""]) await expect(decide(item, "accept", { by })).rejects.toThrow();
      expect(await waiting(id)).toHaveLength(1);
    });
  });

  it("the list has the most severe first, and no more than asked for", async () => {
    const { id } = await post(door.commands, { need: ["injured"] });
    await object(id, "wrong");
    const list = await door.commands.call<{ severity: number; full_name: string }[]>("list_queue_items", {
      p_limit: 1000,
    });
    const severities = list.map(({ severity }) => severity);
    expect(severities).toEqual([...severities].sort((a, b) => a - b));
    expect(await door.commands.call("list_queue_items", { p_limit: 1 })).toHaveLength(1);
  });
});
