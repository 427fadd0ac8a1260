import { expect, test } from "vitest";
import { paths, withQuery } from "./paths.ts";

test("an id cannot leave its place in the address", () => {
  expect(paths.person("../admin?x=1#y")).toBe("/safety/persons/..%2Fadmin%3Fx%3D1%23y");
});

test("empty filters leave no trace in the address", () => {
  expect(paths.board({ q: "", event: "christchurch-2011", status: null, country: undefined })).toBe(
    "/safety?event=christchurch-2011",
  );
  expect(paths.board()).toBe("/safety");
});

test("names in any script arrive as they were typed", () => {
  const address = paths.board({ q: "陳志明 & Co" });
  expect(new URL(address, "http://x").searchParams.get("q")).toBe("陳志明 & Co");
});

test("a repeated parameter is repeated", () => {
  expect(withQuery("/map", { kind: ["road", "bridge"] })).toBe("/map?kind=road&kind=bridge");
});
