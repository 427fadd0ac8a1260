import type { Found } from "./folded-text.ts";

/** Where the public is received: the ministry and its bureau of consular affairs. Written as folded text. */
const PUBLIC_PLACES = /(?:凱達格蘭大道2號|濟南路(?:1|一)段2[-之]2號)/;

const NUMERAL = "[一二三四五六七八九十百\\d]";
const NUMBER = `(?:${NUMERAL}{1,5}|\\d{1,4}[-之]\\d{1,3})`;
const CITY =
  "(?:\\d{3,6} ?)?(?:台灣|臺灣)?(?:(?:[台臺][北中南東]|新北|桃園|高雄|基隆|新竹|嘉義|苗栗|彰化|南投|雲林|屏東|宜蘭|花蓮|澎湖|金門|連江)[縣市])";
const DISTRICT = "[\\u4e00-\\u9fff]{1,4}[區鄉鎮市]";
const VILLAGE = "(?:[\\u4e00-\\u9fff]{1,4}[里村])?(?:\\d{1,3}鄰)?";
const STREET = "[\\u4e00-\\u9fff]{1,6}?(?:(?<![公道鐵網線馬])路|街|大道|新村)";
const TAIL = `(?:${NUMERAL}{1,2}段)?(?:${NUMERAL}{1,4}巷)?(?:${NUMERAL}{1,4}弄)?${NUMBER}(?:[-之]\\d{1,3})?號(?:之\\d{1,3})?(?:[,，、 ]{0,2}(?:地下|B)?${NUMERAL}{1,3}[樓F](?:之${NUMERAL}{1,3}|[-]\\d{1,3})?)?(?:[,，、 ]{0,2}[A-Z]?\\d{1,4}室)?`;
const CHINESE = new RegExp(
  `(?:${CITY} ?(?:${DISTRICT})? ?${VILLAGE}(?:${STREET}|[\\u4e00-\\u9fff]{1,6}(?=${NUMERAL}{1,4}[巷號]))|(?:${DISTRICT})${VILLAGE}${STREET}|${STREET}) ?${TAIL}(?![出線線碼机機月])`,
  "g",
);
// "住在中山路3號": what is not part of the name of a street before it.
const LEADING_WORDS =
  /^(?:.{0,5}?(?:住在|住|位於|位于|地址是|地址|在|到|於|從|往|是|寄到|寄至|送到))(?=[\u4e00-\u9fff]{2})/;
// Roads that carry numbers, and things that do but are no doors.
const NUMBERED_ROAD = /(?:國道|省道|縣道|台|公路|快速道路|高速)[\u4e00-\u9fff\d]{0,3}$/;

const PREFECTURE = "(?:東京都|北海道|(?:京都|大阪)府|[\\u4e00-\\u9fff]{2,3}県)";
const KANJI = "[\\u4e00-\\u9fff\\u30a1-\\u30f6ヶケー々の]";
const BLOCK =
  "(?:[\\d一二三四五六七八九十]{1,3}丁目(?:[\\d]{1,4}(?:番地?|-)?(?:の)?(?:\\d{1,4}号?)?)?|\\d{1,4}番地?(?:の?\\d{1,4})?(?:号)?(?:\\d{1,4}号)?|\\d{1,4}-\\d{1,4}(?:-\\d{1,4})?)(?:[ 　]?[\\u4e00-\\u9fff\\u30a1-\\u30f6ー]{2,12}\\d{1,4}号室?)?";
// Particles of a sentence are no part of a name of a place; さいたま市 is.
const KANA_TOO =
  "(?:(?![はをがでにともへや][^市区町村])[\\u3041-\\u3096\\u4e00-\\u9fff\\u30a1-\\u30f6ヶケー々])";
const JAPANESE = new RegExp(
  `(?:〒 ?\\d{3}-?\\d{4} ?)?(?:${PREFECTURE} ?${KANA_TOO}{1,14}|${KANJI}{1,6}[市区郡町村]${KANJI}{1,10}) ?${BLOCK}(?!\\d|[年月日時分人名本歳台円件]|か所|カ所|箇所|キロ|km)`,
  "g",
);

const WAY =
  "(?:Streets?|St|Roads?|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Terrace|Tce|Crescent|Cres|Parade|Pde|Highway|Hwy|Close|Quay|Place|Pl|Square|Way)";
const ENGLISH = new RegExp(
  `(?<![\\d.,:/-])(?<!\\d )(?:(?:Unit|Flat|Apt\\.?|Apartment|Room|Suite) ?#?\\d{1,4}[A-Za-z]?[,/ ]{1,2})?\\d{1,4}[A-Za-z]?(?:[/-]\\d{1,4})?,? (?!(?:km|m|people|st|nd|rd|th)\\b)(?:[A-Z][A-Za-z'.-]{1,20} ){1,3}${WAY}(?![A-Za-z])\\.?(?:, ?[A-Z][A-Za-z' .-]{2,24}){0,3}(?: \\d{4,6})?`,
  "g",
);
// The order of addresses of Taiwan in English: "5F., No. 100, Sec. 4, Zhongxiao E. Rd., Da'an Dist., Taipei City".
const TAIWAN_IN_ENGLISH = new RegExp(
  `(?:\\d{1,3}F\\.?(?:-\\d{1,3})?, ?)?No\\. ?\\d{1,4}(?:-\\d{1,3})?, ?(?:(?:Aly|Ln|Lane|Alley|Sec)\\.? ?\\d{1,4}, ?){0,3}(?:[A-Z][A-Za-z'.-]{0,20} ){1,4}(?:Rd|Road|St|Street|Blvd|Boulevard|Ave)\\.?(?:, ?[A-Z][A-Za-z' .-]{2,24}){0,4}(?: ?\\d{3,6})?`,
  "g",
);

/** Addresses down to the door; a district or a street alone is no address. */
export function findAddresses(text: string): Found[] {
  const found: Found[] = [];
  const add = (start: number, written: string, confidence: number) => {
    found.push({ kind: "address", start, end: start + written.trimEnd().length, confidence });
  };
  for (const match of text.matchAll(CHINESE)) {
    let [written, start] = [match[0], match.index];
    if (PUBLIC_PLACES.test(written)) continue;
    const lead = LEADING_WORDS.exec(written)?.[0] ?? "";
    written = written.slice(lead.length);
    start += lead.length;
    if (
      NUMBERED_ROAD.test(/^[\u4e00-\u9fff]*/.exec(written)![0]) ||
      !/[路街道村巷里鄉鎮區縣市]/.test(written)
    )
      continue;
    add(start, written, /[縣市]/.test(written) ? 0.95 : 0.8);
  }
  for (const match of text.matchAll(JAPANESE))
    add(match.index, match[0], /[都道府県]/.test(match[0]) ? 0.9 : 0.75);
  for (const match of text.matchAll(ENGLISH)) add(match.index, match[0], 0.8);
  for (const match of text.matchAll(TAIWAN_IN_ENGLISH)) add(match.index, match[0], 0.9);
  return found;
}
