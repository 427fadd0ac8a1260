/** What a stranger may type, and how to see whether a page was taken in by it. */
import { elementsOf, textOf } from "./html.ts";

export interface HostileText {
  /** The number of the threat this stands for. */
  item: string;
  what: string;
  value: string;
  /** `shown`: taken, and seen as typed. `refused`: answered with what to change. `either`: taken or refused. */
  name: "shown" | "refused" | "either";
}

const tag = '<script>alert("守望")</script>';

/** One text for every way in which text has been known to break a site. */
export const hostileTexts: readonly HostileText[] = [
  { item: "H1", what: "a script element", value: tag, name: "shown" },
  { item: "H2", what: "the end of an attribute", value: '"><img src=x onerror=alert(1)>', name: "shown" },
  {
    item: "H3",
    what: "the end of a text field",
    value: "</textarea><script>alert(1)</script>",
    name: "shown",
  },
  {
    item: "H3",
    what: "the end of a title and of a data section",
    value: "</title></style>]]>x",
    name: "shown",
  },
  {
    item: "H4",
    what: "a script address",
    value: "javascript:alert(1)//data:text/html,x vbscript:x",
    name: "shown",
  },
  { item: "H5", what: "the end of a data script", value: "</script>\u2028\u2029<!--x", name: "either" },
  { item: "H8", what: "SQL", value: "'; drop table app.persons; -- \\' $$", name: "shown" },
  {
    item: "H8",
    what: "a placeholder of SQL and of templates",
    value: "$1 {{name}} ${7*7} %s {0}",
    name: "shown",
  },
  {
    item: "H9",
    what: "a filter of the data door",
    value: "or=(id.gt.0)&select=*,person_secrets(*)",
    name: "shown",
  },
  { item: "H10", what: "wildcards", value: "%_%a*", name: "shown" },
  { item: "H11", what: "text that makes patterns slow", value: `${"a".repeat(90)}!`, name: "shown" },
  { item: "H12", what: "spaces alone", value: " \u3000\t ", name: "refused" },
  { item: "H12", what: "invisible characters alone", value: "\u200b\u2060\ufeff\u00ad", name: "refused" },
  { item: "H12", what: "a filler that passes for a letter", value: "\u3164\uffa0\u115f", name: "refused" },
  { item: "H13", what: "a NUL", value: "王\u0000小明", name: "refused" },
  { item: "H13", what: "control characters", value: "王\u0001\u001b[31m\u0085小明", name: "either" },
  { item: "H13", what: "a character that is none", value: "王\ufffe小明", name: "refused" },
  { item: "H14", what: "a name that turns round", value: "王\u202e小明", name: "refused" },
  { item: "H14", what: "an isolate that never ends", value: "王\u2067小明", name: "refused" },
  { item: "H16", what: "five hundred marks on a letter", value: `Z${"\u0301".repeat(500)}`, name: "refused" },
  {
    item: "H17",
    what: "one character of ten thousand parts",
    value: `👩${"\u200d👩".repeat(3_300)}`,
    name: "refused",
  },
  { item: "H18", what: "letters that change length", value: "İstanbul ıßﬃ Ǆ", name: "shown" },
  { item: "H19", what: "one letter", value: "乙", name: "shown" },
  { item: "H19", what: "a name of 2,000 letters", value: "長".repeat(2_000), name: "refused" },
  { item: "H19", what: "the word null", value: "Null", name: "shown" },
  { item: "H19", what: "the word true", value: "true", name: "shown" },
  { item: "H19", what: "a number below zero", value: "-1", name: "shown" },
  { item: "H19", what: "apostrophes", value: "O'Brien-D’Angelo", name: "shown" },
  { item: "H19", what: "a name with a picture", value: "小明👨‍👩‍👧‍👦", name: "shown" },
  { item: "H43", what: "a formula", value: "=cmd|' /C calc'!A0", name: "shown" },
  {
    item: "H48",
    what: "a line for the log",
    value: 'x\r\n{"level":60,"msg":"forged"}\u001b[2J',
    name: "either",
  },
];

/** The scripts that pages of ours ask for: the optional one, and those of the parts that come alive on their own. */
const ours =
  /^ (?:src="\/enhance\.js" defer=""|type="module" src="\/assets\/[a-z]+-island\.client-[\w-]+\.js" async="")$/;

/** Markup on a page of ours that only somebody else can have put there. */
export function strayMarkup(html: string): string[] {
  const stray: string[] = [];
  for (const match of html.matchAll(/<script\b((?:[^>"]|"[^"]*")*)>/g)) {
    if (!ours.test(match[1] ?? "")) stray.push(match[0]);
  }
  for (const match of html.matchAll(/<[a-zA-Z][\w-]*((?:[^>"]|"[^"]*")*)>/g)) {
    const bare = (match[1] ?? "").replace(/"[^"]*"/g, '""');
    if (/\son\w+\s*=/i.test(bare)) stray.push(match[0]);
  }
  for (const name of ["a", "form", "img", "link", "iframe", "object", "embed", "base", "svg"]) {
    for (const { attributes } of elementsOf(html, name)) {
      for (const address of [attributes.href, attributes.src, attributes.action]) {
        if (address === undefined) continue;
        const scheme = /^\s*([a-z][a-z0-9+.-]*):/i
          .exec(address.replace(/[\u0000-\u0020]/g, ""))?.[1]
          ?.toLowerCase();
        if (
          scheme &&
          !["http", "https", "tel", "mailto"].includes(scheme) &&
          !address.startsWith("data:image/")
        ) {
          stray.push(`${name} ${address}`);
        }
      }
    }
  }
  return stray;
}

/** A text as it can be read on a page: controls do not show, and space of any kind is space. */
export function seen(html: string): string {
  return legible(textOf(html));
}

export function legible(text: string): string {
  const spaced = text.normalize("NFC").replace(/[\s\u0085]+/g, " ");
  return spaced.replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "");
}
