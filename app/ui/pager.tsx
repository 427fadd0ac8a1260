import { useLanguage, useT } from "../i18n/language-context.tsx";
import { number } from "../i18n/format.ts";

interface PagerProps {
  /** How many stand on this page. */
  shown: number;
  /** How many there are in all, where it is known. */
  total?: number | null;
  /** The address of the next page. */
  nextHref?: string | null;
  /** The address of the first page, on any other page. */
  firstHref?: string | null;
}

/** How many, and the way on. Pages are reached in order: new posts would shift numbered ones under the reader. */
export function Pager({ shown, total, nextHref, firstHref }: PagerProps) {
  const t = useT();
  const { code } = useLanguage();
  if (!nextHref && !firstHref) return null;
  return (
    <nav className="pager" aria-label={t("common:pager.label")}>
      {nextHref ? (
        <a className="button plain" rel="next" href={nextHref}>
          {t("common:pager.next")}
        </a>
      ) : null}
      <span className="meta">
        {total == null
          ? t("common:pager.shown", { count: shown })
          : t("common:pager.shownOf", { shown: number(shown, code), total: number(total, code) })}
      </span>
      {firstHref ? <a href={firstHref}>{t("common:pager.first")}</a> : null}
    </nav>
  );
}
