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

interface StatusTagProps {
  status: DisplayStatus;
  source?: StatusSource | null;
  /** When it was said. */
  at?: string | Date | null;
  zone?: string;
  needs?: readonly Need[];
  /** On a person's own page: larger, and the time in full. */
  big?: boolean;
  /** The place or anything else that belongs on the same line. */
  children?: ReactNode;
}

/** Icon, word, source and age, always together: a colour alone tells nobody anything, and an old word is not news. */
export function StatusTag({ status, source, at, zone, needs, big, children }: StatusTagProps) {
  const t = useT();
  const { code } = useLanguage();
  const separator = t("common:punctuation.separator");
  const named = needs?.map((need) => t(`safety:need.${need}`)) ?? [];
  const word =
    status === "needs_help" && named.length > 0
      ? t("safety:statusWithNeeds", { needs: listFormat(named, code) })
      : t(`safety:status.${status}`);
  const known = source || at;
  return (
    <p className={big ? "big" : undefined}>
      <span className={`status ${status}`}>
        <Icon name={icons[status]} />
        {word}
      </span>{" "}
      <span className="meta">
        {/* Who and when stay on one line: half a fact at the end of a line reads as a whole one. */}
        <span className={big ? undefined : "nb"}>
          {source ? t(`safety:source.${source}`) : null}
          {source && at ? separator : null}
          {at ? <TimeAgo at={at} zone={zone} form={big ? "full" : "age"} /> : null}
        </span>
        {children ? (
          <>
            {known ? separator : null}
            {children}
          </>
        ) : null}
      </span>
    </p>
  );
}
