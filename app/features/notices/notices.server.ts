/** Reads and keeps official notices. The only file that names their views and functions. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../../formats/cursor.ts";
import type { NoticeDraft } from "../../formats/notice-feed.ts";
import { exactly, unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import {
  noticeFeedRow,
  noticeLinkRow,
  noticeRow,
  noticeVersionRow,
  type LinkSubject,
  type Notice,
  type NoticeFeed,
  type NoticeLink,
  type NoticeRelation,
  type NoticeVersion,
} from "./notices.ts";
import type { NoticeInput } from "./notices.schema.ts";

export interface NoticeQuery {
  /** The slug of an event: its own notices and those linked to it. Without it no drill is shown. */
  event?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface NoticePage {
  items: Notice[];
  next: string | null;
  total: number;
}

const links = z.array(noticeLinkRow);
const LINK_COLUMNS =
  "id,notice_id,relation,subject_type,subject_id,text,linked_at,title,source_name,url,language,level,published_at,ended";

/** Published notices, newest first. Fails with `cursor_invalid` for a cursor of another list. */
export async function listNotices(
  db: Db,
  { event, country, cursor, limit }: NoticeQuery,
): Promise<NoticePage> {
  const scope = `notices:${event ?? ""}:${country ?? ""}`;
  let before: { published_at: string; id: string } | null = null;
  if (cursor !== undefined) {
    const [published_at, id] = decodeCursor(scope, cursor, 2) ?? [];
    if (typeof published_at !== "string" || !isTime(published_at) || typeof id !== "string" || !isUuid(id))
      throw new Failure("invalid", "cursor_invalid", { field: "cursor" });
    before = { published_at, id };
  }
  const filter = { p_event: event ?? null, p_country: country ?? null };
  const [rows, total] = await Promise.all([
    db.rpc("list_notices", {
      ...filter,
      p_before: before?.published_at ?? null,
      p_before_id: before?.id ?? null,
      p_limit: limit + 1,
    }),
    db.rpc("count_notices", filter),
  ]);
  const found = z.array(noticeRow).parse(unwrap(rows));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    total: z.number().parse(unwrap(total)),
    next: found.length > limit && last ? encodeCursor(scope, [last.published_at, last.id]) : null,
  };
}

export interface NoticeInFull {
  notice: Notice;
  /** What it said before, newest first. */
  versions: NoticeVersion[];
  /** What it speaks of. */
  links: NoticeLink[];
  /** What other notices say of it. */
  about: NoticeLink[];
  /** The notice that takes its place. */
  replacement: Notice | null;
}

/** One notice with its history and its links; fails with `notice_not_found`. */
export async function getNotice(db: Db, id: string): Promise<NoticeInFull> {
  if (!isUuid(id)) throw new Failure("not_found", "notice_not_found");
  const [rows, versions, own, about] = await Promise.all([
    db.from("notices").select("*").eq("id", id).limit(1),
    db
      .from("notice_versions")
      .select("version,title,text,level,published_at,ended,replaced_at")
      .eq("notice_id", id)
      .order("version", { ascending: false })
      .limit(50),
    db.from("notice_links").select(LINK_COLUMNS).eq("notice_id", id).order("linked_at").limit(200),
    linksTo(db, "notice", [id]),
  ]);
  const [notice] = z.array(noticeRow).parse(unwrap(rows));
  if (!notice) throw new Failure("not_found", "notice_not_found");
  const replacement =
    notice.replaced_by === null
      ? []
      : z
          .array(noticeRow)
          .parse(unwrap(await db.from("notices").select("*").eq("id", notice.replaced_by).limit(1)));
  return {
    notice,
    versions: z.array(noticeVersionRow).parse(unwrap(versions)),
    links: links.parse(unwrap(own)),
    about,
    replacement: replacement[0] ?? null,
  };
}

