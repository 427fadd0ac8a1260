import type { Bbox, Polygon, Position } from "./geometry.ts";
import type { ReportKind, ReportSeverity } from "./report-record.ts";

/** What an authority says about a place, in one shape whoever said it. It stands beside reports, never among them. */

export const HAZARDS = [
  "earthquake",
  "tropical_cyclone",
  "flood",
  "volcano",
  "wildfire",
  "drought",
  "tsunami",
  "other",
] as const;
export type Hazard = (typeof HAZARDS)[number];

export interface OfficialText {
  /** BCP 47. */
  language: string;
  title: string;
  text: string;
  instruction?: string;
}

export interface OfficialArea {
  description: string;
  polygons: Polygon[];
  circles: { centre: Position; radius_m: number }[];
  geocodes: { name: string; value: string }[];
}

/** Times are RFC 3339 in UTC. */
export interface OfficialReport {
  source: "usgs" | "gdacs" | "cap";
  /** Its identity where it comes from, the same in every later version. */
  source_id: string;
  issuer: string;
  hazard: Hazard;
  kind: ReportKind;
  /** The level as the source spells it; quoted, never made into ours. */
  level: string | null;
  severity: ReportSeverity;
  /** How sure the source is, in the words of CAP 1.2, section 3.2.2, where it says so. */
  certainty: string | null;
  texts: OfficialText[];
  magnitude: { value: number; unit: string } | null;
  /** A place that stands for it on a map; null when only codes or words say where. */
  position: Position | null;
  bbox: Bbox | null;
  areas: OfficialArea[];
  observed_at: string | null;
  updated_at: string;
  expires_at: string | null;
  source_url: string | null;
  drill: boolean;
  /** True when it is over, withdrawn or cancelled. */
  ended: boolean;
  /** `source_id` of the messages this one replaces. */
  replaces: string[];
}

export type OfficialRefusal =
  | "feature_invalid"
  | "feature_broken"
  | "feature_too_large"
  | "id_missing"
  | "title_missing"
  | "time_invalid"
  | "coordinates_missing"
  | "coordinates_invalid"
  | "item_too_large";

/** What a feed holds, in its order; `line` is where the item begins (1-based). */
export type OfficialItem<Whole extends string = never> =
  | { kind: "official"; report: OfficialReport; line: number }
  | { kind: "refused"; line: number; source_id: string | null; token: OfficialRefusal }
  | { kind: "unreadable"; line: number; token: Whole };
