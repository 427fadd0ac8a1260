/**
 * What the author of a post is asked once: the text tells strangers who somebody is, is it meant to? Nothing is decided
 * for them and nothing is held because of it.
 */
import { findEvent } from "../features/events/events.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { PersonalDataKind } from "../privacy/folded-text.ts";
import { findPersonalData, maskPersonalData, type Finding } from "../privacy/personal-data.ts";
import { orRefuse } from "./page-answers.ts";

export interface MarkedPart {
  text: string;
  /** What it gives away; null for what stands between. */
  kind: PersonalDataKind | null;
}

export interface PostedText {
  text: string | undefined;
  /** Numbers that everybody should see, besides the ministry's. */
  hotlines?: readonly string[];
  /** Names the post gives in fields of their own anyway: who it is about, who writes. */
  names?: readonly (string | undefined)[];
  /** Kinds that are what the post is for: an address in a report of a place. */
  meant?: readonly PersonalDataKind[];
}

/** The answer to the question, as the form sends it. */
export type PersonalDataChoice = "mask" | "keep";

/** The numbers of an event that nobody may mask; none for an event that is not there. */
export async function hotlinesOf(db: Db, slug: string): Promise<string[]> {
  const event = await orRefuse(findEvent(db, slug));
  return event?.hotlines.map(({ number }) => number) ?? [];
}

/** What a reader would learn from the text that the rest of the post does not tell. */
export function findingsIn({ text = "", hotlines = [], names = [], meant = [] }: PostedText): Finding[] {
  const known = names.flatMap((name) => (name && plain(name) !== "" ? [plain(name)] : []));
  return findPersonalData(text, { hotlines }).filter(
    (one) =>
      !meant.includes(one.kind) &&
      (one.kind !== "name" ||
        !known.some((name) => name.includes(plain(one.text)) || plain(one.text).includes(name))),
  );
}

/** The text in parts, so that a page can mark what was found. Empty when nothing was: there is nothing to ask. */
export function markedParts(posted: PostedText): MarkedPart[] {
  const text = posted.text ?? "";
  const findings = findingsIn(posted);
  if (findings.length === 0) return [];
  const parts: MarkedPart[] = [];
  let at = 0;
  for (const { start, end, kind } of findings) {
    if (start > at) parts.push({ text: text.slice(at, start), kind: null });
    parts.push({ text: text.slice(start, end), kind });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: null });
  return parts;
}

/** The text as the author chose: masked, unless they said that it is meant as it is. */
export function chosenText(posted: PostedText, choice: PersonalDataChoice): string | undefined {
  if (choice === "keep" || posted.text === undefined) return posted.text;
  return maskPersonalData(posted.text, findingsIn(posted));
}

/** What a form says about it; null when it has not been asked. */
export function choiceOf(form: FormData): PersonalDataChoice | null {
  const given = form.get("personal_data");
  return given === "mask" || given === "keep" ? given : null;
}

function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s,.'’・-]/g, "");
}

/** Tells a program what was found in the text it posted, by place and kind; the text itself it has. */
export function warningsOf(
  posted: PostedText,
): { field: "text"; kind: PersonalDataKind; start: number; end: number }[] {
  return findingsIn(posted).map(({ kind, start, end }) => ({ field: "text", kind, start, end }));
}
