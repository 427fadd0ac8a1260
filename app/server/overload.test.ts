import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchOverload } from "./overload.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("F19 a stall is seen before the next tick, and over when the loop turns again", () => {
  let stalledMs = 0;
  const watch = watchOverload(() => Date.now() + stalledMs);
  vi.advanceTimersByTime(1000);
  expect(watch.overloaded()).toBe(false);
  stalledMs = 3000;
  expect(watch.overloaded()).toBe(true);
  vi.advanceTimersByTime(250);
  expect([watch.overloaded(), watch.lagMs]).toEqual([true, 3000]);
  vi.advanceTimersByTime(250);
  expect([watch.overloaded(), watch.lagMs]).toEqual([false, 0]);
  watch.stop();
});

test("a busy loop is not an overloaded one", () => {
  let lateMs = 0;
  const watch = watchOverload(() => Date.now() + lateMs);
  for (let tick = 0; tick < 20; tick += 1) {
    lateMs += 200;
    vi.advanceTimersByTime(250);
    expect(watch.overloaded()).toBe(false);
  }
  watch.stop();
});
