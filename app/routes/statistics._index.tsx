import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { MonthsChart } from "../features/statistics/charts.tsx";
import { figureText, periodText } from "../features/statistics/names.ts";
import { readPeriod } from "../features/statistics/periods.ts";
import { monthsByYear } from "../features/statistics/release-views.ts";
import { AnswerSentence, BasisBox } from "../features/statistics/release-tables-view.tsx";
import { listReleases, readCalendar, readContent } from "../features/statistics/releases.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useNow, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import statisticsStyles from "../styles/statistics.css?url";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** Years are compared as far back as this many releases reach. */
const COMPARED = 40;

export const handle = { wide: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: statisticsStyles }];
export const headers: HeadersFunction = () => sharedPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "statistics:title");

export async function loader({ context }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const [releases, calendar] = await orRefuse(Promise.all([listReleases(db), readCalendar(db)]));
  // Examples are shown only as long as there is nothing real.
  const isReal = releases.some(({ invented }) => !invented);
  const mine = releases.filter(({ invented }) => invented !== isReal);
  const contents = await orRefuse(
    Promise.all(mine.slice(0, COMPARED).map((release) => readContent(db, release))),
  );
  // The newest figures are those of the period that ended last, in its newest release.
  const newest = [...mine.keys()].sort((a, b) => endOf(mine[b]!.period) - endOf(mine[a]!.period) || a - b)[0];
  const years = monthsByYear(contents);
  return data(
    {
      releases,
      calendar,
      newest:
        newest === undefined ? null : { ...mine[newest]!, content: withoutCountries(contents[newest]!) },
      years,
    },
    { headers: sharedPage() },
  );
}

function endOf(period: string): number {
  const { year, to } = readPeriod(period)!;
  return year * 12 + to;
}

/** The page of all releases shows no countries: they stay out of what it is made of. */
function withoutCountries<Content extends { figures: { area: string }[] }>(content: Content): Content {
  return { ...content, figures: content.figures.filter(({ area }) => !/^[A-Z]{2}$/.test(area)) };
}

/** The newest answer, the years beside one another, and every release there is. */
export default function StatisticsPage() {
  const t = useT();
  const { code } = useLanguage();
  const { releases, calendar, newest, years } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("statistics:title")} lede={t("statistics:lede")} />
      {newest === null ? (
        <EmptyState title={t("statistics:empty.title")}>
          <p>
            {t("statistics:empty.text")} <a href={paths.data()}>{paths.data()}</a>
          </p>
        </EmptyState>
      ) : (
        <>
          {newest.invented ? (
            <Notice>
              <p>{t("statistics:invented")}</p>
            </Notice>
          ) : null}
          <AnswerSentence content={newest.content} />
          <p>
            <a href={paths.release(String(newest.number))}>
              {periodText(t, newest.period)}
              {t("common:punctuation.separator")}
              {t("statistics:number", { number: newest.number })}
            </a>
          </p>
          <YearsSection years={years} />
          <BasisBox content={newest.content} />
          <section>
            <h2 id="releases">{t("statistics:list.title")}</h2>
            <p className="meta">
              {t("statistics:list.count", { count: releases.length })}
              {t("common:punctuation.separator")}
              <a href={paths.dataset("statistics")}>{t("statistics:download")}</a>
            </p>
            <ul className="list">
              {releases.map((release) => (
                <li className="card" key={release.number}>
                  <h3>
                    <a href={paths.release(String(release.number))}>
                      {t("statistics:number", { number: number(release.number, code) })}
                      {t("common:punctuation.separator")}
                      {periodText(t, release.period)}
                    </a>
                  </h3>
                  <p className="meta">
                    {[
                      release.invented ? t("statistics:inventedShort") : "",
                      release.corrects === null ? "" : t("statistics:list.correction"),
                      release.corrected_by === null ? "" : t("statistics:list.superseded"),
                    ]
                      .filter(Boolean)
                      .map((words) => words + t("common:punctuation.separator"))
                      .join("")}
                    {t("statistics:published")} <TimeAgo at={release.published_at} form="date" />
                  </p>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      <Calendar calendar={calendar} />
    </>
  );
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

function YearsSection({ years }: { years: Loaded["years"] }) {
  const t = useT();
  const { code } = useLanguage();
  const monthNames = Array.from({ length: 12 }, (_, month) => String(month + 1));
  const [newest, ...before] = years;
  if (!newest) return null;
  return (
    <section>
      <h2 id="years">{t("statistics:years.title")}</h2>
      <MonthsChart
        id="months"
        title={t("statistics:years.chartTitle")}
        description={t("statistics:years.chartText", { year: newest.year })}
        newest={{ year: newest.year, values: newest.months.map((figure) => figure?.cases ?? null) }}
        ranges={newest.months.map((figure) =>
          figure && figure.cases === null && figure.low !== null
            ? { low: figure.low, high: figure.high }
            : null,
        )}
        before={before
          .slice(0, 3)
          .map(({ year, months }) => ({ year, values: months.map((figure) => figure?.cases ?? null) }))}
        monthNames={monthNames}
      />
      {years.some(({ months }) => months.some((figure) => figure === null)) ? (
        <p className="meta">{t("statistics:years.gaps")}</p>
      ) : null}
      <div className="scroll" tabIndex={0} role="region" aria-labelledby="years">
        <table className="figures narrow">
          <thead>
            <tr>
              <th scope="col">{t("statistics:years.monthColumn")}</th>
              {years.map(({ year }) => (
                <th scope="col" key={year}>
                  {year}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {monthNames.map((name, month) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {years.map(({ year, months }) => {
                  const figure = months[month];
                  return <td key={year}>{figure ? figureText(figure, code) : ""}</td>;
                })}
              </tr>
            ))}
            <tr className="sum">
              <th scope="row">{t("statistics:years.toDate")}</th>
              {years.map(({ year, toDate }) => (
                <td key={year}>{toDate ? figureText(toDate, code) : ""}</td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Calendar({ calendar }: { calendar: Loaded["calendar"] }) {
  const t = useT();
  const today = useNow().toISOString().slice(0, 10);
  return (
    <section>
      <h2 id="calendar">{t("statistics:calendar.title")}</h2>
      {calendar.length === 0 ? <p>{t("statistics:calendar.empty")}</p> : null}
      <ul>
        {calendar.map(({ kind, period, due_on, number: out }) => (
          <li key={kind + period}>
            {out === null ? (
              periodText(t, period)
            ) : (
              <a href={paths.release(String(out))}>{periodText(t, period)}</a>
            )}
            {t("common:punctuation.separator")}
            <time dateTime={due_on}>{t("statistics:calendar.due", { date: due_on })}</time>
            {t("common:punctuation.separator")}
            {out !== null
              ? t("statistics:calendar.out")
              : due_on < today
                ? t("statistics:calendar.late")
                : ""}
          </li>
        ))}
      </ul>
    </section>
  );
}
