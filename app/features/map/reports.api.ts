/** Reports as the API takes and gives them: GeoJSON. Pure. */
import { z } from "zod";
import { reportFeature, type GeoJsonFeature } from "../../formats/geojson.ts";
import { readBbox } from "../../formats/geometry.ts";
import { moment, type ApiOperation } from "../../formats/openapi.ts";
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
} from "../../formats/report-record.ts";
import { lineWithin } from "../../formats/simplify-line.ts";
import { readTimestamp } from "../../formats/timestamps.ts";
import { VERDICTS } from "./confidence.ts";
import { REPORT_LIMITS, toReportRecord, type Report } from "./reports.ts";
import type { Cluster, Confirmation } from "./reports.server.ts";

const mostRows = 200;

const bbox = z
  .string()
  .transform((text, context) => {
    const read = readBbox(text);
    if ("bbox" in read) return read.bbox;
    context.issues.push({ code: "custom", message: read.token, input: text });
    return z.NEVER;
  })
  .describe("west,south,east,north in degrees; west beyond east crosses the antimeridian.");

const since = z
  .string()
  .transform((text, context) => {
    const read = readTimestamp(text);
    if ("iso" in read) return read.iso;
    context.issues.push({ code: "custom", message: read.token, input: text });
    return z.NEVER;
  })
  .describe("Seen at this time or later, RFC 3339 with its offset.");

const flag = z.enum(["true", "false"], { error: "answer_invalid" }).transform((word) => word === "true");

const filter = {
  event: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "event_unknown")
    .optional()
    .describe("Slug of an event. Drills are only found by their own slug."),
  kind: z
    .string()
    .transform((text) => text.split(",").slice(0, REPORT_KINDS.length))
    .pipe(z.array(z.enum(REPORT_KINDS, { error: "kind_unknown" })))
    .optional()
    .describe("One kind or several, parted by commas."),
  state: z.enum(ROAD_STATES, { error: "state_unknown" }).optional(),
  passable: z
    .enum(PASSABLE, { error: "passable_unknown" })
    .optional()
    .describe("What lets a vehicle of this size pass, as far as it says."),
  since: since.optional(),
  status: z.enum(REPORT_STATUSES, { error: "status_unknown" }).optional().describe("active unless told."),
  loop: z.enum(REPORT_LOOPS, { error: "answer_invalid" }).optional(),
  stale: flag.optional(),
  needed: flag.optional(),
  source: z.enum(REPORT_SOURCES, { error: "answer_invalid" }).optional(),
};

/** What may be asked of the list. What makes no sense is refused: a program should hear of it. */
export const reportsQuery = z.object({
  bbox: bbox.optional(),
  ...filter,
  sort: z.enum(["newest", "place"], { error: "answer_invalid" }).optional().describe("newest unless told."),
  limit: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : value),
    z.int("limit_invalid").min(1, "limit_invalid").max(mostRows, "limit_invalid").default(50),
  ),
  cursor: z.string().max(1_000, "cursor_invalid").optional().describe("The next of the page before."),
});

/** What may be asked of the clusters: a view, and what to show in it. */
export const clustersQuery = z.object({
  bbox: bbox.optional(),
  zoom: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value),
    z.int("zoom_invalid").min(0, "zoom_invalid").max(22, "zoom_invalid").default(2),
  ),
  ...filter,
});

const position = z.array(z.number()).min(2);
const geometry = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("Point"), coordinates: position }),
    z.object({ type: z.literal("LineString"), coordinates: z.array(position) }),
    z.object({ type: z.literal("MultiLineString"), coordinates: z.array(z.array(position)) }),
  ])
  .describe(
    "A line that crosses the antimeridian is cut there. Who asks for help is shown about a kilometre off.",
  );

const properties = z.looseObject({
  id: z.string(),
  kind: z.enum(REPORT_KINDS),
  needed: z.boolean().describe("What the kind names is missing here and asked for."),
  state: z.enum(ROAD_STATES).nullable(),
  passable: z.enum(PASSABLE).nullable().describe("The largest that passes."),
  direction: z.enum(ROAD_DIRECTIONS),
  width_limit_m: z.number().nullable(),
  weight_limit_t: z.number().nullable(),
  road: z.string().nullable(),
  place: z.string().nullable(),
  cause: z.string().nullable(),
  bypass: z.string().nullable(),
  severity: z.enum(REPORT_SEVERITIES),
  text: z.string(),
  observed_at: moment,
  updated_at: moment,
  expires_at: moment.nullable(),
  time_zone: z.string().nullable().describe("IANA zone of the place."),
  confidence: z.number().nullable().describe("0 to 1, as it stands now."),
  confirmations: z.int(),
  denials: z.int(),
  stale: z.boolean(),
  status: z.enum(REPORT_STATUSES),
  loop: z.enum(REPORT_LOOPS),
  verification: z.enum(VERIFICATIONS),
  source_url: z.string().nullable(),
  source: z.enum(REPORT_SOURCES).describe("Somebody on the spot, a copy, another system, or an authority."),
  source_name: z.string().nullable(),
  photo_url: z.string().nullable(),
  event: z.string().nullable(),
  drill: z.boolean().describe("True when it is an exercise: nobody is in danger."),
  precision_m: z.number().nullable().describe("How far off the place may be."),
});

