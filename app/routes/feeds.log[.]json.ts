import type { LoaderFunctionArgs } from "@remix-run/node";
import { headsJson } from "../features/log/log-feeds.ts";
import { listHeads } from "../features/log/log.server.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** The heads of the log for programs. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () =>
    dataAnswer(
      request,
      "application/json",
      headsJson(await listHeads(context.backend.db, 366), context.publicUrl),
    ),
  );
}
