import { toPlainLatin } from "./transliteration.ts";

/**
 * The words of a name as typed, folded for comparison. Anything may be typed here, so the length is capped
 * before any other work and every step is linear in it.
 */

export type WordScript = "han" | "kana" | "hangul" | "latin" | "other";

export interface NameWord {
  /** As typed after NFKC, without invisible characters. */
  written: string;
  /** Without case and accents, katakana as hiragana, Cyrillic and Greek as Latin. Han stays unfolded. */
  folded: string;
  script: WordScript;
  /** Words joined by a hyphen, an apostrophe or a change of case (Chih-ming, HibikiGanaha) share it. */
  group: number;
}

const MAX_TYPED_UNITS = 400;
const MAX_CHARACTERS = 160;
const MAX_WORDS = 12;
const MAX_WORD_CHARACTERS = 40;

const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0\u2800]/gu;
const COMBINING = /\p{M}/gu;
const LATIN_MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

const HAN = /[\p{Script=Han}]/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const HANGUL = /[\uac00-\ud7a3]/u;
const LATIN = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
const APOSTROPHE = /['’‘ʼʻ`´′＇]/u;
const JOINER = /[-‐‑‒–﹣－_]/u;
const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;

/**
 * Text as a person would see it: NFKC, no invisible or control characters, at most 160 characters. Empty when
 * nothing visible is left.
 */
export function visibleText(typed: string): string {
  const normal = typed
    .slice(0, MAX_TYPED_UNITS)
    .replace(INVISIBLE, "")
    .replace(/\p{Cc}/gu, " ")
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1");
  return Array.from(normal).slice(0, MAX_CHARACTERS).join("").replace(/\s+/gu, " ").trim();
}

/** One word without case and accents and in plain Latin letters where it is Latin, Cyrillic or Greek. */
export function foldLatin(word: string): string {
  const lower = word.toLowerCase().normalize("NFD").replace(LATIN_MARKS, "");
  return toPlainLatin(lower).replace(COMBINING, "");
}

/** Katakana as hiragana, letter for letter; other characters stay. */
export function foldKana(text: string): string {
  return text.replace(/[\u30a1-\u30f6]/gu, (letter) => String.fromCodePoint(letter.codePointAt(0)! - 0x60));
}

/**
 * The words of a name in the order typed: cut at spaces, punctuation, changes of script and of case, at most
 * twelve of at most forty characters. Empty when nothing searchable was typed.
 */
export function nameWords(typed: string): NameWord[] {
  const words: NameWord[] = [];
  let current = "";
  let currentScript: WordScript | null = null;
  let previous = "";
  let group = 0;
  let joined = false;

  const close = (): void => {
    if (currentScript !== null && current !== "" && words.length < MAX_WORDS) {
      const written = Array.from(current).slice(0, MAX_WORD_CHARACTERS).join("");
      const folded = foldWord(written, currentScript);
      if (folded !== "") words.push({ written, folded, script: currentScript, group });
    }
    current = "";
    currentScript = null;
  };

  for (const character of visibleText(typed)) {
    const script = scriptOf(character, currentScript);
    if (script === null) {
      if (APOSTROPHE.test(character) && currentScript === "latin") continue;
      close();
      joined = JOINER.test(character) && previous !== "";
      if (!joined) group += 1;
      previous = "";
      continue;
    }
    if (script !== currentScript) {
      if (currentScript !== null) {
        close();
        group += 1;
      }
      currentScript = script;
    } else if (script === "latin" && LOWER.test(previous) && UPPER.test(character)) {
      close();
      currentScript = script;
    }
    if (character === "々" && previous !== "") current += previous;
    else current += character;
    previous = character;
  }
  close();
  return words;
}

function scriptOf(character: string, current: WordScript | null): WordScript | null {
  if (character === "々" || character === "〆") return "han";
  if (character === "ー") return current === null ? null : "kana";
  if (HAN.test(character)) return "han";
  if (KANA.test(character)) return "kana";
  if (HANGUL.test(character)) return "hangul";
  if (LATIN.test(character)) return "latin";
  if (!WORD_CHARACTER.test(character)) return null;
  return /\p{M}|\p{N}/u.test(character) && current !== null && current !== "han" ? current : "other";
}

function foldWord(written: string, script: WordScript): string {
  if (script === "latin") return foldLatin(written);
  if (script === "kana") return foldKana(written);
  return script === "other" ? written.toLowerCase() : written;
}
