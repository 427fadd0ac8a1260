import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { DECISIONS, KINDS, USUAL_REASON } from "#app/features/moderation/queue.ts";
import { moderationRules } from "#app/features/moderation/queue.server.ts";
import moderation from "#app/i18n/locales/zh-TW/moderation.json" with { type: "json" };
import { type Db, unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { addNote, placesOf, post, rowOf, runOut } from "#tests/support/records.ts";
import { asMember } from "#tests/support/seats.ts";
import { makeMember } from "#tests/support/staff.ts";

// What a newsroom fears: somebody decides who must not, twice, about their own, or about what has changed meanwhile.

const reasonWords = moderation.reason;

interface Item {
  id: string;
  kind: string;
  version: number;
  stage: number;
}

forEachDoor((door) => {
  const seats: Record<string, Db> = {};
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    for (const [name, options] of Object.entries({
      lin: { role: "volunteer", name: "林" },
      wu: { role: "volunteer", name: "吳" },
      chen: { role: "officer", name: "陳" },
      guo: { role: "officer", name: "郭" },
      expired: { role: "officer", expires_at: new Date(Date.now() - 1000) },
      elsewhere: { role: "officer", areas: ["JP"] },
      here: { role: "volunteer", areas: ["NZ"], name: "在地" },
      author: { role: "officer", email: "author@staff.example", name: "作者" },
    } as const)) {
      const { userId } = await makeMember(door.sql, options as never);
      ids[name] = userId;
      seats[name] = door.as({ sub: userId });
    }
    await door.sql`
      insert into app.events (slug, titles, kind, country) values ('quake', '{"en": "Quake"}', 'earthquake', 'NZ')`;
  });

  const called = (db: Db) => ({
    call: async <T>(name: string, args: Record<string, unknown>) => {
      const answer = await db.rpc(name, args);
      return unwrap(answer) as T;
    },
  });
  const items = (personId: string) =>
    door.sql<Item[]>`
      select id, kind, version, stage from app.queue_items where person_id = ${personId} order by created_at, id`;
  const first = async (personId: string, kind?: string) =>
    (await items(personId)).find((item) => !kind || item.kind === kind)!;
  const decide = (who: string, item: Item, decision: string, changes: Record<string, unknown> = {}) =>
    called(seats[who]!).call("decide", {
      p: {
        item_id: item.id,
        version: item.version,
        decision,
        reason_code: "other",
        reason: "看過了",
        ...changes,
      },
    });
  const claim = (who: string, item: Item, changes: Record<string, unknown> = {}) =>
    called(seats[who]!).call<{ claimed_until: string }>("claim_item", {
      p: { item_id: item.id, ...changes },
    });
  const read = (who: string, item: Item) =>
    called(seats[who]!).call<Record<string, never> | null>("read_queue_item", { p_id: item.id });
  const inLog = (item: Item) =>
    door.sql<{ act: string; actor: string }[]>`
      select act, actor from app.log_entries where details ->> 'item' = ${item.id} order by id`;
  const card = async (id: string) =>
    (unwrap(await door.anon.from("persons").select("*").eq("id", id)) as Record<string, unknown>[])[0];
  const dead = async (changes: Record<string, unknown> = {}) => {
    const person = await post(door.commands, { event: "quake", ...changes });
    await addNote(door.commands, person.id, { status: "believed_dead", text: "聽說過世了" });
    return { person, item: await first(person.id, "death_report") };
  };
  const again = (item: Item) => first_(item.id);
  const first_ = async (id: string) =>
    (await door.sql<Item[]>`select id, kind, version, stage from app.queue_items where id = ${id}`)[0]!;

  describe("two stages", () => {
    it("a death report waits; a volunteer escalates and cannot finish it; an officer verifies, and it is official", async () => {
      const { person, item } = await dead();
      for (const decision of ["verified", "unverifiable", "false"]) {
        await expect(decide("lin", item, decision)).rejects.toMatchObject({ token: "officer_needed" });
      }
      for (const decision of ["accept", "hide", "mask"]) {
        await expect(decide("lin", item, decision)).rejects.toMatchObject({ token: "decision_required" });
      }
      expect(await card(person.id)).toMatchObject({ status: "is_note_author" });
      await decide("lin", item, "escalate", { reason_code: "needs_officer", reason: "" });
      const waiting = await again(item);
      expect(waiting).toMatchObject({ stage: 2, version: 2 });
      await decide("chen", waiting, "verified", { reason_code: "official_source" });
      expect(await card(person.id)).toMatchObject({ status: "believed_dead", status_by: "official" });
      expect(await inLog(item)).toEqual([
        { act: "decision_escalate", actor: ids.lin },
        { act: "decision_verified", actor: ids.chen },
      ]);
    });

    it("nobody does both stages of one item, not even an officer", async () => {
      const { item } = await dead();
      await decide("chen", item, "escalate");
      await expect(decide("chen", await again(item), "verified")).rejects.toMatchObject({
        kind: "forbidden",
        token: "other_stage_yours",
      });
      await decide("guo", await again(item), "unverifiable");
      // What volunteers accepted, officers may look at once more, but not those who accepted it.
      const { id } = await post(door.commands, { need: ["injured"] });
      const help = await first(id);
      await decide("guo", help, "accept", { reason_code: "seen_to" });
      await expect(decide("guo", await again(help), "verified")).rejects.toMatchObject({
        token: "other_stage_yours",
      });
      await decide("chen", await again(help), "verified");
      await expect(decide("author", await again(help), "withdrawn")).rejects.toMatchObject({
        token: "item_not_waiting",
      });
    });

    it("nobody decides their own post, whoever they are", async () => {
      const { id } = await post(door.commands, { need: ["money"], author_email: "Author@staff.example" });
      const item = await first(id);
      await expect(decide("author", item, "accept")).rejects.toMatchObject({
        kind: "forbidden",
        token: "own_post",
      });
      expect(await read("author", item)).toMatchObject({ mine: true, allowed: [] });
      expect(await read("chen", item)).toMatchObject({ mine: false });
      await decide("chen", item, "accept");
    });
  });

  describe("A1: rights", () => {
    it("that have ended open nothing", async () => {
      const { item } = await dead();
      await expect(decide("expired", item, "verified")).rejects.toMatchObject({ token: "staff_only" });
      await expect(claim("expired", item)).rejects.toMatchObject({ token: "staff_only" });
      expect(await read("expired", item)).toBeNull();
      expect(await called(seats.expired!).call("list_queue", { p: {} })).toBeNull();
      await door.sql`update app.members set removed_at = now() where user_id = ${ids.wu!}`;
      await expect(decide("wu", item, "escalate")).rejects.toMatchObject({ token: "staff_only" });
      await door.sql`update app.members set removed_at = null where user_id = ${ids.wu!}`;
      await decide("wu", item, "escalate");
    });

    it("end where the country of an officer ends", async () => {
      const { item } = await dead();
      await expect(decide("elsewhere", item, "verified")).rejects.toMatchObject({ token: "item_not_found" });
      await expect(claim("elsewhere", item)).rejects.toMatchObject({ token: "item_not_found" });
      expect(await read("elsewhere", item)).toBeNull();
      const list = await called(seats.elsewhere!).call<{ items: Item[] }>("list_queue", {
        p: { event: "quake" },
      });
      expect(list.items).toEqual([]);
      const ours = await called(seats.here!).call<{ items: Item[] }>("list_queue", { p: { event: "quake" } });
      expect(ours.items.map(({ id }) => id)).toContain(item.id);
      await decide("here", item, "escalate");
    });

    it("are asked again by the policies, past the functions", async () => {
      const { item } = await dead();
      const asked =
        await door.sql`select has_table_privilege('authenticated', 'app.decisions', 'update') as may`;
      expect(asked[0]).toEqual({ may: false });
      // As whoever reaches the table itself would: the columns that say who decided are not theirs to write.
      await expect(
        asMember(
          door.sql,
          ids.lin!,
          (sql) => sql`
          insert into app.decisions (item_id, item_version, stage, decision, reason_code, decided_by, decided_by_name)
          values (${item.id}, 1, 1, 'verified', 'official_source', ${ids.chen!}, '陳')`,
        ),
      ).rejects.toMatchObject({ code: "42501" });
      await expect(
        asMember(
          door.sql,
          ids.lin!,
          (sql) => sql`update app.queue_items set decided_at = now() where id = ${item.id}`,
        ),
      ).rejects.toMatchObject({ code: "42501" });
      await expect(
        asMember(
          door.sql,
          ids.lin!,
          (sql) => sql`
          update app.queue_items set claimed_by = ${ids.lin!}, claimed_until = now() + interval '2 days' where id = ${item.id}`,
        ),
      ).rejects.toMatchObject({ code: "42501" });
      const others = await asMember(
        door.sql,
        ids.elsewhere!,
        (sql) => sql`
        select id from app.queue_items where id = ${item.id}`,
      );
      expect([...others]).toEqual([]);
    });

    it("H32: a second factor is demanded by the database once the setting says so", async () => {
      const { item } = await dead();
      await door.commands.call("save_setting", { p_name: "staff_needs_second_factor", p_value: true });
      try {
        await expect(decide("lin", item, "escalate")).rejects.toMatchObject({ token: "staff_only" });
        const strong = door.as({ sub: ids.lin!, aal: "aal2" });
        expect(await called(strong).call("list_queue", { p: {} })).not.toBeNull();
        // The word counts only in a signed token of the sign-in service, not in what the user writes about themselves.
        const sly = door.as({ sub: ids.lin!, user_metadata: { aal: "aal2" } });
        expect(await called(sly).call("list_queue", { p: {} })).toBeNull();
      } finally {
        await door.commands.call("save_setting", { p_name: "staff_needs_second_factor", p_value: false });
      }
    });

    it("A7: not even an administrator writes, changes or deletes what the log holds", async () => {
      const { item } = await dead();
      await decide("lin", item, "escalate");
      const { userId } = await makeMember(door.sql, { role: "admin" });
      for (const statement of [
        "update app.log_entries set actor = 'server'",
        "delete from app.log_entries",
        "insert into app.log_entries select * from app.log_entries",
        "update app.decisions set decided_by_name = 'somebody'",
        "delete from app.decisions",
        "update app.queue_items set decided_at = now()",
      ]) {
        await expect(asMember(door.sql, userId, (sql) => sql.unsafe(statement))).rejects.toMatchObject({
          code: "42501",
        });
      }
      expect(await inLog(item)).toHaveLength(1);
    });

    it("H31: whatever else is sent is ignored", async () => {
      const { item } = await dead();
      await decide("lin", item, "escalate", {
        stage: 2,
        decided_by: ids.chen,
        decided_by_name: "陳",
        decided_at: "2020-01-01",
      });
      const [row] =
        await door.sql`select decided_by, decided_by_name, stage, decided_at > now() - interval '1 minute' as now
        from app.decisions where item_id = ${item.id}`;
      expect(row).toEqual({ decided_by: ids.lin, decided_by_name: "林", stage: 1, now: true });
    });
  });

  describe("H51: versions and claims", () => {
    it("of two who decide at once one does, the other is told so, and the log has one entry", async () => {
      const { person, item } = await dead();
      const both = await Promise.allSettled([
        decide("chen", item, "verified", { reason_code: "official_source" }),
        decide("guo", item, "false", { reason: "官方否認" }),
      ]);
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const refused = both.find(({ status }) => status === "rejected") as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ kind: "conflict", token: "item_not_waiting" });
      expect(await inLog(item)).toHaveLength(1);
      const known = await read("guo", item);
      expect(known!["decisions"]).toMatchObject([{ by: both[0]!.status === "fulfilled" ? "陳" : "郭" }]);
      expect(person.id).toBeTruthy();
    });

    it("a decision on an old version is refused, and changes nothing", async () => {
      const { item } = await dead();
      await decide("lin", item, "needs_information", { reason: "在哪一家醫院？" });
      await expect(decide("wu", item, "escalate")).rejects.toMatchObject({ token: "item_not_waiting" });
      await decide("wu", await again(item), "escalate");
      await expect(decide("lin", await again(item), "escalate")).rejects.toMatchObject({
        token: "item_not_waiting",
      });
    });

    it("a claim keeps others away until it runs out; then it can be taken over", async () => {
      const { item } = await dead();
      const { claimed_until } = await claim("lin", item);
      expect(Date.parse(claimed_until) - Date.now()).toBeGreaterThan(14 * 60_000);
      expect(await read("wu", item)).toMatchObject({ holder: "林", held_by_me: false });
      await expect(claim("wu", item)).rejects.toMatchObject({ kind: "conflict", token: "item_claimed" });
      await expect(decide("wu", item, "escalate")).rejects.toMatchObject({ token: "item_claimed" });
      await claim("wu", item, { release: true });
      await expect(claim("wu", item)).rejects.toMatchObject({ token: "item_claimed" });
      await door.sql`update app.queue_items set claimed_until = now() - interval '1 second' where id = ${item.id}`;
      await claim("wu", item);
      // Whoever held it before is told, and does not decide over the head of who holds it now.
      await expect(decide("lin", item, "escalate")).rejects.toMatchObject({ token: "item_claimed" });
      await claim("wu", item, { release: true });
      await decide("lin", item, "escalate");
    });

    it("nothing is decided after its record is gone", async () => {
      const { person, item } = await dead();
      await runOut(door.sql, person.id);
      await door.commands.call("seal_expired_persons", { p_limit: 100 });
      await door.sql`update app.sealed_persons set wipe_at = now() - interval '1 second' where person_id = ${person.id}`;
      await door.commands.call("wipe_sealed_persons", { p_limit: 100 });
      await expect(decide("chen", item, "verified")).rejects.toMatchObject({ token: "item_not_found" });
    });
  });

  describe("reasons", () => {
    it("are words of the list for this decision, with a sentence where the author must know", async () => {
      const { id } = await post(door.commands, { held: true });
      const item = await first(id);
      for (const reason_code of [null, "because", "official_source"]) {
        await expect(decide("lin", item, "hide", { reason_code })).rejects.toMatchObject({
          token: "reason_required",
          field: "reason_code",
        });
      }
      await expect(decide("lin", item, "hide", { reason_code: "abuse", reason: " " })).rejects.toMatchObject({
        token: "words_required",
        field: "reason",
      });
      await expect(decide("lin", item, "mask", { masked_text: "" })).rejects.toMatchObject({
        token: "masked_text_required",
      });
      await expect(decide("chen", item, "false", { correct_text: " " })).rejects.toMatchObject({
        token: "correct_text_required",
      });
      await expect(decide("lin", item, "duplicate", { duplicate_of: id })).rejects.toMatchObject({
        token: "duplicate_unknown",
      });
      await decide("lin", item, "hide", { reason_code: "abuse", reason: "罵人" });
    });
  });

  describe("what follows", () => {
    it("masking covers a note for everybody and keeps what was said sealed, for officers alone, until the record goes", async () => {
      const planted = "身分證 A123456789 請勿外流";
      const { id } = await post(door.commands, { need: ["papers"], text: planted });
      const item = await first(id);
      await decide("lin", item, "mask", {
        masked_text: "身分證 ○○○ 請勿外流",
        reason_code: "personal_data",
        reason: "",
      });
      const notes = unwrap(await door.anon.from("notes").select("text").eq("person_id", id));
      expect(notes).toEqual([{ text: "身分證 ○○○ 請勿外流" }]);
      expect(await read("lin", item)).toMatchObject({ sealed: null });
      expect(await read("chen", item)).toMatchObject({ sealed: planted });
      await expect(
        door.sql`update app.notes set text = 'something else' where person_id = ${id}`,
      ).rejects.toThrow("notes_are_append_only");
      await runOut(door.sql, id);
      await door.commands.call("seal_expired_persons", { p_limit: 100 });
      await door.sql`update app.sealed_persons set wipe_at = now() - interval '1 second' where person_id = ${id}`;
      await door.commands.call("wipe_sealed_persons", { p_limit: 100 });
      expect(await placesOf(door.sql, "A123456789")).toEqual([]);
    });

    it("what is false stays visible, with what is correct; a rumour is not hidden", async () => {
      const { id } = await post(door.commands, { need: ["shelter"], text: "收容所在 A 校" });
      const item = await first(id);
      await decide("chen", item, "false", { correct_text: "收容所在 B 校", reason_code: "official_source" });
      const [verdict] = unwrap(await door.anon.from("verdicts").select("*").eq("person_id", id)) as object[];
      expect(verdict).toMatchObject({
        subject_type: "note",
        verdict: "false",
        correct_text: "收容所在 B 校",
      });
      expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", id))).toHaveLength(1);
      await door.sql`update app.persons set publication = 'hidden' where id = ${id}`;
      expect(unwrap(await door.anon.from("verdicts").select("*").eq("person_id", id))).toEqual([]);
    });

    it("a duplicate is linked, never merged", async () => {
      const [one, other] = [await post(door.commands, { held: true }), await post(door.commands)];
      await door.sql`update app.persons set publication = 'published' where id = ${one.id}`;
      await decide("lin", await first(one.id), "duplicate", {
        duplicate_of: other.id,
        reason_code: "same_thing",
      });
      const links = unwrap(
        await door.anon
          .from("notes")
          .select("linked_person_record_id")
          .eq("person_id", one.id)
          .not("linked_person_record_id", "is", null),
      );
      expect(links).toEqual([{ linked_person_record_id: other.record_id }]);
    });

    it("the old kinds go on: photos of minors, objections, what looks automatic", async () => {
      const photo = { id: randomUUID(), width: 1, height: 1, content: "anBlZw==" };
      const minor = await post(door.commands, { minor: true, photo });
      const seen = await called(seats.lin!).call<{ content: string }[]>("item_photo", {
        p_item: (await first(minor.id)).id,
      });
      expect(seen).toHaveLength(1);
      const hidden = await door.anon.rpc("item_photo", { p_item: (await first(minor.id)).id });
      expect(hidden.error).not.toBeNull();
      await decide("lin", await first(minor.id), "accept", { reason_code: "harmless" });
      expect(await card(minor.id)).toMatchObject({ photo_id: photo.id });

      const objected = await post(door.commands, { as: "seeking", status: "information_sought" });
      await door.commands.call("object_to_person", {
        p: { person_id: objected.id, reason: "not_missing", text: "我在家", caller: null },
      });
      await expect(decide("lin", await first(objected.id), "corrected")).rejects.toMatchObject({
        token: "officer_needed",
      });
      await decide("chen", await first(objected.id), "corrected", { reason_code: "objection_right" });
      expect(await card(objected.id)).toMatchObject({ status: "believed_alive", softened: false });

      const automatic = await post(door.commands, { held: true });
      await decide("lin", await first(automatic.id), "accept", { reason_code: "looks_right" });
      expect(await card(automatic.id)).toMatchObject({ publication: "published" });
    });
  });

  describe("in bulk", () => {
    const spam = async (text: string) => {
      const { id } = await post(door.commands);
      const [queued] = await door.sql<{ id: string }[]>`
        select app.enqueue(jsonb_build_object(
          'kind', 'flagged', 'subject_type', 'person', 'subject_id', ${id}::text, 'text', ${text}::text)) as id`;
      return { id, item: await first_(queued!.id) };
    };

    it("only one cluster: the same words, whatever stands between the letters, and nothing beyond", async () => {
      const same = [
        await spam("買便宜機票 call me!"),
        await spam("買便宜機票，CALL ME"),
        await spam("買 便宜 機票 callme"),
      ];
      const other = await spam("完全不同的一段文字");
      const also = (...more: { item: Item }[]) =>
        more.map(({ item }) => ({ id: item.id, version: item.version }));
      await expect(
        decide("lin", same[0]!.item, "hide", { reason_code: "advertising", also: also(same[1]!, other) }),
      ).rejects.toMatchObject({ token: "not_one_cluster" });
      expect(await card(same[0]!.id)).toBeDefined();
      await expect(
        decide("lin", same[0]!.item, "mask", { masked_text: "x", also: also(same[1]!) }),
      ).rejects.toMatchObject({ token: "not_in_bulk" });
      const found = await read("lin", same[0]!.item);
      expect((found!["cluster"] as unknown as Item[]).map(({ id }) => id).sort()).toEqual(
        [same[1]!.item.id, same[2]!.item.id].sort(),
      );
      const answer = await decide("lin", same[0]!.item, "hide", {
        reason_code: "advertising",
        also: also(same[1]!, same[2]!),
      });
      expect(answer).toEqual({ decided: 3 });
      for (const { id, item } of same) {
        expect(await card(id)).toBeUndefined();
        expect(await inLog(item)).toHaveLength(1);
      }
      expect(await card(other.id)).toBeDefined();
    });
  });

  describe("appeals", () => {
    it("go to another person, who may overturn; the author is told what, why and how to contest, and never who", async () => {
      const person = await post(door.commands, { held: true });
      const item = await first(person.id);
      await decide("chen", item, "hide", { reason_code: "not_about_this", reason: "看起來不是這次地震" });
      const link = { p_id: person.id, p_manage_hash: person.manageHash };
      const told = await door.commands.call<Record<string, unknown>[]>("own_person_decisions", link);
      expect(told).toMatchObject([
        { decision: "hide", reason_code: "not_about_this", reason: "看起來不是這次地震", may_appeal: true },
      ]);
      expect(JSON.stringify(told)).not.toMatch(/陳|decided_by/);
      const appeal = (changes: object = {}) =>
        door.commands.call("appeal_person", {
          p: {
            person_id: person.id,
            manage_hash: person.manageHash,
            item_id: item.id,
            text: "是這次地震，我在現場",
            caller: null,
            ...changes,
          },
        });
      await expect(appeal({ manage_hash: "0".repeat(64) })).rejects.toMatchObject({ token: "token_wrong" });
      const stranger = await post(door.commands);
      await expect(
        appeal({ person_id: stranger.id, manage_hash: stranger.manageHash }),
      ).rejects.toMatchObject({ token: "token_wrong" });
      await appeal();
      await expect(appeal()).rejects.toMatchObject({ token: "appeal_not_possible" });
      const waiting = await first(person.id, "appeal");
      await expect(decide("chen", waiting, "uphold")).rejects.toMatchObject({
        token: "appeal_needs_another",
      });
      await expect(decide("lin", waiting, "restore")).rejects.toMatchObject({ token: "officer_needed" });
      await decide("guo", waiting, "restore", { reason_code: "new_facts", reason: "地點相符" });
      expect(await card(person.id)).toMatchObject({ publication: "published" });
      const after = await door.commands.call<Record<string, unknown>[]>("own_person_decisions", link);
      expect(after.find(({ decision }) => decision === "hide")).toMatchObject({
        may_appeal: false,
        appeal: { decision: "restore", reason: "地點相符" },
      });
    });

    it("against masking give the words back", async () => {
      const person = await post(door.commands, { need: ["papers"], text: "請到 A 旅館找我們的領隊" });
      const item = await first(person.id);
      await decide("lin", item, "mask", {
        masked_text: "請到〔…〕找我們的領隊",
        reason_code: "personal_data",
      });
      await door.commands.call("appeal_person", {
        p: {
          person_id: person.id,
          manage_hash: person.manageHash,
          item_id: item.id,
          text: "旅館是公開的集合點",
          caller: null,
        },
      });
      await decide("guo", await first(person.id, "appeal"), "restore");
      const notes = unwrap(await door.anon.from("notes").select("text").eq("person_id", person.id));
      expect(notes).toEqual([{ text: "請到 A 旅館找我們的領隊" }]);
    });

    it("that are not upheld leave everything as it was", async () => {
      const person = await post(door.commands, { held: true });
      const item = await first(person.id);
      await decide("lin", item, "hide");
      await door.commands.call("appeal_person", {
        p: {
          person_id: person.id,
          manage_hash: person.manageHash,
          item_id: item.id,
          text: "請再看一次",
          caller: null,
        },
      });
      await decide("guo", await first(person.id, "appeal"), "uphold");
      expect(await rowOf(door.sql, person.id)).toMatchObject({ publication: "hidden" });
    });
  });

  describe("corrections", () => {
    const ask = (changes: Record<string, unknown> = {}) =>
      door.commands.call<{ id: string }>("ask_correction", {
        p: {
          subject_type: "person", what: "名字寫錯了", correct_text: "應該是王曉明", source_url: "https://example.org/list",
          token_hash: "ab".repeat(32), language: "zh-TW", caller: null, ...changes,
        },
      }); // prettier-ignore

    it("of what is public wait for an officer, and who asked sees the outcome by the link, and nobody else", async () => {
      const { id } = await post(door.commands, { event: "quake" });
      const { id: correction } = await ask({
        subject_id: id,
        email: "asker@example.org",
        token: "t".repeat(43),
      });
      const item = await first(id, "correction");
      expect(await read("chen", item)).toMatchObject({
        correction: { what: "名字寫錯了", correct_text: "應該是王曉明" },
      });
      await decide("lin", item, "escalate");
      await decide("chen", await again(item), "corrected", {
        correct_text: "王曉明",
        reason_code: "official_source",
      });
      const read_ = (hash: string) =>
        door.commands.call("read_correction", { p_id: correction, p_token_hash: hash });
      expect(await read_("ab".repeat(32))).toMatchObject({
        steps: [{ decision: "escalate" }, { decision: "corrected" }],
      });
      expect(JSON.stringify(await read_("ab".repeat(32)))).not.toMatch(/林|陳/);
      expect(await read_("cd".repeat(32))).toBeNull();
      const [mail] = await door.sql`select kind, to_email from app.outbox where kind = 'correction_outcome'`;
      expect(mail).toEqual({ kind: "correction_outcome", to_email: "asker@example.org" });
      const [verdict] = unwrap(await door.anon.from("verdicts").select("*").eq("person_id", id)) as object[];
      expect(verdict).toMatchObject({ verdict: "corrected", correct_text: "王曉明" });
    });

    it("H30: of what is hidden, or is not there, cannot be asked for and answer alike", async () => {
      const hidden = await post(door.commands, { visibility: "known" });
      for (const subject_id of [hidden.id, randomUUID()]) {
        await expect(ask({ subject_id })).rejects.toMatchObject({ token: "correction_subject_unknown" });
        expect(
          await door.commands.call("describe_public", { p_type: "person", p_id: subject_id }),
        ).toBeNull();
      }
      await expect(ask({ subject_type: "pg_user", subject_id: hidden.id })).rejects.toMatchObject({
        token: "correction_subject_unknown",
      });
    });

    it("are not decided by who asked for them", async () => {
      const { id } = await post(door.commands);
      await ask({ subject_id: id, email: "author@staff.example", token: "t" });
      await expect(
        decide("author", await first(id, "correction"), "corrected", { correct_text: "x" }),
      ).rejects.toMatchObject({ token: "own_post" });
    });
  });

  it("pages and database know the same kinds, decisions and reasons", async () => {
    const rules = await moderationRules(door.anon);
    expect(rules.decisions.map(({ name }) => name).sort()).toEqual([...DECISIONS].sort());
    expect(Object.keys(rules.kinds).sort()).toEqual([...KINDS].sort());
    for (const { code } of rules.reasons) expect(reasonWords).toHaveProperty(code);
    for (const [decision, code] of Object.entries(USUAL_REASON)) {
      expect(rules.reasons.find((reason) => reason.code === code)?.decisions).toContain(decision);
    }
    const [check] = await door.sql<{ text: string }[]>`
      select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'queue_items_kinds_are_known'`;
    expect([...check!.text.matchAll(/'([a-z_]+)'/g)].map(([, kind]) => kind).sort()).toEqual(
      [...KINDS].sort(),
    );
  });

  it("the queue goes by severity and waiting time, and pages by cursor without a gap or a repeat", async () => {
    const { id } = await post(door.commands);
    const made = [
      [1, "1 minute"], [2, "5 minutes"], [3, "2 minutes"], [5, "6 days"], [2, "40 days"], [3, "30 hours"],
    ] as const; // prettier-ignore
    for (const [severity, age] of made) {
      await door.sql`select app.enqueue(jsonb_build_object('kind', 'import_problem', 'subject_type', 'person', 'subject_id', ${id}::text,
        'severity', ${severity}::int, 'language', 'ja', 'created_at', now() - ${age}::interval))`;
    }
    const seen: [number, string][] = [];
    let after: Record<string, unknown> = {};
    for (;;) {
      const page = await called(seats.lin!).call<{ items: { id: string; severity: number; rank_at: string; created_at: string }[]; waiting: number }>(
        "list_queue", { p: { kind: "import_problem", limit: 2, ...after } },
      ); // prettier-ignore
      expect(page.waiting).toBe(made.length);
      for (const item of page.items) seen.push([item.severity, item.created_at]);
      const last = page.items.at(-1);
      if (!last || page.items.length < 2) break;
      after = { after_rank: last.rank_at, after_id: last.id };
    }
    // A call for help first; what waited longer than a step of severity is worth has overtaken.
    expect(seen.map(([severity]) => severity)).toEqual([2, 1, 5, 3, 2, 3]);
  });
});
