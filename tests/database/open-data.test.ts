import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { post } from "#tests/support/records.ts";

forEachDoor((door) => {
  const rows = async (p: Record<string, unknown>) =>
    JSON.parse(
      unwrap(
        await door.anon.rpc("read_rows", {
          p_view: "persons",
          p_columns: ["id", "full_name"],
          p_key: "id",
          p_after: null,
          p_where: { drill: false },
          p_limit: 100,
          ...p,
        }),
      ) as string,
    ) as [string, string][];

  describe("reading a view from end to end", () => {
    it("gives each row once, in the order of its key, a part at a time", async () => {
      for (const full_name of ["甲 <&\"'", "乙\n二行", "丙"]) await post(door.commands, { full_name });
      const all = await rows({});
      expect(all.length).toBeGreaterThanOrEqual(3);
      expect(all.map(([id]) => id)).toEqual(all.map(([id]) => id).sort());
      expect(all.map(([, name]) => name)).toEqual(expect.arrayContaining(["甲 <&\"'", "乙\n二行", "丙"]));
      const [first] = await rows({ p_limit: 1 });
      expect(await rows({ p_after: first![0] })).toEqual(all.slice(1));
      const state = unwrap(
        await door.anon.rpc("rows_state", { p_view: "persons", p_changed: "freshest_at", p_where: {} }),
      );
      expect(state).toMatchObject({ rows: all.length });
    });

    it("A3: gives what the view gives, and nothing that is hidden or only for those who know", async () => {
      const { id } = await post(door.commands, { full_name: "只有連結", visibility: "link" });
      expect((await rows({})).map(([one]) => one)).not.toContain(id);
    });

    it.each([
      ["a table", { p_view: "../app.persons" }],
      ["another schema", { p_view: 'x" union select * from app."person_secrets' }],
      ["nothing", { p_view: "nothing_of_the_kind" }],
      ["a catalogue", { p_view: "pg_authid" }],
      ["no columns", { p_columns: [] }],
      ["a list for a condition", { p_where: ["drill"] }],
    ])("H9: refuses %s", async (_, changes) => {
      await expect(rows(changes)).rejects.toMatchObject({ token: "dataset_unknown" });
    });

    it.each([
      ["a column that is a question", { p_columns: ["(select 1)"] }],
      ["a key that goes on", { p_key: "id limit 1; drop table app.persons; --" }],
      ["a condition that goes on", { p_where: { "drill or true --": "x" } }],
    ])("H8: %s is a name that does not exist", async (_, changes) => {
      const { error } = await door.anon.rpc("read_rows", {
        p_view: "persons", p_columns: ["id"], p_key: "id", p_after: null, p_where: {}, p_limit: 1, ...changes,
      }); // prettier-ignore
      expect(error).not.toBeNull();
      expect((await door.sql`select count(*)::int as n from app.persons`)[0]!.n).toBeGreaterThan(0);
    });
  });

  describe("use of the data", () => {
    it("is counted apart, a day at a time, and everybody may read it", async () => {
      const uses = [
        { dataset: "persons", kind: "view", count: 2 },
        { dataset: "persons", kind: "download", count: 1 },
        { dataset: "events", kind: "api", count: 4 },
      ];
      await door.commands.call("count_dataset_uses", { p: { uses } });
      await door.commands.call("count_dataset_uses", { p: { uses: uses.slice(0, 1) } });
      expect(
        unwrap(
          await door.anon.from("dataset_uses").select("dataset,views,downloads,api_calls").order("dataset"),
        ),
      ).toEqual([
        { dataset: "events", views: 0, downloads: 0, api_calls: 4 },
        { dataset: "persons", views: 4, downloads: 1, api_calls: 0 },
      ]);
    });

    it("is not counted by visitors", async () => {
      const { error } = await door.anon.rpc("count_dataset_uses", { p: { uses: [] } });
      expect(error?.code).toBe("42501");
    });
  });

  describe("requests and reuses", () => {
    const entry = (changes: Record<string, unknown>) =>
      door.commands.call<string>("post_data_entry", {
        p: { kind: "request", title: "各國駐館開放時間", caller: "a", ...changes },
      });
    const shown = async (id: string) =>
      (unwrap(await door.anon.from("data_entries").select("*").eq("id", id)) as Record<string, unknown>[])[0];

    it("stand in public at once and wait for a look, and one caller has one vote a day", async () => {
      const id = await entry({});
      expect(await shown(id)).toMatchObject({ title: "各國駐館開放時間", votes: 0, state: "open" });
      const [item] = await door.sql`select kind, severity from app.queue_items where subject_id = ${id}`;
      expect(item).toMatchObject({ kind: "new", severity: 5 });
      const vote = (caller: string) => door.commands.call<number>("vote_data_entry", { p: { id, caller } });
      expect([await vote("x"), await vote("x"), await vote("y")]).toEqual([1, 1, 2]);
    });

    it("H28: a resend is the same entry", async () => {
      const once = { client_id: "7d0f0f6e-6a4b-4f43-9d55-3d3f0b6b8a01", body: "b", title: "重送" };
      const first = await entry(once);
      expect(await entry(once)).toBe(first);
    });

    it.each([
      ["without a title", { title: "" }, "title_required"],
      ["of another kind", { kind: "advert" }, "answer_invalid"],
      ["of use without an address", { kind: "reuse", url: "javascript:alert(1)" }, "web_address_invalid"],
    ])("refuses one %s", async (_, changes, token) => {
      await expect(entry(changes)).rejects.toMatchObject({ token });
    });

    it("what staff hides is gone for everybody, and nobody can vote for it", async () => {
      const id = await entry({ title: "廣告" });
      await door.sql`select app.moderate_data_entry(${id}, 'hide', '{}')`;
      expect(await shown(id)).toBeUndefined();
      await expect(door.commands.call("vote_data_entry", { p: { id, caller: "z" } })).rejects.toMatchObject({
        token: "data_entry_not_found",
      });
      await door.sql`select app.moderate_data_entry(${id}, 'restore', '{}')`;
      expect(await shown(id)).toBeDefined();
    });

    it("too many from one caller are too many", async () => {
      const many = Array.from({ length: 11 }, (_, at) => entry({ title: `第${at}則`, caller: "flood" }));
      const refused = (await Promise.allSettled(many)).filter(({ status }) => status === "rejected");
      expect(refused).toHaveLength(1);
    });
  });
});
