import type { ReactNode } from "react";
import { createContext, useContext, useMemo } from "react";
import type { Language, LanguageCode } from "./languages.ts";
import { defaultLanguage, findLanguage } from "./languages.ts";
import type { Translate } from "./translate.ts";
import { translator } from "./translate.ts";

interface Reading {
  language: Language;
  t: Translate;
  now: Date;
}

const ReadingContext = createContext<Reading | null>(null);

interface LanguageProviderProps {
  language: LanguageCode;
  /** The moment the page was made (RFC 3339): every age on it is counted from the same second. */
  now: string;
  children: ReactNode;
}

/** Gives everything below it one language and one "now". */
export function LanguageProvider({ language, now, children }: LanguageProviderProps) {
  const reading = useMemo(
    () => ({
      language: findLanguage(language) ?? defaultLanguage,
      t: translator(language),
      now: new Date(now),
    }),
    [language, now],
  );
  return <ReadingContext.Provider value={reading}>{children}</ReadingContext.Provider>;
}

/** The language of this page. */
export function useLanguage(): Language {
  return useReading().language;
}

/** The words of this page's language. */
export function useT(): Translate {
  return useReading().t;
}

/** The moment this page was made. */
export function useNow(): Date {
  return useReading().now;
}

function useReading(): Reading {
  const reading = useContext(ReadingContext);
  if (!reading) throw new Error("LanguageProvider is missing above this component");
  return reading;
}
