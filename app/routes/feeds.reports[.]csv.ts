import type { LoaderFunctionArgs } from "@remix-run/node";
import { reportFeedQuery } from "../features/map/report-feeds.ts";
import { feedRecords } from "../features/map/report-feeds.server.ts";
import { csvChunks } from "../formats/csv.ts";
import { REPORT_COLUMNS, reportRow } from "../formats/reports-csv.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { systemClock } from "../platform/clock.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** The same as a table: one report a row, lines as WKT. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(reportFeedQuery, request);
    const records = await feedRecords(context.backend.db, query, context.publicUrl, systemClock.now());
    let table = "";
    for await (const row of csvChunks(records.map(reportRow), REPORT_COLUMNS, { bom: true })) table += row;
    return dataAnswer(request, "text/csv; charset=utf-8; header=present", table, {
      ...sharedPage(),
      "Content-Disposition": 'attachment; filename="reports.csv"',
    });
  });
}
