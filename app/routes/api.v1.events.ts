import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiEvent } from "../features/events/events.api.ts";
import { countByEvent, listEvents } from "../features/events/events.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** All events with rounded counts. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { db } = context.backend;
    const [events, counts] = await Promise.all([listEvents(db), countByEvent(db)]);
    const data = events.map((event) => toApiEvent(event, counts[event.slug], context.publicUrl));
    return jsonAnswer(request, { data, next: null, total: data.length });
  });
}
