import { expect, it } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { listEvents } from "#app/features/events/events.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { post } from "#tests/support/records.ts";

forEachDoor((door) => {
  const openEvent = (changes: Record<string, unknown>) =>
    door.commands.call<{ id: string; slug: string }>("open_event", {
      p: { slug: "quake", titles: { en: "Quake", "zh-TW": "地震" }, kind: "earthquake", ...changes },
    });
  const shown = async (slug: string) =>
    (unwrap(await door.anon.from("events").select("*").eq("slug", slug)) as Record<string, unknown>[])[0];

  it("the everyday board is open from the beginning, in three languages", async () => {
    const event = await shown("everyday");
    expect(event).toMatchObject({ state: "open", drill: false });
    expect(Object.keys(event!.titles as object).sort()).toEqual(["en", "ja", "zh-TW"]);
  });

  it("an event is opened once: the same slug renews its words and keeps its id", async () => {
    const first = await openEvent({ west: 80, south: 26, east: 88, north: 30, country: "NP" });
    const again = await openEvent({
      titles: { en: "Great Quake" },
      hotlines: [{ number: "+977 1", names: { en: "Desk" } }],
    });
    expect(again).toEqual(first);
    expect(await shown("quake")).toMatchObject({
      titles: { en: "Great Quake" },
      west: null,
      hotlines: [{ number: "+977 1" }],
    });
  });

  it("what is real never becomes a drill, and a drill never real", async () => {
    await openEvent({ slug: "real" });
    await openEvent({ slug: "drill", drill: true });
    await openEvent({ slug: "real", drill: true });
    await openEvent({ slug: "drill", drill: false });
    expect([(await shown("real"))!.drill, (await shown("drill"))!.drill]).toEqual([false, true]);
  });

  it("closing an event keeps it to be read", async () => {
    await openEvent({ slug: "closing" });
    const { id } = await post(door.commands, { event: "closing" });
    await openEvent({ slug: "closing", state: "closed" });
    await expect(post(door.commands, { event: "closing" })).rejects.toMatchObject({ token: "event_closed" });
    expect(unwrap(await door.anon.from("persons").select("id").eq("id", id))).toHaveLength(1);
  });

  it.each([
    ["a slug with spaces", { slug: "a b" }],
    ["a slug that leaves its place", { slug: "../etc" }],
    ["no title", { titles: {} }],
    ["a title that is no list of languages", { titles: ["Quake"] }],
    ["half a box", { west: 1, south: 1 }],
    ["a box off the earth", { west: 1, south: 1, east: 181, north: 2 }],
    ["a box upside down", { west: 1, south: 2, east: 2, north: 1 }],
    ["a country that is no code", { country: "nepal" }],
    ["hotlines that are no list", { hotlines: { number: "1" } }],
    ["links that are no list", { links: "https://example.org" }],
    ["an unknown state", { state: "over" }],
  ])("refuses %s", async (_what, changes) => {
    await expect(openEvent({ slug: "refused", ...changes })).rejects.toThrow();
    expect(await shown("refused")).toBeUndefined();
  });

  it("what the site reads of events is what the database has", async () => {
    const events = await listEvents(door.anon);
    expect(events.map(({ slug }) => slug)).toContain("everyday");
  });
});
