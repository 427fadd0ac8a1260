import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiReportWithWords } from "../features/map/reports.api.ts";
import { getReport } from "../features/map/reports.server.ts";
import { GEOJSON_MEDIA_TYPE } from "../formats/geojson.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** A published report and what was said of it. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { report, confirmations } = await getReport(context.backend.db, params.id ?? "");
    const feature = toApiReportWithWords(report, confirmations, context.publicUrl, new Date());
    return dataAnswer(request, GEOJSON_MEDIA_TYPE, JSON.stringify(feature));
  });
}
