import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAP_SEVERITIES } from "./cap.ts";
import type { CapAlert } from "./cap.ts";
import { capCertainty, capFromReport, capIdentifier } from "./cap-report.ts";
import type { CapExport } from "./cap-report.ts";
import { readCap } from "./cap-reader.ts";
import { writeCap } from "./cap-writer.ts";
import { ringIsSimple, signedArea } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { LANDSLIDE } from "#tests/fixtures/landslide-report.ts";
import { VERIFICATIONS } from "./report-record.ts";
import type { ReportRecord } from "./report-record.ts";

const wordings = [
  {
    language: "zh-TW",
    event: "山崩",
    headline: "3 號公路山崩",
    description: "雙向封閉",
    areaDesc: "範例鎮北方",
  },
  {
    language: "en",
    event: "Landslide",
    headline: "Landslide on road 3",
    description: "Closed",
    areaDesc: "Exampletown",
  },
];
const options: CapExport = { sender: "lookout.example.org", wordings, sent: "2031-06-02T02:30:00Z" };
const made = (report: Partial<ReportRecord> = {}, more: Partial<CapExport> = {}) =>
  capFromReport({ ...LANDSLIDE, ...report }, { ...options, ...more });
const written = (report: Partial<ReportRecord> = {}, more: Partial<CapExport> = {}) =>
  writeCap(made(report, more)!);

async function readBack(xml: string): Promise<CapAlert> {
  async function* source() {
    yield xml;
  }
  for await (const item of readCap(source())) {
    if (item.kind !== "alert") throw new Error(item.token);
    expect(item.warnings).toEqual([]);
    return item.alert;
  }
  throw new Error("nothing");
}

/** The order of the schema (section 3.4). */
const ORDER = {
  alert:
    "identifier sender sent status msgType source scope restriction addresses code note references incidents info",
  info: "language category event responseType urgency severity certainty audience eventCode effective onset expires senderName headline description instruction web contact parameter resource area",
  area: "areaDesc polygon circle geocode altitude ceiling",
};

function childrenOf(xml: string, parent: string, indent: string): string[][] {
  return [...xml.matchAll(new RegExp(`<${parent}[ >][\\s\\S]*?</${parent}>`, "g"))].map(([block]) =>
    [...block.matchAll(new RegExp(`^${indent}<([a-zA-Z]+)`, "gm"))].map(([, name]) => name!),
  );
}

