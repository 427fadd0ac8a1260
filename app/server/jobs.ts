import { setTimeout as sleep } from "node:timers/promises";
import type { Job, JobContext } from "../jobs/jobs.ts";

/** Runs the jobs in their time: each at most once at a time, none at the same moment as all the others. */
export interface JobClock {
  /** Somebody has written: jobs that wait for writes run soon. */
  wake(): void;
  /** Asks running jobs to stop and waits until they have, or until the deadline. */
  stop(): Promise<void>;
}

export interface JobClockOptions {
  jobs: readonly Job[];
  context: JobContext;
  /** A little after a write, so that a burst of writes makes one run. */
  wakeAfterMs?: number;
  /** Between 0 and 1; many servers with the same jobs must not all knock at once. */
  random?: () => number;
  stopWithinMs?: number;
}

export function startJobs({
  jobs,
  context,
  wakeAfterMs = 200,
  random = Math.random,
  stopWithinMs = 10_000,
}: JobClockOptions): JobClock {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const clocks = jobs.map((job) => createJobTimer(job));

  function createJobTimer(job: Job) {
    let timer: NodeJS.Timeout | undefined;
    let due = Number.POSITIVE_INFINITY;
    let busy = false;
    let again = false;

    function plan(inMs: number): void {
      const at = performance.now() + inMs;
      if (stopping.signal.aborted || at >= due) return;
      clearTimeout(timer);
      due = at;
      timer = setTimeout(begin, inMs);
      timer.unref();
    }

    function begin(): void {
      due = Number.POSITIVE_INFINITY;
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      const run = runOnce(job).finally(() => {
        busy = false;
        running.delete(run);
        const soon = again;
        again = false;
        plan(soon ? wakeAfterMs : job.everyMs * (0.9 + 0.2 * random()));
      });
      running.add(run);
    }

    // The first run comes early, but not while the first visitors wait for their page.
    plan(job.startsAfterMs ?? Math.min(job.everyMs, 1000 + 4000 * random()));
    return {
      wake: () => {
        if (!job.wokenByWrites) return;
        if (busy) again = true;
        else plan(wakeAfterMs);
      },
      stop: () => clearTimeout(timer),
    };
  }

  async function runOnce(job: Job): Promise<void> {
    const log = context.log.child({ job: job.name });
    const began = performance.now();
    try {
      await job.run({ ...context, log }, stopping.signal);
      log.debug({ ms: Math.round(performance.now() - began) }, "job done");
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, "job failed; it will be tried again");
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    for (const clock of clocks) clock.stop();
    await Promise.race([Promise.allSettled(running), sleep(stopWithinMs, undefined, { ref: false })]);
  }

  return {
    wake: () => {
      for (const clock of clocks) clock.wake();
    },
    stop,
  };
}
