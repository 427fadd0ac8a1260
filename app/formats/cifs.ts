import { lineLengthMetres, splitLine } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { isRoadReport, mayLeave, nothingDrives } from "./report-record.ts";
import type { ReportRecord } from "./report-record.ts";
import { cleanLine } from "./safe-text.ts";
import { shortened } from "./shortened-text.ts";
import { utcWithOffset } from "./timestamps.ts";

/**
 * Closures for drivers' navigation: the Closure and Incident Feed Specification (CIFS) as Waze reads it, in JSON.
 * https://developers.google.com/waze/data-feed/cifs-specification
 */

/** An incident under the names of the specification's table "CIFS elements". */
export interface CifsIncident {
  id: string;
  type: "ROAD_CLOSED" | "HAZARD";
  subtype: string;
  /** `lat lon lat lon …` in the direction of the traffic that is meant, six decimals. */
  polyline: string;
  direction: "BOTH_DIRECTIONS" | "ONE_DIRECTION";
  street: string;
  starttime: string;
  endtime?: string;
  description: string;
  creationtime: string;
  updatetime: string;
  reference: string;
  url: string;
}

/** Why a report is not in the feed. */
export type CifsOmission =
  | "drill"
  | "not_reviewed"
  | "not_active"
  | "stale"
  | "not_a_road"
  | "road_open"
  | "no_line"
  | "line_too_short";

export interface CifsOptions {
  /** Who says so. */
  reference: string;
  /** What a road without a name is called; the specification wants one. */
  unnamedRoad?: string;
}

/** Shorter lines cannot be matched to a road; longer ones are not taken. */
export const CIFS_LENGTH = { shortest: 30, longest: 20_000 } as const;

/**
 * The incidents of a report, or why there are none. ROAD_CLOSED sends everybody another way, so it stands only where no
 * vehicle passes at all; what lets even motorcycles through is a HAZARD. Exercises and unreviewed or stale reports
 * never reach drivers. A line beyond 20 km becomes several incidents.
 */
export function cifsFromReport(
  report: ReportRecord,
  { reference, unnamedRoad = "Unnamed road" }: CifsOptions,
): CifsIncident[] | CifsOmission {
  if (report.drill) return "drill";
  if (!mayLeave(report)) return "not_reviewed";
  if (report.status !== "active") return "not_active";
  if (report.stale) return "stale";
  if (!isRoadReport(report)) return "not_a_road";
  if (report.state === "open") return "road_open";
  if (report.geometry.type !== "LineString") return "no_line";
  const { coordinates } = report.geometry;
  if (lineLengthMetres(coordinates) < CIFS_LENGTH.shortest) return "line_too_short";

  const closed = nothingDrives(report);
  // A hair less, so that rounding to six decimals never makes a part too long.
  const parts = splitLine(coordinates, CIFS_LENGTH.longest - 1);
  return parts.map((part, index) => ({
    id: parts.length === 1 ? report.id : `${report.id}-${index + 1}`,
    type: closed ? "ROAD_CLOSED" : "HAZARD",
    subtype: closed ? "ROAD_CLOSED_HAZARD" : hazardSubtype(report),
    polyline: polyline(report.direction === "backward" ? [...part].reverse() : part),
    direction: report.direction === "both" ? "BOTH_DIRECTIONS" : "ONE_DIRECTION",
    street: shortened(cleanLine(report.road ?? report.place ?? "") || unnamedRoad, 100),
    starttime: time(report.observed_at),
    ...(report.expires_at ? { endtime: time(report.expires_at) } : {}),
    description: shortened(cleanLine(report.text || report.cause || report.kind), 120),
    creationtime: time(report.created_at),
    updatetime: time(report.updated_at),
    reference,
    url: report.url,
  }));
}

/** The feed of what of these reports drivers may know. */
export function cifsFeed(
  reports: Iterable<ReportRecord>,
  options: CifsOptions,
): { incidents: CifsIncident[] } {
  const incidents: CifsIncident[] = [];
  for (const report of reports) {
    const made = cifsFromReport(report, options);
    if (typeof made !== "string") incidents.push(...made);
  }
  return { incidents };
}

function hazardSubtype({ kind, state }: ReportRecord): string {
  if (kind === "flood") return "HAZARD_WEATHER_FLOOD";
  if (state === "single_lane") return "HAZARD_ON_ROAD_LANE_CLOSED";
  return kind === "landslide" ? "HAZARD_ON_ROAD_OBJECT" : "HAZARD_ON_ROAD";
}

function polyline(positions: readonly Position[]): string {
  return positions.map(([lon, lat]) => `${degrees(lat)} ${degrees(lon)}`).join(" ");
}

function degrees(value: number): string {
  return value.toFixed(6).replace(/^-(0\.0+)$/, "$1");
}

function time(iso: string): string {
  return utcWithOffset(iso, "+00:00");
}
