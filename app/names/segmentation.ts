/**
 * Cuts a run-together word into syllables of a table, e.g. `zhiming` → `zhi ming`, `xian` → `xian`, `xi an`.
 * Gives at most `limit` cuts, fewest syllables first, each of at most `maxSyllables`; none when the word
 * cannot be read through to its end. The number of steps is bounded, whatever the word.
 */
export function cutIntoSyllables(
  word: string,
  isSyllable: (part: string) => boolean,
  { longest, maxSyllables, limit }: { longest: number; maxSyllables: number; limit: number },
): string[][] {
  if (word.length > longest * maxSyllables) return [];
  let open: { parts: string[]; end: number }[] = [{ parts: [], end: 0 }];
  const found: string[][] = [];
  for (let count = 0; count < maxSyllables && found.length < limit && open.length > 0; count += 1) {
    const next: typeof open = [];
    for (const { parts, end } of open) {
      for (let length = Math.min(longest, word.length - end); length >= 1; length -= 1) {
        const part = word.slice(end, end + length);
        if (!isSyllable(part)) continue;
        const longer = { parts: [...parts, part], end: end + length };
        if (longer.end === word.length) found.push(longer.parts);
        else next.push(longer);
      }
    }
    open = next.slice(0, MAX_OPEN_CUTS);
  }
  return found.slice(0, limit);
}

const MAX_OPEN_CUTS = 64;
