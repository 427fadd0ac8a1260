import { describe, expect, it } from "vitest";
import { z } from "zod";
import { problemSchema } from "../formats/openapi.ts";
import { Failure, type FailureKind } from "../platform/failure.ts";
import { accepted, acceptedQuery, orProblem, postOnly, Refused } from "./problem.ts";

async function told(error: Error) {
  const answer = await orProblem(() => Promise.reject(error));
  return { answer, body: z.strictObject(problemSchema.shape).parse(await answer.json()) };
}

describe("orProblem", () => {
  it.each([
    ["invalid", 422],
    ["forbidden", 403],
    ["not_found", 404],
    ["gone", 410],
    ["conflict", 409],
    ["too_many", 429],
    ["too_large", 413],
    ["unavailable", 503],
  ] satisfies [FailureKind, number][])("%s leaves as %i", async (kind, status) => {
    const { answer, body } = await told(new Failure(kind, "a_token"));
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({ status, token: "a_token", errors: [] });
  });

  it("names the field and the seconds", async () => {
    const { answer, body } = await told(
      new Failure("too_many", "too_many", { field: "text", retryAfter: 17 }),
    );
    expect(answer.headers.get("retry-after")).toBe("17");
    expect(body.errors).toEqual([{ field: "text", token: "too_many" }]);
  });

  it("lets faults be faults", async () => {
    await expect(orProblem(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
  });
});

describe("accepted", () => {
  const schema = z.object({
    n: z.coerce.number().min(1, "n_invalid").optional(),
    w: z.enum(["a"], { error: "w_unknown" }).optional(),
  });

  it("names every field that is wrong", () => {
    try {
      accepted(schema, { n: 0, w: "b" });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      expect(error).toMatchObject({
        status: 422,
        token: "n_invalid",
        errors: [
          { field: "n", token: "n_invalid" },
          { field: "w", token: "w_unknown" },
        ],
      });
    }
  });

  it("of a parameter sent twice the last counts, and an empty one is no answer", () => {
    const query = (search: string) => acceptedQuery(schema, new Request(`https://x.example/?${search}`));
    expect(query("n=0&n=2&w=&__proto__=1&x=y")).toEqual({ n: 2 });
    expect(() => query("n=2&n=0")).toThrow("n_invalid");
  });
});

it("an address for POST alone says so", () => {
  expect(postOnly().status).toBe(405);
  expect(postOnly().headers.get("allow")).toContain("POST");
});
