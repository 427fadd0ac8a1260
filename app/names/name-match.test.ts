import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foldHan, hanReadings, surnameReadings } from "./han.ts";
import { nameKeys, searchKeys } from "./name-keys.ts";
import type { PersonName } from "./name-keys.ts";
import { MATCH_REASONS, MATCH_ROUTES, matchName, rankNames } from "./name-match.ts";
import { MANDARIN_SYLLABLES, passportForm } from "./romanisation.ts";

function named(fullName: string, ...alternateNames: string[]): PersonName {
  return { fullName, alternateNames };
}

interface Person {
  id: string;
  freshness: number;
  name: PersonName;
}

function ranked(query: string, names: readonly string[]): string[] {
  const people = names.map((fullName, at): Person => ({
    id: String(at),
    freshness: 0,
    name: named(fullName),
  }));
  return rankNames(query, people).map(({ name }) => name.fullName);
}

describe("why a name matches", () => {
  it.each([
    ["陳志明", "陳志明", "exact", null],
    ["陈志明", "陳志明", "exact", null],
    ["chen chih ming", "CHEN, CHIH-MING", "exact", null],
    ["Chen Chihming", "Chen Chih-ming", "exact_parts", null],
    ["Lin Mei-hua", "Amy Lin Mei-hua", "exact_parts", null],
    ["Chih-ming Chen", "Chen Chih-ming", "swapped", null],
    ["陳志明", "Chen Chih-ming", "same_sound", "wade_giles"],
    ["Chen Zhiming", "陳志明", "same_sound", "hanyu"],
    ["Chen Jhih-ming", "陳志明", "same_sound", "tongyong"],
    ["Tan Chih-ming", "陳志明", "same_sound", "overseas_surname"],
    ["陳至明", "陳志明", "same_sound", null],
    ["김민준", "Kim Min-jun", "same_sound", "korean"],
    ["ちはや", "Chihaya", "same_sound", "japanese"],
    ["otonashikotori", "音無小鳥", "same_sound", "japanese"],
    ["志明", "陳志明", "part", null],
    ["Tan", "陳志明", "part", "overseas_surname"],
    ["MNO", "ABCD EFGH IJKL MNOP", "part", null],
    ["Jonh Smith", "John Smith", "near_sound", null],
    ["蘇貞昌", "Su Tseng-chang", "near_sound", null],
    ["Chen Zhimign", "陳志明", "near_sound", null],
  ] as const)("%s and %s: %s", (query, fullName, reason, via) => {
    expect(matchName(query, named(fullName))).toMatchObject({ reason, via, matched: fullName });
  });

  it("names the alternate spelling that was typed", () => {
    const match = matchName("陳志明", named("Chen Chih-ming", "陳志明"));
    expect(match).toMatchObject({ reason: "alternate", matched: "陳志明" });
  });

  it("lets main and alternate names answer together", () => {
    const name = named("ABCD EFGH IJKL MNOP", "QRST UVWX YZ01 2345");
    expect(matchName("ABCD EFG QRST UVWX", name)).not.toBeNull();
    expect(matchName("QRS", name)).toBeNull();
    expect(matchName("ABCDEF", name)).toBeNull();
  });

  it.each([
    ["Chihaya Arao", "Chihaya Kisaragi"],
    ["Rin Shibuya", "Rin Tosaka"],
    ["Producer san", "Yayoi san"],
    ["陳志明", "林志明"],
    ["", "陳志明"],
    ["陳", ""],
    ["%%%%", "陳志明"],
  ])("%j and %j: not at all", (query, fullName) => {
    expect(matchName(query, named(fullName))).toBeNull();
  });
});

describe("ranking", () => {
  it("puts the same words first, then swapped, then a longer name, then a beginning", () => {
    const names = ["Bryan abcef", "Bryan abc efg", "abc Bryan", "Bryan abc"];
    expect(ranked("Bryan abc", names)).toEqual(["Bryan abc", "abc Bryan", "Bryan abc efg", "Bryan abcef"]);
    expect(ranked("abc Bryan", names).slice(0, 2)).toEqual(["abc Bryan", "Bryan abc"]);
  });

  it("puts the same characters before a variant before the same sound", () => {
    expect(ranked("菊地 真", ["菊地 眞", "菊地 真"])).toEqual(["菊地 真", "菊地 眞"]);
    expect(ranked("菊地 眞", ["菊地 眞", "菊地 真"])).toEqual(["菊地 眞", "菊地 真"]);
    expect(ranked("陳志明", ["陳至銘", "Chen Chih-ming", "陈志明", "陳志明"])).toEqual([
      "陳志明",
      "陈志明",
      "Chen Chih-ming",
      "陳至銘",
    ]);
  });

  it("breaks ties by freshness, then name, then id", () => {
    const people: Person[] = [
      { id: "b", freshness: 1, name: named("陳志明") },
      { id: "a", freshness: 1, name: named("陳志明") },
      { id: "c", freshness: 2, name: named("陳志明") },
    ];
    expect(rankNames("陳志明", people).map(({ id }) => id)).toEqual(["c", "a", "b"]);
  });

  it("survives anything typed or stored", () => {
    const any = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(any, any, (query, stored) => {
        const match = matchName(query, named(stored, query));
        if (!match) return;
        expect(MATCH_REASONS).toContain(match.reason);
        expect([null, ...MATCH_ROUTES]).toContain(match.via);
        expect(match.rank).toBeGreaterThan(0);
        expect(match.rank).toBeLessThanOrEqual(100);
      }),
    );
  }, 30_000);

  it("ranks two hundred candidates within a request", () => {
    const people = Array.from({ length: 200 }, (_, at) => inventPerson(at));
    const runs = Array.from({ length: 7 }, () => {
      const started = performance.now();
      rankNames("Chen Chih-ming", people);
      return performance.now() - started;
    });
    expect(Math.min(...runs)).toBeLessThan(60);
  });
});

