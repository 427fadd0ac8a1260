import type { LoaderFunctionArgs } from "@remix-run/node";
import { openApiDocument } from "../formats/openapi.ts";
import { apiOperations } from "../server/api-operations.ts";
import { jsonAnswer } from "../server/data-answer.ts";

/** What the API is, made from the schemas that read and write it. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return jsonAnswer(
    request,
    openApiDocument({
      title: "守望 Lookout",
      version: "1",
      description:
        "Who is safe, who is looked for, and what is known: public records only. Times are RFC 3339 with offset. " +
        "Lists page by cursor; a cursor belongs to its query. Any site's page may read; posts come from servers.",
      serverUrl: context.publicUrl,
      licence: { name: "MIT (the software)", url: "https://opensource.org/license/mit" },
      operations: apiOperations,
    }),
  );
}
