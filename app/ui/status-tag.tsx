import type { ReactNode } from "react";
import { listFormat } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import { TimeAgo } from "./time-ago.tsx";

/** How a person is, as a page says it. */
export type DisplayStatus =
  "safe" | "needs_help" | "alive" | "claimed" | "missing" | "sought" | "dead" | "unknown";
/** Who said it. */
export type StatusSource = "self" | "third_party" | "official";
export type Need = "injured" | "money" | "papers" | "stranded" | "shelter" | "other";

const icons: Record<DisplayStatus, IconName> = {
  safe: "check",
  needs_help: "alert",
  alive: "said",
  claimed: "speak",
  missing: "missing",
  sought: "search",
  dead: "candle",
  unknown: "none",
};

// "Someone says", "someone is looking": the word itself tells that it is not the person who speaks.
const wordsThatNameTheSource = new Set<DisplayStatus>(["alive", "sought", "claimed"]);

interface StatusTagProps {
  status: DisplayStatus;
  source?: StatusSource | null;
  /** When it was said. */
  at?: string | Date | null;
  zone?: string;
  needs?: readonly Need[];
  /** The name or word that whoever said it goes by; better than "somebody". */
  by?: string | null;
  /** On a person's own page: larger. */
  big?: boolean;
  /** The time with date and zone, not only the age. */
  dated?: boolean;
  /** The place or anything else that belongs on the same line. */
  children?: ReactNode;
}

/** Icon, word, source and age, always together: a colour alone tells nobody anything, and an old word is not news. */
export function StatusTag({ status, source, at, zone, needs, by, big, dated, children }: StatusTagProps) {
  const t = useT();
  const { code } = useLanguage();
  const separator = t("common:punctuation.separator");
  // "Something else" alone adds nothing to "needs help".
  const told = needs?.length === 1 && needs[0] === "other" ? [] : (needs ?? []);
  const named = told.map((need) => t(`safety:need.${need}`));
  const word =
    status === "needs_help" && named.length > 0
      ? t("safety:statusWithNeeds", { needs: listFormat(named, code) })
      : status === "alive" && source === "official"
        ? t("safety:status.safe")
        : t(`safety:status.${status}`);
  const inWord = source === "third_party" && wordsThatNameTheSource.has(status);
  const who =
    source === "third_party" && by ? (
      <bdi>{by}</bdi>
    ) : source && !inWord ? (
      t(`safety:source.${source}`)
    ) : null;
  return (
    <p className={big ? "said big" : "said"}>
      <span className={`status ${status}`}>
        <Icon name={icons[status]} />
        {word}
      </span>{" "}
      <span className="meta">
        {who}
        {who && at ? separator : null}
        {at ? <TimeAgo at={at} zone={zone} form={big || dated ? "full" : "age"} /> : null}
      </span>
      {children ? <span className="meta">{children}</span> : null}
    </p>
  );
}
