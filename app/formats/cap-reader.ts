import {
  CAP_CATEGORIES,
  CAP_CERTAINTIES,
  CAP_MESSAGE_TYPES,
  CAP_NAMESPACES,
  CAP_RESPONSE_TYPES,
  CAP_SCOPES,
  CAP_SEVERITIES,
  CAP_STATUSES,
  CAP_URGENCIES,
  isCapIdentifier,
} from "./cap.ts";
import type { CapAlert, CapArea, CapInfo, CapReference, CapResource, CapValue } from "./cap.ts";
import { MAX_VERTICES, readPosition } from "./geometry.ts";
import type { Position } from "./geometry.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { readTimestamp } from "./timestamps.ts";
import { webAddress } from "./web-address.ts";
import { readXml } from "./xml.ts";
import type { XmlElement, XmlHandler, XmlLimits } from "./xml.ts";

/** XML limits, and how many elements one alert may have. */
export interface CapLimits extends XmlLimits {
  maxElements?: number;
}

/** Why an alert was refused. `missing` and `unknown` name the element in `field`. */
export type CapRefusal =
  | "not_cap"
  | "cap_version_unknown"
  | "alert_inside_alert"
  | "alert_too_large"
  | "element_missing"
  | "element_twice"
  | "value_unknown"
  | "time_invalid"
  | "identifier_invalid"
  | "info_missing"
  | "references_missing";

/** What was amiss without costing the alert. */
export type CapWarning =
  | "polygon_not_closed"
  | "polygon_dropped"
  | "circle_dropped"
  | "reference_dropped"
  | "time_dropped"
  | "info_dropped"
  | "resource_dropped";

/** What a document holds, in its order; `line` is where the alert begins (1-based). */
export type CapItem =
  | { kind: "alert"; alert: CapAlert; version: "1.1" | "1.2"; line: number; warnings: CapWarning[] }
  | { kind: "refused"; line: number; identifier: string | null; token: CapRefusal; field: string | null };

/**
 * Reads the alerts of CAP 1.1 and 1.2, bare or inside Atom or EDXL: they are found wherever they stand. What is not of
 * the alert's own namespace, a signature among it, is passed over and not verified.
 *
 * An alert that lacks what section 3.2 demands is refused with the name of the element. A bad `info` costs itself as
 * long as another remains, and so do bad polygons and circles. Cancel, Ack and Error need no `info`.
 *
 * @throws XmlRefused when the document cannot be read on, after every alert before the fault has been given.
 */
export function readCap(
  source: AsyncIterable<Uint8Array | string>,
  limits: CapLimits = {},
): AsyncGenerator<CapItem> {
  // A resource may carry a picture inside the message (derefUri), and a coast is a long polygon.
  return readXml<CapItem>(source, (emit) => new CapHandler(emit, limits), {
    maxBytes: 16 * 1024 * 1024,
    maxText: 2_000_000,
    ...limits,
  });
}

/** An element of an alert with what it holds. */
interface Node {
  readonly name: string;
  readonly depth: number;
  text: string;
  readonly children: Node[];
}

class CapHandler implements XmlHandler {
  readonly #emit: (item: CapItem) => void;
  readonly #maxElements: number;
  #version: "1.1" | "1.2" | null = null;
  #namespace = "";
  #line = 1;
  #path: Node[] = [];
  #elements = 0;
  #found = false;
  #refused: { token: CapRefusal } | null = null;

  constructor(emit: (item: CapItem) => void, { maxElements = 20_000 }: CapLimits) {
    this.#emit = emit;
    this.#maxElements = maxElements;
  }

