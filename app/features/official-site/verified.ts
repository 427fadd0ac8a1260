/** What officers stand behind and authorities say, as one list for the official site. Browser-safe. */
import { z } from "zod";

export const VERIFIED_TYPES = ["person", "note", "report", "notice"] as const;
export type VerifiedType = (typeof VERIFIED_TYPES)[number];

/** How an item came into the list: `official` is a notice of an authority itself. */
export const VERDICTS = ["verified", "corrected", "adopted", "official"] as const;

/** A row of `public.verified_items`. */
export const verifiedRow = z.object({
  type: z.enum(VERIFIED_TYPES),
  id: z.string(),
  event: z.string().nullable(),
  country: z.string().nullable(),
  title: z.string(),
  text: z.string().nullable(),
  language: z.string().nullable(),
  /** Of a person or note its PFIF status, of a report its kind, of a notice whether it still stands. */
  status: z.string().nullable(),
  /** Of a notice, in the words of its source. */
  level: z.string().nullable(),
  verdict: z.enum(VERDICTS),
  correct_text: z.string().nullable(),
  verified_at: z.string(),
  /** The page here, from its first slash. */
  path: z.string(),
  source_name: z.string().nullable(),
  source_url: z.string().nullable(),
  lat: z.coerce.number().nullable(),
  lon: z.coerce.number().nullable(),
  drill: z.boolean(),
  invented: z.boolean(),
  adopted_at: z.string().nullable(),
});
export type VerifiedItem = z.infer<typeof verifiedRow>;
