import { gwoyeuSpellings } from "./gwoyeu-romatzyh.ts";
import { NO_FINAL, ZHUYIN_SYLLABLES, zhuyinText } from "./zhuyin.ts";
import type { ZhuyinSyllable } from "./zhuyin.ts";

/**
 * The romanisations a Taiwanese passport or identity paper may carry, in the order in which they are
 * preferred when one spelling reads the same in several of them.
 */
export const ROMANISATIONS = ["hanyu", "wade_giles", "tongyong", "mps2", "yale", "gwoyeu"] as const;
export type Romanisation = (typeof ROMANISATIONS)[number];

/** A syllable with its canonical name (Hanyu without tone marks, ü written `v`: `zhu`, `lv`, `lue`). */
export interface MandarinSyllable {
  hanyu: string;
  zhuyin: string;
  /** Lower-case spellings per scheme, the standard one first; gwoyeu holds its four tonal forms. */
  spellings: Readonly<Record<Romanisation, readonly string[]>>;
}

type Spell = (syllable: ZhuyinSyllable) => string[];

interface PlainScheme {
  /** Zhuyin initials in the order of `INITIALS`. */
  initials: string;
  /** Syllables without a written vowel: ㄓ ㄔ ㄕ ㄖ ㄗ ㄘ ㄙ. */
  bare: string;
  /** Finals after an initial, in the order of `FINALS`. */
  finals: string;
  /** Finals that stand alone and begin with ㄧ, ㄨ or ㄩ, in the order of `FINALS` from ㄧ on. */
  alone: string;
}

const INITIALS = "ㄅ ㄆ ㄇ ㄈ ㄉ ㄊ ㄋ ㄌ ㄍ ㄎ ㄏ ㄐ ㄑ ㄒ ㄓ ㄔ ㄕ ㄖ ㄗ ㄘ ㄙ".split(" ");
const BARE = "ㄓ ㄔ ㄕ ㄖ ㄗ ㄘ ㄙ".split(" ");
const OPEN_FINALS = "ㄚ ㄛ ㄜ ㄝ ㄞ ㄟ ㄠ ㄡ ㄢ ㄣ ㄤ ㄥ ㄦ".split(" ");
const GLIDE_FINALS =
  "ㄧ ㄧㄚ ㄧㄛ ㄧㄝ ㄧㄞ ㄧㄠ ㄧㄡ ㄧㄢ ㄧㄣ ㄧㄤ ㄧㄥ ㄨ ㄨㄚ ㄨㄛ ㄨㄞ ㄨㄟ ㄨㄢ ㄨㄣ ㄨㄤ ㄨㄥ ㄩ ㄩㄝ ㄩㄢ ㄩㄣ ㄩㄥ".split(
    " ",
  );
const FINALS = [...OPEN_FINALS, ...GLIDE_FINALS];

// ISO 7098 (Hanyu Pinyin), the scheme of most passports since 2009.
const HANYU: PlainScheme = {
  initials: "b p m f d t n l g k h j q x zh ch sh r z c s",
  bare: "zhi chi shi ri zi ci si",
  finals:
    "a o e ê ai ei ao ou an en ang eng er i ia io ie iai iao iu ian in iang ing u ua uo uai ui uan un uang ong v ue van vn iong",
  alone: "yi ya yo ye yai yao you yan yin yang ying wu wa wo wai wei wan wen wang weng yu yue yuan yun yong",
};

// Wade–Giles as in Giles' dictionary of 1912, with its apostrophes and ü.
const WADE_GILES: PlainScheme = {
  initials: "p p' m f t t' n l k k' h ch ch' hs ch ch' sh j ts ts' s",
  bare: "chih ch'ih shih jih tzu tz'u ssu",
  finals:
    "a o e eh ai ei ao ou an en ang eng erh i ia io ieh iai iao iu ien in iang ing u ua o uai ui uan un uang ung ü üeh üan ün iung",
  alone: "i ya yo yeh yai yao yu yen yin yang ying wu wa wo wai wei wan wen wang weng yü yüeh yüan yün yung",
};

