import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportFeed, pfifSite } from "../features/safety/pfif-export.server.ts";
import { personFeed } from "../formats/pfif-atom.ts";
import { atomAnswer, feedHead, feedQuery } from "../server/pfif-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Public persons and placeholders by entry date: newest first, or oldest first from `min_entry_date`. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const query = acceptedQuery(feedQuery, request);
    const { min_entry_date: since, max_results: limit, skip, version } = query;
    const site = pfifSite(context.publicUrl);
    const withNotes = query.omit_notes !== "yes";
    const entries = await exportFeed(context.backend.db, site, { since, skip, limit, withNotes });
    const pages = new Map(entries.map(({ record, page }) => [record.person_record_id, page]));
    return atomAnswer(
      request,
      personFeed({
        ...feedHead(request, context.publicUrl, entries, since),
        title: "守望 Lookout – persons",
        subtitle:
          "Public records in PFIF. Personal data: follow expiry_date, and empty what becomes a placeholder.",
        version,
        pageUrl: (recordId) => pages.get(recordId) ?? context.publicUrl,
        persons: entries.map(({ record }) => record),
      }),
    );
  });
}
