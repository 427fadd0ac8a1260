import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { rowOf } from "#tests/support/records.ts";

// Examples may say when they were posted; what is real may not.
forEachDoor((door) => {
  beforeAll(async () => {
    await door.commands.call("open_event", {
      p: { slug: "invented", titles: { en: "Invented" }, kind: "flood", invented: true },
    });
  });
  const anExample = (changes: Record<string, unknown> = {}) => ({
    id: randomUUID(), event: "invented", as: "seeking", full_name: "虛構者", visibility: "public", record_domain: "lookout.example",
    posted_at: "2026-01-01T00:00:00Z", alternate_names: [], name_keys: [],
    notes: [{ id: randomUUID(), status: "information_sought", text: "虛構", source: "third_party", said_at: "2026-01-01T00:00:00Z" }],
    ...changes,
  }); // prettier-ignore
  const invent = (example: Record<string, unknown>) =>
    door.commands.call("post_invented_person", { p: example });

  it("stands under an invented event with the time it is to have been posted at", async () => {
    const example = anExample({ posted_at: new Date(Date.now() - 86_400_000).toISOString() });
    expect(await invent(example)).toEqual({ id: example.id, outcome: "created" });
    const [card] = unwrap(
      await door.anon.from("persons").select("invented,source_date,status").eq("id", example.id),
    );
    expect(card).toMatchObject({ invented: true, status: "information_sought" });
    expect(Date.now() - Date.parse((card as { source_date: string }).source_date)).toBeGreaterThan(
      80_000_000,
    );
  });

  it("a second time changes nothing", async () => {
    const example = anExample();
    await invent(example);
    const before = await rowOf(door.sql, example.id);
    expect(await invent({ ...example, full_name: "other" })).toEqual({ id: example.id, outcome: "present" });
    expect(await rowOf(door.sql, example.id)).toEqual(before);
  });

  it("never stands under a real event or one that is not there", async () => {
    await expect(invent(anExample({ event: "everyday" }))).rejects.toMatchObject({
      token: "event_not_invented",
    });
    await expect(invent(anExample({ event: "nowhere" }))).rejects.toMatchObject({ token: "event_unknown" });
  });

  it("is never from tomorrow, and a death in it waits like any other", async () => {
    const death = {
      id: randomUUID(),
      status: "believed_dead",
      text: "虛構",
      source: "third_party",
      said_at: "2999-01-01T00:00:00Z",
    };
    const example = anExample({ posted_at: "2999-01-01T00:00:00Z", notes: [death] });
    await invent(example);
    const row = await rowOf(door.sql, example.id);
    expect((row.source_date as Date).getTime()).toBeLessThan(Date.now() + 60_000);
    expect(row).toMatchObject({ status: null, note_count: 0 });
  });
});
