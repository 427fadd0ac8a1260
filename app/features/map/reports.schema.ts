/**
 * What a visitor may send about a place or a road, in one place for pages and API. Answers come as text (forms) or as
 * JSON values (API); both pass here. Messages are tokens, the page says them in words.
 */
import { z } from "zod";
import { readCoordinate, readCoordinates } from "../../formats/coordinates.ts";
import {
  choice,
  clientId,
  email,
  line,
  noAnswer,
  paragraphs,
  phone,
  required,
  wholeNumber,
  yesNo,
} from "../../formats/form-fields.ts";
import {
  bboxContains,
  geometryWarnings,
  readReportGeometry,
  type Bbox,
  type GeometryWarning,
  type Position,
  type ReportGeometry,
} from "../../formats/geometry.ts";
import {
  PASSABLE,
  REPORT_KINDS,
  REPORT_SEVERITIES,
  ROAD_DIRECTIONS,
  ROAD_STATES,
} from "../../formats/report-record.ts";
import { lineWithin } from "../../formats/simplify-line.ts";
import { isTimeZone, readTimestamp, wallClock } from "../../formats/timestamps.ts";
import { webAddress } from "../../formats/web-address.ts";
import { VERDICTS } from "./confidence.ts";
import { FLAGS, LOOP_ACTS, REPORT_LIMITS, ROAD_KINDS } from "./reports.ts";

/** Corners of a line as it is kept, and how far it may be straightened to have no more, in metres. */
export const MOST_CORNERS = 2_000;
export const STRAIGHTENED = 16;

/** Where and when a report is judged: the box and zone of its event, and now. */
export interface Setting {
  now: Date;
  area: Bbox | null;
  /** IANA zone of the event, if it has one. */
  timeZone: string | null;
  /** When the event began. */
  startedAt: Date | null;
}

/** Fields of the form for a report, in the order a reader meets them. */
export const REPORT_FIELDS = [
  "event", "kind", "needed", "state", "passable", "direction", "width_limit_m", "weight_limit_t", "severity", "text",
  "coordinates", "lat", "lon", "geometry", "near", "place", "road", "cause", "bypass", "observed_at", "time_zone",
  "source_url", "private", "author_name", "author_email", "author_phone", "expiry_days", "sure", "client_id",
] as const; // prettier-ignore

/** The fields an author may correct by the manage link. */
export const EDIT_REPORT_FIELDS = [
  ...REPORT_FIELDS.filter((field) => field !== "client_id"),
  "version",
] as const;

const size = (most: number) =>
  z
    .unknown()
    .optional()
    .transform((value, context): number | undefined => {
      if (noAnswer(value)) return undefined;
      const typed = typeof value === "string" ? value.normalize("NFKC").trim().replace(",", ".") : value;
      const number =
        typeof typed === "string" && /^\d{1,4}(?:\.\d{1,3})?$/.test(typed) ? Number(typed) : typed;
      if (typeof number === "number" && number > 0 && number <= most) return number;
      context.issues.push({ code: "custom", message: "limit_of_road_invalid", input: value });
      return z.NEVER;
    });

const address = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    const read = typeof value === "string" ? webAddress(value) : null;
    if (read !== null && read.length <= 2_000) return read;
    context.issues.push({ code: "custom", message: "address_invalid", input: value });
    return z.NEVER;
  });

const zone = z
  .unknown()
  .optional()
  .transform((value, context): string | undefined => {
    if (noAnswer(value)) return undefined;
    if (typeof value === "string" && value.length <= 60 && isTimeZone(value)) return value;
    context.issues.push({ code: "custom", message: "time_zone_invalid", input: value });
    return z.NEVER;
  });

const raw = z.unknown().optional();

const event = z.preprocess(
  (value) => (noAnswer(value) ? "everyday" : value),
  z.string({ error: "event_unknown" }).regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "event_unknown"),
);

