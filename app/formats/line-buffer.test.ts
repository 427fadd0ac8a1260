import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bearingDegrees,
  destination,
  distanceMetres,
  placeAlong,
  ringIsSimple,
  signedArea,
} from "./geometry.ts";
import type { LineString, Polygon, Position } from "./geometry.ts";
import { bufferLine, circlePolygons } from "./line-buffer.ts";

const line = (...coordinates: Position[]): LineString => ({ type: "LineString", coordinates });

function holds(polygon: Polygon, [lon, lat]: Position): boolean {
  const ring = polygon.coordinates[0]!;
  let inside = false;
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1]!, ring[i]!];
    if (a[1] > lat !== b[1] > lat && lon < a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]))
      inside = !inside;
  }
  return inside;
}

function check(polygons: Polygon[]): void {
  expect(polygons.length).toBeGreaterThan(0);
  for (const { coordinates } of polygons) {
    const ring = coordinates[0]!;
    expect(ring.length).toBeGreaterThanOrEqual(4);
    expect(ring[0]).toEqual(ring.at(-1));
    expect(signedArea(ring)).toBeGreaterThan(0);
    for (const [lon, lat] of ring) {
      expect(Math.abs(lon)).toBeLessThanOrEqual(180);
      expect(Math.abs(lat)).toBeLessThanOrEqual(90);
    }
    for (let i = 1; i < ring.length; i += 1)
      expect(Math.abs(ring[i]![0] - ring[i - 1]![0])).toBeLessThanOrEqual(360);
  }
}

describe("a line as an area", () => {
  test("a bent road is one simple polygon around it", () => {
    const road = line([85.32, 27.71], [85.33, 27.712], [85.338, 27.718], [85.345, 27.719]);
    const polygons = bufferLine(road, { metres: 50 });
    check(polygons);
    expect(polygons).toHaveLength(1);
    expect(ringIsSimple(polygons[0]!.coordinates[0]!)).toBe(true);
    for (const share of [0, 0.2, 0.5, 0.9, 1]) {
      const at = placeAlong(road, share);
      for (let course = 0; course < 360; course += 15) {
        expect(holds(polygons[0]!, destination(at, course, 49))).toBe(true);
      }
    }
    expect(holds(polygons[0]!, destination(road.coordinates[1]!, 0, 120))).toBe(false);
  });

  test("hairpins, loops and lines drawn back over themselves give simple polygons", () => {
    for (const road of [
      line([85, 27], [85.01, 27.001], [85, 27.002], [85.01, 27.003]),
      line([0, 0], [2, 2], [2, 0], [0, 2]),
      line([85, 27], [85.01, 27], [85, 27]),
      line(
        ...Array.from({ length: 200 }, (_, i): Position => [
          85 + Math.cos(i / 5) * 0.0005 * i,
          27 + Math.sin(i / 5) * 0.0005 * i,
        ]),
      ),
    ]) {
      const polygons = bufferLine(road, { metres: 100 });
      check(polygons);
      for (const polygon of polygons) expect(ringIsSimple(polygon.coordinates[0]!)).toBe(true);
    }
  });

  test("over the antimeridian it is cut, and both sides are covered", () => {
    const road = line([179.99, -17], [-179.99, -17.01]);
    const polygons = bufferLine(road, { metres: 200 });
    check(polygons);
    expect(polygons.some((polygon) => holds(polygon, [179.995, -17.0025]))).toBe(true);
    expect(polygons.some((polygon) => holds(polygon, [-179.995, -17.0075]))).toBe(true);
    expect(polygons.some((polygon) => holds(polygon, [0, -17]))).toBe(false);
    for (const { coordinates } of polygons) {
      const lons = coordinates[0]!.map(([lon]) => lon);
      expect(Math.max(...lons) - Math.min(...lons)).toBeLessThan(1);
    }
  });

  test("beside and over the poles it stays a polygon that holds the line", () => {
    for (const road of [
      line([10, 89.99], [100, 89.995]),
      line([0, 89.9], [0, 90]),
      line([30, -89.999], [30, -89.99]),
      line([0, 85], [120, 86]),
      line([100, -88.9], [-100, -89.3]),
    ]) {
      const polygons = bufferLine(road, { metres: 2_000 });
      check(polygons);
      for (const share of [0.01, 0.45, 0.99]) {
        const [lon, lat] = placeAlong(road, share);
        expect(polygons.some((polygon) => holds(polygon, [lon + 1e-7, lat - 1e-7]))).toBe(true);
      }
    }
    check(circlePolygons([0, 90], { metres: 5_000 }));
    check(circlePolygons([180, 0], { metres: 5_000 }));
  });

  test("whatever is near the line is inside, whatever the line does", () => {
    const walk = fc
      .tuple(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -75, max: 75, noNaN: true }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 5, max: 3_000 })), {
          minLength: 1,
          maxLength: 12,
        }),
      )
      .map(([lon, lat, steps]) => {
        const path: Position[] = [[lon, lat]];
        for (const [course, metres] of steps) path.push(destination(path.at(-1)!, course, metres));
        return line(...path);
      });
    fc.assert(
      fc.property(
        walk,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 359 }),
        (road, share, course) => {
          const polygons = bufferLine(road, { metres: 60 });
          check(polygons);
          const near = destination(placeAlong(road, share), course, 58);
          // On the cut itself inside and outside meet.
          if (Math.abs(near[0]) > 179.99999) return;
          expect(polygons.some((polygon) => holds(polygon, near))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("10,000 vertices take no time and give few corners", () => {
    const road = line(
      ...Array.from({ length: 10_000 }, (_, i): Position => [85 + i * 1e-5, 27 + Math.sin(i / 300) * 0.01]),
    );
    const started = performance.now();
    const polygons = bufferLine(road, { metres: 50 });
    expect(performance.now() - started).toBeLessThan(1_000);
    check(polygons);
    expect(polygons.reduce((sum, { coordinates }) => sum + coordinates[0]!.length, 0)).toBeLessThan(2_000);
    expect(distanceMetres(road.coordinates[0]!, road.coordinates.at(-1)!)).toBeGreaterThan(0);
    expect(bearingDegrees(road.coordinates[0]!, road.coordinates.at(-1)!)).toBeGreaterThan(0);
  });
});
