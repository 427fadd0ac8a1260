import type { LoaderFunctionArgs } from "@remix-run/node";
import { reportFeedQuery } from "../features/map/report-feeds.ts";
import { ALERTS_IN_FEED, newestAlerts } from "../features/map/report-feeds.server.ts";
import { capFeed } from "../formats/cap-atom.ts";
import { systemClock } from "../platform/clock.ts";
import { paths } from "../platform/paths.ts";
import { atomAnswer } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** An index of the alerts about reports that somebody has reviewed (CAP 1.2 in Atom). */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { event, limit } = acceptedQuery(reportFeedQuery.pick({ event: true, limit: true }), request);
    const { publicUrl, env } = context;
    const alerts = await newestAlerts(
      context.backend.db,
      { sender: env.siteDomain, publicUrl },
      { event, limit: Math.min(limit, ALERTS_IN_FEED) },
      systemClock.now(),
    );
    return atomAnswer(
      request,
      capFeed({
        feedUrl: publicUrl + paths.feeds.cap({ event }),
        title: "守望 Lookout: CAP",
        author: "守望 Lookout",
        // As new as its newest alert, so that an unchanged feed stays the same.
        updated: alerts[0]?.sent ?? "1970-01-01T00:00:00Z",
        language: "en",
        alertUrl: (alert) => publicUrl + paths.feeds.capAlert(alert.identifier),
        alerts,
      }),
    );
  });
}
