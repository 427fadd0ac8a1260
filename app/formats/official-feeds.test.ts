import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { officialFromCap } from "./cap-official.ts";
import { readCap } from "./cap-reader.ts";
import { readGdacs } from "./gdacs.ts";
import { readShakeContours, readUsgs } from "./usgs.ts";
import { XmlRefused } from "./xml.ts";

const fixture = (name: string) => readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url));

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const quake = (properties: object = {}, more: object = {}) => ({
  type: "Feature",
  id: "xx2031abcd",
  geometry: { type: "Point", coordinates: [85.1, 27.9, 10] },
  properties: {
    mag: 6.1,
    magType: "mww",
    place: "10 km N of Exampletown",
    time: 1_937_000_000_000,
    updated: 1_937_003_600_000,
    url: "https://earthquake.example.org/xx2031abcd",
    alert: "orange",
    status: "reviewed",
    type: "earthquake",
    title: "M 6.1 - 10 km N of Exampletown",
    ...properties,
  },
  ...more,
});
const usgs = (...features: unknown[]) =>
  all(readUsgs(of(JSON.stringify({ type: "FeatureCollection", metadata: { title: "x" }, features }))));

describe("USGS", () => {
  test("an earthquake with its place, time, magnitude and the level as it is spelled", async () => {
    expect(await usgs(quake())).toEqual([
      {
        kind: "official",
        line: 1,
        report: {
          source: "usgs",
          source_id: "xx2031abcd",
          issuer: "U.S. Geological Survey",
          hazard: "earthquake",
          kind: "hazard",
          level: "orange",
          severity: "severe",
          certainty: "Observed",
          texts: [
            { language: "en", title: "M 6.1 - 10 km N of Exampletown", text: "10 km N of Exampletown" },
          ],
          magnitude: { value: 6.1, unit: "mww" },
          position: [85.1, 27.9],
          bbox: null,
          areas: [],
          observed_at: "2031-05-19T23:33:20Z",
          updated_at: "2031-05-20T00:33:20Z",
          expires_at: null,
          source_url: "https://earthquake.example.org/xx2031abcd",
          drill: false,
          ended: false,
          replaces: [],
        },
      },
    ]);
  });

  test("without a level the severity is unknown; deleted ones have ended; addresses that run are none", async () => {
    expect(
      await usgs(quake({ alert: null, mag: null, url: "javascript:alert(1)", status: "deleted" })),
    ).toMatchObject([
      { report: { level: null, severity: "unknown", magnitude: null, source_url: null, ended: true } },
    ]);
  });

  test("H33, H34, H46: bad features cost themselves", async () => {
    const tokens = await usgs(
      quake({ time: "yesterday" }),
      quake({ time: 1e300 }),
      quake({}, { geometry: { type: "Point", coordinates: [185, 27] } }),
      quake({}, { geometry: null }),
      quake({}, { id: null }),
      quake({ title: "", place: "\u200b" }),
      quake({}, { type: "Thing" }),
      null,
      quake(),
    );
    expect(tokens.map((item) => (item.kind === "refused" ? item.token : item.kind))).toEqual([
      "time_invalid",
      "time_invalid",
      "coordinates_invalid",
      "coordinates_missing",
      "id_missing",
      "title_missing",
      "feature_invalid",
      "feature_invalid",
      "official",
    ]);
    expect(await all(readUsgs(of("<html>Service Unavailable</html>")))).toMatchObject([
      { kind: "unreadable", token: "not_geojson" },
    ]);
  });

  test("contours of shaking keep their value and their event", async () => {
    const contours = {
      type: "FeatureCollection",
      metadata: { eventid: "xx2031abcd" },
      features: [
        {
          type: "Feature",
          properties: { value: 6, units: "intensity" },
          geometry: {
            type: "MultiLineString",
            coordinates: [
              [
                [85, 27],
                [85.1, 27],
              ],
              [[85, 27]],
            ],
          },
        },
        {
          type: "Feature",
          properties: { value: "6" },
          geometry: { type: "MultiLineString", coordinates: [] },
        },
        {
          type: "Feature",
          properties: { value: 7 },
          geometry: {
            type: "MultiLineString",
            coordinates: [
              [
                [85, 95],
                [85, 27],
              ],
            ],
          },
        },
      ],
    };
    expect(await all(readShakeContours(of(JSON.stringify(contours))))).toEqual([
      {
        kind: "contour",
        line: 1,
        contour: {
          event_id: "xx2031abcd",
          value: 6,
          units: "intensity",
          lines: [
            [
              [85, 27],
              [85.1, 27],
            ],
          ],
        },
      },
      { kind: "refused", line: 1, token: "feature_invalid" },
      { kind: "refused", line: 1, token: "coordinates_invalid" },
    ]);
  });
});

