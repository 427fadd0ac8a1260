import type { ReactNode } from "react";
import type { Position } from "../../formats/geometry.ts";
import { useNow, useT } from "../../i18n/language-context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { confidenceInWords } from "./confidence-words.ts";
import { KindIcon } from "./kind-icons.tsx";
import { confidenceOfReport, type Report } from "./reports.ts";
import { passableWords, reportState, reportTitle, wayWords } from "./report-words.ts";
import { toneOf } from "./tones.ts";

interface ReportCardProps {
  report: Report;
  /** Whence distance and direction are told. */
  from?: Position | null;
  /** What to do with this report here. */
  children?: ReactNode;
}

/** One report of a list: what and where, how it is, when somebody saw it, how far it can be believed. */
export function ReportCard({ report, from, children }: ReportCardProps) {
  const t = useT();
  const separator = t("common:punctuation.separator");
  const official = report.source === "official";
  const { stale } = confidenceOfReport(report, useNow());
  return (
    <li
      className={["card report", stale ? "stale" : "", official ? "said-officially" : ""]
        .filter(Boolean)
        .join(" ")}
      id={`report-${report.id}`}
    >
      {official ? <Provenance report={report} /> : null}
      <h3>
        <a href={`/map/reports/${report.id}`}>
          <bdi>{reportTitle(report, t)}</bdi>
        </a>
      </h3>
      <ReportTag report={report}>
        <TimeAgo at={report.observed_at} zone={report.time_zone ?? undefined} form="age" />
        {from ? (
          <>
            {separator}
            <span className="way">{wayWords(from, report, t)}</span>
          </>
        ) : null}
      </ReportTag>
      {report.text ? (
        <p>
          <bdi>{report.text.length > 160 ? `${report.text.slice(0, 160)}…` : report.text}</bdi>
        </p>
      ) : null}
      <p className="meta">
        <ConfidenceLine report={report} />
      </p>
      {report.loop === "open" ? null : (
        <p className="meta">
          <b>{t(`map:loop.${report.loop}`)}</b>
          {report.taken_by ? (
            <>
              {separator}
              <bdi>{report.taken_by}</bdi>
            </>
          ) : null}
        </p>
      )}
      {children}
    </li>
  );
}

/** Icon, word and what passes, with the age beside them: never a colour alone. */
export function ReportTag({
  report,
  big,
  children,
}: {
  report: Report;
  big?: boolean;
  children?: ReactNode;
}) {
  const t = useT();
  const passes = passableWords(report.passable, t);
  return (
    <p className={big ? "said big" : "said"}>
      <span className={`tone ${toneOf(report)}`}>
        <KindIcon kind={report.kind} />
        {reportState(report, t)}
      </span>{" "}
      {passes ? <b>{passes}</b> : null} <span className="meta">{children}</span>
    </p>
  );
}

/** How far it can be believed and why, in one sentence. */
export function ConfidenceLine({ report }: { report: Report }) {
  const t = useT();
  const now = useNow();
  const confidence = confidenceOfReport(report, now);
  return (
    <>
      {confidenceInWords(
        {
          confidence: confidence.value,
          confirmations: confidence.confirmations,
          denials: confidence.denials,
          neighbours: confidence.neighbours,
          heard_at: report.heard_at,
          stale: confidence.stale,
          official: report.source === "official",
          verified: report.staff === "verified",
        },
        now,
        t,
      )}
    </>
  );
}

/** Whose voice it is and when it spoke, for what authorities and other systems say. */
export function Provenance({ report }: { report: Report }) {
  const t = useT();
  return (
    <p className="who">
      <Icon name="building" /> {report.source_name ?? t(`map:source.${report.source}`)}
      {t("common:punctuation.separator")}
      <TimeAgo at={report.observed_at} zone={report.time_zone ?? undefined} />
    </p>
  );
}
