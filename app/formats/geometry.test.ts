import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bboxContains,
  bboxOf,
  bearingDegrees,
  compassPoint,
  destination,
  distanceMetres,
  geometryWarnings,
  lineCrossesItself,
  lineLengthMetres,
  MAX_VERTICES,
  placeAlong,
  readBbox,
  readLine,
  readPosition,
  readReportGeometry,
  readRing,
  roundToGrid,
  signedArea,
  splitLine,
  withRightHandRule,
} from "./geometry.ts";
import type { LineString, Position } from "./geometry.ts";

const line = (...coordinates: Position[]): LineString => ({ type: "LineString", coordinates });
const token = (read: object) => ("token" in read ? read.token : "read");
const position: fc.Arbitrary<Position> = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -90, max: 90, noNaN: true }),
);

describe("H33: positions", () => {
  test.each([
    [[85.3, 27.7], "read"],
    [[85.3, 27.7, 1400], "read"],
    [[180, 90], "read"],
    [[-180, -90], "read"],
    [[0, 0], "read"],
    [[NaN, 0], "coordinates_invalid"],
    [[Infinity, 0], "coordinates_invalid"],
    [[1e309, 0], "coordinates_invalid"],
    [["85.3", "27.7"], "coordinates_invalid"],
    [[85.3], "coordinates_invalid"],
    [[85.3, null], "coordinates_invalid"],
    [[[85.3], [27.7]], "coordinates_invalid"],
    [[], "coordinates_missing"],
    [null, "coordinates_missing"],
    [[25.03, 121.56], "coordinates_swapped"],
    [[100, 91], "latitude_out_of_range"],
    [[181, 10], "longitude_out_of_range"],
  ])("%j is %s", (value, expected) => {
    expect(token(readPosition(value))).toBe(expected);
  });

  test("boxes: order, poles, antimeridian, min above max, decimal commas", () => {
    expect(readBbox("80,26,89,31")).toEqual({ bbox: [80, 26, 89, 31] });
    expect(readBbox("177,-20,-178,-16")).toEqual({ bbox: [177, -20, -178, -16] });
    expect(readBbox("-180,-90,180,90")).toEqual({ bbox: [-180, -90, 180, 90] });
    for (const wrong of [
      "",
      "1,2,3",
      "80,31,89,26",
      "a,b,c,d",
      "NaN,0,1,1",
      "1e309,0,1,1",
      "181,0,1,1",
      "0,-91,1,1",
      "80,5,26,0,89,0,31,2",
      "1,2,3,4,5",
      "80;26;89;31",
      "0x1,0,1,1",
      ",,,",
    ]) {
      expect(readBbox(wrong)).toEqual({ token: "bbox_invalid" });
    }
    expect(bboxContains([177, -20, -178, -16], [179, -17])).toBe(true);
    expect(bboxContains([177, -20, -178, -16], [-179, -17])).toBe(true);
    expect(bboxContains([177, -20, -178, -16], [0, -17])).toBe(false);
    expect(bboxContains([-180, -90, 180, 90], [180, 90])).toBe(true);
    expect(bboxContains([170, -90, 180, 90], [-180, 0])).toBe(true);
  });
});

