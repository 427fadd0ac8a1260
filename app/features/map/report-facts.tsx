import { REPORT_LOOPS } from "../../formats/report-record.ts";
import { placeAlong, lineLengthMetres } from "../../formats/geometry.ts";
import { number, taipei } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { Confirmation } from "./reports.server.ts";
import { PROTECTED_METRES, type Report } from "./reports.ts";
import { coordinateWords, distanceWords, passableWords } from "./report-words.ts";

/** Everything a report says, as pairs of what and how. What nobody said is left out. */
export function ReportFacts({ report }: { report: Report }) {
  const t = useT();
  const { code } = useLanguage();
  const at = placeAlong(report.geometry);
  const zone = report.time_zone ?? undefined;
  const facts: [string, React.ReactNode][] = [];
  const add = (label: string, value: React.ReactNode) => {
    if (value !== null && value !== undefined && value !== "") facts.push([label, value]);
  };
  add(t("map:facts.road"), report.road ? <bdi>{report.road}</bdi> : null);
  add(t("map:facts.place"), report.place ? <bdi>{report.place}</bdi> : null);
  add(
    t("map:facts.position"),
    <>
      {coordinateWords(at, report.protected ? 2 : 5)}
      {report.protected ? (
        <>
          {" "}
          <span className="meta">
            {t("map:facts.protected", { distance: distanceWords(PROTECTED_METRES, t) })}
          </span>
        </>
      ) : report.precision_m ? (
        <>
          {" "}
          <span className="meta">
            {t("map:facts.about", { distance: distanceWords(report.precision_m, t) })}
          </span>
        </>
      ) : null}
    </>,
  );
  if (report.geometry.type === "LineString")
    add(t("map:facts.length"), distanceWords(lineLengthMetres(report.geometry.coordinates), t));
  add(t("map:facts.state"), report.state ? t(`map:state.${report.state}`) : null);
  add(t("map:facts.passable"), passableWords(report.passable, t));
  if (report.direction !== "both") add(t("map:facts.direction"), t(`map:direction.${report.direction}`));
  add(
    t("map:facts.width"),
    report.width_limit_m === null
      ? null
      : t("map:facts.widthOf", { metres: number(report.width_limit_m, code) }),
  );
  add(
    t("map:facts.weight"),
    report.weight_limit_t === null
      ? null
      : t("map:facts.weightOf", { tonnes: number(report.weight_limit_t, code) }),
  );
  add(t("map:facts.severity"), report.severity === "unknown" ? null : t(`map:severity.${report.severity}`));
  add(t("map:facts.cause"), report.cause ? <bdi>{report.cause}</bdi> : null);
  add(t("map:facts.bypass"), report.bypass ? <bdi className="pre">{report.bypass}</bdi> : null);
  add(
    t("map:facts.observed"),
    <>
      <TimeAgo at={report.observed_at} zone={zone} />
      {zone && zone !== taipei ? (
        <>
          {t("common:punctuation.separator")}
          <TimeAgo at={report.observed_at} zone={taipei} form="date" />
        </>
      ) : null}
    </>,
  );
  add(t("map:facts.sent"), <TimeAgo at={report.created_at} zone={taipei} form="date" />);
  add(
    t("map:facts.source"),
    report.source_url ? (
      <a href={report.source_url} rel="noopener nofollow ugc">
        <bdi>{report.source_name ?? hostOf(report.source_url)}</bdi>
      </a>
    ) : report.source === "crowd" ? null : (
      (report.source_name ?? t(`map:source.${report.source}`))
    ),
  );
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function hostOf(address: string): string {
  return /^https?:\/\/([^/]+)/.exec(address)?.[1] ?? address;
}

/** How far what is reported has been dealt with: four steps, the reached ones in ink. */
export function LoopSteps({ report }: { report: Report }) {
  const t = useT();
  const reached = REPORT_LOOPS.indexOf(report.loop);
  const zone = report.time_zone ?? undefined;
  const times = [report.created_at, report.taken_at, report.done_at, report.closed_at];
  return (
    <ol className="loop">
      {REPORT_LOOPS.map((step, index) => (
        <li
          key={step}
          className={index <= reached ? "reached" : undefined}
          aria-current={index === reached ? "step" : undefined}
        >
          <span>
            {t(`map:loop.${step}`)}
            {step === "taken" && report.taken_by && index <= reached ? (
              <>
                {t("common:punctuation.colon")}
                <bdi>{report.taken_by}</bdi>
              </>
            ) : null}
            {index <= reached && times[index] ? (
              <span className="meta">
                {" "}
                <TimeAgo at={times[index]} zone={zone} form="age" />
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What was said of a report and when, newest first. Nobody learns by whom. */
export function VerdictList({
  confirmations,
  zone,
}: {
  confirmations: readonly Omit<Confirmation, "id">[];
  zone: string | undefined;
}) {
  const t = useT();
  return (
    <ul className="notes">
      {confirmations.map(({ verdict, said_at, by_reporter }) => (
        <li key={`${said_at} ${verdict}`}>
          <b>{t(`map:verdict.${verdict}`)}</b>{" "}
          <span className="meta">
            {by_reporter ? (
              <>
                {t("map:report.byReporter")}
                {t("common:punctuation.separator")}
              </>
            ) : null}
            <TimeAgo at={said_at} zone={zone} />
          </span>
        </li>
      ))}
    </ul>
  );
}
