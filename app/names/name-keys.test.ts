import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foldHan } from "./han.ts";
import { fullNameKeys, nameKeys, searchKeys } from "./name-keys.ts";

const GIVEN_SYLLABLES = [
  "Chih",
  "Ming",
  "Mei",
  "Hua",
  "Chun",
  "Hsiung",
  "Yi",
  "Jung",
  "Shu",
  "Fen",
  "Wei",
  "Ting",
];
const SURNAMES = ["Chen", "Lin", "Huang", "Chang", "Li", "Wang", "Wu", "Liu", "Tsai", "Yang"];
const romanised = fc
  .tuple(
    fc.constantFrom(...SURNAMES),
    fc.constantFrom(...GIVEN_SYLLABLES),
    fc.constantFrom(...GIVEN_SYLLABLES),
  )
  .map(([surname, first, second]) => ({ surname, first, second }));
const han = fc
  .tuple(
    fc.constantFrom(...Array.from("陳林黃張李王吳劉蔡楊單曾")),
    fc.constantFrom(...Array.from("志明美華俊雄淑芬偉婷樂國")),
    fc.constantFrom(...Array.from("志明美華俊雄淑芬偉婷樂國")),
  )
  .map((characters) => characters.join(""));
const hostile = [
  "a".repeat(10_000),
  "陳".repeat(10_000),
  "e" + "\u0301".repeat(500),
  "👨‍👩‍👧".repeat(1500),
  "\ud800".repeat(500),
  "ﷺ".repeat(5000),
  "a-".repeat(5000),
  "zhi".repeat(3000),
  "chuang-".repeat(500),
  "\u3164",
  "王\u202e小明",
  "\ufbea\u{10000}\ufbea\u{10000}\u{10000}\ua000\u{10280}",
  "Null",
  "-1",
  "\u0000",
];

function keysOf(fullName: string, alternateNames: string[] = []): string[] {
  return nameKeys({ fullName, alternateNames });
}

function meets(stored: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((one) => stored.includes(one));
}

function findsWhole(query: string, stored: string): boolean {
  return meets(keysOf(stored), searchKeys(query).whole);
}

function findsWords(query: string, stored: string): boolean {
  const { words } = searchKeys(query);
  return words.length > 0 && words.every((group) => meets(keysOf(stored), group));
}

function findsNear(query: string, stored: string): boolean {
  const { near } = searchKeys(query);
  return near.length > 0 && near.every((group) => meets(keysOf(stored), group));
}

/** Milliseconds of the fastest of several runs: a busy machine slows some of them, not all. */
function fastest(action: () => unknown): number {
  const runs = Array.from({ length: 7 }, () => {
    const started = performance.now();
    action();
    return performance.now() - started;
  });
  return Math.min(...runs);
}

