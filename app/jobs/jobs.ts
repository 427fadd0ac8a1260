import type { RequestContext } from "../platform/http.server.ts";
import { checkDatasets } from "./check-datasets.ts";
import { countUses } from "./count-uses.ts";
import { createDeliverMail } from "./deliver-mail.ts";
import { deliverWebhooks } from "./deliver-webhooks.ts";
import { expireRecords } from "./expire-records.ts";
import { createImportOfficialReports } from "./import-official-reports.ts";
import { pruneChanges } from "./prune-changes.ts";
import { importNoticesJob } from "./import-notices.ts";
import { protectReleases } from "./protect-releases.ts";
import { publishLogHeads } from "./publish-log-heads.ts";

/** What a job may use: the same as a request, except a caller and listeners. */
export type JobContext = Omit<RequestContext, "callerKey" | "live">;

/** Work that nobody waits for. */
export interface Job {
  name: string;
  everyMs: number;
  /** How long after the start it runs first; a few seconds unless told. */
  startsAfterMs?: number;
  /** True for work that a write may have made: it runs soon after each one, too. */
  wokenByWrites?: boolean;
  /** `signal` is aborted when the process must end: stop at the next safe point. */
  run(context: JobContext, signal: AbortSignal): Promise<void>;
}

/** Everything the clock of the server runs. */
export const jobs: Job[] = [
  createDeliverMail(),
  deliverWebhooks,
  expireRecords,
  importNoticesJob,
  createImportOfficialReports(),
  pruneChanges,
  protectReleases,
  publishLogHeads,
  checkDatasets,
  countUses,
];
