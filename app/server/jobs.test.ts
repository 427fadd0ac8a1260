import { pino } from "pino";
import type { Mock } from "vitest";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Job, JobContext } from "../jobs/jobs.ts";
import { startJobs } from "./jobs.ts";

const context = { log: pino({ level: "silent" }) } as unknown as JobContext;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function job(over: Omit<Partial<Job>, "run"> & { run?: Mock<Job["run"]> } = {}) {
  const run = vi.fn<Job["run"]>(async () => {});
  return { name: "a job", everyMs: 60_000, run, ...over } satisfies Job;
}

const clockOf = (...jobs: Job[]) => startJobs({ jobs, context, random: () => 0.5 });

test("a job runs soon after the start and then in its time", async () => {
  const steady = job();
  clockOf(steady);
  await vi.advanceTimersByTimeAsync(3000);
  expect(steady.run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(steady.run).toHaveBeenCalledTimes(3);
});

test("a job never overlaps with itself", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const slow = job({
    everyMs: 1000,
    wokenByWrites: true,
    run: vi.fn<Job["run"]>(async () => {
      runs += 1;
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 5000));
      running -= 1;
    }),
  });
  const clock = clockOf(slow);
  for (let second = 0; second < 30; second += 1) {
    clock.wake();
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(most).toBe(1);
  expect(runs).toBeGreaterThan(4);
});

test("a burst of writes wakes a job once; one that is woken while it runs runs again", async () => {
  const outbox = job({ wokenByWrites: true });
  const steady = job();
  const clock = clockOf(outbox, steady);
  await vi.advanceTimersByTimeAsync(10_000);
  for (let write = 0; write < 50; write += 1) clock.wake();
  await vi.advanceTimersByTimeAsync(1000);
  expect([outbox.run.mock.calls.length, steady.run.mock.calls.length]).toEqual([2, 1]);
});

test("a job that fails is tried again", async () => {
  const failing = job({ run: vi.fn<Job["run"]>().mockRejectedValueOnce(new Error("no network")) });
  clockOf(failing);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(failing.run).toHaveBeenCalledTimes(2);
});

test("F8 a stopping process asks its jobs to stop and waits for them", async () => {
  let finished = false;
  const long = job({
    run: vi.fn<Job["run"]>(
      (_context, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            setTimeout(() => {
              finished = true;
              resolve();
            }, 500);
          });
        }),
    ),
  });
  const clock = clockOf(long);
  await vi.advanceTimersByTimeAsync(3000);
  const stopped = clock.stop();
  await vi.advanceTimersByTimeAsync(600);
  await stopped;
  expect(finished).toBe(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(long.run).toHaveBeenCalledTimes(1);
});