describe("lines that cannot be taken", () => {
  test.each([
    [null, "coordinates_missing"],
    [{}, "coordinates_missing"],
    [[], "line_empty"],
    [[[85, 27]], "line_one_point"],
    [
      [
        [85, 27],
        [85, 27],
        [85, 27],
      ],
      "line_no_length",
    ],
    [
      [
        [180, 10],
        [-180, 10],
      ],
      "line_no_length",
    ],
    [
      [
        [85, 27],
        [85, "28"],
      ],
      "coordinates_invalid",
    ],
    [
      [
        [85, 27],
        [85, 28],
      ],
      "read",
    ],
  ])("%j is %s", (value, expected) => {
    expect(token(readLine(value))).toBe(expected);
  });

  test("100,000 vertices are refused before they are looked at; 10,000 are examined in no time", () => {
    const walk = (count: number) =>
      Array.from({ length: count }, (_, i) => [85 + i / 1e6, 27 + Math.sin(i / 50) / 100]);
    const started = performance.now();
    expect(token(readLine(walk(100_000)))).toBe("too_many_vertices");
    expect(token(readReportGeometry({ type: "LineString", coordinates: walk(MAX_VERTICES) }))).toBe("read");
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("strokes back and forth that defeat the search are refused as tangled, not stared at", () => {
    const strokes = Array.from({ length: MAX_VERTICES }, (_, i) => {
      const shift = i / MAX_VERTICES / 100;
      return i % 2 === 0 ? [shift, 0] : [10 + shift, 10];
    });
    const started = performance.now();
    expect(["line_tangled", "read"]).toContain(
      token(readReportGeometry({ type: "LineString", coordinates: strokes })),
    );
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("a line that crosses itself is a question, not an error: ramps do", () => {
    const loop = line([0, 0], [2, 2], [2, 0], [0, 2]);
    expect(token(readReportGeometry(loop))).toBe("read");
    expect(lineCrossesItself(loop)).toBe(true);
    expect(geometryWarnings(loop)).toEqual(["null_island", "line_crosses_itself"]);
    expect(lineCrossesItself(line([0, 0], [1, 0], [1, 1], [0, 0]))).toBe(false);
    expect(lineCrossesItself(line([0, 0], [2, 0], [1, 0]))).toBe(true);
    expect(lineCrossesItself(line([179, 0], [-179, 1], [-179, 0], [179, 1]))).toBe(true);
    expect(lineCrossesItself(line([179, 0], [-179, 1], [179, 2]))).toBe(false);
  });

  test("rings left open, too short or crossing themselves", () => {
    expect(
      token(
        readRing([
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ]),
      ),
    ).toBe("read");
    expect(
      token(
        readRing([
          [0, 0],
          [1, 0],
          [1, 1],
        ]),
      ),
    ).toBe("ring_not_closed");
    expect(
      token(
        readRing([
          [0, 0],
          [1, 0],
          [0, 0],
        ]),
      ),
    ).toBe("ring_too_short");
    expect(
      token(
        readRing([
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ]),
      ),
    ).toBe("ring_crosses_itself");
    expect(token(readRing([]))).toBe("coordinates_missing");
  });

  test("a line cut at the antimeridian is one line again; two lines are two reports", () => {
    const cut = {
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
    };
    expect(readReportGeometry(cut)).toEqual({ geometry: line([179, -17], [180, -17.5], [-179, -18]) });
    const two = {
      type: "MultiLineString",
      coordinates: [
        [
          [1, 1],
          [2, 2],
        ],
        [
          [3, 3],
          [4, 4],
        ],
      ],
    };
    expect(token(readReportGeometry(two))).toBe("coordinates_missing");
    expect(token(readReportGeometry({ type: "Polygon", coordinates: [] }))).toBe("geometry_unknown");
    expect(token(readReportGeometry(null))).toBe("coordinates_missing");
  });

  test("places outside the event, and those that would be inside the other way round", () => {
    const area = [80, 26, 89, 31] as const;
    expect(geometryWarnings({ type: "Point", coordinates: [85.3, 27.7] }, area)).toEqual([]);
    expect(geometryWarnings({ type: "Point", coordinates: [27.7, 85.3] }, area)).toEqual([
      "coordinates_swapped",
    ]);
    expect(geometryWarnings({ type: "Point", coordinates: [121.5, 25] }, area)).toEqual(["outside_area"]);
    expect(geometryWarnings({ type: "Point", coordinates: [0, 0] }, area)).toEqual([
      "null_island",
      "outside_area",
    ]);
  });
});

describe("boxes around geometries (RFC 7946, 5.2)", () => {
  const point = (lon: number, lat: number) => ({
    type: "Point" as const,
    coordinates: [lon, lat] as Position,
  });

  test("west is greater than east when that is the narrower way", () => {
    expect(bboxOf([])).toBeNull();
    expect(bboxOf([point(85, 27)])).toEqual([85, 27, 85, 27]);
    expect(bboxOf([point(85, 27), point(84, 29)])).toEqual([84, 27, 85, 29]);
    expect(bboxOf([point(177, -20), point(-178, -16)])).toEqual([177, -20, -178, -16]);
    expect(bboxOf([line([177, -20], [-178, -16])])).toEqual([177, -20, -178, -16]);
    expect(bboxOf([point(-100, 0), point(100, 0)])).toEqual([100, 0, -100, 0]);
    expect(bboxOf([point(-60, 0), point(100, 0)])).toEqual([-60, 0, 100, 0]);
  });

  test("every position lies in its box", () => {
    fc.assert(
      fc.property(fc.array(position, { minLength: 1, maxLength: 12 }), (positions) => {
        const box = bboxOf(positions.map((coordinates) => ({ type: "Point" as const, coordinates })))!;
        for (const at of positions) expect(bboxContains(box, at)).toBe(true);
        expect(box[1]).toBeLessThanOrEqual(box[3]);
      }),
    );
  });
});

describe("measures", () => {
  test("distances and bearings that are known", () => {
    expect(distanceMetres([85.324, 27.7172], [83.9856, 28.2096])).toBeCloseTo(142_000, -4);
    expect(distanceMetres([179.9, 0], [-179.9, 0])).toBeCloseTo(22_239, -1);
    expect(distanceMetres([0, 90], [123, 90])).toBeCloseTo(0, 3);
    expect(distanceMetres([0, 0], [180, 0])).toBeCloseTo(20_015_115, -2);
    expect(bearingDegrees([0, 0], [0, 1])).toBe(0);
    expect(bearingDegrees([179, 0], [-179, 0])).toBeCloseTo(90);
    expect(
      ["N", "NE", "E", "SE", "S", "SW", "W", "NW"].every((name, i) => compassPoint(i * 45) === name),
    ).toBe(true);
    expect(compassPoint(359)).toBe("N");
  });

  test("going somewhere and measuring back agree everywhere", () => {
    fc.assert(
      fc.property(
        position,
        fc.double({ min: 0, max: 359, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (from, bearing, metres) => {
          const to = destination(from, bearing, metres);
          expect(Math.abs(to[0])).toBeLessThanOrEqual(180);
          expect(Math.abs(distanceMetres(from, to) - metres)).toBeLessThan(0.1 + metres * 1e-6);
        },
      ),
    );
  });

  test("a line in parts keeps its length, and no part is too long", () => {
    const road = line([84, 28], [84.2, 28.1], [84.9, 28.3]);
    const parts = splitLine(road.coordinates, 20_000);
    expect(parts).toHaveLength(Math.ceil(lineLengthMetres(road.coordinates) / 20_000));
    for (const part of parts) expect(lineLengthMetres(part)).toBeLessThanOrEqual(20_050);
    expect(parts.reduce((sum, part) => sum + lineLengthMetres(part), 0)).toBeCloseTo(
      lineLengthMetres(road.coordinates),
      -2,
    );
    expect(splitLine(road.coordinates, 1e9)).toEqual([road.coordinates]);
    expect(placeAlong(line([179, 0], [-179, 0]))[0]).toBeCloseTo(180, 5);
  });

  test("A3: all places of a cell give one answer near it, and the answer gives itself", () => {
    fc.assert(
      fc.property(position, fc.constantFrom(100, 1_000, 25_000), (at, metres) => {
        const cell = roundToGrid(at, metres);
        expect(distanceMetres(at, cell)).toBeLessThan(metres);
        expect(roundToGrid(cell, metres)).toEqual(cell);
      }),
    );
    expect(roundToGrid([85.32401, 27.71721], 1_000)).toEqual(roundToGrid([85.32399, 27.71719], 1_000));
  });

  test("the right-hand rule", () => {
    const clockwise = [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
      [0, 0],
    ] as Position[];
    const hole = [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.8, 0.8],
      [0.2, 0.8],
      [0.2, 0.2],
    ] as Position[];
    const turned = withRightHandRule({ type: "Polygon", coordinates: [clockwise, hole] });
    expect(signedArea(turned.coordinates[0]!)).toBeGreaterThan(0);
    expect(signedArea(turned.coordinates[1]!)).toBeLessThan(0);
    expect(withRightHandRule(turned)).toEqual(turned);
  });
});
