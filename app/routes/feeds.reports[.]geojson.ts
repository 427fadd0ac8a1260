import type { LoaderFunctionArgs } from "@remix-run/node";
import { reportFeedQuery } from "../features/map/report-feeds.ts";
import { feedRecords } from "../features/map/report-feeds.server.ts";
import { GEOJSON_MEDIA_TYPE, reportCollection } from "../formats/geojson.ts";
import { systemClock } from "../platform/clock.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Published reports with what speaks for them (RFC 7946). `verification` says how far each was checked. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(reportFeedQuery, request);
    const records = await feedRecords(context.backend.db, query, context.publicUrl, systemClock.now());
    return dataAnswer(request, GEOJSON_MEDIA_TYPE, JSON.stringify(reportCollection(records)));
  });
}
