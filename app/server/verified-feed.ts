/** The two feeds of verified items: the same question, answered as Atom or as JSON. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { VERIFIED_TYPES } from "../features/official-site/verified.ts";
import { verifiedAtom, verifiedList } from "../features/official-site/verified-feeds.ts";
import { listVerified } from "../features/official-site/verified.server.ts";
import { ATOM_MEDIA_TYPE } from "../formats/atom.ts";
import { isCountryCode } from "../formats/form-fields.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { translator } from "../i18n/translate.ts";
import { paths } from "../platform/paths.ts";
import { dataAnswer } from "./data-answer.ts";
import { acceptedQuery, orProblem } from "./problem.ts";

const query = z.object({
  event: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/, "event_unknown")
    .optional(),
  country: z
    .string()
    .transform((code) => code.toUpperCase())
    .refine(isCountryCode, "area_unknown")
    .optional(),
  type: z.enum(VERIFIED_TYPES, { error: "answer_invalid" }).optional(),
  cursor: z.string().max(1_000, "cursor_invalid").optional(),
});

const atOnce = 50;

/** Answers with verified items, the newest decision first, in pages. */
export function verifiedAnswer(format: "atom" | "json", { context, request }: LoaderFunctionArgs) {
  return orProblem(async () => {
    const { type, ...asked } = acceptedQuery(query, request);
    const page = await listVerified(context.backend.db, {
      ...asked,
      types: type ? [type] : undefined,
      limit: atOnce,
    });
    const address = format === "atom" ? paths.feeds.verifiedAtom : paths.feeds.verifiedJson;
    const feed = {
      items: page.items,
      publicUrl: context.publicUrl,
      self: address({ ...asked, type }),
      next: page.next === null ? null : address({ ...asked, type, cursor: page.next }),
      now: new Date(),
    };
    if (format === "json") return dataAnswer(request, "application/json", verifiedList(feed));
    const language = detectLanguage(null, request.headers.get("Accept-Language")).code;
    return dataAnswer(request, ATOM_MEDIA_TYPE, verifiedAtom(feed, translator(language)));
  });
}
