import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** Text of any UTF-16 units: halves of characters, controls and all. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));

const part = fc.oneof(fc.string({ maxLength: 40 }), fc.integer());

test("a cursor leads back to its place", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      (scope, place) => {
        const cursor = encodeCursor(scope, place);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        if (cursor.length <= 1_000) expect(decodeCursor(scope, cursor, place.length)).toEqual(place);
      },
    ),
  );
});

test("H35: a cursor of another list or filter leads nowhere", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      (mine, other, place) => {
        fc.pre(mine !== other);
        expect(decodeCursor(other, encodeCursor(mine, place), place.length)).toBeNull();
      },
    ),
  );
  expect(decodeCursor("list", encodeCursor("list", ["a", "b"]), 1)).toBeNull();
  expect(decodeCursor("list", encodeCursor("list", ["a"]), 2)).toBeNull();
});

test("H35: what is no cursor leads nowhere, and never throws", () => {
  fc.assert(
    fc.property(units, (any) => {
      expect(decodeCursor("list", any, 1)).toBeNull();
    }),
  );
  const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const value of [
    null,
    1,
    "list",
    {},
    ["list"],
    ["list", null],
    ["list", {}],
    ["list", [1]],
    ["list", true],
    { 0: "list", 1: 2, length: 2 },
  ])
    expect(decodeCursor("list", made(value), 1)).toBeNull();
  expect(decodeCursor("list", made(["list", "a".repeat(2_000)]), 1)).toBeNull();
  expect(decodeCursor("list", "", 1)).toBeNull();
});

test("a cursor that was tampered with gives nothing that was not put in", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.constantFrom(..."ABCDabcd0123_-"), (at, letter) => {
      const cursor = encodeCursor("list", ["2026-11-22T10:00:00Z", "id"]);
      const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
      const place = decodeCursor("list", changed, 2);
      if (place) expect(place.every((one) => typeof one === "string" || typeof one === "number")).toBe(true);
    }),
  );
});
