import type { LoaderFunctionArgs } from "@remix-run/node";
import { reportFeedQuery } from "../features/map/report-feeds.ts";
import { trafficRecords } from "../features/map/report-feeds.server.ts";
import { open511Page } from "../formats/open511.ts";
import { translator } from "../i18n/translate.ts";
import { systemClock } from "../platform/clock.ts";
import { paths } from "../platform/paths.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Road events (Open511 v1): reviewed, never a drill. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(reportFeedQuery, request);
    const { publicUrl, env } = context;
    const records = await trafficRecords(context.backend.db, query, publicUrl, systemClock.now());
    const t = translator("en");
    const page = open511Page(
      records,
      {
        jurisdiction: env.siteDomain.toLowerCase(),
        jurisdictionUrl: `${publicUrl}/`,
        eventUrl: ({ url }) => url,
        headline: ({ kind, state, road, place }) =>
          [t(`map:kind.${kind}`), road ?? place, state ? t(`map:state.${state}`) : null]
            .filter(Boolean)
            .join(", "),
      },
      { url: publicUrl + paths.feeds.open511() },
    );
    return jsonAnswer(request, page);
  });
}
