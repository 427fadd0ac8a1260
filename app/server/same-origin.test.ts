import { expect, test } from "vitest";
import { judgeOrigin, needsPreflight, originsOfSite } from "./same-origin.ts";

const ours = originsOfSite("https://lookout.example");

test.each([
  ["same-origin", "https://lookout.example", "ours"],
  ["same-origin", undefined, "ours"],
  ["none", undefined, "ours"],
  [undefined, "https://lookout.example", "ours"],
  [undefined, "HTTPS://LOOKOUT.EXAMPLE", "ours"],
  ["same-site", "https://evil.lookout.example", "foreign"],
  ["cross-site", "https://evil.example", "foreign"],
  ["cross-site", undefined, "foreign"],
  ["cross-site", "null", "foreign"],
  [undefined, "null", "foreign"],
  [undefined, "http://lookout.example", "foreign"],
  [undefined, "https://lookout.example:8443", "foreign"],
  [undefined, "https://lookout.example.evil.example", "foreign"],
  [undefined, "", "foreign"],
  ["SAME-ORIGIN", undefined, "foreign"],
  [undefined, undefined, "unknown"],
])("H24 Sec-Fetch-Site %s and Origin %s: %s", (secFetchSite, origin, verdict) => {
  expect(judgeOrigin({ secFetchSite, origin }, ours)).toBe(verdict);
});

test("a machine that is its own visitor is known by all its names, but only on its own port", () => {
  const local = originsOfSite("http://127.0.0.1:3000");
  expect([...local].sort()).toEqual(["http://127.0.0.1:3000", "http://[::1]:3000", "http://localhost:3000"]);
});

test.each([
  ["application/json", true],
  ["application/geo+json", true],
  ["application/xml", true],
  ["application/pfif+xml", true],
  ["text/plain", false],
  ["application/x-www-form-urlencoded", false],
  ["multipart/form-data", false],
  ["", false],
])("a page of another site must ask before it sends %s: %s", (type, must) => {
  expect(needsPreflight(type)).toBe(must);
});
