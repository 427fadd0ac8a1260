import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const known = ["doctor", "demo", "event", "import", "export", "review", "expire", "backup", "restore"];

test.each([
  ["demi", "demo"],
  ["docter", "doctor"],
  ["imoprt", "import"],
  ["bac", "backup"],
  ["ex", "export"],
  ["xyzzy", null],
  ["", null],
])("%s is most like %s", (typed, expected) => {
  expect(nearest(typed, known)).toBe(expected);
});
