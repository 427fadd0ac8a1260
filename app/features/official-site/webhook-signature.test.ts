import { describe, expect, it } from "vitest";
import { isSigned, signatureOf, webhookKey } from "./webhook-signature.server.ts";

const secret = Buffer.alloc(32, 7);
const key = webhookKey(secret, "a", 1);
const at = new Date("2026-11-25T03:00:00Z");
const body = '{"event":"adopted"}';

describe("signatures of web hooks", () => {
  it("fit the body, the time and the key, and nothing else", () => {
    const header = signatureOf(body, key, at);
    expect(isSigned(header, body, key, at)).toBe(true);
    expect(isSigned(header, `${body} `, key, at)).toBe(false);
    expect(isSigned(header.replace("t=1", "t=2"), body, key, at)).toBe(false);
    expect(isSigned(header, body, webhookKey(secret, "a", 2), at)).toBe(false);
    expect(isSigned(header, body, webhookKey(secret, "b", 1), at)).toBe(false);
    for (const odd of ["", "t=,v1=", header.toUpperCase(), `${header},v1=${"0".repeat(64)}`])
      expect(isSigned(odd, body, key, at)).toBe(false);
  });

  it("a message that is played again after five minutes counts no more", () => {
    const header = signatureOf(body, key, at);
    expect(isSigned(header, body, key, new Date(at.getTime() + 299_000))).toBe(true);
    expect(isSigned(header, body, key, new Date(at.getTime() + 301_000))).toBe(false);
  });

  it("is what any HMAC-SHA256 makes of it", () => {
    // printf '1764040000.{"a":1}' | openssl dgst -sha256 -hmac key
    expect(signatureOf('{"a":1}', "key", new Date(1_764_040_000_000))).toBe(
      "t=1764040000,v1=cb97454520e37457383e997098ef89f427d5c329e50d95f6f1903bb9442f4022",
    );
  });
});
