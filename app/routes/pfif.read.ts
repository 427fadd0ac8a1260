import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportRecord, pfifSite } from "../features/safety/pfif-export.server.ts";
import { pfifAnswer, readQuery } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem, Refused } from "../server/problem.ts";

/** One record by its PFIF id. Of a record that has gone, the placeholder. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { id, version } = acceptedQuery(readQuery, request);
    if (id === undefined) throw new Refused(422, "id_required", [{ field: "id", token: "id_required" }]);
    const record = await exportRecord(context.backend.db, pfifSite(context.publicUrl), id);
    if (!record) throw new Refused(404, "person_not_found");
    return pfifAnswer(request, [record], version);
  });
}
