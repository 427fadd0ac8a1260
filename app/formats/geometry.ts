/**
 * Points and lines on the globe, in the order of RFC 7946: longitude, then latitude, in degrees of WGS 84.
 *
 * The Earth is a sphere here: the error is under 0.6 %, less than a finger on a map. Edges run straight in longitude and
 * latitude, as RFC 7946 section 3.1.1 has it, and the shorter way around: a step of more than 180° of longitude is
 * taken to cross the antimeridian.
 */

/** Longitude, latitude. */
export type Position = readonly [lon: number, lat: number];

export interface Point {
  type: "Point";
  coordinates: Position;
}

export interface LineString {
  type: "LineString";
  coordinates: readonly Position[];
}

export interface Polygon {
  type: "Polygon";
  coordinates: readonly (readonly Position[])[];
}

/** Where a report is: one place, or a stretch of road. */
export type ReportGeometry = Point | LineString;

/** West, south, east, north (RFC 7946, section 5). West is greater than east when the box crosses the antimeridian. */
export type Bbox = readonly [west: number, south: number, east: number, north: number];

/** Why a geometry cannot be taken. */
export type GeometryRefusal =
  | "coordinates_missing"
  | "coordinates_invalid"
  | "latitude_out_of_range"
  | "longitude_out_of_range"
  | "coordinates_swapped"
  | "geometry_unknown"
  | "line_empty"
  | "line_one_point"
  | "line_no_length"
  | "line_tangled"
  | "too_many_vertices"
  | "ring_not_closed"
  | "ring_too_short"
  | "ring_crosses_itself"
  | "bbox_invalid";

/** What deserves a question before it is taken. The author may overrule each. */
export type GeometryWarning = "null_island" | "coordinates_swapped" | "outside_area" | "line_crosses_itself";

/** No road drawn by hand or walked with a receiver needs more; the drawing of a whole coast does. */
export const MAX_VERTICES = 10_000;

/** Mean radius of the Earth in metres (IUGG). */
export const EARTH_RADIUS = 6_371_008.8;

export const METRES_PER_DEGREE = (EARTH_RADIUS * Math.PI) / 180;

const radians = (degrees: number) => (degrees * Math.PI) / 180;
const degrees = (angle: number) => (angle * 180) / Math.PI;

/** What keeps two numbers from being a place, or null. Certain exchanges of the two are named as such. */
export function positionProblem(lon: unknown, lat: unknown): GeometryRefusal | null {
  if (typeof lon !== "number" || typeof lat !== "number") return "coordinates_invalid";
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) return "coordinates_invalid";
  if (Math.abs(lat) > 90 && Math.abs(lat) <= 180 && Math.abs(lon) <= 90) return "coordinates_swapped";
  if (Math.abs(lat) > 90) return "latitude_out_of_range";
  if (Math.abs(lon) > 180) return "longitude_out_of_range";
  return null;
}

/** Reads `[lon, lat]` or `[lon, lat, altitude]`; the altitude is dropped (RFC 7946, section 3.1.1). */
export function readPosition(value: unknown): { position: Position } | { token: GeometryRefusal } {
  if (!Array.isArray(value) || value.length === 0) return { token: "coordinates_missing" };
  if (value.length < 2) return { token: "coordinates_invalid" };
  const [lon, lat] = value as [unknown, unknown];
  const token = positionProblem(lon, lat);
  // Adding zero turns -0 into 0, which would be written as "-0" elsewhere.
  return token ? { token } : { position: [(lon as number) + 0, (lat as number) + 0] };
}

/**
 * Reads the positions of a line: at least two different ones, at most `MAX_VERTICES`; repeated neighbours fall
 * together. A line that crosses itself passes (spiral ramps do); `lineCrossesItself` tells.
 */
export function readLine(value: unknown): { line: LineString } | { token: GeometryRefusal } {
  const read = readPositions(value);
  if ("token" in read) return read;
  const { positions } = read;
  if (positions.length === 0) return { token: "line_empty" };
  if (positions.length === 1) return { token: "line_one_point" };
  const coordinates = withoutRepeats(positions);
  if (coordinates.length < 2) return { token: "line_no_length" };
  return { line: { type: "LineString", coordinates } };
}