describe("a report as an alert", () => {
  test("elements stand in the order of the schema", () => {
    const xml = written({ drill: true }, { earlier: ["2031-06-02T01:00:00Z"] });
    for (const [parent, indent] of [
      ["alert", "  "],
      ["info", "    "],
      ["area", "      "],
    ] as const) {
      for (const names of childrenOf(xml, parent, indent)) {
        const places = names.map((name) => ORDER[parent].split(" ").indexOf(name));
        expect(places).not.toContain(-1);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }
    }
  });

  test("times carry -00:00 and never Z", () => {
    const xml = written({}, { earlier: ["2031-06-02T01:00:00.123Z"] });
    const times = xml.match(/\d{4}-\d{2}-\d{2}T[^<\s]*/g)!;
    expect(times.length).toBeGreaterThan(4);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}-00:00$/);
  });

  test("a line becomes closed polygons of at least four points, latitude first", () => {
    const xml = written();
    const polygons = [...xml.matchAll(/<polygon>([^<]*)<\/polygon>/g)].map(([, text]) => text!.split(" "));
    expect(polygons.length).toBeGreaterThan(0);
    for (const pairs of polygons) {
      expect(pairs.length).toBeGreaterThanOrEqual(4);
      expect(pairs[0]).toBe(pairs.at(-1));
      for (const pair of pairs) expect(pair).toMatch(/^27\.\d+,85\.\d+$/);
      const ring = pairs.map((pair) => pair.split(",").map(Number).reverse() as unknown as Position);
      expect(ringIsSimple(ring)).toBe(true);
      expect(signedArea(ring)).toBeGreaterThan(0);
    }
  });

  test("A3: the circle of a moved position is no smaller than the move", () => {
    const point: Partial<ReportRecord> = { geometry: { type: "Point", coordinates: [85.1, 27.9] } };
    expect(written(point)).toContain("<circle>27.9,85.1 0.05</circle>");
    expect(written({ ...point, precision_m: 1_000 })).toContain("<circle>27.9,85.1 1</circle>");
  });

  test("certainty rises only with verification, and the unreviewed never leave", () => {
    expect(VERIFICATIONS.map((verification) => capCertainty({ verification, stale: false }))).toEqual([
      null,
      "Possible",
      "Likely",
      "Observed",
    ]);
    expect(capCertainty({ verification: "verified", stale: true })).toBe("Likely");
    expect(capCertainty({ verification: "accepted", stale: true })).toBe("Possible");
    expect(made({ verification: "unreviewed" })).toBeNull();
    expect(made({}, { verification: "unreviewed" })).toBeNull();
    expect(made({ verification: "unreviewed" }, { verification: "accepted" })?.info[0]?.certainty).toBe(
      "Possible",
    );
  });

  test("lineage: Alert, then Updates that refer to all before, then Cancel", () => {
    const earlier = ["2031-06-02T01:00:00Z", "2031-06-02T02:00:00Z"];
    expect(made()).toMatchObject({ msgType: "Alert", references: [] });
    expect(made({}, { earlier })).toMatchObject({ msgType: "Update" });
    expect(made({ status: "cleared" }, { earlier })).toMatchObject({
      msgType: "Update",
      info: [{ responseType: ["AllClear"], urgency: "Past" }, {}],
    });
    expect(made({ status: "withdrawn" }, { earlier })).toMatchObject({ msgType: "Cancel" });
    expect(made({ status: "withdrawn" })).toBeNull();
    const [first, second] = earlier.map((time) => capIdentifier(LANDSLIDE.id, time));
    expect(written({}, { earlier })).toContain(
      `<references>lookout.example.org,${first},2031-06-02T01:00:00-00:00 lookout.example.org,${second},2031-06-02T02:00:00-00:00</references>`,
    );
    // A version does not refer to itself.
    expect(made({}, { earlier: ["2031-06-02T02:30:00Z"] })).toMatchObject({
      msgType: "Alert",
      references: [],
    });
  });

  test("H33: a scribble of 10,000 strokes is a circle around it, made in no time", () => {
    const coordinates = Array.from({ length: 10_000 }, (_, i): Position => [
      85 + (i % 2) / 10 + i / 1e6,
      27 + i / 1e6,
    ]);
    const started = performance.now();
    const alert = made({ geometry: { type: "LineString", coordinates } });
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(alert?.info[0]?.area[0]).toMatchObject({
      polygons: [],
      circles: [{ radius_km: expect.closeTo(6.62, 1) }],
    });
  });

  test("a drill is an Exercise that says which", () => {
    expect(made({ drill: true })).toMatchObject({ status: "Exercise", note: "Exercise exampletown-quake" });
    expect(made()).toMatchObject({ status: "Actual" });
  });

  test("the reader gives back what was written", async () => {
    const alert = made({}, { earlier: ["2031-06-02T01:00:00Z"] })!;
    const back = await readBack(writeCap(alert));
    expect({ ...back, info: [] }).toEqual({ ...alert, info: [] });
    expect(back.info.map(({ area: _, ...rest }) => rest)).toEqual(
      alert.info.map(({ area: _, ...rest }) => rest),
    );
    expect(back.info[0]!.area[0]!.polygons[0]).toHaveLength(alert.info[0]!.area[0]!.polygons[0]!.length);
  });

  test("H1, H3, H13: any text survives as text", async () => {
    const text = fc.string({ unit: "binary", maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.constantFrom(...CAP_SEVERITIES),
        async (description, place, severity) => {
          const alert = made()!;
          const [info] = alert.info;
          const xml = writeCap({
            ...alert,
            info: [
              {
                ...info!,
                severity,
                description,
                area: [{ ...info!.area[0]!, areaDesc: place, polygons: [] }],
              },
            ],
          });
          expect(xml).not.toContain("<script");
          await readBack(xml);
        },
      ),
      { numRuns: 200 },
    );
    expect(written({}, { wordings: [{ ...wordings[1]!, description: "]]><script>" }] })).toContain(
      "]]&gt;&lt;script&gt;",
    );
  });

  test("an identifier that could not be referred to is not written", () => {
    expect(() => writeCap({ ...made()!, sender: "two words" })).toThrow(/not an identifier/);
    expect(() => writeCap({ ...made()!, identifier: "a,b" })).toThrow(/not an identifier/);
  });
});
