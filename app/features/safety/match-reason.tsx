import { useT } from "../../i18n/language-context.tsx";
import type { NameMatch } from "../../names/name-match.ts";

/** Why a search found somebody, in words: a family must be able to judge it. */
export function MatchReasonLine({ match }: { match: NameMatch }) {
  const t = useT();
  const words =
    match.reason === "same_sound"
      ? match.via
        ? t("safety:match.same_sound", { scheme: t(`safety:scheme.${match.via}`) })
        : t("safety:match.same_sound_plain")
      : t(`safety:match.${match.reason}`);
  return <p className="why">{t("safety:match.why", { reason: words })}</p>;
}
