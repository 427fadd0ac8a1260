import { bboxOf, normalLongitude, roundPosition, unwrapped, withRightHandRule } from "./geometry.ts";
import type { Bbox, Polygon, Position, ReportGeometry } from "./geometry.ts";
import type { ReportRecord } from "./report-record.ts";

/** GeoJSON (RFC 7946) as we write it: longitude first, WGS 84, right-hand rule, boxes that may cross the antimeridian. */

/** MIME type (RFC 7946, section 12). */
export const GEOJSON_MEDIA_TYPE = "application/geo+json";

/** Six decimals are a hand's breadth (section 11.2 warns of more). */
const DIGITS = 6;

export type GeoJsonGeometry =
  | ReportGeometry
  | Polygon
  | { type: "MultiLineString"; coordinates: Position[][] }
  | { type: "MultiPolygon"; coordinates: (readonly (readonly Position[])[])[] };

export interface GeoJsonFeature {
  type: "Feature";
  id?: string;
  geometry: GeoJsonGeometry | null;
  properties: Record<string, unknown>;
}

export interface GeoJsonCollection {
  type: "FeatureCollection";
  bbox?: Bbox;
  features: GeoJsonFeature[];
}

/** What is told about a report. A list, so that nothing a record brings along beside these ever leaves with it. */
export const REPORT_PROPERTIES = [
  "id",
  "kind",
  "state",
  "passable",
  "severity",
  "text",
  "language",
  "observed_at",
  "created_at",
  "updated_at",
  "expires_at",
  "time_zone",
  "confidence",
  "confirmations",
  "denials",
  "stale",
  "status",
  "loop",
  "verification",
  "source_url",
  "url",
  "event",
  "drill",
  "road",
  "place",
  "direction",
  "width_limit_m",
  "weight_limit_t",
  "cause",
  "bypass",
  "precision_m",
  "source",
  "source_name",
  "needed",
] as const satisfies readonly Exclude<keyof ReportRecord, "geometry">[];

/** One report as a Feature (section 3.2), under the names of the API. */
export function reportFeature(report: ReportRecord): GeoJsonFeature {
  return {
    type: "Feature",
    id: report.id,
    geometry: geoJsonGeometry(report.geometry),
    properties: Object.fromEntries(REPORT_PROPERTIES.map((name) => [name, report[name]])),
  };
}

/** A FeatureCollection of reports with its box (sections 3.3 and 5). Without reports it has none. */
export function reportCollection(reports: Iterable<ReportRecord>): GeoJsonCollection {
  const all = [...reports];
  const bbox = bboxOf(all.map(({ geometry }) => geometry));
  return {
    type: "FeatureCollection",
    ...(bbox ? { bbox: roundBbox(bbox) } : {}),
    features: all.map(reportFeature),
  };
}

/** The same in pieces, one report each, so that an export of any size needs memory for one. `bbox` if it is known. */
export async function* geoJsonChunks(
  reports: Iterable<ReportRecord> | AsyncIterable<ReportRecord>,
  bbox: Bbox | null = null,
): AsyncGenerator<string> {
  yield `{"type":"FeatureCollection",${bbox ? `"bbox":${JSON.stringify(roundBbox(bbox))},` : ""}"features":[`;
  let first = true;
  for await (const report of reports) {
    yield `${first ? "\n" : ",\n"}${JSON.stringify(reportFeature(report))}`;
    first = false;
  }
  yield "\n]}\n";
}

/**
 * A geometry as GeoJSON wants it: rounded, polygons by the right-hand rule (section 3.1.6), and lines that cross the
 * antimeridian cut there (section 3.1.9).
 */
export function geoJsonGeometry(geometry: ReportGeometry | Polygon): GeoJsonGeometry {
  if (geometry.type === "Point")
    return { type: "Point", coordinates: roundPosition(geometry.coordinates, DIGITS) };
  if (geometry.type === "Polygon") {
    const { coordinates } = withRightHandRule(geometry);
    return { type: "Polygon", coordinates: coordinates.map(rounded) };
  }
  const parts = cutAtAntimeridian(geometry.coordinates).map(rounded);
  return parts.length === 1
    ? { type: "LineString", coordinates: parts[0]! }
    : { type: "MultiLineString", coordinates: parts };
}

/** Polygons as one geometry. */
export function polygonsGeometry(polygons: readonly Polygon[]): GeoJsonGeometry {
  const right = polygons.map(withRightHandRule).map(({ coordinates }) => coordinates.map(rounded));
  return right.length === 1
    ? { type: "Polygon", coordinates: right[0]! }
    : { type: "MultiPolygon", coordinates: right };
}

/** A line in parts, none of which crosses the antimeridian. */
function cutAtAntimeridian(positions: readonly Position[]): Position[][] {
  const path = unwrapped(positions);
  const parts: Position[][] = [[positions[0]!]];
  for (let i = 1; i < path.length; i += 1) {
    const [a, b] = [path[i - 1]!, path[i]!];
    const [turnA, turnB] = [a, b].map(([lon]) => Math.floor((lon + 180) / 360)) as [number, number];
    // A step to the meridian itself does not cross it.
    const crosses =
      turnA !== turnB && Math.abs(positions[i - 1]![0]) !== 180 && Math.abs(positions[i]![0]) !== 180;
    if (crosses) {
      const meridian = Math.max(turnA, turnB) * 360 - 180;
      const lat = a[1] + ((b[1] - a[1]) * (meridian - a[0])) / (b[0] - a[0]);
      parts.at(-1)!.push([b[0] > a[0] ? 180 : -180, lat]);
      parts.push([[b[0] > a[0] ? -180 : 180, lat]]);
    }
    parts.at(-1)!.push([normalLongitude(positions[i]![0]), positions[i]![1]]);
  }
  return parts;
}

function rounded(positions: readonly Position[]): Position[] {
  return positions.map((position) => roundPosition(position, DIGITS));
}

function roundBbox([west, south, east, north]: Bbox): Bbox {
  const [[w, s], [e, n]] = [roundPosition([west, south], DIGITS), roundPosition([east, north], DIGITS)];
  return [w, s, e, n];
}
