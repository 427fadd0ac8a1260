/**
 * Invented persons in any number, the same for the same seed: surnames as frequent as they are in Taiwan, given names of
 * two common characters, written in Han, romanised in the scheme of some passport, or both.
 */
import {
  ROMANISATIONS,
  MANDARIN_SYLLABLES,
  passportForm,
  type Romanisation,
} from "#app/names/romanisation.ts";
import { foldHan, hanReadings, surnameReadings } from "#app/names/han.ts";
import { overseasSpellings } from "#app/names/surnames.ts";

/** What is asked of a name in the benchmarks: how it was written is known, so that it can be written otherwise. */
export interface InventedName {
  surname: string;
  given: string;
  /** Romanised parts of this very person; null when only Han was given. */
  latin: { surname: string; given: string[]; scheme: Romanisation } | null;
  fullName: string;
  alternateNames: string[];
}

export interface InventedPerson {
  name: InventedName;
  sex: "female" | "male" | null;
  ageFrom: number | null;
  country: string;
  city: string;
  status: "is_note_author" | "information_sought" | "believed_alive" | "believed_missing";
  minutesAgo: number;
  isPublic: boolean;
  /** Under the smaller of the two events. */
  ofSmallEvent: boolean;
}

/** A source of chance that gives the same numbers for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Surname and its share among the people of Taiwan in thousandths (Ministry of the Interior, rounded); the rest is shared
// evenly by those after them.
const SURNAMES =
  "陳 111 林 83 黃 60 張 53 李 51 王 41 吳 40 劉 32 蔡 29 楊 27 許 23 鄭 19 謝 18 洪 15 郭 15 邱 15 曾 14 廖 14 賴 13 徐 13 周 12 葉 11 " +
  "蘇 11 莊 10 呂 9 江 9 何 9 蕭 8 羅 8 高 8 潘 7 簡 7 朱 7 鍾 7 游 6 彭 6 詹 6 胡 6 施 6 沈 6 余 5 盧 5 梁 5 趙 5 顏 5 柯 5 翁 4 魏 4 孫 4 " +
  "戴 4 范 4 方 4 宋 4 鄧 3 杜 3 傅 3 侯 3 曹 3 薛 3 丁 3 卓 3 馬 2 阮 2 董 2 唐 2 溫 2 藍 2 蔣 2 石 2 古 2 紀 2 姚 2 連 2 馮 2 歐 2 程 2 " +
  "湯 2 黎 2 田 2 康 2 姜 2 白 2 鄒 2 尤 2 巫 2 鐘 2 涂 2 龔 2 嚴 2 韓 2 袁 2 金 2 童 1 陸 1 夏 1 柳 1 凌 1 伍 1 倪 1 談 1 于 1 錢 1 任 1 " +
  "歐陽 1 張簡 1 范姜 1 司徒 1 解 1 查 1 單 1 區 1 尉遲 1";

// The characters of given names, the commoner first: the nth is drawn with a weight of 1 / (n + 12).
const GIVEN =
  "志明美玲淑芬惠雅婷怡君家豪俊傑文華建宏國雄麗秀英瓊珠玉蘭慧敏佳穎心怡宗翰冠宇承恩柏翰品妤詠晴子涵宥廷嘉欣佩珊婉如靜宜" +
  "曉琪俐伶鈺雯筱涵哲瑋信彥仁德義勇忠輝榮昌坤福壽春梅桂香月娥金鳳素貞碧霞寶珍阿滿正男清松火旺添財進祥順益鴻展育賢正偉" +
  "智凱永康世昭維倫振東書豪孟儒思齊景雲若蓉可馨芷昀語彤沛紘睿澤宸瑀允皓安樂曼青逸群啟元光耀立民孝慈愛倩韻依萍湘薇蔓";

const CITIES =
  "臺北市 新北市 桃園市 臺中市 臺南市 高雄市 基隆市 新竹市 嘉義市 花蓮縣 臺東縣 屏東縣 宜蘭縣 南投縣 彰化縣 雲林縣".split(
    " ",
  );
const COUNTRIES = "TW TW TW TW TW TW TW TW JP US CN HK MY SG ID PH VN TH NZ AU".split(" ");

const surnames = weighted(
  SURNAMES.split(" ").reduce<[string, number][]>((pairs, word, at, words) => {
    if (at % 2 === 0) pairs.push([word, Number(words[at + 1])]);
    return pairs;
  }, []),
);
const givenCharacters = weighted([...new Set(GIVEN)].map((character, at) => [character, 1 / (at + 12)]));
const spellingsOf = new Map(MANDARIN_SYLLABLES.map(({ hanyu, spellings }) => [hanyu, spellings]));

/** The schemes that names are written in here, and looked for in. */
export const SCHEMES: readonly Romanisation[] = ROMANISATIONS.filter((scheme) => scheme !== "gwoyeu");

