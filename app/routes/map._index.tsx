import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { EVERYDAY, inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { disagreements } from "../features/map/disagreements.ts";
import { MapFrame } from "../features/map/map-frame.tsx";
import { boxOfEvent, mapGround, startView } from "../features/map/map-ground.server.ts";
import { MapLegend } from "../features/map/map-legend.tsx";
import { mapPageQuery, nearPlace, sinceMoment } from "../features/map/map-query.ts";
import { listOfficialFeeds } from "../features/map/official-feeds.server.ts";
import { OfficialFeeds } from "../features/map/official-feeds.tsx";
import { ReportCard } from "../features/map/report-card.tsx";
import { ReportFilter, VehicleChoice } from "../features/map/report-filter.tsx";
import { REPORT_COUNT_LIMIT } from "../features/map/reports.ts";
import { listReports } from "../features/map/reports.server.ts";
import { NoticeBox } from "../features/notices/notice-box.tsx";
import { isCurrent } from "../features/notices/notices.ts";
import { listNotices } from "../features/notices/notices.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { detectLanguage } from "../i18n/languages.ts";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { mapNotices } from "../server/map-notices.ts";
import { orRefuse } from "../server/page-answers.ts";
import mapStyles from "../styles/map.css?url";
import officialStyles from "../styles/official.css?url";
import { ButtonLink, ButtonRow } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";

const PAGE = 30;
/** On the map; above the list stand the newest of them. */
const MOST_NOTICES = 30;
const SHOWN_NOTICES = 2;

export const handle = { map: true, wide: true };
export const links: LinksFunction = () => [
  { rel: "stylesheet", href: officialStyles },
  { rel: "stylesheet", href: mapStyles },
];
export const headers: HeadersFunction = () => sharedPage();
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) =>
  pageTitle(
    matches,
    loaded?.event
      ? {
          text: pageTranslator(matches)("map:page.titleOfEvent", {
            event: inLanguage(loaded.event.titles, pageTranslator(matches).language),
          }),
        }
      : "map:page.title",
  );

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = mapPageQuery.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { db } = context.backend;
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language"));
  const filter = {
    event: query.event,
    kind: query.kind ? [query.kind] : undefined,
    state: query.state,
    passable: query.passable,
    since: sinceMoment(query.since, new Date()),
  };
  const [events, found, feeds, said] = await orRefuse(
    Promise.all([
      listEvents(db),
      listReports(db, { ...filter, cursor: query.cursor, limit: PAGE }),
      listOfficialFeeds(db),
      listNotices(db, { event: query.event, limit: MOST_NOTICES }),
    ]),
  );
  const notices = said.items.filter((one) => isCurrent(one, new Date()));
  const event = events.find(({ slug }) => slug === query.event) ?? null;
  const area = boxOfEvent(event);
  const near = nearPlace(query.near, area);
  const center = area ? ([(area[0] + area[2]) / 2, (area[1] + area[3]) / 2] as const) : null;
  const { tileUrl, tileAttribution, pmtilesUrl } = context.env;
  return data({
    query,
    event,
    since: filter.since,
    events: events.filter(({ state, slug }) => state !== "closed" || slug === query.event),
    found,
    feeds,
    notices: query.cursor ? [] : notices.slice(0, SHOWN_NOTICES),
    disagreeing: Object.fromEntries(disagreements(found.items)),
    near: near.position,
    nearToken: near.token,
    from: near.position ?? center,
    settings: {
      ...mapGround(
        { tileUrl, pmtilesUrl },
        language.code,
        startView(
          found.items.map(({ geometry }) => geometry),
          area,
        ),
      ),
      mode: "reports" as const,
      notices: mapNotices(notices.filter(({ invented }) => !invented || event !== null)),
      query: Object.fromEntries(
        Object.entries(filter).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])),
      ),
    },
    credit: tileUrl || pmtilesUrl ? tileAttribution : null,
    drill: event?.drill ?? false,
    invented: (event?.invented ?? false) && !event?.drill,
  });
}

