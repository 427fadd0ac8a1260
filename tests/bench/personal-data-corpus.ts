/** Sentences as people write them on a board, with invented personal data planted in them, and with what only looks like it. */
import type { PersonalDataKind } from "../../app/privacy/folded-text.ts";

export interface Planted {
  kind: PersonalDataKind;
  start: number;
  end: number;
}

export interface Sentence {
  language: "zh-TW" | "en" | "ja";
  text: string;
  planted: Planted[];
}

type Slot = `{${string}}`;

/** The same sentences for the same seed, so that two runs measure the same. */
export function madeSentences(count: number, seed = 20261125): Sentence[] {
  const chance = mulberry(seed);
  const sentences: Sentence[] = [];
  for (let at = 0; at < count; at += 1) {
    const language = (["zh-TW", "zh-TW", "en", "ja"] as const)[Math.floor(chance() * 4)]!;
    const isNegative = chance() < 0.35;
    const template = pick(chance, isNegative ? negatives[language] : positives[language]);
    sentences.push(fill(chance, language, template));
  }
  return sentences;
}

function fill(chance: Chance, language: Sentence["language"], template: string): Sentence {
  const planted: Planted[] = [];
  let text = "";
  for (const part of template.split(/(\{[a-z_]+\})/)) {
    const maker = makers[part as Slot];
    if (!maker) {
      text += part;
      continue;
    }
    const { kind, written } = maker(chance, language);
    if (kind) planted.push({ kind, start: text.length, end: text.length + written.length });
    text += written;
  }
  return { language, text, planted };
}

const positives: Record<Sentence["language"], readonly string[]> = {
  "zh-TW": [
    "我叫{name}，人在基督城市中心的收容所，手機{mobile}。",
    "姓名：{name}，身分證 {id}，請幫忙查。",
    "身份證字號{id}，護照號碼{passport}。",
    "護照遺失，號碼是{passport}，請問去哪裡補辦？",
    "居留證 {permit}，昨天住院。",
    "聯絡人：{name}（{mobile}）",
    "有消息請打 {phone} 或寫信到 {mail}，謝謝大家。",
    "我的 LINE ID：{line}，看到請加我。",
    "加line：{line}，我在加德滿都。",
    "信用卡 {card} 被盜刷，要怎麼停卡？",
    "生日 {birthday}，血型 O 型。",
    "他是{birthday}生，左手骨折，在醫院。",
    "家住{address}，家裡沒有人接電話。",
    "地址：{address}",
    "客戶：{name}，電話 {phone}，住{address}。",
    "失蹤者：{name}，最後出現在車站附近。",
    "本人{name}，目前平安，在學校體育館過夜。",
    "我是{name}，跟同學在一起，電話{mobile}沒電了。",
    "{name}先生今天早上還在飯店，之後就沒有消息。",
    "我的信箱是 {spelled_mail}，隨時可以寫信。",
    "從台灣打 {international}，晚上比較好接通。",
    "請匯到卡號{card}，{name_plain}收。",
    "{id} 這是我弟弟的證號，請查有沒有住院紀錄。",
    "姓名：{name}　出生日期：{birthday}　護照：{passport}",
  ],
  en: [
    "My name is {name} and I am at the shelter near the river.",
    "Name: {name}, passport no. {passport}, born {birthday}.",
    "Please call me on {international}, I am safe.",
    "Call {phone} or write to {mail} if you see him.",
    "My passport {passport} was stolen yesterday.",
    "Missing: {name}, last seen at the bus station.",
    "Date of birth: {birthday}. He has asthma.",
    "We live at {address}, nobody answers the door.",
    "She was staying at {address} before the quake.",
    "My card {card} was in the bag.",
    "Add me on LINE ID: {line} please.",
    "Taiwan ID {id}, needs a doctor.",
    "ARC {permit}, admitted on Monday.",
    "Contact: {name}, mobile {mobile}.",
    "Reach me at {spelled_mail} any time.",
    "DOB {birthday}, travelling alone.",
    "{capital_name} checked out of the hostel this morning.",
  ],
  ja: [
    "{name}と申します。妹を探しています。",
    "氏名：{name}、生年月日：{birthday}。",
    "連絡先は{mobile}です。よろしくお願いします。",
    "電話番号 {phone} までお願いします。",
    "パスポート番号は{passport}です。",
    "住所は{address}です。家族が待っています。",
    "{name}さんを見かけた方はいませんか。",
    "メールは{mail}までお願いします。",
    "LINE ID：{line} に連絡してください。",
    "{birthday}生まれの男性です。",
    "クレジットカード{card}をなくしました。",
    "台湾の身分証は{id}です。",
    "海外からは{international}です。",
    "名前は{name}です。無事です。",
    "実家は{address}にあります。",
  ],
};