describe("GDACS", () => {
  test("items land or are named; the box is in our order and may cross the antimeridian", async () => {
    const items = await all(readGdacs(of(fixture("gdacs-rss.xml"))));
    expect(items).toMatchObject([
      {
        kind: "official",
        line: 5,
        report: {
          source_id: "FL900001",
          hazard: "flood",
          kind: "flood",
          level: "Orange",
          severity: "severe",
          texts: [{ title: "Orange alert for flood in Exampleland" }],
          magnitude: { value: 120, unit: "km2" },
          position: [179.5, -17.5],
          bbox: [177.5, -19.5, -178.5, -15.5],
          observed_at: "2031-06-01T00:00:00Z",
          updated_at: "2031-06-02T06:00:00Z",
          source_url: "https://www.gdacs.example/report.aspx?eventtype=FL&eventid=900001",
          ended: false,
        },
      },
      {
        kind: "official",
        report: { source_id: "EQ900002", position: [85.1, 27.9], source_url: null, ended: true, bbox: null },
      },
      { kind: "refused", source_id: "EQ900003", token: "coordinates_missing" },
      { kind: "refused", source_id: "EQ900004", token: "time_invalid" },
      { kind: "refused", source_id: "EQ900005", token: "coordinates_invalid" },
    ]);
  });

  test("H40, H46: a document type ends the reading, a page of a proxy is no feed", async () => {
    await expect(all(readGdacs(of('<!DOCTYPE rss [<!ENTITY x "y">]><rss/>')))).rejects.toBeInstanceOf(
      XmlRefused,
    );
    expect(await all(readGdacs(of("<html><body>502</body></html>")))).toMatchObject([
      { kind: "unreadable", token: "not_gdacs" },
    ]);
    expect(await all(readGdacs(of("<rss><channel/></rss>")))).toEqual([]);
    const long = `<rss><channel><item><title>a</title><description>${"x".repeat(60_000)}</description></item></channel></rss>`;
    expect(await all(readGdacs(of(long)))).toMatchObject([{ kind: "refused", token: "id_missing" }]);
  });
});

describe("notices out of CAP", () => {
  const notices = async (name: string) =>
    (await all(readCap(of(fixture(name))))).flatMap((item) =>
      item.kind === "alert" ? officialFromCap(item.alert) : [],
    );

  test("two languages of one state of affairs are one notice", async () => {
    expect(await notices("cap-1.2-landslide-two-languages.xml")).toMatchObject([
      {
        source: "cap",
        source_id: "duty@roads.example.org,roads.2031-0417.2",
        issuer: "範例公路局",
        kind: "landslide",
        level: "Severe",
        severity: "severe",
        certainty: "Observed",
        texts: [
          { language: "zh-TW", title: "3 號公路 12K 山崩" },
          { language: "en", title: "Landslide on road 3 at km 12" },
        ],
        position: [85.15, 27.92],
        bbox: [85.1, 27.9, 85.2, 27.95],
        areas: [
          {
            circles: [{ centre: [85.15, 27.92], radius_m: 1_500 }],
            geocodes: [
              { name: "example:district", value: "042" },
              { name: "example:postcode", value: "44600" },
            ],
          },
        ],
        drill: false,
        ended: false,
        replaces: ["duty@roads.example.org,roads.2031-0417.1"],
      },
    ]);
  });

  test("a cancel without info ends what it refers to; an exercise is a drill", async () => {
    expect(await notices("cap-1.2-cancel-without-info.xml")).toMatchObject([
      { ended: true, texts: [], position: null, replaces: ["duty@roads.example.org,roads.2031-0417.2"] },
    ]);
    expect(await notices("cap-1.1-flood.xml")).toMatchObject([
      { drill: true, hazard: "flood", ended: false },
    ]);
  });
});
