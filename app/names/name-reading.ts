import { compoundSurname, foldHan, hanReadings, surnameReadings } from "./han.ts";
import { countVowels, foldRomaji, kanaToRomaji, kanjiReadings } from "./japanese.ts";
import { cutKoreanWord, hangulSyllable, koreanSurnames, koreanSyllables } from "./korean.ts";
import { cutMandarinWord, syllablesOf } from "./mandarin-reading.ts";
import { mistypedSyllables } from "./mistyped-syllables.ts";
import { nameWords } from "./name-text.ts";
import type { NameWord, WordScript } from "./name-text.ts";
import { isCommonSurname, surnamesSpelled } from "./surnames.ts";

/**
 * A name read in every way it can be read: as it is written, cut into Mandarin syllables, as Japanese words, as
 * Korean syllables. Keys are made from these views and candidates are compared view against view.
 */

/** The smallest piece that is compared: a Han character, a hangul block, a syllable or a whole word. */
export interface NamePart {
  /** As typed, in lower case. */
  exact: string;
  /** Folded: simplified Han, Latin without accents, hiragana. */
  folded: string;
  script: WordScript;
  /** Canonical Mandarin syllables it may be, the likelier first. */
  mandarin: readonly string[];
  /** Folded romaji it may be. */
  romaji: readonly string[];
  /** Korean syllables in Revised Romanisation it may be. */
  korean: readonly string[];
  /** Folded Han surnames it may be; only where a surname can stand. */
  surnames: readonly string[];
  /** Mandarin syllables it may be if it holds one typing error; only in what was typed to search. */
  mistyped: readonly string[];
}

export type ViewKind = "written" | "joined" | "syllables" | "japanese" | "korean" | "mistyped";

export interface NameView {
  kind: ViewKind;
  parts: readonly NamePart[];
  /** Whether words that are no Chinese syllables ("Amy" in "Amy Lin Mei-hua") were left out. */
  core: boolean;
}

export interface ReadName {
  words: readonly NameWord[];
  views: readonly NameView[];
  /** All words run together, folded. */
  compact: string;
}

const MAX_VIEWS = 12;
const MAX_CUT_COMBINATIONS = 4;
const NONE: readonly string[] = [];

/** Reads a name as typed. Gives no views when it holds nothing searchable. */
export function readName(typed: string): ReadName {
  const words = nameWords(typed).map((word) =>
    word.script === "han" ? { ...word, folded: foldHan(word.folded) } : word,
  );
  if (words.length === 0) return { words, views: [], compact: "" };
  const written: NameView = { kind: "written", parts: writtenParts(words), core: false };
  const views = [
    written,
    ...joinedView(words),
    ...syllableViews(words),
    ...japaneseViews(words),
    ...koreanViews(words),
  ];
  const all = [...views, ...views.flatMap(coreView)].slice(0, MAX_VIEWS);
  return { words, views: all, compact: words.map(({ folded }) => folded).join("") };
}

/** Reads a typed query: as a name, and as romanised Mandarin with one typing error in a word. */
export function readQuery(typed: string): ReadName {
  const read = readName(typed);
  return { ...read, views: [...read.views, ...mistypedViews(read)] };
}

function mistypedViews({ views, words }: ReadName): NameView[] {
  const written = views[0]?.parts ?? [];
  if (!words.some(({ script }) => script === "latin")) return [];
  const single = written.map((part) => ({ ...part, mistyped: soundsAt(part, 1, 0) }));
  const double = written.flatMap((part) => {
    if (part.mandarin.length > 0 || soundsAt(part, 2, 0).length === 0) return [part];
    return [0, 1].map((at) => ({ ...syllablePart(part.folded), mistyped: soundsAt(part, 2, at) }));
  });
  const split = double.length > written.length ? [double] : [];
  return [single, ...split].map((parts) => ({ kind: "mistyped", parts, core: false }));
}

function soundsAt(part: NamePart, length: number, at: number): string[] {
  if (part.script !== "latin") return [];
  const runs = mistypedSyllables(part.folded).filter((run) => run.length === length);
  return [...new Set(runs.map((run) => run[at]!))];
}

function writtenParts(words: readonly NameWord[]): NamePart[] {
  const korean = looksKorean(words);
  return words.flatMap((word, at) => {
    if (word.script === "han") return hanParts(word, at, words);
    if (word.script === "hangul") return hangulParts(word, at);
    return [wordPart(word, canHoldSurname(words, at), korean)];
  });
}

/** Surnames stand first, or last in Western order; in a longer list of names they may be anywhere but inside. */
function canHoldSurname(words: readonly NameWord[], at: number): boolean {
  return at === 0 || at === words.length - 1;
}

