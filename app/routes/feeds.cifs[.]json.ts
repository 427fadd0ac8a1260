import type { LoaderFunctionArgs } from "@remix-run/node";
import { reportFeedQuery } from "../features/map/report-feeds.ts";
import { trafficRecords } from "../features/map/report-feeds.server.ts";
import { cifsFeed } from "../formats/cifs.ts";
import { systemClock } from "../platform/clock.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Closed and bad roads for drivers' navigation (CIFS in JSON): reviewed, fresh, and never a drill. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(reportFeedQuery, request);
    const records = await trafficRecords(context.backend.db, query, context.publicUrl, systemClock.now());
    return jsonAnswer(request, cifsFeed(records, { reference: context.env.siteDomain }));
  });
}
