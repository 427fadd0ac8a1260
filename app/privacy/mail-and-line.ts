import type { Found } from "./folded-text.ts";

/** Offices that want to be written to; what stands there is nobody's own. */
const OFFICIAL_MAIL = /@(?:[a-z0-9-]{1,63}\.){0,3}(?:mofa|boca)\.gov\.tw$/i;

const MAIL =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63} ?@ ?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,5}[A-Za-z]{2,18}(?![A-Za-z0-9@])/g;

const DOT = "(?: ?(?:\\(dot\\)|\\[dot\\]|\\{dot\\}|點|点) ?| dot |ドット)";
const TOP = "(?:com|net|org|edu|gov|info|io|me|tw|jp|hk|cn|kr|sg|my|au|nz|us|uk|de|fr|ca)";
// Spelled out so that programs miss it: "at" in brackets, or bare when the dot is spelled out too.
const SPELLED_MAIL = new RegExp(
  `(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}(?: ?(?:\\(at\\)|\\[at\\]|\\{at\\}|小老鼠|アット) ?(?:[A-Za-z0-9-]{1,63}(?:${DOT}|\\.)){1,4}|(?: at | ?@ ?)(?:[A-Za-z0-9-]{1,63}${DOT}){1,4})${TOP}(?![A-Za-z0-9])`,
  "gi",
);

/** Mail addresses, also those spelled out with "at" and "dot". */
export function findMail(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(MAIL)) {
    if (OFFICIAL_MAIL.test(match[0])) continue;
    found.push({ kind: "email", start: match.index, end: match.index + match[0].length, confidence: 0.99 });
  }
  for (const match of text.matchAll(SPELLED_MAIL)) {
    found.push({ kind: "email", start: match.index, end: match.index + match[0].length, confidence: 0.8 });
  }
  return found;
}

// The word, perhaps "ID", perhaps "is", then small letters, digits and . - _ (LINE allows 4 to 20 of them).
const LINE =
  /(加|我的|my |私の)?(?: ?的)?(?: ?)(?<![A-Za-z])(line|賴|ㄌㄞˋ)( ?(?:ID|帳號|账号|アカウント))?( ?(?:[:：=是]|は|is\b) ?| )([A-Za-z0-9][A-Za-z0-9._-]{3,19})(?![A-Za-z0-9._-])/gi;
const NOT_AN_ID =
  /^(?:line|user|users|group|groups|chat|call|calls|message|messages|official|account|accounts|sticker|stickers|notify|pay|music|today|with|from|that|this|they|will|have|closed|open|busy|dead|down|here|there|been|about|https?|www\..*)$/i;

/**
 * LINE IDs behind their word. Official accounts begin with "@" and are for everybody; "line" is an English word too, so
 * an id of letters alone needs more before it than that.
 */
export function findLineIds(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(LINE)) {
    const [whole, asked, word, label, gap, id] = match as unknown as [string, ...(string | undefined)[]];
    if (NOT_AN_ID.test(id!)) continue;
    const isMarked = /[\d._-]/.test(id!.replace(/[._-]+$/, ""));
    const isSure =
      Boolean(label) || (Boolean(asked) && gap!.trim() !== "") || (word === "LINE" && /[:：=]/.test(gap!));
    if (
      !isSure &&
      !(isMarked && (asked || gap!.trim() !== "" || word !== word!.toLowerCase() || word === "賴"))
    )
      continue;
    const clean = id!.replace(/[.-]+$/, "");
    if (clean.length < 4) continue;
    const start = match.index + whole.length - id!.length;
    found.push({ kind: "line_id", start, end: start + clean.length, confidence: isSure ? 0.9 : 0.7 });
  }
  return found;
}
