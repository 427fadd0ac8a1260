/** Reads pages of ours as a client without script does. Only for well-formed HTML as the site renders it. */

export interface HtmlElement {
  attributes: Record<string, string>;
  /** What stands inside, still as HTML; empty for elements without an end. */
  inner: string;
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Text of HTML with its character references resolved. */
export function decodeHtml(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex as string, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}

/** What a reader sees of a piece of HTML, without tags. */
export function textOf(html: string): string {
  return decodeHtml(
    html.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, "").replace(/<!--[\s\S]*?-->|<[^>]*>/g, ""),
  );
}

/** All elements of a name, in order; nested ones of the same name are not told apart. */
export function elementsOf(html: string, name: string): HtmlElement[] {
  const found: HtmlElement[] = [];
  for (const match of html.matchAll(new RegExp(`<${name}\\b((?:[^>"]|"[^"]*")*)>`, "g"))) {
    const begin = match.index + match[0].length;
    const end = html.indexOf(`</${name}>`, begin);
    found.push({
      attributes: attributesOf(match[1] ?? ""),
      inner: isVoid.test(name) || end < 0 ? "" : html.slice(begin, end),
    });
  }
  return found;
}

/** The element with this id, or null. */
export function elementById(html: string, name: string, id: string): HtmlElement | null {
  return elementsOf(html, name).find(({ attributes }) => attributes.id === id) ?? null;
}

/** What a browser would send of a form that nobody has touched. */
export function fieldsOf(html: string, formId: string): Record<string, string[]> {
  const form = elementById(html, "form", formId);
  if (!form) throw new Error(`There is no form "${formId}" on the page.`);
  const fields: Record<string, string[]> = {};
  const add = (name: string | undefined, value: string) => {
    if (name) (fields[name] ??= []).push(value);
  };
  for (const { attributes } of elementsOf(form.inner, "input")) {
    const { type = "text", name, value = "" } = attributes;
    if (type === "file" || type === "submit" || type === "button") continue;
    if ((type === "checkbox" || type === "radio") && !("checked" in attributes)) continue;
    add(name, value);
  }
  for (const { attributes, inner } of elementsOf(form.inner, "textarea")) {
    // The parser drops one line break right after the tag.
    add(attributes.name, decodeHtml(inner).replace(/^\n/, ""));
  }
  for (const { attributes, inner } of elementsOf(form.inner, "select")) {
    const options = elementsOf(inner, "option");
    const chosen = options.find((option) => "selected" in option.attributes) ?? options[0];
    if (chosen) add(attributes.name, chosen.attributes.value ?? textOf(chosen.inner));
  }
  return fields;
}

/** What an error summary says: the words, and the field each leads to (null for the form as a whole). */
export function summaryOf(html: string, formId: string): Array<{ text: string; target: string | null }> {
  const summary = new RegExp(`<div[^>]*id="${formId}-summary"[\\s\\S]*?</div>`).exec(html)?.[0];
  if (!summary) return [];
  return elementsOf(summary, "li").map(({ inner }) => ({
    text: textOf(inner),
    target: elementsOf(inner, "a")[0]?.attributes.href?.replace(/^#/, "") ?? null,
  }));
}

const isVoid = /^(?:input|img|meta|link|br|hr)$/;

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) {
    if (name) attributes[name] = decodeHtml(value ?? "");
  }
  return attributes;
}
