import type { LoaderFunctionArgs } from "@remix-run/node";
import { storiesQuery, toApiStory } from "../features/cases/stories.api.ts";
import { listStories } from "../features/cases/stories.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { acceptedQuery, orProblem } from "../server/problem.ts";

/** Published case stories. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { limit, ...query } = acceptedQuery(storiesQuery, request);
    const { items, next, total } = await listStories(context.backend.db, query, limit);
    return jsonAnswer(request, {
      data: items.map((story) => toApiStory(story, context.publicUrl)),
      next,
      total,
    });
  });
}
