import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import {
  addNote,
  importRecords,
  placesOf,
  post,
  rowOf,
  runOut,
  type Posted,
} from "#tests/support/records.ts";

// What the holder of the manage link may do, and nobody else.
forEachDoor((door) => {
  const { call } = { call: (name: string, p: Record<string, unknown>) => door.commands.call(name, { p }) };
  const edited = (changes: Record<string, unknown> = {}) => ({
    full_name: "改名", alternate_names: ["新名"], visibility: "public", version: 1, name_keys: ["w:改名"], ...changes,
  }); // prettier-ignore
  const own = (posted: Posted, manageHash = posted.manageHash) =>
    door.commands.call<Record<string, unknown> | null>("read_own_person", {
      p_id: posted.id, p_manage_hash: manageHash, p_caller: null,
    }); // prettier-ignore
  const onBoard = async (id: string) =>
    unwrap(await door.anon.from("persons").select("id").eq("id", id)).length === 1;

  describe("read_own_person", () => {
    it("shows what the author gave, but no hash", async () => {
      const posted = await post(door.commands, { author_email: "me@example.org", birth_year: 1990 });
      const found = await own(posted);
      expect(found).toMatchObject({
        full_name: "王小明",
        secrets: { author_email: "me@example.org", birth_year: 1990 },
        sealed: null,
        notes: [{ source: "self" }],
        threads: [],
        decisions: [],
      });
      expect(JSON.stringify(found)).not.toMatch(/_hash|exact_position|\\x/);
    });

    it("shows nothing to another link, to none, and of nobody", async () => {
      const posted = await post(door.commands);
      expect(await own(posted, hashOf("another"))).toBeNull();
      expect(await own(posted, posted.keyHash)).toBeNull();
      expect(await own(posted, "")).toBeNull();
      expect(await own({ ...posted, id: randomUUID() })).toBeNull();
    });

    it("H29: reading changes nothing", async () => {
      const posted = await post(door.commands);
      const before = await rowOf(door.sql, posted.id);
      await own(posted);
      await own(posted, hashOf("another"));
      expect(await rowOf(door.sql, posted.id)).toEqual(before);
    });

    it("does not show the author who reported it", async () => {
      const posted = await post(door.commands);
      await call("object_to_person", {
        person_id: posted.id,
        reason: "abuse",
        text: "他是騙子",
        caller: null,
      });
      expect(JSON.stringify(await own(posted))).not.toContain("他是騙子");
    });

    it("H29: a thousand guesses are not possible in an hour", async () => {
      const posted = await post(door.commands);
      const caller = randomUUID();
      await door.sql`
        insert into app.rate_counters (bucket, window_start, used)
        select ${`manage:${caller}`}, date_bin('1 hour', now() + n * interval '1 hour', timestamptz '2000-01-01 00:00:00+00'), 120
        from generate_series(0, 1) n`;
      await expect(
        door.commands.call("read_own_person", {
          p_id: posted.id,
          p_manage_hash: hashOf("guess"),
          p_caller: caller,
        }),
      ).rejects.toMatchObject({ kind: "too_many" });
    });
  });

  describe("edit_person", () => {
    it("corrects who somebody is, and how she is found", async () => {
      const posted = await post(door.commands);
      await call(
        "edit_person",
        edited({ person_id: posted.id, manage_hash: posted.manageHash, home_country: "JP" }),
      );
      const [person] = unwrap(await door.anon.from("persons").select("*").eq("id", posted.id));
      expect(person).toMatchObject({
        full_name: "改名",
        alternate_names: ["新名"],
        home_country: "JP",
        version: 2,
      });
      expect(await rowOf(door.sql, posted.id)).toMatchObject({ name_keys: ["w:改名"] });
    });

    it("F14: of two at once, the second is told that something changed meanwhile", async () => {
      const posted = await post(door.commands);
      const change = edited({ person_id: posted.id, manage_hash: posted.manageHash });
      const both = await Promise.allSettled([
        call("edit_person", { ...change, full_name: "甲" }),
        call("edit_person", { ...change, full_name: "乙" }),
      ]);
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const refused = both.find(({ status }) => status === "rejected") as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ kind: "conflict", token: "changed_meanwhile" });
      expect((await rowOf(door.sql, posted.id)).version).toBe(2);
    });

    it("makes a record hidden at once, and takes the proofs away again when it is public", async () => {
      const posted = await post(door.commands);
      const proof = hashOf("王小明 1990");
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      await call("edit_person", edited({ ...change, visibility: "known", known_hashes: [proof] }));
      expect(await onBoard(posted.id)).toBe(false);
      expect(await call("find_known_persons", { hashes: [proof] })).toMatchObject([{ id: posted.id }]);
      await call("edit_person", edited({ ...change, version: 2, known_hashes: [proof] }));
      expect(await onBoard(posted.id)).toBe(true);
      const left = await door.sql`select 1 from app.person_known_keys where person_id = ${posted.id}`;
      expect(left).toHaveLength(0);
    });

    it("takes the place and the photo away from somebody who turns out to be a minor", async () => {
      const photo = { id: randomUUID(), width: 1, height: 1, content: "anBlZw==" };
      const posted = await post(door.commands, { lat: 25, lon: 121, precise: true, photo });
      await call(
        "edit_person",
        edited({ person_id: posted.id, manage_hash: posted.manageHash, minor: true }),
      );
      const [person] = unwrap(
        await door.anon.from("persons").select("lat,photo_id,minor").eq("id", posted.id),
      );
      expect(person).toEqual({ lat: null, photo_id: null, minor: true });
      expect(unwrap(await door.anon.rpc("person_photo", { p_id: photo.id }))).toEqual([]);
      const queue = await door.sql`select kind from app.queue_items where photo_id = ${photo.id}`;
      expect([...queue]).toEqual([{ kind: "photo_of_minor" }]);
    });

    it("H31: changes nothing that a correction has no business with", async () => {
      const posted = await post(door.commands);
      await call(
        "edit_person",
        edited({
          person_id: posted.id, manage_hash: posted.manageHash, publication: "hidden", status: "believed_dead", record_id: "evil.example/1",
          posted_as: "imported", is_clone: true, expiry_date: "2999-01-01", view_hash: hashOf("mine"), event_id: randomUUID(),
        }),
      ); // prettier-ignore
      expect(await rowOf(door.sql, posted.id)).toMatchObject({
        publication: "published", status: "is_note_author", record_id: posted.record_id, posted_as: "me", is_clone: false,
      }); // prettier-ignore
      const [secrets] =
        await door.sql`select encode(view_hash, 'hex') as view from app.person_secrets where person_id = ${posted.id}`;
      expect(secrets).toEqual({ view: posted.keyHash });
    });
  });

  describe("extend_person", () => {
    it("gives sixty days more, never beyond 360 from today", async () => {
      const posted = await post(door.commands, { expiry_days: 10 });
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      const days = (answer: unknown) =>
        Math.round((Date.parse((answer as { expiry_date: string }).expiry_date) - Date.now()) / 86_400_000);
      expect(days(await call("extend_person", change))).toBe(70);
      for (let n = 0; n < 6; n += 1) await call("extend_person", change);
      expect(days(await call("extend_person", change))).toBe(360);
    });
  });

  describe("delete_person and restore_person", () => {
    it("deleting hides everything at once and leaves a placeholder of ids and dates", async () => {
      const posted = await post(door.commands, { full_name: "消失者", text: "秘密地點" });
      await call("delete_person", { person_id: posted.id, manage_hash: posted.manageHash });
      expect(await onBoard(posted.id)).toBe(false);
      expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", posted.id))).toEqual([]);
      const [placeholder] = unwrap(await door.anon.from("placeholders").select("*").eq("id", posted.id));
      expect(Object.keys(placeholder as object).sort()).toEqual(
        ["entry_date", "expiry_date", "id", "is_clone", "record_id", "source_date"].sort(),
      );
      expect(await call("find_known_persons", { hashes: [] })).toEqual([]);
      // What is sealed is where only its author and the clock can reach it.
      expect(await placesOf(door.sql, "消失者")).toEqual(["app.sealed_persons.record"]);
    });

    it("the author sees that it can come back, and until when", async () => {
      const posted = await post(door.commands, { full_name: "可還原" });
      await call("delete_person", { person_id: posted.id, manage_hash: posted.manageHash });
      const found = (await own(posted)) as {
        full_name: string;
        sealed: { reason: string; wipe_at: string };
        notes: unknown[];
      };
      expect(found).toMatchObject({ full_name: "可還原", sealed: { reason: "deleted" }, notes: [] });
      const days = (Date.parse(found.sealed.wipe_at) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(2.9);
      expect(days).toBeLessThanOrEqual(3);
    });

    it("restoring brings all of it back, and lifts the ban on its id", async () => {
      const photo = { id: randomUUID(), width: 1, height: 1, content: "anBlZw==" };
      const posted = await post(door.commands, {
        full_name: "回來", alternate_names: ["歸來"], home_country: "TW", need: ["papers"], last_known_location: "車站", photo,
      }); // prettier-ignore
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      const [before] = unwrap(await door.anon.from("persons").select("*").eq("id", posted.id)) as Record<
        string,
        unknown
      >[];
      await call("delete_person", change);
      await call("restore_person", change);
      const [after] = unwrap(await door.anon.from("persons").select("*").eq("id", posted.id)) as Record<
        string,
        unknown
      >[];
      const moved = ["source_date", "entry_date", "expiry_date", "version", "freshest_at"];
      const still = (row: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(row).filter(([key]) => !moved.includes(key)));
      expect(still(after!)).toEqual(still(before!));
      expect(await rowOf(door.sql, posted.id)).toMatchObject({
        name_keys: expect.arrayContaining([expect.any(String)]),
      });
      const banned = await door.sql`select 1 from app.suppressions where record_id = ${posted.record_id}`;
      expect(banned).toHaveLength(0);
      const sealed = await door.sql`select 1 from app.sealed_persons where person_id = ${posted.id}`;
      expect(sealed).toHaveLength(0);
    });

    it("a record that was held comes back held", async () => {
      const posted = await post(door.commands, { held: true });
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      await call("delete_person", change);
      await call("restore_person", change);
      expect((await rowOf(door.sql, posted.id)).publication).toBe("held");
    });

    it("a known record can be found again by those who know", async () => {
      const proof = hashOf("name and fact");
      const posted = await post(door.commands, { visibility: "known", known_hashes: [proof] });
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      await call("delete_person", change);
      expect(await call("find_known_persons", { hashes: [proof] })).toEqual([]);
      await call("restore_person", { ...change, known_hashes: [proof] });
      expect(await call("find_known_persons", { hashes: [proof] })).toMatchObject([{ id: posted.id }]);
    });

    it("a record whose time ran out comes back within a day", async () => {
      const posted = await post(door.commands);
      await runOut(door.sql, posted.id);
      await door.commands.call("seal_expired_persons", { p_limit: 100 });
      await call("restore_person", { person_id: posted.id, manage_hash: posted.manageHash });
      expect(await onBoard(posted.id)).toBe(true);
    });

    it("after three days it is too late", async () => {
      const posted = await post(door.commands);
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      await call("delete_person", change);
      await door.sql`update app.sealed_persons set wipe_at = now() - interval '1 second' where person_id = ${posted.id}`;
      await expect(call("restore_person", change)).rejects.toMatchObject({
        kind: "gone",
        token: "restore_too_late",
      });
      // The refusal keeps what the clock has still to wipe.
      expect(await placesOf(door.sql, posted.id)).toContain("app.sealed_persons.person_id");
    });

    it("nobody brings back what staff removed", async () => {
      const posted = await post(door.commands);
      await call("object_to_person", { person_id: posted.id, reason: "remove", caller: null });
      const [item] = await door.sql`select id from app.queue_items where person_id = ${posted.id}`;
      await call("decide_queue_item", {
        id: item!.id,
        decision: "accept",
        by: "officer",
        reason: "asked for",
      });
      await expect(
        call("restore_person", { person_id: posted.id, manage_hash: posted.manageHash }),
      ).rejects.toMatchObject({ token: "restore_too_late" });
    });

    it("what was deleted cannot come back by an import", async () => {
      const posted = await post(door.commands, { record_domain: "other.example" });
      await call("delete_person", { person_id: posted.id, manage_hash: posted.manageHash });
      const answer = await importRecords(door.commands, {
        persons: [
          { n: 0, record_id: posted.record_id, full_name: "回魂", source_date: new Date().toISOString() },
        ],
      });
      expect(answer.persons).toEqual([{ n: 0, outcome: "suppressed" }]);
    });
  });

  it.each(["edit_person", "extend_person", "delete_person", "restore_person"])(
    "%s refuses every other link alike, and changes nothing",
    async (command) => {
      const [mine, other] = [await post(door.commands), await post(door.commands)];
      const before = await rowOf(door.sql, mine.id);
      for (const manage_hash of [
        hashOf("guess"),
        other.manageHash,
        mine.keyHash,
        mine.manageHash.toUpperCase(),
        mine.manageHash.slice(0, 63),
        "",
        null,
      ]) {
        for (const person_id of [mine.id, randomUUID()]) {
          await expect(call(command, edited({ person_id, manage_hash }))).rejects.toMatchObject({
            kind: "forbidden",
            token: "token_wrong",
          });
        }
      }
      expect(await rowOf(door.sql, mine.id)).toEqual(before);
    },
  );

  it.each(["edit_person", "extend_person", "delete_person"])(
    "%s cannot touch a record that is gone",
    async (command) => {
      const posted = await post(door.commands);
      const change = { person_id: posted.id, manage_hash: posted.manageHash };
      await call("delete_person", change);
      await expect(call(command, edited(change))).rejects.toMatchObject({
        kind: "gone",
        token: "person_gone",
      });
      await expect(
        addNote(door.commands, posted.id, { manage_hash: posted.manageHash }),
      ).rejects.toMatchObject({ kind: "gone" });
    },
  );
});
