import { Converter } from "opencc-js/t2cn";
import { pinyin } from "pinyin-pro";

import { HAN_VARIANTS } from "./han-variants.ts";

/**
 * Han names: one folded script for comparing, and the Mandarin readings of their characters.
 *
 * Folding and reading go character by character, never by phrase: a name is no sentence, and 乾 must fold
 * alike in every name.
 */

const MAX_READINGS = 3;

// The caches below cannot outgrow the Han characters of Unicode.
const toSimplified = Converter({ from: "t", to: "cn" });
const foldCache = new Map<string, string>();

/**
 * One folded form of Han text: Traditional, Simplified, variant and Japanese forms become the same character
 * (臺 台, 眞 真, 温 溫). For keys and comparison only; it must never replace a stored name.
 */
export function foldHan(text: string): string {
  return Array.from(text.normalize("NFKC"), foldCharacter).join("");
}

function foldCharacter(character: string): string {
  const known = foldCache.get(character);
  if (known !== undefined) return known;
  const simplified = toSimplified(HAN_VARIANTS.get(character) ?? character);
  const folded = HAN_VARIANTS.get(simplified) ?? simplified;
  foldCache.set(character, folded);
  return folded;
}

/** Surnames of two characters, folded, with the readings they have as surnames. */
const COMPOUND_SURNAMES: ReadonlyMap<string, readonly [string, string]> = new Map(
  (
    "欧阳 ou yang;司马 si ma;诸葛 zhu ge;上官 shang guan;尉迟 yu chi;长孙 zhang sun;司徒 si tu;司空 si kong;" +
    "令狐 ling hu;公孙 gong sun;皇甫 huang fu;慕容 mu rong;夏侯 xia hou;东方 dong fang;独孤 du gu;宇文 yu wen;" +
    "南宫 nan gong;端木 duan mu;百里 bai li;轩辕 xuan yuan;澹台 tan tai;申屠 shen tu;太史 tai shi;钟离 zhong li;" +
    "西门 xi men;东郭 dong guo;呼延 hu yan;完颜 wan yan;闻人 wen ren;万俟 mo qi;濮阳 pu yang;淳于 chun yu;" +
    "单于 chan yu;赫连 he lian;鲜于 xian yu;闾丘 lv qiu;宗政 zong zheng;第五 di wu;梁丘 liang qiu;左丘 zuo qiu;" +
    "公冶 gong ye;张简 zhang jian;范姜 fan jiang;江谢 jiang xie;周黄 zhou huang;翁林 weng lin;徐辜 xu gu;" +
    "叶刘 ye liu;曾江 zeng jiang;陈冯 chen feng;范徐 fan xu;张廖 zhang liao;张许 zhang xu"
  )
    .split(";")
    .map((line): [string, readonly [string, string]] => {
      const [surname = "", first = "", second = ""] = line.split(" ");
      return [surname, [first, second]];
    }),
);

/**
 * Characters whose reading as a surname differs from, or is missing among, what a dictionary gives first.
 * Later readings are the everyday ones some families keep.
 */
const SURNAME_READINGS: ReadonlyMap<string, readonly string[]> = new Map(
  (
    "单 shan dan;曾 zeng ceng;解 xie jie;仇 qiu chou;区 ou qu;查 zha cha;任 ren;华 hua;叶 ye;薛 xue;朴 piao pu;" +
    "盖 ge gai;覃 qin tan;翟 zhai di;种 chong zhong;召 shao zhao;秘 bi mi;缪 miao mou;乐 yue le;员 yun yuan;" +
    "黑 he hei;折 she zhe;繁 po fan;么 yao;隗 wei kui;逄 pang;祭 zhai ji;车 che;过 guo;纪 ji;宁 ning;曲 qu;" +
    "燕 yan;应 ying;郗 xi chi;褚 chu zhu;费 fei bi;谌 chen shen;冯 feng;石 shi;沈 shen;柏 bai bo;尉 wei yu;" +
    "万 wan;牟 mu mou;洗 xian;冼 xian;能 nai;佴 nai;藏 zang;晟 cheng;都 du;句 gou;哈 ha;尹 yin;肖 xiao;" +
    "盛 sheng;晁 chao;钭 tou;撒 sa;不 fou;贾 jia;重 chong;令 ling;贲 ben;阚 kan;谷 gu;行 xing;长 zhang"
  )
    .split(";")
    .map((line): [string, readonly string[]] => {
      const [surname = "", ...readings] = line.split(" ");
      return [surname, readings];
    }),
);

const readingsCache = new Map<string, readonly string[]>();
const surnameCache = new Map<string, readonly string[]>();

/** The dictionaries write nüe and lüe as `nve`, `lve`; our canonical syllables are `nue`, `lue`. */
function canonicalSyllable(syllable: string): string {
  return syllable.replace("ü", "v").replace(/^([nl])ve$/, "$1ue");
}

/**
 * Mandarin readings of one folded character in a given name, the commonest first, at most three; empty when
 * the character has none. Method: the dictionary of pinyin-pro after folding.
 */
export function hanReadings(folded: string): readonly string[] {
  const known = readingsCache.get(folded);
  if (known) return known;
  const all = /\p{Script=Han}/u.test(folded) ? dictionaryReadings(folded) : [];
  const readings = [...new Set(all.map(canonicalSyllable))]
    .filter((syllable) => /^[a-zê]+$/.test(syllable))
    .slice(0, MAX_READINGS);
  readingsCache.set(folded, readings);
  return readings;
}

function dictionaryReadings(folded: string): string[] {
  return pinyin(folded, { multiple: true, toneType: "none", type: "array", v: true });
}

/** Readings of one folded character as a surname: 單 shan, 曾 zeng, 解 xie first, then its other readings. */
export function surnameReadings(folded: string): readonly string[] {
  const known = surnameCache.get(folded);
  if (known) return known;
  const own = SURNAME_READINGS.get(folded) ?? dictionarySurname(folded);
  const readings = [...new Set([...own, ...hanReadings(folded)])].slice(0, MAX_READINGS);
  surnameCache.set(folded, readings);
  return readings;
}

function dictionarySurname(folded: string): string[] {
  const [reading] = pinyin(folded, { surname: "all", toneType: "none", type: "array", v: true });
  return reading && /^[a-z]+$/.test(reading) && /\p{Script=Han}/u.test(folded)
    ? [canonicalSyllable(reading)]
    : [];
}

/** The readings of a folded compound surname such as 歐陽 at the start of a name; null when there is none. */
export function compoundSurname(folded: readonly string[]): readonly [string, string] | null {
  const [first, second] = folded;
  if (first === undefined || second === undefined) return null;
  return COMPOUND_SURNAMES.get(first + second) ?? null;
}
