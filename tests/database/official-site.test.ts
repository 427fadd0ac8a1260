import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { unwrap, type Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { addNote, post } from "#tests/support/records.ts";
import { makeMember } from "#tests/support/staff.ts";

interface Item {
  type: string;
  id: string;
  verdict: string;
  title: string;
  adopted_at: string | null;
  drill: boolean;
}

forEachDoor((door) => {
  const seats = {} as Record<"volunteer" | "officer" | "other" | "admin" | "ended", Db>;
  beforeAll(async () => {
    const seat = async (options: Parameters<typeof makeMember>[1]) =>
      door.as({ sub: (await makeMember(door.sql, options)).userId });
    seats.volunteer = await seat({});
    seats.officer = await seat({ role: "officer" });
    seats.other = await seat({ role: "officer", areas: ["JP"] });
    seats.admin = await seat({ role: "admin" });
    seats.ended = await seat({ role: "admin", expires_at: new Date(Date.now() - 1000) });
    for (const event of [
      { slug: "quake", titles: { en: "Earthquake" }, kind: "earthquake", country: "NZ" },
      { slug: "exercise", titles: { en: "Exercise" }, kind: "earthquake", country: "NZ", drill: true },
    ])
      await door.sql`select public.open_event(${door.sql.json(event)})`;
  });

  const enqueue = async (subject_type: string, subject_id: string, kind = "new") => {
    const [row] = await door.sql<{ id: string }[]>`
      select app.enqueue(${door.sql.json({ kind, subject_type, subject_id, text: randomUUID(), country: "NZ" })}) as id`;
    return row!.id;
  };
  const decide = async (db: Db, item_id: string, decision: string, more: object = {}) => {
    const reason_code =
      { verified: "official_source", adopted: "on_official_site", hide: "abuse" }[decision] ?? "other";
    return unwrap(
      await db.rpc("decide", {
        p: { item_id, version: 1, decision, reason_code, reason: "看過了", ...more },
      }),
    );
  };
  const verified = async (db: Db = door.anon) =>
    unwrap(await db.from("verified_items").select("*").neq("type", "notice")) as Item[];
  const notice = async () => {
    const { id } = unwrap(
      await seats.officer.rpc("save_notice", {
        p: {
          source_name: "領事事務局",
          title: "公告",
          language: "zh-TW",
          country: "NZ",
          published_at: "2026-11-20T00:00:00Z",
        },
      }),
    ) as { id: string };
    return id;
  };

  describe("what is verified", () => {
    it("a death that an officer verified with a notice is in the list, linked to the notice; one that waits is not", async () => {
      const [yes, no] = [
        await post(door.commands, { event: "quake", full_name: "林查實" }),
        await post(door.commands, { event: "quake" }),
      ];
      for (const { id } of [yes, no])
        await addNote(door.commands, id, { status: "believed_dead", text: "消息" });
      const items = await door.sql<{ id: string; person_id: string; note_id: string }[]>`
        select id, person_id, note_id from app.queue_items where kind = 'death_report' and decided_at is null`;
      const item = items.find(({ person_id }) => person_id === yes.id)!;
      expect(await verified()).toEqual([]);
      const notice_id = await notice();
      await decide(seats.officer, item.id, "verified", { notice_id });
      expect(await verified()).toMatchObject([
        { type: "note", id: item.note_id, verdict: "verified", title: "林查實" },
      ]);
      const links = unwrap(
        await door.anon
          .from("notice_links")
          .select("relation,subject_type,subject_id")
          .eq("notice_id", notice_id),
      );
      expect(links).toEqual([{ relation: "confirms", subject_type: "note", subject_id: item.note_id }]);
    });

    it("A3: what is hidden, softened or not for everybody is not in it, whatever was decided about it", async () => {
      const ids: string[] = [];
      for (const visibility of ["public", "public", "link"]) {
        const { id } = await post(door.commands, { event: "quake", visibility });
        await decide(seats.officer, await enqueue("person", id), "verified");
        ids.push(id);
      }
      const shown = async () => (await verified()).map(({ id }) => id).filter((id) => ids.includes(id));
      expect((await shown()).sort()).toEqual(ids.slice(0, 2).sort());
      await door.commands.call("object_to_person", {
        p: { person_id: ids[0], reason: "remove", text: "", caller: null },
      });
      expect(await shown()).toEqual([ids[1]]);
      await decide(seats.volunteer, await enqueue("person", ids[1]!, "flagged"), "hide");
      expect(await shown()).toEqual([]);
    });

    it("adoption is on record; a drill is marked as one", async () => {
      const [real, drill] = [
        await post(door.commands, { event: "quake" }),
        await post(door.commands, { event: "exercise" }),
      ];
      for (const { id } of [real, drill]) await decide(seats.officer, await enqueue("person", id), "adopted");
      const found = await verified();
      expect(found.find(({ id }) => id === real.id)).toMatchObject({
        verdict: "adopted",
        adopted_at: expect.any(String),
        drill: false,
      });
      expect(found.find(({ id }) => id === drill.id)).toMatchObject({ drill: true });
      const { error } = await door.anon.from("adoptions").select("*");
      expect(error).not.toBeNull();
    });
  });

  it("what an officer wrote beside a link goes when the record is wiped, not before", async () => {
    const person = await post(door.commands, { event: "quake" });
    const notice_id = await notice();
    for (const [subject_type, subject_id] of [
      ["person", person.id],
      ["note", (await door.sql`select id from app.notes where person_id = ${person.id}`)[0]!.id as string],
    ])
      unwrap(
        await seats.officer.rpc("link_notice", {
          p: { notice_id, relation: "confirms", subject_type, subject_id, text: "王先生的太太說的" },
        }),
      );
    const words = async () =>
      (await door.sql`select text from app.notice_links where notice_id = ${notice_id}`).length;
    await door.commands.call("delete_person", {
      p: { person_id: person.id, manage_hash: person.manageHash },
    });
    expect(await words()).toBe(2);
    await door.sql`update app.sealed_persons set wipe_at = now() where person_id = ${person.id}`;
    await door.commands.call("wipe_sealed_persons", { p_limit: 10 });
    expect(await words()).toBe(0);
  });

  describe("web hooks", () => {
    const hook = { name: "領務局", url: "https://ministry.example/hook", events: ["verified", "adopted"] };
    const save = async (db: Db, changes: object = {}) =>
      db.rpc("save_webhook", { p: { ...hook, ...changes } });

    it.each(["volunteer", "officer", "ended"] as const)(
      "A1: a %s adds, changes and removes none",
      async (who) => {
        const { id } = unwrap(await save(seats.admin)) as { id: string };
        for (const p of [{}, { id, remove: true }, { id, new_key: true }])
          expect((await save(seats[who], p)).error).toMatchObject({ message: "staff_only" });
        const rows = unwrap(
          await seats[who].from("webhooks").select("removed_at,secret_version").eq("id", id),
        );
        expect(rows).toEqual(who === "officer" ? [{ removed_at: null, secret_version: 1 }] : []);
        unwrap(await save(seats.admin, { id, remove: true }));
      },
    );

    it("an admin does, and each act is in the log", async () => {
      const { id } = unwrap(await save(seats.admin)) as { id: string };
      unwrap(await save(seats.admin, { id, new_key: true }));
      unwrap(await save(seats.admin, { id, remove: true }));
      expect((await save(seats.admin, { id, new_key: true })).error).toMatchObject({
        message: "webhook_not_found",
      });
      const log = await door.sql`select act, role from app.log_entries where subject_id = ${id} order by id`;
      expect(log.map(({ act, role }) => [act, role])).toEqual([
        ["webhook_added", "admin"], ["webhook_changed", "admin"], ["webhook_removed", "admin"],
      ]); // prettier-ignore
    });

    it.each([
      [{ url: "javascript:alert(1)" }, "url_invalid"],
      [{ url: "https://a b" }, "url_invalid"],
      [{ url: "https://x.example/\r\nX-Header: of H47" }, "url_invalid"],
      [{ url: `https://x.example/${"x".repeat(2000)}` }, "url_invalid"],
      [{ name: " " }, "name_required"],
      [{ events: [] }, "webhook_events_required"],
      [{ events: ["everything"] }, "webhook_events_required"],
    ])("refuses %j", async (changes, token) => {
      expect((await save(seats.admin, changes)).error).toMatchObject({ message: token });
    });

    it("a decision puts a delivery into the outbox of those who asked for it, in its own transaction", async () => {
      await door.sql`update app.webhooks set removed_at = now() where removed_at is null`;
      const { id } = unwrap(await save(seats.admin)) as { id: string };
      const { id: other } = unwrap(await save(seats.admin, { events: ["withdrawn"] })) as { id: string };
      const person = await post(door.commands, { event: "quake" });
      await decide(seats.officer, await enqueue("person", person.id), "adopted");
      const claim = () =>
        door.commands.call<{ id: number; webhook_id: string; event: string }[]>("claim_webhooks", {
          p_limit: 10,
        });
      const [a, b] = await Promise.all([claim(), claim()]);
      expect([...a, ...b]).toMatchObject([
        { webhook_id: id, event: "adopted", subject_id: person.id, attempts: 1 },
      ]);
      expect(await claim(), "it rests before it is tried again").toEqual([]);
      const delivery = [...a, ...b][0]!.id;
      for (let tried = 1; tried <= 8; tried += 1) {
        await door.commands.call("finish_webhook", {
          p_id: delivery,
          p_status: 500,
          p_error: "x".repeat(600),
        });
        const [row] =
          await door.sql`select failed_at, available_at > now() as rests, length(last_error) as words from app.webhook_deliveries where id = ${delivery}`;
        expect(row).toMatchObject({
          failed_at: tried < 8 ? null : expect.any(Date),
          rests: true,
          words: 500,
        });
        await door.sql`update app.webhook_deliveries set available_at = now() where id = ${delivery}`;
        expect(await claim()).toHaveLength(tried < 8 ? 1 : 0);
      }
      const shown = unwrap(
        await seats.officer.from("webhook_deliveries").select("webhook_id,attempts,last_status"),
      );
      expect(shown).toEqual([{ webhook_id: id, attempts: 8, last_status: 500 }]);
      expect(unwrap(await seats.volunteer.from("webhook_deliveries").select("id"))).toEqual([]);
      expect(other).not.toBe(id);
    });
  });

  describe("numbers for everybody", () => {
    const numbers = async (days: number | null = null) =>
      unwrap(await door.anon.rpc("moderation_numbers", { p_days: days })) as Record<string, never> & {
        items: unknown;
        median_hours: number | null;
        kinds: { kind: string; items: unknown; median_hours: number | null; p90_hours: number | null }[];
        decisions: { decision: string; items: unknown }[];
        appeals: Record<string, unknown>;
      };

    it("fewer than five are never told, more are rounded, and times only of five or more", async () => {
      await door.sql`delete from app.queue_items`;
      const person = await post(door.commands, { event: "quake" });
      const drill = await post(door.commands, { event: "exercise" });
      expect(await numbers()).toMatchObject({ items: "<5", median_hours: null, kinds: [] });
      for (let n = 0; n < 12; n += 1) {
        const id = await enqueue("person", person.id, n < 4 ? "flagged" : "new");
        await door.sql`update app.queue_items set created_at = now() - make_interval(hours => ${n + 1}) where id = ${id}`;
        await decide(seats.officer, id, n === 0 ? "withdrawn" : "verified");
      }
      for (let n = 0; n < 9; n += 1) {
        const id = await enqueue("person", drill.id);
        await decide(seats.officer, id, "verified");
      }
      const told = await numbers();
      expect(told.items).toBe(10);
      expect(told.kinds).toEqual([
        { kind: "flagged", items: "<5", waiting: "<5", median_hours: null, p90_hours: null },
        { kind: "new", items: 10, waiting: "<5", median_hours: 8.5, p90_hours: 11.3 },
      ]);
      expect(told.decisions).toEqual([
        { decision: "verified", items: 10 },
        { decision: "withdrawn", items: "<5" },
      ]);
      expect(told.appeals).toEqual({ items: "<5", waiting: "<5", overturned: "<5", upheld: "<5" });
      expect(JSON.stringify(told)).not.toMatch(/(?<!\.)\b(?:11|12|21|9)\b(?!\.)/);
    });

    it("of a stretch of days, and nothing else is believed", async () => {
      for (const days of [1, -1, 0, 1e9]) expect(await numbers(days).catch(() => null)).not.toBeNull();
    });
  });

  it("the published procedures are the rules themselves: what the database holds, it tells", async () => {
    const told = unwrap(await door.anon.rpc("procedures")) as {
      moderation: { kinds: Record<string, string[]>; decisions: { name: string; stage: number }[] };
      measures: { kind: string; half_life_hours: number }[];
      limits: { what: string; times: number; seconds: number }[];
      rights: { table: string; rule: string }[];
    };
    expect(told.moderation.kinds["death_report"]).not.toContain("accept");
    expect(told.limits).toContainEqual({ what: "report_person", times: 60, seconds: 60 });
    expect(told.limits).toContainEqual({ what: "follow_mail", times: 10, seconds: 86_400 });
    expect(told.rights).toContainEqual({
      table: "notices",
      rule: "Officers add notices of the countries they look after",
    });
    await door.sql`update app.report_measures set half_life_hours = 13 where kind = 'road'`;
    const again = unwrap(await door.anon.rpc("procedures")) as typeof told;
    expect(again.measures).toContainEqual(expect.objectContaining({ kind: "road", half_life_hours: 13 }));
  });
});