const negatives: Record<Sentence["language"], readonly string[]> = {
  "zh-TW": [
    "急難救助專線 +886-800-085-095，國內 0800-085-095。",
    "2015年4月25日尼泊爾地震，規模7.8。",
    "訂單編號 {nine_digits}，請到櫃檯領取。",
    "台北市大安區今天停水，請大家先儲水。",
    "省道台9線 {small}K 處坍方，雙向封閉。",
    "國道1號北上 {small} 公里處事故，請改道。",
    "我是高中老師，班上 {small} 個學生都平安。",
    "失蹤 {small} 人，受傷 {small} 人，搜救中。",
    "我是高雄人，現在在機場。",
    "加領務局 LINE 官方帳號 @boca.tw。",
    "排隊 line up 很久，大概 {small} 分鐘。",
    "張○○ 已經聯絡上了，謝謝。",
    "林先生說橋還能走，機車可以過。",
    "航班 CI{flight}，{small}號登機門。",
    "座標 27.7172, 85.3240，海拔 {small}00 公尺。",
    "報案請打 110 或 112，受傷打 119。",
    "飯店有 {small} 間房，一晚 {big} 元。",
    "發票號碼 AB-{eight_digits}。",
    "版本 2.10.{small}，更新於 2026/11/02。",
    "尋找水源的人請到操場，發放時間 14:00-16:30。",
    "外交部在臺北市中正區凱達格蘭大道2號。",
    "公車 {small} 號停駛，請走中山路。",
    "陳列館前面的路可以走。",
    "連絡道路中斷，方向往東的車請掉頭。",
    "捐款 {big} 元，編號 {twelve_digits}。",
    "距離 {small} 公里，走路 {small} 分鐘，溫度 {small} 度。",
  ],
  en: [
    "Highway 1 is closed between km {small} and km {small}.",
    "The earthquake of 22 February 2011 killed 185 people.",
    "Order {nine_digits} is ready at the counter.",
    "The line is long, expect {small} minutes.",
    "Flight NZ{flight} leaves at 14:35 from gate {small}.",
    "We need {small} blankets and {big} litres of water.",
    "The Red Cross looks for volunteers near Cathedral Square.",
    "Position 27.7172, 85.3240, altitude {big} m.",
    "The ministry's line is +886-800-085-095.",
    "Missing: {small} people after the landslide.",
    "Magnitude 7.8 at 11:56 local time, depth 15 km.",
    "Tracking number {twelve_digits}, ask at the desk.",
    "Look at example.org for the list of shelters.",
    "I am at Kathmandu Airport, terminal {small}.",
    "Bus {small} stops at Queen Street, walk from there.",
    "The passport office opens at 9 on Monday.",
    "IP 192.168.{small}.{small}, port 8080.",
    "Published on 2026-11-02, version 3.{small}.1.",
    "Call 112 first if you are in danger.",
    "Looking for Nepal Red Cross in Pokhara.",
  ],
  ja: [
    "2011年3月11日の地震について。",
    "国道{small}号は通行止めです。",
    "避難所は{small}か所、定員は{big}人です。",
    "田中さんが水を配っています。",
    "受付番号は{nine_digits}です。",
    "東京都港区は停電しています。",
    "市役所の窓口は{small}番です。",
    "緊急は110番か119番へ。",
    "外務省の電話は+886-800-085-095です。",
    "列車は{small}時{small}分に出ます。",
    "山本町の橋は{small}トンまで通れます。",
    "注文番号{twelve_digits}を控えてください。",
    "毛布が{small}枚、水が{big}本あります。",
    "気温は{small}度、風速{small}メートルです。",
  ],
};

interface Written {
  kind: PersonalDataKind | null;
  written: string;
}

