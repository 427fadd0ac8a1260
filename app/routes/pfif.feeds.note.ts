import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportNotes, pfifSite } from "../features/safety/pfif-export.server.ts";
import { noteFeed } from "../formats/pfif-atom.ts";
import { atomAnswer, feedHead, feedQuery } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Public notes by entry date, of everybody or of one record. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(feedQuery, request);
    const {
      min_entry_date: since,
      max_results: limit,
      skip,
      person_record_id: personRecordId,
      version,
    } = query;
    const site = pfifSite(context.publicUrl);
    const entries = await exportNotes(context.backend.db, site, { since, personRecordId, skip, limit });
    const pages = new Map(entries.map(({ record, page }) => [record.person_record_id, page]));
    return atomAnswer(
      request,
      noteFeed({
        ...feedHead(request, context.publicUrl, entries, since),
        title: "守望 Lookout – notes",
        subtitle: "What was said about persons, in PFIF.",
        version,
        pageUrl: (recordId) => pages.get(recordId) ?? context.publicUrl,
        notes: entries.map(({ record }) => record),
      }),
    );
  });
}
