import { positionProblem } from "./geometry.ts";
import type { Bbox, Position } from "./geometry.ts";
import type { Hazard, OfficialItem, OfficialRefusal, OfficialReport } from "./official-report.ts";
import type { ReportKind, ReportSeverity } from "./report-record.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { readRssDate } from "./timestamps.ts";
import { webAddress } from "./web-address.ts";
import { readXml } from "./xml.ts";
import type { XmlElement, XmlHandler, XmlLimits } from "./xml.ts";

/** Disasters of the Global Disaster Alert and Coordination System, from its RSS feeds. */

const GDACS = "http://www.gdacs.org";
const GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#";
const GEORSS = "http://www.georss.org/georss";

/** Text of one item beyond this is none a person would read. */
const LONGEST_ITEM = 200_000;

/**
 * Reads a feed. The identity is that of the event, so every later episode of it replaces the one before. The level is
 * kept as the feed spells it; severity follows from it: Green minor, Orange severe, Red extreme.
 *
 * @throws XmlRefused when the document cannot be read on, after every item before the fault has been given.
 */
export function readGdacs(
  source: AsyncIterable<Uint8Array | string>,
  limits: XmlLimits = {},
): AsyncGenerator<OfficialItem<"not_gdacs">> {
  return readXml<OfficialItem<"not_gdacs">>(source, (emit) => new GdacsHandler(emit), limits);
}

interface Field {
  text: string;
  attributes: Readonly<Record<string, string>>;
}

class GdacsHandler implements XmlHandler {
  readonly #emit: (item: OfficialItem<"not_gdacs">) => void;
  #item: { depth: number; line: number; fields: Map<string, Field>; size: number } | null = null;
  #root = "";

  constructor(emit: (item: OfficialItem<"not_gdacs">) => void) {
    this.#emit = emit;
  }

  open({ name, namespace, depth, line }: XmlElement): void {
    if (depth === 1) this.#root = name;
    if (this.#item === null && name === "item" && namespace === "") {
      this.#item = { depth, line, fields: new Map(), size: 0 };
    }
  }

  close({ name, namespace, depth, attributes }: XmlElement, text: string): void {
    const item = this.#item;
    if (item === null) return;
    if (depth === item.depth) {
      this.#item = null;
      this.#finish(item.line, item.fields, item.size > LONGEST_ITEM);
      return;
    }
    // Resources below an item have titles and descriptions of their own.
    const inPoint = namespace === GEO && depth === item.depth + 2;
    if (depth !== item.depth + 1 && !inPoint) return;
    const key =
      namespace === GDACS
        ? `gdacs:${name}`
        : namespace === GEO
          ? `geo:${name}`
          : namespace === GEORSS
            ? `georss:${name}`
            : namespace === ""
              ? name
              : "";
    if (key === "" || item.fields.has(key)) return;
    item.size += text.length;
    if (item.size <= LONGEST_ITEM) item.fields.set(key, { text, attributes });
  }

  end(line: number): void {
    if (this.#root !== "rss") this.#emit({ kind: "unreadable", line, token: "not_gdacs" });
  }

  #finish(line: number, fields: ReadonlyMap<string, Field>, tooLarge: boolean): void {
    const report = tooLarge ? "item_too_large" : disasterOf(fields);
    this.#emit(
      typeof report === "string"
        ? { kind: "refused", line, source_id: idOf(fields), token: report }
        : { kind: "official", report, line },
    );
  }
}

