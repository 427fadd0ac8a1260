/** Tells everybody who listens what has changed: one reader of the database however many they are. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Commands } from "../platform/db.server.ts";
import { Failure } from "../platform/failure.ts";
import type { LiveUpdates } from "../platform/http.server.ts";

/** What can be listened to. */
export const LIVE_TOPICS = ["persons", "reports", "notices"] as const;

/** One change of something public. */
export interface Change {
  /** Where it stands among all changes: `Last-Event-ID`. */
  id: string;
  topic: string;
  kind: "created" | "updated" | "removed";
  subject_id: string;
  event: string | null;
  drill: boolean;
  at: string;
}

export interface LiveOptions {
  commands: Commands;
  log: Logger;
  /** How often the database is asked while somebody listens. */
  everyMs?: number;
  heartbeatMs?: number;
  mostListeners?: number;
  /** How many may listen from one address; a shelter has one for all. Null for no limit. */
  mostOfCaller?: number | null;
  /** What may wait for a slow listener before they are asked to come back. */
  mostWaitingBytes?: number;
  /** How many changes are kept to go on from. */
  kept?: number;
}

export interface Live extends LiveUpdates {
  readonly listeners: number;
  /** How often the database has been asked. */
  readonly asked: number;
  /** Somebody has just written: look at once. */
  wake(): void;
  /** Ends all streams and the asking. */
  close(): Promise<void>;
}

