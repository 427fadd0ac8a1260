import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { freshToken, hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aClone, addNote, importRecords, post } from "#tests/support/records.ts";

forEachDoor((door) => {
  async function ask(personId: string, email: string, changes: Record<string, unknown> = {}) {
    const [id, token] = [randomUUID(), freshToken()];
    const answer = await door.commands.call("follow_person", {
      p: {
        id,
        person_id: personId,
        email,
        token,
        token_hash: hashOf(token),
        language: "ja",
        caller: null,
        ...changes,
      },
    });
    return { id, token, answer };
  }
  const confirm = (id: string, token: string) =>
    door.commands.call("confirm_follow", { p: { follow_id: id, token_hash: hashOf(token) } });
  const stop = (id: string, token: string) =>
    door.commands.call("stop_follow", { p: { follow_id: id, token_hash: hashOf(token) } });
  async function follow(personId: string, email: string) {
    const { id, token } = await ask(personId, email);
    await confirm(id, token);
    return { id, token };
  }
  const newsTo = async (email: string) => [
    ...(await door.sql`select payload from app.outbox where kind = 'follow_news' and lower(to_email) = lower(${email}) order by id`),
  ];

  describe("asking", () => {
    it("sends one confirmation and nothing else until it is confirmed", async () => {
      const { id } = await post(door.commands);
      const asked = await ask(id, "ask@example.org");
      expect(asked.answer).toEqual({ asked: true });
      await addNote(door.commands, id);
      const rows =
        await door.sql`select kind, language, payload from app.outbox where to_email = 'ask@example.org'`;
      expect([...rows]).toMatchObject([
        {
          kind: "follow_confirm",
          language: "ja",
          payload: { follow_id: asked.id, token: asked.token, person_id: id },
        },
      ]);
    });

    it("answers the same whether the address follows already, and sends it no second mail", async () => {
      const { id } = await post(door.commands);
      await follow(id, "twice@example.org");
      const again = await ask(id, "Twice@Example.org");
      expect(again.answer).toEqual({ asked: true });
      const [row] =
        await door.sql`select count(*)::int as n from app.outbox where kind = 'follow_confirm' and lower(to_email) = 'twice@example.org'`;
      expect(row).toEqual({ n: 1 });
    });

    it("before it is confirmed, asking again gives a new link and ends the old one", async () => {
      const { id } = await post(door.commands);
      const first = await ask(id, "new@example.org");
      const second = await ask(id, "new@example.org");
      await expect(confirm(first.id, first.token)).rejects.toMatchObject({
        kind: "not_found",
        token: "follow_not_found",
      });
      await expect(confirm(second.id, second.token)).resolves.toEqual({ person_id: id });
    });

    it("A5: nobody's mailbox can be flooded with confirmations", async () => {
      const persons = await Promise.all(Array.from({ length: 11 }, () => post(door.commands)));
      const outcomes = [];
      for (const { id } of persons)
        outcomes.push(
          await ask(id, "Flood@example.org").then(
            () => "asked",
            (error) => error.token,
          ),
        );
      expect(outcomes).toEqual([...Array(10).fill("asked"), "too_many"]);
    });

    it("cannot be done for a hidden record without its key", async () => {
      const hidden = await post(door.commands, { visibility: "link" });
      await expect(ask(hidden.id, "a@example.org")).rejects.toMatchObject({ token: "person_not_found" });
      await expect(ask(hidden.id, "a@example.org", { view_hash: hidden.keyHash })).resolves.toBeTruthy();
    });
  });

  describe("confirming and stopping", () => {
    it("confirming twice is no mistake, with a wrong link it is not possible", async () => {
      const { id } = await post(door.commands);
      const asked = await ask(id, "c@example.org");
      for (const [followId, token] of [
        [asked.id, "wrong"],
        [randomUUID(), asked.token],
        [asked.id, ""],
      ] as const) {
        await expect(confirm(followId, token)).rejects.toMatchObject({ token: "follow_not_found" });
      }
      await confirm(asked.id, asked.token);
      await expect(confirm(asked.id, asked.token)).resolves.toEqual({ person_id: id });
    });

    it("stopping ends it for good, twice is no mistake, with a wrong link nothing stops", async () => {
      const { id } = await post(door.commands);
      const mine = await follow(id, "s@example.org");
      await stop(mine.id, "wrong");
      await addNote(door.commands, id);
      expect(await newsTo("s@example.org")).toHaveLength(1);
      await stop(mine.id, mine.token);
      await expect(stop(mine.id, mine.token)).resolves.toEqual({ stopped: true });
      await addNote(door.commands, id);
      expect(await newsTo("s@example.org")).toHaveLength(1);
    });
  });

  describe("news", () => {
    it("tell what changed and how to stop, and nobody's secrets", async () => {
      const { id } = await post(door.commands, { author_email: "author@example.org" });
      const mine = await follow(id, "n@example.org");
      await addNote(door.commands, id, {
        status: "believed_alive",
        text: "在避難所",
        author_email: "witness@example.org",
      });
      const [news] = await newsTo("n@example.org");
      expect(news!.payload).toMatchObject({
        person_id: id,
        follow_id: mine.id,
        stop_token: mine.token,
        status: "believed_alive",
        source: "third_party",
      });
      expect(JSON.stringify(news!.payload)).not.toMatch(/example\.org|在避難所/);
    });

    it("come once to an address that follows two records of the same person", async () => {
      const [a, b] = [await post(door.commands), await post(door.commands)];
      await door.commands.call("link_persons", {
        p: {
          person_id: a.id,
          other_id: b.id,
          text: "同一人",
          record_domain: "lookout.example",
          caller: null,
        },
      });
      await follow(a.id, "both@example.org");
      await follow(b.id, "Both@example.org");
      await follow(b.id, "other@example.org");
      await addNote(door.commands, a.id, { status: "believed_alive" });
      expect(await newsTo("both@example.org")).toHaveLength(1);
      expect(await newsTo("other@example.org")).toHaveLength(1);
    });

    it("never tell of a death, neither reported nor confirmed", async () => {
      const { id } = await post(door.commands);
      await follow(id, "d@example.org");
      await addNote(door.commands, id, { status: "believed_dead" });
      const [item] = await door.sql`select id from app.queue_items where person_id = ${id}`;
      await door.commands.call("decide_queue_item", {
        p: { id: item!.id, decision: "accept", by: "officer", reason: "hospital" },
      });
      expect(await newsTo("d@example.org")).toEqual([]);
    });

    it("come from other registries too, once however often the import is repeated", async () => {
      const clone = aClone();
      await importRecords(door.commands, { persons: [clone] });
      const [row] = await door.sql`select id from app.persons where record_id = ${clone.record_id as string}`;
      await follow(row!.id as string, "i@example.org");
      const note = {
        n: 0, record_id: `elsewhere.example/note.${randomUUID()}`, person_record_id: clone.record_id, text: "seen",
        status: "believed_alive", source_date: "2026-02-01T00:00:00Z",
      }; // prettier-ignore
      await importRecords(door.commands, { notes: [note] });
      await importRecords(door.commands, { notes: [note] });
      expect(await newsTo("i@example.org")).toHaveLength(1);
    });

    it("stop when the record is hidden or held", async () => {
      const { id } = await post(door.commands);
      await follow(id, "h@example.org");
      await door.sql`update app.persons set publication = 'hidden' where id = ${id}`;
      await addNote(door.commands, id).catch(() => undefined);
      expect(await newsTo("h@example.org")).toEqual([]);
    });
  });
});
