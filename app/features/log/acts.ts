/** The acts of the log that have words in every language. One that has none yet is shown as its token. */
import type { MessageKey, Translate } from "../../i18n/translate.ts";

export const KNOWN_ACTS = [
  "appeal",
  "case_added",
  "case_changed",
  "member_removed",
  "member_saved",
  "notice_added",
  "notice_changed",
  "notice_hidden",
  "notice_linked",
  "notice_restored",
  "notice_unlinked",
  "notices_imported",
  "offer_introduced",
  "offer_thanked",
  "release_discarded",
  "release_prepared",
  "release_proposed",
  "release_published",
  "webhook_added",
  "webhook_changed",
  "webhook_removed",
] as const;
export type KnownAct = (typeof KNOWN_ACTS)[number];

export const KNOWN_SUBJECTS = [
  "case",
  "data_entry",
  "member",
  "note",
  "notice",
  "offer",
  "person",
  "queue_item",
  "release",
  "report",
  "story",
  "webhook",
] as const;
export type KnownSubject = (typeof KNOWN_SUBJECTS)[number];

const ROLES = ["volunteer", "officer", "admin"] as const;

const DECISIONS = [
  "accept", "needs_information", "duplicate", "hide", "mask", "escalate", "verified", "unverifiable", "false", "corrected",
  "adopted", "withdrawn", "restore", "uphold",
] as const; // prettier-ignore

/** What was done, in words. */
export function actText(t: Translate, act: string): string {
  const decision = DECISIONS.find((one) => `decision_${one}` === act);
  if (decision) return t("log:decision", { decision: t(`moderation:decided.${decision}`) });
  if (act.startsWith("story_")) return t("log:story", { state: act.slice("story_".length) });
  const known = KNOWN_ACTS.find((one) => one === act);
  return known ? t(`log:act.${known}` satisfies MessageKey) : act;
}

/** To what kind of thing, in words. */
export function subjectText(t: Translate, subject: string): string {
  const known = KNOWN_SUBJECTS.find((one) => one === subject);
  return known ? t(`log:subject.${known}` satisfies MessageKey) : subject;
}

/** By which role, in words; an act of no member is the server's. */
export function roleText(t: Translate, role: string | null): string {
  const known = ROLES.find((one) => one === role);
  return known ? t(`log:role.${known}`) : t("log:role.server");
}