/** Persons without end, the same for the same seed. */
export function* inventPeople(seed: number): Generator<InventedPerson> {
  const next = chance(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  for (;;) {
    const status = next();
    yield {
      name: inventName(next),
      sex: next() < 0.1 ? null : next() < 0.5 ? "female" : "male",
      ageFrom: next() < 0.3 ? null : 20 + 5 * Math.floor(next() * 14),
      country: pick(COUNTRIES),
      city: pick(CITIES),
      status:
        status < 0.45
          ? "is_note_author"
          : status < 0.8
            ? "information_sought"
            : status < 0.95
              ? "believed_alive"
              : "believed_missing",
      minutesAgo: Math.floor(next() * 60 * 24 * 30),
      isPublic: next() < 0.97,
      ofSmallEvent: next() < 0.1,
    };
  }
}

function inventName(next: () => number): InventedName {
  const surname = surnames(next());
  const first = givenCharacters(next());
  const given = next() < 0.04 ? first : first + givenCharacters(next());
  const form = next();
  const scheme = SCHEMES[Math.floor(next() * SCHEMES.length)]!;
  const overseas = next() < 0.15;
  const order = next();
  if (form < 0.45) return { surname, given, latin: null, fullName: surname + given, alternateNames: [] };
  const latin = { ...romanise(surname, given, scheme, overseas ? next : null), scheme };
  const written = arrange(latin, order);
  return form < 0.8
    ? { surname, given, latin, fullName: surname + given, alternateNames: [written] }
    : { surname, given, latin, fullName: written, alternateNames: [] };
}

/** A Han name as a passport of this scheme has it; with a source of chance, the surname as families overseas spell it. */
export function romanise(
  surname: string,
  given: string,
  scheme: Romanisation,
  overseas: (() => number) | null = null,
): { surname: string; given: string[] } {
  const abroad = overseas ? overseasSpellings(foldHan(surname)) : [];
  const home = [...surname]
    .map((character) => spell(surnameReadings(foldHan(character))[0], scheme))
    .join("");
  const chosen =
    overseas && abroad.length > 0 ? abroad[Math.floor(overseas() * Math.min(3, abroad.length))] : home;
  return {
    surname: chosen ?? home,
    given: [...given].map((character) => spell(hanReadings(foldHan(character))[0], scheme)),
  };
}

function spell(syllable: string | undefined, scheme: Romanisation): string {
  const spelling = spellingsOf.get(syllable ?? "")?.[scheme][0] ?? syllable ?? "";
  return passportForm(spelling);
}

/** One of the ways in which passports and forms order and join the parts. */
export function arrange(
  { surname, given }: { surname: string; given: readonly string[] },
  order: number,
): string {
  if (order < 0.3) return `${capital(surname)} ${capital(given.join("-"))}`;
  if (order < 0.5) return `${surname.toUpperCase()}, ${given.join("-").toUpperCase()}`;
  if (order < 0.7) return `${capital(given.join("-"))} ${capital(surname)}`;
  if (order < 0.85) return `${capital(surname)} ${capital(given.join(""))}`;
  return `${capital(surname)} ${given.map(capital).join(" ")}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function weighted<T>(entries: readonly (readonly [T, number])[]): (at: number) => T {
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let running = 0;
  const bounds = entries.map(([, weight]) => (running += weight / total));
  return (at) => {
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return entries[low]![0];
  };
}
