import type { ReportGeometry } from "./geometry.ts";

/**
 * A report from the ground in the words of the API, which every format here writes and reads. The vocabulary is the
 * public one; a standard's own words stand in the file of that standard.
 */

export const REPORT_KINDS = [
  "road",
  "bridge",
  "landslide",
  "flood",
  "fire",
  "building",
  "hazard",
  "shelter",
  "water",
  "food",
  "medical",
  "power",
  "communications",
  "transport",
  "volunteers_needed",
  "other",
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** How the road is, worst first. */
export const ROAD_STATES = ["closed", "single_lane", "passable_with_care", "open"] as const;
export type RoadState = (typeof ROAD_STATES)[number];

/** The largest that passes, smallest first: what passes here lets everything before it pass. */
export const PASSABLE = ["none", "foot", "motorcycle", "four_wheel_drive", "car", "truck", "heavy"] as const;
export type Passable = (typeof PASSABLE)[number];

/** Mildest first. */
export const REPORT_SEVERITIES = ["unknown", "minor", "moderate", "severe", "extreme"] as const;
export type ReportSeverity = (typeof REPORT_SEVERITIES)[number];

/** `cleared`: it was so and is no longer. `withdrawn`: it should not have been said. */
export const REPORT_STATUSES = ["active", "cleared", "withdrawn"] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** What has been done about it. */
export const REPORT_LOOPS = ["open", "taken", "done", "confirmed"] as const;
export type ReportLoop = (typeof REPORT_LOOPS)[number];

/** Which traffic is meant, along the line as it is drawn. */
export const ROAD_DIRECTIONS = ["both", "forward", "backward"] as const;
export type RoadDirection = (typeof ROAD_DIRECTIONS)[number];

/**
 * How far a report has been checked, least first: seen by nobody, let through, confirmed by independent people on the
 * spot, verified by staff.
 */
export const VERIFICATIONS = ["unreviewed", "accepted", "confirmed", "verified"] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** Who speaks: somebody on the spot, somebody with a source to look up, another system, an authority. */
export const REPORT_SOURCES = ["crowd", "linked", "imported", "official"] as const;
export type ReportSource = (typeof REPORT_SOURCES)[number];

/** Times are RFC 3339 in UTC. */
export interface ReportRecord {
  id: string;
  kind: ReportKind;
  /** What the kind names is missing there and asked for; otherwise it is there, or in the way. */
  needed: boolean;
  geometry: ReportGeometry;
  /** How far the place may be from the true one on purpose: positions of protected reports are moved before they come here. */
  precision_m: number | null;
  /** The road by name or number, and the place in words. */
  road: string | null;
  place: string | null;
  state: RoadState | null;
  passable: Passable | null;
  direction: RoadDirection;
  width_limit_m: number | null;
  weight_limit_t: number | null;
  cause: string | null;
  bypass: string | null;
  severity: ReportSeverity;
  text: string;
  /** BCP 47 tag of `text`. */
  language: string | null;
  observed_at: string;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  /** IANA zone of the place. */
  time_zone: string | null;
  /** 0 to 1. */
  confidence: number | null;
  confirmations: number;
  denials: number;
  stale: boolean;
  status: ReportStatus;
  loop: ReportLoop;
  verification: Verification;
  source: ReportSource;
  /** The other system or the authority by name. */
  source_name: string | null;
  source_url: string | null;
  /** The report's own page. */
  url: string;
  event: string | null;
  drill: boolean;
}

/** A report that says how a road is. */
export type RoadReport = ReportRecord & ({ state: RoadState } | { passable: Passable });

/** True when the report says how a road is. */
export function isRoadReport(report: ReportRecord): report is RoadReport {
  return report.state !== null || report.passable !== null;
}

/**
 * True when no vehicle gets through: the road is closed and nothing drives on it. A closed road on which motorcycles
 * pass is not this, and neither is one of which only the passable vehicle is unknown but that is not closed.
 */
export function nothingDrives({ state, passable }: Pick<ReportRecord, "state" | "passable">): boolean {
  if (passable !== null) return (passable === "none" || passable === "foot") && state !== "open";
  return state === "closed";
}

/** True when a vehicle of that size passes, as far as the report says. An open road lets everything pass it does not exclude. */
export function passes(report: Pick<ReportRecord, "state" | "passable">, vehicle: Passable): boolean {
  if (report.passable === null) return report.state === "open";
  return PASSABLE.indexOf(report.passable) >= PASSABLE.indexOf(vehicle);
}

/** True when other systems may have it: reviewed by somebody, and not taken back. */
export function mayLeave({ verification, status }: Pick<ReportRecord, "verification" | "status">): boolean {
  return verification !== "unreviewed" && status !== "withdrawn";
}
