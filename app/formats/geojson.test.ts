import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geoJsonChunks, geoJsonGeometry, polygonsGeometry, reportCollection } from "./geojson.ts";
import { readReportsGeoJson } from "./geojson-reader.ts";
import type { GeoJsonItem } from "./geojson-reader.ts";
import { bboxContains, signedArea } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { bufferLine } from "./line-buffer.ts";
import { LANDSLIDE } from "#tests/fixtures/landslide-report.ts";
import type { ReportRecord } from "./report-record.ts";

async function read(source: string | Uint8Array, limits = {}): Promise<GeoJsonItem[]> {
  async function* pieces() {
    yield source;
  }
  const items: GeoJsonItem[] = [];
  for await (const item of readReportsGeoJson(pieces(), limits)) items.push(item);
  return items;
}

const feature = (
  properties: object = {},
  geometry: unknown = { type: "Point", coordinates: [85.3, 27.7] },
) => ({
  type: "Feature",
  id: "a",
  geometry,
  properties: { kind: "flood", observed_at: "2031-06-02T06:10:00+05:45", ...properties },
});
const collection = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });
const refusals = async (...features: unknown[]) =>
  (await read(collection(...features))).map((item) =>
    item.kind === "refused"
      ? item.refused.map(({ field, token }) => `${field}: ${token}`).join(", ")
      : item.kind,
  );

