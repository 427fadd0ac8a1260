import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiReleaseDetail } from "../features/statistics/releases.api.ts";
import { getRelease } from "../features/statistics/releases.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** One release with its basis and figures, as it was signed. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const release = await getRelease(context.backend.db, params.id ?? "");
    return jsonAnswer(request, toApiReleaseDetail(release, context.publicUrl));
  });
}
