/** What a reader would see of HTML that somebody put into a feed: text alone, nothing of it ever runs. */
import { cleanParagraphs } from "./safe-text.ts";

const NAMED: Readonly<Record<string, string>> = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", ndash: "–", mdash: "—", hellip: "…", middot: "·",
  lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", laquo: "«", raquo: "»", bull: "•", copy: "©", deg: "°", eacute: "é",
}; // prettier-ignore

/** A longer text is cut before it is read: nobody reads on, and taking it apart costs. */
const LONGEST = 200_000;

/** Gives the text of a piece of HTML: blocks and `br` become line breaks, list items get a dash, the rest is dropped. */
export function htmlText(html: string): string {
  const shown = withoutHidden(html.slice(0, LONGEST));
  const text = shown
    .replace(/<br\b[^<>]*>/gi, "\n")
    .replace(/<li\b[^<>]*>/gi, "\n- ")
    .replace(/<\/?(?:p|div|h[1-6]|ul|ol|tr|table|section|article|blockquote)\b[^<>]*>/gi, "\n")
    .replace(/<[a-z/!][^<>]*>/gi, "");
  return cleanParagraphs(decodeEntities(text))
    .replace(/[ \t\u00A0]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const HIDDEN = /<!--|<(script|style|head|template)\b/gi;

/** Without comments, scripts and styles. One pass: what never ends hides all that follows, as it does in a browser. */
function withoutHidden(html: string): string {
  // Letters of other scripts change their length in small letters, and places must stay places.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  let kept = "";
  let from = 0;
  HIDDEN.lastIndex = 0;
  for (let found = HIDDEN.exec(lower); found; found = HIDDEN.exec(lower)) {
    kept += html.slice(from, found.index);
    const end = found[1] ? `</${found[1]}` : "-->";
    const at = lower.indexOf(end, found.index);
    if (at < 0) return kept;
    const after = found[1] ? lower.indexOf(">", at) : at + 2;
    if (after < 0) return kept;
    from = after + 1;
    HIDDEN.lastIndex = from;
  }
  return kept + html.slice(from);
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi,
    (whole, hex, decimal, name: string) => {
      if (name) return NAMED[name.toLowerCase()] ?? whole;
      const code = hex ? Number.parseInt(hex as string, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : "";
    },
  );
}