export const apiReport = z.object({
  type: z.literal("Feature"),
  id: z.string(),
  geometry,
  properties,
});

export const apiReportList = z.object({
  type: z.literal("FeatureCollection"),
  bbox: z.array(z.number()).optional(),
  features: z.array(apiReport),
  next: z.string().nullable(),
  total: z.int().nullable().describe("Null where there are more than a thousand in the box."),
});

export const apiReportWithWords = apiReport.extend({
  words: z
    .array(z.object({ verdict: z.enum(VERDICTS), said_at: moment, by_reporter: z.boolean() }))
    .describe("What was said of it, newest first: of each caller the newest word."),
});

/** What the answer to a view needs of a single report; the rest is at its own address. */
const OF_SINGLES = [
  "id", "kind", "needed", "state", "passable", "severity", "text", "observed_at", "updated_at", "confidence",
  "confirmations", "denials", "stale", "status", "loop", "verification", "source_url", "event", "drill", "road", "place",
  "precision_m", "source", "source_name",
] as const; // prettier-ignore

const single = z.object({
  type: z.literal("Feature"),
  id: z.string(),
  geometry,
  properties: properties.pick({
    id: true, kind: true, needed: true, state: true, passable: true, severity: true, text: true, observed_at: true,
    updated_at: true, confidence: true, confirmations: true, denials: true, stale: true, status: true, loop: true,
    verification: true, source_url: true, event: true, drill: true, road: true, place: true, precision_m: true,
    source: true, source_name: true,
  } satisfies Record<(typeof OF_SINGLES)[number], true>),
}); // prettier-ignore

const clusterFeature = z.object({
  type: z.literal("Feature"),
  id: z.string().describe("level/x/y of the cell: the same wherever the map is moved."),
  geometry: z.object({ type: z.literal("Point"), coordinates: position }),
  properties: z.object({
    cluster: z.literal(true),
    count: z.int(),
    worst_severity: z.enum(REPORT_SEVERITIES),
    newest: moment,
  }),
});

export const apiClusters = z.object({
  type: z.literal("FeatureCollection"),
  bbox: z.array(z.number()).describe("The cells that were counted; they reach beyond the view."),
  features: z
    .array(z.union([clusterFeature, single]))
    .describe("A cell with one report is that report, with at most 140 characters of its text."),
  total: z.int().describe("The sum of the counts, single reports being one each."),
});

/** A report as the API gives it. */
export function toApiReport(report: Report, publicUrl: string, now: Date): GeoJsonFeature {
  const feature = reportFeature(toReportRecord(report, `${publicUrl}/map/reports/${report.id}`, now));
  return {
    ...feature,
    properties: {
      ...feature.properties,
      photo_url: report.photo_id === null ? null : `${publicUrl}/photos/${report.photo_id}.jpg`,
    },
  };
}

/** The same with what was said of it. */
export function toApiReportWithWords(
  report: Report,
  confirmations: readonly Confirmation[],
  publicUrl: string,
  now: Date,
) {
  return {
    ...toApiReport(report, publicUrl, now),
    words: confirmations.map(({ verdict, said_at, by_reporter }) => ({ verdict, said_at, by_reporter })),
  };
}

/** Corners a single line has on a map of a few hundred of them; all of them stand at its own address. */
const CORNERS_OF_SINGLES = 40;

