/** What every loader and action is given: the few things of which the process has one. */
import type { Logger } from "pino";
import type { Backend } from "./db.server.ts";
import type { Environment } from "./env.server.ts";

export interface RequestContext {
  backend: Backend;
  env: Environment;
  /** Stands for the caller in rate limits: a hash of the address that changes daily (IPv6: of its /64). Never the address. */
  callerKey: string;
  /** Where the public finds the site, without a slash at the end. */
  publicUrl: string;
  /** A key of its own for each purpose, derived from the one secret of this installation. */
  secret: (purpose: string) => Buffer;
  /** Call after every write that was stored: the shared pages are dropped at once and the outbox wakes. */
  wrote: () => void;
  live: LiveUpdates;
  log: Logger;
}

/** What is public, as it changes. */
export interface LiveUpdates {
  /**
   * Server-sent events about these topics, beginning after the event with that id; throws a Failure when too many
   * listen already. The stream never ends by itself.
   */
  listen(wish: {
    topics: readonly string[];
    after: string | null;
    caller: string;
  }): Promise<ReadableStream<Uint8Array>>;
}

declare module "@remix-run/node" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- joins our context to the framework's type
  interface AppLoadContext extends RequestContext {}
  /** What a loader returns reaches its page as it is: dates stay dates. */
  interface Future {
    v3_singleFetch: true;
  }
}
