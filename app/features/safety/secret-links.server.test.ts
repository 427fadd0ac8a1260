import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  freshToken,
  hashOf,
  looksLikeToken,
  manageToken,
  sameToken,
} from "../../platform/secret-links.server.ts";
import { knownHashes, viewToken } from "./secret-links.server.ts";

/** Text of any UTF-16 units: halves of characters, controls and all. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));

const secretOf = (site: string) => (purpose: string) => createHmac("sha256", site).update(purpose).digest();
const ours = secretOf("our site");
const theirs = secretOf("another site");
const clientId = "01234567-89ab-4def-8123-456789abcdef";

describe("tokens", () => {
  test("look like tokens, and no two are the same", () => {
    const many = [
      ...Array.from({ length: 200 }, freshToken),
      ...Array.from({ length: 200 }, () => manageToken(ours, null)),
      viewToken(ours, clientId),
    ];
    expect(new Set(many).size).toBe(many.length);
    for (const token of many) expect(looksLikeToken(token)).toBe(true);
    // At least 128 bits in each.
    for (const token of many) expect(Buffer.from(token, "base64url").length).toBeGreaterThanOrEqual(16);
  });

  test("F13: a resend of the same post gets the same manage link, on this site alone", () => {
    const post = { clientId, body: "digest" };
    expect(manageToken(ours, post)).toBe(manageToken(ours, { ...post, clientId: clientId.toUpperCase() }));
    expect(manageToken(ours, post)).not.toBe(manageToken(theirs, post));
    expect(manageToken(ours, post)).not.toBe(
      manageToken(ours, { ...post, clientId: `${clientId.slice(0, -1)}0` }),
    );
  });

  test("whoever comes later with somebody's client id does not get their link", () => {
    expect(manageToken(ours, { clientId, body: "mine" })).not.toBe(
      manageToken(ours, { clientId, body: "yours" }),
    );
  });

  test("the link that shows a record neither manages it nor shows another", () => {
    expect(manageToken(ours, { clientId, body: "a" })).not.toBe(manageToken(ours, { clientId, body: "b" }));
    expect(viewToken(ours, clientId)).not.toBe(manageToken(ours, { clientId, body: "a" }).slice(0, 32));
    expect(manageToken(ours, { clientId, body: "a" })).not.toBe(manageToken(ours, { clientId, body: "b" }));
    expect(viewToken(ours, clientId)).not.toBe(viewToken(ours, `${clientId.slice(0, -1)}0`));
    expect(viewToken(ours, clientId)).toBe(viewToken(ours, clientId));
    expect(manageToken(ours, { clientId, body: "a" })).not.toBe(manageToken(ours, { clientId, body: "b" }));
    expect(viewToken(ours, clientId)).not.toBe(viewToken(theirs, clientId));
  });

  test("H29: what is cut short, has other letters or other signs is none", () => {
    for (const token of [
      "",
      "short",
      "a".repeat(19),
      "a".repeat(65),
      `${"a".repeat(20)}\n`,
      `${"a".repeat(19)}=`,
      "../".repeat(10),
      "王".repeat(20),
      null,
      undefined,
    ])
      expect(looksLikeToken(token)).toBe(false);
    fc.assert(
      fc.property(units, (any) => {
        expect(() => looksLikeToken(any)).not.toThrow();
      }),
    );
  });
});

describe("hashes", () => {
  test("are what the database takes: 64 small hexadecimal letters", () => {
    fc.assert(
      fc.property(units, (any) => {
        expect(hashOf(any)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
    expect(hashOf("a")).toBe("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
  });

  test("sameToken says so for the same and for nothing else, of any length", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameToken(a, b)).toBe(a === b);
        expect(sameToken(a, a)).toBe(true);
      }),
    );
  });
});

describe("proofs of knowing somebody", () => {
  test("are one for each spelling and fact", () => {
    const proofs = knownHashes(ours, ["w:wang xiaoming", "h:王小明"], ["born 1990", "phone 5678"]);
    expect(new Set(proofs).size).toBe(4);
    for (const proof of proofs) expect(proof).toMatch(/^[0-9a-f]{64}$/);
  });

  test("need both, and cannot be worked out elsewhere", () => {
    const [proof] = knownHashes(ours, ["n"], ["born 1990"]);
    expect(knownHashes(ours, ["n"], ["born 1991"])).not.toContain(proof);
    expect(knownHashes(ours, ["m"], ["born 1990"])).not.toContain(proof);
    expect(knownHashes(theirs, ["n"], ["born 1990"])).not.toContain(proof);
    expect(knownHashes(ours, [], ["born 1990"])).toEqual([]);
    expect(knownHashes(ours, ["n"], [])).toEqual([]);
  });

  test("a name cannot be moved into the fact", () => {
    expect(knownHashes(ours, ["a\u0000b"], ["c"])).not.toEqual(
      knownHashes(ours, ["a"], ["b\u0000c"]).concat("x"),
    );
    expect(knownHashes(ours, ["ab"], ["c"])).not.toEqual(knownHashes(ours, ["a"], ["bc"]));
  });
});
