import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { NoticeBox, RefundNote } from "../features/notices/notice-box.tsx";
import { noticeFilter } from "../features/notices/notices.schema.ts";
import { listFeeds, listNotices } from "../features/notices/notices.server.ts";
import { countries } from "../features/safety/countries.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import styles from "../styles/official.css?url";
import { SendButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField } from "../ui/field.tsx";
import { GetForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const PAGE = 20;

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "notices:list.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = noticeFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { db } = context.backend;
  const [page, events, feeds] = await orRefuse(
    Promise.all([listNotices(db, { ...query, limit: PAGE }), listEvents(db), listFeeds(db)]),
  );
  const event = events.find(({ slug }) => slug === query.event);
  return data(
    {
      query,
      page,
      feeds,
      events: events.filter(({ slug, drill }) => slug !== "everyday" && (!drill || slug === query.event)),
      drill: event?.drill ?? false,
    },
    { headers: sharedPage() },
  );
}

/** Official notices, quoted, newest first. */
export default function NoticesPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, page, events, feeds } = useLoaderData<typeof loader>();
  const filtered = query.event !== undefined || query.country !== undefined;
  return (
    <>
      <PageHead title={t("notices:list.title")} lede={t("notices:list.lede")} />
      <GetForm id="filter" action={paths.notices()}>
        <div className="filters">
          <SelectField
            name="country"
            label={t("notices:list.country")}
            empty={t("notices:list.all")}
            defaultValue={query.country}
            options={countries.map((one) => ({ value: one, label: countryName(one, code) }))}
          />
          <SelectField
            name="event"
            label={t("notices:list.event")}
            empty={t("notices:list.all")}
            defaultValue={query.event}
            options={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
          />
          <SendButton look="plain">{t("notices:list.filterButton")}</SendButton>
        </div>
      </GetForm>
      <p className="meta">
        {t("notices:list.count", { count: page.total })}
        {t("common:punctuation.separator")}
        <a href={paths.official({ event: query.event, country: query.country })}>
          {t("notices:list.officialLink")}
        </a>
        {t("common:punctuation.separator")}
        <a href={paths.feeds.notices({ event: query.event, country: query.country })}>
          {t("notices:list.subscribe")}
        </a>
        {filtered ? (
          <>
            {t("common:punctuation.separator")}
            <a href={paths.notices()}>{t("notices:list.clear")}</a>
          </>
        ) : null}
      </p>
      <RefundNote />
      {page.items.length === 0 ? (
        <EmptyState title={t("notices:list.emptyTitle")}>
          <p>{t("notices:list.emptyText")}</p>
        </EmptyState>
      ) : null}
      {page.items.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} />
      ))}
      <Pager
        shown={page.items.length}
        total={page.total}
        nextHref={page.next ? paths.notices({ ...query, cursor: page.next }) : null}
        firstHref={query.cursor ? paths.notices({ ...query, cursor: null }) : null}
      />
      <section>
        <h2>{t("notices:list.feedsTitle")}</h2>
        {feeds.length === 0 ? <p>{t("notices:list.noFeeds")}</p> : null}
        <ul>
          {feeds.map(({ url, name, read_at, tried_at, problem }) => (
            <li key={url}>
              <a href={url} rel="noopener">
                {name}
              </a>
              {t("common:punctuation.colon")}
              {problem === null ? (
                read_at === null ? (
                  t("notices:list.feedNever")
                ) : (
                  <Sentence words={(age) => t("notices:list.feedRead", { age })} at={read_at} />
                )
              ) : (
                <Sentence words={(age) => t("notices:list.feedProblem", { age })} at={tried_at} />
              )}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Sentence({ words, at }: { words: (age: string) => string; at: string }) {
  const [before = "", after = ""] = words("\u0000").split("\u0000");
  return (
    <>
      {before}
      <TimeAgo at={at} form="age" />
      {after}
    </>
  );
}
