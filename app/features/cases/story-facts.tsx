import { countryName } from "../../i18n/format.ts";
import type { LanguageCode } from "../../i18n/languages.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import type { Translate } from "../../i18n/translate.ts";
import type { StoryFacts as Facts } from "./stories.ts";

/** "2024 年第 2 季", "2024 年" or "近年". */
export function whenOf(quarter: string | null, t: Translate): string {
  if (quarter === null) return t("stories:facts.anyTime");
  const [year = "", part] = quarter.split("-Q");
  return part === undefined
    ? t("stories:facts.year", { year })
    : t("stories:facts.quarter", { year, quarter: part });
}

/** The country, or the region where a story names none. */
export function whereOf(facts: Pick<Facts, "country" | "region">, t: Translate, code: LanguageCode): string {
  return facts.country === null ? t(`cases:region.${facts.region}`) : countryName(facts.country, code);
}

/** When, where, what and who: as coarse as it was published. */
export function StoryFacts({ facts }: { facts: Facts }) {
  const t = useT();
  const { code } = useLanguage();
  const parts = [
    whenOf(facts.quarter, t),
    whereOf(facts, t, code),
    ...(facts.type === null ? [] : [t(`cases:type.${facts.type}`)]),
    ...(facts.programme === null ? [] : [t(`cases:programme.${facts.programme}`)]),
    facts.age_band === null ? t("stories:facts.anyAge") : t(`cases:age.${facts.age_band}`),
  ];
  return (
    <p className="story-facts">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}
