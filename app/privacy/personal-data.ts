/**
 * Finds what would tell a stranger who somebody is, in texts that people write in a hurry: identity numbers, passports,
 * cards, telephones, mail, LINE IDs, birthdays, addresses and names that a word gives away, in Chinese, Japanese and
 * English. It proposes; people decide. Pure, and linear in the length of the text: every pattern has a bound.
 */
import { findAddresses } from "./addresses.ts";
import { findBirthdays } from "./birthdays.ts";
import { findCuedNames } from "./cued-names.ts";
import { foldText, PERSONAL_DATA_KINDS, type Found, type PersonalDataKind } from "./folded-text.ts";
import { findCards, findPassports, findUnifiedNumbers } from "./identity-numbers.ts";
import { findLineIds, findMail } from "./mail-and-line.ts";
import { findPhones, hotlineMatcher } from "./phone-numbers.ts";

export interface Finding {
  kind: PersonalDataKind;
  /** UTF-16 offsets into the text that was given; `end` is exclusive. */
  start: number;
  end: number;
  /** `text.slice(start, end)` */
  text: string;
  /** From 0.5 (a shape that is often something else) to 0.99 (a right check digit behind its label). */
  confidence: number;
}

export interface FindingOptions {
  /** More telephone numbers that everybody should see, as written: those of the event. The ministry's are known. */
  hotlines?: readonly string[];
  /** Only these kinds. */
  kinds?: readonly PersonalDataKind[];
}

/** What stands in place of what was masked. No pattern of ours takes it for anything. */
export const MASK = "〔…〕";

/**
 * All personal data in a text, in order, none overlapping another.
 *
 * @param text anything; controls and lone surrogates do no harm
 * @returns findings whose `start` and `end` are offsets of `text` itself, never within a character
 */
export function findPersonalData(text: string, options: FindingOptions = {}): Finding[] {
  const folded = foldText(text);
  const isHotline = hotlineMatcher(options.hotlines ?? []);
  const found = [
    ...findMail(folded.text),
    ...findUnifiedNumbers(folded.text),
    ...findCards(folded.text),
    ...findPassports(folded.text),
    ...findLineIds(folded.text),
    ...findBirthdays(folded.text),
    ...findPhones(folded.text, isHotline),
    ...findAddresses(folded.text),
    ...findCuedNames(folded.text),
  ].filter(({ kind }) => options.kinds?.includes(kind) ?? true);
  return apart(found).map(({ kind, start, end, confidence }) => {
    const from = folded.starts[start]!;
    const to = folded.ends[end - 1]!;
    return { kind, start: from, end: to, text: text.slice(from, to), confidence };
  });
}

/**
 * The text with every finding replaced by `MASK`. Without findings it finds them itself, and again in what is left,
 * until there is nothing: what a first finding overlapped may stand alone afterwards.
 *
 * @param findings those of this very text, from `findPersonalData`; or options to find with
 */
export function maskPersonalData(
  text: string,
  findings?: readonly Finding[],
  options: FindingOptions = {},
): string {
  let masked = replaced(text, findings ?? findPersonalData(text, options));
  if (findings) return masked;
  // Each round leaves less; a text that needs more rounds than this was made to need them.
  for (let round = 0; round < 20; round += 1) {
    const left = findPersonalData(masked, options);
    if (left.length === 0) break;
    masked = replaced(masked, left);
  }
  return masked;
}

function replaced(text: string, findings: readonly Finding[]): string {
  let masked = "";
  let at = 0;
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    masked += text.slice(at, start) + MASK;
    at = end;
  }
  return masked + text.slice(at);
}

/** Of two that overlap, the surer wins and of two as sure the longer; what the other has beyond it is covered too. */
function apart(found: Found[]): Found[] {
  const byWeight = [...found].sort(
    (a, b) =>
      b.confidence - a.confidence ||
      b.end - b.start - (a.end - a.start) ||
      PERSONAL_DATA_KINDS.indexOf(a.kind) - PERSONAL_DATA_KINDS.indexOf(b.kind) ||
      a.start - b.start,
  );
  const byPlace = [...found].sort((a, b) => a.start - b.start || a.end - b.end);
  // Overlapping ones in a row are one piece; the heaviest in it names it.
  const weight = new Map(byWeight.map((one, at) => [one, at]));
  const pieces: Found[] = [];
  let heaviest = Infinity;
  for (const one of byPlace) {
    const last = pieces.at(-1);
    if (last && one.start < last.end) {
      last.end = Math.max(last.end, one.end);
      if (weight.get(one)! < heaviest) {
        heaviest = weight.get(one)!;
        last.kind = one.kind;
        last.confidence = one.confidence;
      }
    } else {
      pieces.push({ ...one });
      heaviest = weight.get(one)!;
    }
  }
  return pieces;
}
