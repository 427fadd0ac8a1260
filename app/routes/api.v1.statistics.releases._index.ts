import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiRelease } from "../features/statistics/releases.api.ts";
import { listReleases } from "../features/statistics/releases.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** Published releases of statistics, newest first. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const releases = await listReleases(context.backend.db);
    const data = releases.map((release) => toApiRelease(release, context.publicUrl));
    return jsonAnswer(request, { data, next: null, total: data.length });
  });
}
