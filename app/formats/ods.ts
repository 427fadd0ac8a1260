import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { stripControls } from "./safe-text.ts";
import { escapeXml, escapeXmlAttribute, XML_DECLARATION } from "./xml.ts";

/** What a cell may hold. A text is a text whatever it looks like: no cell is ever a formula. */
export type OdsCell = string | number | boolean | null;

export const ODS_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet";

/** A sheet of LibreOffice ends at row 1,048,576; what is longer goes on in another. */
const rowsOfSheet = 1_000_000;

/** What stands on the first sheet: what this is, who counted it, under which licence. */
export interface OdsNotes {
  title: string;
  lines: readonly string[];
}

/**
 * A spreadsheet (OpenDocument 1.3) in pieces while the rows arrive, so that memory does not grow with them. Values are
 * typed: numbers are numbers, everything else is text (`office:value-type="string"`), formulas are never written.
 *
 * @param columns the names of the columns, in order; each row gives its cells in the same order
 */
export async function* odsPieces(
  sheet: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly (readonly OdsCell[])[]>,
  notes: OdsNotes,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failed: Error | null = null;
  const zip = new Zip((error, piece) => {
    if (error) failed = error;
    else if (piece.length > 0) ready.push(piece);
  });
  const taken = (): Uint8Array[] => {
    if (failed) throw failed;
    return ready.splice(0);
  };
  const encoder = new TextEncoder();

  // The type stands first and plain, where programs look for it without opening the archive.
  const type = new ZipPassThrough("mimetype");
  zip.add(type);
  type.push(encoder.encode(ODS_MEDIA_TYPE), true);
  for (const [name, text] of [
    ["META-INF/manifest.xml", manifest],
    ["styles.xml", styles],
    ["meta.xml", metaOf(notes)],
  ] as const) {
    const file = new ZipDeflate(name, { level: 6 });
    zip.add(file);
    file.push(encoder.encode(text), true);
  }

  const content = new ZipDeflate("content.xml", { level: 4 });
  zip.add(content);
  const write = (text: string, isLast = false) => content.push(encoder.encode(text), isLast);
  const head = `<table:table-row>${columns.map((column) => cellOf(column, "head")).join("")}</table:table-row>`;
  const opening = (number: number) =>
    `<table:table table:name="${escapeXmlAttribute(number === 1 ? sheet : `${sheet} ${number}`)}"><table:table-column table:number-columns-repeated="${columns.length}" table:default-cell-style-name="cell"/><table:table-header-rows>${head}</table:table-header-rows>\n`;
  let sheets = 1;
  let inSheet = 0;
  write(`${contentStart}${opening(1)}`);
  for await (const batch of rows) {
    let text = "";
    for (const row of batch) {
      if (inSheet === rowsOfSheet) {
        sheets += 1;
        inSheet = 0;
        text += `</table:table>${opening(sheets)}`;
      }
      inSheet += 1;
      text += "<table:table-row>";
      for (const value of row) text += cellOf(value);
      text += "</table:table-row>\n";
    }
    write(text);
    yield* taken();
  }
  const about = [notes.title, ...notes.lines]
    .map((line) => `<table:table-row>${cellOf(line)}</table:table-row>`)
    .join("");
  write(
    `</table:table><table:table table:name="README"><table:table-column table:default-cell-style-name="cell"/>${about}</table:table></office:spreadsheet></office:body></office:document-content>\n`,
    true,
  );
  zip.end();
  yield* taken();
}

function cellOf(value: OdsCell | undefined, style?: string): string {
  if (value === null || value === undefined || value === "") return "<table:table-cell/>";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "<table:table-cell/>";
    return `<table:table-cell office:value-type="float" office:value="${value}"><text:p>${value}</text:p></table:table-cell>`;
  }
  if (typeof value === "boolean") {
    return `<table:table-cell office:value-type="boolean" office:boolean-value="${value}"><text:p>${value}</text:p></table:table-cell>`;
  }
  const paragraphs = stripControls(value)
    .split("\n")
    .map((line) => `<text:p>${spaced(escapeXml(line))}</text:p>`)
    .join("");
  return `<table:table-cell office:value-type="string"${style ? ` table:style-name="${style}"` : ""}>${paragraphs}</table:table-cell>`;
}

// A reader folds blanks into one unless they are written as elements.
function spaced(text: string): string {
  return text
    .replace(/\t/g, "<text:tab/>")
    .replace(/^ | {2,}/g, (blanks) => `<text:s text:c="${blanks.length}"/>`);
}

const namespaces =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"';

const contentStart = `${XML_DECLARATION}<office:document-content ${namespaces}><office:automatic-styles><style:style style:name="cell" style:family="table-cell"/><style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`;

const styles = `${XML_DECLARATION}<office:document-styles ${namespaces}><office:styles/></office:document-styles>\n`;

const manifest = `${XML_DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${ODS_MEDIA_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>\n`;

function metaOf({ title, lines }: OdsNotes): string {
  return `${XML_DECLARATION}<office:document-meta ${namespaces}><office:meta><dc:title>${escapeXml(title)}</dc:title><dc:description>${escapeXml(lines.join("\n"))}</dc:description></office:meta></office:document-meta>\n`;
}
