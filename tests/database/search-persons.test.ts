import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { searchKeys } from "#app/names/name-keys.ts";
import { unwrap } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { post, runOut } from "#tests/support/records.ts";

forEachDoor((door) => {
  interface Filter {
    p_event?: string | null;
    p_status?: string | null;
    p_country?: string | null;
    p_limit?: number | null;
  }
  const everything = { p_event: null, p_status: null, p_country: null, p_limit: 50 };
  async function search(keys: unknown, filter: Filter = {}): Promise<string[]> {
    const rows = unwrap(
      await door.anon.rpc("search_persons", { p_keys: keys, ...everything, ...filter }),
    ) as { full_name: string }[];
    return rows.map(({ full_name }) => full_name).sort();
  }
  const byName = (name: string, filter?: Filter) =>
    search({ whole: searchKeys(name).whole, words: [] }, filter);
  const byWords = (name: string, filter?: Filter) =>
    search({ whole: [], words: searchKeys(name).words }, filter);
  const count = async (filter: Record<string, unknown> = {}) =>
    unwrap(
      await door.anon.rpc("count_persons", {
        p_event: null,
        p_status: null,
        p_country: null,
        p_at_most: 1001,
        ...filter,
      }),
    ) as number;

  beforeAll(async () => {
    for (const [slug, drill] of [
      ["quake", false],
      ["exercise", true],
    ] as const) {
      await door.commands.call("open_event", {
        p: { slug, titles: { en: slug }, kind: "earthquake", drill },
      });
    }
    await post(door.commands, { full_name: "王小明", event: "quake", home_country: "NZ" });
    await post(door.commands, { full_name: "王小美", as: "seeking", status: "information_sought" });
    await post(door.commands, { full_name: "Wang Xiaoming", event: "exercise" });
    await post(door.commands, { full_name: "王小隱", visibility: "known" });
    await post(door.commands, { full_name: "王小連", visibility: "link" });
    await post(door.commands, { full_name: "王小等", held: true });
    const gone = await post(door.commands, { full_name: "王小逝" });
    await runOut(door.sql, gone.id);
  });

  describe("search_persons", () => {
    it("finds a name in another script, by whole name and by words", async () => {
      expect(await byName("王小明")).toEqual(["王小明"]);
      expect(await byName("wang xiaoming")).toEqual(["王小明"]);
      expect(await byWords("Xiaoming")).toContain("王小明");
    });

    it("never finds what is hidden, held or past its time", async () => {
      for (const name of ["王小隱", "王小連", "王小等", "王小逝"]) expect(await byName(name)).toEqual([]);
      expect(await byWords("王")).toEqual(["王小明", "王小美"]);
    });

    it("never mixes a drill with what is real", async () => {
      expect(await byWords("wang xiaoming")).not.toContain("Wang Xiaoming");
      expect(await byWords("wang xiaoming", { p_event: "exercise" })).toEqual(["Wang Xiaoming"]);
      expect(await byWords("wang xiaoming", { p_event: "quake" })).toEqual(["王小明"]);
    });

    it("keeps to event, status and country", async () => {
      expect(await byWords("王", { p_event: "quake" })).toEqual(["王小明"]);
      expect(await byWords("王", { p_event: "nowhere" })).toEqual([]);
      expect(await byWords("王", { p_status: "information_sought" })).toEqual(["王小美"]);
      expect(await byWords("王", { p_country: "NZ" })).toEqual(["王小明"]);
    });

    it.each([
      ["nothing", {}], ["empty lists", { whole: [], words: [] }], ["an empty word", { whole: [], words: [[]] }], ["null", null],
      ["a list", []], ["keys that are no lists", { whole: "王", words: [{}] }], ["a key of nobody", { whole: ["w:%"] }], ["wildcards", { whole: ["*", "%", "_"] }],
    ])("H10: finds nobody with %s", async (_what, keys) => {
      expect(await search(keys)).toEqual([]);
    }); // prettier-ignore

    it("H35: a limit below zero is refused, none and a huge one are bounded", async () => {
      const asked = (p_limit: unknown) =>
        door.anon.rpc("search_persons", {
          p_keys: { whole: searchKeys("王小明").whole },
          ...everything,
          p_limit,
        });
      const negative = await asked(-1);
      expect(() => unwrap(negative)).toThrow(expect.objectContaining({ kind: "invalid" }));
      for (const limit of [null, 1, 2_147_483_647]) expect(unwrap(await asked(limit))).toHaveLength(1);
      expect(unwrap(await asked(0))).toEqual([]);
      const tooBig = await asked("9223372036854775808");
      expect(() => unwrap(tooBig)).toThrow(expect.objectContaining({ kind: "invalid" }));
    });

    it("H13: a NUL in a key is a wrong question, not a broken database", async () => {
      const answer = await door.anon.rpc("search_persons", { p_keys: { whole: ["a\u0000"] }, ...everything });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    });

    it("gives whole cards, so that nothing has to be asked again", async () => {
      const [card] = unwrap(
        await door.anon.rpc("search_persons", {
          p_keys: { whole: searchKeys("王小明").whole },
          ...everything,
        }),
      ) as Record<string, unknown>[];
      const [row] = unwrap(
        await door.anon
          .from("persons")
          .select("*")
          .eq("id", card!.id as string),
      );
      expect(card).toEqual(row);
    });
  });

  describe("list_persons", () => {
    interface Card {
      id: string;
      full_name: string;
      freshest_at: string;
    }
    const list = async (asked: Record<string, unknown> = {}) =>
      unwrap(
        await door.anon.rpc("list_persons", { ...everything, p_before: null, p_before_id: null, ...asked }),
      ) as Card[];
    const namesOf = (cards: Card[]) => cards.map(({ full_name }) => full_name);

    it("has what everybody may see, freshest first, drills apart", async () => {
      expect(namesOf(await list())).toEqual(["王小美", "王小明"]);
      expect(namesOf(await list({ p_event: "exercise" }))).toEqual(["Wang Xiaoming"]);
      expect(namesOf(await list({ p_event: "nowhere" }))).toEqual([]);
      expect(namesOf(await list({ p_status: "information_sought" }))).toEqual(["王小美"]);
      expect(namesOf(await list({ p_country: "NZ" }))).toEqual(["王小明"]);
    });

    it("goes on after a card without losing or repeating one, even among posts of the same moment", async () => {
      await door.commands.call("open_event", {
        p: { slug: "crowd", titles: { en: "Crowd" }, kind: "flood" },
      });
      await Promise.all(
        Array.from({ length: 7 }, (_, n) => post(door.commands, { event: "crowd", full_name: `同時 ${n}` })),
      );
      await door.sql`
        update app.persons set freshest_at = '2026-11-22 10:00:00.123456+00'
        where event_id = (select id from app.events where slug = 'crowd')`;
      const seen: string[] = [];
      for (let before: Card | undefined; ;) {
        const page = await list({
          p_event: "crowd",
          p_limit: 3,
          p_before: before?.freshest_at ?? null,
          p_before_id: before?.id ?? null,
        });
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
        before = page.at(-1);
      }
      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
    });

    it("H35: is bounded, and refuses a limit or a place that is none", async () => {
      for (const p_limit of [null, 2_147_483_647])
        expect((await list({ p_limit })).length).toBeGreaterThan(1);
      expect(await list({ p_limit: 0 })).toEqual([]);
      for (const wrong of [
        { p_limit: -1 },
        { p_before: "yesterday-ish" },
        { p_before: "2026-02-30T00:00:00Z" },
        { p_before_id: "1" },
      ]) {
        const answer = await door.anon.rpc("list_persons", {
          ...everything,
          p_before: null,
          p_before_id: null,
          ...wrong,
        });
        expect(() => unwrap(answer)).toThrow(expect.objectContaining({ kind: "invalid" }));
      }
    });
  });

  describe("count_persons and event_counts", () => {
    it("count what a visitor may see, drills apart", async () => {
      await door.sql`delete from app.persons where event_id = (select id from app.events where slug = 'crowd')`;
      expect(await count()).toBe(2);
      expect(await count({ p_event: "exercise" })).toBe(1);
      expect(await count({ p_status: "information_sought" })).toBe(1);
      expect(await count({ p_country: "NZ" })).toBe(1);
      expect(await count({ p_event: "nowhere" })).toBe(0);
    });

    it("count no further than asked", async () => {
      expect(await count({ p_at_most: 1 })).toBe(1);
      expect(await count({ p_at_most: 0 })).toBe(0);
      expect(await count({ p_at_most: null })).toBe(2);
    });

    it("event_counts agrees, and knows nothing of hidden records", async () => {
      const rows = unwrap(await door.anon.rpc("event_counts")) as { event: string; persons: number }[];
      const sum = (event: string) =>
        rows.filter((row) => row.event === event).reduce((all, row) => all + Number(row.persons), 0);
      expect([sum("quake"), sum("everyday"), sum("exercise")]).toEqual([1, 1, 1]);
    });
  });

  describe("find_known_persons", () => {
    const find = (...hashes: string[]) =>
      door.commands.call<{ full_name: string; id: string }[]>("find_known_persons", {
        p: { hashes, caller: null },
      });
    const proof = hashOf("林大同 born 1980");

    it("finds with the whole name and the fact", async () => {
      await post(door.commands, { full_name: "林大同", visibility: "known", known_hashes: [proof] });
      expect((await find(hashOf("other"), proof)).map(({ full_name }) => full_name)).toEqual(["林大同"]);
    });

    it("A4: answers a wrong fact, a name alone and nobody alike: with nothing", async () => {
      const misses = [
        await find(hashOf("林大同 born 1981")),
        await find(hashOf("林大同")),
        await find(hashOf("nobody")),
        await find(),
        await find("", "' or true", "%"),
      ];
      expect(misses).toEqual([[], [], [], [], []]);
    });

    it("finds no record that is public, link only, held or past its time by the same proof", async () => {
      const same = hashOf("the same proof");
      const known = { full_name: "同證", known_hashes: [same] };
      await post(door.commands, { ...known, visibility: "public" });
      await post(door.commands, { ...known, visibility: "link" });
      await post(door.commands, { ...known, visibility: "staff" });
      await post(door.commands, { ...known, visibility: "known", held: true });
      const { id } = await post(door.commands, { ...known, visibility: "known" });
      await runOut(door.sql, id);
      expect(await find(same)).toEqual([]);
    });

    it("never gives more than twenty, and is not to be asked for ever", async () => {
      const crowd = hashOf("crowd");
      await Promise.all(
        Array.from({ length: 22 }, () => post(door.commands, { visibility: "known", known_hashes: [crowd] })),
      );
      expect(await find(crowd)).toHaveLength(20);
      const caller = randomUUID();
      const tries = await Promise.allSettled(
        Array.from({ length: 31 }, () =>
          door.commands.call("find_known_persons", { p: { hashes: [proof], caller } }),
        ),
      );
      expect(tries.filter(({ status }) => status === "rejected")).toHaveLength(1);
    });
  });

  describe("person_by_link and photos", () => {
    const byLink = (id: string, hash: string) =>
      door.commands.call("person_by_link", { p_id: id, p_view_hash: hash });

    it.each(["known", "link", "public"])("a %s record opens with the key of its link", async (visibility) => {
      const { id, keyHash } = await post(door.commands, { visibility, text: "只給你看" });
      expect(await byLink(id, keyHash)).toMatchObject({ person: { id }, notes: [{ text: "只給你看" }] });
    });

    it("opens with no other key, not for staff-only, held, expired or deleted ones", async () => {
      const link = await post(door.commands, { visibility: "link" });
      expect(await byLink(link.id, hashOf("wrong"))).toBeNull();
      expect(await byLink(link.id, link.manageHash)).toBeNull();
      expect(await byLink(link.id, "")).toBeNull();
      const [staff, held, expired, deleted] = await Promise.all([
        post(door.commands, { visibility: "staff" }), post(door.commands, { visibility: "link", held: true }),
        post(door.commands, { visibility: "link" }), post(door.commands, { visibility: "link" }),
      ]); // prettier-ignore
      await runOut(door.sql, expired.id);
      await door.commands.call("delete_person", {
        p: { person_id: deleted.id, manage_hash: deleted.manageHash },
      });
      for (const { id, keyHash } of [staff, held, expired, deleted])
        expect(await byLink(id, keyHash)).toBeNull();
    });

    it("a photo is seen as its record is", async () => {
      const photo = () => ({ id: randomUUID(), width: 1, height: 1, content: "anBlZw==" });
      const seen = async (id: string) =>
        (unwrap(await door.anon.rpc("person_photo", { p_id: id })) as unknown[]).length;
      const linked = async (id: string, hash: string) =>
        (await door.commands.call<unknown[]>("photo_by_link", { p_id: id, p_view_hash: hash })).length;
      const [open, hidden, held] = [photo(), photo(), photo()];
      const a = await post(door.commands, { photo: open });
      const b = await post(door.commands, { photo: hidden, visibility: "link" });
      const c = await post(door.commands, { photo: held, held: true });
      expect([await seen(open.id), await seen(hidden.id), await seen(held.id)]).toEqual([1, 0, 0]);
      expect([
        await linked(hidden.id, b.keyHash),
        await linked(hidden.id, a.keyHash),
        await linked(held.id, c.keyHash),
      ]).toEqual([1, 0, 0]);
      await runOut(door.sql, a.id);
      expect(await seen(open.id)).toBe(0);
      const direct = unwrap(await door.anon.rpc("person_photo", { p_id: randomUUID() }));
      expect(direct).toEqual([]);
    });
  });
});