// Tongyong Pinyin, official in Taiwan from 2002 to 2008.
const TONGYONG: PlainScheme = {
  initials: "b p m f d t n l g k h j c s jh ch sh r z c s",
  bare: "jhih chih shih rih zih cih sih",
  finals:
    "a o e e ai ei ao ou an en ang eng er i ia io ie iai iao iou ian in iang ing u ua uo uai uei uan un uang ong yu yue yuan yun yong",
  alone: "yi ya yo ye yai yao you yan yin yang ying wu wa wo wai wei wan wun wang wong yu yue yuan yun yong",
};

// Mandarin Phonetic Symbols II, Taiwan's Ministry of Education 1986.
const MPS2: PlainScheme = {
  initials: "b p m f d t n l g k h j ch sh j ch sh r tz ts s",
  bare: "jr chr shr r tz tsz sz",
  finals:
    "a o e e ai ei au ou an en ang eng er i ia io ie iai iau iou ian in iang ing u ua uo uai uei uan uen uang ung iu iue iuan iun iung",
  alone: "yi ya yo ye yai yau you yan yin yang ying wu wa wo wai wei wan wen wang weng yu yue yuan yun yung",
};

// Yale's romanisation of Mandarin, 1943.
const YALE: PlainScheme = {
  initials: "b p m f d t n l g k h j ch sy j ch sh r dz ts s",
  bare: "jr chr shr r dz tsz sz",
  finals:
    "a o e e ai ei au ou an en ang eng er i ya yo ye yai yau you yan in yang ing u wa wo wai wei wan wun wang ung yu ywe ywan yun yung",
  alone: "yi ya yo ye yai yau you yan yin yang ying wu wa wo wai wei wan wen wang weng yu ywe ywan yun yung",
};

function plainSpelling(scheme: PlainScheme): (syllable: ZhuyinSyllable) => string {
  const initials = new Map(INITIALS.map((initial, at) => [initial, scheme.initials.split(" ")[at] ?? ""]));
  const bare = new Map(BARE.map((initial, at) => [initial, scheme.bare.split(" ")[at] ?? ""]));
  const finals = new Map(FINALS.map((final, at) => [final, scheme.finals.split(" ")[at] ?? ""]));
  const alone = new Map([
    ...OPEN_FINALS.map((final): [string, string] => [final, finals.get(final) ?? ""]),
    ...GLIDE_FINALS.map((final, at): [string, string] => [final, scheme.alone.split(" ")[at] ?? ""]),
  ]);
  return ({ initial, final }) => {
    if (final === NO_FINAL) return bare.get(initial) ?? "";
    if (initial === "") return alone.get(final) ?? "";
    return (initials.get(initial) ?? "") + (finals.get(final) ?? "");
  };
}

const plainHanyu = plainSpelling(HANYU);
const plainWadeGiles = plainSpelling(WADE_GILES);
const plainTongyong = plainSpelling(TONGYONG);
const plainMps2 = plainSpelling(MPS2);
const plainYale = plainSpelling(YALE);

function isPalatal(initial: string): boolean {
  return initial === "ㄐ" || initial === "ㄑ" || initial === "ㄒ";
}

/** Hanyu: after j, q, x the umlaut is not written (ju, quan); elsewhere `v` stands for it (lv). */
function hanyuSpelling(syllable: ZhuyinSyllable): string {
  const spelling = plainHanyu(syllable);
  return isPalatal(syllable.initial) ? spelling.replace("v", "u") : spelling;
}

/** Passports write ㄌㄩ and ㄋㄩ as LYU and NYU where the typewriter has no ü. */
const hanyuSpellings: Spell = (syllable) => {
  const spelling = hanyuSpelling(syllable);
  const withUmlaut =
    !isPalatal(syllable.initial) && syllable.initial !== "" && syllable.final.startsWith("ㄩ");
  if (!withUmlaut) return [spelling];
  const tail = spelling.slice(1).replace(/^[vu]/, "");
  return [spelling, `${spelling[0]}v${tail}`, `${spelling[0]}yu${tail}`, `${spelling[0]}u${tail}`];
};

