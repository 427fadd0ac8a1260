import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  listNotices,
  getNotice,
  linkNotice,
  linksTo,
  publishNotice,
  saveNotice,
  unlinkNotice,
  importNotices,
} from "#app/features/notices/notices.server.ts";
import { noticeSchema } from "#app/features/notices/notices.schema.ts";
import type { NoticeDraft } from "#app/formats/notice-feed.ts";
import { unwrap, type Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { post } from "#tests/support/records.ts";
import { makeMember } from "#tests/support/staff.ts";

forEachDoor((door) => {
  let officer: Db;
  let officerId: string;
  let officerOfNepal: Db;
  let volunteer: Db;
  let ended: Db;
  beforeAll(async () => {
    const seat = async (options: Parameters<typeof makeMember>[1]) =>
      (await makeMember(door.sql, options)).userId;
    officerId = await seat({ role: "officer" });
    officer = door.as({ sub: officerId });
    officerOfNepal = door.as({ sub: await seat({ role: "officer", areas: ["NP"] }) });
    volunteer = door.as({ sub: await seat({ role: "volunteer" }) });
    ended = door.as({ sub: await seat({ role: "admin", expires_at: new Date(Date.now() - 60_000) }) });
    for (const event of [
      { slug: "quake", titles: { en: "Earthquake" }, kind: "earthquake", country: "NZ" },
      { slug: "exercise", titles: { en: "Exercise" }, kind: "earthquake", country: "NZ", drill: true },
    ])
      await door.sql`select public.open_event(${door.sql.json(event)})`;
  });

  const form = (changes: Record<string, unknown> = {}) =>
    noticeSchema.parse({
      source_name: "領事事務局", title: "注意餘震", language: "zh-TW", country: "NZ", level: "第二級：黃色注意",
      url: "https://ministry.example/1", published_at: "2026-11-24T09:00", text: "請遠離老舊建築", ...changes,
    }); // prettier-ignore
  const enter = async (changes: Record<string, unknown> = {}) =>
    (await saveNotice(officer, form(changes), null)).id;
  const acts = async (subject: string) =>
    (
      await door.sql`select act, actor, role, details from app.log_entries where subject_id = ${subject} order by id`
    ).map((row) => row);

  describe("A1: who may enter, change, hide and link", () => {
    const seats: [string, () => Db, string][] = [
      ["a visitor", () => door.anon, "forbidden"],
      ["somebody with an account", () => door.as({ sub: randomUUID() }), "staff_only"],
      ["a volunteer", () => volunteer, "staff_only"],
      ["an admin whose rights have ended", () => ended, "staff_only"],
      ["an officer of another area", () => officerOfNepal, "outside_your_area"],
    ];
    it.each(seats)("%s cannot", async (_who, seat, token) => {
      const id = await enter();
      const before = await acts(id);
      const subject = {
        subject_type: "event" as const,
        reference: "quake",
        relation: "confirms" as const,
        text: null,
      };
      await expect(saveNotice(seat(), form(), null)).rejects.toMatchObject({ kind: "forbidden", token });
      for (const tried of [
        () => saveNotice(seat(), form({ version: 1, title: "假的" }), id),
        () => publishNotice(seat(), id, false),
        () => linkNotice(seat(), { notice_id: id, ...subject }),
      ])
        await expect(tried()).rejects.toMatchObject({
          kind: expect.stringMatching(/^(?:forbidden|not_found)$/),
        });
      const { notice, links } = await getNotice(door.anon, id);
      expect([notice.title, notice.publication, links]).toEqual(["注意餘震", "published", []]);
      expect(await acts(id)).toEqual(before);
    });

    it("an officer can, for the countries they look after, and the log says who", async () => {
      const id = (await saveNotice(officerOfNepal, form({ country: "NP" }), null)).id;
      await saveNotice(officerOfNepal, form({ country: "NP", version: 1, title: "道路中斷" }), id);
      await publishNotice(officerOfNepal, id, false);
      await expect(getNotice(door.anon, id)).rejects.toMatchObject({ token: "notice_not_found" });
      expect((await getNotice(volunteer, id)).notice.publication).toBe("hidden");
      await publishNotice(officerOfNepal, id, true);
      expect((await acts(id)).map(({ act, role }) => [act, role])).toEqual([
        ["notice_added", "officer"],
        ["notice_changed", "officer"],
        ["notice_hidden", "officer"],
        ["notice_restored", "officer"],
      ]);
      await expect(
        saveNotice(officerOfNepal, form({ country: "NZ", version: 2 }), id),
        "it cannot be moved out of the area",
      ).rejects.toMatchObject({ token: "outside_your_area" });
    });

    it("H31: what a form cannot say is not taken from it", async () => {
      const { id } = unwrap(
        await officer.rpc("save_notice", {
          p: {
            ...form(), publication: "hidden", version: 99, added_by: randomUUID(), received_at: "2001-01-01T00:00:00Z",
            id: null, drill: true, invented: true, replaced_by: randomUUID(),
          },
        }),
      ) as { id: string }; // prettier-ignore
      const [row] = await door.sql`select * from app.notices where id = ${id}`;
      expect(row).toMatchObject({
        publication: "published",
        version: 1,
        added_by: officerId,
        drill: false,
        invented: false,
        replaced_by: null,
      });
      expect((row!.received_at as Date).getFullYear()).toBeGreaterThan(2020);
    });
  });

  describe("changing", () => {
    it("H51: of two officers who saw the same version one is told, and what was said before stays readable", async () => {
      const id = await enter();
      const second = door.as({ sub: (await makeMember(door.sql, { role: "officer" })).userId });
      const both = await Promise.allSettled([
        saveNotice(officer, form({ version: 1, level: "第三級：橙色避免前往" }), id),
        saveNotice(second, form({ version: 1, title: "餘震不斷" }), id),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(both.find((one) => one.status === "rejected")).toMatchObject({
        reason: { token: "changed_meanwhile" },
      });
      const { notice, versions } = await getNotice(door.anon, id);
      expect(notice.version).toBe(2);
      expect(versions).toMatchObject([{ version: 1, title: "注意餘震", level: "第二級：黃色注意" }]);
      expect((await acts(id)).filter(({ act }) => act === "notice_changed")).toHaveLength(1);
    });

    it.each([
      [{ title: " " }, "title_required"],
      [{ source_name: null }, "source_name_required"],
      [{ published_at: "2999-01-01T00:00:00Z" }, "published_at_invalid"],
      [{ published_at: null }, "published_at_invalid"],
      [{ expires_at: "2001-01-01T00:00:00Z" }, "expires_at_invalid"],
      [{ event: "nowhere" }, "event_unknown"],
    ])("the database refuses %j by itself", async (changes, token) => {
      const { error } = await officer.rpc("save_notice", { p: { ...form(), ...changes } });
      expect(error).toMatchObject({ message: token });
    });
  });

  describe("links", () => {
    it("everybody reads what a notice says of a public item, nobody that it speaks of a hidden one", async () => {
      const id = await enter();
      const [open, hidden] = [await post(door.commands), await post(door.commands, { visibility: "link" })];
      for (const person of [open, hidden])
        await linkNotice(officer, {
          notice_id: id,
          relation: "confirms",
          subject_type: "person",
          reference: person.id,
          text: null,
        });
      expect((await getNotice(door.anon, id)).links.map(({ subject_id }) => subject_id)).toEqual([open.id]);
      expect(await linksTo(door.anon, "person", [hidden.id])).toEqual([]);
      expect(await linksTo(door.anon, "person", [open.id])).toMatchObject([
        { notice_id: id, relation: "confirms" },
      ]);
      await publishNotice(officer, id, false);
      expect(await linksTo(door.anon, "person", [open.id])).toEqual([]);
    });

    it("a contradiction waits in the queue; a confirmation does not; both are in the log", async () => {
      const id = await enter();
      const [said, denied] = [await post(door.commands), await post(door.commands)];
      await linkNotice(officer, {
        notice_id: id,
        relation: "confirms",
        subject_type: "person",
        reference: said.id,
        text: null,
      });
      await linkNotice(officer, {
        notice_id: id,
        relation: "contradicts",
        subject_type: "person",
        reference: denied.id,
        text: "已聯絡上",
      });
      const waiting = await door.sql`
        select kind, severity, subject_type, reason from app.queue_items where subject_id in (${said.id}, ${denied.id})`;
      expect([...waiting]).toMatchObject([
        { kind: "disagreement", severity: 2, subject_type: "person", reason: "contradicted_by_notice" },
      ]);
      const [link] = await linksTo(door.anon, "person", [said.id]);
      await unlinkNotice(officer, link!.id);
      expect(await linksTo(door.anon, "person", [said.id])).toEqual([]);
      expect((await acts(id)).map(({ act }) => act)).toEqual([
        "notice_added",
        "notice_linked",
        "notice_linked",
        "notice_unlinked",
      ]);
    });

    it("twice the same, to itself, or to what is not there: refused", async () => {
      const id = await enter();
      const link = (reference: string, subject_type: "event" | "notice" | "person" | "report" = "notice") =>
        linkNotice(officer, { notice_id: id, relation: "supersedes", subject_type, reference, text: null });
      const older = await enter({ title: "舊的" });
      await link(older);
      await expect(link(older)).rejects.toMatchObject({ kind: "conflict", token: "notice_linked_already" });
      for (const [reference, type] of [
        [id, "notice"],
        [randomUUID(), "notice"],
        [randomUUID(), "person"],
        [randomUUID(), "report"],
        ["nowhere", "event"],
      ] as const)
        await expect(link(reference, type)).rejects.toMatchObject({ token: "subject_unknown" });
      const { error } = await officer.rpc("link_notice", {
        p: {
          notice_id: id,
          relation: "confirms",
          subject_type: "person_secrets where true; --",
          subject_id: older,
        },
      });
      expect(error).toMatchObject({ message: "subject_unknown" });
      expect((await getNotice(door.anon, older)).about).toMatchObject([
        { relation: "supersedes", notice_id: id },
      ]);
    });
  });

  describe("reading", () => {
    it("pages by cursor, filters by country and event, and keeps drills apart", async () => {
      const real = await enter({ country: "FJ", event: "quake", title: "真的" });
      const drill = await enter({ country: "FJ", event: "exercise", title: "演習" });
      const linked = await enter({ country: "FJ", title: "連到事件" });
      await linkNotice(officer, {
        notice_id: linked,
        relation: "confirms",
        subject_type: "event",
        reference: "quake",
        text: null,
      });
      const ids = async (query: object) =>
        (await listNotices(door.anon, { limit: 50, ...query })).items.map(({ id }) => id).sort();
      expect(await ids({ country: "FJ" })).toEqual([real, linked].sort());
      expect(await ids({ event: "quake" })).toEqual([real, linked].sort());
      expect(await ids({ event: "exercise" })).toEqual([drill]);
      const first = await listNotices(door.anon, { country: "FJ", limit: 1 });
      expect(first).toMatchObject({ total: 2, next: expect.any(String) });
      const second = await listNotices(door.anon, { country: "FJ", limit: 1, cursor: first.next! });
      expect([first.items[0]!.id, second.items[0]!.id].sort()).toEqual([real, linked].sort());
      expect(second.next).toBeNull();
      await expect(
        listNotices(door.anon, { country: "NZ", limit: 1, cursor: first.next! }),
      ).rejects.toMatchObject({
        token: "cursor_invalid",
      });
    });
  });

  describe("importing", () => {
    const draft = (key: string, changes: Partial<NoticeDraft> = {}): NoticeDraft => ({
      source_key: key, source_name: "Ministry", url: "https://ministry.example/x", title: "Level 2", text: "", language: "en",
      level: "Level 2", country: "NP", area: null, lat: null, lon: null, west: null, south: null, east: null, north: null,
      published_at: "2026-11-20T00:00:00Z", expires_at: null, ended: false, drill: false, replaces: [], ...changes,
    }); // prettier-ignore
    const feed = { url: "https://ministry.example/rss", name: "Ministry" };
    const take = (...notices: NoticeDraft[]) => importNotices(door.commands, feed, notices);

    it("F22: a second time changes nothing; news of the source become a new version; a bad one is refused alone", async () => {
      const [a, b, bad] = [draft("k:a"), draft("k:b"), draft("k:bad", { title: " " })];
      expect((await take(a, b, bad)).map(({ outcome }) => outcome)).toEqual([
        "created",
        "created",
        "refused",
      ]);
      const logged = async () =>
        Number(
          (await door.sql`select count(*) from app.log_entries where act = 'notices_imported'`)[0]!.count,
        );
      const before = await logged();
      const again = await take(a, b, bad);
      expect(again.map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged", "refused"]);
      expect(await logged(), "what changes nothing is no act").toBe(before);
      const [changed] = await take(draft("k:a", { level: "Level 4", published_at: "2026-11-21T00:00:00Z" }));
      expect(changed).toMatchObject({ outcome: "updated" });
      const { notice, versions } = await getNotice(door.anon, changed!.id!);
      expect([notice.level, versions[0]!.level]).toEqual(["Level 4", "Level 2"]);
      const [older] = await take(draft("k:a", { level: "Level 1", published_at: "2026-11-01T00:00:00Z" }));
      expect(older, "what the source said before does not come back").toMatchObject({ outcome: "unchanged" });
      expect(unwrap(await door.anon.from("notice_feeds").select("name,problem").eq("url", feed.url))).toEqual(
        [{ name: "Ministry", problem: null }],
      );
    });

    it("what has no place waits in the queue", async () => {
      const [one] = await take(draft("k:nowhere", { country: null }));
      const waiting =
        await door.sql`select kind, reason from app.queue_items where subject_type = 'notice' and subject_id = ${one!.id!}`;
      expect([...waiting]).toMatchObject([{ kind: "import_problem", reason: "country_unknown" }]);
    });

    it("a message that replaces others takes their place; one that cancels ends them", async () => {
      const [first] = await take(draft("cap:s,1"));
      const [second] = await take(draft("cap:s,2", { replaces: ["cap:s,1"] }));
      expect((await getNotice(door.anon, first!.id!)).replacement?.id).toBe(second!.id);
      const [third] = await take(draft("cap:s,3", { replaces: ["cap:s,2"], ended: true }));
      expect((await getNotice(door.anon, second!.id!)).notice).toMatchObject({
        ended: true,
        replaced_by: third!.id,
      });
    });

    it("no feed writes over what an officer entered", async () => {
      const { id } = unwrap(await officer.rpc("save_notice", { p: { ...form(), source_key: "k:own" } })) as {
        id: string;
      };
      expect(await take(draft("k:own", { published_at: new Date().toISOString() }))).toMatchObject([
        { outcome: "unchanged" },
      ]);
      expect((await getNotice(door.anon, id)).notice.title).toBe("注意餘震");
    });

    it("values that no notice has are refused, each alone", async () => {
      const odd = [
        draft("k:1", { country: "Nepal" }), draft("k:2", { url: "javascript:alert(1)" }), draft("k:3", { language: "?" }),
        draft("k:4", { published_at: "no time" }), draft("k:5", { west: 10 }), draft("k:6", { title: "x".repeat(501) }), draft("k:7"),
      ]; // prettier-ignore
      expect((await take(...odd)).map(({ outcome }) => outcome)).toEqual([
        ...Array(6).fill("refused"),
        "created",
      ]);
    });
  });

  it("a decision of the queue hides, shows and masks a notice; what was masked is sealed for officers", async () => {
    const id = await enter({ text: "請遠離王小明的家" });
    await saveNotice(officer, form({ version: 1, text: "請遠離王小明的家。", title: "第二版" }), id);
    const decide = async (decision: string, reason_code: string, more: object = {}) => {
      const [item] = await door.sql`select app.enqueue(${door.sql.json({
        kind: "flagged", subject_type: "notice", subject_id: id, text: randomUUID(), country: "NZ",
      })}) as id`; // prettier-ignore
      unwrap(
        await volunteer.rpc("decide", {
          p: { item_id: item!.id, version: 1, decision, reason_code, reason: "看過", ...more },
        }),
      );
    };
    await decide("hide", "personal_data");
    await expect(getNotice(door.anon, id)).rejects.toMatchObject({ token: "notice_not_found" });
    await decide("mask", "personal_data", { masked_text: "請遠離■■■的家" });
    const { notice, versions } = await getNotice(door.anon, id);
    expect(notice.text).toBe("請遠離■■■的家");
    expect(JSON.stringify(versions)).not.toContain("王小明");
    const [sealed] = await door.sql`select original from app.sealed_texts where subject_id = ${id}`;
    expect(sealed).toEqual({ original: "請遠離王小明的家。" });
    const [row] = await door.sql`select app.describe_notice(${id}) as told`;
    expect(row!.told).toMatchObject({
      title: "第二版",
      country: "NZ",
      author_key: officerId,
      url: `/notices/${id}`,
    });
  });
});
