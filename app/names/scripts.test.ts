import { describe, expect, it } from "vitest";

import { compoundSurname, foldHan, hanReadings, surnameReadings } from "./han.ts";
import { foldRomaji, kanaToRomaji, kanjiReadings } from "./japanese.ts";
import { hangulSyllable, koreanSurnames, koreanSyllables } from "./korean.ts";
import { nameWords, visibleText } from "./name-text.ts";
import { overseasSurnames, surnamesSpelled } from "./surnames.ts";

describe("Han", () => {
  it.each(["臺台", "眞真", "峯峰", "温溫", "冲沖", "陳陈", "羣群", "葉叶", "沢澤", "﨑崎"])(
    "folds %s to one form",
    (pair) => {
      const [one, other] = Array.from(pair);
      expect(foldHan(one!)).toBe(foldHan(other!));
    },
  );

  it.each([
    ["單", "shan"],
    ["曾", "zeng"],
    ["解", "xie"],
    ["仇", "qiu"],
    ["區", "ou"],
    ["查", "zha"],
    ["任", "ren"],
    ["華", "hua"],
    ["葉", "ye"],
    ["薛", "xue"],
    ["呂", "lv"],
    ["陳", "chen"],
  ])("reads the surname %s as %s first", (han, reading) => {
    expect(surnameReadings(foldHan(han))[0]).toBe(reading);
  });

  it("keeps all readings of an ambiguous given name, but few", () => {
    expect(hanReadings(foldHan("樂"))).toEqual(expect.arrayContaining(["le", "yue"]));
    expect(hanReadings(foldHan("樂")).length).toBeLessThanOrEqual(3);
    expect(hanReadings("x")).toEqual([]);
  });

  it.each(["歐陽", "司馬", "諸葛", "上官", "尉遲", "長孫", "司徒", "張簡", "范姜"])(
    "knows the surname %s",
    (surname) => {
      expect(compoundSurname(Array.from(foldHan(surname)))).not.toBeNull();
    },
  );
});

describe("overseas surnames", () => {
  it.each([
    ["tan", "陳"],
    ["chan", "陳"],
    ["lim", "林"],
    ["lam", "林"],
    ["ng", "黃"],
    ["oei", "黃"],
    ["wong", "王"],
    ["teoh", "張"],
    ["goh", "吳"],
    ["chua", "蔡"],
    ["yeo", "楊"],
    ["koh", "許"],
    ["tay", "鄭"],
    ["tse", "謝"],
    ["quek", "郭"],
    ["ang", "洪"],
    ["auyong", "歐陽"],
  ])("%s may be %s", (spelling, han) => {
    expect(overseasSurnames(spelling)).toContain(foldHan(han));
  });

  it("joins Mandarin spellings", () => {
    expect(surnamesSpelled("chang")).toContain(foldHan("張"));
    expect(surnamesSpelled("zhang")).toContain(foldHan("張"));
  });
});

describe("Japanese", () => {
  it.each(["tarou", "taroo", "taroh", "taro"])("folds the long vowel of %s", (word) => {
    expect(foldRomaji(word)).toBe("taro");
  });

  it("folds kana and the habits of romaji to one form", () => {
    expect(kanaToRomaji("かんだしょうたろう")).toBe("kandashotaro");
    expect(kanaToRomaji("ぢづゐゑ")).toBe("jizuie");
    expect(foldRomaji("akiduki")).toBe(foldRomaji("akizuki"));
    expect(foldRomaji("smith")).toBeNull();
  });

  it("reads kanji names of its table", () => {
    expect(kanjiReadings(foldHan("音無小鳥"))).toEqual([["otonashi", "kotori"]]);
    expect(kanjiReadings(foldHan("萩原"))).toEqual([["hagiwara"], ["ogiwara"]]);
    expect(kanjiReadings(foldHan("陳志明"))).toEqual([]);
  });
});

describe("Korean", () => {
  it("romanises hangul blocks", () => {
    expect(Array.from("김민준박서영최", hangulSyllable)).toEqual([
      "gim",
      "min",
      "jun",
      "bak",
      "seo",
      "yeong",
      "choe",
    ]);
    expect(hangulSyllable("a")).toBeNull();
  });

  it("reads personal spellings back", () => {
    expect(koreanSurnames("park")).toContain("bak");
    expect(koreanSurnames("rhee")).toContain("i");
    expect(koreanSyllables("joon")).toContain("jun");
    expect(koreanSyllables("young")).toContain("yeong");
  });
});

describe("name text", () => {
  const folded = (typed: string): string[] => nameWords(typed).map((word) => word.folded);

  it.each([
    ["CHEN, CHIH-MING", ["chen", "chih", "ming"]],
    ["Ch'en Chih-ming", ["chen", "chih", "ming"]],
    ["HibikiGanaha", ["hibiki", "ganaha"]],
    ["陳　志明", ["陳", "志明"]],
    ["林·美華", ["林", "美華"]],
    ["(abc) O'Hearn", ["abc", "ohearn"]],
    ["Ｌôｎｇ Ãccënt", ["long", "accent"]],
    ["рицуко", ["ritsuko"]],
    ["ﾀﾛｳ", ["たろう"]],
    ["佐々木", ["佐佐木"]],
    ["王\u202e小明", ["王小明"]],
    ["İstanbul Straße", ["istanbul", "strasse"]],
    ["\u3164", []],
    ["\u200b \u2060", []],
    ["%%%% -- !", []],
  ])("%j gives %j", (typed, words) => {
    expect(folded(typed)).toEqual(words);
  });

  it("shows nothing invisible", () => {
    expect(visibleText("\u0000\u200b a\ud800b \u3164")).toBe("ab");
  });
});
