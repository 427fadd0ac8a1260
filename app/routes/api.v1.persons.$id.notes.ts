import { createHash } from "node:crypto";
import type { ActionFunctionArgs } from "@remix-run/node";
import { NOTE_FIELDS, noteSchema } from "../features/safety/persons.schema.ts";
import { getPerson } from "../features/safety/persons.server.ts";
import { addNote } from "../features/safety/posting.server.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { clientIdOf, readJson } from "../server/json-body.ts";
import { safetyCaller } from "../server/page-answers.ts";
import {
  chosenText,
  findingsIn,
  hotlinesOf,
  warningsOf,
  type PostedText,
} from "../server/personal-data-question.ts";
import { accepted, orProblem, postOnly } from "../server/problem.ts";

/** Notes are read with their person. */
export function loader() {
  return postOnly();
}

/** Says something about a public person. */
export function action({ context, params, request }: ActionFunctionArgs) {
  return orProblem(async () => {
    const { fields, digest } = await readJson(request, [...NOTE_FIELDS, "mask"]);
    const clientId = clientIdOf(request);
    const input = accepted(noteSchema, {
      ...fields,
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
    const personId = params.id ?? "";
    // The same words about somebody else are another post.
    const body = createHash("sha256").update(`${personId} ${digest}`).digest("hex");
    const said: PostedText = { text: input.text, names: [input.author_name] };
    if (findingsIn(said).length > 0) {
      const { db, commands } = context.backend;
      const { person } = await getPerson(db, commands, personId, null);
      said.names = [input.author_name, person.full_name, ...person.alternate_names];
      said.hotlines = await hotlinesOf(db, person.event);
    }
    const warnings = warningsOf(said);
    if (fields["mask"] === true) input.text = chosenText(said, "mask");
    const note = await addNote(safetyCaller(context, request), personId, input, {}, body);
    context.wrote();
    const { publicUrl } = context;
    return Response.json(
      {
        id: note.id,
        record_id: note.record_id,
        url: `${publicUrl}${paths.person(personId)}#note-${note.id}`,
        manage_url: null,
        held: note.held,
        warnings,
      },
      {
        status: 201,
        headers: { ...secretPage(), Location: publicUrl + paths.api.person(personId) },
      },
    );
  });
}
