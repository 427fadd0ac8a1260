import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cleanLine,
  cleanParagraphs,
  combiningRunTooLong,
  graphemeLength,
  graphemeTooLong,
  hasBidiControl,
  isBlank,
  isWellFormedText,
  stripControls,
} from "./safe-text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("text from strangers", () => {
  test("H12: what shows nothing is blank, whatever it is made of", () => {
    for (const blank of [
      "",
      " \t\n",
      "\u200B",
      "\u3164",
      "\u115F\u1160",
      "\uFFA0",
      "\u2800",
      "\u3000",
      "\uFEFF\u00AD",
    ]) {
      expect(isBlank(blank)).toBe(true);
    }
    for (const name of ["王", "-1", "Null", "👩‍🚒", "ก็", "\u200Bx"]) expect(isBlank(name)).toBe(false);
  });

  test("H13: controls, lone surrogates and non-characters are found and taken out", () => {
    for (const bad of ["a\u0000", "a\uD800", "\uDC00a", "a\uFFFE"]) {
      expect(isWellFormedText(bad)).toBe(false);
      expect(stripControls(bad)).toBe("a");
    }
    expect(isWellFormedText("王小明 👩‍👩‍👧 𠮷野家")).toBe(true);
    expect(stripControls("a\u0001\u007F\u009Fb\tc\nd\r")).toBe("ab\tc\nd");
    expect(stripControls("\uD83D\u0001\uDE00")).toBe("");
  });

  test("H14: direction overrides are found and cleaned away", () => {
    expect(hasBidiControl("王\u202E小明")).toBe(true);
    expect(hasBidiControl("\u2066x")).toBe(true);
    expect(hasBidiControl("שלום")).toBe(false);
    expect(cleanLine("王\u202E小明")).toBe("王小明");
  });

  test("H16: stacked marks are too many, honest scripts are not", () => {
    expect(combiningRunTooLong("a" + "\u0301".repeat(500), 4)).toBe(true);
    expect(combiningRunTooLong("a\u0301\u200D\u0302\u0303\u0304\u0305", 4)).toBe(true);
    for (const name of ["Nguyễn".normalize("NFD"), "မြွှေးမြို့", "தமிழ்", "นํ้าน้ำ", "हिन्दी", "ཧཱུྃ"]) {
      expect(combiningRunTooLong(name, 4)).toBe(false);
    }
  });

  test("H17: a grapheme counts once for its reader, and one without end is named", () => {
    expect(graphemeLength("👨‍👩‍👧‍👦é王")).toBe(3);
    expect(graphemeLength("x".repeat(30_000))).toBe(30_000);
    const chain = "👩‍".repeat(3_000);
    expect(graphemeTooLong(`王小明${chain}`)).toBe(true);
    expect(graphemeTooLong("👨🏽‍👩🏽‍👧🏽‍👦🏽 王小明 ".repeat(500))).toBe(false);
    expect(graphemeTooLong("x".repeat(100_000))).toBe(false);
  });

  test("H18: decomposed and composed spellings are one", () => {
    expect(cleanLine("Jose\u0301")).toBe(cleanLine("José"));
  });

  test("a line stays a line and paragraphs keep their breaks", () => {
    expect(cleanLine(" 王\r\n小明\t ")).toBe("王 小明");
    expect(cleanParagraphs("a\r\nb\rc\u2028d\u0085e\n")).toBe("a\nb\nc\nd\ne");
  });

  test("cleaning twice changes nothing more, and the result can always be stored", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const clean of [cleanLine, cleanParagraphs]) {
          const once = clean(text);
          expect(clean(once)).toBe(once);
          expect(isWellFormedText(once)).toBe(true);
          expect(hasBidiControl(once)).toBe(false);
        }
        expect(cleanLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });

  test("H11: no text takes long", () => {
    const started = performance.now();
    for (const unit of ["\u0301", "\u200D", "a\u0301\u200D", " ", "\u202E", "👩‍"]) {
      const text = unit.repeat(100_000);
      cleanLine(text);
      isBlank(`${text}x`);
      combiningRunTooLong(text.replace(/\u0301{4,}/g, "a"));
      graphemeLength(text);
      graphemeTooLong(text);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
