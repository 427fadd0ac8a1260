import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { findEvent } from "../features/events/events.server.ts";
import { COUNT_LIMIT } from "../features/safety/persons.ts";
import { personsQuery, toApiPerson } from "../features/safety/persons.api.ts";
import { PERSON_FIELDS, personSchema } from "../features/safety/persons.schema.ts";
import { listPersons, searchPersons } from "../features/safety/persons.server.ts";
import { reportPerson } from "../features/safety/posting.server.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { clientIdOf, readJson } from "../server/json-body.ts";
import { safetyCaller } from "../server/page-answers.ts";
import {
  chosenText,
  findingsIn,
  hotlinesOf,
  warningsOf,
  type PostedText,
} from "../server/personal-data-question.ts";
import { accepted, acceptedQuery, orProblem, Refused } from "../server/problem.ts";

/** Public persons: the list, or with `q` those of that name. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { q, ...filter } = acceptedQuery(personsQuery, request);
    const { db } = context.backend;
    const [event, { data, next, total }] = await Promise.all([
      filter.event === undefined ? null : findEvent(db, filter.event),
      q === undefined ? listed(db, filter) : searched(db, { ...filter, q }),
    ]);
    if (filter.event !== undefined && event === null) {
      throw new Refused(422, "event_unknown", [{ field: "event", token: "event_unknown" }]);
    }
    return jsonAnswer(request, { data, next, total });
  });
}

async function listed(...[db, query]: Parameters<typeof listPersons>) {
  const { items, next, total } = await listPersons(db, query);
  // Beyond the limit nobody has counted.
  const counted = total !== null && total <= COUNT_LIMIT ? total : null;
  return { data: items.map((person) => toApiPerson(person)), next, total: counted };
}

async function searched(...[db, query]: Parameters<typeof searchPersons>) {
  const { items, next, total } = await searchPersons(db, query);
  return { data: items.map(({ match, ...person }) => toApiPerson(person, match)), next, total };
}

/** Posts a person. */
export function action({ context, request }: ActionFunctionArgs) {
  return orProblem(async () => {
    const { fields, digest } = await readJson(request, [...PERSON_FIELDS, "mask"]);
    const clientId = clientIdOf(request);
    const input = accepted(personSchema(new Date()), {
      ...fields,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    const caller = safetyCaller(context, request);
    const said: PostedText = {
      text: input.text,
      names: [input.full_name, ...input.alternate_names, input.author_name],
    };
    if (findingsIn(said).length > 0) said.hotlines = await hotlinesOf(context.backend.db, input.event);
    const warnings = warningsOf(said);
    if (fields["mask"] === true) input.text = chosenText(said, "mask");
    const posted = await reportPerson(caller, input, { body: digest });
    context.wrote();
    const { publicUrl } = context;
    const page = publicUrl + paths.person(posted.id);
    const hidden = input.visibility === "known" || input.visibility === "link";
    return Response.json(
      {
        id: posted.id,
        record_id: posted.record_id,
        url: hidden ? `${page}?key=${posted.key}` : page,
        manage_url: publicUrl + paths.managePerson(posted.id, posted.manage),
        held: posted.held,
        warnings,
      },
      {
        status: 201,
        headers: {
          ...secretPage(),
          Location: input.visibility === "public" ? publicUrl + paths.api.person(posted.id) : page,
        },
      },
    );
  });
}
