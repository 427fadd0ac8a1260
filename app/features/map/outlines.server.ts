import { open } from "node:fs/promises";
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import { countryByNumber } from "./country-numbers.ts";
import {
  OUTLINE_LEVELS,
  OUTLINE_OVERLAP,
  outlineBox,
  type OutlineAddress,
  type OutlineTile,
  type PackedLine,
} from "./outlines.ts";

/**
 * Cuts the outlines of the world (npm `world-atlas`: Natural Earth 1:110 m, 1:50 m and 1:10 m as TopoJSON) into the
 * tiles of `outlines.ts`. The finest atlas is 3.6 MB of JSON: its arcs are read from the bytes in slices, because
 * parsing all of it at once would hold up everybody else for a tenth of a second.
 */

const sources = ["countries-110m.json", "countries-50m.json", "countries-10m.json"];

type Line = Float64Array;
type Name = readonly [code: string, lon: number, lat: number, width: number];
type Box = [west: number, south: number, east: number, north: number];

interface Shape {
  line: Line;
  box: Box;
}

interface Atlas {
  land: Shape[];
  coast: Shape[];
  borders: Shape[];
  names: Name[];
}

interface TopologyGeometry {
  type: "Polygon" | "MultiPolygon";
  id?: string;
  arcs: number[][] | number[][][];
}

interface TopologyHead {
  transform: { scale: [number, number]; translate: [number, number] };
  objects: Record<"countries" | "land", { geometries: TopologyGeometry[] }>;
}

const atlases = new Map<number, Promise<Atlas>>();
const tiles = new Map<string, Promise<OutlineTile>>();
/** All tiles of the world together are about 3 MB; nobody looks at all of them. */
const mostTiles = 400;

/** One tile of the base map. It is cut when first asked for, and then kept. */
export function outlineTile(address: OutlineAddress): Promise<OutlineTile> {
  const key = `${address.level}/${address.column}-${address.row}`;
  let tile = tiles.get(key);
  if (!tile) {
    if (tiles.size >= mostTiles) tiles.delete(tiles.keys().next().value!);
    tile = makeTile(address);
    tile.catch(() => tiles.delete(key));
    tiles.set(key, tile);
  }
  return tile;
}

function atlasOf(level: number): Promise<Atlas> {
  let atlas = atlases.get(level);
  if (!atlas) {
    atlas = readAtlas(sources[level]!);
    atlas.catch(() => atlases.delete(level));
    atlases.set(level, atlas);
  }
  return atlas;
}

async function makeTile(address: OutlineAddress): Promise<OutlineTile> {
  const tile = cut(await atlasOf(address.level), address);
  // The coarsest atlas leaves the small countries out; their people look for the name all the same.
  return address.level === 0 ? { ...tile, names: (await atlasOf(1)).names } : tile;
}

function cut(atlas: Atlas, address: OutlineAddress): OutlineTile {
  const [west, south, east, north] = outlineBox(address);
  const o = OUTLINE_OVERLAP;
  const box: Box = [west - o, south - o, east + o, north + o];
  const { steps } = OUTLINE_LEVELS[address.level]!;
  const lines = (shapes: Shape[]) =>
    shapes
      .filter((shape) => meets(shape.box, box))
      .flatMap(({ line }) => clipLine(line, box))
      .flatMap((line) => pack(line, steps, 2));
  return {
    land: atlas.land
      .filter((shape) => meets(shape.box, box))
      .map(({ line }) => clipRing(line, box))
      .flatMap((ring) => pack(ring, steps, 3)),
    coast: lines(atlas.coast),
    borders: lines(atlas.borders),
  };
}

