import {
  bboxOf,
  METRES_PER_DEGREE,
  unwrapped,
  type Bbox,
  type ReportGeometry,
} from "../../formats/geometry.ts";
import { OUTLINE_LEVELS, eachPoint, outlineLevel, outlinesFor, type PackedLine } from "./outlines.ts";
import { outlineTile } from "./outlines.server.ts";
import type { SmallMapDrawing } from "./small-map.tsx";

/** A picture of one place for pages without script: drawn here, so that it needs nothing but the page. */

export const SMALL_MAP = { width: 640, height: 360 } as const;

interface SmallMapOptions {
  /** Half a radius around a place that is shown only roughly, in metres. */
  about?: number | null;
  /** At least this far from one side to the other, in metres: a place alone says nothing without its surroundings. */
  breadth?: number;
}

/** Everything of the drawing as SVG paths, in the pixels of `SMALL_MAP`. */
export async function drawSmallMap(
  geometry: ReportGeometry,
  { about = null, breadth = 16_000 }: SmallMapOptions = {},
): Promise<SmallMapDrawing> {
  const { width } = SMALL_MAP;
  const frame = frameOf(geometry, breadth);
  const scale = width / (frame.east - frame.west);
  const top = mercator(frame.north);
  const project = (lon: number, lat: number): [number, number] => [
    (lon - frame.west) * scale,
    (top - mercator(lat)) * scale,
  ];
  const zoom = Math.log2((scale * 360) / 256);
  const level = outlineLevel(zoom);
  const { steps } = OUTLINE_LEVELS[level]!;
  const boxes: Bbox[] =
    frame.east > 180
      ? [
          [frame.west, frame.south, 180, frame.north],
          [-180, frame.south, frame.east - 360, frame.north],
        ]
      : [[frame.west, frame.south, frame.east, frame.north]];
  const tiles = (
    await Promise.all(
      boxes.flatMap((box, copy) =>
        outlinesFor(level, box).map(async (address) => ({
          tile: await outlineTile(address),
          turn: copy * 360,
        })),
      ),
    )
  ).flat();
  const path = (lines: readonly PackedLine[], turn: number, close: boolean) =>
    lines.map((line) => svgPath(line, steps, (lon, lat) => project(lon + turn, lat), close)).join("");
  const drawn = unwrapped(geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates).map(
    ([lon, lat]) => project(lon < frame.west ? lon + 360 : lon > frame.east ? lon - 360 : lon, lat),
  );
  const metresPerPixel =
    (METRES_PER_DEGREE * Math.cos((((frame.north + frame.south) / 2) * Math.PI) / 180)) / scale;
  return {
    land: tiles.map(({ tile, turn }) => path(tile.land, turn, true)).join(""),
    coast: tiles.map(({ tile, turn }) => path(tile.coast, turn, false)).join(""),
    borders: tiles.map(({ tile, turn }) => path(tile.borders, turn, false)).join(""),
    net: netOf(frame, project),
    line: drawn.length > 1 ? `M${drawn.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}` : null,
    // A line that is hardly to be seen gets a ring around it.
    spot: isLong(drawn) ? null : [round(drawn[0]![0]), round(drawn[0]![1])],
    about: about === null || drawn.length > 1 ? null : round(about / metresPerPixel),
    bar: scaleBar(metresPerPixel),
  };
}

function isLong(drawn: readonly (readonly [number, number])[]): boolean {
  const length = drawn.reduce(
    (sum, [x, y], i) => (i === 0 ? 0 : sum + Math.hypot(x - drawn[i - 1]![0], y - drawn[i - 1]![1])),
    0,
  );
  return length > 40;
}

interface Frame {
  west: number;
  south: number;
  /** Beyond 180 where the frame crosses the antimeridian. */
  east: number;
  north: number;
}

function frameOf(geometry: ReportGeometry, breadth: number): Frame {
  const { width, height } = SMALL_MAP;
  const [west, south, rawEast, north] = bboxOf([geometry])!;
  const east = rawEast < west ? rawEast + 360 : rawEast;
  const middleY = (mercator(south) + mercator(north)) / 2;
  const lat = unmercator(middleY);
  const least = breadth / (METRES_PER_DEGREE * Math.max(0.05, Math.cos((lat * Math.PI) / 180)));
  const degrees = Math.min(
    340,
    Math.max(least, (east - west) * 1.5, ((mercator(north) - mercator(south)) * 1.5 * width) / height),
  );
  const middle = (west + east) / 2;
  const half = (degrees * height) / width / 2;
  const left = middle - degrees / 2;
  const turn = left < -180 ? 360 : 0;
  return {
    west: left + turn,
    east: middle + degrees / 2 + turn,
    south: unmercator(middleY - half),
    north: unmercator(middleY + half),
  };
}

/** Latitude on the mercator scale, in degrees at the equator. */
function mercator(lat: number): number {
  const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return (Math.log((1 + sine) / (1 - sine)) / 2) * (180 / Math.PI);
}

function unmercator(y: number): number {
  const bounded = Math.max(-179.9, Math.min(179.9, y));
  return (Math.atan(Math.sinh((bounded * Math.PI) / 180)) * 180) / Math.PI;
}

function svgPath(
  line: PackedLine,
  steps: number,
  project: (lon: number, lat: number) => [number, number],
  close: boolean,
): string {
  const { width, height } = SMALL_MAP;
  let text = "";
  let last: [number, number] | null = null;
  let near = false;
  eachPoint(line, steps, (lon, lat) => {
    const [x, y] = project(lon, lat);
    const point: [number, number] = [Math.round(x), Math.round(y)];
    // What lies far outside the picture needs no detail; what falls on the same pixel needs no second point.
    if (last && Math.abs(last[0] - point[0]) + Math.abs(last[1] - point[1]) < 2) return;
    const outside = x < -width || x > 2 * width || y < -height || y > 2 * height;
    if (!outside) near = true;
    text += `${text === "" ? "M" : "L"}${Math.max(-9999, Math.min(9999, point[0]))} ${Math.max(-9999, Math.min(9999, point[1]))}`;
    last = point;
  });
  if (!close && !near) return "";
  return close && text !== "" ? `${text}Z` : text;
}

function netOf(
  { west, south, east, north }: Frame,
  project: (lon: number, lat: number) => [number, number],
): string {
  const { width, height } = SMALL_MAP;
  const wanted = (east - west) / 4;
  const step = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].find((one) => one <= wanted) ?? 0.01;
  let text = "";
  for (let lon = Math.ceil(west / step) * step; lon < east; lon += step)
    text += `M${round(project(lon, 0)[0])} 0V${height}`;
  for (let lat = Math.ceil(south / step) * step; lat < north; lat += step)
    text += `M0 ${round(project(west, lat)[1])}H${width}`;
  return text;
}

function scaleBar(metresPerPixel: number): { pixels: number; metres: number } {
  const longest = 160 * metresPerPixel;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = [5, 2, 1].map((digit) => digit * power).find((one) => one <= longest) ?? power;
  return { pixels: Math.round(metres / metresPerPixel), metres };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
