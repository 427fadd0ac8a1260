import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capFromReport } from "./cap-report.ts";
import { CIFS_LENGTH, cifsFeed, cifsFromReport } from "./cifs.ts";
import type { CifsIncident } from "./cifs.ts";
import { reportFeature } from "./geojson.ts";
import { destination, lineLengthMetres } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { open511FromReport, open511Page } from "./open511.ts";
import type { Open511Options } from "./open511.ts";
import { LANDSLIDE } from "#tests/fixtures/landslide-report.ts";
import { isRoadReport, nothingDrives, PASSABLE, passes, ROAD_STATES } from "./report-record.ts";
import type { ReportRecord } from "./report-record.ts";

const cifsOptions = { reference: "Lookout" };
const cifs = (report: Partial<ReportRecord> = {}) => cifsFromReport({ ...LANDSLIDE, ...report }, cifsOptions);
const incident = (report: Partial<ReportRecord> = {}): CifsIncident => {
  const made = cifs(report);
  if (typeof made === "string") throw new Error(made);
  return made[0]!;
};
const open511: Open511Options = {
  jurisdiction: "lookout.example.org",
  jurisdictionUrl: "https://lookout.example.org/",
  eventUrl: ({ url }) => url,
  headline: ({ text }) => text,
};
const event = (report: Partial<ReportRecord> = {}) => open511FromReport({ ...LANDSLIDE, ...report }, open511);

const roads = fc.record({
  state: fc.constantFrom(null, ...ROAD_STATES),
  passable: fc.constantFrom(null, ...PASSABLE),
  stale: fc.boolean(),
  drill: fc.boolean(),
  verification: fc.constantFrom("unreviewed" as const, "accepted" as const, "verified" as const),
  status: fc.constantFrom("active" as const, "cleared" as const, "withdrawn" as const),
});

describe("CIFS", () => {
  test("a closure as the specification spells it", () => {
    expect(incident()).toEqual({
      id: LANDSLIDE.id,
      type: "ROAD_CLOSED",
      subtype: "ROAD_CLOSED_HAZARD",
      polyline: "27.900000 85.100000 27.902000 85.105000 27.903000 85.112000",
      direction: "BOTH_DIRECTIONS",
      street: "Road 3",
      starttime: "2031-06-02T00:25:00+00:00",
      endtime: "2031-06-03T00:25:00+00:00",
      description: LANDSLIDE.text,
      creationtime: "2031-06-02T00:40:00+00:00",
      updatetime: "2031-06-02T02:30:00+00:00",
      reference: "Lookout",
      url: LANDSLIDE.url,
    });
    expect(cifsFeed([LANDSLIDE, { ...LANDSLIDE, drill: true }], cifsOptions).incidents).toHaveLength(1);
  });

  test("ROAD_CLOSED only when nothing drives", () => {
    expect(incident({ passable: null })).toMatchObject({ type: "ROAD_CLOSED" });
    for (const passable of ["motorcycle", "four_wheel_drive", "car", "truck", "heavy"] as const) {
      expect(incident({ passable })).toMatchObject({ type: "HAZARD", subtype: "HAZARD_ON_ROAD_OBJECT" });
    }
    expect(incident({ state: "single_lane", passable: null, kind: "road" })).toMatchObject({
      subtype: "HAZARD_ON_ROAD_LANE_CLOSED",
    });
    expect(incident({ state: "passable_with_care", passable: null, kind: "flood" })).toMatchObject({
      subtype: "HAZARD_WEATHER_FLOOD",
    });
    fc.assert(
      fc.property(roads, (road) => {
        const made = cifs(road);
        if (typeof made === "string") return;
        expect(made[0]!.type === "ROAD_CLOSED").toBe(nothingDrives(road));
        expect(
          road.drill || road.stale || road.verification === "unreviewed" || road.status !== "active",
        ).toBe(false);
      }),
    );
  });

  test("what is left out says why", () => {
    expect(cifs({ drill: true })).toBe("drill");
    expect(cifs({ verification: "unreviewed" })).toBe("not_reviewed");
    expect(cifs({ status: "cleared" })).toBe("not_active");
    expect(cifs({ stale: true })).toBe("stale");
    expect(cifs({ state: null, passable: null })).toBe("not_a_road");
    expect(cifs({ state: "open", passable: null })).toBe("road_open");
    expect(cifs({ geometry: { type: "Point", coordinates: [85, 27] } })).toBe("no_line");
  });

  test("30 m to 20 km: shorter is left out, longer is divided, order is the direction", () => {
    const start: Position = [85, 27];
    const line = (metres: number) => ({
      type: "LineString" as const,
      coordinates: [start, destination(start, 80, metres)],
    });
    expect(cifs({ geometry: line(29) })).toBe("line_too_short");
    expect(cifs({ geometry: line(31) })).toHaveLength(1);
    const long = cifs({ geometry: line(50_000) }) as CifsIncident[];
    expect(long.map(({ id }) => id)).toEqual([1, 2, 3].map((n) => `${LANDSLIDE.id}-${n}`));
    for (const { polyline } of long) {
      const numbers = polyline.split(" ").map(Number);
      const positions = numbers.flatMap((lat, i): Position[] =>
        i % 2 === 0 ? [[numbers[i + 1]!, lat]] : [],
      );
      expect(lineLengthMetres(positions)).toBeLessThanOrEqual(CIFS_LENGTH.longest);
      expect(polyline).toMatch(/^(-?\d+\.\d{6} -?\d+\.\d{6} ?)+$/);
    }
    expect(incident({ direction: "backward" })).toMatchObject({
      direction: "ONE_DIRECTION",
      polyline: "27.903000 85.112000 27.902000 85.105000 27.900000 85.100000",
    });
    expect(incident({ direction: "forward" }).polyline).toMatch(/^27\.9000/);
  });
});

