import { describe, expect, it } from "vitest";
import { Failure, failureFromRest } from "./failure.ts";

describe("failureFromRest", () => {
  it.each([
    [{ code: "PT422", message: "text_empty", hint: "text" }, "invalid", "text_empty", "text"],
    [{ code: "PT404", message: "no_such_person", hint: null }, "not_found", "no_such_person", null],
    [{ code: "PT413", message: "photo_too_large", hint: "photo" }, "too_large", "photo_too_large", "photo"],
    [{ code: "42501", message: "permission denied for table persons" }, "forbidden", "forbidden", null],
    [
      { code: "57014", message: "canceling statement due to statement timeout" },
      "unavailable",
      "unavailable",
      null,
    ],
    [{ code: "40P01", message: "deadlock detected" }, "unavailable", "unavailable", null],
    [{ code: "22021", message: "invalid byte sequence" }, "invalid", "invalid", null],
    [
      { code: "23505", message: "duplicate key", details: "Key (email)=(a@b.c)" },
      "conflict",
      "conflict",
      null,
    ],
    [{ code: "23514", message: "violates check" }, "invalid", "invalid", null],
    [{ code: "PGRST116", message: "no rows" }, "not_found", "not_found", null],
    [{ code: "PGRST205", message: "not in the schema cache" }, "unavailable", "unavailable", null],
    [{ code: "", message: "TypeError: fetch failed", status: 0 }, "unavailable", "unavailable", null],
    [{ message: "<html>bad gateway", status: 502 }, "unavailable", "unavailable", null],
    [{ message: "Invalid API key", status: 401 }, "forbidden", "forbidden", null],
  ])("%j is %s", (error, kind, token, field) => {
    const failure = failureFromRest(error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ kind, token, field });
  });

  it("takes the seconds to wait from the detail", () => {
    expect(failureFromRest({ code: "PT429", message: "too_many", details: "41.2" }).retryAfter).toBe(42);
    expect(failureFromRest({ code: "PT429", message: "too_many", details: "" }).retryAfter).toBeUndefined();
  });

  it("A3: never passes on what the database says in its own words", () => {
    for (const error of [
      { code: "23505", message: "duplicate key app.persons", details: "Key (email)=(wang@example.org)" },
      { code: "PT422", message: "relation app.persons: wang@example.org", hint: null },
      { code: "XX000", message: "internal wang@example.org" },
    ]) {
      const failure = failureFromRest(error);
      expect(
        `${failure.stack} ${String((failure.cause as Error | undefined)?.stack)} ${failure.token}`,
      ).not.toMatch(/wang@|app\.persons/);
    }
  });
});
