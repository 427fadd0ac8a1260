/** Files of open data as answers: streamed, in parts where asked, and not sent again to whoever has them. */
import { createHash } from "node:crypto";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { findDataset } from "../features/open-data/catalogue.ts";
import { filePieces } from "../features/open-data/files.server.ts";
import { stateOf } from "../features/open-data/rows.server.ts";
import { decodeCursor, encodeCursor } from "../formats/cursor.ts";
import { formatsOf, MEDIA_TYPES, type DatasetFormatName } from "../formats/dataset.ts";
import { datasetSchema } from "../formats/dataset-xml.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { systemClock } from "../platform/clock.ts";
import { dataAnswer } from "./data-answer.ts";
import { acceptedQuery, orProblem, Refused } from "./problem.ts";

const mostAtOnce = 100_000;

const fileQuery = z.object({
  limit: z
    .preprocess(
      (value) => (typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value),
      z.int("limit_invalid").min(1, "limit_invalid").max(mostAtOnce, "limit_invalid").optional(),
    )
    .describe("A part of at most so many rows; without it, all."),
  cursor: z.string().max(1_000, "cursor_invalid").optional().describe("Where the part before ended."),
  bom: z
    .enum(["1", "0"], { error: "answer_invalid" })
    .optional()
    .describe("CSV: 1 begins with a byte order mark."),
});

/** The loader of one format: `/data/persons.csv`. */
export function datasetFile(format: DatasetFormatName) {
  return ({ context, params, request }: LoaderFunctionArgs): Promise<Response> =>
    orProblem(async () => {
      const dataset = findDataset(params.dataset ?? "");
      if (!dataset || !formatsOf(dataset).includes(format)) throw new Refused(404, "not_found");
      const { limit, cursor, bom } = acceptedQuery(fileQuery, request);
      const scope = `dataset ${dataset.id}`;
      const place = cursor === undefined ? null : decodeCursor(scope, cursor, 1);
      if (cursor !== undefined && typeof place?.[0] !== "string")
        throw new Refused(422, "cursor_invalid", [{ field: "cursor", token: "cursor_invalid" }]);
      const { db } = context.backend;
      const language = detectLanguage(
        request.headers.get("Cookie"),
        request.headers.get("Accept-Language"),
      ).code;
      const state = await stateOf(db, dataset);
      const now = systemClock.now();
      const cursorOf = (key: string) => encodeCursor(scope, [key]);
      const pieces = filePieces(db, dataset, format, {
        publicUrl: context.publicUrl,
        language,
        now,
        bom: bom === "1",
        after: (place?.[0] as string | undefined) ?? null,
        limit: limit ?? null,
        cursorOf,
      });
      // A row may change without a trace in these: what changes all the time is asked for anew each minute.
      const minute = dataset.updates === "continuous" ? Math.floor(now.getTime() / 60_000) : 0;
      const etag = createHash("sha256")
        .update(
          JSON.stringify([dataset.id, dataset.fields, format, language, bom, limit, cursor, state, minute]),
        )
        .digest("base64url")
        .slice(0, 16);
      const page = `${context.publicUrl}/data/${dataset.id}`;
      return new Response(streamOf(pieces), {
        headers: {
          "Content-Type": MEDIA_TYPES[format],
          "Content-Disposition": `attachment; filename="${dataset.id}.${format}"`,
          "Content-Language": language,
          // Kept by whoever took it, asked about each time.
          "Cache-Control": "no-cache",
          ETag: `W/"${etag}"`,
          Link: [
            `<${page}>; rel="describedby"`,
            ...(format === "xml" ? [`<${page}.xsd>; rel="describedby"; type="application/xml"`] : []),
          ].join(", "),
        },
      });
    });
}

/** The schema by which the XML of a dataset is valid. */
export function datasetXsd({ params, request }: LoaderFunctionArgs): Promise<Response> {
  return orProblem(async () => {
    const dataset = findDataset(params.dataset ?? "");
    if (!dataset) throw new Refused(404, "not_found");
    return dataAnswer(request, "application/xml; charset=utf-8", datasetSchema(dataset));
  });
}

function streamOf(pieces: AsyncGenerator<string | Uint8Array>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