/** What notices say of these items, newest first; only what the reader may see. */
export async function linksTo(db: Db, subject: LinkSubject, ids: readonly string[]): Promise<NoticeLink[]> {
  const known = ids.filter(isUuid).slice(0, 200);
  if (known.length === 0) return [];
  return links.parse(
    unwrap(
      await db
        .from("notice_links")
        .select(LINK_COLUMNS)
        .eq("subject_type", subject)
        .in("subject_id", known)
        .order("published_at", { ascending: false })
        .limit(500),
    ),
  );
}

/** Links in which a notice and an item do not agree, newest first. */
export async function listDisagreements(db: Db, noticeIds: readonly string[]): Promise<NoticeLink[]> {
  const known = noticeIds.filter(isUuid).slice(0, 200);
  if (known.length === 0) return [];
  return links.parse(
    unwrap(
      await db
        .from("notice_links")
        .select(LINK_COLUMNS)
        .in("notice_id", known)
        .in("relation", ["contradicts", "corrects"])
        .order("published_at", { ascending: false })
        .limit(100),
    ),
  );
}

/** When each feed was last read. */
export async function listFeeds(db: Db): Promise<NoticeFeed[]> {
  const rows = await db
    .from("notice_feeds")
    .select("url,name,tried_at,read_at,problem")
    .order("name")
    .limit(200);
  return z.array(noticeFeedRow).parse(unwrap(rows));
}

// --- Staff, with their own session ---

/** Enters a notice, or changes the one with this id. Gives its id. */
export async function saveNotice(db: Db, input: NoticeInput, id: string | null): Promise<{ id: string }> {
  return z.object({ id: z.string() }).parse(unwrap(await db.rpc("save_notice", { p: { ...input, id } })));
}

/** Hides a notice, or shows it again. */
export async function publishNotice(db: Db, id: string, publish: boolean): Promise<void> {
  unwrap(await db.rpc("publish_notice", { p_id: id, p_publish: publish }));
}

export interface LinkInput {
  notice_id: string;
  relation: NoticeRelation;
  subject_type: LinkSubject;
  /** An id; of an event its slug. */
  reference: string;
  text: string | null;
}

/** Says what a notice means for something. Fails with `subject_unknown` when there is no such thing. */
export async function linkNotice(db: Db, { reference, ...link }: LinkInput): Promise<void> {
  const subject_id = link.subject_type === "event" ? await eventId(db, reference) : reference;
  if (subject_id === null) throw new Failure("invalid", "subject_unknown", { field: "subject" });
  unwrap(await db.rpc("link_notice", { p: { ...link, subject_id } }));
}

/** Takes a link back. */
export async function unlinkNotice(db: Db, id: string): Promise<void> {
  if (!isUuid(id)) throw new Failure("not_found", "notice_not_found");
  unwrap(await db.rpc("unlink_notice", { p_id: id }));
}

async function eventId(db: Db, slug: string): Promise<string | null> {
  const rows = unwrap(await db.from("events").select("id").filter("slug", "in", exactly(slug)).limit(1));
  return z.array(z.object({ id: z.string() })).parse(rows)[0]?.id ?? null;
}

// --- The server ---

const outcomes = z.array(
  z.object({
    outcome: z.enum(["created", "updated", "unchanged", "refused"]),
    id: z.string().optional(),
    reason: z.string().optional(),
  }),
);
export type ImportOutcome = z.infer<typeof outcomes>[number];

/** Takes in notices; one outcome for each. */
export async function importNotices(
  commands: Commands,
  feed: { url: string; name: string } | null,
  notices: readonly (NoticeDraft & { event?: string | null })[],
): Promise<ImportOutcome[]> {
  return outcomes.parse(
    await commands.call("import_notices", {
      p: { feed_url: feed?.url ?? null, feed_name: feed?.name ?? null, notices },
    }),
  );
}

/** Keeps that a feed could not be read. `problem` is one word or sentence for staff and public. */
export async function noteFeedProblem(
  commands: Commands,
  feed: { url: string; name: string },
  problem: string,
): Promise<void> {
  await commands.call("note_feed_problem", { p_url: feed.url, p_name: feed.name, p_problem: problem });
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}
