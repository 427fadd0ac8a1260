import { setTimeout as sleep } from "node:timers/promises";
import { importReports, isRefused } from "../features/map/report-import.server.ts";
import type { OfficialFeed } from "../platform/env.server.ts";
import { Failure } from "../platform/failure.ts";
import { readRemote, RemoteRefused, type RemoteVersion } from "../server/remote-source.ts";
import type { Job, JobContext } from "./jobs.ts";

/** A feed larger than this is none we asked for. */
const mostBytes = 20 * 1024 * 1024;
/** Feeds are kept to their hosts: what they redirect to must be one of those the operator named. */
const wholeWithinMs = 60_000;

const issuers: Record<OfficialFeed["format"], string> = {
  usgs: "U.S. Geological Survey",
  gdacs: "Global Disaster Alert and Coordination System",
  cap: "CAP",
};

/**
 * Keeps the official layer up to date from the feeds in `OFFICIAL_FEEDS`: asks each with what it had last, takes in what is
 * new, and writes down when it looked. A feed that cannot be read costs the others nothing; after failures it is asked
 * less often.
 */
export function createImportOfficialReports(): Job {
  const states = new Map<string, { version: RemoteVersion; failures: number; notBefore: number }>();

  async function run(context: JobContext, signal: AbortSignal): Promise<void> {
    const hosts = new Set(context.env.officialFeeds.map(({ url }) => new URL(url).host));
    for (const feed of context.env.officialFeeds) {
      if (signal.aborted) return;
      const state = states.get(feed.url) ?? { version: {}, failures: 0, notBefore: 0 };
      states.set(feed.url, state);
      if (Date.now() < state.notBefore) continue;
      try {
        await readFeed(context, feed, hosts, state.version);
        state.failures = 0;
      } catch (error) {
        if (!(error instanceof RemoteRefused)) throw error;
        state.failures += 1;
        state.notBefore = Date.now() + Math.min(60 * 60_000, 60_000 * 2 ** state.failures);
        context.log.warn({ feed: feed.name, reason: error.message }, "official feed cannot be read");
        await keepState(context, feed, { failure: error.message });
      }
      // Not all feeds in one breath.
      await sleep(50, undefined, { ref: false });
    }
  }

  return { name: "import-official-reports", everyMs: 5 * 60_000, run };
}

async function readFeed(
  context: JobContext,
  feed: OfficialFeed,
  hosts: ReadonlySet<string>,
  version: RemoteVersion,
): Promise<void> {
  const { backend, env, log, wrote } = context;
  const chunks = readRemote(feed.url, {
    anywhere: env.officialFeedsNearby,
    maxBytes: mostBytes,
    hosts,
    wholeWithinMs,
    version,
  });
  let changed = false;
  let taken = 0;
  let refused = 0;
  let failure: string | null = null;
  for await (const progress of importReports(backend.commands, chunks, {
    format: feed.format,
    sourceName: feed.name,
    now: new Date(),
    maxBytes: mostBytes,
  })) {
    changed ||= progress.rows.some(({ outcome }) => ["created", "updated", "ended"].includes(outcome));
    taken = progress.totals.read - progress.totals.refused;
    refused = progress.totals.refused;
    for (const { line, key, outcome, errors } of progress.rows) {
      if (!isRefused(outcome)) continue;
      log.debug({ feed: feed.name, line, key, outcome, errors }, "row of an official feed refused");
    }
    if (progress.broken) failure = `line ${progress.broken.line}: ${progress.broken.token}`;
  }
  if (version.unchanged) return keepState(context, feed, {});
  if (failure !== null) {
    // What could not be read to its end is read anew next time.
    delete version.etag;
    delete version.lastModified;
    log.warn({ feed: feed.name, reason: failure }, "official feed broke off");
  }
  await keepState(context, feed, { changed, taken, refused, ...(failure === null ? {} : { failure }) });
  if (changed) wrote();
}

async function keepState(
  { backend }: JobContext,
  { name, format }: OfficialFeed,
  what: { changed?: boolean; failure?: string; taken?: number; refused?: number },
): Promise<void> {
  try {
    await backend.commands.call("keep_feed_state", { p: { name, issuer: issuers[format], ...what } });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}
