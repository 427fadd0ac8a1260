/** What people ask to be opened, and what they made with our data. Browser-safe. */
import { z } from "zod";

export const ENTRY_KINDS = ["request", "reuse"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const ENTRY_STATES = ["open", "planned", "opened", "refused"] as const;

export const ENTRY_LIMITS = { title: 120, text: 2_000, url: 400 } as const;

export const entryRow = z.object({
  id: z.string(),
  kind: z.enum(ENTRY_KINDS),
  title: z.string(),
  text: z.string(),
  url: z.string().nullable(),
  dataset: z.string().nullable(),
  votes: z.number(),
  state: z.enum(ENTRY_STATES),
  answer: z.string().nullable(),
  created_at: z.string(),
});
export type DataEntry = z.infer<typeof entryRow>;
