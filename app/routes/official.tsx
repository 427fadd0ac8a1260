import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { inLanguage } from "../features/events/events.ts";
import { NoticeBox, RefundNote } from "../features/notices/notice-box.tsx";
import { subjectHref } from "../features/notices/notice-links.tsx";
import type { NoticeLink } from "../features/notices/notices.ts";
import { noticeFilter } from "../features/notices/notices.schema.ts";
import { countries } from "../features/safety/countries.ts";
import { countryName, number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { officialBesideCrowd, type ShownReport } from "../server/official-beside-crowd.ts";
import { orRefuse } from "../server/page-answers.ts";
import styles from "../styles/official.css?url";
import { SendButton } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { SelectField } from "../ui/field.tsx";
import { GetForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "notices:official.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = noticeFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
  const view = await orRefuse(officialBesideCrowd(context.backend.db, query));
  return data(
    {
      ...view,
      drill: view.event?.drill ?? false,
      invented: (view.event?.invented ?? false) && !view.event?.drill,
    },
    { headers: sharedPage() },
  );
}

/** What authorities say and what people on the spot say, side by side, and where the two differ. */
export default function OfficialPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, event, events, notices, reports, boards, differences } = useLoaderData<typeof loader>();
  const place = event
    ? inLanguage(event.titles, code)
    : query.country
      ? countryName(query.country, code)
      : null;
  return (
    <>
      <PageHead
        title={place === null ? t("notices:official.title") : t("notices:official.titleOf", { place })}
        lede={t("notices:official.lede")}
        back={
          event
            ? { href: paths.event(event.slug), label: inLanguage(event.titles, code) }
            : { href: paths.notices(), label: t("notices:list.title") }
        }
      />
      <GetForm id="choose" action={paths.official()}>
        <div className="filters">
          <SelectField
            name="event"
            label={t("notices:list.event")}
            empty={t("notices:list.all")}
            defaultValue={query.event}
            options={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
          />
          <SelectField
            name="country"
            label={t("notices:list.country")}
            empty={t("notices:list.all")}
            defaultValue={query.country}
            options={countries.map((one) => ({ value: one, label: countryName(one, code) }))}
          />
          <SendButton look="plain">{t("notices:official.choose")}</SendButton>
        </div>
      </GetForm>
      {notices === null ? <p>{t("notices:official.chooseTitle")}</p> : null}
      {notices === null ? null : (
        <>
          <div className="two-voices">
            <section aria-labelledby="official-voice">
              <h2 id="official-voice">{t("notices:official.officialTitle")}</h2>
              {notices.items.length === 0 ? <p>{t("notices:official.noneOfficial")}</p> : null}
              {notices.items.map((notice) => (
                <NoticeBox key={notice.id} notice={notice} heading="h3" />
              ))}
              <p>
                <a href={paths.notices(query)}>{t("notices:official.moreNotices")}</a>
              </p>
            </section>
            <section aria-labelledby="crowd-voice">
              <h2 id="crowd-voice">{t("notices:official.crowdTitle")}</h2>
              {boards.map(({ slug, titles, all }) => (
                <p key={slug} className="meta">
                  {boards.length > 1
                    ? `${inLanguage(titles, code)}${t("common:punctuation.separator")}`
                    : null}
                  <a href={paths.board({ event: slug })}>
                    {t("notices:official.board", { count: number(all, code) })}
                  </a>
                </p>
              ))}
              {reports.length === 0 ? <p>{t("notices:official.noneCrowd")}</p> : null}
              {reports.map((report) => (
                <CrowdReport key={report.id} report={report} />
              ))}
              <p>
                <a href={paths.map({ event: query.event ?? boards[0]?.slug })}>
                  {t("notices:official.moreReports")}
                </a>
              </p>
            </section>
          </div>
          <section>
            <h2>{t("notices:official.disagreeTitle")}</h2>
            {differences.length === 0 ? <p>{t("notices:official.noDisagree")}</p> : null}
            {differences.map(({ link, report }) => (
              <Difference key={link.id} link={link} report={report} />
            ))}
          </section>
          <RefundNote />
        </>
      )}
    </>
  );
}

function CrowdReport({ report }: { report: ShownReport }) {
  const t = useT();
  return (
    <Card>
      <h3>
        <a href={paths.report(report.id)}>{reportTitle(report, t(`map:kind.${report.kind}`))}</a>
      </h3>
      <p className="meta">
        <TimeAgo at={report.observed_at} zone={report.time_zone ?? undefined} />
      </p>
      {report.text ? <p className="pre">{report.text}</p> : null}
    </Card>
  );
}

function Difference({ link, report }: { link: NoticeLink; report: ShownReport | null }) {
  const t = useT();
  const href = subjectHref(link.subject_type, link.subject_id);
  return (
    <article className="differs">
      <p>
        <b>{t(`notices:relation.${link.relation}`)}</b>
      </p>
      <p>
        {t("notices:official.says", { source: link.source_name })}
        <a href={paths.notice(link.notice_id)}>
          <bdi lang={link.language}>{link.title}</bdi>
        </a>{" "}
        <span className="meta">
          <TimeAgo at={link.published_at} />
        </span>
      </p>
      {report ? (
        <>
          <p>
            {t("notices:official.crowdTitle")}
            {t("common:punctuation.colon")}
            <a href={paths.report(report.id)}>{reportTitle(report, t(`map:kind.${report.kind}`))}</a>{" "}
            <span className="meta">
              <TimeAgo at={report.observed_at} zone={report.time_zone ?? undefined} />
            </span>
          </p>
          {report.text ? <p className="pre">{report.text}</p> : null}
        </>
      ) : (
        <p>
          {t("notices:official.about")}
          {href === null ? (
            t(`notices:subject.${link.subject_type}`)
          ) : (
            <a href={href}>{t(`notices:subject.${link.subject_type}`)}</a>
          )}
        </p>
      )}
      {link.text ? <p className="pre">{link.text}</p> : null}
    </article>
  );
}

function reportTitle({ road, place }: ShownReport, kind: string): string {
  return [kind, road, place].filter((part) => part !== null && part !== "").join(" · ");
}
