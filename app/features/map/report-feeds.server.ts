/** Reads what the feeds of reports tell. */
import { z } from "zod";
import type { CapAlert } from "../../formats/cap.ts";
import type { ReportRecord } from "../../formats/report-record.ts";
import { unwrap, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { paths } from "../../platform/paths.ts";
import {
  alertOf,
  sentVersion,
  trafficRecord,
  type AlertSite,
  type ReportFeedQuery,
  type SentVersion,
} from "./report-feeds.ts";
import { eachReport, listReportsById } from "./reports.server.ts";
import { toReportRecord } from "./reports.ts";

/** How many alerts the index shows: the newest version of each report. */
export const ALERTS_IN_FEED = 200;

/** The reports that a query asks for, newest first, in the words of the API. */
export async function feedRecords(
  db: Db,
  { limit, ...filter }: ReportFeedQuery,
  publicUrl: string,
  now: Date,
): Promise<ReportRecord[]> {
  const records: ReportRecord[] = [];
  for await (const report of eachReport(db, filter, limit)) {
    records.push(toReportRecord(report, publicUrl + paths.report(report.id), now));
  }
  return records;
}

/** The same for systems on the road: neither what was found false nor copies, and each until it must be seen again. */
export async function trafficRecords(
  db: Db,
  { limit, ...filter }: ReportFeedQuery,
  publicUrl: string,
  now: Date,
): Promise<ReportRecord[]> {
  const records: ReportRecord[] = [];
  for await (const report of eachReport(db, filter, limit)) {
    const record = trafficRecord(report, publicUrl + paths.report(report.id), now);
    if (record) records.push(record);
  }
  return records;
}

/** The newest alert about each report that was ever sent, newest first. Drills only by the slug of their event. */
export async function newestAlerts(
  db: Db,
  site: AlertSite,
  query: { event?: string | undefined; limit: number },
  now: Date,
): Promise<CapAlert[]> {
  return alertsOf(db, site, await versionsOf(db, query), now);
}

/**
 * The newest alert about one report, by the id of the report or the identifier of any alert about it. Fails with
 * `report_not_found` when none was sent. `current` is false when a newer one has taken the place of the one asked for.
 */
export async function alertAbout(
  db: Db,
  site: AlertSite,
  id: string,
  now: Date,
): Promise<{ alert: CapAlert; current: boolean }> {
  const [, report, sent] =
    /^(?:report\.)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(\d{14}))?$/.exec(id) ??
    [];
  if (!report) throw new Failure("not_found", "report_not_found");
  const [alert] = await alertsOf(db, site, await versionsOf(db, { report_id: report, limit: 1 }), now);
  if (!alert) throw new Failure("not_found", "report_not_found");
  return { alert, current: sent === undefined || alert.identifier.endsWith(`.${sent}`) };
}

async function versionsOf(
  db: Db,
  p: { event?: string | undefined; report_id?: string; limit: number },
): Promise<SentVersion[]> {
  return z.array(sentVersion).parse(unwrap(await db.rpc("newest_versions", { p })));
}

async function alertsOf(
  db: Db,
  site: AlertSite,
  versions: readonly SentVersion[],
  now: Date,
): Promise<CapAlert[]> {
  const wanted = versions.filter(({ act }) => act !== "cancel").map(({ report_id }) => report_id);
  const reports = new Map<string, Parameters<typeof alertOf>[1]>();
  for (let from = 0; from < wanted.length; from += 100) {
    for (const row of await listReportsById(db, wanted.slice(from, from + 100))) {
      const record = trafficRecord(row, site.publicUrl + paths.report(row.id), now);
      if (record) reports.set(row.id, { row, record });
    }
  }
  return versions.flatMap((version) => alertOf(version, reports.get(version.report_id) ?? null, site) ?? []);
}
