import { expect, test } from "vitest";
import { readTarget, scrubQuery } from "./request-target.ts";

test.each([
  ["//evil.example/", 400],
  ["/a//b", 400],
  ["/\\evil.example", 400],
  ["/a%5Cb", 400],
  ["/a%2fb", 400],
  ["/a/../b", 400],
  ["/a/%2e%2e/b", 400],
  ["/a/.%2E/b", 400],
  ["/..", 400],
  ["/%ZZ", 400],
  ["/%", 400],
  ["/%00", 400],
  ["/%FF", 400],
  ["/?q=%ZZ", 400],
  ["/a\u0001b", 400],
  ["/a#b", 400],
  ["http://evil.example/", 400],
  ["*", 400],
  ["", 400],
  [`/?q=${"a".repeat(9000)}`, 414],
])("H13 H22 H38 %s is refused", (raw, status) => {
  expect(readTarget(raw)).toEqual({ status });
});

test.each([
  ["/", "/", ""],
  ["/safety?q=%E9%99%B3&event=x", "/safety", "q=%E9%99%B3&event=x"],
  ["/safety/persons/1.pfif.xml", "/safety/persons/1.pfif.xml", ""],
  ["/%E5%AE%88%E6%9C%9B", "/%E5%AE%88%E6%9C%9B", ""],
  ["/a?next=//b/../c", "/a", "next=//b/../c"],
  ["/a?", "/a", ""],
])("%s is read", (raw, path, query) => {
  expect(readTarget(raw)).toEqual({ path, query });
});

test("a name sent in bare UTF-8 is read like an encoded one", () => {
  const raw = Buffer.from("/safety?q=陳").toString("latin1");
  expect(readTarget(raw)).toEqual({ path: "/safety", query: "q=%E9%99%B3" });
});

test("H48 tokens, keys, second facts and names never reach the log", () => {
  const scrubbed = scrubQuery("token=s3cret&event=a&known=1990&key=k&q=%E9%99%B3&email=a%40b");
  expect(scrubbed).toBe("token=…&event=a&known=…&key=…&q=…&email=…");
});
