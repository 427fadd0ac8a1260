/** Official notices as an Atom feed. Pure. */
import { atomFeed } from "../../formats/atom.ts";
import type { Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";
import type { Notice } from "./notices.ts";

export interface NoticesFeed {
  notices: readonly Notice[];
  publicUrl: string;
  /** The address that was asked, from its first slash. */
  self: string;
  next: string | null;
  now: Date;
}

/** An entry a notice, in the language of its source; the level is a category in the words of the source. */
export function noticesAtom({ notices, publicUrl, self, next, now }: NoticesFeed, t: Translate): string {
  return atomFeed({
    url: publicUrl + self,
    page: publicUrl + paths.notices(),
    title: t("notices:feed.title"),
    subtitle: t("notices:feed.subtitle"),
    author: t("common:site.name"),
    updated: newest(notices) ?? now.toISOString(),
    language: t.language,
    next: next === null ? null : publicUrl + next,
    entries: notices.map((notice) => ({
      id: publicUrl + paths.notice(notice.id),
      title: notice.drill ? `[${t("common:drill.short")}] ${notice.title}` : notice.title,
      updated: notice.updated_at,
      published: notice.published_at,
      url: publicUrl + paths.notice(notice.id),
      author: notice.source_name,
      summary: notice.text || notice.title,
      language: notice.language,
      categories: [
        ...(notice.level === null ? [] : [{ scheme: "level", term: notice.level }]),
        ...(notice.country === null ? [] : [{ scheme: "country", term: notice.country }]),
        ...(notice.event === null ? [] : [{ scheme: "event", term: notice.event }]),
      ],
      links: notice.url === null ? [] : [{ rel: "via", href: notice.url, type: "text/html" }],
    })),
  });
}

function newest(notices: readonly Notice[]): string | null {
  return notices.reduce<string | null>(
    (latest, { updated_at }) =>
      latest === null || Date.parse(updated_at) > Date.parse(latest) ? updated_at : latest,
    null,
  );
}
