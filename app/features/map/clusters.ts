import type { Bbox, Position } from "../../formats/geometry.ts";

/**
 * The global grid of clusters: a cell of level L is the web-mercator tile L/x/y, everywhere and for everybody the same, so
 * that a cluster keeps its name while the map is moved. Pure.
 */

/** The finest level there is; a cell is some ten metres wide. */
export const FINEST_LEVEL = 22;

/** Cells of half a tile's width, 64 pixels on a usual map, unless that would be more than fit an answer. */
const FINER_THAN_ZOOM = 2;

/** How many cells an answer may have. With a report in each it stays under 100 kB. */
const MOST_CELLS = 150;

/** Columns and rows of cells that cover a view. The columns go round the back where `x0` is greater than `x1`. */
export interface CellRange {
  level: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

const LIMIT = 85.0511287798;

/** Where a place stands on the web-mercator square, 0 to 1 from the west and from the north. */
function onSquare([lon, lat]: Position): [number, number] {
  const sine = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * The cells of a view. The level follows from the zoom and from the size of the view alone, never from where it is, so
 * that it stays while the map is moved.
 */
export function cellsOfView([west, south, east, north]: Bbox, zoom: number): CellRange {
  const [left, top] = onSquare([west, north]);
  const [right, bottom] = onSquare([east, south]);
  const width = Math.max(1e-9, right >= left ? right - left : 1 - left + right);
  const height = Math.max(1e-9, bottom - top);
  let level = Math.min(FINEST_LEVEL, Math.max(0, Math.round(zoom)) + FINER_THAN_ZOOM);
  while (level > 0 && Math.ceil(width * 2 ** level) * Math.ceil(height * 2 ** level) > MOST_CELLS) level -= 1;
  return rangeAt(level, { left, top, right, bottom });
}

function rangeAt(
  level: number,
  { left, top, right, bottom }: Record<"left" | "top" | "right" | "bottom", number>,
): CellRange {
  const side = 2 ** level;
  const cell = (share: number) => Math.min(side - 1, Math.max(0, Math.floor(share * side)));
  const range = { level, x0: cell(left), x1: cell(right), y0: cell(top), y1: cell(bottom) };
  // A view that goes round and ends in the cell it began in covers all of them.
  return left > right && range.x0 <= range.x1 ? { ...range, x0: 0, x1: side - 1 } : range;
}

/** West, south, east and north of the cells of a range. */
export function bboxOfCells({ level, x0, x1, y0, y1 }: CellRange): Bbox {
  const side = 2 ** level;
  return [
    (x0 / side) * 360 - 180,
    y1 + 1 >= side ? -90 : latitudeOf((y1 + 1) / side),
    ((x1 + 1) / side) * 360 - 180,
    y0 === 0 ? 90 : latitudeOf(y0 / side),
  ];
}

/** The middle of a cell. */
export function middleOfCell(level: number, x: number, y: number): Position {
  const side = 2 ** level;
  return [((x + 0.5) / side) * 360 - 180, latitudeOf((y + 0.5) / side)];
}

function latitudeOf(share: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) * 180) / Math.PI;
}
