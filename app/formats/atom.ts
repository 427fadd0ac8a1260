/** Atom feeds (RFC 4287) of things that have a page: notices, verified items, heads of the log. */
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { utcSeconds } from "./timestamps.ts";
import { emptyXmlElement, XML_DECLARATION, xmlElement } from "./xml.ts";

export const ATOM_MEDIA_TYPE = "application/atom+xml; charset=utf-8";

/** One entry. Addresses are whole; times are anything `Date` reads. */
export interface AtomEntry {
  /** An address or URN that stays the same for ever (section 4.2.6). */
  id: string;
  title: string;
  updated: string;
  published?: string | null;
  /** Where a person reads it. */
  url: string;
  /** Whose words these are. */
  author: string;
  summary?: string | null;
  /** BCP 47: the language of title and summary. */
  language?: string | null;
  categories?: readonly { scheme?: string; term: string; label?: string }[];
  /** Other addresses: the original, what it speaks of. */
  links?: readonly { rel: string; href: string; type?: string }[];
}

export interface AtomFeed {
  /** The address of the feed itself, which is also its id. */
  url: string;
  /** The page that shows the same. */
  page: string;
  title: string;
  subtitle?: string;
  author: string;
  /** When the newest entry changed; the moment of the answer when there is none. */
  updated: string;
  language?: string;
  /** The licence of what stands in it. */
  rights?: string;
  /** The feed that goes on where this one ends (RFC 5005, section 3). */
  next?: string | null;
  entries: Iterable<AtomEntry>;
}

/** The whole document. Text is cleaned of controls and of overrides of its direction. */
export function atomFeed(feed: AtomFeed): string {
  let entries = "";
  for (const one of feed.entries) entries += entry(one);
  return (
    `${XML_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom"${language(feed.language)}>\n` +
    `  ${xmlElement("id", feed.url)}\n` +
    `  ${xmlElement("title", cleanLine(feed.title))}\n` +
    (feed.subtitle ? `  ${xmlElement("subtitle", cleanLine(feed.subtitle))}\n` : "") +
    `  ${xmlElement("updated", utcSeconds(feed.updated))}\n` +
    `  <author>${xmlElement("name", cleanLine(feed.author))}</author>\n` +
    (feed.rights ? `  ${xmlElement("rights", cleanLine(feed.rights))}\n` : "") +
    `  ${emptyXmlElement("link", { rel: "self", type: "application/atom+xml", href: feed.url })}\n` +
    `  ${emptyXmlElement("link", { rel: "alternate", type: "text/html", href: feed.page })}\n` +
    (feed.next
      ? `  ${emptyXmlElement("link", { rel: "next", type: "application/atom+xml", href: feed.next })}\n`
      : "") +
    `${entries}</feed>\n`
  );
}

function entry(one: AtomEntry): string {
  const links = (one.links ?? []).filter(({ href }) => /^https?:\/\//i.test(href));
  const lines = [
    xmlElement("id", one.id),
    // Every entry must have a title that is not empty to a reader.
    xmlElement("title", cleanLine(one.title) || one.id),
    xmlElement("updated", utcSeconds(one.updated)),
    ...(one.published ? [xmlElement("published", utcSeconds(one.published))] : []),
    `<author>${xmlElement("name", cleanLine(one.author) || "-")}</author>`,
    emptyXmlElement("link", { rel: "alternate", type: "text/html", href: one.url }),
    ...links.map(({ rel, href, type }) => emptyXmlElement("link", { rel, ...(type ? { type } : {}), href })),
    ...(one.categories ?? []).map(({ scheme, term, label }) =>
      emptyXmlElement("category", {
        ...(scheme ? { scheme } : {}),
        term: cleanLine(term),
        ...(label ? { label: cleanLine(label) } : {}),
      }),
    ),
    ...(one.summary ? [xmlElement("summary", cleanParagraphs(one.summary), { type: "text" })] : []),
  ];
  return `  <entry${language(one.language)}>\n${lines.map((line) => `    ${line}\n`).join("")}  </entry>\n`;
}

function language(code: string | null | undefined): string {
  const safe = code?.replace(/[^\w-]/g, "");
  return safe ? ` xml:lang="${safe}"` : "";
}
