import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";

/**
 * XML from strangers, and XML for them.
 *
 * Reading goes through saxes in small slices under guards of our own: no document type (so no entities of the
 * sender's making and nothing to fetch), a depth, an attribute and a text limit, and known encodings only.
 * Writing is done with strings: our documents are flat lists that leave the server while the database still reads,
 * and a tree builder would hold them whole.
 */

/** How much of a document is borne. All are counts; `maxText` is in UTF-16 units of one element's own text. */
export interface XmlLimits {
  maxBytes?: number;
  maxDepth?: number;
  maxAttributes?: number;
  maxText?: number;
}

/** Why a document was refused as a whole. */
export type XmlRefusal =
  | "xml_too_large"
  | "xml_too_deep"
  | "xml_too_many_attributes"
  | "xml_text_too_long"
  | "xml_doctype_refused"
  | "xml_encoding_refused"
  | "xml_encoding_broken"
  | "xml_not_well_formed"
  | "not_pfif";

/** The document cannot be read on from `line` (1-based). What stood before it has been given. */
export class XmlRefused extends Error {
  constructor(
    readonly token: XmlRefusal,
    readonly line: number,
  ) {
    super(`${token} at line ${line}`);
    this.name = "XmlRefused";
  }
}

/** An element as it opens. `attributes` goes by qualified name; `depth` of the root is 1. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly depth: number;
  readonly line: number;
}

/** What a reader of one standard wants to hear. `text` on closing is the element's own text, not its children's. */
export interface XmlHandler {
  open?(element: XmlElement): void;
  close?(element: XmlElement, text: string): void;
  end?(line: number): void;
}

/** Characters or bytes fed to the parser at a time: it bounds what one step can produce. */
const SLICE = 16_384;

/**
 * Reads a document and gives whatever the handler made by `listen` emits, in document order.
 *
 * Memory stays flat and time linear in the length. Bytes may be UTF-8 (with or without BOM), UTF-16 with BOM,
 * or declared as ISO-8859-1, windows-1252 or US-ASCII; strings are taken as already decoded.
 *
 * @throws XmlRefused after everything before the fault has been given.
 */
export async function* readXml<T>(
  source: AsyncIterable<Uint8Array | string>,
  listen: (emit: (item: T) => void) => XmlHandler,
  limits: XmlLimits = {},
): AsyncGenerator<T> {
  let items: T[] = [];
  const parser = new GuardedParser(
    listen((item) => items.push(item)),
    limits,
  );
  const taken = () => {
    const out = items;
    items = [];
    return out;
  };

  try {
    for await (const chunk of source) {
      for (let from = 0; from < chunk.length; from += SLICE) {
        parser.write(
          typeof chunk === "string" ? chunk.slice(from, from + SLICE) : chunk.subarray(from, from + SLICE),
        );
        yield* taken();
      }
    }
    parser.end();
  } catch (error) {
    // Records before a broken tail are whole, and each may be somebody's only sign of life.
    if (error instanceof XmlRefused) yield* taken();
    throw error;
  }
  yield* taken();
}

interface OpenElement {
  readonly element: XmlElement;
  text: string;
}

