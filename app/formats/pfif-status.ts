import { pfifNamespace } from "./pfif.ts";
import { XML_DECLARATION, xmlElement } from "./xml.ts";

/** What became of the records of one kind in a write. */
export interface PfifWriteStatus {
  kind: "person" | "note";
  parsed: number;
  written: number;
  skipped: readonly { record_id: string | null; line: number; reason: string }[];
}

/**
 * The answer to a PFIF write, with the elements of the reference implementation. It leaves their prefix unbound; ours
 * is bound, so that an XML parser can read it. `broken` says that the document could not be read to its end.
 */
export function writePfifStatus(
  writes: readonly PfifWriteStatus[],
  broken: { line: number; reason: string } | null = null,
): string {
  return (
    `${XML_DECLARATION}<status:status xmlns:status="${STATUS_NAMESPACE}" xmlns:pfif="${pfifNamespace("1.4")}">\n` +
    writes.map(writeElement).join("") +
    (broken ? `  ${xmlElement("status:error", broken.reason, { line: String(broken.line) })}\n` : "") +
    "</status:status>\n"
  );
}

const STATUS_NAMESPACE = "http://zesty.ca/pfif/status";

function writeElement({ kind, parsed, written, skipped }: PfifWriteStatus): string {
  const each = skipped.map(
    ({ record_id, line, reason }) =>
      `      ${xmlElement(`pfif:${kind}_record_id`, record_id ?? "")}\n` +
      `      ${xmlElement("status:error", reason, { line: String(line) })}\n`,
  );
  return (
    "  <status:write>\n" +
    `    ${xmlElement("status:record_type", `pfif:${kind}`)}\n` +
    `    ${xmlElement("status:parsed", String(parsed))}\n` +
    `    ${xmlElement("status:written", String(written))}\n` +
    `    <status:skipped>\n${each.join("")}    </status:skipped>\n` +
    "  </status:write>\n"
  );
}