describe("Open511 v1", () => {
  test("an event with its road, restrictions and schedule in the time of the place", () => {
    expect(
      event({
        width_limit_m: 2.2,
        weight_limit_t: 3.5,
        state: "single_lane",
        passable: "car",
        direction: "forward",
      }),
    ).toEqual({
      url: LANDSLIDE.url,
      jurisdiction_url: "https://lookout.example.org/",
      id: `lookout.example.org/${LANDSLIDE.id}`,
      status: "ACTIVE",
      headline: LANDSLIDE.text,
      description: LANDSLIDE.text,
      event_type: "INCIDENT",
      event_subtypes: ["OBSTRUCTION"],
      severity: "MAJOR",
      certainty: "OBSERVED",
      geography: {
        type: "LineString",
        coordinates: [
          [85.1, 27.9],
          [85.105, 27.902],
          [85.112, 27.903],
        ],
      },
      created: "2031-06-02T00:40:00Z",
      updated: "2031-06-02T02:30:00Z",
      timezone: "Asia/Kathmandu",
      schedule: { intervals: ["2031-06-02T06:10/2031-06-03T06:10"] },
      roads: [
        {
          name: "Road 3",
          state: "SINGLE_LANE_ALTERNATING",
          direction: "E",
          restrictions: [
            { restriction_type: "WIDTH", value: 2.2 },
            { restriction_type: "WEIGHT", value: 3.5 },
          ],
        },
      ],
      detour: "Road 5 through the gorge",
      attachments: [{ url: "https://example.org/photo" }],
      "+passable": "car",
    });
  });

  test("the schedule ends open without an end, and an unknown zone is UTC", () => {
    expect(event({ expires_at: null, time_zone: "Mars/Base" })).toMatchObject({
      timezone: "UTC",
      schedule: { intervals: ["2031-06-02T00:25/"] },
    });
  });

  test("values are the standard's own, whatever the report says", () => {
    fc.assert(
      fc.property(roads, (road) => {
        const made = event(road);
        if (made === null) return;
        expect(made.id).toMatch(/^[a-z0-9][a-z0-9-]*\.[a-z0-9.-]{2,}\/[a-zA-Z0-9_.-]+$/);
        expect(made.schedule.intervals[0]).toMatch(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d\/(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/,
        );
        for (const { state, direction } of made.roads!)
          expect(state === undefined).toBe(direction === undefined);
        expect(made.status).toBe(road.status === "active" ? "ACTIVE" : "ARCHIVED");
      }),
    );
    expect(event({ drill: true })).toBeNull();
    expect(event({ verification: "unreviewed" })).toBeNull();
    expect(event({ state: null, passable: null })).toBeNull();
    expect(open511Page([LANDSLIDE], open511, { next_url: "/feeds/open511.json?offset=50" })).toMatchObject({
      events: [{}],
      pagination: { offset: 0, next_url: "/feeds/open511.json?offset=50" },
      meta: { version: "v1" },
    });
  });
});

describe("what passes", () => {
  test("what lets a truck pass lets a car pass, and an unknown road promises nothing", () => {
    expect(passes({ state: "single_lane", passable: "truck" }, "car")).toBe(true);
    expect(passes({ state: "single_lane", passable: "car" }, "truck")).toBe(false);
    expect(passes({ state: "open", passable: null }, "heavy")).toBe(true);
    expect(passes({ state: "passable_with_care", passable: null }, "car")).toBe(false);
    expect(passes({ state: null, passable: null }, "foot")).toBe(false);
  });
});

test("one road says the same in CAP, CIFS, Open511 and GeoJSON", () => {
  fc.assert(
    fc.property(roads, (road) => {
      const report: ReportRecord = { ...LANDSLIDE, ...road };
      const cap = capFromReport(report, {
        sender: "lookout.example.org",
        sent: report.updated_at,
        earlier: ["2031-06-02T00:40:00Z"],
        wordings: [{ language: "en", event: "x", headline: "x", description: "x", areaDesc: "x" }],
      });
      const [drivers, roadEvent, feature] = [cifs(road), event(road), reportFeature(report)];
      const parameters = Object.fromEntries(
        (cap?.info[0]?.parameter ?? []).map(({ valueName, value }) => [valueName, value]),
      );
      if (cap) {
        expect(parameters["state"] ?? null).toBe(feature.properties["state"]);
        expect(parameters["passable"] ?? null).toBe(feature.properties["passable"]);
        expect(cap.status === "Exercise").toBe(feature.properties["drill"]);
      }
      // Who is told less than the map is told nothing false.
      if (road.verification === "unreviewed")
        expect([cap, roadEvent, typeof drivers]).toEqual([null, null, "string"]);
      if (typeof drivers !== "string" && drivers[0]!.type === "ROAD_CLOSED") {
        expect(roadEvent?.roads?.[0]?.state).toBe("CLOSED");
        expect(cap?.info[0]?.responseType).toEqual(["Avoid"]);
      }
      if (roadEvent && cap) {
        expect(roadEvent.certainty).toBe(cap.info[0]!.certainty.toUpperCase());
        expect(roadEvent.geography).toEqual(feature.geometry);
      }
      if (!isRoadReport(report)) expect(roadEvent).toBeNull();
    }),
  );
});
