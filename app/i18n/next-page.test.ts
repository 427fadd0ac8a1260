import { expect, test } from "vitest";
import { nextPage } from "./next-page.ts";

test("comes back to the page it was asked from, with its query", () => {
  expect(nextPage("/safety?q=%E9%99%B3&event=christchurch")).toBe("/safety?q=%E9%99%B3&event=christchurch");
  expect(nextPage("/")).toBe("/");
});

test("H37: never leads to another site", () => {
  for (const evil of [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%0d%0aSet-Cookie:x",
    "/..//evil.example",
    "/.//evil.example",
    "/safety\r\nSet-Cookie: a=b",
    "safety",
    "",
    "/" + "a".repeat(3000),
    null,
    undefined,
    new Blob(["x"]),
  ]) {
    const next = nextPage(evil);
    const target = new URL(next, "https://lookout.example");
    expect(target.origin).toBe("https://lookout.example");
    expect(next).not.toMatch(/[\r\n\t\\]|^\/\//);
  }
});