interface Listener {
  caller: string;
  /** The topics in a fixed order, by which equal listeners share their bytes. */
  topics: string;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

/** What one question to the database answers at most. */
const atOnce = 1_000;
/** How long writes are gathered before the database is asked about them. */
const gatherMs = 100;
const encoder = new TextEncoder();
/** Browsers come back after this long when a stream ends. */
const retryMs = 3_000;
/** Not all at the same moment after a restart. */
const retrySpreadMs = 4_000;

export function createLive({
  commands,
  log,
  everyMs = 1_000,
  heartbeatMs = 20_000,
  mostListeners = 5_000,
  mostOfCaller = 200,
  mostWaitingBytes = 256 * 1024,
  kept = 5_000,
}: LiveOptions): Live {
  const listeners = new Set<Listener>();
  const ofCaller = new Map<string, number>();
  /** The newest changes, oldest first, and where each stands. */
  let ring: Change[] = [];
  let asked = 0;
  let closed = false;
  let running: Promise<void> | null = null;
  let asking: Promise<boolean> | null = null;
  let stopSleeping = new AbortController();
  // Before the first change there is no place to go on from; this stands for it as long as nothing has been left out.
  const beginning = `0.${randomBytes(4).readUInt32BE()}`;
  let fromBeginning = false;

  const beat = setInterval(() => {
    const bytes = encoder.encode(": still here\n\n");
    for (const listener of [...listeners]) send(listener, bytes);
  }, heartbeatMs);
  beat.unref();

  function send(listener: Listener, bytes: Uint8Array): void {
    if ((listener.controller.desiredSize ?? 0) < bytes.length) {
      // Too slow to keep: they come back by themselves and say where they were.
      forget(listener);
      listener.controller.close();
      return;
    }
    listener.controller.enqueue(bytes);
  }

  function forget(listener: Listener): void {
    if (!listeners.delete(listener)) return;
    const left = (ofCaller.get(listener.caller) ?? 1) - 1;
    if (left > 0) ofCaller.set(listener.caller, left);
    else ofCaller.delete(listener.caller);
  }

  /** Asks once, however many want to know; true when there is more than one answer holds. */
  function ask(): Promise<boolean> {
    asking ??= read().finally(() => (asking = null));
    return asking;
  }

  async function read(): Promise<boolean> {
    asked += 1;
    const last = ring.at(-1)?.id;
    if (listeners.size > 0 && last !== undefined) {
      const changes = await commands.call<Change[]>("live_changes", { p: { after: last, limit: atOnce } });
      if (ring.length + changes.length > kept) fromBeginning = false;
      ring = [...ring, ...changes].slice(-kept);
      tell(gathered(changes));
      return changes.length === atOnce;
    }
    // Nobody listened: what happened meanwhile is no news to anybody, only something to go on from.
    const most = Math.min(atOnce, kept);
    const changes = await commands.call<Change[]>("live_changes", { p: { limit: most } });
    const news = listeners.size > 0 ? changes : [];
    ring = changes;
    fromBeginning = changes.length < most;
    tell(gathered(news));
    return false;
  }

  function tell(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const made = new Map<string, Uint8Array | null>();
    for (const listener of [...listeners]) {
      let bytes = made.get(listener.topics);
      if (bytes === undefined) {
        bytes = encode(changes, listener.topics);
        made.set(listener.topics, bytes);
      }
      if (bytes) send(listener, bytes);
    }
  }

  async function run(): Promise<void> {
    let more = false;
    while (listeners.size > 0 && !closed) {
      if (!more) await pause();
      if (closed) return;
      try {
        more = await ask();
      } catch (error) {
        more = false;
        if (!(error instanceof Failure)) log.error({ err: error }, "live changes cannot be read");
        else log.warn({ reason: error.token }, "live changes cannot be read; trying again");
      }
    }
  }

  async function pause(): Promise<void> {
    // A burst of writes wakes us once.
    await sleep(Math.min(gatherMs, everyMs), undefined, { ref: false });
    const rest = { signal: stopSleeping.signal, ref: false };
    await sleep(Math.max(0, everyMs - gatherMs), undefined, rest).catch(() => {});
    if (stopSleeping.signal.aborted && !closed) stopSleeping = new AbortController();
  }

  function begin(): void {
    running ??= run().finally(() => {
      running = null;
      // Somebody came while the last one went.
      if (listeners.size > 0 && !closed) begin();
    });
  }

  async function listen({
    topics,
    after,
    caller,
  }: {
    topics: readonly string[];
    after: string | null;
    caller: string;
  }): Promise<ReadableStream<Uint8Array>> {
    if (closed || listeners.size >= mostListeners) {
      throw new Failure("unavailable", "too_many_listeners", { retryAfter: 30 });
    }
    if (mostOfCaller !== null && (ofCaller.get(caller) ?? 0) >= mostOfCaller) {
      throw new Failure("too_many", "too_many_listeners", { retryAfter: 60 });
    }
    // What changed while nobody listened is fetched before anybody is told that they are up to date.
    if (listeners.size === 0) await ask();

    let listener: Listener | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          if (closed) return controller.close();
          listener = { caller, topics: [...new Set(topics)].sort().join(), controller };
          listeners.add(listener);
          ofCaller.set(caller, (ofCaller.get(caller) ?? 0) + 1);
          controller.enqueue(encoder.encode(welcome(after, listener.topics)));
          begin();
        },
        cancel: () => {
          if (listener) forget(listener);
        },
      },
      { highWaterMark: mostWaitingBytes, size: (bytes) => bytes.length },
    );
  }

  /** The first lines: how to come back, where we stand, and what they missed, or that it is more than we remember. */
  function welcome(after: string | null, topics: string): string {
    const retry = `retry: ${retryMs + Math.floor(Math.random() * retrySpreadMs)}\n`;
    const head = ring.at(-1)?.id ?? beginning;
    if (after === null || after === head) return `${retry}id: ${head}\nevent: ready\ndata: {}\n\n`;
    const known = after === beginning && fromBeginning;
    const from = ring.findIndex(({ id }) => id === after) + 1;
    if (from === 0 && !known) return `${retry}id: ${head}\nevent: reset\ndata: {}\n\n`;
    const missed = gathered(ring.slice(from)).filter(({ topic }) => topics.split(",").includes(topic));
    return `${retry}${missed.map(written).join("")}id: ${head}\nevent: ready\ndata: {}\n\n`;
  }

  return {
    listen,
    get listeners() {
      return listeners.size;
    },
    get asked() {
      return asked;
    },
    wake: () => stopSleeping.abort(),
    async close() {
      closed = true;
      clearInterval(beat);
      stopSleeping.abort();
      for (const listener of [...listeners]) {
        forget(listener);
        listener.controller.close();
      }
      await running;
    },
  };
}

/** Of several changes of one thing the newest, for one post is several statements: created if it was not there before. */
function gathered(changes: readonly Change[]): Change[] {
  const newest = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.topic} ${change.subject_id}`;
    const before = newest.get(key);
    newest.delete(key);
    const kind = before?.kind === "created" && change.kind === "updated" ? "created" : change.kind;
    newest.set(key, { ...change, kind });
  }
  return [...newest.values()];
}

function encode(changes: readonly Change[], topics: string): Uint8Array | null {
  const wanted = new Set(topics.split(","));
  const text = changes
    .filter(({ topic }) => wanted.has(topic))
    .map(written)
    .join("");
  return text === "" ? null : encoder.encode(text);
}

/** One change as an event (HTML Standard, section 9.2.5). JSON has no line breaks of its own. */
function written({ id, topic, kind, subject_id, event, drill, at }: Change): string {
  return `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify({ id: subject_id, kind, event, drill, at })}\n\n`;
}
