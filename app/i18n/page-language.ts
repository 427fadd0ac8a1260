import type { LanguageCode } from "./languages.ts";
import { defaultLanguage, findLanguage } from "./languages.ts";
import type { MessageKey, Translate } from "./translate.ts";
import { translator } from "./translate.ts";

/** What the root loader tells every page about itself. */
export interface PageLanguage {
  language: LanguageCode;
  now: string;
}

type Matches = readonly ({ id?: string; data?: unknown } | undefined)[];

/** For a route's `meta`: the words of the page's language. The root failed to load? Then Chinese. */
export function pageTranslator(matches: Matches): Translate {
  const root = matches.find((match) => match?.id === "root")?.data as Partial<PageLanguage> | undefined;
  return translator((findLanguage(root?.language) ?? defaultLanguage).code);
}

/** For a route's `meta`: "平安留言板 · 守望". `title` is a message, or a text of its own such as a name. */
export function pageTitle(
  matches: Matches,
  title: MessageKey | { text: string },
  { hasErrors = false }: { hasErrors?: boolean } = {},
): { title: string }[] {
  const t = pageTranslator(matches);
  const words = typeof title === "string" ? t(title) : title.text;
  const named = `${words} · ${t("common:site.name")}`;
  // The title is what a screen reader says first: that something must be changed should not wait.
  return [{ title: hasErrors ? t("common:form.errorTitlePrefix", { title: named }) : named }];
}
