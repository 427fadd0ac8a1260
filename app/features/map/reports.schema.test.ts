import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wallClock } from "../../formats/timestamps.ts";
import { readLocalTime, reportSchema, type Setting } from "./reports.schema.ts";

const now = new Date("2026-11-25T04:00:00Z");
const setting: Setting = { now, area: null, timeZone: null, startedAt: null };
const report = (fields: object, changes: Partial<Setting> = {}) =>
  reportSchema({ ...setting, ...changes }).safeParse({
    kind: "landslide",
    lat: "27.7",
    lon: "85.3",
    ...fields,
  });
const tokens = (fields: object, changes: Partial<Setting> = {}) => {
  const read = report(fields, changes);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
};

describe("the time on the wall", () => {
  const zones = [
    "Asia/Kathmandu",
    "Asia/Taipei",
    "Europe/Berlin",
    "America/St_Johns",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Australia/Lord_Howe",
  ];

  it("H34: read back is what the clock showed, for every minute but those that were left out", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 3 * 365 * 1_440 }),
        (zone, minutes) => {
          const moment = new Date(Date.UTC(2024, 0, 1) + minutes * 60_000).toISOString();
          const shown = wallClock(moment, zone);
          const read = readLocalTime(shown, zone);
          expect("iso" in read && wallClock(read.iso, zone)).toBe(shown);
          // Of an hour that came twice the earlier is meant.
          if ("iso" in read) expect(Date.parse(read.iso)).toBeLessThanOrEqual(Date.parse(moment));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("H34: is refused where clocks were put forward, and where there is no such day", () => {
    expect(readLocalTime("2026-03-29T02:30", "Europe/Berlin")).toEqual({ token: "time_not_there" });
    expect(readLocalTime("2026-02-30 10:00", "Asia/Taipei")).toEqual({ token: "time_invalid" });
    expect(readLocalTime("2026/11/25 10:20", "Asia/Kathmandu")).toEqual({ iso: "2026-11-25T04:35:00Z" });
    expect(readLocalTime("２０２６-11-25T10:20+05:45", "UTC")).toEqual({ iso: "2026-11-25T04:35:00Z" });
  });
});

describe("a report", () => {
  it("takes the first way in which a place is given", () => {
    const drawn = {
      geometry: '{"type":"Point","coordinates":[85.5,27.5]}',
      coordinates: "1, 2",
      near: "x",
      place: "y",
    };
    const read = report(drawn);
    expect(read.success && read.data.where).toEqual({
      geometry: { type: "Point", coordinates: [85.5, 27.5] },
      precision_m: null,
    });
    const typed = report({ lat: "", lon: "", coordinates: "N27°42.5 E85°19.1" });
    expect(typed.success && typed.data.where).toMatchObject({
      geometry: { coordinates: [85.318333, 27.708333].map((n) => expect.closeTo(n, 4)) },
    });
    expect(tokens({ lat: "", lon: "" })).toEqual(["coordinates location_required"]);
  });

  it("asks about what is odd, once, and takes it when the author is sure", () => {
    const area = [80, 26, 89, 31] as const;
    expect(tokens({ lat: 51, lon: 0.1 }, { area })).toEqual(["lat place_outside_event"]);
    expect(tokens({ lat: 51, lon: 0.1, sure: "yes" }, { area })).toEqual([]);
    const early = { observed_at: "2026-10-01T00:00Z" };
    expect(tokens(early, { startedAt: now })).toEqual(["observed_at time_before_event"]);
    expect(tokens({ ...early, sure: true }, { startedAt: now })).toEqual([]);
    // No tick makes the future the past.
    expect(tokens({ observed_at: "2027-10-01T00:00Z", sure: true })).toEqual(["observed_at time_in_future"]);
  });

  it("has a zone: its own, that of the event, or by the sun", () => {
    const zoneOf = (fields: object, changes: Partial<Setting> = {}) => {
      const read = report(fields, changes);
      return read.success ? read.data.time_zone : null;
    };
    expect(zoneOf({ time_zone: "Asia/Tokyo" }, { timeZone: "Asia/Kathmandu" })).toBe("Asia/Tokyo");
    expect(zoneOf({}, { timeZone: "Asia/Kathmandu" })).toBe("Asia/Kathmandu");
    expect([zoneOf({}), zoneOf({ lon: -3 }), zoneOf({ lon: -120 })]).toEqual([
      "Etc/GMT-6",
      "UTC",
      "Etc/GMT+8",
    ]);
  });

  it("drops how a road is where there is none, and refuses a bare nothing", () => {
    const read = report({
      kind: "water",
      state: "closed",
      passable: "none",
      width_limit_m: 2,
      text: "Tap works",
    });
    expect(read.success && [read.data.state, read.data.passable, read.data.width_limit_m]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(tokens({ kind: "other" })).toEqual(["text report_text_required"]);
    expect(tokens({ kind: "fire" })).toEqual([]);
    expect(tokens({ width_limit_m: "1e3", weight_limit_t: -2 })).toEqual([
      "width_limit_m limit_of_road_invalid",
      "weight_limit_t limit_of_road_invalid",
    ]);
  });

  it("H20: whatever is sent, it answers, and never with more than it knows", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            "kind",
            "lat",
            "lon",
            "geometry",
            "coordinates",
            "observed_at",
            "sure",
            "text",
            "__proto__",
            "near",
          ),
          fc.anything(),
        ),
        (sent) => {
          const read = reportSchema(setting).safeParse(sent);
          if (!read.success) expect(read.error.issues.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