const fields = {
  event,
  kind: required(choice(REPORT_KINDS, "kind_required"), "kind_required"),
  needed: yesNo,
  state: choice(ROAD_STATES, "answer_invalid"),
  passable: choice(PASSABLE, "answer_invalid"),
  direction: choice(ROAD_DIRECTIONS, "answer_invalid"),
  width_limit_m: size(REPORT_LIMITS.width),
  weight_limit_t: size(REPORT_LIMITS.weight),
  severity: choice(REPORT_SEVERITIES, "answer_invalid"),
  text: paragraphs(REPORT_LIMITS.text, "text_too_long"),
  /** A place in any notation, in one field. */
  coordinates: line(2_000, "coordinates_not_understood"),
  lat: raw,
  lon: raw,
  /** A GeoJSON Point or LineString, as a value or as text. */
  geometry: raw,
  /** Another report, by id or address: this one is there too. */
  near: line(500, "near_unknown"),
  place: line(REPORT_LIMITS.line, "place_too_long"),
  road: line(REPORT_LIMITS.line, "place_too_long"),
  cause: line(REPORT_LIMITS.line, "text_too_long"),
  bypass: paragraphs(REPORT_LIMITS.text, "text_too_long"),
  observed_at: line(60, "time_invalid"),
  time_zone: zone,
  source_url: address,
  private: yesNo,
  author_name: line(REPORT_LIMITS.name, "author_name_too_long"),
  author_email: email,
  author_phone: phone,
  expiry_days: wholeNumber(1, REPORT_LIMITS.expiryDays, "report_expiry_invalid"),
  /** Overrules what was asked about place and time. */
  sure: yesNo,
};

/** Where a report is: a geometry, another report, or a place by name alone. */
export type GivenPlace =
  { geometry: ReportGeometry; precision_m: number | null } | { near: string } | { place: string };

const shape = z.object({ ...fields, client_id: clientId });
type Raw = z.output<typeof shape>;

/**
 * The schema of a report, judged in the setting of its event. Gives the answers with `where` (the place as given),
 * `observed_at` in UTC and `time_zone` settled. What deserves a question is refused once, as a token of the field, and
 * taken when `sure` is given.
 */
export function reportSchema(setting: Setting) {
  return shape.transform((value, context) => settled(value, setting, context));
}
export type ReportInput = z.output<ReturnType<typeof reportSchema>>;

/** The schema of a corrected report. `version` is the one that was read. */
export function editReportSchema(setting: Setting) {
  return z
    .object({ ...fields, version: required(wholeNumber(1, 9999, "changed_meanwhile"), "changed_meanwhile") })
    .transform((value, context) => settled(value, setting, context));
}
export type EditReportInput = z.output<ReturnType<typeof editReportSchema>>;

function settled<T extends Omit<Raw, "client_id">>(value: T, setting: Setting, context: z.RefinementCtx) {
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [field], message });
  const where = whereOf(value, setting.area, refuse);
  const time_zone = value.time_zone ?? setting.timeZone ?? zoneOf(where);
  const observed_at = observedAt(value.observed_at, time_zone, setting, value.sure === true, refuse);
  if (where && "geometry" in where && value.sure !== true) {
    const [warning] = geometryWarnings(where.geometry, setting.area);
    if (warning) refuse(fieldOfPlace(value), WARNINGS[warning]);
  }
  if (
    value.text === undefined &&
    value.state === undefined &&
    value.passable === undefined &&
    isBare(value)
  ) {
    refuse("text", "report_text_required");
  }
  const { coordinates: _c, lat: _a, lon: _o, geometry: _g, near: _n, sure: _s, ...answers } = value;
  const roadlike = ROAD_KINDS.has(value.kind);
  return {
    ...answers,
    // How a road is means nothing for water or power: an answer left over from another kind is dropped.
    ...(roadlike
      ? {}
      : {
          state: undefined,
          passable: undefined,
          direction: undefined,
          width_limit_m: undefined,
          weight_limit_t: undefined,
          bypass: undefined,
        }),
    where: where!,
    time_zone,
    observed_at,
  };
}

/** `other` says nothing by itself; a fire or water at a place does. */
function isBare({ kind }: Pick<Raw, "kind">): boolean {
  return kind === "other" || kind === "hazard" || kind === "volunteers_needed" || kind === "road";
}