describe("whole names", () => {
  it.each([
    ["陳志明", "Chen Chih-ming"],
    ["陈志明", "陳志明"],
    ["CHEN, CHIH-MING", "陳志明"],
    ["Chih Ming Chen", "陳志明"],
    ["Zhiming Chen", "陳志明"],
    ["Tan Chih-ming", "陳志明"],
    ["陳志明", "Tan Chih-ming"],
    ["Lin Mei-hua", "Amy Lin Mei-hua"],
    ["林美華", "Amy Lin Mei-hua"],
    ["單鯉", "Shan Li"],
    ["姚明", "Ming Yao"],
    ["Ou-yang Fei-fei", "歐陽菲菲"],
    ["Kim Minjoon", "김민준"],
    ["Tarou Yamada", "山田太郎"],
    ["AzusaMiura", "三浦 あずさ"],
    ["otonashikotori", "音無小鳥"],
  ])("%s finds %s", (query, stored) => {
    expect(findsWhole(query, stored)).toBe(true);
  });

  it("find themselves whatever the order, hyphens, case and width", () => {
    fc.assert(
      fc.property(romanised, ({ surname, first, second }) => {
        const stored = `${surname} ${first}-${second.toLowerCase()}`;
        const wide = Array.from(stored, (letter) =>
          /[A-Za-z]/.test(letter) ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter,
        ).join("");
        for (const typed of [
          stored,
          wide,
          `${surname.toUpperCase()}, ${first} ${second}`.toUpperCase(),
          `${first}-${second} ${surname}`,
          `${first}${second.toLowerCase()} ${surname}`,
        ]) {
          expect(findsWhole(typed, stored), typed).toBe(true);
          expect(meets(fullNameKeys(typed), fullNameKeys(stored)), typed).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("have the same keys in Simplified and Traditional", () => {
    fc.assert(
      fc.property(han, (name) => {
        expect(keysOf(foldHan(name))).toEqual(keysOf(name));
        expect(findsWhole(foldHan(name), name)).toBe(true);
      }),
    );
  });
});

describe("words", () => {
  it.each([
    ["Tan", "陳志明"],
    ["CHIH-MING", "陳志明"],
    ["志明", "陳志明"],
    ["平嘉", "余嘉平"],
    ["CC AAAA", "AAAA BBBB CCC DDD"],
    ["MNO", "ABCD EFGH IJKL MNOP"],
    ["Zhiming", "陳志明"],
    ["Ritsuko", "рицуко акидуки"],
    ["hagiwara", "萩原 雪歩"],
    ["ogiwara", "萩原 雪歩"],
    ["真美", "Shuang Hai Zhen Mei"],
  ])("%s finds %s", (query, stored) => {
    expect(findsWords(query, stored)).toBe(true);
  });

  it("every typed word must be there", () => {
    expect(findsWords("Chihaya Arao", "Chihaya Kisaragi")).toBe(false);
    expect(findsWords("ABCDEF", "ABCD EFGH IJKL MNOP")).toBe(false);
    expect(findsWords("Rin Shibuya", "Rin Tosaka")).toBe(false);
  });

  it("one letter is no prefix, and alternate names have none", () => {
    expect(findsWords("M", "Miki Hoshii")).toBe(false);
    expect(meets(keysOf("Miki Hoshii", ["QRST"]), searchKeys("QRS").words[0]!)).toBe(false);
  });

  it("nothing typed looks for nothing", () => {
    for (const empty of ["", "   ", "\u3164", "%%%%", "---"]) {
      expect(searchKeys(empty)).toEqual({ whole: [], words: [], near: [] });
    }
  });
});

describe("typing errors", () => {
  const latin = fc.string({
    unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
    minLength: 4,
    maxLength: 16,
  });

  it("of one letter still find a word of four or more", () => {
    fc.assert(
      fc.property(
        latin,
        latin,
        fc.nat(),
        fc.constantFrom("drop", "add", "replace", "swap"),
        (word, other, where, error) => {
          const at = where % word.length;
          const [before, after] = [word.slice(0, at), word.slice(at + 1)];
          const wrong = {
            drop: before + after,
            add: `${before}k${word.slice(at)}`,
            replace: `${before}k${after}`,
            swap: before + (after[0] ?? "") + word[at]! + after.slice(1),
          }[error];
          expect(findsNear(`${wrong} ${other}`, `${word} ${other}`)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reach Han names too", () => {
    expect(findsNear("Chen Zhimign", "陳志明")).toBe(true);
    expect(findsNear("蘇貞昌", "Su Tseng-chang")).toBe(true);
    expect(findsNear("Wang Chien-ming", "王建民")).toBe(true);
  });
});

describe("full-name keys", () => {
  it.each(["Chen", "陳", "Suharto", "ちはや", "", "\u3164"])("%j alone is no full name", (name) => {
    expect(fullNameKeys(name)).toEqual([]);
  });

  it.each([
    ["陳志明", "陳志豪"],
    ["Chen Chih-ming", "Chen Chih-hao"],
    ["Chen Chih-ming", "Lin Chih-ming"],
    ["Kim Min-jun", "Kim Min-seo"],
    ["Mary Smith", "Mary Smythe"],
    ["山田太郎", "山田花子"],
    ["陳志明", "志明"],
    ["Chen Chih-ming", "Chih-ming"],
  ])("%s and %s share none", (one, other) => {
    expect(meets(fullNameKeys(one), fullNameKeys(other))).toBe(false);
  });

  it("tell Han names of other sounds apart", () => {
    fc.assert(
      fc.property(han, han, (one, other) => {
        const sameCharacters = [...one].sort().join("") === [...other].sort().join("");
        expect(meets(fullNameKeys(one), fullNameKeys(other))).toBe(sameCharacters);
      }),
    );
  });
});

describe("bounds", () => {
  const check = (text: string): void => {
    const stored = keysOf(text, [text, text]);
    const search = searchKeys(text);
    const full = fullNameKeys(text);
    expect(stored.length).toBeLessThanOrEqual(120);
    expect(full.length).toBeLessThanOrEqual(64);
    expect(new Set(stored).size).toBe(stored.length);
    const all = [...stored, ...full, ...search.whole, ...search.words.flat(), ...search.near.flat()];
    expect(all.filter((key) => key.length > 40 || !/^[a-z]:[^\p{Cs}\u0000]+$/u.test(key))).toEqual([]);
  };

  it("hold for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), check), { numRuns: 100 });
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), check), { numRuns: 100 });
  }, 30_000);

  it("hold for hostile text, and quickly", () => {
    for (const text of hostile) {
      check(text);
      expect(
        fastest(() => keysOf(text)),
        text.slice(0, 10),
      ).toBeLessThan(25);
    }
  });

  it("give the same keys every time", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(keysOf(text)).toEqual(keysOf(text));
      }),
    );
  });
});
