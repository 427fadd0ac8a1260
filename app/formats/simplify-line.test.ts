import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRES_PER_DEGREE, type Position } from "./geometry.ts";
import { lineWithin, simplifyLine } from "./simplify-line.ts";

const lines = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 2_000 })), {
    minLength: 2,
    maxLength: 60,
  })
  .map((corners) => corners.map(([x, y]): Position => [85 + x * 1e-5, 27 + y * 1e-5]));

/** Metres from a place to the nearest stretch of a line, on a plane around the start. */
function metresOff([lon, lat]: Position, line: readonly Position[], start: Position): number {
  const wide = Math.cos((start[1] * Math.PI) / 180) * METRES_PER_DEGREE;
  const flat = (place: Position) => [place[0] * wide, place[1] * METRES_PER_DEGREE] as const;
  const [px, py] = flat([lon, lat]);
  let nearest = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    const [[ax, ay], [bx, by]] = [flat(line[i - 1]!), flat(line[i]!)];
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
    nearest = Math.min(nearest, Math.hypot(px - ax - share * dx, py - ay - share * dy));
  }
  return nearest;
}

describe("a simpler line", () => {
  it("keeps its ends, takes only corners it had, and leaves none further off than told", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 500 }), (line, metres) => {
        const simpler = simplifyLine(line, metres);
        expect([simpler[0], simpler.at(-1)]).toEqual([line[0], line.at(-1)]);
        let from = 0;
        for (const corner of simpler) {
          from = line.indexOf(corner, from);
          expect(from).toBeGreaterThanOrEqual(0);
        }
        for (const corner of line)
          expect(metresOff(corner, simpler, line[0]!)).toBeLessThanOrEqual(metres + 1e-6);
      }),
    );
  });

  it("crosses the antimeridian without growing round the Earth", () => {
    const line: Position[] = [[179.9, 0], [180, 0.00001], [-179.9, 0]]; // prettier-ignore
    expect(simplifyLine(line, 5)).toEqual([line[0], line[2]]);
  });

  it("stays as it is where it is short enough, and is refused where it cannot be", () => {
    const straight = Array.from({ length: 5_000 }, (_, n): Position => [85 + n * 1e-5, 27]);
    expect(lineWithin(straight.slice(0, 10), 10, 16)).toEqual(straight.slice(0, 10));
    expect(lineWithin(straight, 100, 16)).toEqual([straight[0], straight.at(-1)]);
    const tangled = straight.map(([lon], n): Position => [lon, 27 + (n % 2) * 0.01]);
    expect(lineWithin(tangled, 100, 16)).toBeNull();
  });
});