/** A cell of the grid as the API gives it: a cluster, or the one report in it, its line thinned to what a map can show. */
export function toApiCluster(cluster: Cluster, publicUrl: string, now: Date): GeoJsonFeature {
  if (cluster.report === null) {
    return {
      type: "Feature",
      id: cluster.id,
      geometry: { type: "Point", coordinates: [round(cluster.position[0]), round(cluster.position[1])] },
      properties: {
        cluster: true,
        count: cluster.count,
        worst_severity: cluster.worst_severity,
        newest: new Date(cluster.newest).toISOString(),
      },
    };
  }
  const { geometry } = cluster.report;
  const coordinates =
    geometry.type === "LineString" ? lineWithin(geometry.coordinates, CORNERS_OF_SINGLES, 1_000_000) : null;
  const feature = toApiReport(
    coordinates === null
      ? cluster.report
      : {
          ...cluster.report,
          geometry: { type: "LineString", coordinates: coordinates.map(([lon, lat]) => [lon, lat]) },
        },
    publicUrl,
    now,
  );
  return {
    ...feature,
    properties: Object.fromEntries(OF_SINGLES.map((name) => [name, feature.properties[name]])),
  };
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

const words = (max: number) => z.string().max(max).optional();

/** The body of a post, for readers: `reportSchema` decides. */
export const reportBody = z.object({
  event: z.string().default("everyday").describe("Slug of an open event."),
  kind: z.enum(REPORT_KINDS),
  needed: z
    .boolean()
    .optional()
    .describe("What the kind names is missing here. Such a report is shown about a kilometre off."),
  state: z.enum(ROAD_STATES).optional(),
  passable: z.enum(PASSABLE).optional(),
  direction: z.enum(ROAD_DIRECTIONS).optional().describe("Of the traffic meant, along the line as drawn."),
  width_limit_m: z.number().positive().max(REPORT_LIMITS.width).optional(),
  weight_limit_t: z.number().positive().max(REPORT_LIMITS.weight).optional(),
  severity: z.enum(REPORT_SEVERITIES).optional(),
  text: words(REPORT_LIMITS.text),
  geometry: z
    .looseObject({ type: z.enum(["Point", "LineString"]), coordinates: z.array(z.unknown()) })
    .optional()
    .describe("GeoJSON. Or lat and lon, or coordinates in any notation, or near, or a known place by name."),
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
  coordinates: words(2_000),
  near: words(500).describe("Id of a report in the same place."),
  place: words(REPORT_LIMITS.line),
  road: words(REPORT_LIMITS.line),
  cause: words(REPORT_LIMITS.line),
  bypass: words(REPORT_LIMITS.text),
  observed_at: z
    .string()
    .optional()
    .describe("RFC 3339, or the clock on the wall of time_zone. Now unless told."),
  time_zone: words(60).describe("IANA zone of the place; that of the event unless told."),
  source_url: words(2_000),
  private: z.boolean().optional().describe("Show the place about a kilometre off."),
  author_name: words(REPORT_LIMITS.name).describe("For staff; never shown."),
  author_email: words(REPORT_LIMITS.email).describe("For staff; never shown."),
  author_phone: words(REPORT_LIMITS.phone).describe("For staff; never shown."),
  expiry_days: z.int().min(1).max(REPORT_LIMITS.expiryDays).default(30),
  sure: z
    .boolean()
    .optional()
    .describe(
      "Take what was questioned: a place outside the event, at 0, 0 or exchanged, a line across itself, an early time.",
    ),
  client_id: z.uuid().optional().describe("The same as an Idempotency-Key."),
});

export const confirmationBody = z.object({ verdict: z.enum(VERDICTS), client_id: z.uuid().optional() });

export const postedReport = z.object({
  id: z.string(),
  url: z.string(),
  manage_url: z.string().describe("Secret: whoever has it may change and delete the report. Shown once."),
  held: z.boolean().describe("True when it waits for a person's decision."),
});

export const postedConfirmation = z.object({
  id: z.string().describe("Of the report."),
  url: z.string(),
  counted: z.boolean().describe("False for the reporter's own word."),
  confirmations: z.int(),
  denials: z.int(),
  loop: z.enum(REPORT_LOOPS),
});

const id = "The id of a report, a UUID.";
const posting = [400, 409, 413, 415, 422, 429, 503];

/** The calls about reports. */
export const reportOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/reports",
    id: "listReports",
    tag: "reports",
    summary: "Published reports as GeoJSON, newest sighting first.",
    query: reportsQuery,
    answer: {
      status: 200,
      description: "Up to limit reports.",
      content: { name: "ReportList", schema: apiReportList },
    },
    refusals: [422, 503],
  },
  {
    method: "post",
    path: "/api/v1/reports",
    id: "postReport",
    tag: "reports",
    summary: "Posts a report, with the fields of the form.",
    body: { name: "NewReport", schema: reportBody },
    answer: { status: 201, description: "Posted.", content: { name: "PostedReport", schema: postedReport } },
    refusals: posting,
  },
  {
    method: "get",
    path: "/api/v1/reports/clusters",
    id: "clusterReports",
    tag: "reports",
    summary: "How many reports stand in each cell of a view; where there is one, the report.",
    query: clustersQuery,
    answer: {
      status: 200,
      description: "One feature a cell.",
      content: { name: "ReportClusters", schema: apiClusters },
    },
    refusals: [422, 503],
  },
  {
    method: "get",
    path: "/api/v1/reports/{id}",
    id: "getReport",
    tag: "reports",
    summary: "A published report and what was said of it.",
    pathParameters: { id },
    answer: {
      status: 200,
      description: "The report.",
      content: { name: "ReportWithWords", schema: apiReportWithWords },
    },
    refusals: [404, 410, 503],
  },
  {
    method: "post",
    path: "/api/v1/reports/{id}/confirmations",
    id: "confirmReport",
    tag: "reports",
    summary: "Says of a report that it is still so, changed, cleared or wrong.",
    pathParameters: { id },
    body: { name: "NewConfirmation", schema: confirmationBody },
    answer: {
      status: 201,
      description: "Heard.",
      content: { name: "PostedConfirmation", schema: postedConfirmation },
    },
    refusals: [...posting, 404, 410],
  },
];
