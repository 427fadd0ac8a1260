import type { MessageKey, Translate } from "../../i18n/translate.ts";

const needWords = new Set(["injured", "money", "papers", "stranded", "shelter", "other"]);

/** What somebody needs, in the words of the page; words that are no needs are left out. */
export function needsInWords(needs: readonly unknown[], t: Translate): string {
  return needs
    .filter((need): need is string => needWords.has(String(need)))
    .map((need) => t(`safety:need.${need}` as MessageKey))
    .join(t("common:punctuation.separator"));
}
