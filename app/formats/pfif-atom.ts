import { pfifNamespace } from "./pfif.ts";
import type { PfifNote, PfifPerson, PfifVersion } from "./pfif.ts";
import { pfifNote, pfifPerson } from "./pfif-writer.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { emptyXmlElement, XML_DECLARATION, xmlElement } from "./xml.ts";

/** MIME type of these feeds (RFC 4287, section 7). */
export const ATOM_MEDIA_TYPE = "application/atom+xml";

/** What a feed says about itself. `updated` is RFC 3339 in UTC; `pageUrl` gives the page of a person's record id. */
export interface PfifFeed {
  feedUrl: string;
  title: string;
  subtitle?: string;
  /** Who answers for the feed; its title unless told. */
  author?: string;
  updated: string;
  version?: PfifVersion;
  pageUrl: (personRecordId: string) => string;
}

/**
 * An Atom person feed (PFIF 1.4 section 6.1, RFC 4287): `pfif:person` stands in each entry beside what ordinary feed
 * readers show. Expired persons are placeholders, titled by their record id because Atom wants a title.
 */
export function personFeed({ persons, ...feed }: PfifFeed & { persons: Iterable<PfifPerson> }): string {
  const version = feed.version ?? "1.4";
  let entries = "";
  for (const person of persons) {
    const id = person.person_record_id;
    const title = (!person.placeholder && cleanLine(person.full_name ?? "")) || id;
    entries += entry(feed, {
      pfif: pfifPerson(person, version, "    "),
      id,
      title,
      author: person.placeholder
        ? {}
        : { name: person.author_name || person.source_name, email: person.author_email },
      updated: person.source_date ?? person.entry_date,
      page: feed.pageUrl(id),
      content: (!person.placeholder && person.description) || title,
    });
  }
  return document(feed, version, entries);
}

/**
 * An Atom note feed (PFIF 1.4 section 6.2). Each entry links to the page of the person the note is about; its title
 * is the beginning of the text, or the status when nothing was written.
 */
export function noteFeed({ notes, ...feed }: PfifFeed & { notes: Iterable<PfifNote> }): string {
  const version = feed.version ?? "1.4";
  let entries = "";
  for (const note of notes) {
    const title = excerpt(note.text ?? "") || note.status || note.note_record_id;
    entries += entry(feed, {
      pfif: pfifNote(note, version, "    "),
      id: note.note_record_id,
      title,
      author: { name: note.author_name, email: note.author_email },
      updated: note.source_date ?? note.entry_date,
      page: feed.pageUrl(note.person_record_id),
      content: note.text || title,
    });
  }
  return document(feed, version, entries);
}

interface Entry {
  pfif: string;
  id: string;
  title: string;
  author: { name?: string; email?: string };
  updated: string | undefined;
  page: string;
  content: string;
}

function document(feed: PfifFeed, version: PfifVersion, entries: string): string {
  return (
    `${XML_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:pfif="${pfifNamespace(version)}">\n` +
    `  ${xmlElement("id", feed.feedUrl)}\n` +
    `  ${xmlElement("title", feed.title)}\n` +
    (feed.subtitle ? `  ${xmlElement("subtitle", feed.subtitle)}\n` : "") +
    `  ${xmlElement("updated", feed.updated)}\n` +
    `  ${emptyXmlElement("link", { rel: "self", type: ATOM_MEDIA_TYPE, href: feed.feedUrl })}\n` +
    `  <author>${xmlElement("name", feed.author || feed.title)}</author>\n` +
    `${entries}</feed>\n`
  );
}

function entry(feed: PfifFeed, { pfif, id, title, author, updated, page, content }: Entry): string {
  // RFC 4287, 3.2: a name that is not empty, an address that has an @, or a validator refuses the whole feed.
  const name = cleanLine(author.name ?? "") || feed.author || feed.title;
  const email = /^[^\s@]+@[^\s@]+$/.test(author.email ?? "") ? xmlElement("email", author.email!) : "";
  return (
    "  <entry>\n" +
    pfif +
    `    ${xmlElement("id", `pfif:${asIri(id)}`)}\n` +
    `    ${xmlElement("title", title)}\n` +
    `    <author>${xmlElement("name", name)}${email}</author>\n` +
    `    ${xmlElement("updated", updated ?? feed.updated)}\n` +
    `    ${emptyXmlElement("link", { rel: "alternate", type: "text/html", href: page })}\n` +
    "    <source>" +
    xmlElement("id", feed.feedUrl) +
    xmlElement("title", feed.title) +
    xmlElement("updated", feed.updated) +
    "</source>\n" +
    `    ${xmlElement("content", cleanParagraphs(content) || title, { type: "text" })}\n` +
    "  </entry>\n"
  );
}

const EXCERPT = 140;

/** The first line's worth of a text, never ending within a character. */
function excerpt(text: string): string {
  const line = cleanLine(text);
  const characters = [...line.slice(0, EXCERPT * 2)];
  if (characters.length <= EXCERPT && line.length <= EXCERPT * 2) return line;
  return `${characters.slice(0, EXCERPT).join("")}…`;
}

/** Record ids are loose about characters; the id of an entry must be an IRI (RFC 4287, 4.2.6). */
function asIri(id: string): string {
  return id.replace(/\p{Surrogate}/gu, "").replace(/[\x00-\x20<>"{}|\\^`]/g, encodeURIComponent);
}
