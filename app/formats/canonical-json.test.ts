import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonical JSON (RFC 8785)", () => {
  it("sorts keys by their UTF-16 units, as the example of section 3.2.3 does", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const values = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, text]) => text);
    expect(values).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it("escapes as little as it may (section 3.2.2.2)", () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  });

  it("has one form for equal values, whatever their keys came in", () => {
    expect(canonicalJson({ b: [true, null, { d: -0, c: 1 }], a: "" })).toBe(
      canonicalJson({ a: "", b: [true, null, { c: 1, d: 0 }] }),
    );
    expect(canonicalJson({ b: [true, null, { d: -0, c: 1 }], a: "" })).toBe(
      '{"a":"","b":[true,null,{"c":1,"d":0}]}',
    );
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "\ud800"])("has none for %j", (value) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
  });
});
