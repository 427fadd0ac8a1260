import type { ReactNode } from "react";
import { LanguageProvider, useNow } from "../i18n/language-context.tsx";
import { findLanguage, type LanguageCode } from "../i18n/languages.ts";

/** The language that an address asks for (`?lang=en`), for pages in frames, which have no cookie; null for none we speak. */
export function askedLanguage(url: string): LanguageCode | null {
  return findLanguage(new URL(url).searchParams.get("lang") ?? "")?.code ?? null;
}

/** Speaks the language that was asked for, or that of the page. */
export function InAskedLanguage({
  language,
  children,
}: {
  language: LanguageCode | null;
  children: ReactNode;
}) {
  const now = useNow();
  if (language === null) return children;
  return (
    <LanguageProvider language={language} now={now.toISOString()}>
      <div lang={language}>{children}</div>
    </LanguageProvider>
  );
}
