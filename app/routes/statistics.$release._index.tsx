import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { periodText } from "../features/statistics/names.ts";
import { readPeriod } from "../features/statistics/periods.ts";
import { AnswerSentence, BasisBox, ReleaseTables } from "../features/statistics/release-tables-view.tsx";
import { RatesSection } from "../features/statistics/rates-view.tsx";
import { getRelease } from "../features/statistics/releases.server.ts";
import { travellersOf } from "../features/statistics/travellers.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import statisticsStyles from "../styles/statistics.css?url";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const handle = { wide: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: statisticsStyles }];
export const headers: HeadersFunction = () => sharedPage();
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) => {
  const t = pageTranslator(matches);
  return pageTitle(matches, { text: loaded ? periodText(t, loaded.release.period) : t("statistics:title") });
};

export async function loader({ context, params }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const release = await orRefuse(getRelease(db, params.release ?? ""));
  const { year, to, from } = readPeriod(release.period)!;
  const isWholeYear = from === 1 && to === 12;
  const travellers = isWholeYear ? await orRefuse(travellersOf(db, year)) : null;
  return data({ release, travellers, year }, { headers: sharedPage() });
}

/** One release as it was signed: answer, charts, tables, basis. */
export default function ReleasePage() {
  const t = useT();
  const { release, travellers, year } = useLoaderData<typeof loader>();
  const { content, number } = release;
  return (
    <>
      <PageHead
        title={periodText(t, release.period)}
        back={{ href: paths.statistics(), label: t("statistics:title") }}
      />
      {release.invented ? (
        <Notice>
          <p>{t("statistics:invented")}</p>
        </Notice>
      ) : null}
      {release.corrected_by !== null ? (
        <Notice>
          <p>
            {t("statistics:superseded", { number: release.corrected_by })}{" "}
            <a href={paths.release(String(release.corrected_by))}>
              {t("statistics:seeNewer", { number: release.corrected_by })}
            </a>
          </p>
        </Notice>
      ) : null}
      <AnswerSentence content={content} />
      <p className="meta">
        {t("statistics:number", { number })}
        {t("common:punctuation.separator")}
        {t("statistics:published")} <TimeAgo at={release.published_at} form="date" />
        {release.corrects !== null ? (
          <>
            {t("common:punctuation.separator")}
            {t("statistics:isCorrection", { number: release.corrects })}
          </>
        ) : null}
      </p>
      {release.note ? (
        <p>
          {t("statistics:note")}
          {t("common:punctuation.colon")}
          <span lang="zh-TW">{release.note}</span>
        </p>
      ) : null}
      <ReleaseTables content={content} number={number} />
      {travellers === null ? null : <RatesSection content={content} travellers={travellers} year={year} />}
      <BasisBox content={content} />
      <p className="meta">
        {t("statistics:hash")}
        {t("common:punctuation.colon")}
        <code className="take">{release.hash}</code>
      </p>
    </>
  );
}
