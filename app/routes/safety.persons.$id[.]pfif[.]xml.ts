import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportPerson, pfifSite } from "../features/safety/pfif-export.server.ts";
import { pfifAnswer, readQuery } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** One public person as PFIF, a drill marked as such. Of a record that has gone, the placeholder. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(readQuery, request);
    const { db, commands } = context.backend;
    const record = await exportPerson(db, commands, pfifSite(context.publicUrl), params.id ?? "");
    return pfifAnswer(request, [record], query.version);
  });
}
