import { beforeAll, describe, expect, it } from "vitest";
import { unwrap, type Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

interface Work {
  id: string;
  counts: [string, string, string, string, number][];
  earlier: { number: number; hidden: string[]; counts: unknown[] }[];
}

forEachDoor((door) => {
  let author: Db;
  let second: Db;
  let ofJapan: Db;
  let volunteer: Db;

  const call = async <T = { id: string; number: number }>(db: Db, name: string, args: object): Promise<T> =>
    unwrap<unknown>(await db.rpc(name, args)) as T;
  const start = async (period: string, changes: object = {}, db = author) =>
    (await call(db, "start_release", { p: { kind: "quarter", period, ...changes } })).id;
  const content = { figures: [{ time: "x", cases: null }] };
  /** What the worker does, without the arithmetic. */
  const prepare = async (id: string, report: object = { unprotected: 0 }) => {
    for (;;) {
      const work = await door.commands.call<Work | null>("claim_release");
      if (!work) throw new Error("the release is not waiting");
      if (work.id === id) {
        await door.commands.call("finish_release", {
          p: { id, content, report, hidden: ["2024-Q1|JP|all|all"] },
        });
        return work;
      }
    }
  };
  const publish = async (id: string) => {
    await call(author, "propose_release", { p_id: id });
    return call(second, "sign_release", { p_id: id });
  };

  beforeAll(async () => {
    const { sql } = door;
    const member = async (options: Parameters<typeof makeMember>[1]) =>
      door.as({ sub: (await makeMember(sql, options)).userId });
    author = await member({ role: "officer" });
    second = await member({ role: "officer" });
    ofJapan = await member({ role: "officer", areas: ["JP"] });
    volunteer = await member({ role: "volunteer" });
    await sql`
      insert into app.cases (opened_on, country, region, type, subtype, programme, invented)
      select d, c, '', 'theft_fraud', 'theft', 'tourism', false
      from (values (date '2024-01-10', 'JP'), ('2024-02-11', 'JP'), ('2024-02-12', 'AU'), ('2024-05-01', 'JP'), ('2023-12-31', 'JP')) v (d, c)`;
    await sql`
      insert into app.cases (opened_on, country, region, type, subtype, programme, invented)
      values ('2024-01-11', 'FR', '', 'arrest', 'arrested', 'study', true)`;
  });

  describe("who may make a release", () => {
    it.each([
      ["a volunteer", () => volunteer, "staff_only"],
      ["an officer of one country, who would count that one only", () => ofJapan, "release_needs_all_areas"],
    ])("not %s", async (_who, db, token) => {
      await expect(start("2024-Q1", {}, db())).rejects.toMatchObject({ token });
    });

    it("not a visitor", async () => {
      await expect(start("2024-Q1", {}, door.anon)).rejects.toThrow();
    });

    it.each([
      ["2024-Q5", "release_period_invalid"],
      ["2199-Q1", "release_period_not_over"],
      ["2024-01", "release_period_invalid"],
    ])("a period must be one, and over: %s", async (period, token) => {
      await expect(start(period)).rejects.toMatchObject({ token });
    });
  });

  describe("the life of a release", () => {
    it("counts the year so far, real cases alone, and seals the counts", async () => {
      const id = await start("2024-Q1");
      const { counts } = await prepare(id);
      expect(counts).toEqual([
        ["2024-01", "JP", "theft_fraud", "tourism", 1],
        ["2024-02", "AU", "theft_fraud", "tourism", 1],
        ["2024-02", "JP", "theft_fraud", "tourism", 1],
      ]);
      // H52: nobody reads true counts: no view shows them, and neither staff nor the server reads their table.
      for (const db of [door.anon, author, volunteer]) {
        expect((await db.from("release_counts").select("*")).error).not.toBeNull();
        for (const name of ["claim_release", "finish_release"])
          expect((await db.rpc(name, name === "claim_release" ? {} : { p: { id } })).error).not.toBeNull();
      }
      const [shown] = unwrap(await author.from("staff_releases").select("*").eq("id", id)) as object[];
      expect(Object.keys(shown!)).not.toContain("counts");
      expect(unwrap(await door.anon.from("releases").select("number"))).toEqual([]);
      expect(unwrap(await volunteer.from("staff_releases").select("id"))).toEqual([]);

      await call(author, "propose_release", { p_id: id });
      await expect(call(author, "sign_release", { p_id: id })).rejects.toMatchObject({
        token: "release_needs_another_officer",
      });
      await expect(call(volunteer, "sign_release", { p_id: id })).rejects.toMatchObject({
        token: "staff_only",
      });
      const { number } = await call(second, "sign_release", { p_id: id });
      const [published] = unwrap(
        await door.anon.from("releases").select("number,period,hash,content").eq("number", number),
      ) as { hash: string; content: unknown }[];
      expect(published).toMatchObject({ number, period: "2024-Q1", content });
      const [entry] = await door.sql`
        select details from app.log_entries where act = 'release_published' and subject_id = ${String(number)}`;
      expect(entry!.details).toMatchObject({ hash: published!.hash });
    });

    it("who proposed another officer's release cannot sign it either", async () => {
      const id = await start("2022-Q1");
      await prepare(id);
      await call(second, "propose_release", { p_id: id });
      for (const db of [author, second])
        await expect(call(db, "sign_release", { p_id: id })).rejects.toMatchObject({
          token: "release_needs_another_officer",
        });
      await call(author, "discard_release", { p_id: id });
    });

    it("what is published never changes, by no seat", async () => {
      const id = await start("2021-Q1");
      await prepare(id);
      const { number } = await publish(id);
      await expect(call(author, "discard_release", { p_id: id })).rejects.toMatchObject({
        token: "release_not_ready",
      });
      await expect(call(author, "propose_release", { p_id: id })).rejects.toMatchObject({
        token: "release_not_ready",
      });
      expect(
        await door.commands.call("finish_release", { p: { id, content: {}, report: {}, hidden: [] } }),
      ).toBe(false);
      await expect(door.sql`update app.releases set content = '{}' where number = ${number}`).rejects.toThrow(
        "release_is_immutable",
      );
      await expect(door.sql`delete from app.releases where number = ${number}`).rejects.toThrow(
        "release_is_immutable",
      );
      await expect(
        door.sql`update app.release_counts set counts = '[]' where release_id = ${id}`,
      ).rejects.toThrow("release_is_immutable");
    });

    it("one that an attacker can narrow does not go out", async () => {
      const id = await start("2020-Q1");
      await prepare(id, { unprotected: 1 });
      await expect(call(author, "propose_release", { p_id: id })).rejects.toMatchObject({
        token: "release_unsafe",
      });
      await call(author, "discard_release", { p_id: id });
    });

    it("a period goes out once; then only as a correction of its newest, checked with the old one", async () => {
      const first = await start("2019-Q1");
      await prepare(first);
      const { number } = await publish(first);
      await expect(start("2019-Q1")).rejects.toMatchObject({ token: "release_exists" });
      await expect(start("2019-Q2", { corrects: number })).rejects.toMatchObject({
        token: "release_not_correctable",
      });
      const correction = await start("2019-Q1", { corrects: number });
      const work = await prepare(correction);
      expect(work.earlier).toMatchObject([{ number, hidden: ["2024-Q1|JP|all|all"] }]);
      const { number: newer } = await publish(correction);
      await expect(start("2019-Q1", { corrects: number })).rejects.toMatchObject({
        token: "release_not_correctable",
      });
      expect(newer).toBeGreaterThan(number);
    });

    it("one that was protected before another of its year went out must be prepared again", async () => {
      const early = await start("2018-Q1");
      const late = await start("2018-Q2");
      await prepare(early);
      await prepare(late);
      await publish(early);
      await call(author, "propose_release", { p_id: late });
      await expect(call(second, "sign_release", { p_id: late })).rejects.toMatchObject({
        token: "release_outdated",
      });
      await call(author, "discard_release", { p_id: late });
    });

    it("invented cases are never counted with real ones", async () => {
      const id = await start("2024-Q1", { invented: true });
      const { counts, earlier } = await prepare(id);
      expect(counts).toEqual([["2024-01", "FR", "arrest", "study", 1]]);
      expect(earlier).toEqual([]);
      await call(author, "discard_release", { p_id: id });
    });
  });

  describe("the calendar", () => {
    it("is written by officers and read by everybody", async () => {
      const plan = { kind: "quarter", period: "2030-Q1", due_on: "2030-05-15" };
      await expect(call(volunteer, "plan_release", { p: plan })).rejects.toMatchObject({
        token: "staff_only",
      });
      await call(author, "plan_release", { p: plan });
      await call(author, "plan_release", { p: { ...plan, due_on: "2030-05-20" } });
      expect(unwrap(await door.anon.from("release_calendar").select("*").eq("period", "2030-Q1"))).toEqual([
        { kind: "quarter", period: "2030-Q1", due_on: "2030-05-20", number: null, published_at: null },
      ]);
    });
  });

  describe("outbound travellers", () => {
    it("are replaced as a whole and read by everybody", async () => {
      const row = (year: number, travellers: number | null) => ({
        position: 1, year, continent: "asia", level: "place", name_zh: "日本", name_en: "Japan", travellers,
      }); // prettier-ignore
      await door.commands.call("import_travellers", { p: { rows: [row(2002, 5), row(2003, null)] } });
      await door.commands.call("import_travellers", { p: { rows: [row(2003, null)] } });
      expect(unwrap(await door.anon.from("outbound_travellers").select("year,travellers"))).toEqual([
        { year: 2003, travellers: null },
      ]);
      expect((await author.rpc("import_travellers", { p: { rows: [] } })).error).not.toBeNull();
    });
  });
});
