import { randomBytes, randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aClone, addNote, importRecords, placesOf, post, rowOf, runOut } from "#tests/support/records.ts";

forEachDoor((door) => {
  const seal = (limit = 500) => door.commands.call<number>("seal_expired_persons", { p_limit: limit });
  const wipe = () => door.commands.call<string[]>("wipe_sealed_persons", { p_limit: 500 });
  const pastKeeping = () => door.sql`update app.sealed_persons set wipe_at = now() - interval '1 second'`;

  it("a record past its time is off the board before any job runs", async () => {
    const { id } = await post(door.commands);
    await runOut(door.sql, id);
    expect(unwrap(await door.anon.from("persons").select("id").eq("id", id))).toEqual([]);
    expect(unwrap(await door.anon.from("notes").select("id").eq("person_id", id))).toEqual([]);
    expect(await seal()).toBe(1);
    expect(await seal()).toBe(0);
    expect(unwrap(await door.anon.from("placeholders").select("id").eq("id", id))).toEqual([{ id }]);
  });

  it("what has not run out stays", async () => {
    const { id } = await post(door.commands);
    await seal();
    expect((await rowOf(door.sql, id)).publication).toBe("published");
  });

  it("works in portions, and two at once share the work", async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await post(door.commands)).id));
    for (const id of ids) await runOut(door.sql, id);
    expect(await seal(2)).toBe(2);
    const [a, b] = await Promise.all([seal(10), seal(10)]);
    expect(a + b).toBe(4);
  });

  it("everything personal goes: nothing planted is left anywhere in the database", async () => {
    const planted = `planted${randomBytes(6).toString("hex")}`;
    const photo = { id: randomUUID(), width: 1, height: 1, path: `photos/${planted}.jpg` };
    const posted = await post(door.commands, {
      full_name: planted, given_name: planted, family_name: planted, alternate_names: [`${planted} two`],
      text: planted, description: planted, home_city: planted, author_name: planted, last_known_location: planted,
      author_email: `${planted}@example.org`, author_phone: planted, manage_url: `https://lookout.example/${planted}`,
      name_keys: [planted], visibility: "public", photo, need: ["injured"],
    }); // prettier-ignore
    await addNote(door.commands, posted.id, {
      text: planted, author_name: planted, author_email: `${planted}@example.net`, last_known_location: planted, lat: 1, lon: 1,
    }); // prettier-ignore
    await addNote(door.commands, posted.id, { status: "believed_dead", text: planted });
    await door.commands.call("open_relay", {
      p: {
        id: randomUUID(), person_id: posted.id, token_hash: hashOf("t"), author_name: planted, author_email: `${planted}@example.com`,
        language: "en", text: planted, caller: null,
      },
    }); // prettier-ignore
    await door.commands.call("follow_person", {
      p: {
        id: randomUUID(),
        person_id: posted.id,
        email: `${planted}@example.com`,
        token: planted,
        token_hash: hashOf(planted),
        language: "en",
      },
    });
    await door.commands.call("object_to_person", {
      p: { person_id: posted.id, reason: "wrong", text: planted, caller: null },
    });
    expect((await placesOf(door.sql, planted)).length).toBeGreaterThan(15);

    await runOut(door.sql, posted.id);
    await seal();
    // Off every relation that a visitor can reach, the row itself included.
    expect((await placesOf(door.sql, planted)).filter((name) => name.startsWith("app.persons."))).toEqual([]);
    expect(await wipe()).toEqual([]);

    await pastKeeping();
    expect(await wipe()).toEqual([`photos/${planted}.jpg`]);
    await door.commands.call("prune_outbox");
    expect(await placesOf(door.sql, planted)).toEqual([]);
    // The place survives as little as the name.
    expect(await rowOf(door.sql, posted.id)).toMatchObject({
      position: null,
      needs: [],
      status: null,
      publication: "placeholder",
    });
    expect(await placesOf(door.sql, posted.record_id)).toEqual(["app.persons.record_id"]);
    expect(
      await door.commands.call("read_own_person", {
        p_id: posted.id,
        p_manage_hash: posted.manageHash,
        p_caller: null,
      }),
    ).toBeNull();
    expect(await wipe()).toEqual([]);
  });

  it("what is taken out of an imported record by its home goes at once", async () => {
    const planted = `planted${randomBytes(6).toString("hex")}`;
    const clone = aClone({
      full_name: planted, given_name: planted, family_name: planted, alternate_names: [planted], description: planted,
      home_city: planted, home_state: planted, author_name: planted, author_email: `${planted}@example.org`, author_phone: planted,
      date_of_birth: "1990-01-01", home_street: planted, source_name: planted, source_url: `https://example.org/${planted}`, name_keys: [planted],
    }); // prettier-ignore
    const note = {
      n: 1, record_id: `elsewhere.example/note.${randomUUID()}`, person_record_id: clone.record_id, text: planted, author_email: planted,
      last_known_location: planted, status: "believed_missing", source_date: "2026-02-01T00:00:00Z",
    }; // prettier-ignore
    await importRecords(door.commands, { persons: [clone], notes: [note] });
    const [{ id } = { id: "" }] = await door.sql<{ id: string }[]>`
      select id from app.persons where record_id = ${clone.record_id as string}`;
    await addNote(door.commands, id, { text: planted, lat: 25, lon: 121, last_known_location: planted });
    await door.commands.call("object_to_person", {
      p: { person_id: id, reason: "this_is_me", text: planted },
    });
    await door.commands.call("follow_person", {
      p: {
        id: randomUUID(),
        person_id: id,
        email: `${planted}@example.com`,
        token: planted,
        token_hash: hashOf(planted),
        language: "en",
      },
    });
    const answer = await importRecords(door.commands, {
      persons: [{ n: 0, record_id: clone.record_id, placeholder: true, source_date: "2026-03-01T00:00:00Z" }],
    });
    expect(answer.persons).toEqual([{ n: 0, outcome: "emptied" }]);
    await door.commands.call("prune_outbox");
    expect(await placesOf(door.sql, planted)).toEqual([]);
    expect(await rowOf(door.sql, id)).toMatchObject({
      publication: "placeholder", status: null, status_date: null, status_by: null, place: null, needs: [], note_count: 0,
      last_known_location: null, softened_at: null,
    }); // prettier-ignore
  });

  it("an imported record that its home renews after it ran out here is not wiped afterwards", async () => {
    const clone = aClone();
    const note = {
      n: 1, record_id: `elsewhere.example/note.${randomUUID()}`, person_record_id: clone.record_id, text: "seen", source_date: "2026-02-01T00:00:00Z",
    }; // prettier-ignore
    await importRecords(door.commands, { persons: [clone], notes: [note] });
    const [{ id } = { id: "" }] = await door.sql<{ id: string }[]>`
      select id from app.persons where record_id = ${clone.record_id as string}`;
    await runOut(door.sql, id);
    await seal();
    const newer = new Date(Date.now() + 1_000).toISOString();
    const later = new Date(Date.now() + 30 * 86_400_000).toISOString();
    await importRecords(door.commands, { persons: [{ ...clone, source_date: newer, expiry_date: later }] });
    await pastKeeping();
    await wipe();
    const row = await rowOf(door.sql, id);
    expect(row).toMatchObject({ publication: "published", full_name: "Yamada Hanako", note_count: 1 });
    expect(unwrap(await door.anon.from("notes").select("text").eq("person_id", id))).toEqual([
      { text: "seen" },
    ]);
    // And when its time runs out again, sealing it works again.
    await runOut(door.sql, id);
    expect(await seal()).toBe(1);
  });

  it("counters, answers for resends and unconfirmed follows are forgotten in time", async () => {
    const { id } = await post(door.commands, { client_id: randomUUID(), body: "b", caller: "somebody" });
    await door.commands.call("follow_person", {
      p: {
        id: randomUUID(),
        person_id: id,
        email: "never@example.org",
        token: "t",
        token_hash: hashOf("t"),
        language: "en",
      },
    });
    await door.sql`update app.idempotency set created_at = now() - interval '3 days'`;
    await door.sql`update app.rate_counters set window_start = window_start - interval '3 days'`;
    await door.sql`update app.follows set created_at = now() - interval '8 days'`;
    await wipe();
    const [left] = await door.sql`
      select (select count(*)::int from app.idempotency) as answers, (select count(*)::int from app.rate_counters) as counters,
             (select count(*)::int from app.follows) as follows`;
    expect(left).toEqual({ answers: 0, counters: 0, follows: 0 });
  });
});
