/** What an event is, in words every part of the site can use. Browser-safe. */
import { z } from "zod";

export const EVENT_STATES = ["open", "closing", "closed"] as const;

const textByLanguage = z.record(z.string(), z.string());

export const eventSchema = z.object({
  id: z.string(),
  slug: z.string(),
  titles: textByLanguage,
  summaries: textByLanguage,
  kind: z.string(),
  country: z.string().nullable(),
  west: z.number().nullable(),
  south: z.number().nullable(),
  east: z.number().nullable(),
  north: z.number().nullable(),
  time_zone: z.string().nullable(),
  started_at: z.string().nullable(),
  hotlines: z.array(z.object({ number: z.string(), names: textByLanguage })),
  links: z.array(z.object({ url: z.string(), titles: textByLanguage })),
  state: z.enum(EVENT_STATES),
  drill: z.boolean(),
  invented: z.boolean(),
});

export type Event = z.infer<typeof eventSchema>;

/** The board that is always open (D64). */
export const EVERYDAY = "everyday";

/** A text in the reader's language, else in English, else in whatever there is. Empty when nothing was written. */
export function inLanguage(texts: Record<string, string>, language: string): string {
  return texts[language] ?? texts["zh-TW"] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
}

/** How many stand under an event. Below five the figure could point at a person, so it is shown as 0; above, to the nearest 5. */
export function roundedCount(count: number): number {
  return count < 5 ? 0 : Math.round(count / 5) * 5;
}

export interface EventCounts {
  safe: number;
  sought: number;
  needsHelp: number;
  all: number;
}