/** Wade–Giles: ㄜ is `o` after k, k', h; ㄨㄛ keeps its u after them and after sh; ㄨㄟ is `uei` after k, k'. */
function wadeGilesSpelling(syllable: ZhuyinSyllable): string {
  const { initial, final } = syllable;
  const plain = plainWadeGiles(syllable);
  const velar = initial === "ㄍ" || initial === "ㄎ" || initial === "ㄏ";
  if (final === "ㄜ" && velar) return plain.replace(/e$/, "o");
  if (final === "ㄨㄛ" && (velar || initial === "ㄕ")) return plain.replace(/o$/, "uo");
  if (final === "ㄨㄟ" && (initial === "ㄍ" || initial === "ㄎ")) return plain.replace(/ui$/, "uei");
  return plain;
}

/** The standard, then what Taiwanese passports write beside it: YAN for YEN, SZU for SSU, O for E. */
const wadeGilesSpellings: Spell = (syllable) => {
  const standard = wadeGilesSpelling(syllable);
  const text = zhuyinText(syllable);
  if (text === "ㄧㄢ") return [standard, "yan"];
  if (text === "ㄙ") return [standard, "szu"];
  if (text === "ㄜ") return [standard, "o"];
  return [standard];
};

/** Tongyong: only ㄈㄥ (and ㄨㄥ alone) changed its vowel to o. */
const tongyongSpellings: Spell = (syllable) =>
  zhuyinText(syllable) === "ㄈㄥ" ? ["fong"] : [plainTongyong(syllable)];

const mps2Spellings: Spell = (syllable) => [plainMps2(syllable)];

/** Yale: labials take `wo`; s + ㄧ merges into `sy`; ㄨㄣ is met as both -wun and -wen. */
const yaleSpellings: Spell = (syllable) => {
  const { initial, final } = syllable;
  const plain = plainYale(syllable);
  if (final === "ㄛ" && "ㄅㄆㄇㄈ".includes(initial) && initial !== "") return [plain.replace(/o$/, "wo")];
  if (final === "ㄨㄣ" && initial !== "") return [plain, plain.replace(/un$/, "en")];
  if (final === "ㄩㄢ" && initial === "ㄌ") return [plain, "lyuan"];
  if (initial === "ㄒ") return [plain.replace("syy", "sy")];
  return [plain];
};

function describeSyllable(syllable: ZhuyinSyllable): MandarinSyllable {
  return {
    hanyu: hanyuSpelling(syllable),
    zhuyin: zhuyinText(syllable),
    spellings: {
      hanyu: hanyuSpellings(syllable),
      wade_giles: wadeGilesSpellings(syllable),
      tongyong: tongyongSpellings(syllable),
      mps2: mps2Spellings(syllable),
      yale: yaleSpellings(syllable),
      gwoyeu: gwoyeuSpellings(syllable),
    },
  };
}

function interjection(hanyu: string, zhuyin: string, yale: string, gwoyeu: string): MandarinSyllable {
  const same = [hanyu];
  return {
    hanyu,
    zhuyin,
    spellings: {
      hanyu: same,
      wade_giles: same,
      tongyong: [yale],
      mps2: same,
      yale: [yale],
      gwoyeu: gwoyeu.split(" "),
    },
  };
}

/** Sounds of agreement and doubt; the dictionaries list them beside the chart. */
const INTERJECTIONS: readonly MandarinSyllable[] = [
  interjection("m", "ㄇ", "m", "mh m mm mq"),
  interjection("n", "ㄋ", "n", "nh n nn nq"),
  interjection("ng", "ㄫ", "ng", "ng ngr nng nq"),
  interjection("hm", "ㄏㄥ", "heng", "hng hrng hnng hnq"),
  interjection("hng", "ㄏㄥ", "heng", "hng hrng hnng hnq"),
];

/** Every Mandarin syllable with its spellings, computed by the rules of each scheme. */
export const MANDARIN_SYLLABLES: readonly MandarinSyllable[] = [
  ...ZHUYIN_SYLLABLES.map(describeSyllable),
  ...INTERJECTIONS,
];

/** A spelling as typed on a passport: lower case, without apostrophes, with u for ü. */
export function passportForm(spelling: string): string {
  return spelling
    .normalize("NFC")
    .toLowerCase()
    .replace(/[ʼʻ‘’'`´]/g, "")
    .replaceAll("ü", "u")
    .replaceAll("ê", "e");
}
