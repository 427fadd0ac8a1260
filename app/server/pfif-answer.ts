/** What the addresses of the exchange share: parameters with the names of the reference implementation, and answers. */
import { z } from "zod";
import { QUERY_LIMIT } from "../features/safety/persons.schema.ts";
import {
  PFIF_MEDIA_TYPE,
  PFIF_VERSIONS,
  pfifDate,
  type PfifPerson,
  type PfifVersion,
} from "../formats/pfif.ts";
import { ATOM_MEDIA_TYPE, type PfifFeed } from "../formats/pfif-atom.ts";
import { writePfif } from "../formats/pfif-writer.ts";
import { cleanLine, isWellFormedText } from "../formats/safe-text.ts";
import { dataAnswer } from "./data-answer.ts";

/** As many as asked for, but no more than we give at once: the reference cuts too, and its clients rely on it. */
function count(token: string, most: number, least = 1) {
  return z
    .string()
    .regex(/^\d{1,9}$/, token)
    .transform(Number)
    .refine((n) => n >= least, token)
    .transform((n) => Math.min(n, most));
}

export const pfifVersion = z.enum(PFIF_VERSIONS, { error: "version_unknown" }).default("1.4");
const recordId = z.string().max(600, "id_invalid").refine(isWellFormedText, "id_invalid");

export const searchQuery = z.object({
  q: z
    .string()
    .transform((q) => cleanLine(q).slice(0, QUERY_LIMIT))
    .optional(),
  id: recordId.optional(),
  max_results: count("limit_invalid", 100).default(100),
  version: pfifVersion,
});

export const readQuery = z.object({ id: recordId.optional(), version: pfifVersion });

/** How far a feed may be skipped into; whoever wants more goes on from the newest entry_date. */
const farthestSkip = 800;

export const feedQuery = z.object({
  min_entry_date: z
    .string()
    .transform((given, context) => {
      const date = pfifDate(given);
      if (date !== null) return date;
      context.issues.push({ code: "custom", message: "date_invalid", input: given });
      return z.NEVER;
    })
    .optional(),
  max_results: count("limit_invalid", 200).default(100),
  // Not cut: a client that pages on would read the same entries for ever.
  skip: count("skip_invalid", Number.MAX_SAFE_INTEGER, 0)
    .refine((n) => n <= farthestSkip, "skip_invalid")
    .default(0),
  omit_notes: z.string().optional(),
  person_record_id: recordId.optional(),
  version: pfifVersion,
});

/** A PFIF document with these records. */
export function pfifAnswer(request: Request, persons: readonly PfifPerson[], version: PfifVersion): Response {
  return dataAnswer(request, `${PFIF_MEDIA_TYPE}; charset=utf-8`, writePfif(persons, { version }));
}

/** An Atom document. */
export function atomAnswer(request: Request, feed: string): Response {
  return dataAnswer(request, `${ATOM_MEDIA_TYPE}; charset=utf-8`, feed);
}

/** What a feed says about itself. It is as new as its newest entry, so that an unchanged feed stays the same. */
export function feedHead(
  request: Request,
  publicUrl: string,
  entries: readonly { record: { entry_date?: string } }[],
  since: string | undefined,
): Pick<PfifFeed, "feedUrl" | "updated" | "author"> {
  const { pathname, search } = new URL(request.url);
  const dates = entries.map(({ record }) => record.entry_date ?? "").sort();
  return {
    feedUrl: publicUrl + pathname + asTyped(search),
    updated: dates.at(-1) ?? since ?? "1970-01-01T00:00:00Z",
    author: "守望 Lookout",
  };
}

// The framework writes dates and record ids with escapes that nobody types: the address should read as it was asked.
function asTyped(search: string): string {
  return search.replaceAll("%3A", ":").replaceAll("%2F", "/");
}
