import { capCertainty } from "./cap-report.ts";
import { geoJsonGeometry } from "./geojson.ts";
import type { GeoJsonGeometry } from "./geojson.ts";
import { bearingDegrees, compassPoint } from "./geometry.ts";
import type { CompassPoint } from "./geometry.ts";
import { isRoadReport, mayLeave, nothingDrives } from "./report-record.ts";
import type { ReportKind, ReportRecord, ReportSeverity } from "./report-record.ts";
import { cleanLine } from "./safe-text.ts";
import { shortened } from "./shortened-text.ts";
import { isTimeZone, utcSeconds, wallClock } from "./timestamps.ts";

/**
 * Road events as Open511 v1 in JSON (https://www.open511.org, "Events"). Names beginning with + are ours, as its
 * guidelines mark what is not theirs.
 */

export interface Open511Road {
  name: string;
  state?: "CLOSED" | "SOME_LANES_CLOSED" | "SINGLE_LANE_ALTERNATING" | "ALL_LANES_OPEN";
  direction?: CompassPoint | "BOTH";
  restrictions?: { restriction_type: "WIDTH" | "WEIGHT"; value: number }[];
}

export interface Open511Event {
  url: string;
  jurisdiction_url: string;
  id: string;
  status: "ACTIVE" | "ARCHIVED";
  headline: string;
  description?: string;
  event_type: "INCIDENT" | "WEATHER_CONDITION" | "ROAD_CONDITION";
  event_subtypes?: string[];
  severity: "MINOR" | "MODERATE" | "MAJOR" | "UNKNOWN";
  certainty: "OBSERVED" | "LIKELY" | "POSSIBLE";
  geography: GeoJsonGeometry;
  created: string;
  updated: string;
  timezone: string;
  schedule: { intervals: string[] };
  roads?: Open511Road[];
  detour?: string;
  attachments?: { url: string }[];
  "+passable"?: string;
  "+stale"?: boolean;
}

export interface Open511Options {
  /** A name of the internet in small letters, which begins every id: `lookout.example.org`. */
  jurisdiction: string;
  jurisdictionUrl: string;
  eventUrl: (report: ReportRecord) => string;
  headline: (report: ReportRecord) => string;
  unnamedRoad?: string;
}

export interface Open511Page {
  events: Open511Event[];
  pagination: { offset: number; next_url?: string };
  meta: { version: "v1"; url?: string };
}

/**
 * A report as an event, or null when it is none: it says nothing about a road, is unreviewed, withdrawn or a drill, for
 * which Open511 has no word.
 */
export function open511FromReport(report: ReportRecord, options: Open511Options): Open511Event | null {
  const certainty = capCertainty(report);
  if (report.drill || !isRoadReport(report) || !mayLeave(report) || certainty === null) return null;
  const timezone = report.time_zone && isTimeZone(report.time_zone) ? report.time_zone : "UTC";
  const subtypes = subtypesOf(report);
  return {
    url: options.eventUrl(report),
    jurisdiction_url: options.jurisdictionUrl,
    id: `${options.jurisdiction}/${report.id.replace(/[^a-zA-Z0-9_.-]/g, "_")}`,
    status: report.status === "active" ? "ACTIVE" : "ARCHIVED",
    headline: shortened(cleanLine(options.headline(report)), 499),
    ...(report.text ? { description: report.text } : {}),
    event_type: EVENT_TYPES[report.kind] ?? "ROAD_CONDITION",
    ...(subtypes.length > 0 ? { event_subtypes: subtypes } : {}),
    severity: SEVERITIES[report.severity],
    certainty: certainty.toUpperCase() as Open511Event["certainty"],
    geography: geoJsonGeometry(report.geometry),
    created: utcSeconds(report.created_at),
    updated: utcSeconds(report.updated_at),
    timezone,
    // Times of the place, without offset, as the schedule wants them.
    schedule: {
      intervals: [
        `${wallClock(report.observed_at, timezone)}/${report.expires_at ? wallClock(report.expires_at, timezone) : ""}`,
      ],
    },
    roads: [roadOf(report, options.unnamedRoad ?? "Unnamed road")],
    ...(report.bypass ? { detour: report.bypass } : {}),
    ...(report.source_url ? { attachments: [{ url: report.source_url }] } : {}),
    ...(report.passable ? { "+passable": report.passable } : {}),
    ...(report.stale ? { "+stale": true } : {}),
  };
}

/** One page of events. */
export function open511Page(
  reports: Iterable<ReportRecord>,
  options: Open511Options,
  { url, next_url, offset = 0 }: { url?: string; next_url?: string; offset?: number } = {},
): Open511Page {
  const events = [...reports].flatMap((report) => open511FromReport(report, options) ?? []);
  return {
    events,
    pagination: { offset, ...(next_url ? { next_url } : {}) },
    meta: { version: "v1", ...(url ? { url } : {}) },
  };
}

const EVENT_TYPES: Readonly<Partial<Record<ReportKind, Open511Event["event_type"]>>> = {
  landslide: "INCIDENT",
  fire: "INCIDENT",
  building: "INCIDENT",
  hazard: "INCIDENT",
  flood: "WEATHER_CONDITION",
};

const SEVERITIES: Readonly<Record<ReportSeverity, Open511Event["severity"]>> = {
  unknown: "UNKNOWN",
  minor: "MINOR",
  moderate: "MODERATE",
  severe: "MAJOR",
  extreme: "MAJOR",
};

function subtypesOf({ kind, state, passable }: ReportRecord): string[] {
  const subtypes: string[] = [];
  if (kind === "landslide") subtypes.push("OBSTRUCTION");
  if (kind === "flood") subtypes.push("SURFACE_WATER_HAZARD");
  if (kind === "fire") subtypes.push("FIRE");
  if (kind === "hazard" || kind === "building") subtypes.push("HAZARD");
  if (state === "passable_with_care") subtypes.push("PASSABLE_WITH_CARE");
  // Closed, yet something small gets through.
  if (passable === "foot" || passable === "motorcycle") subtypes.push("ALMOST_IMPASSABLE");
  return subtypes;
}

function roadOf(report: ReportRecord, unnamed: string): Open511Road {
  const { width_limit_m, weight_limit_t } = report;
  const restrictions: Open511Road["restrictions"] = [
    ...(width_limit_m === null ? [] : [{ restriction_type: "WIDTH" as const, value: width_limit_m }]),
    ...(weight_limit_t === null ? [] : [{ restriction_type: "WEIGHT" as const, value: weight_limit_t }]),
  ];
  const state = stateOf(report);
  return {
    name: cleanLine(report.road ?? report.place ?? "") || unnamed,
    // Where a state is told, so must be the direction.
    ...(state ? { state, direction: directionOf(report) } : {}),
    ...(restrictions.length > 0 ? { restrictions } : {}),
  };
}

function stateOf(report: ReportRecord): Open511Road["state"] {
  // Closed as people on the spot call it, even where something small gets through: `+passable` says what.
  if (report.state === "closed" || nothingDrives(report)) return "CLOSED";
  if (report.state === "single_lane") return "SINGLE_LANE_ALTERNATING";
  if (report.state === "open" || report.state === "passable_with_care") return "ALL_LANES_OPEN";
  return undefined;
}

function directionOf({ direction, geometry }: ReportRecord): CompassPoint | "BOTH" {
  if (direction === "both" || geometry.type === "Point") return "BOTH";
  const [first, last] = [geometry.coordinates[0]!, geometry.coordinates.at(-1)!];
  return compassPoint(direction === "forward" ? bearingDegrees(first, last) : bearingDegrees(last, first));
}