const SURNAMES = Array.from("陳陳陳林林黃黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高");
const GIVEN = Array.from(
  "志明家豪俊傑建宏冠宇雅婷怡君淑芬美惠麗華玉珍秀英春承翰柏宗晴妤佳穎欣雯文雄國強金德正義仁泰哲彥信賢嘉玲",
);
const SCHEMES = ["wade_giles", "wade_giles", "hanyu", "tongyong", "mps2"] as const;
const spellings = new Map(MANDARIN_SYLLABLES.map((syllable) => [syllable.hanyu, syllable.spellings]));

function romanise(han: string, scheme: (typeof SCHEMES)[number]): string {
  const syllables = Array.from(foldHan(han), (character, at) => {
    const [reading = ""] = at === 0 ? surnameReadings(character) : hanReadings(character);
    return passportForm(spellings.get(reading)?.[scheme][0] ?? "");
  });
  const [surname = "", ...given] = syllables;
  return `${surname.toUpperCase()}, ${given.join("-").toUpperCase()}`;
}

/** A plausible person, the same for the same number: in Han, romanised, or both. */
function inventPerson(number: number): Person {
  const turn = (step: number, size: number): number => Math.imul(number + 7, step) >>> (7 % size);
  const pick = <T>(from: readonly T[], step: number): T => from[turn(step, from.length) % from.length]!;
  const han = pick(SURNAMES, 2654435761) + pick(GIVEN, 40503) + pick(GIVEN, 2246822519);
  const latin = romanise(han, pick(SCHEMES, 3266489917));
  const names = [named(han), named(latin), named(han, latin)];
  return { id: `p${number}`, freshness: number % 97, name: names[number % 3]! };
}

describe("one person among two thousand", () => {
  const crowd = Array.from({ length: 2000 }, (_, at) => ({ ...inventPerson(at), keys: new Set<string>() }));
  for (const person of crowd) person.keys = new Set(nameKeys(person.name));

  function placeOf(query: string, stored: PersonName): number {
    const target = { id: "target", freshness: 0, name: stored, keys: new Set(nameKeys(stored)) };
    const { whole, words, near } = searchKeys(query);
    const has = (person: typeof target, keys: readonly string[]): boolean =>
      keys.some((key) => person.keys.has(key));
    const candidates = [...crowd, target].filter(
      (person) =>
        has(person, whole) ||
        words.every((group) => has(person, group)) ||
        near.every((group) => has(person, group)),
    );
    return rankNames(query, candidates).findIndex(({ id }) => id === "target");
  }

  const sought = [
    ["許嘉雯", "HSU, CHIA-WEN"],
    ["郭俊宏", "Kuo Chun-hung"],
    ["單承翰", "Shan Cheng-han"],
    ["曾雅婷", "Tzeng Ya-ting"],
    ["賴玉珍", "Lai Yuh-jen"],
    ["黃國雄", "Hwang Gwo-shyong"],
    ["蔡志強", "Cai Jhih-ciang"],
    ["蕭秀英", "Hsiao Hsiu-ying"],
    ["周哲彥", "Chou Che-yen"],
    ["歐陽正德", "Ouyang Cheng-te"],
    ["謝欣妤", "Hsieh Hsin-yu"],
    ["葉建仁", "Yeh Chien-jen"],
  ] as const;

  it.each(sought)("%s and %s find each other", (han, latin) => {
    expect(placeOf(han, named(latin))).toBeGreaterThanOrEqual(0);
    expect(placeOf(han, named(latin))).toBeLessThan(5);
    expect(placeOf(latin, named(han))).toBeGreaterThanOrEqual(0);
    expect(placeOf(latin, named(han))).toBeLessThan(5);
    expect(placeOf(foldHan(han), named(han))).toBe(0);
    expect(placeOf(latin, named(han, latin))).toBeLessThan(2);
  });
});
