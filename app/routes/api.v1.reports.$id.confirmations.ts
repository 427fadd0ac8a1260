import { createHash } from "node:crypto";
import type { ActionFunctionArgs } from "@remix-run/node";
import { CONFIRM_FIELDS, confirmSchema } from "../features/map/reports.schema.ts";
import { confirmReport } from "../features/map/reports.server.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { clientIdOf, readJson } from "../server/json-body.ts";
import { mapCaller } from "../server/page-answers.ts";
import { accepted, orProblem, postOnly } from "../server/problem.ts";

/** What was said is read with its report. */
export function loader() {
  return postOnly();
}

/** Says of a report that it is still so, changed, cleared or wrong. */
export function action({ context, params, request }: ActionFunctionArgs) {
  return orProblem(async () => {
    const { fields, digest } = await readJson(request, CONFIRM_FIELDS);
    const clientId = clientIdOf(request);
    const input = accepted(confirmSchema, {
      ...fields,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    const reportId = params.id ?? "";
    // The same word about another report is another post.
    const body = createHash("sha256").update(`${reportId} ${digest}`).digest("hex");
    const { id, counted, confirmations, denials, loop } = await confirmReport(
      mapCaller(context, request),
      reportId,
      input,
      body,
    );
    context.wrote();
    const { publicUrl } = context;
    return Response.json(
      { id, url: publicUrl + paths.report(id), counted, confirmations, denials, loop },
      { status: 201, headers: { ...secretPage(), Location: publicUrl + paths.api.report(id) } },
    );
  });
}
