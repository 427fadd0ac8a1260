import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, type CanonicalValue } from "#app/formats/canonical-json.ts";
import { hashOfEntry, type LogHead } from "#app/features/log/log-chain.server.ts";
import { listActs, listHeads, publishHeads, readLog, verifyLog } from "#app/features/log/log.server.ts";
import { unwrap, type Db } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

// Whoever may call app.log_act does so inside a command; this one stands for all of them.
const prepare = (sql: Sql) =>
  sql.unsafe(`
    create function public.act_for_test(p jsonb) returns bigint
    language plpgsql volatile set search_path = '' as $$
    begin
      return app.log_act(p ->> 'act', p ->> 'subject_type', p ->> 'subject_id', p -> 'details');
    end $$;
    grant execute on function public.act_for_test to authenticated, service_role`);

forEachDoor((door) => {
  const act = (changes: Record<string, unknown> = {}) =>
    door.commands.call<number>("act_for_test", {
      p: { act: "decide", subject_type: "queue_item", subject_id: randomUUID(), details: {}, ...changes },
    });
  const superuser = (work: (sql: Sql) => Promise<unknown>) =>
    door.sql.begin((sql) => work(sql as unknown as Sql));
  const verify = (heads: LogHead[] = []) => verifyLog({ commands: door.commands, db: door.anon }, heads);
  const entries = async () => {
    const found = [];
    for await (const entry of readLog(door.commands)) found.push(entry);
    return found;
  };

  describe("adding to the log", () => {
    it("numbers without gaps and chains each act to the one before, however many act at once", async () => {
      const told = await Promise.all(
        Array.from({ length: 24 }, (_, n) =>
          act({ details: { severity: n, reason: "spam", tags: ["a", "b"] } }),
        ),
      );
      expect(told.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
      const log = await entries();
      expect(log.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
      expect(log.map(({ at }) => at)).toEqual(log.map(({ at }) => at).sort());
      expect(log[0]).toMatchObject({
        act: "decide",
        actor: "server",
        role: null,
        subject_type: "queue_item",
      });
      expect(await verify()).toEqual({
        entries: 24,
        head: { entry_id: 24, hash: log[23]!.hash },
        fault: null,
      });
    });

    it("an act that is taken back leaves no trace and no gap", async () => {
      await superuser(async (sql) => {
        await sql`select app.log_act('hide', 'report', 'x', '{}')`;
        throw new Error("the command failed");
      }).catch(() => {});
      expect(Number(await act())).toBe(25);
      expect(await verify()).toMatchObject({ entries: 25, fault: null });
    });

    it("hashes in SQL what TypeScript hashes: every kind of value, every order of keys", async () => {
      const details: Record<string, CanonicalValue>[] = [
        {},
        { b: 1, a: 2, ab: 3, a_b: 4, a1: 5, a10: 6, a2: 7 },
        {
          none: null,
          yes: true,
          no: false,
          zero: 0,
          minus: -7,
          large: 9007199254740991,
          least: -9007199254740991,
        },
        { deep: { list: [1, "two", null, [], {}, { z: [true], y: "" }] } },
        {
          hash: "a".repeat(64),
          time: "2026-01-31T09:30:00+00:00",
          ref: "lookout.example/person.1",
          text: "",
        },
      ];
      for (const one of details) await act({ details: one });
      const log = await entries();
      expect(log.slice(-details.length).map((entry) => entry.details)).toEqual(details);
      expect(await verify()).toMatchObject({ fault: null });
      // Strings that the log itself refuses: the canonical forms agree all the same.
      const odd = [
        '"\\/\b\f\n\r\t',
        "\u0001\u001f\u007f\u0080\u2028\u2029",
        "守望 e\u0301 \u{1F6DF}",
        "<script>",
      ];
      for (const text of odd) {
        const [row] = await door.sql<{ text: string }[]>`
          select app.canonical_json(${JSON.stringify({ text, list: [text] })}::text::jsonb) as text`;
        expect(row!.text).toBe(canonicalJson({ text, list: [text] }));
      }
      const [row] = await door.sql<
        { text: string }[]
      >`select app.canonical_json('{"a": 1.0, "b": 1e3}') as text`;
      expect(row!.text).toBe('{"a":1,"b":1000}');
    });

    it.each([
      ["words", { note: "王小明 called" }],
      ["a name in another script", { note: "王小明" }],
      ["a mail address", { by: "somebody@example.org" }],
      ["H48: a line of its own", { note: "ok\nfaked entry" }],
      ["H48: terminal escapes", { note: "\u001B[2J" }],
      ["a fraction", { lat: 25.03 }],
      ["a number that readers would round", { n: "9007199254740993" as unknown as number }],
      ["a key that is no word", { "Not a key": 1 }],
      ["words deep inside", { list: [{ text: "a b" }] }],
    ])("refuses %s", async (what, details) => {
      const sent = what.includes("round") ? { n: 2 ** 53 + 2 } : details;
      await expect(act({ details: sent })).rejects.toMatchObject({
        kind: "invalid",
        token: "log_details_invalid",
      });
    });

    it.each([
      ["act", "Decide!"],
      ["act", "x\ny"],
      ["subject_type", "a b"],
      ["subject_id", "somebody@example.org"],
      ["subject_id", "王小明"],
    ])("refuses %s %j", async (field, value) => {
      await expect(act({ [field]: value })).rejects.toMatchObject({ kind: "invalid" });
    });
  });

  describe("reading the log", () => {
    it("everybody reads what was done, never to whom or by whom", async () => {
      const [newest] = unwrap(
        await door.anon.from("log_acts").select("*").order("id", { ascending: false }).limit(1),
      ) as Record<string, unknown>[];
      expect(Object.keys(newest!).sort()).toEqual(["act", "at", "hash", "id", "role", "subject_type"]);
      const page = await listActs(door.anon, { limit: 10 });
      expect(page).toMatchObject({ items: { length: 10 }, next: expect.any(String) });
      const second = await listActs(door.anon, { limit: 10, cursor: page.next! });
      expect(second.items[0]!.id).toBe(page.items[9]!.id - 1);
      expect(second.total).toBe(page.items[0]!.id);
    });

    it("A1: staff reads who did what to what; whoever's rights have ended, or never were, reads nothing", async () => {
      const [officer, volunteer, ended] = await Promise.all([
        makeMember(door.sql, { role: "officer", name: "林查核" }),
        makeMember(door.sql),
        makeMember(door.sql, { role: "admin", expires_at: new Date(Date.now() - 1000) }),
      ]);
      const subject = randomUUID();
      const acting = door.as({ sub: officer.userId });
      const { error } = await acting.rpc("act_for_test", {
        p: { act: "verified", subject_type: "report", subject_id: subject, details: { reason: "seen" } },
      });
      expect(error).toBeNull();
      const read = async (db: Db) =>
        unwrap(await db.from("staff_log").select("*").eq("subject_id", subject)) as Record<string, unknown>[];
      for (const { userId } of [officer, volunteer])
        expect(await read(door.as({ sub: userId }))).toMatchObject([
          {
            actor: officer.userId,
            actor_name: "林查核",
            role: "officer",
            act: "verified",
            details: { reason: "seen" },
          },
        ]);
      for (const sub of [ended.userId, randomUUID()]) {
        expect(await read(door.as({ sub }))).toEqual([]);
        expect(unwrap(await door.as({ sub }).from("log_acts").select("id"))).toEqual([]);
      }
      expect(await verify()).toMatchObject({ fault: null });
    });

    it("A2: nobody reaches the rows, adds to them or reads them with ids", async () => {
      for (const db of [door.anon, door.as({ sub: randomUUID() })]) {
        for (const relation of ["log_entries", "app.log_entries"])
          expect((await db.from(relation).select("*")).error).not.toBeNull();
        expect((await db.rpc("read_log", { p_after: 0, p_limit: 1 })).error).not.toBeNull();
        expect((await db.rpc("publish_log_heads")).error).not.toBeNull();
        expect((await db.rpc("log_act", { p_act: "x" })).error).not.toBeNull();
        for (const view of ["log_acts", "log_heads"]) {
          expect((await db.from(view).insert({ id: 1 })).error).not.toBeNull();
          expect((await db.from(view).update({ act: "x" }).eq("id", 1)).error).not.toBeNull();
          expect((await db.from(view).delete().eq("id", 1)).error).not.toBeNull();
        }
      }
    });
  });

  describe("heads", () => {
    it("a day that is over gets its head once; today has none yet", async () => {
      expect(await publishHeads(door.commands)).toEqual([]);
      // Three days ago and yesterday, as if the acts had been then: a superuser rebuilds the chain with other times.
      await superuser(async (sql) => {
        await sql`alter table app.log_entries disable trigger all`;
        await sql`update app.log_entries set at = at - interval '3 days' where id <= 10`;
        await sql`update app.log_entries set at = at - interval '1 day' where id between 11 and 20`;
        await sql`do $do$
          declare e app.log_entries; v_before bytea := decode(repeat('00', 32), 'hex');
          begin
            for e in select * from app.log_entries order by id loop
              v_before := app.log_hash(v_before, e);
              update app.log_entries set hash = v_before where id = e.id;
            end loop;
          end $do$`;
        await sql`alter table app.log_entries enable trigger all`;
      });
      expect(await verify()).toMatchObject({ fault: null });
      const published = await publishHeads(door.commands);
      expect(published.map(({ entry_id }) => entry_id)).toEqual([10, 20]);
      expect(await publishHeads(door.commands)).toEqual([]);
      const heads = await listHeads(door.anon, 10);
      const log = await entries();
      expect(heads.map(({ entry_id, hash }) => ({ entry_id, hash }))).toEqual(
        [20, 10].map((id) => ({ entry_id: id, hash: log[id - 1]!.hash })),
      );
      expect(await verify()).toMatchObject({ fault: null });
    });
  });

  describe("A7: somebody with all rights over the database", () => {
    let sound: LogHead;
    beforeAll(async () => {
      const verdict = await verify();
      expect(verdict.fault).toBeNull();
      sound = verdict.head!;
      await door.sql`create table public.sound_log as select * from app.log_entries`;
      await door.sql`create table public.sound_heads as select * from app.log_heads`;
    });
    // Even the test must break the law to get the log back.
    const asSuperuser = (change: (sql: Sql) => Promise<unknown>) =>
      superuser(async (sql) => {
        await sql`alter table app.log_entries disable trigger all`;
        await sql`alter table app.log_heads disable trigger all`;
        await change(sql);
        await sql`alter table app.log_entries enable trigger all`;
        await sql`alter table app.log_heads enable trigger all`;
      });
    afterEach(async () => {
      await asSuperuser(async (sql) => {
        await sql`delete from app.log_entries`;
        await sql`insert into app.log_entries select * from public.sound_log`;
        await sql`delete from app.log_heads`;
        await sql`insert into app.log_heads select * from public.sound_heads`;
      });
      expect(await verify([sound])).toMatchObject({ fault: null });
    });

    it.each([
      ["edit", "update app.log_entries set act = 'x' where id = 3"],
      ["delete", "delete from app.log_entries where id = 3"],
      ["truncate", "truncate app.log_entries"],
      ["empty update", "update app.log_entries set act = act where false"],
      ["move a head", "update app.log_heads set entry_id = 1"],
      ["remove the heads", "truncate app.log_heads"],
    ])("is refused at first: %s", async (_, statement) => {
      await expect(door.sql.unsafe(statement)).rejects.toMatchObject({ message: "log_is_append_only" });
    });

    it.each([
      ["the act", "act = 'accept'"],
      ["one letter of who", "actor = 'server.'"],
      ["the role", "role = 'admin'"],
      ["what it was done to", "subject_id = 'other'"],
      ["a detail", `details = details || '{"reason": "abuse"}'`],
      ["the time by a microsecond", "at = at + interval '1 microsecond'"],
      ["the hash", "hash = sha256(hash)"],
    ])("edits %s of one row: found at that row", async (_, change) => {
      await asSuperuser((sql) => sql.unsafe(`update app.log_entries set ${change} where id = 7`));
      expect(await verify()).toMatchObject({ entries: 6, fault: { kind: "changed", id: 7 } });
    });

    it("edits a row and makes its hash right: found at the next row", async () => {
      await asSuperuser(async (sql) => {
        await sql`update app.log_entries set act = 'accept' where id = 7`;
        await sql`update app.log_entries e set hash = app.log_hash((select b.hash from app.log_entries b where b.id = 6), e) where id = 7`;
      });
      expect(await verify()).toMatchObject({ entries: 7, fault: { kind: "changed", id: 8 } });
    });

    it("deletes a row: the gap is named", async () => {
      await asSuperuser((sql) => sql`delete from app.log_entries where id = 7`);
      expect(await verify()).toMatchObject({ fault: { kind: "missing", id: 7, next: 8 } });
    });

    it("deletes a row and closes the gap: found at the row that moved", async () => {
      await asSuperuser(async (sql) => {
        await sql`delete from app.log_entries where id = 7`;
        for (let id = 8; id <= sound.entry_id; id += 1)
          await sql`update app.log_entries set id = ${id - 1} where id = ${id}`;
      });
      expect(await verify()).toMatchObject({ fault: { kind: "changed", id: 7 } });
    });

    it("swaps two rows: found at the first of them", async () => {
      await asSuperuser(async (sql) => {
        await sql`update app.log_entries set id = 1000 where id = 7`;
        await sql`update app.log_entries set id = 7 where id = 9`;
        await sql`update app.log_entries set id = 9 where id = 1000`;
      });
      expect(await verify()).toMatchObject({ fault: { kind: "changed", id: 7 } });
    });

    it("inserts a row in the middle with a hash that fits: found at the next one", async () => {
      await asSuperuser(async (sql) => {
        for (let id = sound.entry_id; id >= 8; id -= 1)
          await sql`update app.log_entries set id = ${id + 1} where id = ${id}`;
        await sql`insert into app.log_entries select 8, at, act, actor, role, subject_type, subject_id, details, hash from app.log_entries where id = 7`;
        await sql`update app.log_entries e set hash = app.log_hash((select b.hash from app.log_entries b where b.id = 7), e) where id = 8`;
      });
      expect(await verify()).toMatchObject({ entries: 8, fault: { kind: "changed", id: 9 } });
    });

    it("cuts off the tail: nobody can tell without a head, everybody with one", async () => {
      await asSuperuser((sql) => sql`delete from app.log_entries where id > 22`);
      expect(await verify()).toMatchObject({ entries: 22, fault: null });
      expect(await verify([sound])).toMatchObject({
        entries: 22,
        fault: { kind: "cut_off", id: sound.entry_id, last: 22 },
      });
    });

    it("cuts off more than a day: the head that was published shows it", async () => {
      await asSuperuser((sql) => sql`delete from app.log_entries where id > 15`);
      expect(await verify()).toMatchObject({ fault: { kind: "cut_off", id: 20, last: 15 } });
    });

    it("cuts off everything, heads and all: a head somebody kept shows it", async () => {
      await asSuperuser(async (sql) => {
        await sql`truncate app.log_entries`;
        await sql`truncate app.log_heads`;
      });
      expect(await verify()).toMatchObject({ entries: 0, head: null, fault: null });
      expect(await verify([sound])).toMatchObject({ fault: { kind: "cut_off", last: 0 } });
    });

    it("writes the whole chain anew from one row on: a head shows it", async () => {
      await asSuperuser(async (sql) => {
        await sql`update app.log_entries set act = 'accept' where id = 23`;
        await sql`do $do$
          declare e app.log_entries; v_before bytea := (select hash from app.log_entries where id = 22);
          begin
            for e in select * from app.log_entries where id >= 23 order by id loop
              v_before := app.log_hash(v_before, e);
              update app.log_entries set hash = v_before where id = e.id;
            end loop;
          end $do$`;
      });
      expect(await verify()).toMatchObject({ fault: null });
      expect(await verify([sound])).toMatchObject({ fault: { kind: "rewritten", id: sound.entry_id } });
    });
  });

  it("the hash of the first entry starts from nothing", async () => {
    const [first] = await entries();
    expect(hashOfEntry(Buffer.alloc(32), first!).toString("hex")).toBe(first!.hash);
  });
}, prepare);
