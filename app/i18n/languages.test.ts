import { describe, expect, test } from "vitest";
import { detectLanguage, findLanguage, languageCookie } from "./languages.ts";

const detected = (cookie: string | null, accept: string | null) => detectLanguage(cookie, accept).code;

describe("the language of a page", () => {
  test("is Chinese when nobody says anything", () => {
    expect(detected(null, null)).toBe("zh-TW");
    expect(detected("", "")).toBe("zh-TW");
    expect(detected(null, "*")).toBe("zh-TW");
  });

  test("is the one chosen before, whatever the browser asks for", () => {
    expect(detected("theme=x; lang=ja; a=b", "en")).toBe("ja");
    expect(detected(" lang = en ", "ja")).toBe("en");
  });

  test("follows the browser by quality, then by order", () => {
    expect(detected(null, "fr,en;q=0.5,ja;q=0.8")).toBe("ja");
    expect(detected(null, "en-GB,ja")).toBe("en");
    expect(detected(null, "ja;q=0,en;q=0.1")).toBe("en");
  });

  test("answers every Chinese in the Chinese we have", () => {
    for (const tag of ["zh", "zh-HK", "zh-Hant-TW", "zh-CN", "ZH-tw"])
      expect(detected(null, `${tag},en;q=0.5`)).toBe("zh-TW");
  });

  test("H36: is found at once in headers of 8 kB and in nonsense", () => {
    expect(detected(null, "x".repeat(8192))).toBe("zh-TW");
    expect(detected(null, "xx,".repeat(3000) + "ja")).toBe("zh-TW");
    expect(detected(null, "ja," + "xx;q=0.9,".repeat(900))).toBe("ja");
    expect(detected("; ".repeat(4096) + "lang=en", null)).toBe("zh-TW");
    for (const q of ["NaN", "9", "-1", "1e309", "", "0.5.5"])
      expect(detected(null, `en;q=${q},ja;q=0.2`)).toBe("ja");
    expect(detected(null, ";;;,,,q=1;,;q=")).toBe("zh-TW");
  });

  test("H36: an unknown value is no language", () => {
    for (const value of ["../../etc", "__proto__", "constructor", "zh", "EN", "en\r\nX: y", ""]) {
      expect(findLanguage(value)).toBeNull();
      expect(detected(`lang=${value}`, "en")).toBe("en");
    }
    expect(findLanguage({ toString: () => "en" })).toBeNull();
  });

  test("is remembered for a year, and only over https where the site has it", () => {
    const language = findLanguage("ja")!;
    expect(languageCookie(language, { secure: true })).toBe(
      "lang=ja; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure",
    );
    expect(languageCookie(language, { secure: false })).not.toContain("Secure");
  });
});
