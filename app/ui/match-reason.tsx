import { useT } from "../i18n/language-context.tsx";

type Reason = "exact" | "exact_parts" | "swapped" | "same_sound" | "near_sound" | "part" | "alternate";
type Scheme =
  | "hanyu"
  | "tongyong"
  | "wade_giles"
  | "mps2"
  | "yale"
  | "gwoyeu"
  | "informal"
  | "mixed"
  | "overseas_surname"
  | "japanese"
  | "korean";

interface MatchReasonProps {
  reason: Reason;
  via?: Scheme | null;
}

/** Why a record answers a search: a family sees at once whether it can be the right person. */
export function MatchReason({ reason, via }: MatchReasonProps) {
  const t = useT();
  const words =
    reason === "same_sound"
      ? via
        ? t("safety:match.same_sound", { scheme: t(`safety:scheme.${via}`) })
        : t("safety:match.same_sound_plain")
      : t(`safety:match.${reason}`);
  return <p className="why">≈ {words}</p>;
}
