import type { LoaderFunctionArgs } from "@remix-run/node";
import { dcatCatalogue } from "../features/open-data/metadata.ts";
import { catalogueSite, describedDatasets } from "../server/catalogue-answer.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem } from "../server/problem.ts";

/** The catalogue as DCAT-AP JSON-LD. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const catalogue = dcatCatalogue(catalogueSite(context), await describedDatasets(context));
    return dataAnswer(request, "application/ld+json", JSON.stringify(catalogue));
  });
}
