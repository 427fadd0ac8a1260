import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { outlineTile } from "./outlines.server.ts";
import { OUTLINE_LEVELS, eachPoint, isOutline, outlineBox, outlineLevel, outlinesFor } from "./outlines.ts";
import type { PackedLine } from "./outlines.ts";

/** Whether a place lies on land, by the rings of the tile around it. */
async function onLand(level: number, lon: number, lat: number): Promise<boolean> {
  const [address] = outlinesFor(level, [lon, lat, lon, lat]);
  const { land } = await outlineTile(address!);
  let inside = false;
  for (const ring of land) {
    const points: [number, number][] = [];
    eachPoint(ring, OUTLINE_LEVELS[level]!.steps, (x, y) => points.push([x, y]));
    for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
      const [[xi, yi], [xj, yj]] = [points[i]!, points[j]!];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

describe("the base map of the site's own", () => {
  it.each([
    ["Kathmandu", 85.324, 27.717, true],
    ["Christchurch", 172.636, -43.531, true],
    ["the plain of Taiwan", 120.4, 23.5, true],
    ["the Taiwan Strait", 119.0, 24.2, false],
    ["the Caspian Sea", 51.0, 42.0, false],
    ["Chukotka beyond the antimeridian", -172.5, 65.0, true],
    ["the middle of the Pacific", -150.0, 0.0, false],
    ["Antarctica", 60.0, -75.0, true],
  ])("knows on every level that %s is land or sea", async (_name, lon, lat, land) => {
    for (const level of [0, 1, 2]) expect([level, await onLand(level, lon, lat)]).toEqual([level, land]);
  });

  it("names the countries by their codes, Taiwan as itself, each once and where it is", async () => {
    const { names = [] } = await outlineTile({ level: 0, column: 0, row: 0 });
    const codes = names.map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(expect.arrayContaining(["TW", "NZ", "NP", "SG", "MV"]));
    const [, lon, lat] = names.find(([code]) => code === "TW")!;
    expect([Math.round(lon), Math.round(lat)]).toEqual([121, 24]);
  });

  it("draws no coast along the antimeridian, where the atlas was cut open", async () => {
    const along = (lines: readonly PackedLine[]) =>
      lines.flatMap((line) => {
        const points: [number, number][] = [];
        eachPoint(line, OUTLINE_LEVELS[2]!.steps, (lon, lat) => points.push([lon, lat]));
        return points.filter(
          ([lon], i) => i > 0 && Math.abs(lon) > 179.995 && Math.abs(points[i - 1]![0]) > 179.995,
        );
      });
    const { coast } = await outlineTile({ level: 2, column: 35, row: 15 });
    expect(coast.length).toBeGreaterThan(0);
    expect(along(coast)).toEqual([]);
  });

  it("is light: the world in one piece under 35 kB, a piece of it some kilobytes", async () => {
    const size = async (level: number, column: number, row: number) =>
      gzipSync(JSON.stringify(await outlineTile({ level, column, row }))).length;
    expect(await size(0, 0, 0)).toBeLessThan(35_000);
    expect(await size(2, 35, 4)).toBeLessThan(12_000);
  });

  it("has tiles where there is a world, and no others", () => {
    expect(outlineLevel(0)).toBe(0);
    expect(outlineLevel(5)).toBe(1);
    expect(outlineLevel(19)).toBe(2);
    expect(outlinesFor(2, [-180, -90, 180, 90])).toHaveLength(648);
    expect(outlineBox({ level: 1, column: 11, row: 5 })).toEqual([150, 60, 180, 90]);
    expect(isOutline({ level: 2, column: 35, row: 17 })).toBe(true);
    for (const nowhere of [
      { level: 2, column: 36, row: 0 },
      { level: 2, column: 0, row: 18 },
      { level: 0, column: 0, row: 1 },
      { level: 3, column: 0, row: 0 },
      { level: 1.5, column: 0, row: 0 },
      { level: 1, column: NaN, row: 0 },
      { level: 1, column: -1, row: 0 },
    ])
      expect(isOutline(nowhere)).toBe(false);
  });
});
