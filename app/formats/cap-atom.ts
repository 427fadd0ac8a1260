import { CAP_MEDIA_TYPE } from "./cap.ts";
import type { CapAlert } from "./cap.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { utcSeconds } from "./timestamps.ts";
import { emptyXmlElement, XML_DECLARATION, xmlElement } from "./xml.ts";

/** What the index says about itself. Addresses are whole; `pageUrl` and `alertUrl` are asked for each alert. */
export interface CapFeed {
  feedUrl: string;
  title: string;
  author: string;
  /** RFC 3339; of the newest alert, or of the answer when there is none. */
  updated: string;
  /** BCP 47: which `info` the entries show; the first unless it is there. */
  language?: string;
  alertUrl: (alert: CapAlert) => string;
  alerts: Iterable<CapAlert>;
}

/**
 * An Atom index of alerts (RFC 4287), as warning hubs read them: each entry links to the CAP document and shows its
 * headline. Exercises say so in the title, because readers of feeds look no further.
 */
export function capFeed({ feedUrl, title, author, updated, language, alertUrl, alerts }: CapFeed): string {
  let entries = "";
  for (const alert of alerts) entries += entry(alert, alertUrl(alert), author, language);
  return (
    `${XML_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom"${language ? ` xml:lang="${language.replace(/[^\w-]/g, "")}"` : ""}>\n` +
    `  ${xmlElement("id", feedUrl)}\n` +
    `  ${xmlElement("title", title)}\n` +
    `  ${xmlElement("updated", utcSeconds(updated))}\n` +
    `  <author>${xmlElement("name", author)}</author>\n` +
    `  ${emptyXmlElement("link", { rel: "self", type: "application/atom+xml", href: feedUrl })}\n` +
    `${entries}</feed>\n`
  );
}

function entry(alert: CapAlert, url: string, author: string, language: string | undefined): string {
  const info = alert.info.find((each) => each.language === language) ?? alert.info[0];
  const headline = cleanLine(info?.headline ?? info?.event ?? "") || alert.identifier;
  const title = alert.status === "Actual" ? headline : `[${alert.status}] ${headline}`;
  const summary = cleanParagraphs(info?.description ?? "") || headline;
  return (
    "  <entry>\n" +
    // Every version has an address of its own, which is what makes it an id (section 4.2.6).
    `    ${xmlElement("id", url)}\n` +
    `    ${xmlElement("title", title)}\n` +
    `    ${xmlElement("updated", utcSeconds(alert.sent))}\n` +
    `    <author>${xmlElement("name", cleanLine(info?.senderName ?? "") || author)}</author>\n` +
    `    ${emptyXmlElement("link", { rel: "alternate", type: CAP_MEDIA_TYPE, href: url })}\n` +
    (info?.web
      ? `    ${emptyXmlElement("link", { rel: "related", type: "text/html", href: info.web })}\n`
      : "") +
    `    ${emptyXmlElement("category", { scheme: "urn:oasis:names:tc:emergency:cap:1.2:msgType", term: alert.msgType })}\n` +
    `    ${xmlElement("summary", summary, { type: "text" })}\n` +
    "  </entry>\n"
  );
}
