/**
 * How much planted personal data is found, and how much of what is found was planted, per kind. The sentences are made
 * by us (`personal-data-corpus.ts`), so the figures compare versions of the patterns; they do not promise the world.
 */
import { PERSONAL_DATA_KINDS, type PersonalDataKind } from "../../app/privacy/folded-text.ts";
import { findPersonalData } from "../../app/privacy/personal-data.ts";
import type { Benchmark, Finding } from "./measuring.ts";
import { madeSentences, type Sentence } from "./personal-data-corpus.ts";

export interface Score {
  planted: number;
  found: number;
  /** Of the same kind, and nothing of what was planted left uncovered. */
  right: number;
}

/** Counts for each kind; what was found wrongly or missed is given to `tell`. */
export function scored(
  sentences: readonly Sentence[],
  tell: (line: string) => void = () => {},
): Record<PersonalDataKind, Score> {
  const scores = Object.fromEntries(
    PERSONAL_DATA_KINDS.map((kind) => [kind, { planted: 0, found: 0, right: 0 }]),
  ) as Record<PersonalDataKind, Score>;
  for (const { text, planted } of sentences) {
    const findings = findPersonalData(text);
    for (const { kind } of findings) scores[kind].found += 1;
    for (const one of planted) {
      scores[one.kind].planted += 1;
      const isFound = findings.some(
        ({ kind, start, end }) => kind === one.kind && start <= one.start && end >= one.end,
      );
      if (isFound) scores[one.kind].right += 1;
      else tell(`missed ${one.kind} ${text.slice(one.start, one.end)}: ${text}`);
    }
    for (const finding of findings) {
      if (
        !planted.some(
          ({ kind, start, end }) => kind === finding.kind && start < finding.end && end > finding.start,
        )
      )
        tell(`wrong ${finding.kind} ${finding.text}: ${text}`);
    }
  }
  return scores;
}

/** Precision and recall on 10,000 sentences in Chinese, English and Japanese, and the time it took for all of them. */
export const personalData: Benchmark = async (sizes, say) => {
  const sentences = madeSentences(sizes.quick ? 2_000 : 10_000);
  const told = new Map<string, number>();
  const began = performance.now();
  const scores = scored(sentences, (line) => {
    const what = line.split(" ", 2).join(" ");
    told.set(what, (told.get(what) ?? 0) + 1);
    if (told.get(what)! <= 3) say(line);
  });
  const took = performance.now() - began;
  say(`${sentences.length} sentences in ${Math.round(took)} ms`);
  return PERSONAL_DATA_KINDS.flatMap((kind): Finding[] => {
    const { planted, found, right } = scores[kind];
    const beside = `${planted} planted, ${found} found`;
    return [
      { what: `${kind}: precision`, unit: "", ours: right / found, peer: 1, beside, aim: { atLeast: 0.95 } },
      { what: `${kind}: recall`, unit: "", ours: right / planted, peer: 1, beside, aim: { atLeast: 0.9 } },
    ];
  });
};
