/** The heads of the log as feeds, so that anybody's machine can keep them. Pure. */
import { atomFeed } from "../../formats/atom.ts";
import type { Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";

interface Head {
  day: string;
  entry_id: number;
  hash: string;
  published_at: string;
}

/** An entry for the head of each day. The hash is in the title, because readers of feeds look no further. */
export function headsAtom(heads: readonly Head[], publicUrl: string, now: Date, t: Translate): string {
  return atomFeed({
    url: publicUrl + paths.feeds.logAtom(),
    page: publicUrl + paths.publicLog(),
    title: t("log:feed.title"),
    subtitle: t("log:feed.subtitle"),
    author: t("common:site.name"),
    updated: heads[0]?.published_at ?? now.toISOString(),
    language: t.language,
    entries: heads.map(({ day, entry_id, hash, published_at }) => ({
      id: `${publicUrl}${paths.publicLog()}#head-${day}`,
      title: `${day} ${entry_id}:${hash}`,
      updated: published_at,
      url: `${publicUrl}${paths.publicLog()}#head-${day}`,
      author: t("common:site.name"),
      summary: `${entry_id}:${hash}`,
      language: t.language,
    })),
  });
}

/** The same for programs; `lookout audit verify --head` reads it as it is. */
export function headsJson(heads: readonly Head[], publicUrl: string): string {
  return JSON.stringify({
    about: publicUrl + paths.publicLog(),
    algorithm: "SHA-256 over the hash before (32 bytes) and the RFC 8785 form of the entry",
    heads,
  });
}
