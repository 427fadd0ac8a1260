import { createHash } from "node:crypto";
import type { Encoding } from "./compression.ts";
import { compress, isCompressible, worthCompressing } from "./compression.ts";

/**
 * Keeps finished answers that are the same for everybody, for a second at most.
 *
 * Three promises: nothing older than the time to live is ever served; nothing that was begun before a write is served
 * to anybody who asked after it; and however many ask for the same page at once, it is made once (twice, when a write
 * falls in between).
 */
export interface PageCache {
  /** The kept answer for this key, if there is a fresh one. */
  find(key: string): SharedAnswer | undefined;
  /**
   * Makes the answer, or waits for somebody who is making it. What turns out to be for one visitor only is given to
   * nobody else: whoever waited for it makes their own.
   */
  load<Own>(
    key: string,
    make: () => Promise<SharedAnswer | { own: Own }>,
  ): Promise<SharedAnswer | { own: Own }>;
  /** Forgets everything: somebody has just written. */
  drop(): void;
  readonly bytes: number;
}

export interface PageCacheOptions {
  ttlMs?: number;
  maxBytes?: number;
  now?: () => number;
}

const oneSecond = 1000;
const defaultMaxBytes = 64 * 1024 * 1024;
/** While a page is being made, a write makes it old; this many are made side by side before newcomers wait. */
const mostAtOnce = 2;
const mostRemembered = 5000;

/** A finished answer with its compressed variants, each made when first asked for. */
export class SharedAnswer {
  readonly etag: string;
  readonly #compressible: boolean;
  readonly #variants = new Map<Encoding, Variant>();
  readonly #making = new Map<Encoding, Promise<Variant>>();

  /** `headers`: name and value in turn, complete but for length, encoding and ETag. */
  constructor(
    readonly body: Buffer,
    readonly headers: readonly string[],
    contentType: string | null,
  ) {
    this.etag = createHash("sha256").update(body).digest("base64url").slice(0, 16);
    this.#compressible = body.length >= worthCompressing && isCompressible(contentType);
  }

  /** The variant for an encoding: at once if it exists, or the promise of it. */
  variant(encoding: Encoding): Variant | Promise<Variant> {
    const wanted = this.#compressible ? encoding : "identity";
    return this.#variants.get(wanted) ?? this.#making.get(wanted) ?? this.#make(wanted);
  }

  get size(): number {
    // Room for the compressed variants is counted from the start, so that they need no second account.
    return this.body.length * (this.#compressible ? 1.5 : 1) + 2048;
  }

  async #make(encoding: Encoding): Promise<Variant> {
    const making = compress(this.body, encoding).then((body) => {
      const etag = `"${this.etag}${encoding === "identity" ? "" : `-${encoding}`}"`;
      const headers = [...this.headers, "etag", etag, "vary", "accept-encoding, accept-language, cookie"];
      const full = [...headers, "content-length", String(body.length)];
      if (encoding !== "identity") full.push("content-encoding", encoding);
      const variant = { body, etag, headers: full, headersUnchanged: headers };
      this.#variants.set(encoding, variant);
      this.#making.delete(encoding);
      return variant;
    });
    this.#making.set(encoding, making);
    return making;
  }
}

export interface Variant {
  body: Buffer;
  etag: string;
  headers: string[];
  /** For a 304: no length and no encoding. */
  headersUnchanged: string[];
}

/** Whether an `If-None-Match` header names this ETag. Nonsense in it names nothing. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  if (ifNoneMatch === etag) return true;
  return ifNoneMatch
    .split(",", 50)
    .some((entry) => entry.trim() === "*" || entry.trim().replace(/^W\//, "") === etag);
}

/**
 * The part of a shared answer's name that comes from the query: parameters in a fixed order. Null if the query has a
 * parameter that shared answers do not know, or one of them twice: then the answer is made freshly.
 */
export function sharedQuery(query: string, known: ReadonlySet<string>): string | null {
  if (query === "") return "";
  if (query.length > 512) return null;
  const pairs: string[] = [];
  const seen = new Set<string>();
  for (const pair of query.split("&")) {
    const name = pair.split("=", 1)[0]!;
    if (!known.has(name) || seen.has(name)) return null;
    seen.add(name);
    if (pair.length > name.length + 1) pairs.push(pair);
  }
  return pairs.sort().join("&");
}

