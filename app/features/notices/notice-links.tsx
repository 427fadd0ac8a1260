import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { LinkSubject, NoticeLink } from "./notices.ts";

/** Where an item of this kind is read. Notes stand on the page of their person, which the link alone does not know. */
export function subjectHref(type: LinkSubject, id: string): string | null {
  switch (type) {
    case "person":
      return paths.person(id);
    case "report":
      return paths.report(id);
    case "notice":
      return paths.notice(id);
    default:
      return null;
  }
}

interface NoticeLinkListProps {
  links: readonly NoticeLink[];
  /** From the notice: names the items. From the item: names the notices. */
  from: "notice" | "item";
  /** What stands behind a link: a button to take it back. */
  after?: (link: NoticeLink) => ReactNode;
}

/** What notices confirm, correct, contradict or replace, each with its source and both times. */
export function NoticeLinkList({ links, from, after }: NoticeLinkListProps) {
  const t = useT();
  return (
    <ul className="notes">
      {links.map((link) => {
        const href =
          from === "notice" ? subjectHref(link.subject_type, link.subject_id) : paths.notice(link.notice_id);
        const name = from === "notice" ? t(`notices:subject.${link.subject_type}`) : link.title;
        return (
          <li
            key={link.id}
            className={
              link.relation === "contradicts" || link.relation === "corrects" ? "differs" : undefined
            }
          >
            <p>
              <b>{t(`notices:relation.${link.relation}`)}</b>
              {t("common:punctuation.colon")}
              {href === null ? name : <a href={href}>{name}</a>}
            </p>
            <p className="meta">
              {link.source_name}
              {t("common:punctuation.separator")}
              <TimeAgo at={link.published_at} />
            </p>
            {link.text ? <p className="pre">{link.text}</p> : null}
            {after?.(link)}
          </li>
        );
      })}
    </ul>
  );
}

/** What official notices say of this item, where any does. */
export function WhatNoticesSay({ links }: { links: readonly NoticeLink[] }) {
  const t = useT();
  if (links.length === 0) return null;
  return (
    <section>
      <h2>{t("notices:notice.saidTitle")}</h2>
      <NoticeLinkList links={links} from="item" />
    </section>
  );
}
