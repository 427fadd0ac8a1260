import {
  bearingDegrees,
  destination,
  distanceMetres,
  EARTH_RADIUS,
  METRES_PER_DEGREE,
  normalLongitude,
  ringIsSimple,
  roundPosition,
  signedArea,
  unwrapped,
} from "./geometry.ts";
import type { LineString, Polygon, Position } from "./geometry.ts";

/**
 * Lines as areas, for standards that know areas only.
 *
 * A line is cut into runs that bend gently, each run is outlined on a flat map drawn around it, and the outlines are
 * carried back to the globe. A run whose outline would cross itself is halved, down to single stretches, whose outlines
 * never do: so every polygon is simple, whatever the line does, and together they cover it.
 */

export interface LineBuffer {
  /** How far the area reaches to each side. */
  metres: number;
  /** Decimals of the result; five are a metre. */
  digits?: number;
  /** More polygons than this are not worth having: a scribble gives none. */
  most?: number;
}

/** Stretches longer than this are divided, and no line into more stretches than this. */
const LONGEST_STRETCH = 20_000;
const MOST_STRETCHES = 5_000;

/** Beyond this latitude a stretch is covered by the whole cap around the pole: no map tells the difference. */
const POLAR = 89;

/** A run ends where the line turns more sharply, or where its flat map would grow too wide. */
const SHARPEST_TURN = 75;
const LONGEST_RUN = 100_000;

/**
 * Gives polygons that cover everything within `metres` of the line and little more. Rings are closed, run against the
 * clock, and are cut at the antimeridian (RFC 7946, section 3.1.9). Near a pole the polygon is the cap around it.
 */
export function bufferLine(line: LineString, { metres, digits = 6, most = Infinity }: LineBuffer): Polygon[] {
  // A tenth of the width is spent on leaving out what nobody would see.
  const path = stretched(simplified(line.coordinates, metres * 0.05), metres * 0.02);
  const width = metres * 1.1;
  const polygons: Polygon[] = [];
  for (const run of runs(path)) {
    outlineRun(run, width, digits, polygons);
    if (polygons.length > most) return [];
  }
  return polygons;
}

/** Gives the polygon around a place, with `corners` corners on the circle around which it is drawn. */
export function circlePolygons(
  centre: Position,
  { metres, digits = 6, corners = 32 }: LineBuffer & { corners?: number },
): Polygon[] {
  const reach = metres / Math.cos(Math.PI / corners);
  if (Math.abs(centre[1]) + metres / METRES_PER_DEGREE > POLAR) return [polarCap([centre], metres)];
  const ring = Array.from({ length: corners }, (_, i) => destination(centre, -(360 / corners) * i, reach));
  return onGlobe([...ring, ring[0]!], digits);
}

function outlineRun(run: Position[], width: number, digits: number, polygons: Polygon[]): void {
  const single = run.length <= 2;
  if (run.some(([, lat]) => Math.abs(lat) > POLAR)) {
    if (single) polygons.push(polarCap(run, width));
  } else {
    const outline = onGlobe(outlined(run, width), digits);
    if (single || outline.every((polygon) => ringIsSimple(polygon.coordinates[0]!))) {
      polygons.push(...outline);
      return;
    }
  }
  if (single) return;
  const middle = run.length >> 1;
  outlineRun(run.slice(0, middle + 1), width, digits, polygons);
  outlineRun(run.slice(middle), width, digits, polygons);
}

function polarCap(run: readonly Position[], width: number): Polygon {
  const pole = run[0]![1] > 0 ? 90 : -90;
  const nearest = Math.min(...run.map(([, lat]) => Math.abs(lat))) - width / METRES_PER_DEGREE;
  const lat = Math.sign(pole) * nearest;
  // In steps, so that no edge can be taken for the shorter way around.
  const parallel = (at: number): Position[] => [-180, -90, 0, 90, 180].map((lon): Position => [lon, at]);
  const ring: Position[] = [...parallel(lat), ...parallel(pole).reverse(), [-180, lat]];
  return { type: "Polygon", coordinates: [pole < 0 ? ring.reverse() : ring] };
}

const SPAN = 250;