const makers: Partial<Record<Slot, (chance: Chance, language: Sentence["language"]) => Written>> = {
  "{name}": (chance, language) => ({ kind: "name", written: madeName(chance, language) }),
  "{name_plain}": (chance) => ({ kind: null, written: pick(chance, ["本人", "家人", "旅行社"]) }),
  "{capital_name}": (chance) => ({ kind: "name", written: capitalName(chance) }),
  "{id}": (chance) => ({ kind: "national_id", written: unified(chance, pick(chance, ["1", "2"])) }),
  "{permit}": (chance) => ({
    kind: "residence_permit",
    written: unified(chance, pick(chance, ["8", "9", "A", "B", "C", "D"])),
  }),
  "{passport}": (chance, language) => ({
    kind: "passport",
    written:
      language === "ja"
        ? `${letters(chance, 2)}${digits(chance, 7)}`
        : pick(chance, [
            `3${digits(chance, 8)}`,
            wide(`3${digits(chance, 8)}`),
            `${letters(chance, 1)}${digits(chance, 8)}`,
            `${letters(chance, 2)}${digits(chance, 7)}`,
          ]),
  }),
  "{card}": (chance) => ({ kind: "card", written: card(chance) }),
  "{mobile}": (chance, language) => ({ kind: "phone", written: mobile(chance, language) }),
  "{phone}": (chance, language) => ({ kind: "phone", written: landline(chance, language) }),
  "{international}": (chance) => ({
    kind: "phone",
    written: pick(chance, [
      `+886-9${digits(chance, 2)}-${digits(chance, 3)}-${digits(chance, 3)}`,
      `+886 9${digits(chance, 8)}`,
      `+61 4${digits(chance, 2)} ${digits(chance, 3)} ${digits(chance, 3)}`,
      `+64 21 ${digits(chance, 3)} ${digits(chance, 4)}`,
      `+81-90-${digits(chance, 4)}-${digits(chance, 4)}`,
      `+977 98${digits(chance, 8)}`,
      `+1 (415) 555-${digits(chance, 4)}`,
      `+44 7${digits(chance, 3)} ${digits(chance, 6)}`,
    ]),
  }),
  "{mail}": (chance) => ({
    kind: "email",
    written: `${word(chance)}${pick(chance, ["", ".", "_"])}${digits(chance, 2)}@${pick(chance, ["gmail.com", "example.com.tw", "mail.example.jp", "corp-mail.org"])}`,
  }),
  "{spelled_mail}": (chance) => ({
    kind: "email",
    written: pick(chance, [
      `${word(chance)} (at) gmail dot com`,
      `${word(chance)} at gmail dot com`,
      `${word(chance)}[at]example[dot]org`,
      `${word(chance)}＠gmail．com`,
      `${word(chance)}(at)yahoo.com.tw`,
    ]),
  }),
  "{line}": (chance) => ({
    kind: "line_id",
    written: pick(chance, [
      `${word(chance)}_${digits(chance, 3)}`,
      `${word(chance)}-tw`,
      `${word(chance)}${digits(chance, 4)}`,
    ]),
  }),
  "{birthday}": (chance, language) => ({ kind: "birthday", written: birthday(chance, language) }),
  "{address}": (chance, language) => ({ kind: "address", written: address(chance, language) }),
  "{nine_digits}": (chance) => ({
    kind: null,
    written: `${1 + Math.floor(chance() * 8)}${digits(chance, 8)}`,
  }),
  "{twelve_digits}": (chance) => ({ kind: null, written: `20${digits(chance, 10)}` }),
  "{eight_digits}": (chance) => ({
    kind: null,
    written: `${1 + Math.floor(chance() * 8)}${digits(chance, 7)}`,
  }),
  "{small}": (chance) => ({ kind: null, written: String(2 + Math.floor(chance() * 90)) }),
  "{big}": (chance) => ({ kind: null, written: String(100 + Math.floor(chance() * 9_000)) }),
  "{flight}": (chance) => ({ kind: null, written: digits(chance, 3) }),
};

