import { describe, expect, it } from "vitest";
import { clientIdOf, readJson } from "./json-body.ts";

function sent(
  body: BodyInit,
  headers: Record<string, string> = { "content-type": "application/json" },
): Request {
  return new Request("https://x.example/", { method: "POST", body, headers });
}

const refusal = (token: string, status: number) => expect.objectContaining({ token, status });

describe("readJson", () => {
  it("gives the fields asked for and no others", async () => {
    const { fields, digest } = await readJson(sent('{"a":1,"b":[{"c":2}],"__proto__":{"d":3},"e":4}'), [
      "a",
      "b",
      "d",
    ]);
    expect(fields).toEqual({ a: 1, b: [{ c: 2 }] });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("H20: finds nothing on a prototype", async () => {
    expect(
      (await readJson(sent('{"__proto__":{"toString":1}}'), ["toString", "constructor"])).fields,
    ).toEqual({});
  });

  it("takes a charset and a byte order mark", async () => {
    const body = new TextEncoder().encode('\ufeff{"a":"陳"}');
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await readJson(sent(body, headers), ["a"])).fields).toEqual({ a: "陳" });
  });

  it("brackets within texts are no depth", async () => {
    const text = '[{"\\'.repeat(100);
    const body = JSON.stringify({ a: text });
    expect((await readJson(sent(body), ["a"])).fields).toEqual({ a: text });
  });

  it.each(["", "{", "[]", "null", "1", '{"a":1}x', `{"a":${"[".repeat(9)}${"]".repeat(9)}}`])(
    "refuses %j",
    async (body) => {
      await expect(readJson(sent(body), [])).rejects.toEqual(refusal("json_invalid", 400));
    },
  );

  it("refuses other types, and bytes that are no UTF-8", async () => {
    for (const type of ["text/plain", "application/json-seq", "application/x+json"]) {
      const request = sent("{}", { "content-type": type });
      await expect(readJson(request, [])).rejects.toEqual(refusal("unsupported_media_type", 415));
    }
    const latin = new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]);
    await expect(readJson(sent(latin), [])).rejects.toEqual(refusal("json_invalid", 400));
  });

  it("a quarter of a megabyte of brackets takes no time", async () => {
    const began = performance.now();
    await expect(readJson(sent(`{"a":${"[".repeat(250_000)}`), [])).rejects.toEqual(
      refusal("json_invalid", 400),
    );
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("clientIdOf", () => {
  const keyed = (key: string) => clientIdOf(sent("{}", { "Idempotency-Key": key }));

  it("gives every key its own id, always the same", () => {
    expect(keyed("1")).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(keyed("1")).toBe(keyed("1"));
    expect(keyed("1")).not.toBe(keyed("2"));
    expect(clientIdOf(sent("{}"))).toBeUndefined();
  });

  it.each(["", "x".repeat(201)])("refuses a key of the wrong length", (key) => {
    expect(() => keyed(key)).toThrow("idempotency_key_invalid");
  });
});
