import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ProtectedRelease, ReleaseWork } from "../features/statistics/protect-release.ts";
import { claimRelease, finishRelease, noteProgress } from "../features/statistics/releases.server.ts";
import type { Commands } from "../platform/db.server.ts";
import type { Job } from "./jobs.ts";

/**
 * Protects the releases that officers have had counted. The arithmetic takes seconds, and one linear program may take longer than
 * a request should wait: it runs in a thread of its own.
 */
export const protectReleases: Job = {
  name: "protect-releases",
  everyMs: 15_000,
  wokenByWrites: true,
  async run({ backend, wrote, log }, signal) {
    for (;;) {
      const work = signal.aborted ? null : await claimRelease(backend.commands);
      if (!work) return;
      const began = performance.now();
      try {
        const result = await protectInThread(work, backend.commands, signal);
        if (result === null) return;
        await finishRelease(backend.commands, work.id, result);
        log.info({ period: work.period, ms: Math.round(performance.now() - began) }, "release protected");
      } catch (error) {
        log.error({ err: error, period: work.period }, "a release could not be protected");
        await finishRelease(backend.commands, work.id, {
          problem: error instanceof Error ? error.name : "Error",
        });
      }
      wrote();
    }
  },
};

/** The built thread lies beside the built server, or above the chunk that this is in. */
function threadFile(): string | null {
  const places = ["./protect-release.js", "../protect-release.js"];
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync) ?? null;
}

/** Null when the process must end, or nobody wants the release any more; the claim then runs out by itself. */
async function protectInThread(
  work: ReleaseWork,
  commands: Commands,
  signal: AbortSignal,
): Promise<ProtectedRelease | null> {
  const file = threadFile();
  if (!file) {
    // While developing there is no built thread, and nobody else who waits.
    const { loadSolver } = await import("../privacy/disclosure-control/solver.ts");
    const { protectRelease } = await import("../features/statistics/protect-release.ts");
    return protectRelease(work, await loadSolver());
  }
  const worker = new Worker(file, { workerData: work, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  let percent = 0;
  // Renews the claim, too: as long as the thread works, no other server takes the release.
  const telling = setInterval(() => {
    noteProgress(commands, work.id, percent).then(
      (isWanted) => isWanted || stop(),
      () => {},
    );
  }, 1000);
  try {
    return await new Promise<ProtectedRelease | null>((resolve, reject) => {
      worker.on("message", (message: { percent: number } | { result: ProtectedRelease }) => {
        if ("result" in message) resolve(message.result);
        else percent = message.percent;
      });
      worker.once("error", reject);
      worker.once("exit", () => resolve(null));
    });
  } finally {
    clearInterval(telling);
    signal.removeEventListener("abort", stop);
    stop();
  }
}