const SURNAMES = [
  ..."陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴花卜辛",
  "歐陽",
  "司徒",
];
const GIVEN = [..."志明怡君淑芬雅婷家豪俊宏建國美玲佳蓉冠宇宗翰承恩品妍子晴思涵小青大同國華文雄水生"];
const JAPANESE_FAMILIES = [
  "佐藤",
  "鈴木",
  "高橋",
  "田中",
  "渡辺",
  "小林",
  "加藤",
  "長谷川",
  "東海林",
  "五十嵐",
  "小鳥遊",
];
const JAPANESE_GIVEN = ["太郎", "花子", "一郎", "美咲", "健", "さくら", "翔太", "ゆい", "大輔"];
const ENGLISH_GIVEN = [
  "Amy",
  "John",
  "Mei-hua",
  "Chih-ming",
  "Sarah",
  "Kevin",
  "Yi-chun",
  "Robert",
  "Anjali",
  "Hiroshi",
];
const ENGLISH_FAMILIES = [
  "Lin",
  "Chen",
  "Smith",
  "Wang",
  "O’Brien",
  "Sharma",
  "Huang",
  "Baker",
  "Tanaka",
  "Nguyen",
];
const WORDS = ["wang", "amychen", "taiwanfan", "hello", "kiwitrip", "yijun", "backpacker", "maple"];

function madeName(chance: Chance, language: Sentence["language"]): string {
  if (language === "ja")
    return pick(chance, [
      `${pick(chance, JAPANESE_FAMILIES)}${pick(chance, JAPANESE_GIVEN)}`,
      `${pick(chance, JAPANESE_FAMILIES)} ${pick(chance, JAPANESE_GIVEN)}`,
      pick(chance, ["スズキ タロウ", "ヤマダ・ハナコ"]),
    ]);
  if (language === "en") {
    const given = pick(chance, ENGLISH_GIVEN);
    return pick(chance, [
      `${given} ${pick(chance, ENGLISH_FAMILIES)}`,
      `${given} ${pick(chance, ENGLISH_GIVEN)} ${pick(chance, ENGLISH_FAMILIES)}`,
    ]);
  }
  const given = `${pick(chance, GIVEN)}${chance() < 0.85 ? pick(chance, GIVEN) : ""}`;
  return `${pick(chance, SURNAMES)}${given}`;
}

function capitalName(chance: Chance): string {
  const family = pick(chance, ["WANG", "CHEN", "LIN", "HUANG", "TSAI", "HSU", "KUO"]);
  const given = pick(chance, ["HSIAO MING", "CHIH-MING", "YI-CHUN", "MEI HUA", "CHIA-HAO", "SHU-FEN"]);
  return `${family}${pick(chance, [" ", ", "])}${given}`;
}

function unified(chance: Chance, second: string): string {
  const codes = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
  const letter = pick(chance, [...codes]);
  const body = digits(chance, 7);
  const code = codes.indexOf(letter) + 10;
  const next = /\d/.test(second) ? Number(second) : codes.indexOf(second) % 10;
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  const sum = [Math.floor(code / 10), code % 10, next, ...[...body].map(Number)].reduce(
    (total, digit, at) => total + digit * weights[at]!,
    0,
  );
  return `${letter}${second}${body}${(10 - (sum % 10)) % 10}`;
}

function card(chance: Chance): string {
  const start = pick(chance, ["4", "51", "37", "6011", "3530", "62"]);
  const length = start === "37" ? 15 : 16;
  const body = start + digits(chance, length - 1 - start.length);
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) {
    const digit = Number(body[body.length - 1 - at]);
    sum += at % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  const whole = `${body}${(10 - (sum % 10)) % 10}`;
  if (length === 15) return pick(chance, [whole, whole.replace(/^(.{4})(.{6})/, "$1 $2 ")]);
  const gap = pick(chance, ["", " ", "-"]);
  return whole.match(/.{4}/g)!.join(gap);
}

function mobile(chance: Chance, language: Sentence["language"]): string {
  if (language === "ja")
    return pick(chance, [
      `090-${digits(chance, 4)}-${digits(chance, 4)}`,
      `080${1 + Math.floor(chance() * 9)}${digits(chance, 7)}`,
    ]);
  const [a, b, c] = [digits(chance, 2), digits(chance, 3), digits(chance, 3)];
  return pick(chance, [
    `09${a}${b}${c}`,
    `09${a}-${b}-${c}`,
    `09${a} ${b} ${c}`,
    `09${a}-${b}${c}`,
    wide(`09${a}${b}${c}`),
    `09${a}${b}\u200b${c}`,
  ]);
}

