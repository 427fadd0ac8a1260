import type { LanguageCode } from "./languages.ts";
import { defaultLanguage, findLanguage } from "./languages.ts";
import type { MessageKey, Translate } from "./translate.ts";
import { translator } from "./translate.ts";

/** What the root loader tells every page about itself. */
export interface PageLanguage {
  language: LanguageCode;
  now: string;
  /** A form comes back because something in it must be changed. */
  sentBack?: boolean;
}

type Matches = readonly ({ id?: string; data?: unknown } | undefined)[];

/** For a route's `meta`: the words of the page's language. The root failed to load? Then Chinese. */
export function pageTranslator(matches: Matches): Translate {
  return translator((findLanguage(rootOf(matches)?.language) ?? defaultLanguage).code);
}

/** For a route's `meta`: "平安留言板 · 守望". `title` is a message, or a text of its own such as a name. */
export function pageTitle(matches: Matches, title: MessageKey | { text: string }): { title: string }[] {
  const t = pageTranslator(matches);
  const words = typeof title === "string" ? t(title) : title.text;
  const named = `${words} · ${t("common:site.name")}`;
  // The title is what a screen reader says first: that something must be changed should not wait.
  const sentBack = rootOf(matches)?.sentBack === true;
  return [{ title: sentBack ? t("common:form.errorTitlePrefix", { title: named }) : named }];
}

function rootOf(matches: Matches): Partial<PageLanguage> | undefined {
  return matches.find((match) => match?.id === "root")?.data as Partial<PageLanguage> | undefined;
}
