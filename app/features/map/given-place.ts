import { readCoordinates } from "../../formats/coordinates.ts";
import type { Bbox, Position } from "../../formats/geometry.ts";

/**
 * The one field for a place holds a point a line. One line goes on as it was typed; several are a line on the map, and
 * go on as GeoJSON. What was typed stays what it was, so that a form that comes back shows it unchanged.
 */

type PlaceAnswers =
  { coordinates?: string | undefined; geometry?: string } | { field: "coordinates"; token: string };

/** What the schema of reports reads instead of the text of several lines. */
export function placeAnswers(text: unknown, area: Bbox | null): PlaceAnswers {
  const lines = (typeof text === "string" ? text : "")
    .split(/[\n;；]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length < 2) return { coordinates: lines[0] };
  const positions: Position[] = [];
  for (const line of lines) {
    const read = readCoordinates(line, area);
    if ("token" in read) return { field: "coordinates", token: read.token };
    positions.push(read.position);
  }
  return { geometry: JSON.stringify({ type: "LineString", coordinates: positions }) };
}
