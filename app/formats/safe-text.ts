/**
 * Text that strangers send: what must not reach the database, a page or another system, and how to count it kindly.
 * Names here come from every script, so nothing is refused for being foreign; only what cannot be read is.
 */

// Lone surrogates cannot be stored or sent, NUL stops Postgres, U+FFFE/U+FFFF are not characters in any XML.
const ILL_FORMED = /[\p{Surrogate}\u0000\uFFFE\uFFFF]/u;

// One pass: were a control taken out first, two lone surrogates around it could join into a new character.
const UNWANTED = /[\p{Surrogate}\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/gu;

const BIDI_CONTROL = /[\u202A-\u202E\u2066-\u2069]/u;
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;

const NEWLINES = /\r\n|[\r\u000B\u000C\u0085\u2028\u2029]/g;

// Default_Ignorable covers ZWSP, BOM, soft hyphen, variation selectors and the Hangul fillers (U+3164 passes for a name).
const BLANK = /^[\s\p{Cc}\p{Surrogate}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const EDGES = /^[\s\u200B\uFEFF]+|[\s\u200B\uFEFF]+$/g;

/** True when `s` can be stored and sent unchanged: no lone surrogate, no NUL, no U+FFFE or U+FFFF. */
export function isWellFormedText(s: string): boolean {
  return !ILL_FORMED.test(s);
}

/** Gives `s` without C0 and C1 controls (TAB and LF stay), DEL, lone surrogates, U+FFFE and U+FFFF. CR goes too. */
export function stripControls(s: string): string {
  return s.replace(UNWANTED, "");
}

/** True when `s` holds a control that turns the reading direction of what follows (U+202A–202E, U+2066–2069). */
export function hasBidiControl(s: string): boolean {
  return BIDI_CONTROL.test(s);
}

/**
 * True when more than `max` marks are stacked on one letter ("Zalgo"). Spacing vowel signs do not stack, so long
 * Burmese and Tamil syllables pass; invisible characters between marks do not hide a stack.
 */
export function combiningRunTooLong(s: string, max = 4): boolean {
  return new RegExp(`[\\p{Mn}\\p{Me}](?:\\p{Cf}*[\\p{Mn}\\p{Me}]){${max}}`, "u").test(s);
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * The number of characters as a reader counts them. A text of more than `maxCodeUnits` UTF-16 units is not segmented:
 * its length in units is given, which is never less. Limits in the database still count units, because one grapheme
 * may be 10 kB long; see `graphemeTooLong`.
 */
export function graphemeLength(s: string, maxCodeUnits = 20_000): number {
  if (s.length > maxCodeUnits || /^[\x20-\x7E]*$/.test(s)) return s.length;
  let count = 0;
  for (const _ of graphemes.segment(s)) count += 1;
  return count;
}

/** True when a single grapheme takes more than `max` UTF-16 units. The longest family emoji takes 19. */
export function graphemeTooLong(s: string, max = 48): boolean {
  if (s.length <= max) return false;
  let run = 0;
  // A long text is cut for segmenting: a grapheme that is too long is too long in its first `max + 1` units.
  for (let from = 0; from < s.length; from += run) {
    const piece = s.slice(from, from + 4_096);
    let last = 0;
    for (const { index, segment } of graphemes.segment(piece)) {
      if (segment.length > max) return true;
      last = index;
    }
    // The last grapheme of a piece may go on in the next one: begin the next piece with it.
    run = from + piece.length >= s.length ? piece.length : Math.max(last, 1);
  }
  return false;
}

/** True when a reader would see nothing: empty, spaces, invisible characters, Hangul fillers, the empty Braille cell. */
export function isBlank(s: string): boolean {
  return BLANK.test(s);
}

/** One line of text as we keep it: NFC, line breaks and tabs as spaces, no controls, no direction overrides, trimmed. */
export function cleanLine(s: string): string {
  return clean(s.replace(NEWLINES, "\n").replace(/[\n\t]+/g, " "));
}

/** Several lines of text as we keep them: NFC, every line break as LF, no controls, no direction overrides, trimmed. */
export function cleanParagraphs(s: string): string {
  return clean(s.replace(NEWLINES, "\n"));
}

function clean(s: string): string {
  return stripControls(s).replace(BIDI_CONTROLS, "").normalize("NFC").replace(EDGES, "");
}
