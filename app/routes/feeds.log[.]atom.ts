import type { LoaderFunctionArgs } from "@remix-run/node";
import { headsAtom } from "../features/log/log-feeds.ts";
import { listHeads } from "../features/log/log.server.ts";
import { ATOM_MEDIA_TYPE } from "../formats/atom.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { translator } from "../i18n/translate.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** The heads of the log for readers of feeds. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const language = detectLanguage(null, request.headers.get("Accept-Language")).code;
    const heads = await listHeads(context.backend.db, 366);
    return dataAnswer(
      request,
      ATOM_MEDIA_TYPE,
      headsAtom(heads, context.publicUrl, new Date(), translator(language)),
    );
  });
}
