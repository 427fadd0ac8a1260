import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { NoticeBox, NoticeLevel, RefundNote } from "../features/notices/notice-box.tsx";
import { NoticeLinkList } from "../features/notices/notice-links.tsx";
import { getNotice } from "../features/notices/notices.server.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import styles from "../styles/official.css?url";
import { Dated } from "../ui/dated.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data ? { text: data.notice.title } : "notices:list.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, params }: LoaderFunctionArgs) {
  const found = await orRefuse(getNotice(context.backend.db, params.id ?? ""));
  return { ...found, drill: found.notice.drill, invented: found.notice.invented && !found.notice.drill };
}

/** One notice: what it says, what it said before, and what it means for other items. */
export default function NoticePage() {
  const t = useT();
  const { code } = useLanguage();
  const { notice, versions, links: own, about, replacement } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={<bdi lang={notice.language}>{notice.title}</bdi>}
        back={{ href: paths.notices(), label: t("notices:list.title") }}
      />
      <NoticeBox notice={notice} whole />
      {replacement ? (
        <p>
          <a href={paths.notice(replacement.id)}>{t("notices:notice.newer")}</a>
        </p>
      ) : null}
      {notice.level === null ? null : <RefundNote />}
      <dl className="facts">
        <dt>{t("notices:notice.published")}</dt>
        <dd>
          <TimeAgo at={notice.published_at} />
        </dd>
        {notice.expires_at ? (
          <>
            <dt>{t("notices:notice.expires")}</dt>
            <dd>
              <TimeAgo at={notice.expires_at} form="date" />
            </dd>
          </>
        ) : null}
        {notice.country ? (
          <>
            <dt>{t("notices:notice.country")}</dt>
            <dd>
              <a href={paths.official({ country: notice.country })}>{countryName(notice.country, code)}</a>
            </dd>
          </>
        ) : null}
        {notice.area ? (
          <>
            <dt>{t("notices:notice.area")}</dt>
            <dd lang={notice.language}>{notice.area}</dd>
          </>
        ) : null}
        {notice.event ? (
          <>
            <dt>{t("notices:notice.event")}</dt>
            <dd>
              <a href={paths.event(notice.event)}>{notice.event}</a>
            </dd>
          </>
        ) : null}
        <dt>{t("notices:notice.received")}</dt>
        <dd>
          <TimeAgo at={notice.received_at} form="date" />
        </dd>
      </dl>
      {own.length > 0 ? (
        <section>
          <h2>{t("notices:notice.linksTitle")}</h2>
          <NoticeLinkList links={own} from="notice" />
        </section>
      ) : null}
      {about.length > 0 ? (
        <section>
          <h2>{t("notices:notice.aboutTitle")}</h2>
          <NoticeLinkList links={about} from="item" />
        </section>
      ) : null}
      {versions.length > 0 ? (
        <section>
          <h2>{t("notices:notice.versionsTitle")}</h2>
          {versions.map((version) => (
            <article key={version.version} className="card over" lang={notice.language}>
              <h3>
                <bdi>{version.title}</bdi>
              </h3>
              <p className="meta" lang={code}>
                <Dated
                  text={(date) => t("notices:notice.versionUntil", { date })}
                  at={version.replaced_at}
                  form="date"
                />
              </p>
              <NoticeLevel notice={{ level: version.level, language: notice.language }} />
              <p className="pre">{version.text}</p>
            </article>
          ))}
        </section>
      ) : null}
      <p className="small no-print">
        <a href={paths.newCorrection("notice", notice.id)}>{t("moderation:correct.link")}</a>
      </p>
    </>
  );
}
