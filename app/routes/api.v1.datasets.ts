import type { LoaderFunctionArgs } from "@remix-run/node";
import { toApiDataset } from "../features/open-data/open-data.api.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { describedDatasets } from "../server/catalogue-answer.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** Every dataset, in the language asked for. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const language = detectLanguage(
      request.headers.get("Cookie"),
      request.headers.get("Accept-Language"),
    ).code;
    const described = await describedDatasets(context);
    const data = described.map(({ dataset, ...counted }) =>
      toApiDataset(dataset, counted, language, context.publicUrl),
    );
    return jsonAnswer(request, { data, next: null, total: data.length });
  });
}