function wordPart(word: NameWord, surnamePlace: boolean, korean: boolean): NamePart {
  const { folded, script } = word;
  const latin = script === "latin";
  return {
    exact: word.written.toLowerCase(),
    folded,
    script,
    mandarin: latin ? syllablesOf(folded) : NONE,
    romaji: script === "kana" ? optional(kanaToRomaji(folded)) : latin ? romajiWord(folded) : NONE,
    korean: latin && korean ? koreanReadings(folded, surnamePlace) : NONE,
    surnames: latin && surnamePlace ? surnamesSpelled(folded) : NONE,
    mistyped: NONE,
  };
}

function optional(value: string | null): readonly string[] {
  return value === null || value === "" ? NONE : [value];
}

/** A single mora says too little to call a Latin word Japanese. */
function romajiWord(folded: string): readonly string[] {
  if (folded.length < 3) return NONE;
  const romaji = foldRomaji(folded);
  return romaji !== null && countVowels(romaji) >= 1 && romaji.length >= 3 ? [romaji] : NONE;
}

function koreanReadings(folded: string, surnamePlace: boolean): readonly string[] {
  const surnames = surnamePlace ? koreanSurnames(folded) : NONE;
  return [...new Set([...surnames, ...koreanSyllables(folded)])].slice(0, 4);
}

function looksKorean(words: readonly NameWord[]): boolean {
  if (words.some(({ script }) => script === "hangul")) return true;
  const ends = [words[0], words.at(-1)];
  return (
    words.length <= 4 &&
    ends.some((word) => word?.script === "latin" && koreanSurnames(word.folded).length > 0)
  );
}

function hanParts(word: NameWord, at: number, words: readonly NameWord[]): NamePart[] {
  const characters = Array.from(word.folded);
  const typed = Array.from(word.written);
  const hanWords = words.filter(({ script }) => script === "han");
  const opensName = hanWords[0] === word;
  const alone = characters.length === 1;
  const compound = compoundSurname(characters);
  return characters.map((character, index) => {
    const surnamePlace = index === 0 && (opensName || alone || at === words.length - 1);
    const reading = compound && index < 2 ? compound[index] : undefined;
    const readings = surnamePlace ? surnameReadings(character) : hanReadings(character);
    const surnames =
      compound && index === 0
        ? [characters[0]! + characters[1]!]
        : surnamePlace && isCommonSurname(character)
          ? [character]
          : NONE;
    return {
      exact: typed[index] ?? character,
      folded: character,
      script: "han",
      mandarin: reading ? [...new Set([reading, ...readings])] : readings,
      romaji: NONE,
      korean: NONE,
      mistyped: NONE,
      surnames,
    };
  });
}

function hangulParts(word: NameWord, at: number): NamePart[] {
  return Array.from(word.folded, (block, index) => {
    const revised = hangulSyllable(block);
    const surname = at === 0 && index === 0 && revised !== null ? koreanSurnames(revised) : NONE;
    return {
      exact: block,
      folded: block,
      script: "hangul",
      mandarin: NONE,
      romaji: NONE,
      korean: revised === null ? NONE : [...new Set([revised, ...surname])],
      surnames: NONE,
      mistyped: NONE,
    };
  });
}

/** Hyphenated words as one: Chih-ming is also looked for as Chihming, Mary-Ann as Maryann. */
function joinedView(words: readonly NameWord[]): NameView[] {
  const joined = joinGroups(words);
  return joined.length === words.length ? [] : [{ kind: "joined", parts: writtenParts(joined), core: false }];
}

function joinGroups(words: readonly NameWord[]): NameWord[] {
  const joined: NameWord[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last && last.group === word.group && last.script === word.script && word.script !== "han") {
      joined[joined.length - 1] = {
        ...last,
        written: last.written + word.written,
        folded: last.folded + word.folded,
      };
    } else joined.push(word);
  }
  return joined;
}

/** Run-together Latin words cut into Mandarin syllables: Zhiming as zhi ming. */
function syllableViews(words: readonly NameWord[]): NameView[] {
  const cuts = words.map((word) => (word.script === "latin" ? cutMandarinWord(word.folded) : []));
  if (!cuts.some((ways) => ways.some((way) => way.length > 1))) return [];
  const korean = looksKorean(words);
  const choices = words.map((word, at): NamePart[][] => {
    if (word.script === "han") return [hanParts(word, at, words)];
    if (word.script === "hangul") return [hangulParts(word, at)];
    const whole = wordPart(word, canHoldSurname(words, at), korean);
    const ways = (cuts[at] ?? []).filter((way) => way.length > 1).map((way) => way.map(syllablePart));
    return ways.length === 0 || whole.mandarin.length > 0 ? [[whole], ...ways] : ways;
  });
  return combine(choices, MAX_CUT_COMBINATIONS + 1)
    .filter((parts) => parts.length > words.length)
    .map((parts) => ({ kind: "syllables", parts: withSurnamePlaces(parts), core: false }));
}

