import type { Found } from "./folded-text.ts";

/**
 * The two digits each first letter stands for: 10–35 in the order the counties were given them, so I is 34 and O is 35,
 * W is 32 and X, Y and Z are 30, 31 and 33.
 * @see https://www.ris.gov.tw (rule of the check digit of the unified number)
 */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
const WEIGHTS = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];

function letterCode(letter: string): number {
  return LETTERS.indexOf(letter) + 10;
}

/**
 * True when the check digit of a Taiwanese unified number is right: a national number (`A1…`, `A2…`), a residence
 * permit since 2021 (`A8…`, `A9…`) or before it (`AB…`, its second letter counted by the units of its code).
 */
export function hasRightCheckDigit(number: string): boolean {
  if (!/^[A-Z][A-D1289]\d{8}$/.test(number)) return false;
  const first = letterCode(number[0]!);
  const second = /\d/.test(number[1]!) ? Number(number[1]) : letterCode(number[1]!) % 10;
  const digits = [Math.floor(first / 10), first % 10, second, ...[...number.slice(2)].map(Number)];
  return digits.reduce((sum, digit, at) => sum + digit * WEIGHTS[at]!, 0) % 10 === 0;
}

/** True when the last digit is right by the rule of Luhn (ISO/IEC 7812-1), which all payment cards follow. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

// A number may be written in groups; a letter or digit right before or after it makes it something else.
const UNIFIED_NUMBER = /(?<![A-Za-z0-9])([A-Za-z])([- ]?)([A-Da-d1289])[- ]?(\d[- ]?){7}\d(?![A-Za-z0-9])/g;
const ID_LABEL =
  /(?:身分證|身份證|居留證|統一證號|證號|(?<![a-z])ID(?:\s*(?:no|number|card))?|(?<![a-z])ARC|identity|在留)[^\n。]{0,8}$/i;

/**
 * National numbers and residence permits by their check digit. The even weights let a digit that is wrong by five pass
 * and a mistyped number is still somebody's: behind a label, one that fails its check is found too.
 */
export function findUnifiedNumbers(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(UNIFIED_NUMBER)) {
    const number = match[0].replace(/[- ]/g, "").toUpperCase();
    const labelled = ID_LABEL.test(text.slice(Math.max(0, match.index - 24), match.index));
    const right = hasRightCheckDigit(number);
    if (!right && !labelled) continue;
    // Invoices are numbered AB-12345678.
    if (!labelled && /[A-D]/.test(number[1]!) && /[- ]/.test(match[0])) continue;
    // "A 1234 5678 9" is a list of numbers as often as it is one: without a label only the usual ways to write it.
    if (!labelled && /[- ].*[- ].*[- ]/.test(match[0])) continue;
    found.push({
      kind: /[12]/.test(number[1]!) ? "national_id" : "residence_permit",
      start: match.index,
      end: match.index + match[0].length,
      confidence: right ? (labelled ? 0.99 : 0.95) : 0.6,
    });
  }
  return found;
}

// Grouped as cards are embossed, or in one piece.
const CARD =
  /(?<![A-Za-z\d]|\d[-.])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -]?)\d{6}\2\d{4,5}|\d{12,19})(?![A-Za-z\d]|[-.]\d)/g;
const CARD_LABEL = /(?:卡號|信用卡|金融卡|card|カード)[^\n。]{0,10}$/i;

// The prefixes issuers have, with the lengths they use (ISO/IEC 7812; lists of the schemes).
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|65|64[4-9])/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^3(?:0[0-5]|09|[68]|9)/, [14, 16]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-8]|6\d)/, [16, 18, 19]],
  [/^220[0-4]/, [16]],
];

/** Payment cards: an issuer's prefix, a length it uses and a right last digit. */
export function findCards(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(CARD)) {
    const digits = match[0].replace(/\D/g, "");
    if (!passesLuhn(digits)) continue;
    const labelled = CARD_LABEL.test(text.slice(Math.max(0, match.index - 24), match.index));
    if (
      !labelled &&
      !ISSUERS.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length))
    )
      continue;
    found.push({
      kind: "card",
      start: match.index,
      end: match.index + match[0].length,
      confidence: labelled ? 0.99 : match[0].length > digits.length ? 0.95 : 0.85,
    });
  }
  return found;
}

const PASSPORT_LABEL =
  /(?:護照|护照|passports?|(?<![A-Za-z])PPT(?![A-Za-z])|パスポート|旅券|여권)((?:[^\d\n。.!?！？A-Za-z]|(?<![A-Za-z])(?:no\b\.?|number|num|nr|is|was|id|[:.#]|lost|stolen|missing)){0,18}?)(?<![A-Za-z0-9])([A-Za-z0-9]{7,10})(?![A-Za-z0-9])/gi;
// A shape that only Korean passports have (since 2021): a letter, three digits, a letter, four digits.
const KOREAN_PASSPORT = /(?<![A-Za-z0-9])[MSD]\d{3}[A-Z]\d{4}(?![A-Za-z0-9])/g;
// The two lines at the foot of the page (ICAO Doc 9303-4, TD3).
const MACHINE_LINES =
  /(?<![A-Z0-9<])(?:P[A-Z<][A-Z]{3}[A-Z<]{39}|[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{14}[\d<]\d)(?![A-Z0-9<])/g;

/**
 * Passports. Nine digits are an order number as often as a passport, so they count only behind the word passport, with
 * at most a few words between; the two machine-readable lines and the Korean form speak for themselves.
 */
export function findPassports(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(PASSPORT_LABEL)) {
    const number = match[2]!;
    const digits = number.replace(/\D/g, "").length;
    const isNumberSaid = /(?:號|号|no|number|id)/i.test(match[1]!);
    // A date in one piece is eight digits; nine is the length of the passports without a letter.
    if (digits < 4 || (digits === number.length && digits !== 9 && !isNumberSaid)) continue;
    if (digits === number.length && digits === 10 && number.startsWith("09")) continue;
    const end = match.index + match[0].length;
    found.push({ kind: "passport", start: end - number.length, end, confidence: 0.9 });
  }
  for (const match of text.matchAll(KOREAN_PASSPORT)) {
    found.push({ kind: "passport", start: match.index, end: match.index + match[0].length, confidence: 0.6 });
  }
  for (const match of text.matchAll(MACHINE_LINES)) {
    if (!/\d/.test(match[0]) && !/<</.test(match[0])) continue;
    found.push({
      kind: "passport",
      start: match.index,
      end: match.index + match[0].length,
      confidence: 0.99,
    });
  }
  return found;
}
