/** The vocabulary of the queue, and what follows from it without a database. Browser-safe. */

/** Every kind of item, the most urgent first. */
export const KINDS = [
  "needs_help",
  "death_report",
  "objection",
  "appeal",
  "disagreement",
  "flagged",
  "photo_of_minor",
  "correction",
  "report",
  "held",
  "looks_automatic",
  "new",
  "offer",
  "import_problem",
] as const;
export type Kind = (typeof KINDS)[number];

/** Every decision, in the order of the buttons. */
export const DECISIONS = [
  "accept",
  "needs_information",
  "duplicate",
  "hide",
  "mask",
  "escalate",
  "verified",
  "unverifiable",
  "false",
  "corrected",
  "adopted",
  "withdrawn",
  "restore",
  "uphold",
] as const;
export type Decision = (typeof DECISIONS)[number];

/** The key of each button. No two that can stand on one page share one. */
export const KEYS: Readonly<Record<Decision | "claim" | "next" | "photo", string>> = {
  accept: "a",
  needs_information: "i",
  duplicate: "d",
  hide: "h",
  mask: "m",
  escalate: "e",
  verified: "v",
  unverifiable: "u",
  false: "f",
  corrected: "c",
  adopted: "o",
  withdrawn: "w",
  restore: "r",
  uphold: "k",
  claim: "t",
  next: "n",
  photo: "p",
};

/** The reason that is meant when a decision that needs no words is made by one key and none was chosen. */
export const USUAL_REASON: Partial<Record<Decision, string>> = {
  accept: "looks_right",
  duplicate: "same_thing",
  mask: "personal_data",
  escalate: "needs_officer",
  adopted: "on_official_site",
};

/** What cannot be decided for several at once. */
export const ONE_BY_ONE: readonly Decision[] = ["needs_information", "mask", "corrected"];

/** The ages the list can be narrowed to, in hours. */
export const AGES = [1, 6, 24, 72] as const;

export interface QueueFilter {
  kind: Kind | null;
  event: string | null;
  language: string | null;
  stage: 1 | 2 | null;
  /** Waiting for at least this many hours. */
  age: number | null;
}

/** Reads the filter out of an address; what is unknown is no filter. */
export function readFilter(query: URLSearchParams): QueueFilter {
  const age = Number(query.get("age"));
  const stage = query.get("stage");
  return {
    kind: KINDS.find((kind) => kind === query.get("kind")) ?? null,
    event: query.get("event")?.slice(0, 80) || null,
    language: ["zh-TW", "en", "ja"].find((code) => code === query.get("language")) ?? null,
    stage: stage === "1" ? 1 : stage === "2" ? 2 : null,
    age: AGES.find((hours) => hours === age) ?? null,
  };
}

/**
 * What the list shows when nothing was said about stages: to a volunteer the first, which is theirs; to officers both.
 * An empty `stage` in the address asks for both.
 */
export function withOwnStage(filter: QueueFilter, volunteer: boolean, query: URLSearchParams): QueueFilter {
  return volunteer && !query.has("stage") ? { ...filter, stage: 1 } : filter;
}

/** Whether a word is a decision. */
export function isDecision(word: unknown): word is Decision {
  return DECISIONS.some((decision) => decision === word);
}
