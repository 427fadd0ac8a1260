import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aPerson, post, rowOf } from "#tests/support/records.ts";

forEachDoor((door) => {
  const report = (changes: Record<string, unknown>) =>
    door.commands.call<Record<string, unknown>>("report_person", { p: aPerson(changes) });
  const countOf = async (name: string) => {
    const [row] = await door.sql`select count(*)::int as n from app.persons where full_name = ${name}`;
    return row!.n as number;
  };

  describe("can", () => {
    it("post a person, who is on the board at once with a note of her own", async () => {
      const posted = await post(door.commands, { full_name: "陳美玲", text: "我平安", home_country: "TW" });
      expect(posted).toMatchObject({ held: false });
      expect(posted.record_id).toBe(`lookout.example/person.${posted.id}`);
      const [person] = unwrap(await door.anon.from("persons").select("*").eq("id", posted.id));
      expect(person).toMatchObject({
        full_name: "陳美玲",
        status: "is_note_author",
        status_by: "self",
        publication: "published",
        note_count: 1,
        event: "everyday",
        drill: false,
        version: 1,
      });
      const notes = unwrap(await door.anon.from("notes").select("*").eq("person_id", posted.id));
      expect(notes).toMatchObject([{ text: "我平安", source: "self", person_record_id: posted.record_id }]);
    });

    it("stay sixty days, or as long as asked", async () => {
      const usual = await rowOf(door.sql, (await post(door.commands)).id);
      const asked = await rowOf(door.sql, (await post(door.commands, { expiry_days: 360 })).id);
      const days = (row: Record<string, unknown>) =>
        Math.round(((row.expiry_date as Date).getTime() - Date.now()) / 86_400_000);
      expect([days(usual), days(asked)]).toEqual([60, 360]);
    });

    it("be sent again after a lost answer: the first answer comes back and nobody is there twice", async () => {
      const body = { client_id: randomUUID(), body: "digest", full_name: "重送" };
      const first = await report(body);
      const second = await report({ ...body, id: randomUUID() });
      expect(second).toEqual({ ...first, repeated: true });
      expect(await countOf("重送")).toBe(1);
    });

    it("be sent four times at once: all four get the same answer", async () => {
      const body = { client_id: randomUUID(), body: "digest", full_name: "同時" };
      const answers = await Promise.all([1, 2, 3, 4].map(() => report({ ...body, id: randomUUID() })));
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
      expect(answers.filter((answer) => answer.repeated).length).toBe(3);
      expect(await countOf("同時")).toBe(1);
    });

    it("H31: name no field it must not set", async () => {
      const posted = await post(door.commands, {
        publication: "hidden",
        status_by: "official",
        is_clone: true,
        posted_as: "imported",
        source: "official",
        source_date: "2000-01-01T00:00:00Z",
        entry_date: "2000-01-01T00:00:00Z",
        expiry_date: "2999-01-01T00:00:00Z",
        softened_at: "2000-01-01T00:00:00Z",
        version: 99,
        note_count: 99,
        role: "service_role",
        is_verified: true,
      });
      expect(await rowOf(door.sql, posted.id)).toMatchObject({
        publication: "published",
        status_by: "self",
        is_clone: false,
        posted_as: "me",
        softened_at: null,
        version: 1,
        note_count: 1,
      });
      const row = await rowOf(door.sql, posted.id);
      expect((row.source_date as Date).getFullYear()).toBeGreaterThan(2020);
      expect((row.expiry_date as Date).getTime()).toBeLessThan(Date.now() + 61 * 86_400_000);
    });

    it("tell the author by mail where to manage it, and call it a drill when it is one", async () => {
      await door.commands.call("open_event", {
        p: { slug: "exercise", titles: { en: "Exercise" }, kind: "drill", drill: true },
      });
      const mail = { author_email: "author@example.org", manage_url: "https://lookout.example/m" };
      const real = await post(door.commands, { ...mail, full_name: "真" });
      const drill = await post(door.commands, { ...mail, full_name: "演", event: "exercise" });
      const rows = await door.sql`
        select kind, to_email, payload from app.outbox where payload ->> 'person_id' in (${real.id}, ${drill.id}) order by id`;
      expect([...rows]).toMatchObject([
        {
          kind: "posted",
          to_email: "author@example.org",
          payload: { manage_url: "https://lookout.example/m" },
        },
        { kind: "posted", payload: { drill: true } },
      ]);
      expect(rows[0]!.payload).not.toHaveProperty("drill");
    });
  });

  describe("cannot", () => {
    it.each([
      ["under an event that is not there", "nowhere", "event_unknown"],
      ["under an event that is closed", "past", "event_closed"],
    ])("stand %s", async (_what, event, token) => {
      await door.commands.call("open_event", {
        p: { slug: "past", titles: { en: "Past" }, kind: "flood", state: "closed" },
      });
      await expect(report({ event, full_name: "無處" })).rejects.toMatchObject({
        kind: "invalid",
        token,
        field: "event",
      });
      expect(await countOf("無處")).toBe(0);
    });

    it("come twice under one key with other words", async () => {
      const client_id = randomUUID();
      await report({ client_id, body: "one" });
      await expect(report({ client_id, body: "two" })).rejects.toMatchObject({
        kind: "conflict",
        token: "idempotency_key_reused",
        field: "client_id",
      });
    });

    it("be public when it looks automatic: it waits, and nothing of it is seen", async () => {
      const posted = await post(door.commands, { held: true, full_name: "機器" });
      expect(posted.held).toBe(true);
      expect(unwrap(await door.anon.from("persons").select("id").eq("id", posted.id))).toEqual([]);
      expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", posted.id))).toEqual([]);
      const [item] = await door.sql`select kind from app.queue_items where person_id = ${posted.id}`;
      expect(item).toEqual({ kind: "looks_automatic" });
    });

    it("declare somebody dead: the report waits for an officer", async () => {
      const posted = await post(door.commands, {
        as: "informing",
        status: "believed_dead",
        text: "遺體",
        full_name: "逝者",
      });
      expect(posted.held).toBe(true);
      const [person] = unwrap(
        await door.anon.from("persons").select("status,note_count").eq("id", posted.id),
      );
      expect(person).toEqual({ status: null, note_count: 0 });
      expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", posted.id))).toEqual([]);
    });

    it("come too often from one caller: the answer says how many seconds to wait", async () => {
      const caller = randomUUID();
      // The counter of this minute and of the next, should the minute end while we look.
      await door.sql`
        insert into app.rate_counters (bucket, window_start, used)
        select ${`report_person:${caller}`}, date_bin('1 minute', now() + n * interval '1 minute', timestamptz '2000-01-01 00:00:00+00'), 59
        from generate_series(0, 1) n`;
      await report({ caller });
      const failure = await report({ caller }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: "too_many", token: "too_many" });
      const { retryAfter } = failure as { retryAfter: number };
      expect(retryAfter).toBeGreaterThanOrEqual(1);
      expect(retryAfter).toBeLessThanOrEqual(60);
      // Somebody else is not kept waiting for it, and a caller nobody counts never is.
      await expect(report({ caller: randomUUID() })).resolves.toBeTruthy();
      await expect(report({ caller: null })).resolves.toBeTruthy();
    });

    it("H13: hold a NUL, which no text may", async () => {
      await expect(report({ full_name: "a\u0000b" })).rejects.toMatchObject({ kind: "invalid" });
      await expect(report({ text: "\u0000" })).rejects.toMatchObject({ kind: "invalid" });
    });

    it("H33: stand outside the earth", async () => {
      for (const [lat, lon] of [
        ["NaN", 1],
        ["Infinity", 1],
        [91, 0],
        [0, 181],
        ["1e309", 0],
        ["north", 0],
      ]) {
        await expect(report({ lat, lon })).rejects.toMatchObject({ kind: "invalid" });
      }
      for (const [lat, lon] of [
        [91, 0],
        [0, -180.1],
      ]) {
        await expect(report({ lat, lon })).rejects.toMatchObject({ token: "position_invalid", field: "lat" });
      }
    });

    it.each([
      ["a nameless person", { full_name: " \u3000" }],
      ["an endless name", { full_name: "長".repeat(401) }],
      ["twenty-one other names", { alternate_names: Array.from({ length: 21 }, (_, n) => `n${n}`) }],
      ["an exact age", { age_from: 33, age_to: 33 }],
      ["half an age", { age_from: 33 }],
      ["a sex PFIF has no word for", { sex: "unknown" }],
      ["a country that is no code", { home_country: "Taiwan" }],
      ["an unknown status", { status: "fine" }],
      ["an unknown need", { need: ["gold"] }],
      ["a visibility nobody knows", { visibility: "secret" }],
      ["a stay of more than a year", { expiry_days: 361 }],
      ["a stay of no time", { expiry_days: 0 }],
      ["a text without end", { text: "x".repeat(10_001) }],
      ["an address without end", { author_email: `${"x".repeat(255)}@example.org` }],
      ["an id that is none", { id: "1 or 1=1" }],
    ])("hold %s", async (_what, changes) => {
      // The schemas refuse all of this with a kind word; here is what holds when a schema forgets. The embedded door
      // cannot tell a broken constraint from a broken database.
      const kind = door.name === "lite" ? expect.stringMatching(/^(invalid|unavailable)$/) : "invalid";
      const id = randomUUID();
      await expect(report({ id, ...changes })).rejects.toMatchObject({ kind });
      expect(await door.sql`select 1 from app.persons where id = ${id}`).toHaveLength(0);
    });
  });

  it("H8: takes SQL for what it is, a strange name", async () => {
    const name = "Robert'); drop table app.persons;-- $$ \\' %s";
    const posted = await post(door.commands, { full_name: name });
    expect((await rowOf(door.sql, posted.id)).full_name).toBe(name);
  });

  it("keeps contact, exact age and exact place apart from what is shown", async () => {
    const posted = await post(door.commands, {
      author_phone: "+886 912 345 678", age: 33, age_from: 30, age_to: 34, birth_year: 1992, lat: 25.0330123, lon: 121.5654321,
    }); // prettier-ignore
    const [person] = unwrap(await door.anon.from("persons").select("*").eq("id", posted.id));
    expect(person).toMatchObject({ age_from: 30, age_to: 34, lat: 25.03, lon: 121.57, precision_m: 1000 });
    expect(JSON.stringify(person)).not.toMatch(/345 678|"33"|:33[,}]|1992|25\.0330/);
    const [secrets] = await door.sql`
      select author_phone, exact_age, birth_year, exact_position::text as place from app.person_secrets where person_id = ${posted.id}`;
    expect(secrets).toEqual({
      author_phone: "+886 912 345 678", exact_age: 33, birth_year: 1992, place: "(121.5654321,25.0330123)",
    }); // prettier-ignore
  });

  it("a photo of a minor waits, one of a grown person is shown", async () => {
    const photo = () => ({
      id: randomUUID(),
      width: 2,
      height: 1,
      content: Buffer.from("jpeg").toString("base64"),
    });
    const [child, grown] = [photo(), photo()];
    const minor = await post(door.commands, { minor: true, photo: child });
    await post(door.commands, { photo: grown });
    expect((await rowOf(door.sql, minor.id)).photo_id).toBeNull();
    expect(unwrap(await door.anon.rpc("person_photo", { p_id: child.id }))).toEqual([]);
    expect(unwrap(await door.anon.rpc("person_photo", { p_id: grown.id }))).toEqual([
      { content: Buffer.from("jpeg").toString("base64"), path: null },
    ]);
    const queue = await door.sql`select kind from app.queue_items where photo_id = ${child.id}`;
    expect([...queue]).toEqual([{ kind: "photo_of_minor" }]);
  });
});
