/** The thread that protects a release: it gets the true counts, tells how far it is, and gives the protected content. */
import { parentPort, workerData } from "node:worker_threads";
import { protectRelease, type ReleaseWork } from "../features/statistics/protect-release.ts";
import { loadSolver } from "../privacy/disclosure-control/solver.ts";

void loadSolver().then((solver) => {
  let told = -1;
  const result = protectRelease(workerData as ReleaseWork, solver, (percent) => {
    if (percent === told) return;
    told = percent;
    parentPort!.postMessage({ percent });
  });
  parentPort!.postMessage({ result });
});
