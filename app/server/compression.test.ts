import { expect, test } from "vitest";
import { chooseEncoding, isCompressible } from "./compression.ts";

test.each([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip;q=1.0, br;q=0", "gzip"],
  ["GZIP", "gzip"],
  ["br;q=0.000", "identity"],
  ["identity", "identity"],
  ["*", "identity"],
  [";;;,,,=", "identity"],
  ["x".repeat(10_000), "identity"],
])("Accept-Encoding %s gets %s", (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

test.each([
  ["text/html; charset=utf-8", true],
  ["text/csv", true],
  ["application/json", true],
  ["application/problem+json", true],
  ["application/geo+json", true],
  ["application/pfif+xml", true],
  ["application/atom+xml; charset=utf-8", true],
  ["image/svg+xml", true],
  ["text/javascript", true],
  ["application/manifest+json", true],
  ["text/event-stream", false],
  ["image/jpeg", false],
  ["application/vnd.oasis.opendocument.spreadsheet", false],
  ["application/octet-stream", false],
  [null, false],
])("%s shrinks: %s", (type, shrinks) => {
  expect(isCompressible(type)).toBe(shrinks);
});
