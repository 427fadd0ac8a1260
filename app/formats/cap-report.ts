import type {
  CapAlert,
  CapArea,
  CapCategory,
  CapCertainty,
  CapResponseType,
  CapSeverity,
  CapUrgency,
  CapValue,
} from "./cap.ts";
import { distanceMetres, placeAlong } from "./geometry.ts";
import { bufferLine } from "./line-buffer.ts";
import { isRoadReport, nothingDrives } from "./report-record.ts";
import type { ReportKind, ReportRecord, ReportSeverity, Verification } from "./report-record.ts";
import { shortened } from "./shortened-text.ts";
import { utcSeconds } from "./timestamps.ts";

/** What a report is called in one language. */
export interface CapWording {
  /** BCP 47. */
  language: string;
  /** The kind in words: "Road closed by a landslide". */
  event: string;
  headline: string;
  description: string;
  instruction?: string;
  /** The place in words. */
  areaDesc: string;
  senderName?: string;
}

export interface CapExport {
  /** Who sends, by a name of the internet; the same for ever, for `references` are made of it. */
  sender: string;
  wordings: readonly CapWording[];
  /** When this version of the report came to be. */
  sent: string;
  /** `sent` of the versions that were exported before, oldest first. */
  earlier?: readonly string[];
  /** How far the report has been checked; the report's own unless told. */
  verification?: Verification;
  /** How far the area around a line or an exact point reaches, in metres. */
  reach?: number;
}

/**
 * A report as an alert, or null when there is nothing to send: unreviewed reports never leave, and what was never sent
 * is not cancelled.
 *
 * The first version is an Alert, later ones are Updates that refer to all before them, and a withdrawn report is a
 * Cancel (section 3.2.1). Drills are Exercises. Lines become polygons, because CAP has no lines; a point is a circle no
 * smaller than the position is exact.
 */
