import { readCoordinate } from "./coordinates.ts";
import { positionProblem, readReportGeometry } from "./geometry.ts";
import type { GeometryRefusal, ReportGeometry } from "./geometry.ts";
import { PASSABLE, REPORT_KINDS, REPORT_SEVERITIES, ROAD_DIRECTIONS, ROAD_STATES } from "./report-record.ts";
import type { Passable, ReportKind, ReportSeverity, RoadDirection, RoadState } from "./report-record.ts";
import { cleanLine, cleanParagraphs, isWellFormedText } from "./safe-text.ts";
import { readTimestamp } from "./timestamps.ts";
import type { TimestampRefusal } from "./timestamps.ts";
import { webAddress } from "./web-address.ts";

/** Reports as other systems hand them in: one row of a file, before our own rules have judged it. */

/** What one row says. `source_key` is its identity where it comes from, so that a second import finds it again. */
export interface ReportDraft {
  source_key: string | null;
  kind: ReportKind;
  needed: boolean;
  geometry: ReportGeometry;
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
  observed_at: string;
  expires_at: string | null;
  source_url: string | null;
  event: string | null;
}

export type DraftRefusal =
  | GeometryRefusal
  | TimestampRefusal
  | "feature_invalid"
  | "answer_missing"
  | "answer_unknown"
  | "number_invalid"
  | "text_too_long"
  | "text_not_readable"
  | "address_invalid"
  | "drill_refused";

/** One answer that cannot be taken, and why. */
export interface FieldRefusal {
  field: string;
  token: DraftRefusal;
}

/** A row as read, or everything that is wrong with it at once, so that it is mended once. */
export type DraftRead = { draft: ReportDraft } | { refused: FieldRefusal[] };

/** A row of a file: where it stands, and what became of it. */
export type ReportItem<Whole extends string> =
  | { kind: "report"; line: number; draft: ReportDraft }
  | { kind: "refused"; line: number; source_key: string | null; refused: FieldRefusal[] }
  | { kind: "unreadable"; line: number; token: Whole };

/** Longest text and longest line of text, in UTF-16 units. */
const LONGEST = { text: 5_000, line: 300 } as const;

/** Widest gap and heaviest vehicle we can believe, in metres and tonnes. */
const MOST = { width_limit_m: 100, weight_limit_t: 500 } as const;

/**
 * Reads the fields of one row, all text or numbers under the names of `ReportDraft`. The place is a GeoJSON geometry, or
 * two coordinates in any notation. A row marked as a drill is refused: it would stand among real reports.
 */
export function readDraft(
  fields: Readonly<Record<string, unknown>>,
  place: { geometry: unknown } | { lat: string; lon: string },
): DraftRead {
  const refused: FieldRefusal[] = [];
  const refuse = (field: string, token: DraftRefusal) => {
    refused.push({ field, token });
    return null;
  };
  const given = (field: string): string => {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return typeof value === "string" ? value : "";
  };
  const text = (field: string, longest: number, clean: (raw: string) => string): string | null => {
    const raw = given(field);
    if (!isWellFormedText(raw)) return refuse(field, "text_not_readable");
    const cleaned = clean(raw);
    if (cleaned.length > longest) return refuse(field, "text_too_long");
    return cleaned || null;
  };
  const oneOf = <T extends string>(field: string, words: readonly T[]): T | null => {
    const word = given(field)
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_");
    if (word === "") return null;
    return (words as readonly string[]).includes(word) ? (word as T) : refuse(field, "answer_unknown");
  };
  const size = (field: keyof typeof MOST): number | null => {
    const raw = given(field).trim();
    if (raw === "") return null;
    const value = /^\d{1,6}(?:[.,]\d{1,6})?$/.test(raw) ? Number(raw.replace(",", ".")) : NaN;
    return value > 0 && value <= MOST[field] ? value : refuse(field, "number_invalid");
  };
  const time = (field: string): string | null => {
    const read = readTimestamp(given(field));
    return "iso" in read ? read.iso : refuse(field, read.token);
  };

  const kind = oneOf("kind", REPORT_KINDS);
  if (kind === null && given("kind").trim() === "") refuse("kind", "answer_missing");
  const located: { geometry: ReportGeometry } | { token: GeometryRefusal; field?: string } =
    "geometry" in place ? readReportGeometry(place.geometry) : readPoint(place.lat, place.lon);
  if ("token" in located) refuse(located.field ?? "geometry", located.token);
  const address = given("source_url").trim();
  if (address !== "" && webAddress(address) === null) refuse("source_url", "address_invalid");
  if (/^(?:true|yes|1|exercise)$/i.test(given("drill").trim())) refuse("drill", "drill_refused");

  const draft = {
    source_key: text("id", LONGEST.line, cleanLine),
    kind,
    needed: /^(?:true|yes|1)$/i.test(given("needed").trim()),
    geometry: "geometry" in located ? located.geometry : null,
    road: text("road", LONGEST.line, cleanLine),
    place: text("place", LONGEST.line, cleanLine),
    state: oneOf("state", ROAD_STATES),
    passable: oneOf("passable", PASSABLE),
    direction: oneOf("direction", ROAD_DIRECTIONS) ?? "both",
    width_limit_m: size("width_limit_m"),
    weight_limit_t: size("weight_limit_t"),
    cause: text("cause", LONGEST.line, cleanLine),
    bypass: text("bypass", LONGEST.text, cleanParagraphs),
    severity: oneOf("severity", REPORT_SEVERITIES) ?? "unknown",
    text: text("text", LONGEST.text, cleanParagraphs) ?? "",
    observed_at: time("observed_at"),
    expires_at: given("expires_at").trim() === "" ? null : time("expires_at"),
    source_url: webAddress(address),
    event: text("event", LONGEST.line, cleanLine),
  };
  const { geometry, observed_at } = draft;
  if (refused.length > 0 || kind === null || geometry === null || observed_at === null) return { refused };
  return { draft: { ...draft, kind, geometry, observed_at } };
}

function readPoint(
  latText: string,
  lonText: string,
): { geometry: ReportGeometry } | { token: GeometryRefusal; field: string } {
  const [lat, lon] = [readCoordinate(latText, "lat"), readCoordinate(lonText, "lon")];
  // A latitude beyond 90 in its own column most likely changed places with its neighbour.
  const swapped = [readCoordinate(latText, "lon"), readCoordinate(lonText, "lat")];
  if ("token" in lat && lat.token === "latitude_out_of_range" && swapped.every((read) => "degrees" in read)) {
    return { token: "coordinates_swapped", field: "lat" };
  }
  for (const [field, read] of [
    ["lat", lat],
    ["lon", lon],
  ] as const) {
    if ("token" in read) return { token: geometryToken(read.token), field };
  }
  const at = [(lon as { degrees: number }).degrees, (lat as { degrees: number }).degrees] as const;
  const problem = positionProblem(...at);
  return problem ? { token: problem, field: "lat" } : { geometry: { type: "Point", coordinates: at } };
}

function geometryToken(token: string): GeometryRefusal {
  return token === "coordinates_missing" ||
    token === "latitude_out_of_range" ||
    token === "longitude_out_of_range"
    ? token
    : "coordinates_invalid";
}
