import { describe, expect, it } from "vitest";
import { dataAnswer, jsonAnswer } from "./data-answer.ts";

const asked = (etag?: string) =>
  new Request("https://x.example/", { headers: etag ? { "If-None-Match": etag } : {} });

describe("dataAnswer", () => {
  it("gives 304 to whoever has it, in any encoding, and the data to everybody else", async () => {
    const first = jsonAnswer(asked(), { a: 1 });
    expect(first.headers.get("content-type")).toBe("application/json");
    const etag = first.headers.get("etag")!;
    for (const have of [etag, etag.replace("W/", ""), `"other", ${etag}`, "*"]) {
      const again = jsonAnswer(asked(have), { a: 1 });
      expect(again.status, have).toBe(304);
      expect(again.body).toBeNull();
    }
    for (const have of ['"x"', "garbage", ",,,", 'W/"', undefined]) {
      expect(jsonAnswer(asked(have), { a: 1 }).status).toBe(200);
    }
    expect(jsonAnswer(asked(etag), { a: 2 }).status).toBe(200);
  });

  it("keeps what is not for everybody out of shared caches", () => {
    const answer = dataAnswer(asked(), "image/jpeg", new Uint8Array([1]), { "Cache-Control": "no-store" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});
