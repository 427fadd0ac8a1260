import type { Found } from "./folded-text.ts";

const MONTHS =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const HAN = "[〇零一二三四五六七八九十百元]";

/**
 * A day written out: Gregorian, of the Republic (民國 77 is 1988), of a Japanese era, with digits or Han numerals, in one
 * piece, or month and day alone. Which of them is a birthday is for the words beside it to say.
 */
const DAY = [
  "(?:西元|公元|民國|民国)? ?\\d{2,4} ?[-/.年] ?\\d{1,2} ?[-/.月] ?\\d{1,2} ?[日號号]?",
  `(?:西元|公元|民國|民国)?${HAN}{2,5}年${HAN}{1,3}月${HAN}{1,3}[日號号]?`,
  `(?:明治|大正|昭和|平成|令和) ?(?:\\d{1,2}|${HAN}{1,3}) ?年 ?(?:\\d{1,2}|${HAN}{1,3}) ?月 ?(?:\\d{1,2}|${HAN}{1,3}) ?日?`,
  "[MTSHR]\\d{1,2}[./-]\\d{1,2}[./-]\\d{1,2}",
  "\\d{1,2} ?[-/.] ?\\d{1,2} ?[-/.] ?\\d{4}",
  `\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTHS},? \\d{4}`,
  `${MONTHS} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`,
  "(?:19|20)\\d{6}|0?\\d{6}",
  "\\d{1,2} ?月 ?\\d{1,2} ?[日號号]",
].join("|");

const BEFORE =
  "(?:生日|出生(?:年月日|日期|日)?|生於|生于|誕生日|生年月日|(?<![A-Za-z])(?:DOB|D\\.O\\.B\\.?|date of birth|birth ?dates?|birth ?day|born))";
const FILLER = "(?:[ :：,，、=是為は(（]|在|(?<![A-Za-z])(?:on|is|was)(?![A-Za-z])|國曆|西元|公元){0,6}";
const AFTER =
  "(?: ?[)）]?,? ?(?:出生|生まれ|誕生|生(?![a-z效活產命意病前死])|生日|年次|\\(?(?:DOB|birthday|date of birth)\\b))";

const LABELLED = new RegExp(`${BEFORE}${FILLER}(?<!\\d)(${DAY})(?![\\d])`, "gi");
const FOLLOWED = new RegExp(`(?<![\\d./-])(${DAY})${AFTER}`, "gi");
// "35歲（1981/3/2）": an age, and nothing but a day in brackets.
const AFTER_AGE = new RegExp(`\\d{1,3} ?[歲岁歳才] ?[(（](${DAY})[)）]`, "gi");
// Two digits and dots are a day of the Republic wherever a day of the month cannot be meant: years 32 to 99 (1943–2010).
const REPUBLIC =
  /(?<![\d.,:/-]|v|版)(3[2-9]|[4-9]\d)\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])(?!\.?\d|[-/%])/gi;

/** Days of birth, in either calendar, by the words beside them. */
export function findBirthdays(text: string): Found[] {
  const found: Found[] = [];
  const add = (start: number, day: string, confidence: number) => {
    if (isDay(day)) found.push({ kind: "birthday", start, end: start + day.trimEnd().length, confidence });
  };
  for (const match of text.matchAll(LABELLED))
    add(match.index + match[0].length - match[1]!.length, match[1]!, 0.95);
  for (const match of text.matchAll(FOLLOWED)) add(match.index, match[1]!, 0.9);
  for (const match of text.matchAll(AFTER_AGE))
    add(match.index + match[0].indexOf(match[1]!), match[1]!, 0.8);
  for (const match of text.matchAll(REPUBLIC)) {
    const day = Number(match[3]);
    if (day <= daysOf(Number(match[1]) + 1911, Number(match[2]))) add(match.index, match[0], 0.6);
  }
  return found;
}

/** Digits that cannot be a month and a day are something else; what is written with words is taken as it is. */
function isDay(written: string): boolean {
  const numbers = written.match(/\d+/g)?.map(Number) ?? [];
  if (/[A-Za-z]{3}|[〇零一二三四五六七八九十]/.test(written)) return true;
  if (numbers.length === 1) {
    const piece = written.trim().replace(/^0(?=\d{6}$)/, "");
    const [month, day] = [Number(piece.slice(-4, -2)), Number(piece.slice(-2))];
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }
  if (numbers.length === 2) return isMonthAndDay(numbers[0]!, numbers[1]!);
  const [first, second, third] = numbers as [number, number, number];
  return (
    isMonthAndDay(second, third) ||
    (third > 31 && (isMonthAndDay(second, first) || isMonthAndDay(first, second)))
  );
}

function isMonthAndDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