/** Reads a ring (RFC 7946, section 3.1.6): closed, four positions or more, simple. */
export function readRing(value: unknown): { ring: Position[] } | { token: GeometryRefusal } {
  const read = readPositions(value);
  if ("token" in read) return read;
  const { positions } = read;
  if (positions.length === 0) return { token: "coordinates_missing" };
  if (!samePosition(positions[0]!, positions.at(-1)!)) return { token: "ring_not_closed" };
  const ring = withoutRepeats(positions);
  if (ring.length < 4) return { token: "ring_too_short" };
  const crossing = crossesItself(ring, true);
  if (crossing === "unknown") return { token: "line_tangled" };
  return crossing ? { token: "ring_crosses_itself" } : { ring };
}

/** Reads a GeoJSON Point or LineString. A line that is too tangled to examine is refused. */
export function readReportGeometry(
  value: unknown,
): { geometry: ReportGeometry } | { token: GeometryRefusal } {
  if (typeof value !== "object" || value === null) return { token: "coordinates_missing" };
  const { type, coordinates } = value as { type?: unknown; coordinates?: unknown };
  if (type === "Point") {
    const read = readPosition(coordinates);
    return "token" in read ? read : { geometry: { type: "Point", coordinates: read.position } };
  }
  if (type !== "LineString" && type !== "MultiLineString") return { token: "geometry_unknown" };
  const read = readLine(type === "LineString" ? coordinates : joinedParts(coordinates));
  if ("token" in read) return read;
  if (crossesItself(read.line.coordinates, false) === "unknown") return { token: "line_tangled" };
  return { geometry: read.line };
}

/**
 * The parts of a line as one, where each goes on at the end of the one before or was cut at the antimeridian
 * (RFC 7946, section 3.1.9). Anything else is several lines, which are several reports.
 */
function joinedParts(value: unknown): unknown {
  if (!Array.isArray(value)) return undefined;
  const all: unknown[] = [];
  for (const part of value) {
    if (!Array.isArray(part)) return undefined;
    const [last, first] = [all.at(-1), part[0]];
    if (all.length > 0 && !(Array.isArray(last) && Array.isArray(first) && meets(last, first))) {
      return undefined;
    }
    if (all.length + part.length > MAX_VERTICES * 2) return all.concat(part);
    for (const position of part) all.push(position);
  }
  return all;
}

function meets(a: unknown[], b: unknown[]): boolean {
  return (
    a[1] === b[1] && (a[0] === b[0] || (Math.abs(Number(a[0])) === 180 && Number(a[0]) === -Number(b[0])))
  );
}

function readPositions(value: unknown): { positions: Position[] } | { token: GeometryRefusal } {
  if (!Array.isArray(value)) return { token: "coordinates_missing" };
  if (value.length > MAX_VERTICES) return { token: "too_many_vertices" };
  const positions: Position[] = [];
  for (const item of value) {
    const read = readPosition(item);
    if ("token" in read) return read;
    positions.push(read.position);
  }
  return { positions };
}

function withoutRepeats(positions: readonly Position[]): Position[] {
  return positions.filter((position, index) => index === 0 || !samePosition(position, positions[index - 1]!));
}

function samePosition(a: Position, b: Position): boolean {
  return a[1] === b[1] && (a[0] === b[0] || Math.abs(a[0] - b[0]) === 360 || Math.abs(a[1]) === 90);
}

/**
 * What should be asked about a geometry before it is taken. `area` is where the event is: a place outside it whose
 * exchanged coordinates lie inside was most likely typed the wrong way round.
 */
export function geometryWarnings(geometry: ReportGeometry, area: Bbox | null = null): GeometryWarning[] {
  const positions = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
  const warnings: GeometryWarning[] = [];
  if (positions.some(([lon, lat]) => Math.abs(lon) < 0.01 && Math.abs(lat) < 0.01)) {
    warnings.push("null_island");
  }
  if (area && positions.some((position) => !bboxContains(area, position))) {
    const swapped = positions.every(([lon, lat]) => Math.abs(lon) <= 90 && bboxContains(area, [lat, lon]));
    warnings.push(swapped ? "coordinates_swapped" : "outside_area");
  }
  if (geometry.type === "LineString" && lineCrossesItself(geometry)) warnings.push("line_crosses_itself");
  return warnings;
}

/** True when two stretches of the line meet elsewhere than at a common end. A line that returns to its start does not. */
export function lineCrossesItself(line: LineString): boolean {
  return crossesItself(line.coordinates, false) !== false;
}

/** True when the ring has no stretch that meets another. */
export function ringIsSimple(ring: readonly Position[]): boolean {
  return crossesItself(ring, true) === false;
}

/** Longitudes made continuous: each step is the shorter way around, so values may leave ±180. */
export function unwrapped(positions: readonly Position[]): [number, number][] {
  let shift = 0;
  return positions.map(([lon, lat], index) => {
    const step = index === 0 ? 0 : lon - positions[index - 1]![0];
    if (step > 180) shift -= 360;
    else if (step < -180) shift += 360;
    return [lon + shift, lat];
  });
}

