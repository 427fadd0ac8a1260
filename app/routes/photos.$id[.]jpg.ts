import type { LoaderFunctionArgs } from "@remix-run/node";
import { findReportPhoto } from "../features/map/reports.server.ts";
import { findPhoto } from "../features/safety/persons.server.ts";
import { secretPage, sharedPage } from "../platform/cache.server.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { orProblem, Refused } from "../server/problem.ts";

/** A published photo. With `key` also that of a record which is shown only to those who have its link. */
export function loader({ context, params, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { db, commands, files } = context.backend;
    const key = new URL(request.url).searchParams.get("key");
    const id = params.id ?? "";
    const photo = (await findPhoto(db, commands, id, key)) ?? (await findReportPhoto(db, id));
    const content = photo && ("content" in photo ? photo.content : await files?.get(photo.path));
    if (!content) throw new Refused(404, "photo_not_found");
    return dataAnswer(request, "image/jpeg", new Uint8Array(content), {
      ...(key === null ? sharedPage() : secretPage()),
      // Other registries show the photos of records that they have taken over.
      ...(key === null ? { "Cross-Origin-Resource-Policy": "cross-origin" } : {}),
    });
  });
}