/** What is true on the ground: the same reports as a list and on a map. */
export default function MapPage() {
  const t = useT();
  const { code } = useLanguage();
  const {
    query,
    since,
    event,
    events,
    found,
    feeds,
    notices,
    disagreeing,
    near,
    nearToken,
    from,
    settings,
    credit,
  } = useLoaderData<typeof loader>();
  const total = found.total ?? found.items.length;
  const view = query.view ?? "list";
  const here = (changes: Partial<typeof query>) => paths.map({ ...query, ...changes });
  const named = { event: query.event && query.event !== EVERYDAY ? query.event : undefined };
  // The files hold what the list holds.
  const feed = (path: string) =>
    withQuery(path, { event: query.event, kind: query.kind, state: query.state, passable: query.passable });
  const title = event ? inLanguage(event.titles, code) : null;
  return (
    <>
      <PageHead
        title={t("map:page.title")}
        lede={view === "map" ? null : t("map:page.lede")}
        back={event ? { href: paths.event(event.slug), label: title! } : null}
      />
      <nav className="both-tabs no-print" aria-label={t("map:page.viewLabel")}>
        <ul className="tabs">
          {(["list", "map"] as const).map((one) => (
            <li key={one}>
              <a href={here({ view: one })} aria-current={one === view ? "page" : undefined}>
                {t(`map:page.${one}Tab`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <ButtonRow>
        <ButtonLink icon="place" href={paths.newReport(named)}>
          {t("map:page.newLink")}
        </ButtonLink>
        <ButtonLink
          look="plain"
          icon="print"
          href={paths.convoy({ event: query.event, passable: query.passable ?? "truck" })}
        >
          {t("map:page.convoyLink")}
        </ButtonLink>
      </ButtonRow>
      <div className={view === "map" ? "short-head" : undefined}>
        <VehicleChoice query={query} />
        <ReportFilter
          query={query}
          events={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
          errors={nearToken ? [{ field: "near", token: nearToken }] : []}
        />
      </div>
      <div className={view === "map" ? "both shows-map" : "both shows-list"}>
        <section className="map-pane no-print" aria-label={t("map:page.mapTab")}>
          <MapFrame settings={settings} credit={credit ?? t("map:page.credit")}>
            <p>{t("map:page.withoutScript")}</p>
            <p>
              <a href={here({ view: "list" })}>{t("map:page.listTab")}</a>
            </p>
          </MapFrame>
          <MapLegend />
        </section>
        <section className="list-pane" aria-labelledby="list-title">
          <h2 className="vh" id="list-title">
            {t("map:page.listTab")}
          </h2>
          {notices.length > 0 ? (
            <>
              <h3>{t("notices:list.title")}</h3>
              {notices.map((notice) => (
                <NoticeBox key={notice.id} notice={notice} heading="h3" />
              ))}
              <p>
                <a href={paths.official({ event: query.event })}>{t("notices:list.officialLink")}</a>
              </p>
            </>
          ) : null}
          {found.items.length === 0 ? (
            <EmptyState
              title={t(
                query.passable || query.kind || query.state || query.since
                  ? "map:list.noneTitle"
                  : "map:list.emptyTitle",
              )}
            >
              <p>{t("map:list.emptyText")}</p>
              <p>
                <a href={paths.map({ event: query.event })}>{t("map:list.all")}</a>
              </p>
            </EmptyState>
          ) : (
            <>
              <p className="meta">
                {found.total === null
                  ? t("map:list.countAtLeast", { count: number(REPORT_COUNT_LIMIT, code) })
                  : t("map:list.count", { count: total })}
                {t("common:punctuation.separator")}
                {t("map:list.newest")}
                {from ? (
                  <>
                    {t("common:punctuation.separator")}
                    {t(near ? "map:list.fromNear" : "map:list.fromCenter")}
                  </>
                ) : null}
              </p>
              <ul className="list">
                {found.items.map((report) => (
                  <ReportCard key={report.id} report={report} from={from}>
                    {disagreeing[report.id] ? (
                      <p>
                        <b>{t("map:list.disagrees")}</b>{" "}
                        <a href={paths.report(disagreeing[report.id]!)}>{t("map:list.other")}</a>
                      </p>
                    ) : null}
                  </ReportCard>
                ))}
              </ul>
              <Pager
                shown={found.items.length}
                total={found.total}
                nextHref={found.next ? here({ cursor: found.next, since }) : null}
                firstHref={query.cursor ? here({ cursor: undefined }) : null}
              />
            </>
          )}
          <OfficialFeeds feeds={feeds} />
          <p className="small no-print">
            {t("map:page.take")}
            {t("common:punctuation.colon")}
            <a href={feed(paths.feeds.reportsGeojson())}>GeoJSON</a>
            {t("common:punctuation.separator")}
            <a href={feed(paths.feeds.reportsCsv())}>CSV</a>
            {t("common:punctuation.separator")}
            <a href={paths.feeds.cap({ event: query.event })}>CAP</a>
            {t("common:punctuation.separator")}
            <a href={feed(paths.feeds.cifs())}>CIFS</a>
            {t("common:punctuation.separator")}
            <a href={feed(paths.feeds.open511())}>Open511</a>
          </p>
        </section>
      </div>
      {event ? <EventHotline event={event} /> : null}
    </>
  );
}
