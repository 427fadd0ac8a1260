import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { Dated } from "../../ui/dated.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { VerifiedItem } from "./verified.ts";

export interface WidgetHotline {
  name: string;
  number: string;
}

interface WidgetProps {
  title: string;
  /** Where the same stands on our own site, whole address. */
  href: string;
  /** Our own site, whole address without a slash at the end. */
  publicUrl: string;
  drill?: boolean;
  invented?: boolean;
  hotlines?: readonly WidgetHotline[];
  notices: readonly VerifiedItem[];
  verified: readonly VerifiedItem[];
  /** What stands before both: counts of an event, events of a country. */
  children?: ReactNode;
}

/**
 * What the official site may show of us, without script: official notices first, then what officers verified. It says
 * whose it is, when it was made, and opens our pages in a window of their own.
 */
export function Widget({
  title,
  href,
  publicUrl,
  drill,
  invented,
  hotlines = [],
  notices,
  verified,
  children,
}: WidgetProps) {
  const t = useT();
  return (
    <div className="widget">
      {drill ? <p className="notice">{t("official:widget.drill")}</p> : null}
      {invented ? <p className="notice">{t("official:widget.invented")}</p> : null}
      <h1>{title}</h1>
      {hotlines.map(({ name, number }) => (
        <p key={number}>
          {name} <a href={`tel:${number.replace(/[^+\d]/g, "")}`}>{number}</a>
        </p>
      ))}
      {children}
      <div className="sides">
        <section>
          <h2>{t("official:widget.notices")}</h2>
          {notices.length === 0 ? <p>{t("official:widget.noNotices")}</p> : null}
          <ItemList items={notices} publicUrl={publicUrl} />
        </section>
        <section>
          <h2>{t("official:widget.verified")}</h2>
          {verified.length === 0 ? <p>{t("official:widget.none")}</p> : null}
          <ItemList items={verified} publicUrl={publicUrl} />
        </section>
      </div>
      <footer>
        <p>
          <Outward href={href}>{t("official:widget.open")}</Outward>
        </p>
        <p className="meta">
          {t("official:widget.by")}
          {t("common:punctuation.separator")}
          <Dated text={(date) => t("official:widget.madeAt", { date })} at={null} form="date" />
        </p>
      </footer>
    </div>
  );
}

function ItemList({ items, publicUrl }: { items: readonly VerifiedItem[]; publicUrl: string }) {
  const t = useT();
  return (
    <ul>
      {items.map((item) => (
        <li key={`${item.type}-${item.id}`}>
          <Outward href={publicUrl + item.path}>
            <bdi lang={item.language ?? undefined}>{item.title}</bdi>
          </Outward>
          <p className="meta">
            {item.type === "notice" ? item.source_name : t(`official:verdict.${item.verdict}`)}
            {t("common:punctuation.separator")}
            <TimeAgo at={item.verified_at} form="age" />
          </p>
          {item.level ? (
            <p>
              {t("official:widget.level")}
              <q lang={item.language ?? undefined}>{item.level}</q>
            </p>
          ) : null}
          {item.correct_text ? (
            <p>
              {t("official:widget.correct")}
              {item.correct_text}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** A link that leaves the frame: inside it our whole site would have no room. */
export function Outward({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener">
      {children}
    </a>
  );
}