/** How many pairs of stretches are looked at before a line counts as tangled: some 20 ms. */
const MAX_PAIRS = 500_000;

/**
 * Looks for stretches that meet, through a tree of boxes over the line: neighbours on a line are neighbours on the map,
 * so most pairs are never looked at. Strokes drawn back and forth defeat the boxes; then the answer is `unknown`.
 */
function crossesItself(positions: readonly Position[], ring: boolean): boolean | "unknown" {
  const path = unwrapped(positions);
  const count = path.length - 1;
  const closed = ring || (count > 2 && path[0]![0] === path[count]![0] && path[0]![1] === path[count]![1]);
  if (count < 2) return false;

  let leaves = 1;
  while (leaves < count) leaves *= 2;
  const boxes = new Float64Array(leaves * 8);
  for (let node = leaves * 2 - 1; node >= 1; node -= 1) {
    const at = node * 4;
    if (node < leaves) {
      const [left, right] = [at * 2, at * 2 + 4];
      boxes[at] = Math.min(boxes[left]!, boxes[right]!);
      boxes[at + 1] = Math.min(boxes[left + 1]!, boxes[right + 1]!);
      boxes[at + 2] = Math.max(boxes[left + 2]!, boxes[right + 2]!);
      boxes[at + 3] = Math.max(boxes[left + 3]!, boxes[right + 3]!);
    } else if (node - leaves < count) {
      const [a, b] = [path[node - leaves]!, path[node - leaves + 1]!];
      boxes.set([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])], at);
    } else {
      boxes.set([Infinity, Infinity, -Infinity, -Infinity], at);
    }
  }

  let looked = 0;
  const pairs: number[] = [1, 1];
  while (pairs.length > 0) {
    const second = pairs.pop()!;
    const first = pairs.pop()!;
    looked += 1;
    if (looked > MAX_PAIRS) return "unknown";
    const [a, b] = [first * 4, second * 4];
    if (
      boxes[a]! > boxes[b + 2]! ||
      boxes[b]! > boxes[a + 2]! ||
      boxes[a + 1]! > boxes[b + 3]! ||
      boxes[b + 1]! > boxes[a + 3]!
    ) {
      continue;
    }
    if (first >= leaves) {
      const [i, j] = [first - leaves, second - leaves];
      if (i === j) continue;
      const next = j === i + 1 || (closed && i === 0 && j === count - 1);
      if (
        next ? foldsBack(path, i, j, count) : segmentsMeet(path[i]!, path[i + 1]!, path[j]!, path[j + 1]!)
      ) {
        return true;
      }
      continue;
    }
    if (first === second) {
      pairs.push(first * 2, first * 2, first * 2 + 1, first * 2 + 1, first * 2, first * 2 + 1);
      continue;
    }
    // The tree is complete, so both nodes stand at the same height.
    for (const left of [first * 2, first * 2 + 1]) pairs.push(left, second * 2, left, second * 2 + 1);
  }
  return false;
}

type Flat = readonly [number, number];

/** Two stretches with a common end meet elsewhere only when one lies back on the other. */
function foldsBack(path: readonly Flat[], i: number, j: number, count: number): boolean {
  const [before, corner, after] =
    j === i + 1 ? [path[i]!, path[j]!, path[j + 1]!] : [path[count - 1]!, path[0]!, path[1]!];
  const [ax, ay] = [before[0] - corner[0], before[1] - corner[1]];
  const [bx, by] = [after[0] - corner[0], after[1] - corner[1]];
  return ax * by - ay * bx === 0 && ax * bx + ay * by > 0;
}

function segmentsMeet(a: Flat, b: Flat, c: Flat, d: Flat): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  );
}

