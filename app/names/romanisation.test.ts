import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { cutMandarinWord, nearSyllables, schemesReading, syllablesSpelled } from "./mandarin-reading.ts";
import { MANDARIN_SYLLABLES, ROMANISATIONS, passportForm } from "./romanisation.ts";

function spelled(hanyu: string): Record<string, string | undefined> {
  const syllable = MANDARIN_SYLLABLES.find((one) => one.hanyu === hanyu);
  return Object.fromEntries(ROMANISATIONS.map((scheme) => [scheme, syllable?.spellings[scheme][0]]));
}

describe("the romanisation rules", () => {
  it("know every syllable once", () => {
    expect(MANDARIN_SYLLABLES).toHaveLength(419);
    expect(new Set(MANDARIN_SYLLABLES.map(({ hanyu }) => hanyu)).size).toBe(419);
  });

  it.each([
    ["zhi", "chih", "jhih", "jr", "jr"],
    ["qiu", "ch'iu", "ciou", "chiou", "chyou"],
    ["xu", "hsü", "syu", "shiu", "syu"],
    ["guo", "kuo", "guo", "guo", "gwo"],
    ["zhuo", "cho", "jhuo", "juo", "jwo"],
    ["ge", "ko", "ge", "ge", "ge"],
    ["gui", "kuei", "guei", "guei", "gwei"],
    ["rui", "jui", "ruei", "ruei", "rwei"],
    ["si", "ssu", "sih", "sz", "sz"],
    ["feng", "feng", "fong", "feng", "feng"],
    ["wen", "wen", "wun", "wen", "wen"],
    ["yan", "yen", "yan", "yan", "yan"],
    ["lv", "lü", "lyu", "liu", "lyu"],
    ["xiong", "hsiung", "syong", "shiung", "syung"],
    ["bo", "po", "bo", "bo", "bwo"],
    ["er", "erh", "er", "er", "er"],
  ])("spell %s", (hanyu, wade_giles, tongyong, mps2, yale) => {
    expect(spelled(hanyu)).toMatchObject({ wade_giles, tongyong, mps2, yale });
  });

  it.each([
    ["huang", ["huang", "hwang", "hoang", "huanq"]],
    ["ping", ["ping", "pyng", "piing", "pinq"]],
    ["zhi", ["jy", "jyr", "jyy", "jyh"]],
    ["you", ["iou", "you", "yeou", "yow"]],
    ["li", ["lhi", "li", "lii", "lih"]],
    ["cai", ["tsai", "tsair", "tsae", "tsay"]],
    ["wei", ["uei", "wei", "woei", "wey"]],
  ])("spell %s with its tones", (hanyu, gwoyeu) => {
    expect(MANDARIN_SYLLABLES.find((one) => one.hanyu === hanyu)?.spellings.gwoyeu).toEqual(gwoyeu);
  });
});

describe("reading a spelling back", () => {
  const names = MANDARIN_SYLLABLES.filter(({ hanyu }) => /[aeiouv]/.test(hanyu));
  const spellings = names.flatMap(({ hanyu, spellings: all }) =>
    ROMANISATIONS.flatMap((scheme) => all[scheme].map((spelling) => ({ hanyu, scheme, spelling }))),
  );

  it("finds the syllable of every spelling, in any case, with and without apostrophes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...spellings),
        fc.boolean(),
        fc.boolean(),
        ({ hanyu, spelling, scheme }, upper, bare) => {
          const typed = bare ? passportForm(spelling) : spelling;
          expect([...syllablesSpelled(upper ? typed.toUpperCase() : typed)]).toContain(hanyu);
          expect(schemesReading(typed, hanyu)).toContain(scheme);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["CHU", ["zhu", "chu", "ju", "qu"]],
    ["CHUN", ["zhun", "chun", "jun", "qun"]],
    ["YEN", ["yan"]],
    ["SZU", ["si"]],
    ["SSU", ["si"]],
    ["O", ["o", "e"]],
    ["Lü", ["lv"]],
    ["LU", ["lu", "lv"]],
    ["Chi", ["chi", "ji", "qi", "zhi"]],
    ["Ing", ["ying"]],
    ["Tze", ["zi", "ci"]],
    ["Jyh", ["zhi"]],
    ["Yih", ["yi"]],
    ["Lee", ["li"]],
    ["Soong", ["song"]],
    ["Woo", ["wu"]],
    ["Young", ["yang"]],
    ["HSIN", ["xin"]],
    ["SHIN", ["xin"]],
    ["SIN", ["xin"]],
    ["JIEN", ["jian"]],
  ])("%s may be %s", (typed, expected) => {
    expect([...syllablesSpelled(typed)]).toEqual(expect.arrayContaining(expected));
  });

  it("reads nothing into other words", () => {
    for (const word of ["", "Ng", "Smith", "m", "constructor", "__proto__"]) {
      expect(syllablesSpelled(word).size).toBe(0);
    }
  });

  it("cuts run-together words", () => {
    expect(cutMandarinWord("zhiming")).toEqual([["zhi", "ming"]]);
    expect(cutMandarinWord("jhihming")).toEqual([["jhih", "ming"]]);
    expect(cutMandarinWord("xian")).toEqual([["xian"], ["xi", "an"]]);
    expect(cutMandarinWord("kisaragi")).toEqual([]);
  });

  it("knows sounds commonly confused", () => {
    expect(nearSyllables("min")).toContain("ming");
    expect(nearSyllables("zhen")).toEqual(expect.arrayContaining(["zen", "zheng", "zeng"]));
    expect(nearSyllables("ming")).not.toContain("ming");
  });
});