function disasterOf(fields: ReadonlyMap<string, Field>): OfficialReport | OfficialRefusal {
  const text = (name: string) => cleanLine(fields.get(name)?.text ?? "");
  const source_id = idOf(fields);
  if (source_id === null) return "id_missing";
  const title = text("title");
  if (title === "") return "title_missing";
  const position = positionOf(text);
  if (typeof position === "string") return position;
  const [published, from] = [readRssDate(text("pubDate")), readRssDate(text("gdacs:fromdate"))];
  const updated = readRssDate(text("gdacs:datemodified"));
  if ("token" in published && "token" in from) return "time_invalid";
  const observed_at = "iso" in from ? from.iso : "iso" in published ? published.iso : null;
  const [hazard, kind] = KINDS.get(text("gdacs:eventtype")) ?? ["other", "hazard"];
  const level = text("gdacs:alertlevel") || null;
  return {
    source: "gdacs",
    source_id,
    issuer: "Global Disaster Alert and Coordination System",
    hazard,
    kind,
    level,
    severity: SEVERITIES.get(level ?? "") ?? "unknown",
    certainty: null,
    texts: [
      {
        language: "en",
        title,
        text: cleanParagraphs(fields.get("description")?.text ?? "").slice(0, 10_000),
      },
    ],
    magnitude: magnitudeOf(fields.get("gdacs:severity")),
    position,
    bbox: bboxOf(text("gdacs:bbox")),
    areas: [],
    observed_at,
    updated_at: "iso" in updated ? updated.iso : "iso" in published ? published.iso : observed_at!,
    expires_at: null,
    source_url: webAddress(fields.get("link")?.text),
    drill: false,
    ended: text("gdacs:iscurrent").toLowerCase() === "false",
    replaces: [],
  };
}

const KINDS: ReadonlyMap<string, [Hazard, ReportKind]> = new Map([
  ["EQ", ["earthquake", "hazard"]],
  ["TS", ["tsunami", "hazard"]],
  ["TC", ["tropical_cyclone", "hazard"]],
  ["FL", ["flood", "flood"]],
  ["VO", ["volcano", "hazard"]],
  ["WF", ["wildfire", "fire"]],
  ["DR", ["drought", "hazard"]],
]);

const SEVERITIES: ReadonlyMap<string, ReportSeverity> = new Map([
  ["Green", "minor"],
  ["Orange", "severe"],
  ["Red", "extreme"],
]);

function idOf(fields: ReadonlyMap<string, Field>): string | null {
  const [type, id] = ["gdacs:eventtype", "gdacs:eventid"].map((name) =>
    cleanLine(fields.get(name)?.text ?? ""),
  );
  if (/^[A-Z]{2}$/.test(type!) && /^\d{1,12}$/.test(id!)) return `${type}${id}`;
  const guid = cleanLine(fields.get("guid")?.text ?? "");
  return /^[A-Z]{2}\d{1,12}$/.test(guid) ? guid : null;
}

/** `geo:Point`, or `georss:point`, which puts latitude first. */
function positionOf(text: (name: string) => string): Position | OfficialRefusal {
  const [lat = "", lon = "", ...more] =
    text("geo:lat") !== "" ? [text("geo:lat"), text("geo:long")] : text("georss:point").split(/\s+/);
  if (lat === "") return "coordinates_missing";
  const position = [decimal(lon), decimal(lat)] as const;
  return more.length > 0 || positionProblem(...position) !== null ? "coordinates_invalid" : position;
}

/** The feed's own order: lonmin lonmax latmin latmax. Longitudes may run past 180°. */
function bboxOf(text: string): Bbox | null {
  const [west, east, south, north] = text.split(/\s+/).map(decimal);
  if ([west, east, south, north].some((value) => value === undefined || Number.isNaN(value))) return null;
  if (south! > north! || east! - west! < 0 || Math.abs(west!) > 360 || Math.abs(east!) > 360) return null;
  const around = east! - west! >= 360;
  const turned = (lon: number) => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);
  return [
    around ? -180 : turned(west!),
    Math.max(-90, south!),
    around ? 180 : turned(east!),
    Math.min(90, north!),
  ];
}

function magnitudeOf(field: Field | undefined): { value: number; unit: string } | null {
  const value = decimal(field?.attributes["value"] ?? "");
  const unit = cleanLine(field?.attributes["unit"] ?? "").slice(0, 40);
  return Number.isNaN(value) || unit === "" ? null : { value, unit };
}

function decimal(text: string): number {
  return /^[+-]?\d{1,12}(?:\.\d{1,20})?$/.test(text) ? Number(text) : NaN;
}
