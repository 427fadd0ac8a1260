import { age } from "../../i18n/format.ts";
import { useLanguage, useNow, useT } from "../../i18n/language-context.tsx";
import type { OfficialFeedState } from "./official-feeds.server.ts";

/** Whose notices stand among the reports, and how fresh they are. Nothing where no feed is read. */
export function OfficialFeeds({ feeds }: { feeds: readonly OfficialFeedState[] }) {
  const t = useT();
  const { code } = useLanguage();
  const now = useNow();
  if (feeds.length === 0) return null;
  const words = feeds.map(({ issuer, checked_at, failed_at }) =>
    t(failed_at === null ? "map:page.officialChecked" : "map:page.officialFailed", {
      issuer,
      age: age(new Date(failed_at ?? checked_at), now, code),
    }),
  );
  return (
    <p className="small">
      {t("map:page.official")}
      {t("common:punctuation.colon")}
      {words.join(t("common:punctuation.separator"))}
    </p>
  );
}
