import type { LoaderFunctionArgs } from "@remix-run/node";
import { nationalCatalogue } from "../features/open-data/metadata.ts";
import { catalogueSite, describedDatasets } from "../server/catalogue-answer.ts";
import { jsonAnswer } from "../server/data-answer.ts";
import { datasetFile } from "../server/dataset-answer.ts";
import { orProblem } from "../server/problem.ts";

const file = datasetFile("json");

/** A dataset as JSON; under the name `catalog` all of them, with the keys of the national metadata standard. */
export function loader(args: LoaderFunctionArgs) {
  const { context, params, request } = args;
  // To the router this address and that of a dataset are equally particular.
  if (params.dataset !== "catalog") return file(args);
  return orProblem(async () =>
    jsonAnswer(request, nationalCatalogue(catalogueSite(context), await describedDatasets(context))),
  );
}
