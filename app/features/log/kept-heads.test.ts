import { describe, expect, it } from "vitest";
import { headLine, readHeads } from "./kept-heads.ts";

const hash = "ab".repeat(32);

describe("kept heads", () => {
  it("reads what it writes, and what people copy", () => {
    const line = headLine({ day: "2026-11-24", entry_id: 12, hash });
    expect(readHeads(`# kept by the library\n${line}\r\n${line}`)).toEqual([
      { entry_id: 12, hash },
      { entry_id: 12, hash },
    ]);
    expect(readHeads(`12:${hash.toUpperCase()}`)).toEqual([{ entry_id: 12, hash }]);
    expect(
      readHeads(JSON.stringify({ about: "…", heads: [{ day: "2026-11-24", entry_id: 12, hash }] })),
    ).toEqual([{ entry_id: 12, hash }]);
    expect(readHeads("")).toEqual([]);
  });

  it.each([`12 ${hash.slice(1)}`, "12", "hello", "{", '{"heads":[{"entry_id":"12"}]}', `-1 ${hash}`])(
    "refuses %j: a head that is overlooked proves nothing",
    (text) => {
      expect(readHeads(text)).toBeNull();
    },
  );
});
