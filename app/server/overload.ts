/**
 * Watches whether the event loop still turns. When it lags, new work is turned away for a moment, so that the work
 * already begun gets finished.
 */
export interface OverloadWatch {
  overloaded(): boolean;
  /** How late the newest tick was. */
  readonly lagMs: number;
  stop(): void;
}

const tickMs = 250;
const tooLateMs = 1000;

export function watchOverload(now: () => number = () => performance.now()): OverloadWatch {
  let expected = now() + tickMs;
  let lagMs = 0;
  const timer = setInterval(() => {
    const at = now();
    lagMs = Math.max(0, at - expected);
    expected = at + tickMs;
  }, tickMs);
  timer.unref();
  return {
    // Also the tick that has not come yet counts: the first request after a stall arrives before it.
    overloaded: () => Math.max(lagMs, now() - expected) > tooLateMs,
    get lagMs() {
      return lagMs;
    },
    stop: () => clearInterval(timer),
  };
}
