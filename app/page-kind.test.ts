import { expect, test } from "vitest";
import { hasMap, mayBeFramed, pageKind, settledHandle } from "./page-kind.ts";

test("a page has no script unless one of its routes asks for it, and the most demanding one wins", () => {
  expect(pageKind([undefined, {}, null, { enhance: false }, "enhance"])).toBe("plain");
  expect(pageKind([{ enhance: true }, {}])).toBe("enhanced");
  expect(pageKind([{ enhance: true }, { hydrate: true }])).toBe("hydrated");
  expect(pageKind([{}, { map: true }])).toBe("enhanced");
  expect([hasMap([{ enhance: true }]), hasMap([undefined, { map: true }])]).toEqual([false, true]);
});

test("a route may ask for the script only for some of its answers", () => {
  const handle = { enhance: (data: unknown) => (data as { posted: boolean }).posted };
  expect(pageKind([settledHandle(handle, { posted: true })])).toBe("enhanced");
  expect(pageKind([settledHandle(handle, { posted: false })])).toBe("plain");
  expect(pageKind([settledHandle(handle, undefined), settledHandle(null, {})])).toBe("plain");
});

test("only a route that asks for it may be framed", () => {
  expect(mayBeFramed([{ enhance: true }])).toBe(false);
  expect(mayBeFramed([undefined, { embed: true }])).toBe(true);
});