async function readAtlas(name: string): Promise<Atlas> {
  const file = createRequire(import.meta.url).resolve(`world-atlas/${name}`);
  const handle = await open(file);
  const bytes = await handle.readFile().finally(() => handle.close());
  // {"type":"Topology","objects":…,"arcs":[[[x,y],[dx,dy],…],…],"bbox":…,"transform":…}
  const marker = Buffer.from('"arcs":[[[');
  // The arcs of geometries are numbers, two or three deep; those of the topology come last and are pairs.
  const start = bytes.lastIndexOf(Buffer.from('"arcs":[[['), bytes.length);
  const end = bytes.indexOf(Buffer.from("]]]"), start);
  const head = JSON.parse(
    `${bytes.subarray(0, start).toString("latin1")}"arcs":[]${bytes.subarray(end + 3).toString("latin1")}`,
  ) as TopologyHead;
  await setImmediate();
  const arcs = await readArcs(bytes.subarray(start + marker.length - 3, end + 3), head.transform);

  const used = new Int32Array(arcs.length);
  for (const country of head.objects.countries.geometries)
    for (const ring of ringsOf(country)) for (const arc of ring) used[arc < 0 ? ~arc : arc]!++;
  const coast: Shape[] = [];
  const borders: Shape[] = [];
  arcs.forEach((line, index) => {
    const shape = { line, box: boxOf(line) };
    if (used[index]! > 1) borders.push(shape);
    else coast.push(shape);
  });
  await setImmediate();
  const land: Shape[] = [];
  let points = 0;
  for (const geometry of head.objects.land.geometries) {
    for (const ring of ringsOf(geometry)) {
      const line = joined(ring, arcs);
      land.push({ line, box: boxOf(line) });
      points += line.length;
      if (points > 60_000) {
        points = 0;
        await setImmediate();
      }
    }
  }
  // A country may come in several pieces of its own: the widest carries the name.
  const names = new Map<string, Name>();
  for (const country of head.objects.countries.geometries) {
    const name = nameOf(country, arcs);
    if (name && (names.get(name[0])?.[3] ?? 0) <= name[3]) names.set(name[0], name);
  }
  return { land, coast, borders, names: [...names.values()] };
}

/** Arcs are delta-coded whole numbers; nothing else stands among them, so the bytes tell all. */
async function readArcs(bytes: Buffer, { scale, translate }: TopologyHead["transform"]): Promise<Line[]> {
  const arcs: Line[] = [];
  let points: number[] = [];
  let depth = 0;
  let value = 0;
  let sign = 1;
  let digits = false;
  let x = 0;
  let y = 0;
  let horizontal = true;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      digits = true;
      continue;
    }
    if (byte === 45) {
      sign = -1;
      continue;
    }
    if (digits) {
      if (horizontal) x += sign * value;
      else {
        y += sign * value;
        points.push(x * scale[0] + translate[0], y * scale[1] + translate[1]);
      }
      horizontal = !horizontal;
      value = 0;
      sign = 1;
      digits = false;
    }
    if (byte === 91) depth++;
    if (byte === 93) {
      depth--;
      if (depth === 1) {
        arcs.push(Float64Array.from(points));
        points = [];
        x = 0;
        y = 0;
        if (arcs.length % 200 === 0) await setImmediate();
      }
    }
  }
  return arcs;
}

function ringsOf({ type, arcs }: TopologyGeometry): number[][] {
  return type === "Polygon" ? (arcs as number[][]) : ((arcs as number[][][] | undefined)?.flat() ?? []);
}

function joined(ring: readonly number[], arcs: readonly Line[]): Line {
  const points: number[] = [];
  for (const index of ring) {
    const arc = arcs[index < 0 ? ~index : index]!;
    // The first point of an arc is the last of the one before.
    const skip = points.length === 0 ? 0 : 2;
    if (index >= 0) for (let i = skip; i < arc.length; i++) points.push(arc[i]!);
    else for (let i = arc.length - 2 - skip; i >= 0; i -= 2) points.push(arc[i]!, arc[i + 1]!);
  }
  return Float64Array.from(points);
}

/** The name stands in the middle of the largest part. */
function nameOf(country: TopologyGeometry, arcs: readonly Line[]): Name | null {
  const code = countryByNumber(country.id ?? "");
  if (!code) return null;
  let widest: { box: Box; line: Line; area: number } | null = null;
  for (const ring of ringsOf(country)) {
    const line = joined(ring, arcs);
    const area = Math.abs(ringArea(line));
    if (!widest || area > widest.area) widest = { box: boxOf(line), line, area };
  }
  if (!widest) return null;
  const [lon, lat] = centroid(widest.line);
  return [code, round(lon, 10), round(lat, 10), round(widest.box[2] - widest.box[0], 10)];
}

