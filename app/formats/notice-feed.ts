import type { CapItem } from "./cap-reader.ts";
import { readCap } from "./cap-reader.ts";
import { officialFromCap } from "./cap-official.ts";
import { countryAmong, countryByName } from "./country-names.ts";
import { htmlText } from "./html-text.ts";
import { cleanLine, isBlank } from "./safe-text.ts";
import { shortened } from "./shortened-text.ts";
import { readRssDate, readTimestamp } from "./timestamps.ts";
import { webAddress } from "./web-address.ts";
import { readXml } from "./xml.ts";
import type { XmlElement, XmlHandler, XmlLimits } from "./xml.ts";

/**
 * Notices of authorities out of RSS 2.0, RSS 1.0, Atom (RFC 4287) and CAP 1.1/1.2, in one shape. A level is quoted as the
 * source spells it. What a feed does not say stays unknown: no country is guessed from the words of a text.
 */

/** A notice as a feed tells it. Times are RFC 3339 in UTC. */
export interface NoticeDraft {
  /** Its identity where it comes from. */
  source_key: string;
  source_name: string;
  url: string | null;
  title: string;
  text: string;
  /** BCP 47. */
  language: string;
  level: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** The place in the words of the source. */
  area: string | null;
  lat: number | null;
  lon: number | null;
  west: number | null;
  south: number | null;
  east: number | null;
  north: number | null;
  published_at: string;
  expires_at: string | null;
  ended: boolean;
  drill: boolean;
  /** `source_key` of the notices this one takes the place of. */
  replaces: string[];
}

export type NoticeRefusal = "title_missing" | "item_too_large" | "alert_refused";

export type NoticeItem =
  | { kind: "notice"; notice: NoticeDraft; line: number }
  | { kind: "refused"; line: number; key: string | null; token: NoticeRefusal }
  | { kind: "unreadable"; line: number; token: "not_a_feed" };

/** What is known about a feed before it is read. */
export interface FeedFacts {
  /** Who speaks in it, where an item does not say. */
  name: string;
  /** Where an item does not say. */
  language: string;
  /** For feeds that speak of one country only. */
  country?: string | null;
  /** The moment of reading: the time of an item that has none. */
  now: Date;
}

const LONGEST_ITEM = 400_000;
const LONGEST_TITLE = 500;
const LONGEST_TEXT = 20_000;
/** Where a document has begun to say what it is. */
const HEAD = 4_096;

/**
 * Reads a feed and finds out by itself which kind it is.
 *
 * @throws XmlRefused when the document cannot be read on, after every notice before the fault has been given.
 */
export async function* readNoticeFeed(
  source: AsyncIterable<Uint8Array | string>,
  facts: FeedFacts,
  limits: XmlLimits = {},
): AsyncGenerator<NoticeItem> {
  const bounds: XmlLimits = { maxBytes: 8 * 1024 * 1024, maxText: LONGEST_ITEM, ...limits };
  const { head, whole } = await peek(source);
  if (/urn:oasis:names:tc:emergency:cap:1\.[12]/.test(head)) {
    for await (const item of readCap(whole, bounds)) yield* capNotices(item, facts);
    return;
  }
  yield* readXml<NoticeItem>(whole, (emit) => new FeedHandler(emit, facts), bounds);
}

async function peek(
  source: AsyncIterable<Uint8Array | string>,
): Promise<{ head: string; whole: AsyncIterable<Uint8Array | string> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: (Uint8Array | string)[] = [];
  let head = "";
  while (head.length < HEAD) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value);
    // Looking for one Latin word: half a character at an edge does not matter, nor which of the encodings it is.
    head += typeof value === "string" ? value : new TextDecoder("latin1").decode(value).replaceAll("\0", "");
  }
  async function* again() {
    yield* first;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  return { head: head.slice(0, HEAD * 16), whole: again() };
}

