/**
 * The features of a GeoJSON FeatureCollection one by one. The document is not parsed as a whole: a feature that is
 * broken or too large costs itself, and what stood before a broken tail has been given.
 */

/** How much is borne: bytes in all, and UTF-16 units of one feature. */
export interface FeatureLimits {
  maxBytes?: number;
  maxFeature?: number;
}

/** Why reading ended before its time. What stood before has been given. */
export type CollectionRefusal =
  "not_geojson" | "too_large" | "encoding_broken" | "cut_off" | "json_broken" | "crs_not_wgs84";

/** What a collection holds, in its order; `line` is where it begins (1-based). */
export type FeatureItem =
  | { kind: "member"; name: string; value: unknown }
  | { kind: "feature"; line: number; value: unknown }
  | { kind: "refused"; line: number; token: "feature_broken" | "feature_too_large" }
  | { kind: "end"; line: number; token: CollectionRefusal };

/**
 * Reads a FeatureCollection, or one Feature by itself (RFC 7946, section 3), UTF-8 with or without BOM. A `crs` other
 * than WGS 84, left from before the RFC, ends the reading: its numbers would put every report in a wrong place.
 */
export async function* readFeatures(
  source: AsyncIterable<Uint8Array | string>,
  { maxBytes = 64 * 1024 * 1024, maxFeature = 2_000_000 }: FeatureLimits = {},
): AsyncGenerator<FeatureItem> {
  const scanner = new FeatureScanner(maxFeature);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        yield { kind: "end", line: scanner.line, token: "too_large" };
        return;
      }
      for (let from = 0; from < chunk.length; from += SLICE) {
        const text =
          typeof chunk === "string"
            ? chunk.slice(from, from + SLICE)
            : decoder.decode(chunk.subarray(from, from + SLICE), { stream: true });
        yield* scanner.write(text);
        if (scanner.ended) return;
      }
    }
    yield* scanner.write(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    yield { kind: "end", line: scanner.line, token: "encoding_broken" };
    return;
  }
  if (!scanner.ended) yield* scanner.end();
}

const SLICE = 65_536;

const [QUOTE, BACKSLASH, COMMA, LF] = [34, 92, 44, 10];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [123, 125, 91, 93];

class FeatureScanner {
  line = 1;
  ended = false;
  readonly #maxFeature: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #begun = false;
  /** The document without its features, and the element of the features that is being gathered. */
  #root = "";
  #element = "";
  #elementLine = 1;
  #tooLarge = false;
  #inFeatures = false;
  #collection = false;
  #told = new Set<string>();

  constructor(maxFeature: number) {
    this.#maxFeature = maxFeature;
  }

  *write(text: string): Generator<FeatureItem> {
    let from = 0;
    if (!this.#begun && text !== "") {
      this.#begun = true;
      if (text.startsWith("\uFEFF")) from = 1;
    }
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === LF) this.line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#inString = false;
        continue;
      }
      if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        this.#depth += 1;
        if (code === OPEN_BRACKET && this.#depth === 2 && !this.#collection) {
          this.#gather(text.slice(from, at));
          from = at;
          if (OPENS_FEATURES.test(this.#root)) {
            from = at + 1;
            this.#inFeatures = this.#collection = true;
            this.#elementLine = this.line;
            yield* this.#judge(`${this.#root}[]}`);
            if (this.ended) return;
            this.#root += "[";
          }
        }
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        this.#depth -= 1;
        if (this.#inFeatures && this.#depth === 1) {
          this.#gather(text.slice(from, at));
          from = at;
          yield* this.#take();
          this.#inFeatures = false;
        }
        if (this.#depth < 0) {
          yield this.#stop("json_broken");
          return;
        }
      } else if (code === COMMA && this.#inFeatures && this.#depth === 2) {
        this.#gather(text.slice(from, at));
        from = at + 1;
        yield* this.#take();
      }
    }
    this.#gather(text.slice(from));
  }

  *end(): Generator<FeatureItem> {
    if (this.#depth > 0 || this.#inString) {
      yield this.#stop(this.#root.trimStart().startsWith("{") ? "cut_off" : "not_geojson");
      return;
    }
    if (!this.#collection && this.#root.length >= this.#maxFeature) yield this.#stop("too_large");
    else yield* this.#judge(this.#root);
    this.ended = true;
  }

  #gather(piece: string): void {
    if (!this.#inFeatures) {
      // Beyond the limit only as much is kept as shows where the features begin.
      const room = this.#maxFeature - this.#root.length;
      this.#root = room >= piece.length ? this.#root + piece : (this.#root + piece).slice(-this.#maxFeature);
      return;
    }
    if (this.#element === "" && !this.#tooLarge) {
      const blank = /^\s*/.exec(piece)![0];
      this.#elementLine = this.line - (piece.split("\n").length - 1) + (blank.split("\n").length - 1);
    }
    if (this.#element.length + piece.length > this.#maxFeature) {
      this.#tooLarge = true;
      this.#element = "";
    }
    if (!this.#tooLarge) this.#element += piece;
  }

  *#take(): Generator<FeatureItem> {
    const text = this.#element.trim();
    const line = this.#elementLine;
    const tooLarge = this.#tooLarge;
    this.#element = "";
    this.#tooLarge = false;
    if (tooLarge) {
      yield { kind: "refused", line, token: "feature_too_large" };
    } else if (text !== "") {
      const value = parsed(text);
      yield value === undefined
        ? { kind: "refused", line, token: "feature_broken" }
        : { kind: "feature", line, value };
    }
  }

  /** What the document says beside its features: before them as soon as they begin, and again at its end. */
  *#judge(text: string): Generator<FeatureItem> {
    const root = parsed(text);
    if (root === undefined) {
      yield this.#stop(this.#root.trimStart().startsWith("{") ? "json_broken" : "not_geojson");
      return;
    }
    const type = member(root, "type");
    if (type === "Feature" && !this.#collection) {
      yield { kind: "feature", line: 1, value: root };
      return;
    }
    const early = this.#inFeatures && type === undefined;
    if (!this.#collection || (type !== "FeatureCollection" && !early)) {
      yield this.#stop("not_geojson");
      return;
    }
    if (!isWgs84(member(root, "crs"))) {
      yield this.#stop("crs_not_wgs84");
      return;
    }
    for (const [name, value] of Object.entries(root as object)) {
      if (name === "type" || name === "features" || this.#told.has(name) || this.#told.size >= MOST_MEMBERS)
        continue;
      this.#told.add(name);
      yield { kind: "member", name, value };
    }
  }

  #stop(token: CollectionRefusal): FeatureItem {
    this.ended = true;
    return { kind: "end", line: this.line, token };
  }
}

const OPENS_FEATURES = /[{,]\s*"features"\s*:\s*$/;
const MOST_MEMBERS = 20;

/** The value of an own member of an object, so that no key of the sender's reaches a prototype. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isWgs84(crs: unknown): boolean {
  if (crs === undefined || crs === null) return true;
  const name = member(member(crs, "properties"), "name");
  return typeof name === "string" && /(?:CRS84|EPSG:{1,2}4326|WGS ?84)$/i.test(name);
}
