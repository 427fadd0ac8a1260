/** Takes in a feed of notices: good ones land, bad ones are named, a second time changes nothing. */
import {
  readNoticeFeed,
  type FeedFacts,
  type NoticeDraft,
  type NoticeRefusal,
} from "../../formats/notice-feed.ts";
import { XmlRefused, type XmlRefusal } from "../../formats/xml.ts";
import type { Commands } from "../../platform/db.server.ts";
import { importNotices } from "./notices.server.ts";

export interface NoticeTally {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
}

export interface NoticeImport {
  tally: NoticeTally;
  /** What was refused, with the line it begins at. */
  refused: { line: number; title: string | null; reason: string }[];
  /** Why it could not be read on, if it could not. */
  broken: { line: number; reason: XmlRefusal | "not_a_feed" } | null;
}

const atOnce = 100;

export interface ImportOptions extends FeedFacts {
  /** Null for a file: nothing is kept about when it was read. */
  feed: { url: string; name: string } | null;
  /** The event its notices belong to. */
  event?: string | null;
  maxBytes?: number;
  tell?: (read: number) => void;
}

/** Reads a feed (RSS, Atom, CAP) to its end, or as far as it can be read. */
export async function importNoticeFeed(
  commands: Commands,
  source: AsyncIterable<Uint8Array>,
  { feed, event = null, maxBytes, tell = () => {}, ...facts }: ImportOptions,
): Promise<NoticeImport> {
  const result: NoticeImport = {
    tally: { read: 0, created: 0, updated: 0, unchanged: 0, refused: 0 },
    refused: [],
    broken: null,
  };
  const refuse = (line: number, title: string | null, reason: NoticeRefusal | string) => {
    result.tally.refused += 1;
    result.refused.push({ line, title, reason });
  };
  let waiting: { line: number; notice: NoticeDraft }[] = [];
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const outcomes = await importNotices(
      commands,
      feed,
      batch.map(({ notice }) => ({ ...notice, event })),
    );
    for (const [index, { outcome, reason }] of outcomes.entries()) {
      const { line, notice } = batch[index]!;
      if (outcome === "refused") refuse(line, notice.title, reason ?? "notice_invalid");
      else result.tally[outcome] += 1;
    }
    tell(result.tally.read);
  };
  try {
    for await (const item of readNoticeFeed(source, facts, maxBytes === undefined ? {} : { maxBytes })) {
      if (item.kind === "unreadable") {
        result.broken = { line: item.line, reason: item.token };
        break;
      }
      result.tally.read += 1;
      if (item.kind === "refused") refuse(item.line, item.key, item.token);
      else waiting.push(item);
      if (waiting.length >= atOnce) await flush();
    }
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    result.broken = { line: error.line, reason: error.token };
  }
  // Also with nothing in it: that a feed was read, and is empty, is worth knowing.
  if (waiting.length > 0 || result.broken === null) await flush();
  return result;
}