  open(element: XmlElement): void {
    const top = this.#path.at(-1);
    if (!top) {
      if (element.name === "alert") this.#begin(element);
      return;
    }
    if (element.namespace !== this.#namespace) return;
    if (element.name === "alert") this.#refused ??= { token: "alert_inside_alert" };
    this.#elements += 1;
    if (this.#elements > this.#maxElements) this.#refused ??= { token: "alert_too_large" };
    // Only children of our own chain: what stands inside a foreign element belongs to it.
    if (this.#refused || element.depth !== top.depth + 1) return;
    const node: Node = { name: element.name, depth: element.depth, text: "", children: [] };
    top.children.push(node);
    this.#path.push(node);
  }

  close(element: XmlElement, text: string): void {
    const top = this.#path.at(-1);
    if (!top || top.depth !== element.depth || top.name !== element.name) return;
    top.text = text;
    this.#path.pop();
    if (this.#path.length === 0) this.#finish(top);
  }

  end(line: number): void {
    if (!this.#found) this.#emit({ kind: "refused", line, identifier: null, token: "not_cap", field: null });
  }

  #begin({ namespace, depth, line }: XmlElement): void {
    const version = CAP_NAMESPACES.get(namespace);
    if (version === undefined) {
      if (/emergency:cap:|\/cap\/1\.0$|\/cap$/.test(namespace)) {
        this.#found = true;
        this.#emit({ kind: "refused", line, identifier: null, token: "cap_version_unknown", field: null });
      }
      return;
    }
    this.#found = true;
    this.#version = version;
    this.#namespace = namespace;
    this.#line = line;
    this.#elements = 0;
    this.#refused = null;
    this.#path = [{ name: "alert", depth, text: "", children: [] }];
  }

  #finish(root: Node): void {
    const line = this.#line;
    const identifier = cleanLine(one(root, "identifier")?.text ?? "").slice(0, 500) || null;
    const warnings = new Set<CapWarning>();
    try {
      if (this.#refused) throw new Refused(this.#refused.token, null);
      const alert = alertOf(root, warnings);
      this.#emit({ kind: "alert", alert, version: this.#version!, line, warnings: [...warnings] });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#emit({ kind: "refused", line, identifier, token: error.token, field: error.field });
    }
  }
}

/** Never leaves this file: it unwinds to the alert or the info that is refused. */
class Refused extends Error {
  constructor(
    readonly token: CapRefusal,
    readonly field: string | null,
  ) {
    super(token);
  }
}

function alertOf(root: Node, warnings: Set<CapWarning>): CapAlert {
  const identifier = required(root, "identifier");
  const sender = required(root, "sender");
  for (const [field, text] of Object.entries({ identifier, sender })) {
    if (!isCapIdentifier(text)) throw new Refused("identifier_invalid", field);
  }
  const sent = time(required(root, "sent"));
  if (sent === null) throw new Refused("time_invalid", "sent");
  const status = word(root, "status", CAP_STATUSES);
  const msgType = word(root, "msgType", CAP_MESSAGE_TYPES);
  const scope = word(root, "scope", CAP_SCOPES);
  const references = referencesOf(optional(root, "references") ?? "", warnings);
  if (msgType === "Cancel" && references.length === 0) throw new Refused("references_missing", "references");

  const infos = root.children.filter(({ name }) => name === "info");
  let fault: Refused | null = null;
  const info = infos.flatMap((node) => {
    try {
      return [infoOf(node, warnings)];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault ??= error;
      warnings.add("info_dropped");
      return [];
    }
  });
  if (info.length === 0 && fault) throw fault;
  if (info.length === 0 && (msgType === "Alert" || msgType === "Update"))
    throw new Refused("info_missing", "info");

  return {
    identifier,
    sender,
    sent,
    status,
    msgType,
    ...present({ source: optional(root, "source") }),
    scope,
    ...present({ restriction: optional(root, "restriction"), addresses: optional(root, "addresses") }),
    code: all(root, "code"),
    ...present({ note: paragraphs(root, "note") }),
    references,
    ...present({ incidents: optional(root, "incidents") }),
    info,
  };
}

function infoOf(node: Node, warnings: Set<CapWarning>): CapInfo {
  const category = words(node, "category", CAP_CATEGORIES);
  if (category.length === 0) {
    throw new Refused(one(node, "category") ? "value_unknown" : "element_missing", "category");
  }
  const moment = (name: string): string | undefined => {
    const text = optional(node, name);
    const read = text === undefined ? null : time(text);
    if (text !== undefined && read === null) warnings.add("time_dropped");
    return read ?? undefined;
  };
  return {
    language: languageTag(optional(node, "language")),
    category,
    event: required(node, "event"),
    responseType: words(node, "responseType", CAP_RESPONSE_TYPES),
    urgency: word(node, "urgency", CAP_URGENCIES),
    severity: word(node, "severity", CAP_SEVERITIES),
    certainty: word(node, "certainty", CAP_CERTAINTIES, OLD_CERTAINTIES),
    ...present({ audience: optional(node, "audience") }),
    eventCode: valuesOf(node, "eventCode"),
    ...present({
      effective: moment("effective"),
      onset: moment("onset"),
      expires: moment("expires"),
      senderName: optional(node, "senderName"),
      headline: optional(node, "headline"),
      description: paragraphs(node, "description"),
      instruction: paragraphs(node, "instruction"),
      web: webAddress(optional(node, "web")) ?? undefined,
      contact: optional(node, "contact"),
    }),
    parameter: valuesOf(node, "parameter"),
    resource: node.children
      .filter(({ name }) => name === "resource")
      .flatMap((child) => resourceOf(child, warnings)),
    area: node.children.filter(({ name }) => name === "area").map((child) => areaOf(child, warnings)),
  };
}

/** Section 3.2.2 of version 1.1 still takes this word of version 1.0. */
const OLD_CERTAINTIES: ReadonlyMap<string, "Likely"> = new Map([["very likely", "Likely"]]);

function resourceOf(node: Node, warnings: Set<CapWarning>): CapResource[] {
  const resourceDesc = optional(node, "resourceDesc");
  if (resourceDesc === undefined) {
    warnings.add("resource_dropped");
    return [];
  }
  const size = optional(node, "size");
  return [
    {
      resourceDesc,
      // Mandatory since 1.2 only.
      mimeType: optional(node, "mimeType") ?? "application/octet-stream",
      ...(size !== undefined && /^\d{1,12}$/.test(size) ? { size: Number(size) } : {}),
      ...present({ uri: webAddress(optional(node, "uri")) ?? undefined }),
    },
  ];
}

function areaOf(node: Node, warnings: Set<CapWarning>): CapArea {
  const height = (name: string): number | undefined => {
    const text = optional(node, name) ?? "";
    return /^[+-]?\d{1,7}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
  };
  return {
    areaDesc: optional(node, "areaDesc") ?? "",
    polygons: all(node, "polygon").flatMap((text) => polygonOf(text, warnings)),
    circles: all(node, "circle").flatMap((text) => circleOf(text, warnings)),
    geocodes: valuesOf(node, "geocode"),
    ...present({ altitude: height("altitude"), ceiling: height("ceiling") }),
  };
}

/** `lat,lon lat,lon …`, at least four pairs, the last the first again (section 3.2.4). An open ring is closed. */
function polygonOf(text: string, warnings: Set<CapWarning>): Position[][] {
  const pairs = text.split(/\s+/, MAX_VERTICES + 1).filter(Boolean);
  const ring = pairs.map(positionOf);
  const whole = ring.filter((position): position is Position => position !== null);
  if (whole.length < ring.length || ring.length > MAX_VERTICES || whole.length < 3) {
    warnings.add("polygon_dropped");
    return [];
  }
  const [first, last] = [whole[0]!, whole.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1]) {
    warnings.add("polygon_not_closed");
    whole.push(first);
  }
  if (whole.length < 4) {
    warnings.add("polygon_dropped");
    return [];
  }
  const apart = whole.filter(
    ([lon, lat], i) => i === 0 || lon !== whole[i - 1]![0] || lat !== whole[i - 1]![1],
  );
  if (apart.length < 4) {
    warnings.add("polygon_dropped");
    return [];
  }
  return [apart];
}

/** `lat,lon radius`, the radius in kilometres (section 3.2.4). */
function circleOf(text: string, warnings: Set<CapWarning>): CapArea["circles"] {
  const [pair = "", radius = "", ...more] = text.split(/\s+/).filter(Boolean);
  const centre = positionOf(pair);
  // Half the Earth's girth: farther away is nothing.
  const radius_km = /^\d{1,6}(?:\.\d{1,20})?$/.test(radius) ? Number(radius) : NaN;
  if (centre === null || more.length > 0 || !(radius_km <= 20_038)) {
    warnings.add("circle_dropped");
    return [];
  }
  return [{ centre, radius_km }];
}

function positionOf(pair: string): Position | null {
  const match = /^([+-]?\d{1,3}(?:\.\d{1,20})?),([+-]?\d{1,3}(?:\.\d{1,20})?)$/.exec(pair);
  const read = match ? readPosition([Number(match[2]), Number(match[1])]) : null;
  return read !== null && "position" in read ? read.position : null;
}

/** Parted by white space; of each, the identifier holds no comma and the time none. */
function referencesOf(text: string, warnings: Set<CapWarning>): CapReference[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((part) => {
      const [sender = "", identifier = "", when = "", ...more] = part.split(",");
      const sent = time(when);
      if (sent === null || more.length > 0 || !isCapIdentifier(sender) || !isCapIdentifier(identifier)) {
        warnings.add("reference_dropped");
        return [];
      }
      return [{ sender, identifier, sent }];
    });
}

function languageTag(text: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(text || "en-US")[0] ?? "en-US";
  } catch {
    return "und";
  }
}

function time(text: string): string | null {
  const read = readTimestamp(text);
  return "iso" in read ? read.iso : null;
}

function one(node: Node, name: string): Node | undefined {
  return node.children.find((child) => child.name === name);
}

function optional(node: Node, name: string): string | undefined {
  return cleanLine(one(node, name)?.text ?? "") || undefined;
}

function paragraphs(node: Node, name: string): string | undefined {
  return cleanParagraphs(one(node, name)?.text ?? "") || undefined;
}

/** Where the standard knows one, two are a reason to believe neither. */
function required(node: Node, name: string): string {
  if (node.children.filter((child) => child.name === name).length > 1)
    throw new Refused("element_twice", name);
  const text = optional(node, name);
  if (text === undefined) throw new Refused("element_missing", name);
  return text;
}

function all(node: Node, name: string): string[] {
  return node.children
    .filter((child) => child.name === name)
    .map(({ text }) => cleanLine(text))
    .filter(Boolean);
}

function word<T extends string>(
  node: Node,
  name: string,
  known: readonly T[],
  old: ReadonlyMap<string, T> = new Map(),
): T {
  const text = required(node, name).toLowerCase();
  const found = known.find((value) => value.toLowerCase() === text) ?? old.get(text);
  if (found === undefined) throw new Refused("value_unknown", name);
  return found;
}

/** Words of a repeatable element. One that nobody knows is left out. */
function words<T extends string>(node: Node, name: string, known: readonly T[]): T[] {
  const texts = all(node, name).map((text) => text.toLowerCase());
  const found = known.filter((value) => texts.includes(value.toLowerCase()));
  return found;
}

function valuesOf(node: Node, name: string): CapValue[] {
  return node.children
    .filter((child) => child.name === name)
    .flatMap((child) => {
      const valueName = optional(child, "valueName");
      return valueName === undefined ? [] : [{ valueName, value: paragraphs(child, "value") ?? "" }];
    });
}

/** Without the members that are undefined. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
