import { expect, test } from "vitest";
import { mayBeFramed, pageKind } from "./page-kind.ts";

test("a page has no script unless one of its routes asks for it, and the most demanding one wins", () => {
  expect(pageKind([undefined, {}, null, { enhance: false }, "enhance"])).toBe("plain");
  expect(pageKind([{ enhance: true }, {}])).toBe("enhanced");
  expect(pageKind([{ enhance: true }, { hydrate: true }])).toBe("hydrated");
});

test("only a route that asks for it may be framed", () => {
  expect(mayBeFramed([{ enhance: true }])).toBe(false);
  expect(mayBeFramed([undefined, { embed: true }])).toBe(true);
});
