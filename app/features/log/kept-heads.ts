/** Heads of the log that somebody keeps outside the database: in a file, on paper, or as the feed that was downloaded. */
import { z } from "zod";
import type { LogHead } from "./log-chain.server.ts";

const LINE = /^(?:\d{4}-\d{2}-\d{2}\s+)?(\d{1,15})[\s:]+([0-9a-fA-F]{64})$/;

const feed = z.object({
  heads: z.array(z.object({ entry_id: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/i) })),
});

/** A head as a line of the file: day, number of the entry, hash. */
export function headLine({ day, entry_id, hash }: LogHead & { day: string }): string {
  return `${day} ${entry_id} ${hash}\n`;
}

/**
 * Reads heads: lines of `NUMBER HASH` with or without a day, `NUMBER:HASH`, or the JSON of `/feeds/log.json`. Lines
 * that begin with # are skipped. Null when there is anything else in it, because a head that is overlooked proves nothing.
 */
export function readHeads(text: string): LogHead[] | null {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed.startsWith("{")) {
    try {
      const parsed = feed.safeParse(JSON.parse(trimmed));
      return parsed.success ? parsed.data.heads.map(({ entry_id, hash }) => ({ entry_id, hash })) : null;
    } catch {
      return null;
    }
  }
  const heads: LogHead[] = [];
  for (const line of trimmed.split(/\r?\n/)) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const match = LINE.exec(line.trim());
    if (!match) return null;
    heads.push({ entry_id: Number(match[1]), hash: match[2]!.toLowerCase() });
  }
  return heads;
}
