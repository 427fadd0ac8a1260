import { age } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import { confidenceLevel } from "./confidence.ts";

/** What the words about a confidence are made of; the records of the API have it all. */
export interface ConfidenceFacts {
  /** 0 to 1, or null while nothing is known. */
  confidence: number | null;
  confirmations: number;
  denials: number;
  /** How many callers nearby reported the same. */
  neighbours?: number;
  /** RFC 3339; the newest time anybody said anything about it. */
  heard_at: string;
  stale: boolean;
  /** Said by an authority, or found to be so by staff. */
  official?: boolean;
  verified?: boolean;
}

/**
 * Why a report is believed as far as it is, in a few words each: "3 confirm", "1 denies", "newest 40 minutes ago". The
 * page puts what its language has between them.
 */
export function confidenceReasons(facts: ConfidenceFacts, now: Date, t: Translate): string[] {
  const { confirmations, denials, neighbours = 0 } = facts;
  const reasons: string[] = [];
  if (facts.official) reasons.push(t("confidence:official"));
  if (facts.verified) reasons.push(t("confidence:verified"));
  if (confirmations > 0) reasons.push(t("confidence:confirm", { count: confirmations }));
  else if (!facts.official && !facts.verified) reasons.push(t("confidence:nobody"));
  if (denials > 0) reasons.push(t("confidence:deny", { count: denials }));
  if (neighbours > 0) reasons.push(t("confidence:near", { count: neighbours }));
  reasons.push(t("confidence:newest", { age: age(new Date(facts.heard_at), now, t.language) }));
  if (facts.stale) reasons.push(t("confidence:stale"));
  return reasons;
}

/** The confidence of a report in one sentence, beginning with its level: "Confidence medium: 3 confirm, 1 denies, …". */
export function confidenceInWords(facts: ConfidenceFacts, now: Date, t: Translate): string {
  const reasons = confidenceReasons(facts, now, t).join(t("common:punctuation.comma"));
  if (facts.confidence === null) return reasons;
  return t(`confidence:level.${confidenceLevel(facts.confidence)}`, { reasons });
}