const WARNINGS: Record<GeometryWarning, string> = {
  null_island: "place_at_zero",
  coordinates_swapped: "position_swapped",
  outside_area: "place_outside_event",
  line_crosses_itself: "line_crosses_itself",
};

/** The tokens that `sure` overrules; a page offers the tick beside them. */
export const QUESTIONS: ReadonlySet<string> = new Set([...Object.values(WARNINGS), "time_before_event"]);

type PlaceFields = Pick<Raw, "coordinates" | "lat" | "lon" | "geometry" | "near" | "place">;

function fieldOfPlace(value: PlaceFields): string {
  if (!noAnswer(value.geometry)) return "geometry";
  if (value.coordinates !== undefined) return "coordinates";
  return "lat";
}

/** The first way in which a place was given counts: drawn, typed in one field, typed in two, near another, by name. */
function whereOf(
  value: PlaceFields,
  area: Bbox | null,
  refuse: (field: string, token: string) => void,
): GivenPlace | null {
  if (!noAnswer(value.geometry)) {
    const read = drawn(value.geometry);
    if ("geometry" in read) return { geometry: read.geometry, precision_m: null };
    refuse("geometry", read.token);
    return null;
  }
  if (value.coordinates !== undefined) {
    const read = readCoordinates(value.coordinates, area);
    if ("token" in read) {
      refuse("coordinates", read.token);
      return null;
    }
    return {
      geometry: { type: "Point", coordinates: read.position },
      precision_m: precisionOf(read.precision_m),
    };
  }
  if (!noAnswer(value.lat) || !noAnswer(value.lon)) {
    const read = pair(value.lat, value.lon);
    if ("token" in read) refuse(read.field, read.token);
    else return { geometry: { type: "Point", coordinates: read.position }, precision_m: null };
    return null;
  }
  if (value.near !== undefined) {
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.exec(value.near)?.[0];
    if (id !== undefined) return { near: id.toLowerCase() };
    refuse("near", "near_unknown");
    return null;
  }
  if (value.place !== undefined) return { place: value.place };
  refuse("coordinates", "location_required");
  return null;
}

function drawn(value: unknown): { geometry: ReportGeometry } | { token: string } {
  let given = value;
  if (typeof value === "string") {
    if (value.length > 1_000_000) return { token: "too_many_vertices" };
    try {
      given = JSON.parse(value);
    } catch {
      return { token: "coordinates_invalid" };
    }
  }
  const read = readReportGeometry(given);
  if ("token" in read) return read;
  const { geometry } = read;
  if (geometry.type === "Point") return { geometry };
  const coordinates = lineWithin(geometry.coordinates, MOST_CORNERS, STRAIGHTENED);
  if (coordinates === null) return { token: "too_many_vertices" };
  return { geometry: { type: "LineString", coordinates } };
}

function pair(lat: unknown, lon: unknown): { position: Position } | { field: string; token: string } {
  const typed = (value: unknown) =>
    typeof value === "number"
      ? Number.isFinite(value)
        ? String(value)
        : "?"
      : typeof value === "string"
        ? value
        : "?";
  if (noAnswer(lat) || noAnswer(lon))
    return { field: noAnswer(lat) ? "lat" : "lon", token: "coordinates_missing" };
  // As one text the two are read with all that is known about notations and exchanged numbers.
  const [first, second] = [plain(typed(lat), "lat"), plain(typed(lon), "lon")];
  if ("token" in first) {
    // A latitude beyond 90 in its own field most likely changed places with its neighbour.
    const exchanged = first.token === "latitude_out_of_range" && "degrees" in plain(typed(lon), "lat");
    return { field: "lat", token: exchanged ? "position_swapped" : first.token };
  }
  if ("token" in second) return { field: "lon", token: second.token };
  return { position: [second.degrees, first.degrees] };
}

/** Numbers of a program come as `1e-7` too. */
function plain(text: string, axis: "lat" | "lon"): { degrees: number } | { token: string } {
  if (/^[+-]?\d+(?:\.\d+)?e[+-]?\d{1,3}$/i.test(text) && Number.isFinite(Number(text))) {
    return readCoordinate(Number(text).toFixed(12), axis);
  }
  return readCoordinate(text, axis);
}