/** Leaves out places that lie within `tolerance` metres of the line without them (Douglas and Peucker). */
function simplified(positions: readonly Position[], tolerance: number): Position[] {
  const keep = new Uint8Array(positions.length);
  keep[0] = keep[positions.length - 1] = 1;
  const open: [number, number][] = [];
  // In spans, because the work grows with the square of what is looked at together.
  for (let from = 0; from < positions.length - 1; from += SPAN) {
    keep[from] = 1;
    open.push([from, Math.min(from + SPAN, positions.length - 1)]);
  }
  while (open.length > 0) {
    const [from, to] = open.pop()!;
    let farthest = -1;
    let most = tolerance * tolerance;
    const squared = squaredDistanceFrom(positions[from]!, positions[to]!);
    for (let i = from + 1; i < to; i += 1) {
      const off = squared(positions[i]!);
      if (off > most) {
        farthest = i;
        most = off;
      }
    }
    if (farthest > 0) {
      keep[farthest] = 1;
      open.push([from, farthest], [farthest, to]);
    }
  }
  return positions.filter((_, index) => keep[index] === 1);
}

/** The square of the metres from the straight stretch between two places, on a flat map around the first. */
function squaredDistanceFrom(a: Position, b: Position): (position: Position) => number {
  const scale = Math.cos((a[1] * Math.PI) / 180) * METRES_PER_DEGREE;
  const east = (lon: number) => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon) * scale;
  const [bx, by] = [east(b[0] - a[0]), (b[1] - a[1]) * METRES_PER_DEGREE];
  const length = bx * bx + by * by;
  // Flat maps lie near the poles and over long stretches: there, nothing is left out.
  const unreliable = Math.abs(a[1]) > 80 || Math.abs(b[1] - a[1]) > 2 || Math.abs(bx) > 200_000;
  return (position) => {
    if (unreliable) return Infinity;
    const px = east(position[0] - a[0]);
    const py = (position[1] - a[1]) * METRES_PER_DEGREE;
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * bx + py * by) / length));
    const [dx, dy] = [px - along * bx, py - along * by];
    return dx * dx + dy * dy;
  };
}

/**
 * Divides long stretches. The edge of a report runs straight on the map and ours along the globe; between two places
 * they may part by `sagitta` metres.
 */
function stretched(positions: readonly Position[], sagitta: number): Position[] {
  const path = unwrapped(positions);
  const lengths = path.map(([lon, lat], i) => {
    if (i === 0) return 0;
    const [west, south] = path[i - 1]!;
    const cosine = Math.cos((Math.min(Math.abs(lat), Math.abs(south)) * Math.PI) / 180);
    return Math.hypot((lon - west) * cosine, lat - south) * METRES_PER_DEGREE;
  });
  const shortest = lengths.reduce((sum, length) => sum + length, 0) / MOST_STRETCHES;
  const out: Position[] = [positions[0]!];
  for (let i = 1; i < path.length; i += 1) {
    const [a, b] = [path[i - 1]!, path[i]!];
    const bend = Math.tan((Math.min(POLAR, Math.max(Math.abs(a[1]), Math.abs(b[1]))) * Math.PI) / 180);
    const longest = Math.min(LONGEST_STRETCH, Math.sqrt((8 * sagitta * EARTH_RADIUS) / Math.max(bend, 1e-6)));
    const parts = Math.ceil(lengths[i]! / Math.max(longest, shortest));
    for (let part = 1; part < parts; part += 1) {
      const share = part / parts;
      out.push([normalLongitude(a[0] + (b[0] - a[0]) * share), a[1] + (b[1] - a[1]) * share]);
    }
    out.push(positions[i]!);
  }
  const apart = out.filter((position, i) => i === 0 || distanceMetres(position, out[i - 1]!) > 0.01);
  return apart.length > 1 ? apart : [out[0]!, out.at(-1)!];
}

function* runs(path: readonly Position[]): Generator<Position[]> {
  let run: Position[] = [path[0]!];
  let length = 0;
  for (let i = 1; i < path.length; i += 1) {
    const step = distanceMetres(path[i - 1]!, path[i]!);
    const turned =
      run.length > 1
        ? Math.abs(
            ((bearingDegrees(path[i - 1]!, path[i]!) - bearingDegrees(path[i - 1]!, path[i - 2]!) + 540) %
              360) -
              180,
          )
        : 180;
    if (run.length > 1 && (180 - turned > SHARPEST_TURN || length + step > LONGEST_RUN)) {
      yield run;
      run = [path[i - 1]!];
      length = 0;
    }
    run.push(path[i]!);
    length += step;
  }
  if (run.length > 1) yield run;
}