describe("writing (RFC 7946)", () => {
  test("longitude first, properties under the names of the API, and nothing a record brings along beside them", () => {
    const secret = {
      ...LANDSLIDE,
      exact_position: [85.1000001, 27.9],
      manage_token: "secret",
    } as ReportRecord;
    const { bbox, features } = reportCollection([secret]);
    expect(bbox).toEqual([85.1, 27.9, 85.112, 27.903]);
    expect(features[0]).toMatchObject({
      type: "Feature",
      id: LANDSLIDE.id,
      geometry: {
        type: "LineString",
        coordinates: [
          [85.1, 27.9],
          [85.105, 27.902],
          [85.112, 27.903],
        ],
      },
      properties: {
        kind: "landslide",
        state: "closed",
        passable: "none",
        loop: "taken",
        stale: false,
        drill: false,
      },
    });
    // A3: a hidden field has no way out.
    expect(JSON.stringify(features)).not.toMatch(/secret|exact_position|85\.1000001/);
    expect(reportCollection([])).toEqual({ type: "FeatureCollection", features: [] });
  });

  test("a line over the antimeridian is cut there, and the box has its west east of its east", () => {
    const geometry = {
      type: "LineString" as const,
      coordinates: [
        [179, -17],
        [-179, -18],
      ] as Position[],
    };
    expect(geoJsonGeometry(geometry)).toEqual({
      type: "MultiLineString",
      coordinates: [
        [
          [179, -17],
          [180, -17.5],
        ],
        [
          [-180, -17.5],
          [-179, -18],
        ],
      ],
    });
    expect(reportCollection([{ ...LANDSLIDE, geometry }]).bbox).toEqual([179, -18, -179, -17]);
    const touching = {
      type: "LineString" as const,
      coordinates: [
        [179, -17],
        [180, -17],
      ] as Position[],
    };
    expect(geoJsonGeometry(touching)).toMatchObject({ type: "LineString" });
  });

  test("polygons follow the right-hand rule", () => {
    const clockwise = {
      type: "Polygon" as const,
      coordinates: [
        [
          [0, 0],
          [0, 1],
          [1, 1],
          [0, 0],
        ],
      ] as Position[][],
    };
    const { coordinates } = geoJsonGeometry(clockwise) as typeof clockwise;
    expect(signedArea(coordinates[0]!)).toBeGreaterThan(0);
    const cut = bufferLine(
      {
        type: "LineString",
        coordinates: [
          [179.999, 0],
          [-179.999, 0],
        ],
      },
      { metres: 50 },
    );
    expect(polygonsGeometry(cut)).toMatchObject({ type: "MultiPolygon" });
  });

  test("in pieces it is the same document", async () => {
    let text = "";
    for await (const chunk of geoJsonChunks(
      [LANDSLIDE, { ...LANDSLIDE, id: "b" }],
      [85.1, 27.9, 85.112, 27.903],
    ))
      text += chunk;
    expect(JSON.parse(text)).toEqual(
      JSON.parse(JSON.stringify(reportCollection([LANDSLIDE, { ...LANDSLIDE, id: "b" }]))),
    );
    let empty = "";
    for await (const chunk of geoJsonChunks([])) empty += chunk;
    expect(JSON.parse(empty)).toEqual({ type: "FeatureCollection", features: [] });
  });

  test("what is written is read again, wherever it lies", async () => {
    const position = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -89, max: 89, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(position, fc.double({ min: 0.001, max: 3, noNaN: true }), async ([lon, lat], step) => {
        const geometry = {
          type: "LineString" as const,
          coordinates: [
            [lon, lat],
            [lon + step > 180 ? lon + step - 360 : lon + step, lat + step / 4],
          ] as Position[],
        };
        const written = reportCollection([{ ...LANDSLIDE, geometry }]);
        const [item] = await read(JSON.stringify(written));
        if (item?.kind !== "report") throw new Error(JSON.stringify(item));
        expect(item.draft).toMatchObject({
          source_key: LANDSLIDE.id,
          kind: "landslide",
          state: "closed",
          text: LANDSLIDE.text,
        });
        const [first] = item.draft.geometry.coordinates as Position[];
        expect(first![1]).toBeCloseTo(lat, 5);
        expect(bboxContains(written.bbox!, first!)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("reading, a report per row", () => {
  test("good features land, bad ones are named with their line and everything that is wrong", async () => {
    const text = `{"type":"FeatureCollection","features":[\n${JSON.stringify(feature())},\n${JSON.stringify(feature({ kind: "volcano", observed_at: "2031-02-30T00:00:00Z", passable: "boat" }, null))},\n${JSON.stringify(feature())}\n]}`;
    const items = await read(text);
    expect(items).toMatchObject([
      { kind: "report", line: 2, draft: { kind: "flood", observed_at: "2031-06-02T00:25:00Z" } },
      { kind: "refused", line: 3, source_key: "a" },
      { kind: "report", line: 4 },
    ]);
    expect(
      await refusals(
        feature({ kind: "volcano", observed_at: "2031-02-30T00:00:00Z", passable: "boat" }, null),
      ),
    ).toEqual([
      "kind: answer_unknown, geometry: coordinates_missing, passable: answer_unknown, observed_at: time_invalid",
    ]);
  });

  test.each([
    [{ type: "Point", coordinates: [27.7, 95] }, "geometry: coordinates_swapped"],
    [{ type: "Point", coordinates: [185, 27] }, "geometry: longitude_out_of_range"],
    [{ type: "Point", coordinates: ["85", "27"] }, "geometry: coordinates_invalid"],
    [{ type: "Point", coordinates: [] }, "geometry: coordinates_missing"],
    [{ type: "LineString", coordinates: [] }, "geometry: line_empty"],
    [{ type: "LineString", coordinates: [[85, 27]] }, "geometry: line_one_point"],
    [
      {
        type: "LineString",
        coordinates: [
          [85, 27],
          [85, 27],
        ],
      },
      "geometry: line_no_length",
    ],
    [
      { type: "LineString", coordinates: Array.from({ length: 100_000 }, (_, i) => [85 + i / 1e6, 27]) },
      "geometry: too_many_vertices",
    ],
    [
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        ],
      },
      "geometry: geometry_unknown",
    ],
    [{ type: "GeometryCollection", geometries: [] }, "geometry: geometry_unknown"],
    [null, "geometry: coordinates_missing"],
    ["POINT(1 2)", "geometry: coordinates_missing"],
  ])("H33: geometry %# is %s", async (geometry, expected) => {
    expect(await refusals(feature({}, geometry))).toEqual([expected]);
  });

  test.each([
    [{ observed_at: "2031-06-02T06:10:00" }, "observed_at: time_offset_missing"],
    [{ observed_at: "0000-00-00T00:00:00Z" }, "observed_at: time_invalid"],
    [{ observed_at: "9431-06-02T06:10:00Z" }, "observed_at: time_out_of_range"],
    [{ observed_at: "2031-06-02T06:10:00+15:00" }, "observed_at: time_invalid"],
    [{ observed_at: "infinity" }, "observed_at: time_invalid"],
    [{ observed_at: 5 }, "observed_at: time_invalid"],
    [{ source_url: "javascript:alert(1)" }, "source_url: address_invalid"],
    [{ source_url: "https://user:pass@example.org" }, "source_url: address_invalid"],
    [{ width_limit_m: -1 }, "width_limit_m: number_invalid"],
    [{ weight_limit_t: "1e309" }, "weight_limit_t: number_invalid"],
    [{ text: "x".repeat(5_001) }, "text: text_too_long"],
    [{ text: "a\u0000b" }, "text: text_not_readable"],
    [{ text: "a\uD800b" }, "text: text_not_readable"],
    [{ drill: true }, "drill: drill_refused"],
    [{ kind: "" }, "kind: answer_missing"],
  ])("H4, H13, H34: %j is refused as %s", async (properties, expected) => {
    expect(await refusals(feature(properties))).toEqual([expected]);
  });

  test("H20: keys of a prototype are only keys", async () => {
    const text = `{"type":"FeatureCollection","features":[{"type":"Feature","__proto__":{"geometry":1},"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"__proto__":{"kind":"flood"},"constructor":1,"toString":1,"observed_at":"2031-06-02T06:10:00Z"}}]}`;
    expect(await read(text)).toMatchObject([
      { kind: "refused", refused: [{ field: "kind", token: "answer_missing" }] },
    ]);
    expect(({} as { kind?: string }).kind).toBeUndefined();
  });

  test("H46: feeds that are broken on purpose give what stands before the fault, and say what it was", async () => {
    const good = JSON.stringify(feature());
    const kinds = async (text: string | Uint8Array, limits = {}) =>
      (await read(text, limits)).map((item) => (item.kind === "unreadable" ? item.token : item.kind));
    const begin = '{"type":"FeatureCollection","features":[';
    expect(await kinds(`${begin}${good},${good.slice(0, 50)}`)).toEqual(["report", "cut_off"]);
    expect(await kinds(`${begin}${good},{"type":Feature},${good}]}`)).toEqual([
      "report",
      "feature_broken",
      "report",
    ]);
    expect(await kinds(`${begin}1,null,"x",[],${good},]}`)).toEqual([
      "refused",
      "refused",
      "refused",
      "refused",
      "report",
    ]);
    expect(await kinds(`${begin}{"a":"${"x".repeat(5_000)}"},${good}]}`, { maxFeature: 2_000 })).toEqual([
      "feature_too_large",
      "report",
    ]);
    expect(await kinds(`${begin}${good}]}`, { maxBytes: 100 })).toEqual(["too_large"]);
    expect(await kinds(new Uint8Array([...new TextEncoder().encode(begin), 0xff, 0xfe]))).toEqual([
      "encoding_broken",
    ]);
    expect(await kinds(`\uFEFF${begin}${good}]}`)).toEqual(["report"]);
    expect(await kinds(good)).toEqual(["report"]);
    for (const text of [
      "",
      "null",
      "[]",
      "5",
      '"features"',
      "<html>",
      '{"type":"Topology"}',
      '{"type":"Topology","features":[]}',
    ]) {
      expect(await kinds(text)).toEqual(["not_geojson"]);
    }
    expect(await kinds('{"type":"FeatureCollection"')).toEqual(["cut_off"]);
    expect(
      await kinds(
        `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3826"}},"features":[${good}]}`,
      ),
    ).toEqual(["crs_not_wgs84"]);
    expect(
      await kinds(
        `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[${good}]}`,
      ),
    ).toEqual(["report"]);
    expect(await kinds(`{"features":[${good}],"type":"FeatureCollection"}`)).toEqual(["report"]);
    expect(await kinds(`${begin}${"[".repeat(100_000)}`)).toEqual(["cut_off"]);
  });

  test("in pieces of any size the answer is the same", async () => {
    const text = `{"type": "FeatureCollection", "note": "\\"features\\": [", "features" : [\n${JSON.stringify(feature({ text: 'a ] } , "quoted" \\ 路' }))},\n{"broken": }, ${JSON.stringify(feature())}\n], "after": 1}`;
    const whole = await read(text);
    expect(whole.map(({ kind }) => kind)).toEqual(["report", "unreadable", "report"]);
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, 64]) {
      async function* pieces() {
        for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
      }
      const items: GeoJsonItem[] = [];
      for await (const item of readReportsGeoJson(pieces())) items.push(item);
      expect(items).toEqual(whole);
    }
  });
});
