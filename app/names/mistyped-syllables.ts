import { cutMandarinWord, syllablesOf } from "./mandarin-reading.ts";
import { oneEdit } from "./typing-errors.ts";

/**
 * Romanised Mandarin with one typing error, read as the syllables that were probably meant, so that a mistyped
 * romanisation still finds a name written in Han.
 */

const SHORTEST = 4;
const LONGEST = 12;
const MAX_SYLLABLES = 2;

/**
 * The runs of one or two canonical syllables whose spelling is one typing error away from the word; empty for
 * words too short to tell an error from another name, or too long. `zhimign` → zhi ming, zhi ying …
 */
export function mistypedSyllables(word: string): readonly (readonly string[])[] {
  if (word.length < SHORTEST || word.length > LONGEST) return [];
  const known = cache.get(word);
  if (known) return known;
  const runs = new Map<string, readonly string[]>();
  for (const edited of oneEdit(word)) {
    const [cut] = cutMandarinWord(edited);
    if (!cut || cut.length > MAX_SYLLABLES || (cut.length === 1 && word.length > SHORTEST + 2)) continue;
    for (const first of syllablesOf(cut[0]!)) {
      for (const second of cut.length === 2 ? syllablesOf(cut[1]!) : [""]) {
        const run = second === "" ? [first] : [first, second];
        runs.set(run.join("-"), run);
      }
    }
  }
  const found = [...runs.values()];
  if (cache.size >= MAX_CACHED_WORDS) cache.clear();
  cache.set(word, found);
  return found;
}

const cache = new Map<string, readonly (readonly string[])[]>();
const MAX_CACHED_WORDS = 2_000;
