import { expect, test } from "vitest";
import { action } from "./language.ts";

type Call = Parameters<typeof action>[0];

function choose(answers: Record<string, string>, publicUrl = "https://lookout.example"): Promise<Response> {
  const request = new Request("http://127.0.0.1/language", {
    method: "POST",
    body: new URLSearchParams(answers),
  });
  return action({ request, params: {}, context: { publicUrl } as Call["context"] });
}

test("Choosing a language remembers it and comes back to the page", async () => {
  const answer = await choose({ lang: "ja", next: "/safety?q=Tan" });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("Location")).toBe("/safety?q=Tan");
  expect(answer.headers.get("Set-Cookie")).toMatch(/^lang=ja; .*Secure$/);
});

test("On a machine without https the choice is remembered too", async () => {
  const answer = await choose({ lang: "en" }, "http://127.0.0.1:3000");
  expect(answer.headers.get("Location")).toBe("/");
  expect(answer.headers.get("Set-Cookie")).not.toContain("Secure");
});

test("H36, H37: an unknown language is not kept, another site is not gone to", async () => {
  const answer = await choose({ lang: "../../etc", next: "//evil.example" });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("Location")).toBe("/");
  expect(answer.headers.get("Set-Cookie")).toBeNull();
});
