import { METRES_PER_DEGREE, unwrapped } from "./geometry.ts";
import type { Position } from "./geometry.ts";

/**
 * A line with fewer corners, none of which lies further than `metres` from it (D. H. Douglas and T. K. Peucker,
 * "Algorithms for the reduction of the number of points required to represent a digitized line", The Canadian
 * Cartographer 10(2), 1973). Ends stay. Distances are measured on a plane around the start of the line: good enough for
 * the widths of roads.
 */
export function simplifyLine(positions: readonly Position[], metres: number): Position[] {
  if (positions.length < 3) return [...positions];
  const path = unwrapped(positions);
  const widest = Math.max(0.01, Math.cos((path[0]![1] * Math.PI) / 180));
  const flat = path.map(([lon, lat]) => [lon * widest * METRES_PER_DEGREE, lat * METRES_PER_DEGREE] as const);
  const kept = new Uint8Array(positions.length);
  kept[0] = kept[positions.length - 1] = 1;
  // A list instead of a recursion: a line of ten thousand corners may need as many steps.
  const open: [number, number][] = [[0, positions.length - 1]];
  while (open.length > 0) {
    const [from, to] = open.pop()!;
    let [worst, at] = [metres, -1];
    for (let i = from + 1; i < to; i += 1) {
      const off = distanceToSegment(flat[i]!, flat[from]!, flat[to]!);
      if (off > worst) [worst, at] = [off, i];
    }
    if (at === -1) continue;
    kept[at] = 1;
    open.push([from, at], [at, to]);
  }
  return positions.filter((_, index) => kept[index] === 1);
}

/**
 * A line of at most `most` corners: as drawn when it has no more, else simplified by a metre, then two, four … up to
 * `metres`. Null when even that leaves too many.
 */
export function lineWithin(positions: readonly Position[], most: number, metres: number): Position[] | null {
  if (positions.length <= most) return [...positions];
  for (let tolerance = 1; tolerance <= metres; tolerance *= 2) {
    const simpler = simplifyLine(positions, tolerance);
    if (simpler.length <= most) return simpler;
  }
  return null;
}

type Flat = readonly [number, number];

function distanceToSegment(p: Flat, a: Flat, b: Flat): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length));
  return Math.hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy);
}
