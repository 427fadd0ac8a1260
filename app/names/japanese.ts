import { toRomaji } from "wanakana";

import { JAPANESE_NAME_READINGS } from "./japanese-names.ts";

/**
 * Japanese names by their sound: kana and romaji to one folded romaji, and names in kanji through a small
 * table of readings.
 */

const LONGEST_KANJI_NAME = 4;
const MAX_READINGS = 4;

/** Spellings of the same kana in Kunrei, Nihon-shiki and wapuro habits, as Hepburn writes them. */
const TO_HEPBURN: readonly (readonly [RegExp, string])[] = [
  [/sy(?=[auoe])/g, "sh"],
  [/ty(?=[auoe])/g, "ch"],
  [/cy(?=[auoe])/g, "ch"],
  [/(zy|jy|dy)(?=[auoe])/g, "j"],
  [/si/g, "shi"],
  [/tsu/g, "tu"],
  [/ti/g, "chi"],
  [/zi|di/g, "ji"],
  [/du|dzu/g, "zu"],
  [/hu/g, "fu"],
  [/tu/g, "tsu"],
  [/l/g, "r"],
  [/wi/g, "i"],
  [/we/g, "e"],
  [/wo/g, "o"],
  [/m(?=[bpm])/g, "n"],
];

const LONG_VOWELS: readonly (readonly [RegExp, string])[] = [
  [/oh(?![aiueo])/g, "o"],
  [/o[uo]+/g, "o"],
  [/uu+/g, "u"],
  [/aa+/g, "a"],
  [/ii+/g, "i"],
  [/ee+/g, "e"],
];

const MORAE =
  /^(?:(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmyrwjf])?[aiueo]|n(?![aiueoy])|([kgstpcbdfjzrm])(?=\1)|t(?=ch))+$/;

/**
 * Romaji of any habit in one folded form: Hepburn without long vowels (Tarou, Tarō, Taroh, Taroo → `taro`;
 * akiduki → `akizuki`). Null when the word is no romaji. Takes a lower-case word without accents.
 */
export function foldRomaji(word: string): string | null {
  const hepburn = TO_HEPBURN.reduce((text, [from, to]) => text.replace(from, to), word.replaceAll("-", ""));
  const short = LONG_VOWELS.reduce((text, [from, to]) => text.replace(from, to), hepburn);
  return MORAE.test(short) ? short : null;
}

/** Number of beats of a folded romaji word, near enough to tell `an` from `azusa`. */
export function countVowels(romaji: string): number {
  return romaji.match(/[aiueo]/g)?.length ?? 0;
}

/** Folded romaji of hiragana or katakana; null when a character has no reading. */
export function kanaToRomaji(kana: string): string | null {
  const romaji = toRomaji(kana.replace(/[ー・]/g, ""))
    .toLowerCase()
    .replace(/['’]/g, "");
  return foldRomaji(romaji);
}

/**
 * Readings of a run of kanji as words of folded romaji, e.g. 音無小鳥 → [otonashi, kotori]; several when names
 * of the table have several readings (萩原), at most four; empty when the table does not cover the whole run.
 */
export function kanjiReadings(folded: string): string[][] {
  const characters = Array.from(folded);
  const read = (from: number): string[][] => {
    if (from === characters.length) return [[]];
    const readings: string[][] = [];
    for (let length = Math.min(LONGEST_KANJI_NAME, characters.length - from); length >= 1; length -= 1) {
      const known = JAPANESE_NAME_READINGS.get(characters.slice(from, from + length).join(""));
      if (!known) continue;
      for (const rest of read(from + length)) {
        for (const word of known) readings.push([word, ...rest]);
        if (readings.length >= MAX_READINGS) return readings.slice(0, MAX_READINGS);
      }
    }
    return readings;
  };
  return characters.length > 2 * LONGEST_KANJI_NAME ? [] : read(0);
}

/** Romaji words run together as Japanese names often are: in the order given and, of two words, also swapped. */
export function romajiRunTogether(words: readonly string[]): string[] {
  return words.length === 2 ? [words.join(""), [...words].reverse().join("")] : [words.join("")];
}
