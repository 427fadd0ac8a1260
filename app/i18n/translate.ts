import i18next from "i18next";
import type { LanguageCode } from "./languages.ts";
import { languages } from "./languages.ts";
import zhCases from "./locales/zh-TW/cases.json";
import zhCommon from "./locales/zh-TW/common.json";
import zhConfidence from "./locales/zh-TW/confidence.json";
import zhData from "./locales/zh-TW/data.json";
import zhErrors from "./locales/zh-TW/errors.json";
import zhEvents from "./locales/zh-TW/events.json";
import zhHelp from "./locales/zh-TW/help.json";
import zhHome from "./locales/zh-TW/home.json";
import zhLog from "./locales/zh-TW/log.json";
import zhMail from "./locales/zh-TW/mail.json";
import zhMap from "./locales/zh-TW/map.json";
import zhMembers from "./locales/zh-TW/members.json";
import zhNotices from "./locales/zh-TW/notices.json";
import zhModeration from "./locales/zh-TW/moderation.json";
import zhOfficial from "./locales/zh-TW/official.json";
import zhSafety from "./locales/zh-TW/safety.json";
import zhStatistics from "./locales/zh-TW/statistics.json";
import zhStories from "./locales/zh-TW/stories.json";
import enCases from "./locales/en/cases.json";
import enCommon from "./locales/en/common.json";
import enConfidence from "./locales/en/confidence.json";
import enData from "./locales/en/data.json";
import enErrors from "./locales/en/errors.json";
import enEvents from "./locales/en/events.json";
import enHelp from "./locales/en/help.json";
import enHome from "./locales/en/home.json";
import enLog from "./locales/en/log.json";
import enMail from "./locales/en/mail.json";
import enMap from "./locales/en/map.json";
import enMembers from "./locales/en/members.json";
import enNotices from "./locales/en/notices.json";
import enModeration from "./locales/en/moderation.json";
import enOfficial from "./locales/en/official.json";
import enSafety from "./locales/en/safety.json";
import enStatistics from "./locales/en/statistics.json";
import enStories from "./locales/en/stories.json";
import jaCases from "./locales/ja/cases.json";
import jaCommon from "./locales/ja/common.json";
import jaConfidence from "./locales/ja/confidence.json";
import jaData from "./locales/ja/data.json";
import jaErrors from "./locales/ja/errors.json";
import jaEvents from "./locales/ja/events.json";
import jaHelp from "./locales/ja/help.json";
import jaHome from "./locales/ja/home.json";
import jaLog from "./locales/ja/log.json";
import jaMail from "./locales/ja/mail.json";
import jaMap from "./locales/ja/map.json";
import jaMembers from "./locales/ja/members.json";
import jaNotices from "./locales/ja/notices.json";
import jaModeration from "./locales/ja/moderation.json";
import jaOfficial from "./locales/ja/official.json";
import jaSafety from "./locales/ja/safety.json";
import jaStatistics from "./locales/ja/statistics.json";
import jaStories from "./locales/ja/stories.json";

// Chinese is written first, so its files say which messages exist. A new feature adds one line to each language.
const chinese = {
  cases: zhCases,
  common: zhCommon,
  confidence: zhConfidence,
  data: zhData,
  errors: zhErrors,
  events: zhEvents,
  help: zhHelp,
  home: zhHome,
  log: zhLog,
  mail: zhMail,
  map: zhMap,
  members: zhMembers,
  notices: zhNotices,
  moderation: zhModeration,
  official: zhOfficial,
  safety: zhSafety,
  statistics: zhStatistics,
  stories: zhStories,
};

/** Every message in every language, as the locale files have it. */
export const resources = {
  "zh-TW": chinese,
  en: {
    cases: enCases,
    common: enCommon,
    confidence: enConfidence,
    data: enData,
    errors: enErrors,
    events: enEvents,
    help: enHelp,
    home: enHome,
    log: enLog,
    mail: enMail,
    map: enMap,
    members: enMembers,
    notices: enNotices,
    moderation: enModeration,
    official: enOfficial,
    safety: enSafety,
    statistics: enStatistics,
    stories: enStories,
  },
  ja: {
    cases: jaCases,
    common: jaCommon,
    confidence: jaConfidence,
    data: jaData,
    errors: jaErrors,
    events: jaEvents,
    help: jaHelp,
    home: jaHome,
    log: jaLog,
    mail: jaMail,
    map: jaMap,
    members: jaMembers,
    notices: jaNotices,
    moderation: jaModeration,
    official: jaOfficial,
    safety: jaSafety,
    statistics: jaStatistics,
    stories: jaStories,
  },
} satisfies Record<LanguageCode, Record<keyof typeof chinese, object>>;

type WithoutPlural<Key extends string> = Key extends `${infer Base}_other` ? Base : Key;
type Leaf<Node> = {
  [Key in keyof Node & string]: Node[Key] extends string ? WithoutPlural<Key> : `${Key}.${Leaf<Node[Key]>}`;
}[keyof Node & string];

export type Namespace = keyof typeof chinese;
/** `safety:form.nameLabel`: a spelling mistake is a type error. */
export type MessageKey = { [Name in Namespace]: `${Name}:${Leaf<(typeof chinese)[Name]>}` }[Namespace];
export type MessageValues = Record<string, string | number>;

export interface Translate {
  (key: MessageKey, values?: MessageValues): string;
  language: LanguageCode;
}

const engine = i18next.createInstance();
// Everything is bundled, so this finishes before the next line. React escapes what it prints; escaping here would show &amp;.
void engine.init({
  resources,
  lng: "zh-TW",
  fallbackLng: "zh-TW",
  ns: Object.keys(chinese),
  defaultNS: "common",
  interpolation: { escapeValue: false, skipOnVariables: true },
  initImmediate: false,
  returnNull: false,
});

const translators = new Map(languages.map(({ code }) => [code, makeTranslator(code)]));

/** The words of one language: `translator("en")("safety:board.title")`. */
export function translator(language: LanguageCode): Translate {
  return translators.get(language) ?? makeTranslator(language);
}

/** What to tell a person about an error token. A token nobody has written a sentence for still says what to do. */
export function errorText(t: Translate, token: string, values?: MessageValues): string {
  const known = Object.hasOwn(zhErrors, token) && token !== "page";
  return t(known ? (`errors:${token}` as MessageKey) : "errors:other", { ...numbersSpoken, ...values });
}

// The limits the sentences mention, so that a token alone is enough. A caller may pass others.
const numbersSpoken: MessageValues = { seconds: 60, max: 5000 };

function makeTranslator(language: LanguageCode): Translate {
  const fixed = engine.getFixedT(language);
  const translate = (key: MessageKey, values?: MessageValues): string => fixed(key, values ?? {});
  return Object.assign(translate, { language });
}
