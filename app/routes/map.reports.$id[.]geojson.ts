import type { LoaderFunctionArgs } from "@remix-run/node";
import { getReport } from "../features/map/reports.server.ts";
import { toReportRecord } from "../features/map/reports.ts";
import { GEOJSON_MEDIA_TYPE, reportFeature } from "../formats/geojson.ts";
import { systemClock } from "../platform/clock.ts";
import { paths } from "../platform/paths.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** One published report as a GeoJSON feature, for a receiver in the car. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { report } = await getReport(context.backend.db, params.id ?? "");
    const record = toReportRecord(report, context.publicUrl + paths.report(report.id), systemClock.now());
    return dataAnswer(request, GEOJSON_MEDIA_TYPE, JSON.stringify(reportFeature(record)));
  });
}
