import { datasets } from "../features/open-data/catalogue.ts";
import { checkFile, isFresh, saveChecks, type FileCheck } from "../features/open-data/quality.server.ts";
import { stateOf } from "../features/open-data/rows.server.ts";
import { formatsOf } from "../formats/dataset.ts";
import type { Job, JobContext } from "./jobs.ts";

const hours = 3_600_000;
/** Enough rows to see whether a file is what it says; a whole one may be a gigabyte. */
const rowsToCheck = 1_000;

/** Makes the four national checks on our own files, at the address where everybody finds them. */
export const checkDatasets: Job = {
  name: "check-datasets",
  everyMs: 6 * hours,
  // Files are read whole; a site that has just started has better things to do.
  startsAfterMs: hours / 12,
  async run(context, signal) {
    const checks = await checkAll(context, signal);
    const faults = checks.filter(({ fault, fresh }) => fault !== null || !fresh);
    for (const { dataset, format, fault } of faults)
      context.log.warn({ dataset, format, fault }, "open data is not as it should be");
  },
};

/** Checks every file now, and keeps what was found. */
export async function checkAll(context: JobContext, signal: AbortSignal): Promise<FileCheck[]> {
  const { backend, publicUrl } = context;
  const now = new Date();
  const checks: FileCheck[] = [];
  for (const dataset of datasets) {
    const { changed } = await stateOf(backend.db, dataset);
    for (const format of formatsOf(dataset)) {
      if (signal.aborted) return checks;
      const got = await taken(`${publicUrl}/data/${dataset.id}.${format}?limit=${rowsToCheck}`, signal);
      checks.push(await checkFile(dataset, format, got, isFresh(dataset, changed, now)));
    }
  }
  await saveChecks(backend.commands, checks);
  return checks;
}

async function taken(address: string, signal: AbortSignal): Promise<Uint8Array | { fault: string }> {
  try {
    const answer = await fetch(address, {
      // Our own looks are no use of the data.
      headers: { "user-agent": "Lookout quality check" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
      redirect: "error",
    });
    if (answer.status !== 200) return { fault: `status ${answer.status}` };
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
