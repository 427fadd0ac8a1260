/** Reads and writes reports: the only file that names their views and commands. */
import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import {
  placeAlong,
  roundPosition,
  type Bbox,
  type Position,
  type ReportGeometry,
} from "../../formats/geometry.ts";
import {
  REPORT_LOOPS,
  REPORT_SEVERITIES,
  REPORT_STATUSES,
  type Passable,
  type ReportKind,
  type ReportLoop,
  type ReportSeverity,
  type ReportStatus,
  type RoadState,
} from "../../formats/report-record.ts";
import { exactly, unwrap, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { placePhoto, type StoredPhoto } from "../../platform/photo.server.ts";
import { freshToken, hashOf, looksLikeToken, manageToken } from "../../platform/secret-links.server.ts";
import type { MapCaller } from "./caller.ts";
import { bboxOfCells, cellsOfView, middleOfCell } from "./clusters.ts";
import { VERDICTS } from "./confidence.ts";
import { REPORT_COUNT_LIMIT, reportGeometry, reportRow, type LoopAct, type Report } from "./reports.ts";
import type {
  ConfirmInput,
  EditReportInput,
  FlagInput,
  GivenPlace,
  ReportInput,
  TakeInput,
} from "./reports.schema.ts";

const REPORT_COLUMNS = Object.keys(reportRow.shape).join(",");

export interface ReportFilter {
  event?: string | undefined;
  kind?: readonly ReportKind[] | undefined;
  state?: RoadState | undefined;
  /** What lets a vehicle of this size pass, as far as it says. */
  passable?: Passable | undefined;
  /** Seen at this time or later, RFC 3339. */
  since?: string | undefined;
  /** Active ones unless it says otherwise. */
  status?: ReportStatus | undefined;
  loop?: ReportLoop | undefined;
  stale?: boolean | undefined;
  needed?: boolean | undefined;
  source?: Report["source"] | undefined;
  /** Those whose shown place, or any part of whose line's box, lies in this box. */
  bbox?: Bbox | undefined;
}

export interface ReportPage {
  items: Report[];
  next: string | null;
  /** Within a box counted up to REPORT_COUNT_LIMIT and null beyond. */
  total: number | null;
}

/**
 * Published reports, newest sighting first, or with `sort: "place"` by road and place, as a convoy reads them. Drills
 * only by the slug of their event. Fails with `cursor_invalid` for a cursor of another list.
 */
export async function listReports(
  db: Db,
  query: ReportFilter & { sort?: "newest" | "place" | undefined; cursor?: string | undefined; limit: number },
): Promise<ReportPage> {
  const { sort = "newest", cursor, limit, ...filter } = query;
  const scope = scopeOf({ ...filter, sort });
  const from: Start = cursor === undefined ? {} : startOf(scope, cursor, sort);
  const asked = { ...filter, kind: filter.kind ?? [] };
  const [rows, counted] = await Promise.all([
    db.rpc("list_reports", { p: { ...asked, ...from, sort, limit: limit + 1 } }),
    db.rpc("count_reports", { p: asked }),
  ]);
  const reports = z.array(reportRow).parse(unwrap(rows));
  const items = reports.slice(0, limit);
  const last = items.at(-1);
  const total = z.number().parse(unwrap(counted));
  const more = reports.length > limit && last !== undefined;
  const offset = from.offset ?? 0;
  return {
    items,
    next: !more
      ? null
      : sort === "place"
        ? encodeCursor(scope, [offset + limit])
        : encodeCursor(scope, [last.observed_at, last.id]),
    total: filter.bbox !== undefined && total > REPORT_COUNT_LIMIT ? null : total,
  };
}

/** Where a page begins: after a row, or after so many. */
interface Start {
  before?: string;
  before_id?: string;
  offset?: number;
}

function startOf(scope: string, cursor: string, sort: "newest" | "place"): Start {
  const refused = new Failure("invalid", "cursor_invalid", { field: "cursor" });
  const place = decodeCursor(scope, cursor, sort === "place" ? 1 : 2);
  if (!place) throw refused;
  if (sort === "place") {
    const [offset] = place;
    if (!Number.isSafeInteger(offset) || (offset as number) < 0 || (offset as number) > 1_000_000)
      throw refused;
    return { offset: offset as number };
  }
  const [before, before_id] = place;
  if (!isTimestamp(before) || !isUuid(before_id)) throw refused;
  return { before, before_id };
}

/** How many published reports a filter leaves; within a box counted no further than REPORT_COUNT_LIMIT + 1. */
export async function countReports(db: Db, filter: ReportFilter): Promise<number> {
  return z.number().parse(
    unwrap(
      await db.rpc("count_reports", {
        p: { ...filter, kind: filter.kind ?? [], limit: REPORT_COUNT_LIMIT + 1 },
      }),
    ),
  );
}

/** All published reports of a filter, in pages, for exports and feeds. */
export async function* eachReport(db: Db, filter: ReportFilter, most = 1_000_000): AsyncGenerator<Report> {
  let from: { before?: string; before_id?: string } = {};
  for (let given = 0; given < most;) {
    const limit = Math.min(500, most - given);
    const rows = z
      .array(reportRow)
      .parse(
        unwrap(await db.rpc("list_reports", { p: { ...filter, kind: filter.kind ?? [], ...from, limit } })),
      );
    yield* rows;
    given += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    from = { before: last.observed_at, before_id: last.id };
  }
}

const cellRow = z.object({
  x: z.number(),
  y: z.number(),
  reports: z.number(),
  worst: z.enum(REPORT_SEVERITIES),
  newest: z.string(),
  lon: z.number().nullable(),
  lat: z.number().nullable(),
  report: reportRow.nullable(),
});

/** What stands in one cell of the grid: several reports, or one. */
export interface Cluster {
  /** `level/x/y`: the same wherever the map is moved. */
  id: string;
  position: Position;
  count: number;
  worst_severity: ReportSeverity;
  newest: string;
  /** The one report, with at most 140 characters of its text and its middle for a line. */
  report: Report | null;
}

export interface ClusterPage {
  clusters: Cluster[];
  /** The cells that were counted; they reach beyond the view on all sides. */
  bbox: Bbox;
  level: number;
  /** How many reports these cells hold: the sum of the counts. */
  total: number;
}

/**
 * Published reports by cell of the global grid, for a view of the map. A report is counted in the cell where it is shown,
 * a line where its middle lies.
 */
export async function clusterReports(
  db: Db,
  view: { bbox: Bbox; zoom: number },
  filter: Omit<ReportFilter, "bbox">,
): Promise<ClusterPage> {
  const range = cellsOfView(view.bbox, view.zoom);
  const rows = z
    .array(cellRow)
    .parse(unwrap(await db.rpc("cluster_reports", { p: { ...filter, kind: filter.kind ?? [], ...range } })));
  const clusters = rows.map(({ x, y, reports, worst, newest, lon, lat, report }): Cluster => {
    const middle = middleOfCell(range.level, x, y);
    return {
      id: `${range.level}/${x}/${y}`,
      position: report ? [report.lon, report.lat] : [lon ?? middle[0], lat ?? middle[1]],
      count: reports,
      worst_severity: worst,
      newest,
      report,
    };
  });
  return {
    clusters,
    bbox: bboxOfCells(range),
    level: range.level,
    total: clusters.reduce((sum, { count }) => sum + count, 0),
  };
}

const closure = z.object({
  needing: z.number(),
  taken: z.number(),
  done: z.number(),
  closed: z.number(),
  median_hours: z.number().nullable(),
});
export type EventClosure = z.infer<typeof closure>;

/** How many reports of an event needed somebody to act, and how many of them were closed and how soon. */
export async function eventClosure(db: Db, event: string): Promise<EventClosure> {
  const rows = z.array(closure).parse(unwrap(await db.rpc("event_closure", { p_event: event })));
  return rows[0] ?? { needing: 0, taken: 0, done: 0, closed: 0, median_hours: null };
}

const confirmationRow = z.object({
  id: z.string(),
  verdict: z.enum(VERDICTS),
  said_at: z.string(),
  by_reporter: z.boolean(),
});
export type Confirmation = z.infer<typeof confirmationRow>;

export interface ReportWithConfirmations {
  report: Report;
  /** Newest first. */
  confirmations: Confirmation[];
}

/**
 * A published report and what was said of it. Fails with `report_gone` when it was deleted or ran out, else with
 * `report_not_found`: the same for what is held or hidden and what never was.
 */
export async function getReport(db: Db, id: string): Promise<ReportWithConfirmations> {
  if (!isUuid(id)) throw new Failure("not_found", "report_not_found");
  const [reports, confirmations] = await Promise.all([
    db.from("reports").select(REPORT_COLUMNS).eq("id", id).limit(1),
    db
      .from("report_confirmations")
      .select("id,verdict,said_at,by_reporter")
      .eq("report_id", id)
      .order("said_at", { ascending: false })
      .limit(200),
  ]);
  const report = z.array(reportRow).parse(unwrap(reports))[0];
  if (report) return { report, confirmations: z.array(confirmationRow).parse(unwrap(confirmations)) };
  const gone = unwrap(await db.from("report_placeholders").select("id").eq("id", id).limit(1)) as unknown[];
  throw gone.length > 0 ? new Failure("gone", "report_gone") : new Failure("not_found", "report_not_found");
}

/** Published reports with these ids, in no order. */
export async function listReportsById(db: Db, ids: readonly string[]): Promise<Report[]> {
  const known = ids.filter(isUuid).slice(0, 100);
  if (known.length === 0) return [];
  return z.array(reportRow).parse(unwrap(await db.from("reports").select(REPORT_COLUMNS).in("id", known)));
}

const nearRow = z.object({ metres: z.number(), report: reportRow });

export interface NearReport {
  /** From the place asked for to where the report is shown. */
  metres: number;
  report: Report;
}

/** Active published reports around a place, nearest first; at most 100 within 100 km. */
export async function nearReports(
  db: Db,
  at: Position,
  query: { metres: number; kind?: ReportKind | undefined; event?: string | undefined; limit: number },
): Promise<NearReport[]> {
  return z.array(nearRow).parse(
    unwrap(
      await db.rpc("near_reports", {
        p_lat: at[1],
        p_lon: at[0],
        p_metres: query.metres,
        p_kind: query.kind ?? null,
        p_event: query.event ?? null,
        p_limit: query.limit,
      }),
    ),
  );
}

/** The published report of a place that has this name, newest first; null when nobody has used the name. */
async function reportAtPlace(db: Db, event: string, place: string): Promise<Report | null> {
  const rows = unwrap(
    await db
      .from("reports")
      .select(REPORT_COLUMNS)
      .filter("event", "in", exactly(event))
      .filter("place", "in", exactly(place))
      .order("observed_at", { ascending: false })
      .limit(1),
  );
  return z.array(reportRow).parse(rows)[0] ?? null;
}

/** A place as given, found: its geometry and how exact it is. */
export interface FoundPlace {
  geometry: ReportGeometry;
  precision_m: number | null;
}

/**
 * Finds where a report is. Near another report: where that one is shown. By name alone: where the newest report of that
 * name is shown, else somewhere in the event. Fails with `near_unknown` or `place_unknown` of the field.
 */
export async function findPlace(
  db: Db,
  where: GivenPlace,
  event: { slug: string; area: Bbox | null },
): Promise<FoundPlace> {
  if ("geometry" in where) return where;
  if ("near" in where) {
    const [other] = await listReportsById(db, [where.near]);
    if (!other) throw new Failure("invalid", "near_unknown", { field: "near" });
    return pointOf(other, 300);
  }
  const known = await reportAtPlace(db, event.slug, where.place);
  if (known) return pointOf(known, 2_000);
  throw new Failure("invalid", "place_unknown", { field: "place" });
}

function pointOf(report: Report, precision_m: number): FoundPlace {
  return {
    geometry: { type: "Point", coordinates: [report.lon, report.lat] },
    precision_m: Math.max(report.precision_m ?? 0, precision_m),
  };
}

const posted = z.object({ id: z.string(), held: z.boolean(), repeated: z.boolean().optional() });

export interface PostedReport {
  id: string;
  /** It waits for a person's decision before anybody sees it. */
  held: boolean;
  /** The same post came before; this is the first answer again. */
  repeated: boolean;
  /** Secret of the manage link, shown once. */
  manage: string;
}

/** What the route knows of a post besides its answers. */
export interface ReportSending {
  /** A digest of all that was sent, which tells a resend from another post under the same client id. */
  body: string;
  photo?: StoredPhoto | null;
  /** It was filled in as only a program would: it waits for a look. */
  held?: boolean;
}

/** Posts a report at a place that was found. A resend with the same client id and body gives the first answer again. */
export async function postReport(
  caller: MapCaller,
  input: ReportInput,
  place: FoundPlace,
  sending: ReportSending,
): Promise<PostedReport> {
  const { where: _where, client_id, ...answers } = input;
  const manage = manageToken(
    caller.secret,
    client_id === undefined ? null : { clientId: client_id, body: sending.body },
    "report-manage-link",
  );
  const photo = await placePhoto(caller.files, "reports", sending.photo ?? null);
  const answer = posted.parse(
    await caller.commands.call("post_report", {
      p: {
        ...answers,
        ...kept(place),
        ...sending,
        photo,
        client_id,
        id: randomUUID(),
        manage_hash: hashOf(manage),
        caller: caller.key,
        voice: caller.voice,
        language: caller.language,
        text_language: caller.language,
      },
    }),
  );
  return { ...answer, repeated: answer.repeated ?? false, manage };
}

/** A geometry as the commands take it: the place that stands for it, and the line if it is one. */
export function kept({ geometry, precision_m }: FoundPlace) {
  const [lon, lat] = roundPosition(placeAlong(geometry), 6);
  return {
    lat,
    lon,
    line:
      geometry.type === "LineString" ? geometry.coordinates.map((corner) => roundPosition(corner, 6)) : null,
    precision_m,
  };
}

const confirmed = z.object({
  id: z.string(),
  /** False for the reporter's own word. */
  counted: z.boolean(),
  confirmations: z.number(),
  denials: z.number(),
  loop: z.enum(REPORT_LOOPS),
  repeated: z.boolean().optional(),
});

/** Says of a report that it is still so, changed, cleared or wrong. Each caller has one word, the newest. */
export async function confirmReport(
  caller: MapCaller,
  id: string,
  input: ConfirmInput,
  body: string,
): Promise<z.infer<typeof confirmed>> {
  return confirmed.parse(
    await caller.commands.call("confirm_report", {
      p: { ...input, report_id: mustBeReportId(id), body, caller: caller.key, voice: caller.voice },
    }),
  );
}

/** Says by name that somebody takes care of it. Gives the secret of the taker's link. Fails with `report_taken`. */
export async function takeReport(
  caller: MapCaller,
  id: string,
  input: TakeInput,
  body: string,
): Promise<{ taker: string }> {
  const taker =
    input.client_id === undefined
      ? freshToken()
      : manageToken(caller.secret, { clientId: input.client_id, body: `${id} ${body}` }, "report-taker-link");
  await caller.commands.call("take_report", {
    p: {
      name: input.author_name,
      client_id: input.client_id,
      body,
      report_id: mustBeReportId(id),
      taker_hash: hashOf(taker),
      caller: caller.key,
      voice: caller.voice,
    },
  });
  return { taker };
}

const moved = z.object({ id: z.string(), loop: z.enum(REPORT_LOOPS), status: z.enum(REPORT_STATUSES) });

/** Moves a report along with the taker's or the manage link. Fails with `token_wrong` or `act_not_possible`. */
export async function moveReport(
  caller: MapCaller,
  id: string,
  link: { taker: string } | { manage: string },
  act: LoopAct,
): Promise<z.infer<typeof moved>> {
  return moved.parse(
    await caller.commands.call("move_report", {
      p: {
        act,
        report_id: mustBeReportId(id),
        caller: caller.key,
        ...("taker" in link ? { taker_hash: hashOf(link.taker) } : { manage_hash: hashOf(link.manage) }),
      },
    }),
  );
}

const ownReport = z.object({
  report: reportRow.extend({
    geometry: reportGeometry.nullable(),
    lat: z.number().nullable(),
    lon: z.number().nullable(),
  }),
  exact: z
    .object({
      lat: z.number(),
      lon: z.number(),
      line: z.array(z.tuple([z.number(), z.number()])).nullable(),
    })
    .nullable(),
  author: z.object({
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
  }),
  sealed: z.object({ reason: z.string(), sealed_at: z.string(), wipe_at: z.string() }).nullable(),
  confirmations: z.array(confirmationRow.omit({ id: true })),
});
export type OwnReport = z.infer<typeof ownReport>;

/** Everything the holder of the manage link may see, the exact place among it. Fails with `token_wrong` otherwise. */
export async function getOwnReport(caller: MapCaller, id: string, token: string | null): Promise<OwnReport> {
  const found =
    isUuid(id) && looksLikeToken(token)
      ? await caller.commands.call("read_own_report", {
          p: { report_id: id, manage_hash: hashOf(token), caller: caller.key },
        })
      : null;
  if (!found) throw new Failure("forbidden", "token_wrong");
  return ownReport.parse(found);
}

/** Corrects an own report; every answer is given anew. Fails with `changed_meanwhile`. */
export async function editReport(
  caller: MapCaller,
  id: string,
  token: string,
  input: EditReportInput,
  place: FoundPlace,
): Promise<void> {
  const { where: _where, ...answers } = input;
  await caller.commands.call("edit_report", { p: { ...answers, ...kept(place), ...own(caller, id, token) } });
}

/** Thirty days more. Gives the new last day. */
export async function extendReport(
  caller: MapCaller,
  id: string,
  token: string,
): Promise<{ expires_at: string }> {
  return z
    .object({ expires_at: z.string() })
    .parse(await caller.commands.call("extend_report", { p: own(caller, id, token) }));
}

/** Takes an own report away at once; it can be restored for three days. */
export async function deleteReport(
  caller: MapCaller,
  id: string,
  token: string,
): Promise<{ restore_until: string }> {
  return z
    .object({ restore_until: z.string() })
    .parse(await caller.commands.call("delete_report", { p: own(caller, id, token) }));
}

/** Brings a deleted or expired own report back while it is still kept. */
export async function restoreReport(caller: MapCaller, id: string, token: string): Promise<void> {
  await caller.commands.call("restore_report", { p: own(caller, id, token) });
}

function own(caller: MapCaller, id: string, token: string) {
  return { report_id: mustBeReportId(id), manage_hash: hashOf(token), caller: caller.key };
}

/** Asks staff to look at a report. */
export async function flagReport(caller: MapCaller, id: string, input: FlagInput): Promise<void> {
  await caller.commands.call("flag_report", {
    p: { ...input, report_id: mustBeReportId(id), caller: caller.key },
  });
}

/** A published photo of a report as JPEG bytes, or its path in storage; null when there is none to see. */
export async function findReportPhoto(
  db: Db,
  id: string,
): Promise<{ content: Buffer } | { path: string } | null> {
  if (!isUuid(id)) return null;
  const found = z
    .array(z.object({ content: z.string().nullable(), path: z.string().nullable() }))
    .parse(unwrap(await db.rpc("report_photo", { p_id: id })))[0];
  if (found?.content) return { content: Buffer.from(found.content, "base64") };
  return found?.path ? { path: found.path } : null;
}

/** Takes away what has run out and wipes what was kept long enough. Gives how many, and photo paths to remove. */
export async function expireReports(
  commands: MapCaller["commands"],
): Promise<{ sealed: number; photoPaths: string[] }> {
  let sealed = 0;
  for (;;) {
    const count = z.number().parse(await commands.call("seal_expired_reports", { p_limit: 500 }));
    sealed += count;
    if (count < 500) break;
  }
  const photoPaths = z.array(z.string()).parse(await commands.call("wipe_sealed_reports", { p_limit: 500 }));
  return { sealed, photoPaths };
}

function isUuid(value: unknown): value is string {
  return (
    typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value)
  );
}

function mustBeReportId(id: string): string {
  if (!isUuid(id)) throw new Failure("not_found", "report_not_found");
  return id;
}

function isTimestamp(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  );
}

function scopeOf(filter: object): string {
  return createHash("sha256").update(JSON.stringify(filter)).digest("base64url").slice(0, 12);
}
