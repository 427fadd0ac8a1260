import { importNoticeFeed } from "../features/notices/notice-import.server.ts";
import { noteFeedProblem } from "../features/notices/notices.server.ts";
import { readRemote, RemoteRefused } from "../server/remote-source.ts";
import type { Job } from "./jobs.ts";

const largest = 8 * 1024 ** 2;

/** Reads the feeds of official notices in NOTICE_FEEDS. One that cannot be read keeps no other from being read. */
export const importNoticesJob: Job = {
  name: "import-notices",
  everyMs: 10 * 60_000,
  async run({ backend, env, wrote, log }, signal) {
    for (const { url, name, language, country } of env.noticeFeeds) {
      if (signal.aborted) return;
      const feed = { url, name };
      try {
        const chunks = readRemote(url, { anywhere: env.outboundAnywhere, maxBytes: largest });
        const { tally, broken } = await importNoticeFeed(backend.commands, chunks, {
          feed,
          name,
          language,
          country,
          now: new Date(),
        });
        if (broken) await noteFeedProblem(backend.commands, feed, broken.reason);
        if (tally.created + tally.updated > 0) wrote();
        log.info({ feed: name, ...tally, broken: broken?.reason }, "notices imported");
      } catch (error) {
        if (!(error instanceof RemoteRefused)) throw error;
        await noteFeedProblem(backend.commands, feed, "unreachable");
        log.warn({ feed: name, reason: error.message }, "a feed of notices could not be read");
      }
    }
  },
};
