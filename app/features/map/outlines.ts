/**
 * The base map of the site's own: coasts and borders of Natural Earth, cut into tiles of degrees. Browser-safe.
 *
 * Three levels: the whole world at once, tiles of 30°, tiles of 10°. A tile is JSON of a few kilobytes; its lines are
 * whole numbers, each point as the step from the one before.
 */

export interface OutlineLevel {
  /** Width and height of a tile in degrees. */
  degrees: number;
  /** Steps per degree in the numbers of a tile. */
  steps: number;
  /** From this zoom of the map on. */
  fromZoom: number;
}

export const OUTLINE_LEVELS: readonly OutlineLevel[] = [
  { degrees: 360, steps: 50, fromZoom: 0 },
  { degrees: 30, steps: 250, fromZoom: 4 },
  { degrees: 10, steps: 1000, fromZoom: 7 },
];

/** Tiles reach a little over their edge, so that no seam shows where two of them meet. In degrees. */
export const OUTLINE_OVERLAP = 0.1;

/** A line as `x0, y0, dx1, dy1, …`: longitude and latitude times the steps of the level. */
export type PackedLine = readonly number[];

export interface OutlineTile {
  /** Rings to fill, by the even-odd rule. */
  land: readonly PackedLine[];
  coast: readonly PackedLine[];
  borders: readonly PackedLine[];
  /** Only in the one tile of the world: ISO code, longitude and latitude of a country's name, and how wide it is in degrees. */
  names?: readonly (readonly [code: string, lon: number, lat: number, width: number])[];
}

/** Where a tile lies: column from 180° west, row from the south pole. */
export interface OutlineAddress {
  level: number;
  column: number;
  row: number;
}

/** The tiles of the world may be kept for as long as their drawing does not change: this is part of their address. */
export const OUTLINE_EDITION = "1";

/** The address a tile is fetched from. */
export function outlinePath({ level, column, row }: OutlineAddress): string {
  return `/outlines/${level}/${column}-${row}.json?edition=${OUTLINE_EDITION}`;
}

/** West, south, east, north of a tile, without what it overlaps. */
export function outlineBox({ level, column, row }: OutlineAddress): [number, number, number, number] {
  const { degrees } = OUTLINE_LEVELS[level]!;
  const west = -180 + column * degrees;
  const south = -90 + row * degrees;
  return [west, south, Math.min(180, west + degrees), Math.min(90, south + degrees)];
}

/** Whether there is such a tile. */
export function isOutline({ level, column, row }: OutlineAddress): boolean {
  const known = OUTLINE_LEVELS[level];
  if (!known || !Number.isInteger(column) || !Number.isInteger(row)) return false;
  return column >= 0 && row >= 0 && column * known.degrees < 360 && row * known.degrees < 180;
}

/** The level that a zoom of the map is drawn from. */
export function outlineLevel(zoom: number): number {
  return OUTLINE_LEVELS.findLastIndex(({ fromZoom }) => zoom >= fromZoom);
}

/** The tiles that a box of the map needs; the box must not cross the antimeridian. */
export function outlinesFor(level: number, [west, south, east, north]: readonly number[]): OutlineAddress[] {
  const { degrees } = OUTLINE_LEVELS[level]!;
  const first = (value: number, from: number) => Math.floor((value - from) / degrees);
  const columns = Math.ceil(360 / degrees);
  const rows = Math.ceil(180 / degrees);
  const found: OutlineAddress[] = [];
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
  for (
    let column = clamp(first(west!, -180), columns);
    column <= clamp(first(east!, -180), columns);
    column++
  )
    for (let row = clamp(first(south!, -90), rows); row <= clamp(first(north!, -90), rows); row++)
      found.push({ level, column, row });
  return found;
}

/** Calls `visit` with each point of a packed line, in degrees. */
export function eachPoint(
  line: PackedLine,
  steps: number,
  visit: (lon: number, lat: number, first: boolean) => void,
): void {
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < line.length; i += 2) {
    x += line[i]!;
    y += line[i + 1]!;
    visit(x / steps, y / steps, i === 0);
  }
}
