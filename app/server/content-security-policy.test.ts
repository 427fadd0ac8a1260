import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import helmet from "helmet";
import { expect, test } from "vitest";
import { contentSecurityPolicy, hashSource, originsOf } from "./content-security-policy.ts";
import { addSecurityHeaders } from "./headers.ts";

const styleHash = hashSource("body{}");

function directives(policy: string): Record<string, string> {
  return Object.fromEntries(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

test("a plain page may run nothing and load nothing but its own style and pictures", () => {
  expect(directives(contentSecurityPolicy({ kind: "plain", styleHash }))).toEqual({
    "default-src": "'none'",
    "script-src": "'none'",
    "style-src": `'self' ${styleHash}`,
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
  });
});

test("an enhanced page may run our own files, a hydrated one only what carries its nonce", () => {
  expect(directives(contentSecurityPolicy({ kind: "enhanced", styleHash }))["script-src"]).toBe("'self'");
  const hydrated = directives(contentSecurityPolicy({ kind: "hydrated", styleHash, nonce: "abc" }));
  expect(hydrated["script-src"]).toBe("'nonce-abc' 'strict-dynamic'");
  expect(() => contentSecurityPolicy({ kind: "hydrated", styleHash })).toThrow("nonce");
});

test("only a page with script may reach the map's servers, and only a widget may be framed", () => {
  const mapOrigins = originsOf("https://{s}.tile.example/{z}/{x}/{y}.png", "/world.pmtiles", null);
  expect(mapOrigins).toEqual(["https://*.tile.example"]);
  expect(contentSecurityPolicy({ kind: "plain", styleHash, mapOrigins })).not.toContain("tile");
  for (const kind of ["enhanced", "hydrated"] as const) {
    expect(contentSecurityPolicy({ kind, styleHash, nonce: "n", mapOrigins })).toContain("*.tile.example");
    expect(contentSecurityPolicy({ kind, styleHash, nonce: "n" })).not.toContain("tile");
  }
  expect(
    contentSecurityPolicy({
      kind: "plain",
      styleHash,
      framedBy: ["https://www.example.org", "https://b.example"],
    }),
  ).toContain("frame-ancestors https://www.example.org https://b.example");
  expect(contentSecurityPolicy({ kind: "plain", styleHash, framedBy: [] })).toContain(
    "frame-ancestors 'none'",
  );
});

test("an address in the settings cannot add a directive", () => {
  expect(originsOf("https://a.example;script-src *", "https://b.example, c", "javascript:alert(1)")).toEqual([
    "https://a.example",
    "https://b.example",
  ]);
});

test("our headers are at least as strict as those of helmet", async () => {
  const server = createServer((request, response) => {
    helmet()(request, response, () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const theirs = (await fetch(`http://127.0.0.1:${port}`)).headers;
  server.close();

  const ours = new Map([
    ["content-type", "text/html; charset=utf-8"],
    ["content-security-policy", contentSecurityPolicy({ kind: "plain", styleHash })],
  ]);
  addSecurityHeaders(ours, { https: true });

  // Left out on purpose: for browsers that are gone, or said by our policy already. Referrer-Policy differs because
  // no-referrer would break our own forms.
  const leftOut = ["origin-agent-cluster", "x-dns-prefetch-control", "x-download-options"];
  leftOut.push("x-permitted-cross-domain-policies", "x-xss-protection", "referrer-policy");
  for (const [name, value] of theirs) {
    if (leftOut.includes(name) || ["connection", "content-length", "date", "keep-alive"].includes(name))
      continue;
    if (name === "content-security-policy") continue;
    if (name === "x-frame-options") expect(ours.get(name)).toBe("DENY");
    else expect(ours.get(name), name).toBe(value);
  }
  expect(ours.get("referrer-policy")).toBe("same-origin");
});
