import type { Found } from "./folded-text.ts";

/**
 * Numbers everybody should see, as they stand on the ministry's pages: the line for emergencies abroad (from Taiwan,
 * from abroad, free of charge from many countries), its office and those in Hong Kong and Macao.
 */
export const OFFICIAL_HOTLINES = [
  "+886-800-085-095",
  "0800-085-095",
  "800-0885-0885",
  "+886-2-2348-2999",
  "02-2348-2999",
  "+852-6143-9012",
  "+853-6687-2557",
] as const;

/** What people dial before a number of another country: the sign, or one of the codes in use. */
const ACCESS_CODES = ["00", "002", "005", "006", "007", "009", "010", "011", "0011", "001"];

/** One form for a telephone number however it is written, so that two ways to write it compare as equal. */
function bareNumber(written: string): string {
  const digits = written
    .replace(/\(0\)/g, "")
    .replace(/(?:#|ext|分機|内線|x).*$/i, "")
    .replace(/\D/g, "");
  if (written.trim().startsWith("+")) return digits.replace(/^8860/, "886");
  if (/^886/.test(digits)) return digits.replace(/^8860/, "886");
  if (/^0[1-9]/.test(digits)) return `886${digits.slice(1)}`;
  return digits;
}

/** Tells whether a number is one of those that are never masked, whatever country it is dialled from. */
export function hotlineMatcher(hotlines: readonly string[]): (written: string) => boolean {
  const known = [...OFFICIAL_HOTLINES, ...hotlines]
    .flatMap((line) => [bareNumber(line), line.replace(/\D/g, "")])
    .filter((digits) => digits.length >= 3);
  return (written) => {
    const digits = written.replace(/(?:#|ext|分機|内線).*$/i, "").replace(/\D/g, "");
    const bare = bareNumber(written);
    return known.some(
      (line) =>
        line === bare ||
        line === digits ||
        (line.length >= 9 && ACCESS_CODES.some((code) => digits === code + line)),
    );
  };
}

/** Freephone and service numbers belong to nobody in particular. */
const SERVICE =
  /^(?:886-?|\+886-?)?0?80[09][- ]?\d{3}[- ]?\d{3}$|^(?:0120|0570|0800)-?\d{2,3}-?\d{3,4}$|^\+?1?[- ]?\(?8(?:00|33|44|55|66|77|88)\)?[- ]\d{3}[- ]\d{4}$|^1800[- ]?\d{3}[- ]?\d{3}$/;

const BEFORE = "(?<![A-Za-z\\d_/]|\\d[-.])";
const AFTER = "(?![\\d_]|[-.]\\d|[A-Za-z])";
const EXTENSION = "(?: ?(?:#|ext\\.? ?|分機|内線) ?\\d{1,6})?";
const TAIWAN = "(?:\\( ?\\+?886 ?\\)|\\+ ?886|(?:00[2-9]?[- ]?)?886)[- .]?(?:\\(0\\)|0)?[- .]?";

interface Shape {
  pattern: RegExp;
  confidence: number;
  /** How many digits, where the pattern alone allows more. */
  digits?: readonly [number, number];
}

function shape(pattern: string, confidence: number, digits?: readonly [number, number]): Shape {
  return {
    pattern: new RegExp(`${BEFORE}(?:${pattern})${EXTENSION}${AFTER}`, "gi"),
    confidence,
    ...(digits ? { digits } : {}),
  };
}

const SHAPES: readonly Shape[] = [
  // Taiwan, mobile: 09 and eight digits.
  shape("09\\d{2}[-. ]?\\d{3}[-. ]?\\d{3}", 0.95),
  shape("\\(09\\d{2}\\) ?\\d{3}[-. ]?\\d{3}", 0.95),
  shape("09\\d{1}[-. ]\\d{3,4}[-. ]\\d{3,4}", 0.85, [10, 10]),
  shape(`${TAIWAN}9\\d{2}[-. ]?\\d{3}[-. ]?\\d{3}`, 0.95),
  // Taiwan, landlines: the length of the number goes by the area (Executive Yuan, National Communications Commission).
  shape(landlines("0", "\\(0", "\\) ?", "[-. ]"), 0.9),
  shape(landlines(TAIWAN, `${TAIWAN}\\(0?`, "\\) ?", "[-. ]?"), 0.9),
  // Japan: mobile in three groups or one piece, landlines in three groups of ten digits.
  shape("0[5789]0[-. ]?\\d{4}[-. ]?\\d{4}", 0.9),
  shape("0\\d{1,4}-\\d{1,4}-\\d{4}", 0.85, [10, 10]),
  shape("\\(?0\\d{1,4}\\) ?\\d{1,4}-\\d{4}", 0.85, [10, 10]),
  // China, mobile; Korea, mobile; Australia and New Zealand, mobile; North America.
  shape("1[3-9]\\d[- ]?\\d{4}[- ]?\\d{4}", 0.7),
  shape("010-\\d{4}-\\d{4}", 0.9),
  shape("04\\d{2}[- ]\\d{3}[- ]\\d{3}", 0.85),
  shape("02[0-9][- ]\\d{3}[- ]\\d{3,4}", 0.8),
  shape("\\([2-9]\\d{2}\\) ?[2-9]\\d{2}[- ]\\d{4}|[2-9]\\d{2}[-.][2-9]\\d{2}[-.]\\d{4}", 0.8),
];

// Any country: the sign or an access code, then 8 to 15 digits (ITU-T E.164) in whatever groups.
const INTERNATIONAL = new RegExp(
  `(?<![A-Za-z\\d_])(?:\\(\\+ ?\\d{1,3}\\)|\\+ ?\\d{1,3}|(?<![\\d.,:-])00[1-9]\\d{0,2}(?=[- ]))(?:[- .]{0,2}\\(?\\d{1,5}\\)?){2,6}${EXTENSION}${AFTER}`,
  "gi",
);

// A word for telephone, then a number in any shape. "電話 110" is not found: it has too few digits.
const LABELLED =
  /(?:電話|电话|手機|手机|行動|市話|傳真|聯絡方式|連絡先|携帯|(?<![A-Za-z])(?:tel(?:ephone)?|phone|mobile|cell|whats ?app|viber|fax|call (?:me|us|him|her)|text me|reach me))(?: ?(?:號碼|号码|番号|number|no))?(?:[ :：.,=是為为はａat（(on]|\bis\b){0,6}(?<![\d+])(\+?\(?\d(?:[-. ()]{0,2}\d){6,14})(?!\d)/gi;

function landlines(prefix: string, opened: string, closed: string, gap: string): string {
  const areas: readonly (readonly [string, string])[] = [
    ["(?:826)", "\\d{5}"],
    ["(?:836)", "\\d{5}"],
    ["(?:37|82|89)", "\\d{3}[-. ]?\\d{3}"],
    ["(?:49)", "\\d{3}[-. ]?\\d{4}"],
    ["(?:[24])", "\\d{4}[-. ]?\\d{4}"],
    ["(?:[35678])", "\\d{3}[-. ]?\\d{4}"],
  ];
  return areas.map(([area, rest]) => `(?:${prefix}${area}${gap}|${opened}${area}${closed})${rest}`).join("|");
}

/** Telephones of Taiwan, Japan and other countries, by shape or behind a word for telephone. */
export function findPhones(text: string, isHotline: (written: string) => boolean): Found[] {
  const found: Found[] = [];
  const add = (start: number, written: string, confidence: number) => {
    const trimmed = written.trimEnd();
    if (isHotline(trimmed) || SERVICE.test(trimmed)) return;
    found.push({ kind: "phone", start, end: start + trimmed.length, confidence });
  };
  for (const { pattern, confidence, digits } of SHAPES) {
    for (const match of text.matchAll(pattern)) {
      const count = match[0].replace(/(?:#|ext|分機|内線).*$/i, "").replace(/\D/g, "").length;
      if (digits && (count < digits[0] || count > digits[1])) continue;
      add(match.index, match[0], confidence);
    }
  }
  for (const match of text.matchAll(INTERNATIONAL)) {
    const count = match[0].replace(/(?:#|ext|分機|内線).*$/i, "").replace(/\D/g, "").length;
    if (count >= 8 && count <= 17) add(match.index, match[0], 0.85);
  }
  for (const match of text.matchAll(LABELLED)) {
    const number = match[1]!;
    add(match.index + match[0].length - number.length, number, 0.8);
  }
  return found;
}
