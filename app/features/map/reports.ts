/** Reports from the ground as the site knows them, and the pure rules about them. Browser-safe. */
import { z } from "zod";
import {
  PASSABLE,
  REPORT_KINDS,
  REPORT_LOOPS,
  REPORT_SEVERITIES,
  REPORT_SOURCES,
  REPORT_STATUSES,
  ROAD_DIRECTIONS,
  ROAD_STATES,
  VERIFICATIONS,
  type ReportKind,
  type ReportRecord,
} from "../../formats/report-record.ts";
import { confidenceOfTally, type Confidence } from "./confidence.ts";

/** Why somebody asks staff to look at a report. */
export const FLAGS = ["wrong", "abuse", "privacy", "duplicate", "danger"] as const;
export type Flag = (typeof FLAGS)[number];

/** How the holder of a link moves a report along: the taker may finish and give back, the reporter may do all. */
export const LOOP_ACTS = ["done", "release", "confirm", "reopen", "withdraw"] as const;
export type LoopAct = (typeof LOOP_ACTS)[number];

/** Kinds that can say how a road is: state, largest vehicle, limits, direction, bypass. */
export const ROAD_KINDS: ReadonlySet<ReportKind> = new Set([
  "road",
  "bridge",
  "landslide",
  "flood",
  "fire",
  "hazard",
  "transport",
  "other",
]);

/** Longest texts, in characters as a reader counts them; the database holds the same bounds. */
export const REPORT_LIMITS = {
  text: 5_000,
  line: 300,
  name: 200,
  email: 254,
  phone: 40,
  expiryDays: 90,
  width: 100,
  weight: 500,
} as const;

/** How far a list within a box is counted; without a box every list is counted to its end. */
export const REPORT_COUNT_LIMIT = 1_000;

/** A protected report is shown in the middle of a cell of about this many metres. */
export const PROTECTED_METRES = 1_000;

/** Within this many metres a report of the same kind is offered for confirmation instead of a new one. */
export const SAME_PLACE_METRES = 500;

const position = z.tuple([z.number(), z.number()]);

export const reportGeometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Point"), coordinates: position }),
  z.object({ type: z.literal("LineString"), coordinates: z.array(position) }),
]);

/** A row of `public.reports`. */
export const reportRow = z.object({
  id: z.string(),
  event: z.string(),
  drill: z.boolean(),
  invented: z.boolean(),
  kind: z.enum(REPORT_KINDS),
  /** What the kind names is missing here and asked for. */
  needed: z.boolean(),
  /** Shown at a displaced place. */
  protected: z.boolean(),
  geometry: reportGeometry,
  lat: z.number(),
  lon: z.number(),
  precision_m: z.number().nullable(),
  road: z.string().nullable(),
  place: z.string().nullable(),
  state: z.enum(ROAD_STATES).nullable(),
  passable: z.enum(PASSABLE).nullable(),
  direction: z.enum(ROAD_DIRECTIONS),
  width_limit_m: z.number().nullable(),
  weight_limit_t: z.number().nullable(),
  cause: z.string().nullable(),
  bypass: z.string().nullable(),
  severity: z.enum(REPORT_SEVERITIES),
  text: z.string(),
  language: z.string().nullable(),
  observed_at: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  expires_at: z.string(),
  time_zone: z.string().nullable(),
  status: z.enum(REPORT_STATUSES),
  loop: z.enum(REPORT_LOOPS),
  taken_by: z.string().nullable(),
  taken_at: z.string().nullable(),
  done_at: z.string().nullable(),
  closed_at: z.string().nullable(),
  source: z.enum(REPORT_SOURCES),
  source_name: z.string().nullable(),
  source_url: z.string().nullable(),
  photo_id: z.string().nullable(),
  correct_text: z.string().nullable(),
  duplicate_of: z.string().nullable(),
  verification: z.enum(VERIFICATIONS),
  staff: z.enum(["verified", "false"]).nullable(),
  confirmations: z.number(),
  denials: z.number(),
  support: z.number(),
  opposition: z.number(),
  affirmed_at: z.string(),
  heard_at: z.string(),
  prior_support: z.number(),
  prior_opposition: z.number(),
  prior_callers: z.number(),
  prior_at: z.string().nullable(),
  stale_at: z.string(),
  stale: z.boolean(),
  publication: z.enum(["published", "held", "hidden", "placeholder"]),
  version: z.number(),
});
export type Report = z.infer<typeof reportRow>;

/** How far a report can be believed at that moment, from what the database added up. */
export function confidenceOfReport(report: Report, now: Date): Confidence {
  return confidenceOfTally(
    {
      confirmations: report.confirmations,
      denials: report.denials,
      support: report.support,
      opposition: report.opposition,
      affirmedAt: Date.parse(report.affirmed_at),
      heardAt: Date.parse(report.heard_at),
    },
    {
      kind: report.kind,
      expiresAt: Date.parse(report.expires_at),
      prior: {
        support: report.prior_support,
        opposition: report.prior_opposition,
        callers: report.prior_callers,
        at: report.prior_at === null ? 0 : Date.parse(report.prior_at),
      },
      staff: report.staff,
    },
    now.getTime(),
  );
}

/** A report in the words of the API and of every format. `url` is the address of its own page. */
export function toReportRecord(report: Report, url: string, now: Date): ReportRecord {
  const confidence = confidenceOfReport(report, now);
  return {
    id: report.id,
    kind: report.kind,
    needed: report.needed,
    geometry: report.geometry,
    precision_m: report.precision_m,
    road: report.road,
    place: report.place,
    state: report.state,
    passable: report.passable,
    direction: report.direction,
    width_limit_m: report.width_limit_m,
    weight_limit_t: report.weight_limit_t,
    cause: report.cause,
    bypass: report.bypass,
    severity: report.severity,
    text: report.text,
    language: report.language,
    observed_at: utc(report.observed_at),
    created_at: utc(report.created_at),
    updated_at: utc(report.updated_at),
    expires_at: utc(report.expires_at),
    time_zone: report.time_zone,
    confidence: Math.round(confidence.value * 100) / 100,
    confirmations: report.confirmations,
    denials: report.denials,
    stale: confidence.stale,
    status: report.status,
    loop: report.loop,
    verification: report.verification,
    source: report.source,
    source_name: report.source_name,
    source_url: report.source_url,
    url,
    event: report.event,
    drill: report.drill,
  };
}

function utc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Whether a report of this kind is shown at a displaced place: whoever asks for help, and private places. */
export function isProtected(report: { kind: ReportKind; needed?: boolean; private?: boolean }): boolean {
  return report.kind === "volunteers_needed" || report.needed === true || report.private === true;
}
