/** Puts an adoption package together: public content, and of the staff's side what was decided, never by whom. */
import { actsOn } from "../features/log/log.server.ts";
import { getReport } from "../features/map/reports.server.ts";
import { toReportRecord } from "../features/map/reports.ts";
import { readItem } from "../features/moderation/queue.server.ts";
import { toApiNotice } from "../features/notices/notices.api.ts";
import { getNotice, linksTo } from "../features/notices/notices.server.ts";
import { LINK_SUBJECTS } from "../features/notices/notices.ts";
import type { PackageFacts } from "../features/official-site/adoption-facts.ts";
import { findVerified } from "../features/official-site/verified.server.ts";
import { verifiedJson } from "../features/official-site/verified-feeds.ts";
import type { VerifiedItem } from "../features/official-site/verified.ts";
import { toApiNote, toApiPerson } from "../features/safety/persons.api.ts";
import { getPerson } from "../features/safety/persons.server.ts";
import { translator } from "../i18n/translate.ts";
import type { Backend, Db } from "../platform/db.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";

const languages = ["zh-TW", "en", "ja"] as const;

/**
 * What an officer may take along about an item of the queue. `staff` is the officer's own session; the content is
 * what a visitor may read and nothing else. Fails with `not_verified` when the public may not read it, or
 * nobody has verified it.
 */
export async function packageOf(
  staff: Db,
  backend: Pick<Backend, "db" | "commands">,
  itemId: string,
  publicUrl: string,
  now: Date,
): Promise<PackageFacts> {
  const { subject_type, subject_id, decisions } = await readItem(staff, itemId);
  const { db: visitor } = backend;
  const item = await findVerified(visitor, subject_type, subject_id);
  if (item === null) throw new Failure("conflict", "not_verified");
  const subject = LINK_SUBJECTS.find((one) => one === subject_type);
  const [record, notices, log] = await Promise.all([
    recordOf(backend, item, publicUrl, now),
    subject ? linksTo(visitor, subject, [subject_id]) : [],
    actsOn(staff, subject_type, subject_id),
  ]);
  return {
    item: verifiedJson(item, publicUrl),
    record,
    decisions,
    notices,
    log: log.map(({ id, at, act, role, hash }) => ({ id, at, act, role, hash })),
    publicUrl,
    madeAt: now.toISOString(),
    terms: languages.map((language) => translator(language)("official:licence.short")),
  };
}

async function recordOf(
  { db, commands }: Pick<Backend, "db" | "commands">,
  item: VerifiedItem,
  publicUrl: string,
  now: Date,
): Promise<unknown> {
  switch (item.type) {
    case "report": {
      const { report } = await getReport(db, item.id);
      return toReportRecord(report, publicUrl + paths.report(item.id), now);
    }
    case "notice": {
      const { notice } = await getNotice(db, item.id);
      return toApiNotice(notice, publicUrl, now);
    }
    default: {
      // A note is read with the person it stands under.
      const personId = /^\/safety\/persons\/([0-9a-f-]{36})/.exec(item.path)?.[1] ?? "";
      const { person, notes } = await getPerson(db, commands, personId, null);
      return { ...toApiPerson(person), notes: notes.map(toApiNote) };
    }
  }
}