function ringArea(line: Line): number {
  let area = 0;
  for (let i = 0; i + 3 < line.length; i += 2) area += line[i]! * line[i + 3]! - line[i + 2]! * line[i + 1]!;
  return area / 2;
}

function centroid(line: Line): [number, number] {
  const area = ringArea(line);
  let x = 0;
  let y = 0;
  for (let i = 0; i + 3 < line.length; i += 2) {
    const cross = line[i]! * line[i + 3]! - line[i + 2]! * line[i + 1]!;
    x += (line[i]! + line[i + 2]!) * cross;
    y += (line[i + 1]! + line[i + 3]!) * cross;
  }
  return area === 0 ? [line[0]!, line[1]!] : [x / (6 * area), y / (6 * area)];
}

function round(value: number, per: number): number {
  return Math.round(value * per) / per;
}

function boxOf(line: Line): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < line.length; i += 2) {
    const x = line[i]!;
    const y = line[i + 1]!;
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return box;
}

function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

/** The part of a ring inside a box: Sutherland and Hodgman, one side after the other. */
function clipRing(ring: ArrayLike<number>, box: Box): number[] {
  let points: ArrayLike<number> = nearby(ring, box);
  for (let side = 0; side < 4; side++) {
    const axis = side % 2;
    const limit = box[side]!;
    const inside = (value: number) => (side < 2 ? value >= limit : value <= limit);
    const next: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const j = (i + 2) % points.length;
      const here = points[i + axis]!;
      const there = points[j + axis]!;
      if (inside(here)) next.push(points[i]!, points[i + 1]!);
      if (inside(here) !== inside(there)) {
        const share = (limit - here) / (there - here);
        const other = points[i + 1 - axis]! + share * (points[j + 1 - axis]! - points[i + 1 - axis]!);
        next.push(...(axis === 0 ? [limit, other] : [other, limit]));
      }
    }
    points = next;
  }
  return points as number[];
}

/** A ring without the points that lie, as do those around them, on one side beyond the box: most of a continent, for most boxes. */
function nearby(ring: ArrayLike<number>, [west, south, east, north]: Box): number[] {
  const zone = (i: number) =>
    (ring[i]! < west ? 1 : ring[i]! > east ? 2 : 0) |
    (ring[i + 1]! < south ? 4 : ring[i + 1]! > north ? 8 : 0);
  const kept: number[] = [];
  const { length } = ring;
  // Compared with the last point that was kept: two that go together around a corner must not both be left out.
  let before = 0;
  let here = length === 0 ? 0 : zone(0);
  for (let i = 0; i < length; i += 2) {
    const after = zone((i + 2) % length);
    if ((before & here & after) === 0) {
      kept.push(ring[i]!, ring[i + 1]!);
      before = here;
    }
    here = after;
  }
  return kept;
}

/** The parts of a line inside a box; a part keeps the point beyond the edge, which the overlap hides. */
function clipLine(line: Line, [west, south, east, north]: Box): number[][] {
  const parts: number[][] = [];
  let part: number[] | null = null;
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [x0, y0, x1, y1] = [line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!];
    const away =
      (x0 < west && x1 < west) ||
      (x0 > east && x1 > east) ||
      (y0 < south && y1 < south) ||
      (y0 > north && y1 > north);
    // Where the atlas was cut open, at the antimeridian and at the pole, there is no coast.
    const seam = (Math.abs(x0) > 179.99 && Math.abs(x1) > 179.99) || (y0 < -85 && y1 < -85);
    if (away || seam) {
      part = null;
      continue;
    }
    if (part) part.push(x1, y1);
    else parts.push((part = [x0, y0, x1, y1]));
  }
  return parts;
}

/** As whole steps from point to point; points that fall together are one. Too short to be seen: nothing. */
function pack(line: ArrayLike<number>, steps: number, fewest: number): PackedLine[] {
  const packed: number[] = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < line.length; i += 2) {
    const nextX = Math.round(line[i]! * steps);
    const nextY = Math.round(line[i + 1]! * steps);
    if (i > 0 && nextX === x && nextY === y) continue;
    packed.push(nextX - x, nextY - y);
    x = nextX;
    y = nextY;
  }
  return packed.length >= fewest * 2 ? [packed] : [];
}
