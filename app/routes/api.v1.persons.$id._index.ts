import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiNote, toApiPerson } from "../features/safety/persons.api.ts";
import { getPerson } from "../features/safety/persons.server.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** A public person with notes. What is hidden answers like what never was. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { db, commands } = context.backend;
    const { person, notes } = await getPerson(db, commands, params.id ?? "", null);
    return jsonAnswer(request, { ...toApiPerson(person), notes: notes.map(toApiNote) });
  });
}