function* capNotices(item: CapItem, facts: FeedFacts): Generator<NoticeItem> {
  if (item.kind === "refused") {
    yield { kind: "refused", line: item.line, key: item.identifier, token: "alert_refused" };
    return;
  }
  for (const report of officialFromCap(item.alert)) {
    const words =
      report.texts.find(({ language }) => sameLanguage(language, facts.language)) ?? report.texts[0];
    const [first] = report.areas;
    const areas = report.areas.map(({ description }) => description).filter((text) => text !== "");
    const box = report.bbox;
    yield {
      kind: "notice",
      line: item.line,
      notice: {
        source_key: `cap:${report.source_id}`,
        source_name: cleanLine(report.issuer) || facts.name,
        url: report.source_url,
        // A Cancel has no words of its own; it must still be a notice to end those it refers to.
        title: shortened(
          cleanLine(words?.title ?? "") || `${item.alert.msgType} ${item.alert.identifier}`,
          LONGEST_TITLE,
        ),
        text: shortened(
          [words?.text, words?.instruction].filter((part) => part && !isBlank(part)).join("\n\n"),
          LONGEST_TEXT,
        ),
        language: languageTag(words?.language) ?? facts.language,
        level: report.level,
        country: facts.country ?? countryAmong(areas) ?? countryOfCodes(first?.geocodes ?? []),
        area: areas.length === 0 ? null : shortened(areas.join("; "), 1_000),
        lat: report.position?.[1] ?? null,
        lon: report.position?.[0] ?? null,
        west: box?.[0] ?? null,
        south: box?.[1] ?? null,
        east: box?.[2] ?? null,
        north: box?.[3] ?? null,
        published_at: report.updated_at,
        expires_at:
          report.expires_at !== null && report.expires_at >= report.updated_at ? report.expires_at : null,
        ended: report.ended,
        drill: report.drill,
        replaces: report.replaces.map((id) => `cap:${id}`),
      },
    };
  }
}

/** The two letters where a geocode is a country's own. */
function countryOfCodes(codes: readonly { name: string; value: string }[]): string | null {
  const found = codes.find(({ name, value }) => /iso.?3166/i.test(name) && /^[A-Z]{2}(?:-|$)/.test(value));
  return found ? found.value.slice(0, 2) : null;
}

const ATOM = "http://www.w3.org/2005/Atom";
const RSS1 = "http://purl.org/rss/1.0/";
const DC = "http://purl.org/dc/elements/1.1/";

interface Item {
  depth: number;
  line: number;
  fields: Map<string, string>;
  categories: string[];
  link: string | null;
  size: number;
}

class FeedHandler implements XmlHandler {
  readonly #emit: (item: NoticeItem) => void;
  readonly #facts: FeedFacts;
  #item: Item | null = null;
  #root: "rss" | "atom" | "rdf" | null = null;
  #language: string | null = null;

  constructor(emit: (item: NoticeItem) => void, facts: FeedFacts) {
    this.#emit = emit;
    this.#facts = facts;
  }