export function capFromReport(report: ReportRecord, options: CapExport): CapAlert | null {
  const { sender, sent, wordings, earlier = [], reach = 50 } = options;
  const certainty = capCertainty(report, options.verification);
  const before = earlier.filter((time) => utcSeconds(time) !== utcSeconds(sent));
  if (certainty === null || (report.status === "withdrawn" && before.length === 0)) return null;
  const ended = hasEnded(report);
  const place = capPlace(report, reach);
  return {
    identifier: capIdentifier(report.id, sent),
    sender,
    sent: utcSeconds(sent),
    status: report.drill ? "Exercise" : "Actual",
    msgType: before.length === 0 ? "Alert" : report.status === "withdrawn" ? "Cancel" : "Update",
    scope: "Public",
    code: [],
    // Section 3.2.1: an exercise should say which one it is.
    ...(report.drill ? { note: `Exercise ${report.event ?? ""}`.trim() } : {}),
    references: before.map((time) => ({ sender, identifier: capIdentifier(report.id, time), sent: time })),
    ...(report.event && /^[^\s"]+$/.test(report.event) ? { incidents: report.event } : {}),
    info: wordings.map((wording) => ({
      language: wording.language,
      category: [...CATEGORIES[report.kind]],
      event: wording.event,
      responseType: ended ? ["AllClear"] : responseTypes(report),
      urgency: ended ? "Past" : urgency(report),
      severity: SEVERITIES[report.severity],
      certainty,
      eventCode: [{ valueName: "kind", value: report.kind }],
      onset: report.observed_at,
      ...(report.expires_at ? { expires: report.expires_at } : {}),
      ...(wording.senderName ? { senderName: wording.senderName } : {}),
      // Section 3.2.2: a headline is best under 160 characters.
      headline: shortened(wording.headline, 160),
      description: wording.description,
      ...(wording.instruction ? { instruction: wording.instruction } : {}),
      web: report.url,
      parameter: parameters(report),
      resource: [],
      area: [{ areaDesc: wording.areaDesc, ...place, geocodes: [] }],
    })),
  };
}

/** The identifier of one version of a report. It follows from both, so that later versions can refer to it. */
export function capIdentifier(id: string, sent: string): string {
  return `report.${id}.${utcSeconds(sent).replace(/[-:TZ]/g, "")}`;
}

const CERTAINTIES: Readonly<Record<Verification, CapCertainty | null>> = {
  unreviewed: null,
  accepted: "Possible",
  confirmed: "Likely",
  verified: "Observed",
};

/**
 * How sure a report is in the words of section 3.2.2, rising only as it is checked; null when it may not leave at all.
 * A stale one was observed once, which is no longer an observation.
 */
export function capCertainty(
  report: Pick<ReportRecord, "verification" | "stale">,
  verification: Verification = report.verification,
): CapCertainty | null {
  const certainty = CERTAINTIES[verification];
  return certainty === "Observed" && report.stale ? "Likely" : certainty;
}

const SEVERITIES: Readonly<Record<ReportSeverity, CapSeverity>> = {
  unknown: "Unknown",
  minor: "Minor",
  moderate: "Moderate",
  severe: "Severe",
  extreme: "Extreme",
};

const CATEGORIES: Readonly<Record<ReportKind, readonly CapCategory[]>> = {
  road: ["Transport"],
  bridge: ["Transport", "Infra"],
  landslide: ["Geo", "Transport"],
  flood: ["Met"],
  fire: ["Fire"],
  building: ["Infra", "Safety"],
  hazard: ["Safety"],
  shelter: ["Rescue"],
  water: ["Infra", "Health"],
  food: ["Rescue"],
  medical: ["Health"],
  power: ["Infra"],
  communications: ["Infra"],
  transport: ["Transport"],
  volunteers_needed: ["Rescue"],
  other: ["Other"],
};

function hasEnded(report: ReportRecord): boolean {
  return report.status !== "active" || (isRoadReport(report) && report.state === "open");
}

function urgency({ severity }: ReportRecord): CapUrgency {
  if (severity === "unknown") return "Unknown";
  return severity === "extreme" || severity === "severe" ? "Immediate" : "Expected";
}

function responseTypes(report: ReportRecord): CapResponseType[] {
  if (nothingDrives(report) || ["landslide", "flood", "fire", "building", "hazard"].includes(report.kind)) {
    return ["Avoid"];
  }
  return ["Monitor"];
}

/** A scribble falls into more polygons than any receiver would draw; the circle around it says as much. */
const MOST_POLYGONS = 100;

function capPlace(report: ReportRecord, reach: number): Pick<CapArea, "polygons" | "circles"> {
  const metres = Math.max(reach, report.precision_m ?? 0);
  if (report.geometry.type === "Point") {
    return { polygons: [], circles: [{ centre: report.geometry.coordinates, radius_km: metres / 1_000 }] };
  }
  const polygons = bufferLine(report.geometry, { metres, most: MOST_POLYGONS });
  if (polygons.length > 0) {
    return { polygons: polygons.map(({ coordinates }) => [...coordinates[0]!]), circles: [] };
  }
  const centre = placeAlong(report.geometry);
  const farthest = report.geometry.coordinates.reduce(
    (far, at) => Math.max(far, distanceMetres(centre, at)),
    0,
  );
  return { polygons: [], circles: [{ centre, radius_km: (farthest + metres) / 1_000 }] };
}

function parameters(report: ReportRecord): CapValue[] {
  const all: [string, string | number | null][] = [
    ["needed", report.needed ? "true" : null],
    ["state", report.state],
    ["passable", report.passable],
    ["direction", isRoadReport(report) && report.geometry.type === "LineString" ? report.direction : null],
    ["width_limit_m", report.width_limit_m],
    ["weight_limit_t", report.weight_limit_t],
    ["confidence", report.confidence],
    ["confirmations", report.confirmations],
    ["denials", report.denials],
    ["loop", report.loop],
  ];
  return all.flatMap(([valueName, value]) => (value === null ? [] : [{ valueName, value: String(value) }]));
}
