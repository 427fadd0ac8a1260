import { readLine, readPosition } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { member, readFeatures } from "./json-features.ts";
import type { CollectionRefusal, FeatureLimits } from "./json-features.ts";
import type { OfficialItem, OfficialRefusal, OfficialReport } from "./official-report.ts";
import type { ReportSeverity } from "./report-record.ts";
import { cleanLine } from "./safe-text.ts";
import { readEpochMilliseconds } from "./timestamps.ts";
import { webAddress } from "./web-address.ts";

/** Earthquakes of the U.S. Geological Survey, from its GeoJSON summary feeds and the contours of its ShakeMaps. */

/**
 * Reads a summary feed. The severity is that of the PAGER alert and unknown without one: a magnitude alone says nothing
 * about people. A place without magnitude, time or title costs itself.
 */
export async function* readUsgs(
  source: AsyncIterable<Uint8Array | string>,
  limits: FeatureLimits = {},
): AsyncGenerator<OfficialItem<CollectionRefusal>> {
  for await (const item of readFeatures(source, limits)) {
    if (item.kind === "member") continue;
    if (item.kind === "end") {
      yield { kind: "unreadable", line: item.line, token: item.token };
    } else if (item.kind === "refused") {
      yield { kind: "refused", line: item.line, source_id: null, token: item.token };
    } else {
      const report = earthquakeOf(item.value);
      yield typeof report === "string"
        ? { kind: "refused", line: item.line, source_id: idOf(item.value), token: report }
        : { kind: "official", report, line: item.line };
    }
  }
}

function earthquakeOf(feature: unknown): OfficialReport | OfficialRefusal {
  if (member(feature, "type") !== "Feature") return "feature_invalid";
  const id = idOf(feature);
  if (id === null) return "id_missing";
  const properties = member(feature, "properties");
  const read = readPosition(member(member(feature, "geometry"), "coordinates"));
  if ("token" in read) return read.token === "coordinates_missing" ? read.token : "coordinates_invalid";
  const observed = readEpochMilliseconds(member(properties, "time"));
  if (observed === null) return "time_invalid";
  const place = text(properties, "place");
  const title = text(properties, "title") ?? place;
  if (title === null) return "title_missing";
  const magnitude = member(properties, "mag");
  const alert = text(properties, "alert");
  const status = text(properties, "status");
  return {
    source: "usgs",
    source_id: id,
    issuer: "U.S. Geological Survey",
    hazard: text(properties, "type")?.toLowerCase() === "earthquake" ? "earthquake" : "other",
    kind: "hazard",
    level: alert,
    severity: SEVERITIES.get(alert?.toLowerCase() ?? "") ?? "unknown",
    // An automatic place is a computer's; a reviewed one was looked at by a person.
    certainty: status === "reviewed" ? "Observed" : "Likely",
    texts: [{ language: "en", title, text: place !== null && place !== title ? place : "" }],
    magnitude:
      typeof magnitude === "number" && Number.isFinite(magnitude)
        ? { value: magnitude, unit: text(properties, "magType") ?? "M" }
        : null,
    position: read.position,
    bbox: null,
    areas: [],
    observed_at: observed,
    updated_at: readEpochMilliseconds(member(properties, "updated")) ?? observed,
    expires_at: null,
    source_url: webAddress(text(properties, "url")),
    drill: false,
    ended: status === "deleted",
    replaces: [],
  };
}

const SEVERITIES: ReadonlyMap<string, ReportSeverity> = new Map([
  ["green", "minor"],
  ["yellow", "moderate"],
  ["orange", "severe"],
  ["red", "extreme"],
]);

/** Lines along which the shaking was equally strong. */
export interface ShakeContour {
  event_id: string | null;
  /** Intensity on the Modified Mercalli scale where `units` says so. */
  value: number;
  units: string;
  lines: Position[][];
}

export type ShakeContourItem =
  | { kind: "contour"; contour: ShakeContour; line: number }
  | { kind: "refused"; line: number; token: OfficialRefusal }
  | { kind: "unreadable"; line: number; token: CollectionRefusal };

/** Reads the contours of a ShakeMap (`cont_mi.json` and its like). Lines that cannot be drawn are left out. */
export async function* readShakeContours(
  source: AsyncIterable<Uint8Array | string>,
  limits: FeatureLimits = {},
): AsyncGenerator<ShakeContourItem> {
  let event_id: string | null = null;
  for await (const item of readFeatures(source, limits)) {
    const { line } = item.kind === "member" ? { line: 1 } : item;
    if (item.kind === "member") {
      if (item.name === "metadata") event_id = text(item.value, "eventid");
    } else if (item.kind === "end") {
      yield { kind: "unreadable", line, token: item.token };
    } else if (item.kind === "refused") {
      yield { kind: "refused", line, token: item.token };
    } else {
      const contour = contourOf(item.value, event_id);
      yield typeof contour === "string"
        ? { kind: "refused", line, token: contour }
        : { kind: "contour", contour, line };
    }
  }
}

function contourOf(feature: unknown, event_id: string | null): ShakeContour | OfficialRefusal {
  const properties = member(feature, "properties");
  const value = member(properties, "value");
  if (typeof value !== "number" || !Number.isFinite(value)) return "feature_invalid";
  const geometry = member(feature, "geometry");
  const coordinates = member(geometry, "coordinates");
  const all =
    member(geometry, "type") === "LineString" ? [coordinates] : Array.isArray(coordinates) ? coordinates : [];
  const lines = all.flatMap((part: unknown) => {
    const read = readLine(part);
    return "line" in read ? [[...read.line.coordinates]] : [];
  });
  if (lines.length === 0) return "coordinates_invalid";
  return { event_id, value, units: text(properties, "units") ?? "intensity", lines };
}

function idOf(feature: unknown): string | null {
  const id = member(feature, "id");
  if (typeof id === "number" && Number.isFinite(id)) return String(id);
  return typeof id === "string" ? cleanLine(id).slice(0, 200) || null : null;
}

function text(from: unknown, name: string): string | null {
  const value = member(from, name);
  return typeof value === "string" ? cleanLine(value).slice(0, 1_000) || null : null;
}