type Flat = [number, number];

/** The outline of a run on a flat map around its middle, carried back: one ring, closed, against the clock. */
function outlined(run: readonly Position[], width: number): Position[] {
  const centre = run[run.length >> 1]!;
  const flat = run.map((position): Flat => {
    const [bearing, metres] = [bearingDegrees(centre, position), distanceMetres(centre, position)];
    const course = (bearing * Math.PI) / 180;
    return [Math.sin(course) * metres, Math.cos(course) * metres];
  });
  const last = flat.length - 1;
  const right = flat.map((_, i) => corner(flat, i, -width));
  const left = flat.map((_, i) => corner(flat, i, width));
  const ring = [...right, ...cap(flat[last - 1]!, flat[last]!, width), ...left.reverse()];
  ring.push(...cap(flat[1]!, flat[0]!, width));
  return [...ring, ring[0]!].map(([x, y]) =>
    destination(centre, (Math.atan2(x, y) * 180) / Math.PI, Math.hypot(x, y)),
  );
}

/** Where the two sides of a bend meet, `offset` metres to the left of the line. */
function corner(path: readonly Flat[], i: number, offset: number): Flat {
  const at = path[i]!;
  const before = i > 0 ? direction(path[i - 1]!, at) : direction(at, path[1]!);
  const after = i < path.length - 1 ? direction(at, path[i + 1]!) : before;
  const [mx, my] = [-before[1] - after[1], before[0] + after[0]];
  const share = offset / (1 + before[0] * after[0] + before[1] * after[1]);
  return [at[0] + mx * share, at[1] + my * share];
}

/** The corners around the end of a line; drawn outside the half circle, so that nothing near the end is left out. */
function cap(from: Flat, end: Flat, width: number): Flat[] {
  const [x, y] = direction(from, end);
  const reach = width / Math.cos(Math.PI / 8);
  return [-67.5, -22.5, 22.5, 67.5].map((angle): Flat => {
    const [sine, cosine] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    return [end[0] + (x * cosine - y * sine) * reach, end[1] + (y * cosine + x * sine) * reach];
  });
}

function direction(a: Flat, b: Flat): Flat {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  return length === 0 ? [0, 1] : [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
}

/** A ring on the globe as polygons on the map, cut at the antimeridian. */
function onGlobe(ring: readonly Position[], digits: number): Polygon[] {
  const path = unwrapped(ring);
  const [west, east] = [Math.min(...path.map(([lon]) => lon)), Math.max(...path.map(([lon]) => lon))];
  const polygons: Polygon[] = [];
  for (let turn = Math.floor((west + 180) / 360); turn * 360 - 180 < east; turn += 1) {
    const [from, to] = [turn * 360 - 180, turn * 360 + 180];
    const clipped = clip(clip(path, from, 1), to, -1).map(([lon, lat]) =>
      roundPosition([Math.max(-180, Math.min(180, lon - turn * 360)), lat], digits),
    );
    const clean = clipped.filter(
      (position, i) => i === 0 || position[0] !== clipped[i - 1]![0] || position[1] !== clipped[i - 1]![1],
    );
    if (clean.length < 4 || signedArea(clean) === 0) continue;
    polygons.push({ type: "Polygon", coordinates: [signedArea(clean) < 0 ? clean.reverse() : clean] });
  }
  return polygons;
}

/** What of a closed ring lies east (`side` 1) or west (-1) of a meridian (Sutherland and Hodgman). */
function clip(ring: readonly Flat[], meridian: number, side: 1 | -1): Flat[] {
  const out: Flat[] = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1]!, ring[i]!];
    const [insideA, insideB] = [(a[0] - meridian) * side >= 0, (b[0] - meridian) * side >= 0];
    if (insideA) out.push(a);
    if (insideA !== insideB) {
      const share = (meridian - a[0]) / (b[0] - a[0]);
      out.push([meridian, a[1] + (b[1] - a[1]) * share]);
    }
  }
  if (out.length > 0) out.push([...out[0]!]);
  return out;
}
