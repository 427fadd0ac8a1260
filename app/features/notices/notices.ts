/** Official notices as the site knows them: words, bounds, rows. Browser-safe. */
import { z } from "zod";

/** Who speaks, so that a ministry is never taken for a newspaper (D56). */
export const SOURCE_KINDS = ["government", "international", "media", "organisation"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a notice means for an item, an event or another notice. */
export const NOTICE_RELATIONS = ["confirms", "corrects", "contradicts", "supersedes"] as const;
export type NoticeRelation = (typeof NOTICE_RELATIONS)[number];

export const LINK_SUBJECTS = ["event", "notice", "person", "note", "report"] as const;
export type LinkSubject = (typeof LINK_SUBJECTS)[number];

/** Longest texts, in characters; the database holds the same bounds. */
export const NOTICE_LIMITS = {
  source: 200,
  title: 500,
  text: 20_000,
  level: 200,
  area: 1_000,
  url: 2_000,
  why: 1_000,
} as const;

const number = z.coerce.number().nullable();

/** A row of `public.notices`. */
export const noticeRow = z.object({
  id: z.string(),
  source_key: z.string(),
  source_name: z.string(),
  source_kind: z.enum(SOURCE_KINDS),
  url: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  language: z.string(),
  level: z.string().nullable(),
  country: z.string().nullable(),
  area: z.string().nullable(),
  event: z.string().nullable(),
  lat: number,
  lon: number,
  west: number,
  south: number,
  east: number,
  north: number,
  published_at: z.string(),
  expires_at: z.string().nullable(),
  ended: z.boolean(),
  replaced_by: z.string().nullable(),
  received_at: z.string(),
  updated_at: z.string(),
  version: z.number(),
  drill: z.boolean(),
  invented: z.boolean(),
  publication: z.string(),
});
export type Notice = z.infer<typeof noticeRow>;

/** A row of `public.notice_versions`: what the notice said until `replaced_at`. */
export const noticeVersionRow = z.object({
  version: z.number(),
  title: z.string(),
  text: z.string(),
  level: z.string().nullable(),
  published_at: z.string(),
  ended: z.boolean(),
  replaced_at: z.string(),
});
export type NoticeVersion = z.infer<typeof noticeVersionRow>;

/** A row of `public.notice_links`, with the notice in short. */
export const noticeLinkRow = z.object({
  id: z.string(),
  notice_id: z.string(),
  relation: z.enum(NOTICE_RELATIONS),
  subject_type: z.enum(LINK_SUBJECTS),
  subject_id: z.string(),
  text: z.string().nullable(),
  linked_at: z.string(),
  title: z.string(),
  source_name: z.string(),
  url: z.string().nullable(),
  language: z.string(),
  level: z.string().nullable(),
  published_at: z.string(),
  ended: z.boolean(),
});
export type NoticeLink = z.infer<typeof noticeLinkRow>;

/** A row of `public.notice_feeds`. */
export const noticeFeedRow = z.object({
  url: z.string(),
  name: z.string(),
  tried_at: z.string(),
  read_at: z.string().nullable(),
  problem: z.string().nullable(),
});
export type NoticeFeed = z.infer<typeof noticeFeedRow>;

/** Whether the source still stands by a notice: not ended, not replaced, not past its time. */
export function isCurrent(notice: Pick<Notice, "ended" | "replaced_by" | "expires_at">, now: Date): boolean {
  return (
    !notice.ended &&
    notice.replaced_by === null &&
    (notice.expires_at === null || Date.parse(notice.expires_at) > now.getTime())
  );
}

/** Relations in which two voices do not agree. */
export function disagrees(relation: NoticeRelation): boolean {
  return relation === "contradicts" || relation === "corrects";
}

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ADDRESSES: readonly [RegExp, LinkSubject][] = [
  [new RegExp(`^/safety/persons/${UUID}[^#]*#note-(${UUID})$`), "note"],
  [new RegExp(`^/safety/persons/(${UUID})\\b`), "person"],
  [new RegExp(`^/map/reports/(${UUID})\\b`), "report"],
  [new RegExp(`^/notices/(${UUID})\\b`), "notice"],
  [/^\/events\/([a-z0-9-]{1,80})\b/, "event"],
];

/**
 * What an address of this site speaks of, as an officer pastes it: whole, or from the first slash on. An event is named
 * by its slug. Null for anything else.
 */
export function subjectOfAddress(
  address: string,
  publicUrl: string,
): { subject_type: LinkSubject; reference: string } | null {
  const trimmed = address.trim();
  const local = trimmed.startsWith(`${publicUrl}/`) ? trimmed.slice(publicUrl.length) : trimmed;
  for (const [pattern, subject_type] of ADDRESSES) {
    const reference = pattern.exec(local)?.[1];
    if (reference) return { subject_type, reference };
  }
  return null;
}