  open({ name, namespace, depth, line, attributes }: XmlElement): void {
    if (depth === 1) {
      if (name === "rss" && namespace === "") this.#root = "rss";
      else if (name === "feed" && namespace === ATOM) this.#root = "atom";
      else if (name === "RDF") this.#root = "rdf";
      this.#language = languageTag(attributes["xml:lang"]);
    }
    const begins =
      (this.#root === "atom" && name === "entry" && namespace === ATOM) ||
      (this.#root === "rss" && name === "item" && namespace === "") ||
      (this.#root === "rdf" && name === "item" && namespace === RSS1);
    if (this.#item === null && begins) {
      this.#item = { depth, line, fields: new Map(), categories: [], link: null, size: 0 };
      const own = languageTag(attributes["xml:lang"]);
      if (own) this.#item.fields.set("language", own);
    }
  }

  close({ name, namespace, depth, attributes }: XmlElement, text: string): void {
    const item = this.#item;
    if (item === null) {
      if (name === "language" && namespace === "") this.#language ??= languageTag(text);
      return;
    }
    if (depth === item.depth) {
      this.#item = null;
      this.#finish(item);
      return;
    }
    item.size += text.length;
    if (item.size > LONGEST_ITEM) return;
    // The level of travel advice stands one deeper where a ministry has an element of its own for it.
    if (depth === item.depth + 2 && (name === "level" || name === "description") && namespace !== "") {
      keep(item, `warning:${name}`, text);
      return;
    }
    if (depth !== item.depth + 1) return;
    if (name === "link" && namespace === ATOM) {
      const rel = attributes["rel"] ?? "alternate";
      if (rel === "alternate" || item.link === null) item.link = attributes["href"] ?? item.link;
      return;
    }
    if (name === "category") {
      item.categories.push(cleanLine(attributes["term"] ?? text));
      if (attributes["domain"] === "Threat-Level") keep(item, "warning:description", text);
      return;
    }
    keep(item, namespace === DC ? `dc:${name}` : name, text);
  }

  end(line: number): void {
    if (this.#root === null) this.#emit({ kind: "unreadable", line, token: "not_a_feed" });
  }

  #finish(item: Item): void {
    const field = (name: string) => cleanLine(htmlText(item.fields.get(name) ?? ""));
    const link = webAddress(item.link ?? item.fields.get("link"));
    const raw = field("title");
    const key = cleanLine(item.fields.get("guid") ?? item.fields.get("id") ?? "") || link || raw;
    if (item.size > LONGEST_ITEM) {
      this.#emit({ kind: "refused", line: item.line, key: key || null, token: "item_too_large" });
      return;
    }
    if (raw === "" || isBlank(raw)) {
      this.#emit({ kind: "refused", line: item.line, key: key || null, token: "title_missing" });
      return;
    }
    const { level, places } = partsOf(raw, item.fields);
    const text = htmlText(
      item.fields.get("description") ??
        item.fields.get("content") ??
        item.fields.get("summary") ??
        item.fields.get("encoded") ??
        "",
    );
    const country = this.#facts.country ?? countryAmong([...places, ...item.categories]);
    this.#emit({
      kind: "notice",
      line: item.line,
      notice: {
        source_key: shortened(`feed:${key}`, 1_000),
        source_name: this.#facts.name,
        url: link,
        title: shortened(raw, LONGEST_TITLE),
        text: shortened(text, LONGEST_TEXT),
        language: languageTag(item.fields.get("language")) ?? this.#language ?? this.#facts.language,
        level: level === null ? null : shortened(level, 200),
        country,
        area: areaOf(places, country),
        ...WITHOUT_PLACE,
        published_at: this.#time(item) ?? this.#facts.now.toISOString(),
        expires_at: null,
        ended: false,
        drill: false,
        replaces: [],
      },
    });
  }

  #time({ fields }: Item): string | null {
    for (const name of ["updated", "pubDate", "published", "dc:date"]) {
      const text = fields.get(name);
      if (text === undefined) continue;
      for (const read of [
        readRssDate(text),
        readTimestamp(text),
        readRssDate(`${dayOnly(text)} 00:00:00 GMT`),
      ]) {
        if ("iso" in read && Date.parse(read.iso) <= this.#facts.now.getTime() + 86_400_000) return read.iso;
      }
    }
    return null;
  }
}

const WITHOUT_PLACE = { lat: null, lon: null, west: null, south: null, east: null, north: null };

function keep(item: Item, name: string, text: string): void {
  if (!item.fields.has(name)) item.fields.set(name, text);
}

/** `Tue, 28 Apr 2026`, and times in a zone that goes by letters: the day is what can be relied on. */
function dayOnly(text: string): string {
  return /^\s*((?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4})/.exec(text)?.[1] ?? "";
}

/** What a title of travel advice is made of: `第二級：黃色注意 - 韓國 - Korea`, `Chad - Level 3: Reconsider Travel`. */
function partsOf(
  title: string,
  fields: ReadonlyMap<string, string>,
): { level: string | null; places: string[] } {
  const parts = title
    .split(/\s+[-–—]\s*/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const isLevel = (part: string) =>
    /^第[一二三四1-4]級[:：]?|^level\s*[1-5]\b|^レベル\s*[1-4１-４]/i.test(part);
  const said = parts.filter(isLevel);
  const own = [fields.get("warning:level"), fields.get("warning:description")]
    .map((text) => cleanLine(htmlText(text ?? "")))
    .filter((text) => text !== "");
  const level = said[0] ?? (own.length > 0 ? own.join(": ") : null);
  return { level, places: parts.filter((part) => !isLevel(part)) };
}

/** The place in words, where it says more than the country's name does. */
function areaOf(places: readonly string[], country: string | null): string | null {
  const finer = places.filter((place) => countryByName(place) !== country || country === null);
  return country !== null && finer.length > 0 && finer.length < places.length
    ? shortened(finer.join(", "), 1_000)
    : null;
}

function languageTag(text: string | undefined | null): string | null {
  const tag = text?.trim() ?? "";
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(tag) ? tag : null;
}

function sameLanguage(a: string, b: string): boolean {
  return a.split("-")[0]!.toLowerCase() === b.split("-")[0]!.toLowerCase();
}
