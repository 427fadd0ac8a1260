import type { Dataset, DatasetHead, DatasetRow, DatasetValue, FieldType } from "./dataset.ts";
import { escapeXml, escapeXmlAttribute, XML_DECLARATION } from "./xml.ts";

/** The namespace of a dataset: its rows and the schema that is published beside them agree on it. */
export function datasetNamespace(id: string): string {
  return `urn:lookout:dataset:${id}`;
}

/** A dataset as XML in pieces. An element that has no value is left out, a list has one `item` for each of its own. */
export async function* xmlPieces(
  dataset: Dataset,
  head: DatasetHead,
  rows: AsyncIterable<readonly DatasetRow[]>,
  next: () => string | null,
): AsyncGenerator<string> {
  yield `${XML_DECLARATION}<dataset xmlns="${datasetNamespace(dataset.id)}" id="${escapeXmlAttribute(dataset.id)}" made_at="${escapeXmlAttribute(head.made_at)}" licence="${escapeXmlAttribute(head.licence)}">\n<title>${escapeXml(head.title)}</title>\n<basis>${escapeXml(head.basis)}</basis>\n`;
  for await (const batch of rows) {
    let piece = "";
    for (const row of batch) {
      piece += "<row>";
      for (const { name } of dataset.fields) piece += element(name, row[name]);
      piece += "</row>\n";
    }
    yield piece;
  }
  const cursor = next();
  yield `${cursor === null ? "" : `<next>${escapeXml(cursor)}</next>\n`}</dataset>\n`;
}

function element(name: string, value: DatasetValue | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") {
    return `<${name}>${value.map((item) => `<item>${escapeXml(item)}</item>`).join("")}</${name}>`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) return "";
  return `<${name}>${typeof value === "string" ? escapeXml(value) : String(value)}</${name}>`;
}

const xsdTypes: Readonly<Record<Exclude<FieldType, "list">, string>> = {
  text: "xs:string",
  integer: "xs:integer",
  number: "xs:decimal",
  boolean: "xs:boolean",
  date: "xs:date",
  time: "xs:dateTime",
  url: "xs:anyURI",
};

/** The schema (XML Schema 1.0) by which the XML of a dataset is valid, with the descriptions of its fields. */
export function datasetSchema(dataset: Dataset): string {
  const fields = dataset.fields.map(({ name, type, about, words }) => {
    const notes = Object.entries(about)
      .map(
        ([language, text]) =>
          `<xs:documentation xml:lang="${language}">${escapeXml(text)}</xs:documentation>`,
      )
      .join("");
    const start = `<xs:element name="${name}" minOccurs="0"`;
    const annotation = `<xs:annotation>${notes}</xs:annotation>`;
    if (type === "list") {
      return `${start}>${annotation}<xs:complexType><xs:sequence><xs:element name="item" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>`;
    }
    if (words) {
      const known = words.map((word) => `<xs:enumeration value="${escapeXmlAttribute(word)}"/>`).join("");
      return `${start}>${annotation}<xs:simpleType><xs:restriction base="xs:string">${known}</xs:restriction></xs:simpleType></xs:element>`;
    }
    return `${start} type="${xsdTypes[type]}">${annotation}</xs:element>`;
  });
  return `${XML_DECLARATION}<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="${datasetNamespace(dataset.id)}" targetNamespace="${datasetNamespace(dataset.id)}" elementFormDefault="qualified">
<xs:element name="dataset"><xs:complexType><xs:sequence>
<xs:element name="title" type="xs:string"/>
<xs:element name="basis" type="xs:string"/>
<xs:element name="row" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
${fields.join("\n")}
</xs:sequence></xs:complexType></xs:element>
<xs:element name="next" type="xs:string" minOccurs="0"/>
</xs:sequence>
<xs:attribute name="id" type="xs:string" use="required"/>
<xs:attribute name="made_at" type="xs:dateTime" use="required"/>
<xs:attribute name="licence" type="xs:string" use="required"/>
</xs:complexType></xs:element>
</xs:schema>
`;
}
