import type { ReactNode } from "react";
import { useT } from "../i18n/language-context.tsx";
import { Icon } from "./icons.tsx";
import { TimeAgo } from "./time-ago.tsx";

interface OfficialBoxProps {
  /** Whose voice it is, by name. */
  source: string;
  at: string | Date | null;
  zone?: string;
  href?: string | null;
  /** The language of the notice, when it is not the page's. */
  lang?: string;
  children: ReactNode;
}

/** The official voice: ruled, named, timed, with the way to the original. */
export function OfficialBox({ source, at, zone, href, lang, children }: OfficialBoxProps) {
  const t = useT();
  return (
    <article className="official">
      <p className="who">
        <Icon name="building" /> {source}
        {t("common:punctuation.separator")}
        <TimeAgo at={at} zone={zone} />
      </p>
      <div lang={lang}>{children}</div>
      {href ? (
        <p>
          <a href={href}>{t("common:official.original")}</a>
        </p>
      ) : null}
    </article>
  );
}
