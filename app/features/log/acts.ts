/** The acts of the log that have words in every language. One that has none yet is shown as its token. */
import type { MessageKey, Translate } from "../../i18n/translate.ts";

export const KNOWN_ACTS = [
  "notice_added",
  "notice_changed",
  "notice_hidden",
  "notice_linked",
  "notice_unlinked",
  "notice_restored",
  "notices_imported",
  "webhook_added",
  "webhook_changed",
  "webhook_removed",
  "item_adopted",
  "decision_accept",
  "decision_needs_information",
  "decision_duplicate",
  "decision_hide",
  "decision_mask",
  "decision_escalate",
  "decision_verified",
  "decision_unverifiable",
  "decision_false",
  "decision_corrected",
  "decision_adopted",
  "decision_withdrawn",
  "decision_restore",
  "decision_uphold",
  "appeal",
  "member_saved",
  "member_removed",
] as const;
export type KnownAct = (typeof KNOWN_ACTS)[number];

export const KNOWN_SUBJECTS = [
  "notice",
  "person",
  "note",
  "report",
  "webhook",
  "queue_item",
  "member",
] as const;
export type KnownSubject = (typeof KNOWN_SUBJECTS)[number];

const ROLES = ["volunteer", "officer", "admin"] as const;

/** What was done, in words. */
export function actText(t: Translate, act: string): string {
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