class GuardedParser {
  readonly #sax = new SaxesParser({
    xmlns: true,
    position: true,
    defaultXMLVersion: "1.0",
    forceXMLVersion: true,
  });
  readonly #decoder = new XmlDecoder();
  readonly #open: OpenElement[] = [];
  readonly #maxBytes: number;
  readonly #maxText: number;
  #closed: OpenElement | null = null;
  #bytes = 0;
  #attributes = 0;
  #startLine = 1;
  #lastEvent = 0;

  constructor(
    private readonly handler: XmlHandler,
    { maxBytes = 64 * 1024 * 1024, maxDepth = 32, maxAttributes = 64, maxText = 65_536 }: XmlLimits,
  ) {
    this.#maxBytes = maxBytes;
    this.#maxText = maxText;
    const sax = this.#sax;

    sax.on("error", ({ message }) => {
      // saxes closes an element and only then says that the closing tag was another's: that element is not whole.
      if (message.includes("unexpected close tag")) this.#closed = null;
      this.#deliver();
      this.#refuse("xml_not_well_formed");
    });
    sax.on("doctype", () => this.#refuse("xml_doctype_refused"));
    // Comments and instructions (xml-stylesheet among them) carry nothing we act on.
    sax.on("comment", () => this.#seen());
    sax.on("processinginstruction", () => this.#seen());

    sax.on("opentagstart", () => {
      this.#seen();
      // Before the parser looks up namespaces, which takes time in proportion to the depth.
      if (this.#open.length >= maxDepth) this.#refuse("xml_too_deep");
      this.#attributes = 0;
      this.#startLine = sax.line;
    });
    sax.on("attribute", ({ value }) => {
      this.#seen();
      this.#attributes += 1;
      if (this.#attributes > maxAttributes) this.#refuse("xml_too_many_attributes");
      if (value.length > maxText) this.#refuse("xml_text_too_long");
    });
    sax.on("opentag", (tag) => {
      this.#seen();
      const element = {
        namespace: tag.uri,
        name: tag.local,
        attributes: attributesOf(tag),
        depth: this.#open.length + 1,
        line: this.#startLine,
      };
      this.#open.push({ element, text: "" });
      handler.open?.(element);
    });
    sax.on("text", (text) => this.#text(text));
    sax.on("cdata", (text) => this.#text(text));
    sax.on("closetag", () => {
      this.#seen();
      this.#closed = this.#open.pop() ?? null;
    });
  }

  write(slice: Uint8Array | string): void {
    this.#bytes += slice.length;
    if (this.#bytes > this.#maxBytes) this.#refuse("xml_too_large");
    if (typeof slice === "string") {
      this.#parse(slice);
      return;
    }
    const { text, refused } = this.#decoder.write(slice);
    this.#parse(text);
    if (refused) this.#refuse(refused);
  }

  end(): void {
    const { text, refused } = this.#decoder.end();
    this.#parse(text);
    if (refused) this.#refuse(refused);
    this.#sax.close();
    this.#deliver();
    this.handler.end?.(this.#sax.line);
  }

  #parse(text: string): void {
    // A decoder may give one long piece at once, and the guard below counts between pieces.
    for (let from = 0; from < text.length; from += SLICE) {
      this.#sax.write(text.slice(from, from + SLICE));
      this.#deliver();
      // The parser keeps text, comments and values until they end. One that never ends must not fill the memory.
      if (this.#sax.position - this.#lastEvent > this.#maxText + SLICE) this.#refuse("xml_text_too_long");
    }
  }

  #text(text: string): void {
    this.#seen();
    const top = this.#open[this.#open.length - 1];
    if (!top) return;
    if (top.text.length + text.length > this.#maxText) this.#refuse("xml_text_too_long");
    top.text += text;
  }

  #seen(): void {
    this.#deliver();
    this.#lastEvent = this.#sax.position;
  }

  #deliver(): void {
    const closed = this.#closed;
    this.#closed = null;
    if (closed) this.handler.close?.(closed.element, closed.text);
  }

  #refuse(token: XmlRefusal): never {
    throw new XmlRefused(token, this.#sax.line);
  }
}

const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

function attributesOf(tag: SaxesTagNS): Readonly<Record<string, string>> {
  let attributes = NO_ATTRIBUTES as Record<string, string>;
  for (const name in tag.attributes) {
    if (attributes === NO_ATTRIBUTES) attributes = Object.create(null) as Record<string, string>;
    attributes[name] = tag.attributes[name]!.value;
  }
  return attributes;
}

type Decoded = { text: string; refused?: XmlRefusal };

/** XML 1.0, appendix F: the encoding from the first bytes and the declaration. */
class XmlDecoder {
  #head: Uint8Array | null = new Uint8Array(0);
  #rest = new Uint8Array(0);
  #encoding = "utf-8";

  write(bytes: Uint8Array): Decoded {
    if (this.#head === null) return this.#decode(bytes);
    const head = joined(this.#head, bytes);
    if (head.length < 256 && !head.includes(0x3e)) {
      this.#head = head;
      return { text: "" };
    }
    return this.#begin(head);
  }

  end(): Decoded {
    const begun = this.#head === null || this.#head.length === 0 ? { text: "" } : this.#begin(this.#head);
    if (!begun.refused && this.#rest.length > 0) begun.refused = "xml_encoding_broken";
    return begun;
  }

  #begin(head: Uint8Array): Decoded {
    this.#head = null;
    const { encoding, bom } = encodingOf(head);
    if (encoding === null) return { text: "", refused: "xml_encoding_refused" };
    this.#encoding = encoding;
    return this.#decode(head.subarray(bom));
  }

  #decode(slice: Uint8Array): Decoded {
    const bytes = joined(this.#rest, slice);
    const whole = wholeCharacters(bytes, this.#encoding);
    this.#rest = bytes.slice(whole);
    try {
      const text = this.#strict().decode(bytes.subarray(0, whole));
      return { text: this.#encoding === "windows-1252" ? asWindows1252(text) : text };
    } catch {
      return { text: this.#soundStart(bytes.subarray(0, whole)), refused: "xml_encoding_broken" };
    }
  }

  /** What can be decoded before the first broken character. */
  #soundStart(bytes: Uint8Array): string {
    let sound = 0;
    for (let broken = bytes.length; broken - sound > 1;) {
      const middle = (sound + broken) >> 1;
      try {
        this.#strict().decode(bytes.subarray(0, middle), { stream: true });
        sound = middle;
      } catch {
        broken = middle;
      }
    }
    return this.#strict().decode(bytes.subarray(0, sound), { stream: true });
  }

  #strict(): TextDecoder {
    return new TextDecoder(this.#encoding, { fatal: true, ignoreBOM: true });
  }
}

/** What windows-1252 keeps where Latin-1 has controls. Some runtimes decode the one as the other. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

function asWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009F]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]!);
}

/** Declared names we read, and how. What calls itself Latin-1 is in practice windows-1252. */
const DECLARED: Readonly<Record<string, string>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  ascii: "utf-8",
  "iso-8859-1": "windows-1252",
  "iso8859-1": "windows-1252",
  latin1: "windows-1252",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
};

function encodingOf(head: Uint8Array): { encoding: string | null; bom: number } {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return { encoding: DECLARED[declared(head.subarray(3))] === "utf-8" ? "utf-8" : null, bom: 3 };
  }
  if ((a === 0xff && b === 0xfe && !(c === 0 && d === 0)) || (a === 0xfe && b === 0xff)) {
    const encoding = a === 0xff ? "utf-16le" : "utf-16be";
    const text = new TextDecoder(encoding).decode(head);
    const name = DECLARATION.exec(text)?.[1]?.toLowerCase() ?? "utf-16";
    return { encoding: name === "utf-16" || name === encoding ? encoding : null, bom: 2 };
  }
  // UTF-16 or UTF-32 without BOM, UTF-7, EBCDIC and the rest: nobody sends them by accident.
  if (head.subarray(0, 4).includes(0) || (a === 0x4c && b === 0x6f) || (a === 0x2b && b === 0x2f)) {
    return { encoding: null, bom: 0 };
  }
  return { encoding: DECLARED[declared(head)] ?? null, bom: 0 };
}

const DECLARATION = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{0,40})["']/;

function declared(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, 256));
  return DECLARATION.exec(text)?.[1]?.toLowerCase() ?? "utf-8";
}

/** How many of `bytes` end with a whole character, so that a slice may end anywhere. */
function wholeCharacters(bytes: Uint8Array, encoding: string): number {
  const { length } = bytes;
  if (encoding === "utf-8") {
    for (let back = 1; back <= Math.min(3, length); back += 1) {
      const byte = bytes[length - back]!;
      if (byte < 0x80) return length;
      if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length - back : length;
    }
    return length;
  }
  if (encoding.startsWith("utf-16")) {
    const even = length - (length % 2);
    const high = even === 0 ? 0 : bytes[encoding === "utf-16le" ? even - 1 : even - 2]!;
    return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
  }
  return length;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The first line of every document we write. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

// XML 1.0, section 2.2: these cannot stand in a document even as character references.
const ILLEGAL = /[\p{Surrogate}\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Gives `text` as element content: illegal characters left out, markup escaped; reading it back gives the rest. */
export function escapeXml(text: string): string {
  return text.replace(ILLEGAL, "").replace(/[&<>\r]/g, (character) => ESCAPES[character]!);
}

/** Gives `text` as an attribute value between double quotes; line breaks and tabs survive reading. */
export function escapeXmlAttribute(text: string): string {
  return text.replace(ILLEGAL, "").replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character]!);
}

/** An element with text and, if any, attributes: `<name key="value">text</name>`. Names are ours and not checked. */
export function xmlElement(
  name: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  return `<${name}${xmlAttributes(attributes)}>${escapeXml(text)}</${name}>`;
}

/** An element without content: `<name key="value"/>`. */
export function emptyXmlElement(name: string, attributes: Readonly<Record<string, string>>): string {
  return `<${name}${xmlAttributes(attributes)}/>`;
}

function xmlAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXmlAttribute(value)}"`)
    .join("");
}
