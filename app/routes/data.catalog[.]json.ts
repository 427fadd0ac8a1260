import type { LoaderFunctionArgs } from "@remix-run/node";
import { nationalCatalogue } from "../features/open-data/metadata.ts";
import { catalogueSite, describedDatasets } from "../server/catalogue-answer.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** The catalogue with the keys of the national metadata standard. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () =>
    jsonAnswer(request, nationalCatalogue(catalogueSite(context), await describedDatasets(context))),
  );
}
