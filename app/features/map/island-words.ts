import type { LanguageCode } from "../../i18n/languages.ts";
import type { MessageKey, MessageValues, Translate } from "../../i18n/translate.ts";
import type { IslandWords } from "./map-settings.ts";

/**
 * The words of the map in the browser. They come with the page, in its one language: bundled with the script, all
 * languages of the site would weigh more than the map.
 */

/** A translator over the messages that came with the page. A message that did not come is shown by its key. */
export function islandTranslator(words: IslandWords, language: LanguageCode): Translate {
  const rules = new Intl.PluralRules(language);
  const find = (key: string): string | undefined => {
    const [space = "", path = ""] = key.split(":", 2);
    let node: unknown = words[space];
    for (const part of path.split("."))
      node = typeof node === "object" && node !== null ? (node as Record<string, unknown>)[part] : undefined;
    return typeof node === "string" ? node : undefined;
  };
  const translate = (key: MessageKey, values: MessageValues = {}): string => {
    const { count } = values;
    const plural =
      typeof count === "number" ? (find(`${key}_${rules.select(count)}`) ?? find(`${key}_other`)) : undefined;
    const text = plural ?? find(key) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
  };
  return Object.assign(translate, { language });
}
