import fc from "fast-check";
import { expect, test } from "vitest";
import { isUuid, mustBeId } from "./record-ids.ts";

test("every id that is made here is one", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(isUuid(id)).toBe(true);
    }),
  );
});

test.each([
  "", "1", "-1", "2147483648", "9007199254740993", "../", "01234567-89AB-4DEF-8123-456789ABCDEF", "01234567-89ab-4def-8123-456789abcde",
  "01234567-89ab-4def-8123-456789abcdef\n", "01234567-89ab-4def-8123-456789abcdef' or 1=1", "%00", "０1234567-89ab-4def-8123-456789abcdef",
])("H30: %j is none, and is answered like one that is not there", (id) => {
  expect(isUuid(id)).toBe(false);
  expect(() => mustBeId(id)).toThrow(expect.objectContaining({ kind: "not_found", token: "person_not_found" }));
}); // prettier-ignore

test("what is no text is none", () => {
  fc.assert(
    fc.property(fc.anything(), (any) => {
      expect(typeof any === "string" || !isUuid(any)).toBe(true);
    }),
  );
});