/** Whether a `Cookie` header holds nothing but the choice of language. */
export function hasOnlyLanguageCookie(cookie: string | undefined): boolean {
  return cookie === undefined || /^\s*(?:lang=[\w-]{0,20}\s*(?:;\s*|$))*$/.test(cookie);
}

export function createPageCache({
  ttlMs = oneSecond,
  maxBytes = defaultMaxBytes,
  now = () => performance.now(),
}: PageCacheOptions = {}): PageCache {
  // In order of their age, because all live equally long: the first is always the next to go.
  const kept = new Map<string, { answer: SharedAnswer; until: number }>();
  const slots = new Map<string, Slot>();
  const individual = new Set<string>();
  let generation = 0;
  let bytes = 0;

  function forget(key: string): void {
    const entry = kept.get(key);
    if (!entry) return;
    bytes -= entry.answer.size;
    kept.delete(key);
  }

  function keep(key: string, answer: SharedAnswer, until: number): void {
    if (until <= now() || answer.size > maxBytes / 4) return;
    forget(key);
    bytes += answer.size;
    kept.set(key, { answer, until });
    for (const [oldest, entry] of kept) {
      if (bytes <= maxBytes && entry.until > now()) break;
      forget(oldest);
    }
  }

  function find(key: string): SharedAnswer | undefined {
    const entry = kept.get(key);
    if (!entry) return undefined;
    if (entry.until > now()) return entry.answer;
    forget(key);
    return undefined;
  }

  function begin(key: string, slot: Slot, make: Make): Flight {
    const began = { generation, at: now() };
    slot.running += 1;
    const outcome = make()
      .then((made) => {
        if (made instanceof SharedAnswer) {
          individual.delete(key);
          if (began.generation === generation) keep(key, made, began.at + ttlMs);
        } else {
          if (individual.size >= mostRemembered) individual.clear();
          individual.add(key);
        }
        return made;
      })
      .finally(() => {
        slot.running -= 1;
        if (slot.latest === flight) slot.latest = null;
        const waiting = slot.waiting;
        slot.waiting = null;
        if (waiting) waiting();
        else if (slot.running === 0 && slots.get(key) === slot) slots.delete(key);
      });
    const flight: Flight = { generation, outcome };
    slot.latest = flight;
    return flight;
  }

  /** A flight that began after the newest write, or the promise of one as soon as there is room. */
  function board(key: string, make: Make): Flight | Promise<Flight> {
    let slot = slots.get(key);
    if (!slot) {
      slot = { running: 0, latest: null, next: null, waiting: null };
      slots.set(key, slot);
    }
    if (slot.latest?.generation === generation) return slot.latest;
    if (slot.running < mostAtOnce) return begin(key, slot, make);
    const full = slot;
    full.next ??= new Promise<Flight>((resolve) => {
      full.waiting = () => {
        full.next = null;
        resolve(begin(key, full, make));
      };
    });
    return full.next;
  }

  async function load<Own>(
    key: string,
    make: () => Promise<SharedAnswer | { own: Own }>,
  ): Promise<SharedAnswer | { own: Own }> {
    if (individual.has(key)) {
      const made = await make();
      if (made instanceof SharedAnswer) individual.delete(key);
      return made;
    }
    let led: Promise<SharedAnswer | { own: Own }> | undefined;
    const makeAsLeader: Make = () => (led = make());
    const flight = await board(key, makeAsLeader);
    const made = await flight.outcome;
    if (made instanceof SharedAnswer) return made;
    return led ?? make();
  }

  function drop(): void {
    generation += 1;
    kept.clear();
    bytes = 0;
  }

  return {
    find,
    load,
    drop,
    get bytes() {
      return bytes;
    },
  };
}

type Make = () => Promise<SharedAnswer | { own: unknown }>;

interface Flight {
  generation: number;
  outcome: Promise<SharedAnswer | { own: unknown }>;
}

interface Slot {
  running: number;
  latest: Flight | null;
  next: Promise<Flight> | null;
  waiting: (() => void) | null;
}
