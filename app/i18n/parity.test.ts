import { describe, expect, test } from "vitest";
import { resources } from "./translate.ts";

/** Every language is complete: a reader never meets a hole, a foreign sentence or a word that frightens. */

function flat(node: object, path = ""): [string, string][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
}

const messages = {
  "zh-TW": new Map(flat(resources["zh-TW"])),
  en: new Map(flat(resources.en)),
  ja: new Map(flat(resources.ja)),
};
const codes = ["zh-TW", "en", "ja"] as const;
const withoutPlural = (keys: Iterable<string>) =>
  new Set([...keys].map((key) => key.replace(/_(zero|one|two|few|many|other)$/, "")));
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const tags = (text: string) => [...text.matchAll(/<\/?\w+>/g)].map(([tag]) => tag).sort();

describe.each(["en", "ja"] as const)("%s", (code) => {
  test("has the same messages as Chinese", () => {
    expect([...withoutPlural(messages[code].keys())].sort()).toEqual(
      [...withoutPlural(messages["zh-TW"].keys())].sort(),
    );
  });

  test("has the same placeholders and links in each", () => {
    for (const [key, text] of messages[code]) {
      const chinese =
        messages["zh-TW"].get(key) ?? messages["zh-TW"].get(key.replace(/_(one|two|few|many)$/, "_other"));
      expect({ key, placeholders: placeholders(text) }).toEqual({
        key,
        placeholders: placeholders(chinese ?? ""),
      });
      expect({ key, tags: tags(text) }).toEqual({ key, tags: tags(chinese ?? "") });
    }
  });
});

describe.each(codes)("%s", (code) => {
  test("has every plural form its grammar needs", () => {
    const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    for (const key of messages[code].keys()) {
      if (!key.endsWith("_other")) continue;
      for (const category of needed)
        expect(messages[code].has(key.replace(/_other$/, `_${category}`)), key).toBe(true);
    }
  });

  test("has no empty message and no stray spaces", () => {
    for (const [key, text] of messages[code]) {
      expect(text.trim(), key).not.toBe("");
      if (!key.startsWith("common.punctuation.") && key !== "common.form.errorPrefix")
        expect(text, key).toBe(text.trim());
    }
  });

  test("says nothing that frightens, flatters or talks like a machine", () => {
    const forbidden = /submit|success|error occurred|敬請|懇請|您|please be advised|invalid|恐れ入り|申し訳/i;
    for (const [key, text] of messages[code]) expect(forbidden.test(text) ? `${key}: ${text}` : "").toBe("");
  });
});

test("Chinese has half-width digits and full-width punctuation", () => {
  for (const [key, text] of messages["zh-TW"]) {
    expect(/[０-９]/.test(text) ? `${key}: ${text}` : "").toBe("");
    expect(/[\p{Script=Han}][,;:?!()]|[,;:?!][\p{Script=Han}]/u.test(text) ? `${key}: ${text}` : "").toBe("");
  }
});
