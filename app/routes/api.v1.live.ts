import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { acceptedQuery, orProblem } from "../server/problem.ts";
import { LIVE_TOPICS } from "../server/live.ts";

const topics = z
  .string()
  .max(200, "topic_unknown")
  .transform((given) => given.split(",").map((topic) => topic.trim()))
  .pipe(z.array(z.enum(LIVE_TOPICS, "topic_unknown")))
  .default([...LIVE_TOPICS]);

/** Changes of what is public, as they happen, to go on with from the last one that arrived. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const wanted = acceptedQuery(z.object({ topics }), request).topics;
    const events = await context.live.listen({
      topics: wanted,
      after: request.headers.get("Last-Event-ID"),
      caller: context.callerKey,
    });
    return new Response(events, {
      headers: {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        // Proxies that gather answers before they pass them on are asked not to.
        "X-Accel-Buffering": "no",
      },
    });
  });
}
