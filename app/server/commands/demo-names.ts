import type { Chance } from "./demo-chance.ts";

/** How an invented person is called, in the many ways in which people write one name. */
export interface InventedName {
  fullName: string;
  otherNames: string[];
  /** How a relative might write the same name without knowing how it was posted. */
  alsoWritten: string;
  sex: "female" | "male";
  country: string;
  language: "zh-TW" | "ja" | "en";
}

// Family name, as in most passports, in Hanyu Pinyin.
const families = [
  ["陳", "Chen", "Chen"], ["林", "Lin", "Lin"], ["黃", "Huang", "Huang"], ["張", "Chang", "Zhang"], ["李", "Lee", "Li"],
  ["王", "Wang", "Wang"], ["吳", "Wu", "Wu"], ["劉", "Liu", "Liu"], ["蔡", "Tsai", "Cai"], ["楊", "Yang", "Yang"],
  ["許", "Hsu", "Xu"], ["鄭", "Cheng", "Zheng"], ["謝", "Hsieh", "Xie"], ["郭", "Kuo", "Guo"], ["洪", "Hung", "Hong"],
  ["曾", "Tseng", "Zeng"], ["邱", "Chiu", "Qiu"], ["廖", "Liao", "Liao"], ["賴", "Lai", "Lai"], ["周", "Chou", "Zhou"],
  ["徐", "Hsu", "Xu"], ["蘇", "Su", "Su"], ["葉", "Yeh", "Ye"], ["莊", "Chuang", "Zhuang"], ["呂", "Lu", "Lü"],
  ["江", "Chiang", "Jiang"], ["何", "Ho", "He"], ["蕭", "Hsiao", "Xiao"], ["羅", "Lo", "Luo"], ["高", "Kao", "Gao"],
  ["潘", "Pan", "Pan"], ["簡", "Chien", "Jian"], ["朱", "Chu", "Zhu"], ["鍾", "Chung", "Zhong"], ["游", "Yu", "You"],
  ["彭", "Peng", "Peng"], ["詹", "Chan", "Zhan"], ["胡", "Hu", "Hu"], ["施", "Shih", "Shi"], ["沈", "Shen", "Shen"],
  ["單", "Shan", "Shan"], ["歐陽", "Ou-yang", "Ouyang"],
] as const; // prettier-ignore

const given = {
  female: [
    ["雅婷", "Ya-ting", "Yating"], ["怡君", "I-chun", "Yijun"], ["淑芬", "Shu-fen", "Shufen"], ["佳穎", "Chia-ying", "Jiaying"],
    ["詩涵", "Shih-han", "Shihan"], ["欣怡", "Hsin-yi", "Xinyi"], ["美惠", "Mei-hui", "Meihui"], ["秀英", "Hsiu-ying", "Xiuying"],
    ["曉雯", "Hsiao-wen", "Xiaowen"], ["麗華", "Li-hua", "Lihua"], ["惠如", "Hui-ju", "Huiru"], ["筱涵", "Hsiao-han", "Xiaohan"],
    ["玉蘭", "Yu-lan", "Yulan"], ["芷瑄", "Chih-hsuan", "Zhixuan"], ["靜宜", "Ching-yi", "Jingyi"], ["郁婷", "Yu-ting", "Yuting"],
  ],
  male: [
    ["志明", "Chih-ming", "Zhiming"], ["家豪", "Chia-hao", "Jiahao"], ["俊傑", "Chun-chieh", "Junjie"], ["建宏", "Chien-hung", "Jianhong"],
    ["宗翰", "Tsung-han", "Zonghan"], ["冠宇", "Kuan-yu", "Guanyu"], ["承恩", "Cheng-en", "Cheng'en"], ["明哲", "Ming-che", "Mingzhe"],
    ["柏翰", "Po-han", "Bohan"], ["育誠", "Yu-cheng", "Yucheng"], ["文雄", "Wen-hsiung", "Wenxiong"], ["振宇", "Chen-yu", "Zhenyu"],
    ["子軒", "Tzu-hsuan", "Zixuan"], ["國華", "Kuo-hua", "Guohua"], ["彥廷", "Yen-ting", "Yanting"], ["信宏", "Hsin-hung", "Xinhong"],
  ],
} as const; // prettier-ignore

const englishGiven = {
  female: ["Amy", "Grace", "Joyce", "Vivian", "Peggy", "Tina"],
  male: ["Kevin", "Jason", "Eric", "Andy", "Leo", "Sam"],
} as const;

