import type { LoaderFunctionArgs } from "@remix-run/node";
import { isOutline } from "../features/map/outlines.ts";
import { outlineTile } from "../features/map/outlines.server.ts";
import { Failure } from "../platform/failure.ts";
import { dataAnswer } from "../server/data-answer.ts";
import { refusal } from "../server/page-answers.ts";

/** A piece of the base map: coasts, borders and land of one tile. Its address carries its edition, so it may be kept. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const [column, row] = (params.tile ?? "").split("-").map(wholeNumber);
  const address = { level: wholeNumber(params.level ?? ""), column: column ?? NaN, row: row ?? NaN };
  if (!isOutline(address)) throw refusal(new Failure("not_found", "not_found"));
  return dataAnswer(request, "application/json", JSON.stringify(await outlineTile(address)), {
    "Cache-Control": "public, max-age=604800, stale-while-revalidate=2592000",
  });
}

function wholeNumber(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : NaN;
}
