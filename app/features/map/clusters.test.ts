import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bboxOfCells, cellsOfView, middleOfCell } from "./clusters.ts";
import type { Bbox } from "../../formats/geometry.ts";

const views = fc
  .record({
    west: fc.double({ min: -180, max: 179, noNaN: true }),
    south: fc.double({ min: -90, max: 80, noNaN: true }),
    width: fc.double({ min: 0, max: 359, noNaN: true }),
    height: fc.double({ min: 0, max: 170, noNaN: true }),
    zoom: fc.integer({ min: 0, max: 22 }),
  })
  .map(({ west, south, width, height, zoom }) => {
    const east = west + width > 180 ? west + width - 360 : west + width;
    return { bbox: [west, south, east, Math.min(90, south + height)] as Bbox, zoom };
  });

describe("the cells of a view", () => {
  it("cover it, are few, and are whole numbers", () => {
    fc.assert(
      fc.property(views, ({ bbox, zoom }) => {
        const range = cellsOfView(bbox, zoom);
        const side = 2 ** range.level;
        const columns = range.x0 <= range.x1 ? range.x1 - range.x0 + 1 : side - range.x0 + range.x1 + 1;
        const rows = range.y1 - range.y0 + 1;
        expect(
          [range.x0, range.x1, range.y0, range.y1].every((n) => Number.isInteger(n) && n >= 0 && n < side),
        ).toBe(true);
        // One row and one column more, where the view begins in the middle of a cell.
        expect(columns * rows).toBeLessThanOrEqual(4 * 150);
        const [west, south, east, north] = bboxOfCells(range);
        expect(south).toBeLessThanOrEqual(bbox[1] + 1e-9);
        expect(north).toBeGreaterThanOrEqual(Math.min(bbox[3], 90) - 1e-9);
        if (columns < side) {
          const inside = (lon: number) =>
            west <= east
              ? lon >= west - 1e-9 && lon <= east + 1e-9
              : lon >= west - 1e-9 || lon <= east + 1e-9;
          expect(inside(bbox[0]) && inside(bbox[2])).toBe(true);
        }
      }),
    );
  });

  it("keep their level while the map is moved", () => {
    const level = (lon: number) => cellsOfView([lon, 20, lon + 3.2, 22], 9).level;
    const levels = new Set(Array.from({ length: 100 }, (_, n) => level(80 + n * 0.031)));
    expect(levels.size).toBe(1);
  });

  it("go round the back of the world", () => {
    const range = cellsOfView([170, -20, -170, 0], 5);
    expect(range.x0).toBeGreaterThan(range.x1);
    // Nearly once around and into the same cell again: all of them.
    expect(cellsOfView([10, -60, 9.9, 60], 0)).toMatchObject({ x0: 0 });
  });

  it("the world is four by four cells, and a middle lies where it should", () => {
    expect(cellsOfView([-180, -90, 180, 90], 0)).toEqual({ level: 2, x0: 0, x1: 3, y0: 0, y1: 3 });
    expect(middleOfCell(0, 0, 0)).toEqual([0, 0]);
    expect(bboxOfCells({ level: 0, x0: 0, x1: 0, y0: 0, y1: 0 })).toEqual([-180, -90, 180, 90]);
  });
});
