import type { LoaderFunctionArgs } from "@remix-run/node";
import { noticesQuery, toApiNotice } from "../features/notices/notices.api.ts";
import { listNotices } from "../features/notices/notices.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Official notices, quoted, newest first. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { items, next, total } = await listNotices(
      context.backend.db,
      acceptedQuery(noticesQuery, request),
    );
    const now = new Date();
    return jsonAnswer(request, {
      data: items.map((notice) => toApiNotice(notice, context.publicUrl, now)),
      next,
      total,
    });
  });
}
