/** The languages the site speaks, and how it guesses which one a visitor reads. */

export type LanguageCode = "zh-TW" | "en" | "ja";

export interface Language {
  code: LanguageCode;
  /** Its own name in its own script: a reader who cannot read the page can still find it. */
  name: string;
  /** What the header has room for on a narrow phone. */
  shortName: string;
  dir: "ltr" | "rtl";
}

export const defaultLanguage: Language = {
  code: "zh-TW",
  name: "中文（台灣）",
  shortName: "中文",
  dir: "ltr",
};

export const languages: readonly Language[] = [
  defaultLanguage,
  { code: "en", name: "English", shortName: "EN", dir: "ltr" },
  { code: "ja", name: "日本語", shortName: "日本語", dir: "ltr" },
];

export const languageCookieName = "lang";

// Real headers name a handful of languages. Anything longer is an accident or an attack: read the start, ignore the rest.
const longestHeaderRead = 8192;
const mostTagsRead = 40;

/** The language with exactly this code, or null: what a cookie or a form says is never trusted further than this list. */
export function findLanguage(code: unknown): Language | null {
  return languages.find((language) => language.code === code) ?? null;
}

/** A visitor's own choice first, then what the browser asks for, then Chinese. */
export function detectLanguage(cookieHeader: string | null, acceptLanguage: string | null): Language {
  return chosenLanguage(cookieHeader) ?? acceptedLanguage(acceptLanguage) ?? defaultLanguage;
}

/** The value of a Set-Cookie header that remembers the choice for a year. */
export function languageCookie(language: Language, { secure }: { secure: boolean }): string {
  const attributes = ["Path=/", "Max-Age=31536000", "SameSite=Lax", "HttpOnly"];
  if (secure) attributes.push("Secure");
  return [`${languageCookieName}=${language.code}`, ...attributes].join("; ");
}

function chosenLanguage(cookieHeader: string | null): Language | null {
  if (!cookieHeader) return null;
  for (const pair of cookieHeader.slice(0, longestHeaderRead).split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0 || pair.slice(0, equals).trim() !== languageCookieName) continue;
    const language = findLanguage(pair.slice(equals + 1).trim());
    if (language) return language;
  }
  return null;
}

function acceptedLanguage(header: string | null): Language | null {
  if (!header) return null;
  let best: { language: Language; quality: number } | null = null;
  for (const entry of header.slice(0, longestHeaderRead).split(",", mostTagsRead)) {
    const [tag = "", ...parameters] = entry.split(";");
    const language = closestLanguage(tag.trim().toLowerCase());
    const quality = qualityOf(parameters);
    if (language && quality > (best?.quality ?? 0)) best = { language, quality };
  }
  return best?.language ?? null;
}

// Every Chinese is answered in the Chinese we have: simplified readers follow it better than English.
function closestLanguage(tag: string): Language | null {
  const primary = tag.split("-", 1)[0];
  return languages.find((language) => language.code.toLowerCase().split("-", 1)[0] === primary) ?? null;
}

function qualityOf(parameters: string[]): number {
  const stated = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q=/i.test(parameter));
  if (!stated) return 1;
  const quality = Number(stated.slice(2));
  return Number.isFinite(quality) && quality >= 0 && quality <= 1 ? quality : 0;
}