function turn(a: Flat, b: Flat, c: Flat): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function within(a: Flat, b: Flat, p: Flat): boolean {
  return (
    Math.min(a[0], b[0]) <= p[0] &&
    p[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= p[1] &&
    p[1] <= Math.max(a[1], b[1])
  );
}

/** A longitude within ±180; 180 stays 180. */
export function normalLongitude(lon: number): number {
  if (lon >= -180 && lon <= 180) return lon;
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** Metres between two places along the great circle. */
export function distanceMetres(a: Position, b: Position): number {
  const [latA, latB] = [radians(a[1]), radians(b[1])];
  const h =
    Math.sin((latB - latA) / 2) ** 2 +
    Math.cos(latA) * Math.cos(latB) * Math.sin(radians(b[0] - a[0]) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The direction in which one sets out from `a` to reach `b`: degrees from north, clockwise, 0 to under 360. */
export function bearingDegrees(a: Position, b: Position): number {
  const [latA, latB, turned] = [radians(a[1]), radians(b[1]), radians(b[0] - a[0])];
  const east = Math.sin(turned) * Math.cos(latB);
  const north = Math.cos(latA) * Math.sin(latB) - Math.sin(latA) * Math.cos(latB) * Math.cos(turned);
  return (degrees(Math.atan2(east, north)) + 360) % 360;
}

const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;
export type CompassPoint = (typeof COMPASS)[number];

/** The nearest of the eight points of the compass. */
export function compassPoint(bearing: number): CompassPoint {
  return COMPASS[Math.round((((bearing % 360) + 360) % 360) / 45) % 8]!;
}

/** The place reached from `start` by going `metres` along the great circle that sets out at `bearing`. */
export function destination(start: Position, bearing: number, metres: number): Position {
  const [lat, angle, course] = [radians(start[1]), metres / EARTH_RADIUS, radians(bearing)];
  const sine = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(course);
  const reached = Math.asin(Math.max(-1, Math.min(1, sine)));
  const east = Math.atan2(
    Math.sin(course) * Math.sin(angle) * Math.cos(lat),
    Math.cos(angle) - Math.sin(lat) * sine,
  );
  return [normalLongitude(start[0] + degrees(east)), degrees(reached)];
}

/** Length of a line in metres. */
export function lineLengthMetres(positions: readonly Position[]): number {
  let length = 0;
  for (let i = 1; i < positions.length; i += 1) length += distanceMetres(positions[i - 1]!, positions[i]!);
  return length;
}

/** The place a share of the way along a line, or the point itself. `share` runs from 0 to 1. */
export function placeAlong(geometry: ReportGeometry, share = 0.5): Position {
  if (geometry.type === "Point") return geometry.coordinates;
  const path = unwrapped(geometry.coordinates);
  let left = lineLengthMetres(geometry.coordinates) * Math.max(0, Math.min(1, share));
  for (let i = 1; i < path.length; i += 1) {
    const step = distanceMetres(geometry.coordinates[i - 1]!, geometry.coordinates[i]!);
    if (left <= step && step > 0) {
      const part = left / step;
      const [a, b] = [path[i - 1]!, path[i]!];
      return [normalLongitude(a[0] + (b[0] - a[0]) * part), a[1] + (b[1] - a[1]) * part];
    }
    left -= step;
  }
  return geometry.coordinates.at(-1)!;
}

/** A line as parts of equal length, none longer than `metres`. */
export function splitLine(positions: readonly Position[], metres: number): Position[][] {
  const total = lineLengthMetres(positions);
  const count = Math.max(1, Math.ceil(total / metres - 1e-9));
  if (count === 1) return [[...positions]];
  const path = unwrapped(positions);
  const parts: Position[][] = [[positions[0]!]];
  let gone = 0;
  for (let i = 1; i < path.length; i += 1) {
    const step = distanceMetres(positions[i - 1]!, positions[i]!);
    const [a, b] = [path[i - 1]!, path[i]!];
    while (parts.length < count && gone + step > (total * parts.length) / count) {
      const share = ((total * parts.length) / count - gone) / step;
      const cut: Position = [normalLongitude(a[0] + (b[0] - a[0]) * share), a[1] + (b[1] - a[1]) * share];
      parts.at(-1)!.push(cut);
      parts.push([cut]);
    }
    parts.at(-1)!.push(positions[i]!);
    gone += step;
  }
  return parts.map(withoutRepeats).filter((part) => part.length > 1);
}

/** A position with `digits` decimals; five are a metre. */
export function roundPosition([lon, lat]: Position, digits: number): Position {
  const round = (value: number) => Number(value.toFixed(digits)) + 0;
  return [round(lon), round(lat)];
}

/**
 * The middle of the cell of about `metres` that a place falls in. Every place of a cell gives the same answer, so asking
 * again tells nothing more: that is how a position is kept to a neighbourhood. Rows of cells have one height in
 * latitude; near the poles a row has fewer cells, at the pole itself one.
 */
export function roundToGrid([lon, lat]: Position, metres: number): Position {
  const rows = Math.max(1, Math.round((180 * METRES_PER_DEGREE) / metres));
  const height = 180 / rows;
  const row = Math.min(rows - 1, Math.floor((lat + 90) / height));
  const middle = -90 + (row + 0.5) * height;
  const around = 360 * METRES_PER_DEGREE * Math.cos(radians(middle));
  const columns = Math.max(1, Math.round(around / metres));
  const width = 360 / columns;
  const column = Math.min(columns - 1, Math.floor((normalLongitude(lon) + 180) / width));
  return roundPosition([-180 + (column + 0.5) * width, middle], 6);
}

/** True when a place lies in a box, on its edge too. */
export function bboxContains([west, south, east, north]: Bbox, [lon, lat]: Position): boolean {
  if (lat < south || lat > north) return false;
  if (west <= east)
    return (lon >= west && lon <= east) || (Math.abs(lon) === 180 && (east === 180 || west === -180));
  return lon >= west || lon <= east;
}

/**
 * Reads `west,south,east,north` as an address carries it. South above north is refused; west beyond east is a box that
 * crosses the antimeridian (RFC 7946, section 5.2).
 */
export function readBbox(text: string): { bbox: Bbox } | { token: "bbox_invalid" } {
  const parts = text.length > 200 ? [] : text.split(",");
  const numbers = parts.map((part) => (/^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(part) ? Number(part) : NaN));
  const [west, south, east, north] = numbers;
  if (numbers.length !== 4 || numbers.some((value) => !Number.isFinite(value)))
    return { token: "bbox_invalid" };
  if (Math.abs(west!) > 180 || Math.abs(east!) > 180 || south! < -90 || north! > 90 || south! > north!) {
    return { token: "bbox_invalid" };
  }
  return { bbox: [west! + 0, south! + 0, east! + 0, north! + 0] };
}

/**
 * The smallest box around geometries, or null around none (RFC 7946, section 5). It crosses the antimeridian when that
 * makes it narrower, and then its west is greater than its east (section 5.2).
 */
export function bboxOf(geometries: Iterable<ReportGeometry | Polygon>): Bbox | null {
  let [south, north] = [Infinity, -Infinity];
  const spans: [number, number][] = [];
  for (const geometry of geometries) {
    const paths =
      geometry.type === "Point"
        ? [[geometry.coordinates]]
        : geometry.type === "LineString"
          ? [geometry.coordinates]
          : geometry.coordinates.slice(0, 1);
    for (const path of paths) {
      let [west, east] = [Infinity, -Infinity];
      for (const [lon, lat] of unwrapped(path)) {
        [west, east] = [Math.min(west, lon), Math.max(east, lon)];
        [south, north] = [Math.min(south, lat), Math.max(north, lat)];
      }
      if (east >= west) spans.push([west, east]);
    }
  }
  if (spans.length === 0) return null;
  const [west, east] = narrowestSpan(spans);
  return [west, south, east, north];
}

/** The narrowest stretch of longitude that holds all spans: what is left when the widest gap is taken out. */
function narrowestSpan(spans: readonly (readonly [number, number])[]): [number, number] {
  if (spans.some(([west, east]) => east - west >= 360)) return [-180, 180];
  const turned = spans
    .map(([west, east]): [number, number] => {
      const start = west === 180 && east === 180 ? 180 : normalLongitude(west);
      return [start, start + (east - west)];
    })
    .sort((a, b) => a[0] - b[0]);
  // Without a gap that is wider, the box stays the plain one, cut at the antimeridian.
  let [reach, widest, west, east] = [turned[0]![1], -1, turned[0]![0], 0];
  for (const [start, end] of turned.slice(1)) {
    if (start - reach > widest && start > reach) {
      [widest, west, east] = [start - reach, start, reach];
    }
    reach = Math.max(reach, end);
  }
  const first = turned[0]![0];
  const around = first + 360 - reach;
  if (around < 0) return [-180, 180];
  if (around >= widest) return [first, reach > 180 ? reach - 360 : reach];
  return [west, east > 180 ? east - 360 : east];
}

/** Twice the area of a ring in square degrees, positive when it runs against the clock. */
export function signedArea(ring: readonly Position[]): number {
  const path = unwrapped(ring);
  let area = 0;
  for (let i = 1; i < path.length; i += 1) {
    area += path[i - 1]![0] * path[i]![1] - path[i]![0] * path[i - 1]![1];
  }
  return area;
}

/** A polygon with its outer ring against the clock and its holes with it (RFC 7946, section 3.1.6). */
export function withRightHandRule(polygon: Polygon): Polygon {
  return {
    type: "Polygon",
    coordinates: polygon.coordinates.map((ring, index) =>
      signedArea(ring) < 0 === (index === 0) ? [...ring].reverse() : ring,
    ),
  };
}