const japaneseFamilies = [
  ["佐藤", "さとう", "Sato"], ["鈴木", "すずき", "Suzuki"], ["高橋", "たかはし", "Takahashi"], ["田中", "たなか", "Tanaka"],
  ["伊藤", "いとう", "Ito"], ["渡辺", "わたなべ", "Watanabe"], ["山本", "やまもと", "Yamamoto"], ["中村", "なかむら", "Nakamura"],
  ["小林", "こばやし", "Kobayashi"], ["加藤", "かとう", "Kato"],
] as const; // prettier-ignore

const japaneseGiven = {
  female: [["陽子", "ようこ", "Yoko"], ["美咲", "みさき", "Misaki"], ["さくら", "さくら", "Sakura"], ["由美", "ゆみ", "Yumi"]],
  male: [["健", "けん", "Ken"], ["大輔", "だいすけ", "Daisuke"], ["翔太", "しょうた", "Shota"], ["浩", "ひろし", "Hiroshi"]],
} as const; // prettier-ignore

const english = {
  female: [
    "Olivia Harris",
    "Charlotte Wood",
    "Mia O'Brien",
    "Ruby Walker",
    "Hannah Clarke",
    "Emily-Jane Scott",
  ],
  male: [
    "Jack Thompson",
    "Noah Campbell",
    "Tama Rangihuna",
    "Liam Fraser",
    "Oscar Bennett",
    "Thomas MacLeod",
  ],
} as const;

const simplified: Record<string, string> = {
  陳: "陈",
  黃: "黄",
  張: "张",
  吳: "吴",
  劉: "刘",
  楊: "杨",
  許: "许",
  鄭: "郑",
  謝: "谢",
};

/** Invents a name. The first parts of a passport, of a family and of a school report are all taken from life. */
export function inventName(chance: Chance): InventedName {
  const sex = chance.isLikely(0.5) ? "female" : "male";
  const kind = chance.next();
  if (kind < 0.78) return taiwanese(chance, sex);
  return kind < 0.9 ? japanese(chance, sex) : westerner(chance, sex);
}

function taiwanese(chance: Chance, sex: "female" | "male"): InventedName {
  const [family, passport, pinyin] = chance.one(families);
  const [name, passportGiven, pinyinGiven] = chance.one<readonly [string, string, string]>(given[sex]);
  const nick = chance.one<string>(englishGiven[sex]);
  const han = family + name;
  const inPassport = `${passport.toUpperCase()}, ${passportGiven.toUpperCase()}`;
  const spoken = `${passportGiven} ${passport}`;
  const inPinyin = `${pinyin} ${pinyinGiven}`;
  const mixed = `${nick} ${passport} ${passportGiven}`;
  const simple = simplified[family] ? simplified[family] + name : han;
  const person = { sex, country: "TW", language: "zh-TW" } as const;
  switch (chance.whole(0, 7)) {
    case 0:
    case 1:
    case 2:
      return { ...person, fullName: han, otherNames: [inPassport], alsoWritten: spoken };
    case 3:
      return { ...person, fullName: han, otherNames: [], alsoWritten: inPinyin };
    case 4:
      return { ...person, fullName: inPassport, otherNames: [], alsoWritten: han };
    case 5:
      return { ...person, fullName: inPinyin, otherNames: [simple], alsoWritten: inPassport };
    case 6:
      return { ...person, fullName: mixed, otherNames: [han], alsoWritten: spoken };
    default:
      return { ...person, fullName: han, otherNames: [`${nick} ${passport}`], alsoWritten: simple };
  }
}

function japanese(chance: Chance, sex: "female" | "male"): InventedName {
  const [family, kana, roman] = chance.one(japaneseFamilies);
  const [name, kanaGiven, romanGiven] = chance.one<readonly [string, string, string]>(japaneseGiven[sex]);
  const latin = `${romanGiven} ${roman}`;
  const person = { sex, country: "JP", language: "ja" } as const;
  return chance.isLikely(0.6)
    ? { ...person, fullName: `${family} ${name}`, otherNames: [`${kana} ${kanaGiven}`], alsoWritten: latin }
    : {
        ...person,
        fullName: `${roman.toUpperCase()} ${romanGiven}`,
        otherNames: [],
        alsoWritten: `${family}${name}`,
      };
}

function westerner(chance: Chance, sex: "female" | "male"): InventedName {
  const fullName = chance.one<string>(english[sex]);
  const parts = fullName.split(" ");
  return {
    fullName,
    otherNames: [],
    alsoWritten: `${parts.at(-1)!.toUpperCase()}, ${parts[0]}`,
    sex,
    country: chance.one(["NZ", "AU", "GB", "US"]),
    language: "en",
  };
}