/** A hundred metres and less is what everybody's phone is off by. */
function precisionOf(metres: number): number | null {
  return metres > 100 ? Math.min(100_000, Math.round(metres)) : null;
}

/** The zone of a place nothing is known about: by the sun. `Etc` counts westwards. */
function zoneOf(where: GivenPlace | null): string {
  if (!where || !("geometry" in where)) return "UTC";
  const { geometry } = where;
  const [lon] = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[0]!;
  const hours = Math.round(lon / 15);
  return hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How far a clock may be ahead of ours, and how long ago something may have been seen. */
const AHEAD = 10 * MINUTE;
const OLDEST = 366 * DAY;

function observedAt(
  text: string | undefined,
  timeZone: string,
  { now, startedAt }: Setting,
  sure: boolean,
  refuse: (field: string, token: string) => void,
): string {
  if (text === undefined) return now.toISOString();
  const read = readLocalTime(text, timeZone);
  if ("token" in read) {
    refuse("observed_at", read.token);
    return now.toISOString();
  }
  const at = Date.parse(read.iso);
  if (at > now.getTime() + AHEAD) refuse("observed_at", "time_in_future");
  else if (at < now.getTime() - OLDEST) refuse("observed_at", "time_too_old");
  else if (startedAt && !sure && at < startedAt.getTime() - DAY) refuse("observed_at", "time_before_event");
  return new Date(Math.min(at, now.getTime())).toISOString();
}

/**
 * Reads a time with its offset, or what the clock on the wall of `timeZone` showed (`2015-04-25T11:56`). Where clocks were
 * put forward there is no such time (`time_not_there`); where they were put back the earlier of the two is meant.
 */
export function readLocalTime(text: string, timeZone: string): { iso: string } | { token: string } {
  const plainText = text.normalize("NFKC").trim().replace(/\//g, "-");
  const read = readTimestamp(plainText);
  if (!("token" in read) || read.token !== "time_offset_missing") return read;
  const utc = readTimestamp(`${plainText}Z`);
  if ("token" in utc) return utc;
  const wanted = utc.iso.slice(0, 16);
  const naive = Date.parse(utc.iso);
  // The offset of the zone half a day before and after holds every offset it can have had at that time.
  for (const around of [naive - DAY / 2, naive + DAY / 2]) {
    const shown = Date.parse(`${wallClock(new Date(around).toISOString(), timeZone)}:00Z`);
    const offset = shown - Math.floor(around / MINUTE) * MINUTE;
    const iso = new Date(naive - offset).toISOString();
    if (wallClock(iso, timeZone) === wanted) return { iso: `${iso.slice(0, 19)}Z` };
  }
  return { token: "time_not_there" };
}

/** What may be said about another's report. */
export const CONFIRM_FIELDS = ["verdict", "client_id"] as const;
export const confirmSchema = z.object({
  verdict: required(choice(VERDICTS, "verdict_required"), "verdict_required"),
  client_id: clientId,
});
export type ConfirmInput = z.output<typeof confirmSchema>;

/** "We are on it": by whom. */
export const TAKE_FIELDS = ["author_name", "client_id"] as const;
export const takeSchema = z.object({
  author_name: required(line(REPORT_LIMITS.name, "author_name_too_long"), "author_name_required"),
  client_id: clientId,
});
export type TakeInput = z.output<typeof takeSchema>;

/** What the holder of a link does to a report. */
export const moveSchema = z.object({ act: required(choice(LOOP_ACTS, "intent_unknown"), "intent_unknown") });

/** Why staff should look at a report. */
export const FLAG_FIELDS = ["reason", "text"] as const;
export const flagSchema = z.object({
  reason: required(choice(FLAGS, "reason_required"), "reason_required"),
  text: paragraphs(REPORT_LIMITS.text, "text_too_long"),
});
export type FlagInput = z.output<typeof flagSchema>;

/** Whether a place lies in the event's box; true where it has none. */
export function isInside(area: Bbox | null, position: Position): boolean {
  return area === null || bboxContains(area, position);
}
