import { readCoordinates } from "../../formats/coordinates.ts";
import type { Bbox, Position, ReportGeometry } from "../../formats/geometry.ts";

/**
 * A place as the form carries it, readable by people and by us: one point a line, latitude first. One line is a place,
 * several are a stretch of road. What was drawn and what was typed go the same way.
 */

/** "-43.53210, 172.63620", one point a line. Five decimals are a metre. */
export function placeText(positions: readonly Position[]): string {
  return positions.map(([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`).join("\n");
}

/** The points of a geometry in that form. */
export function geometryText(geometry: ReportGeometry): string {
  return placeText(geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates);
}

/**
 * The points a text names, in any notation, one a line; a semicolon ends a line too. Null when a line cannot be read.
 * `area`, where they should be, puts exchanged numbers right.
 */
export function readPlaceText(text: string, area: Bbox | null = null): Position[] | null {
  const found: Position[] = [];
  for (const line of text.split(/[\n;；]/)) {
    if (line.trim() === "") continue;
    const read = readCoordinates(line, area);
    if ("token" in read) return null;
    found.push(read.swapped === "suspected" && read.alternative ? read.alternative : read.position);
  }
  return found;
}
