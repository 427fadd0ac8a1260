/** One thing found in a folded text: positions are of the folded text until `personal-data.ts` carries them back. */
export interface Found {
  kind: PersonalDataKind;
  start: number;
  end: number;
  /** From 0.5 (the shape alone) to 0.99 (the shape, its check digit and a word before it). */
  confidence: number;
}

export const PERSONAL_DATA_KINDS = [
  "national_id",
  "residence_permit",
  "passport",
  "card",
  "phone",
  "email",
  "line_id",
  "birthday",
  "address",
  "name",
] as const;

export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

export interface FoldedText {
  text: string;
  /** Where the original of the unit at `i` begins. */
  starts: Int32Array;
  /** Where the original of the unit at `i` ends. */
  ends: Int32Array;
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
// NFKC leaves these apart; people type them where a number has a hyphen.
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/;
const ZEROS_OF_DIGITS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040];

/**
 * The text as a pattern can read it: full-width and styled letters and digits as plain ones, Arabic-Indic, Thai and
 * other decimal digits as 0–9, every dash as "-", every blank but a line break as a space, and what nobody sees
 * (zero-width characters between two digits) left out. Each unit knows which part of the original it came from.
 */
export function foldText(original: string): FoldedText {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < original.length;) {
    const code = original.codePointAt(at)!;
    const length = code > 0xffff ? 2 : 1;
    const folded = foldCharacter(code);
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(at);
      ends.push(at + length);
    }
    text += folded;
    at += length;
  }
  return { text, starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

function foldCharacter(code: number): string {
  if (code < 0x80) {
    const isBlank = code === 0x09 || code === 0x0b || code === 0x0c || code === 0x0d;
    return isBlank ? " " : String.fromCharCode(code);
  }
  // Kana and Han stand for themselves.
  if (code >= 0x3040 && code <= 0x9fff) return String.fromCharCode(code);
  const character = String.fromCodePoint(code);
  if (INVISIBLE.test(character)) return "";
  if (DASHES.test(character)) return "-";
  if (code === 0x2028 || code === 0x2029 || code === 0x85) return "\n";
  for (const zero of ZEROS_OF_DIGITS) {
    if (code >= zero && code <= zero + 9) return String.fromCharCode(0x30 + code - zero);
  }
  const plain = character.normalize("NFKC");
  if (plain.trim() === "") return " ";
  // A ligature of eighteen letters is no number, and must not make a text longer than it is.
  return plain.length <= 4 ? plain : character;
}