function landline(chance: Chance, language: Sentence["language"]): string {
  if (language === "ja")
    return pick(chance, [
      `03-${digits(chance, 4)}-${digits(chance, 4)}`,
      `045-${digits(chance, 3)}-${digits(chance, 4)}`,
    ]);
  if (language === "en")
    return pick(chance, [
      `(02) 2${digits(chance, 3)}-${digits(chance, 4)}`,
      `0412 ${digits(chance, 3)} ${digits(chance, 3)}`,
    ]);
  return pick(chance, [
    `(02)2${digits(chance, 3)}-${digits(chance, 4)}`,
    `02-2${digits(chance, 3)}-${digits(chance, 4)}`,
    `049-2${digits(chance, 6)}`,
    `07-${digits(chance, 3)}-${digits(chance, 4)}`,
    `02-2${digits(chance, 3)}-${digits(chance, 4)} #${digits(chance, 3)}`,
  ]);
}

function birthday(chance: Chance, language: Sentence["language"]): string {
  const year = 1940 + Math.floor(chance() * 70);
  const month = 1 + Math.floor(chance() * 12);
  const day = 1 + Math.floor(chance() * 28);
  const two = (value: number) => String(value).padStart(2, "0");
  if (language === "en") {
    const name = [
      "January",
      "February",
      "March",
      "April",
      "May",
      "June",
      "July",
      "August",
      "September",
      "October",
      "November",
      "December",
    ][month - 1]!;
    return pick(chance, [
      `${day} ${name} ${year}`,
      `${name} ${day}, ${year}`,
      `${year}-${two(month)}-${two(day)}`,
      `${two(day)}/${two(month)}/${year}`,
    ]);
  }
  if (language === "ja" && year > 1926)
    return pick(chance, [
      `${year}年${month}月${day}日`,
      year < 1988 ? `昭和${year - 1925}年${month}月${day}日` : `平成${year - 1988}年${month}月${day}日`,
    ]);
  return pick(chance, [
    `${year}/${two(month)}/${two(day)}`,
    `${year}年${month}月${day}日`,
    `民國${year - 1911}年${month}月${day}日`,
    `${year - 1911}/${two(month)}/${two(day)}`,
    `${year - 1911}.${two(month)}.${two(day)}`,
  ]);
}

function address(chance: Chance, language: Sentence["language"]): string {
  const number = 1 + Math.floor(chance() * 300);
  if (language === "en")
    return pick(chance, [
      `${number} Colombo Street, Christchurch`,
      `${number} Great King St`,
      `Flat 3, ${number} Victoria Avenue`,
      `No. ${number}, Sec. 2, Zhongshan N. Rd., Zhongshan Dist., Taipei City`,
    ]);
  if (language === "ja")
    return pick(chance, [
      `東京都港区芝公園4-2-${number % 20}`,
      `大阪府大阪市北区梅田三丁目${number}番地`,
      `〒330-0001 埼玉県さいたま市大宮区桜木町1-${number % 90}`,
      `横浜市中区山下町${number}番地`,
    ]);
  const road = pick(chance, [
    "中山路",
    "忠孝東路四段",
    "大城路",
    "民生街",
    "和平東路二段",
    "成功二路",
    "文化大道",
  ]);
  const town = pick(chance, [
    "台北市大安區",
    "臺中市西屯區",
    "南投縣埔里鎮",
    "高雄市苓雅區",
    "花蓮縣秀林鄉",
    "新北市板橋區",
    "",
  ]);
  const lane = pick(chance, ["", "", "12巷", "12巷3弄"]);
  const floor = pick(chance, ["", "", "5樓", "之2", "5樓之1", "12F"]);
  return `${town}${road}${lane}${number}號${floor}`;
}

type Chance = () => number;

function pick<T>(chance: Chance, from: readonly T[]): T {
  return from[Math.floor(chance() * from.length)]!;
}

function digits(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => Math.floor(chance() * 10)).join("");
}

function letters(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + Math.floor(chance() * 26))).join("");
}

function word(chance: Chance): string {
  return pick(chance, WORDS);
}

function wide(text: string): string {
  return [...text].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join("");
}

function mulberry(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
