import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportFound, exportRecord, pfifSite } from "../features/safety/pfif-export.server.ts";
import { pfifAnswer, searchQuery } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem, Refused } from "../server/problem.ts";

/** Public persons of a name (`q`) or of a record id (`id`), as PFIF. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { q, id, max_results, version } = acceptedQuery(searchQuery, request);
    const { db } = context.backend;
    const site = pfifSite(context.publicUrl);
    if (id !== undefined) {
      const record = await exportRecord(db, site, id);
      return pfifAnswer(request, record ? [record] : [], version);
    }
    if (q === undefined) throw new Refused(422, "query_required", [{ field: "q", token: "query_required" }]);
    return pfifAnswer(request, await exportFound(db, site, q, max_results), version);
  });
}