function syllablePart(form: string): NamePart {
  return {
    exact: form,
    folded: form,
    script: "latin",
    mandarin: syllablesOf(form),
    romaji: NONE,
    korean: NONE,
    surnames: NONE,
    mistyped: NONE,
  };
}

function withSurnamePlaces(parts: readonly NamePart[]): NamePart[] {
  return parts.map((part, at) =>
    part.script === "latin" && part.surnames.length === 0 && (at === 0 || at === parts.length - 1)
      ? { ...part, surnames: surnamesSpelled(part.folded) }
      : part,
  );
}

/** Every way to choose one element of each list, at most `limit`, flattened. */
function combine<T>(choices: readonly (readonly T[][])[], limit: number): T[][] {
  let combined: T[][] = [[]];
  for (const ways of choices) {
    const longer: T[][] = [];
    for (const start of combined) {
      for (const way of ways) {
        if (longer.length < limit) longer.push([...start, ...way]);
      }
    }
    combined = longer;
  }
  return combined;
}

/** Kanji through the table of readings and kana by sound, each as one word of romaji. */
function japaneseViews(words: readonly NameWord[]): NameView[] {
  const joined = joinGroups(words);
  if (!joined.some(({ script }) => script === "han" || script === "kana")) {
    return [];
  }
  const choices = joined.map((word): NamePart[][] => {
    if (word.script === "han")
      return kanjiReadings(word.folded).map((way) => way.map((romaji) => romajiPart(romaji, word)));
    const romaji = word.script === "kana" ? kanaToRomaji(word.folded) : foldRomaji(word.folded);
    return romaji === null ? [] : [[romajiPart(romaji, word)]];
  });
  if (choices.some((ways) => ways.length === 0)) return [];
  return combine(choices, MAX_CUT_COMBINATIONS).map((parts) => ({ kind: "japanese", parts, core: false }));
}

function romajiPart(romaji: string, word: NameWord): NamePart {
  const kanji = word.script === "han";
  return {
    exact: kanji ? romaji : word.written.toLowerCase(),
    folded: kanji ? romaji : word.folded,
    script: kanji ? "other" : word.script,
    mandarin: NONE,
    romaji: [romaji],
    korean: NONE,
    surnames: NONE,
    mistyped: NONE,
  };
}

/** Run-together Korean given names cut in two: Minjoon as min joon. */
function koreanViews(words: readonly NameWord[]): NameView[] {
  if (!looksKorean(words) || !words.some(({ script }) => script === "latin")) return [];
  const choices = words.map((word, at): NamePart[][] => {
    if (word.script === "hangul") return [hangulParts(word, at)];
    if (word.script !== "latin") return [];
    const surnamePlace = canHoldSurname(words, at);
    if (surnamePlace && koreanSurnames(word.folded).length > 0) return [[wordPart(word, true, true)]];
    const cuts = cutKoreanWord(word.folded).map((cut) => cut.map(koreanPart));
    return koreanSyllables(word.folded).length > 0 ? [[koreanPart(word.folded)], ...cuts] : cuts;
  });
  if (choices.some((ways) => ways.length === 0)) return [];
  return combine(choices, MAX_CUT_COMBINATIONS)
    .filter((parts) => parts.length > words.length)
    .map((parts) => ({ kind: "korean", parts, core: false }));
}

function koreanPart(form: string): NamePart {
  return {
    exact: form,
    folded: form,
    script: "latin",
    mandarin: NONE,
    romaji: NONE,
    korean: koreanSyllables(form).slice(0, 4),
    surnames: NONE,
    mistyped: NONE,
  };
}

/** The view without English given names and the like, when a Chinese name of two syllables or more is left. */
function coreView(view: NameView): NameView[] {
  if (view.kind === "japanese" || view.kind === "korean") return [];
  const chinese = view.parts.filter((part) => part.mandarin.length > 0 || part.surnames.length > 0);
  const dropsLatinOnly = view.parts.every((part) => chinese.includes(part) || part.script === "latin");
  const dropped = view.parts.length - chinese.length;
  if (dropped === 0 || dropped > 2 || !dropsLatinOnly || chinese.length < 2) return [];
  return [{ ...view, parts: withSurnamePlaces(chinese), core: true }];
}
