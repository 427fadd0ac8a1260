import { describe, expect, it } from "vitest";
import { writePfifStatus } from "./pfif-status.ts";
import { readXml } from "./xml.ts";

async function texts(document: string): Promise<string[]> {
  const found: string[] = [];
  const source = (async function* () {
    yield document;
  })();
  for await (const item of readXml<string>(source, (emit) => ({
    close: ({ name, attributes }, text) => {
      if (text.trim() !== "" || name.endsWith("_id"))
        emit([name, text, ...Object.values(attributes)].join("|"));
    },
  }))) {
    found.push(item);
  }
  return found;
}

describe("writePfifStatus", () => {
  it("counts and names what was skipped, whatever its id is made of", async () => {
    const status = writePfifStatus([
      {
        kind: "person",
        parsed: 3,
        written: 1,
        skipped: [
          { record_id: "a.example/<&>", line: 4, reason: "own_domain" },
          { record_id: null, line: 9, reason: "person_record_id_missing" },
        ],
      },
      { kind: "note", parsed: 0, written: 0, skipped: [] },
    ]);
    expect(await texts(status)).toEqual([
      "record_type|pfif:person",
      "parsed|3",
      "written|1",
      "person_record_id|a.example/<&>",
      "error|own_domain|4",
      "person_record_id|",
      "error|person_record_id_missing|9",
      "record_type|pfif:note",
      "parsed|0",
      "written|0",
    ]);
  });

  it("says where a document broke", async () => {
    const status = writePfifStatus([], { line: 12, reason: "xml_too_deep" });
    expect(await texts(status)).toEqual(["error|xml_too_deep|12"]);
  });
});
