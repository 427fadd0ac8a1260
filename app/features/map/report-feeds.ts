/** What other systems are told of reports, and in which words. Pure. */
import { z } from "zod";
import type { CapAlert } from "../../formats/cap.ts";
import { capFromReport, capIdentifier, type CapWording } from "../../formats/cap-report.ts";
import { placeAlong, readBbox, type Bbox } from "../../formats/geometry.ts";
import {
  PASSABLE,
  REPORT_KINDS,
  REPORT_STATUSES,
  ROAD_STATES,
  type ReportRecord,
} from "../../formats/report-record.ts";
import { readTimestamp, utcSeconds } from "../../formats/timestamps.ts";
import { languages } from "../../i18n/languages.ts";
import { translator, type Translate } from "../../i18n/translate.ts";
import { coordinateWords, passableWords, reportState, reportTitle } from "./report-words.ts";
import { toReportRecord, type Report } from "./reports.ts";

/** How many reports a feed holds unless it is asked for fewer. */
export const MOST_IN_FEED = 2_000;

const bbox = z.string().transform((given, context): Bbox => {
  const read = readBbox(given);
  if ("bbox" in read) return read.bbox;
  context.addIssue({ code: "custom", message: read.token });
  return z.NEVER;
});

/** The parameters that every feed of reports takes: those of the API, but for its pages. */
export const reportFeedQuery = z.object({
  event: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/, "event_unknown")
    .optional(),
  kind: z
    .string()
    .max(300, "kind_unknown")
    .transform((given) => given.split(","))
    .pipe(z.array(z.enum(REPORT_KINDS, "kind_unknown")))
    .optional(),
  state: z.enum(ROAD_STATES, "state_unknown").optional(),
  passable: z.enum(PASSABLE, "passable_unknown").optional(),
  since: z
    .string()
    .transform((given, context) => {
      const read = readTimestamp(given);
      if ("iso" in read) return read.iso;
      context.addIssue({ code: "custom", message: read.token });
      return z.NEVER;
    })
    .optional(),
  status: z.enum(REPORT_STATUSES, "status_unknown").optional(),
  bbox: bbox.optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, "limit_invalid")
    .transform(Number)
    .refine((limit) => limit <= MOST_IN_FEED, "limit_invalid")
    .default(MOST_IN_FEED),
});
export type ReportFeedQuery = z.output<typeof reportFeedQuery>;

/**
 * A report as systems on the road are told of it: found false or a copy of another it is no longer one, and what it says
 * ends when it has not been seen for too long, not when we stop keeping it.
 */
export function trafficRecord(report: Report, url: string, now: Date): ReportRecord | null {
  if (report.staff === "false" || report.duplicate_of !== null || report.source === "official") return null;
  return { ...toReportRecord(report, url, now), expires_at: utcSeconds(report.stale_at) };
}

/** One version of a report that was sent out, as the database remembers it. */
export const sentVersion = z.object({
  report_id: z.string(),
  sent: z.string(),
  act: z.enum(["alert", "update", "cancel"]),
  event: z.string(),
  drill: z.boolean(),
  /** When it was sent before, oldest first. */
  earlier: z.array(z.string()),
});
export type SentVersion = z.infer<typeof sentVersion>;

export interface AlertSite {
  /** The domain of this site, which every alert names as its sender. */
  sender: string;
  publicUrl: string;
}

/**
 * The alert of a version. A cancel needs no report: it names what it takes back. Null when the report is no longer there
 * to be told of and nothing has been written down about that yet.
 */
export function alertOf(
  version: SentVersion,
  report: { row: Report; record: ReportRecord } | null,
  site: AlertSite,
): CapAlert | null {
  const { sender } = site;
  if (version.act === "cancel") {
    return {
      identifier: capIdentifier(version.report_id, version.sent),
      sender,
      sent: utcSeconds(version.sent),
      status: version.drill ? "Exercise" : "Actual",
      msgType: "Cancel",
      scope: "Public",
      code: [],
      ...(version.drill ? { note: `Exercise ${version.event}` } : {}),
      references: version.earlier.map((sent) => ({
        sender,
        identifier: capIdentifier(version.report_id, sent),
        sent: utcSeconds(sent),
      })),
      incidents: version.event,
      info: [],
    };
  }
  if (!report) return null;
  return capFromReport(report.record, {
    sender,
    sent: version.sent,
    earlier: version.earlier,
    wordings: languages.map(({ code }) => wordingOf(report.row, translator(code))),
  });
}

/** A report in the words of one language; what people wrote stays as they wrote it. */
export function wordingOf(report: Report, t: Translate): CapWording {
  const title = reportTitle(report, t);
  const state = reportState(report, t);
  const passable = passableWords(report.passable, t);
  const facts = [state, ...(passable ? [passable] : []), ...(report.cause ? [report.cause] : [])];
  return {
    language: t.language,
    event: `${report.needed ? t(`map:needed.${report.kind}`) : t(`map:kind.${report.kind}`)}${t("common:punctuation.colon")}${state}`,
    headline: `${title}${t("common:punctuation.colon")}${state}`,
    description: [facts.join(t("common:punctuation.separator")), report.text].filter(Boolean).join("\n\n"),
    ...(report.bypass ? { instruction: report.bypass } : {}),
    areaDesc: report.place ?? report.road ?? coordinateWords(placeAlong(report.geometry)),
    senderName: t("common:site.name"),
  };
}
