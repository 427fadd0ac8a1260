/** Words one typing error apart: a letter left out, added, replaced, or swapped with its neighbour. */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The word with each letter left out in turn (the deletion neighbourhood of SymSpell), deduplicated. */
export function oneDeletion(word: string): string[] {
  const letters = Array.from(word);
  return [
    ...new Set(
      letters.map((_, at) =>
        letters
          .slice(0, at)
          .concat(letters.slice(at + 1))
          .join(""),
      ),
    ),
  ];
}

/** Every Latin word one error away from a Latin word, the word itself not included. */
export function oneEdit(word: string): string[] {
  const edits = new Set(oneDeletion(word));
  for (let at = 0; at <= word.length; at += 1) {
    const start = word.slice(0, at);
    if (at + 1 < word.length) edits.add(start + word[at + 1] + word[at] + word.slice(at + 2));
    for (const letter of LETTERS) {
      edits.add(start + letter + word.slice(at));
      if (at < word.length) edits.add(start + letter + word.slice(at + 1));
    }
  }
  edits.delete(word);
  return [...edits];
}

/** Whether two different words are one typing error apart. */
export function isOneErrorApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [lengthA, lengthB] = [endA - start, endB - start];
  if (lengthA <= 1 && lengthB <= 1) return true;
  return lengthA === 2 && lengthB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
