import { describe, expect, it } from "vitest";
import { isDecision, KEYS, readFilter, withOwnStage } from "./queue.ts";

describe("the queue", () => {
  it("has another key for each button, so that one letter never means two things", () => {
    expect(new Set(Object.values(KEYS)).size).toBe(Object.keys(KEYS).length);
    for (const key of Object.values(KEYS)) expect(key).toMatch(/^[a-z]$/);
  });

  it("reads filters out of an address and takes nothing it does not know", () => {
    const read = (query: string) => readFilter(new URLSearchParams(query));
    expect(read("kind=new&event=quake&language=ja&stage=2&age=24")).toEqual({
      kind: "new",
      event: "quake",
      language: "ja",
      stage: 2,
      age: 24,
    });
    const none = { kind: null, event: null, language: null, stage: null, age: null };
    expect(read("kind=drop&event=&language=xx&stage=3&age=-1")).toEqual(none);
    expect(read(`event=${"x".repeat(500)}`).event).toHaveLength(80);
  });

  it("shows volunteers their own stage until they ask for both", () => {
    const of = (query: string, volunteer: boolean) => {
      const parameters = new URLSearchParams(query);
      return withOwnStage(readFilter(parameters), volunteer, parameters).stage;
    };
    expect(of("", true)).toBe(1);
    expect(of("stage=", true)).toBeNull();
    expect(of("stage=2", true)).toBe(2);
    expect(of("", false)).toBeNull();
  });

  it("knows a decision from another word", () => {
    expect(isDecision("verified")).toBe(true);
    for (const word of ["constructor", "", null, "delete"]) expect(isDecision(word)).toBe(false);
  });
});
