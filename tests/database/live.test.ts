import { describe, expect, it } from "vitest";
import type { Change } from "#app/server/live.ts";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { addNote, post, runOut } from "#tests/support/records.ts";
import { postReport } from "#tests/support/reports.ts";

forEachDoor((door) => {
  const ask = (id?: string, limit = 1_000) =>
    door.commands.call<Change[]>("live_changes", { p: { ...(id ? { after: id } : {}), limit } });
  /** When nothing that was begun before is still under way, also in the other databases of the tests. */
  const after = async (id?: string, limit?: number) => {
    await expect
      .poll(
        async () => {
          const [row] = await door.sql<{ n: number }[]>`
            select count(*)::int as n from app.changes where xid >= pg_snapshot_xmin(pg_current_snapshot())`;
          return row!.n;
        },
        { timeout: 15_000, interval: 20 },
      )
      .toBe(0);
    return ask(id, limit);
  };
  const head = async () => (await after()).at(-1)?.id ?? "0.0";
  const kindsSince = async (id: string, subject: string) =>
    (await after(id)).filter(({ subject_id }) => subject_id === subject).map(({ kind }) => kind);

  describe("can", () => {
    it("hear of a public person who appears, gets a note and goes, in that order", async () => {
      const before = await head();
      const { id } = await post(door.commands);
      await addNote(door.commands, id);
      await runOut(door.sql, id);
      await door.commands.call("seal_expired_persons", { p_limit: 100 });
      const kinds = await kindsSince(before, id);
      expect(kinds[0]).toBe("created");
      expect(kinds).toContain("updated");
      expect(kinds.at(-1)).toBe("removed");
      const [first] = await after(before);
      expect(first).toEqual({
        id: expect.stringMatching(/^\d+\.\d+$/),
        topic: "persons",
        kind: "created",
        subject_id: id,
        event: "everyday",
        drill: false,
        at: expect.any(String),
      });
    });

    it("go on from any change, in pieces, and miss nothing", async () => {
      const before = await head();
      for (let n = 0; n < 5; n += 1) await post(door.commands);
      const all = (await after(before)).map(({ id }) => id);
      const pieces: string[] = [];
      for (let last = before; ;) {
        const piece = await after(last, 2);
        if (piece.length === 0) break;
        pieces.push(...piece.map(({ id }) => id));
        last = pieces.at(-1)!;
      }
      expect(pieces).toEqual(all);
      expect((await after(undefined, 3)).map(({ id }) => id)).toEqual(all.slice(-3));
    });

    it("not miss a change that was begun before another and ended after it", async () => {
      const before = await head();
      const [event] = await door.sql`select id from app.events where slug = 'everyday'`;
      const insert = (name: string) => `
        insert into app.persons (record_id, event_id, posted_as, full_name, source_date, expiry_date, visibility, freshest_at)
        values ('lookout.example/person.' || gen_random_uuid(), '${event!.id}', 'me', '${name}', now(), now() + interval '1 day', 'public', now())
        returning id`;
      const slow = await door.sql.reserve();
      try {
        await slow.unsafe("begin");
        const [first] = await slow.unsafe<{ id: string }[]>(insert("慢"));
        const { id: second } = await post(door.commands);
        // The second has ended, but is not told before the first, or whoever reads on from it would never see that.
        expect(await ask(before)).toEqual([]);
        await slow.unsafe("commit");
        const subjects = (await after(before)).map(({ subject_id }) => subject_id);
        expect(subjects.filter((id) => id === first!.id || id === second)).toContain(first!.id);
        expect(subjects).toContain(second);
      } finally {
        slow.release();
      }
    });

    it("hear of somebody who becomes public, and drills are marked", async () => {
      const { id } = await post(door.commands, { visibility: "known" });
      await door.commands.call("open_event", {
        p: { slug: `drill-${door.name}`, titles: { en: "Drill" }, kind: "earthquake", drill: true },
      });
      const before = await head();
      await door.sql`update app.persons set visibility = 'public' where id = ${id}`;
      const exercise = await post(door.commands, { event: `drill-${door.name}` });
      expect(await kindsSince(before, id)).toEqual(["created"]);
      expect((await after(before)).find(({ subject_id }) => subject_id === exercise.id)).toMatchObject({
        drill: true,
        event: `drill-${door.name}`,
      });
    });

    it("hear of reports and notices too, of hidden ones only that they went", async () => {
      const before = await head();
      const { id } = await postReport(door.commands);
      const held = await postReport(door.commands, { held: true });
      await door.sql`update app.reports set publication = 'hidden' where id = ${id}`;
      await door.sql`update app.reports set text = 'nobody sees this' where id = ${id}`;
      const kinds = await kindsSince(before, id);
      expect([kinds[0], kinds.at(-1), kinds.filter((kind) => kind === "removed").length]).toEqual([
        "created",
        "removed",
        1,
      ]);
      expect(await kindsSince(before, held.id)).toEqual([]);
      const [notice] = await door.sql<{ id: string }[]>`
        insert into app.notices (source_key, source_name, title, language, published_at)
        values (${`live-${door.name}`}, 'Road office', 'Road 3 is closed', 'en', now()) returning id`;
      const told = (await after(before)).find(({ subject_id }) => subject_id === notice!.id);
      expect(told).toMatchObject({ topic: "notices", kind: "created", drill: false });
    });

    it("forget what is older than a day", async () => {
      await post(door.commands);
      await door.sql`update app.changes set at = now() - interval '25 hours'`;
      const { id } = await post(door.commands);
      expect(await door.commands.call<number>("prune_changes")).toBeGreaterThan(0);
      const left = new Set((await after()).map(({ subject_id }) => subject_id));
      expect([...left]).toEqual([id]);
    });
  });

  describe("cannot", () => {
    it.each(["known", "link", "staff"])(
      "A3 learn of a person who is %s, whatever happens to them",
      async (visibility) => {
        const before = await head();
        const { id } = await post(door.commands, { visibility });
        await door.sql`update app.persons set last_known_location = 'elsewhere' where id = ${id}`;
        await runOut(door.sql, id);
        await door.commands.call("seal_expired_persons", { p_limit: 100 });
        expect(await kindsSince(before, id)).toEqual([]);
      },
    );

    it("A2 read the changes past the server", async () => {
      for (const db of [door.anon, door.as({ sub: "00000000-0000-4000-8000-000000000001" })]) {
        const { error } = await db.rpc("live_changes", { p: {} });
        expect(error).not.toBeNull();
        expect(() => unwrap({ data: null, error })).toThrow();
        expect((await db.from("changes").select("*")).error).not.toBeNull();
      }
    });
  });
});
