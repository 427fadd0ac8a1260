/** Verified items as Atom and as JSON. Pure. */
import { atomFeed } from "../../formats/atom.ts";
import type { Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";
import type { VerifiedItem } from "./verified.ts";

export interface VerifiedFeed {
  items: readonly VerifiedItem[];
  publicUrl: string;
  /** The address that was asked, from its first slash. */
  self: string;
  next: string | null;
  now: Date;
}

/** The name by which other systems know an item, whatever its address becomes. */
export function itemUrn({ type, id }: Pick<VerifiedItem, "type" | "id">): string {
  return `urn:uuid:${id}#${type}`;
}

/** An item as programs get it: in feeds, in web hooks and in packages. Addresses are whole. */
export function verifiedJson(item: VerifiedItem, publicUrl: string) {
  const { lat, lon } = item;
  return {
    type: item.type,
    id: item.id,
    url: publicUrl + item.path,
    event: item.event,
    country: item.country,
    title: item.title,
    text: item.text,
    language: item.language,
    status: item.status,
    level: item.level,
    verdict: item.verdict,
    correct_text: item.correct_text,
    verified_at: item.verified_at,
    adopted_at: item.adopted_at,
    source:
      item.source_name === null && item.source_url === null
        ? null
        : { name: item.source_name, url: item.source_url },
    position: lat === null || lon === null ? null : { lat, lon },
    drill: item.drill,
    invented: item.invented,
  };
}

/** An entry an item. The title says what was found out, because readers of feeds look no further. */
export function verifiedAtom({ items, publicUrl, self, next, now }: VerifiedFeed, t: Translate): string {
  return atomFeed({
    url: publicUrl + self,
    page: publicUrl + paths.official(),
    title: t("official:feed.title"),
    subtitle: t("official:feed.subtitle"),
    author: t("common:site.name"),
    updated: items[0]?.verified_at ?? now.toISOString(),
    language: t.language,
    rights: t("official:licence.short"),
    next: next === null ? null : publicUrl + next,
    entries: items.map((item) => ({
      id: itemUrn(item),
      title: [
        item.drill ? `[${t("common:drill.short")}]` : null,
        item.invented ? `[${t("common:invented.short")}]` : null,
        `[${t(`official:verdict.${item.verdict}`)}]`,
        item.title,
      ]
        .filter((part) => part !== null)
        .join(" "),
      updated: item.verified_at,
      url: publicUrl + item.path,
      author: item.source_name ?? t("official:feed.crowd"),
      summary: item.correct_text ?? (item.text || item.title),
      language: item.language,
      categories: [
        { scheme: "type", term: item.type },
        { scheme: "verdict", term: item.verdict },
        ...(item.status === null ? [] : [{ scheme: "status", term: item.status }]),
        ...(item.level === null ? [] : [{ scheme: "level", term: item.level }]),
        ...(item.country === null ? [] : [{ scheme: "country", term: item.country }]),
        ...(item.event === null ? [] : [{ scheme: "event", term: item.event }]),
      ],
      links: item.source_url === null ? [] : [{ rel: "via", href: item.source_url }],
    })),
  });
}

/** The list as a program reads it. */
export function verifiedList({ items, publicUrl, next }: VerifiedFeed): string {
  return JSON.stringify({
    data: items.map((item) => verifiedJson(item, publicUrl)),
    next: next === null ? null : publicUrl + next,
  });
}
