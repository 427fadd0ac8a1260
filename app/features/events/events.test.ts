import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_STATES, eventSchema, inLanguage, roundedCount } from "./events.ts";
import { apiEvent, toApiEvent } from "./events.api.ts";

const event = eventSchema.parse({
  id: "e", slug: "quake", titles: { "zh-TW": "地震", en: "Quake" }, summaries: {}, kind: "earthquake", country: "NP",
  west: 80, south: 26, east: 88, north: 30, time_zone: "Asia/Kathmandu", started_at: "2026-11-22T10:20:00+00:00",
  hotlines: [{ number: "+977", names: { en: "Desk" } }], links: [], state: "open", drill: false, invented: false,
}); // prettier-ignore

describe("roundedCount", () => {
  test.each([
    [0, 0], [1, 0], [4, 0], [5, 5], [7, 5], [8, 10], [12, 10], [13, 15], [1_002, 1_000],
  ])("%i is shown as %i", (count, shown) => {
    expect(roundedCount(count)).toBe(shown);
  }); // prettier-ignore

  test("H52: nobody can be counted out: each figure stands for at least five counts, and none for a handful", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (count) => {
        const shown = roundedCount(count);
        expect(shown % 5).toBe(0);
        if (count < 5) expect(shown).toBe(0);
        else expect(Math.abs(shown - count)).toBeLessThanOrEqual(2);
        expect(roundedCount(count + 1)).toBeGreaterThanOrEqual(shown);
      }),
    );
  });
});

describe("inLanguage", () => {
  test.each([
    [{ "zh-TW": "中", en: "E", ja: "日" }, "ja", "日"],
    [{ "zh-TW": "中", en: "E" }, "ja", "中"],
    [{ en: "E", ne: "ने" }, "ja", "E"],
    [{ ne: "ने" }, "ja", "ने"],
    [{}, "ja", ""],
  ])("%j in %s is %s", (texts, language, said) => {
    expect(inLanguage(texts, language)).toBe(said);
  });

  test("gives a text whatever is asked for", () => {
    fc.assert(
      fc.property(fc.constantFrom("zh-TW", "en", "ja", "ne", "xx", ""), (language) => {
        expect(typeof inLanguage(event.titles, language)).toBe("string");
      }),
    );
  });
});

describe("an event for other programs", () => {
  const counts = { all: 15, safe: 10, sought: 5, needsHelp: 0 };

  test("is what the interface promises, in every state", () => {
    for (const state of EVENT_STATES)
      expect(() =>
        apiEvent.parse(toApiEvent({ ...event, state }, counts, "https://lookout.example")),
      ).not.toThrow();
  });

  test("has a box or none, an address, and noughts where nobody posted", () => {
    expect(toApiEvent(event, counts, "https://lookout.example")).toMatchObject({
      bbox: [80, 26, 88, 30], url: "https://lookout.example/events/quake", counts: { persons: 15, safe: 10, sought: 5, needs_help: 0 },
    }); // prettier-ignore
    expect(
      toApiEvent(
        { ...event, west: null, south: null, east: null, north: null },
        undefined,
        "https://lookout.example",
      ),
    ).toMatchObject({
      bbox: null,
      counts: { persons: 0, safe: 0, sought: 0, needs_help: 0 },
    });
  });
});
