import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import QRCode from "qrcode";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { lastKnownGood } from "../features/map/last-known-good.ts";
import { mapPageQuery } from "../features/map/map-query.ts";
import { coordinateWords, passableWords, reportTitle } from "../features/map/report-words.ts";
import { ROAD_KINDS, type Report } from "../features/map/reports.ts";
import { listReports } from "../features/map/reports.server.ts";
import { VehicleLinks } from "../features/map/report-filter.tsx";
import { placeAlong } from "../formats/geometry.ts";
import { passes } from "../formats/report-record.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import mapStyles from "../styles/map.css?url";
import { PrintButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** As many rows as fit on the sheets a driver turns over. */
const MOST = 300;

export const handle = { enhance: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: mapStyles }];
export const headers: HeadersFunction = () => sharedPage();
export const meta: MetaFunction<typeof loader> = ({ matches }) => pageTitle(matches, "map:convoy.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = mapPageQuery.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { db } = context.backend;
  const [events, found] = await orRefuse(
    Promise.all([
      listEvents(db),
      listReports(db, { event: query.event, kind: [...ROAD_KINDS], sort: "place", limit: MOST }),
    ]),
  );
  const event = events.find(({ slug }) => slug === query.event) ?? null;
  const vehicle = query.passable ?? "truck";
  const roads = found.items.filter(({ state, passable }) => state !== null || passable !== null);
  const address = `${context.publicUrl}${paths.convoy({ event: query.event, passable: vehicle })}`;
  const svg = await QRCode.toString(address, { type: "svg", margin: 1, errorCorrectionLevel: "M" });
  return {
    query: { event: query.event, passable: vehicle },
    event,
    vehicle,
    good: Object.fromEntries(lastKnownGood(roads, vehicle)),
    through: roads.filter((report) => passes(report, vehicle)),
    blocked: roads.filter((report) => !passes(report, vehicle)),
    cut: found.next !== null,
    address,
    qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    drill: event?.drill ?? false,
    invented: (event?.invented ?? false) && !event?.drill,
  };
}

/** The sheet for the cab: what passes and what does not, by road and place, and when it was last known to be good. */
export default function ConvoyPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, event, vehicle, good, through, blocked, cut, address, qr } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={t("map:convoy.title")}
        lede={t("map:convoy.lede", { vehicle: t(`map:passable.${vehicle}`) })}
        back={{ href: paths.map(query), label: event ? inLanguage(event.titles, code) : t("map:page.title") }}
      />
      <VehicleLinks
        current={vehicle}
        address={(passable) => paths.convoy({ event: query.event, passable })}
      />
      <p className="no-print">
        <PrintButton />
      </p>
      <h2>{t("map:convoy.through", { count: through.length })}</h2>
      {through.length === 0 ? <p>{t("map:convoy.none")}</p> : <RoadTable reports={through} good={good} />}
      <h2>{t("map:convoy.blocked", { count: blocked.length })}</h2>
      {blocked.length === 0 ? <p>{t("map:convoy.none")}</p> : <RoadTable reports={blocked} good={good} />}
      {cut ? <p>{t("map:convoy.cut", { count: MOST })}</p> : null}
      <p className="meta">{t("map:convoy.note")}</p>
      <div className="sheet-foot">
        <img className="qr" src={qr} alt={t("map:convoy.qrAlt")} width="120" height="120" />
        <p className="meta">
          {address}
          <br />
          <Printed zone={event?.time_zone ?? undefined} />
        </p>
      </div>
    </>
  );
}

function Printed({ zone }: { zone: string | undefined }) {
  const t = useT();
  return <Dated text={(time) => t("map:convoy.made", { time })} at={null} zone={zone} form="date" />;
}

function RoadTable({
  reports,
  good,
}: {
  reports: readonly Report[];
  good: Readonly<Record<string, string>>;
}) {
  const t = useT();
  return (
    <div className="scroll">
      <table className="convoy">
        <thead>
          <tr>
            <th scope="col">{t("map:convoy.road")}</th>
            <th scope="col">{t("map:convoy.state")}</th>
            <th scope="col">{t("map:convoy.bypass")}</th>
            <th scope="col">{t("map:convoy.seen")}</th>
            <th scope="col">{t("map:convoy.good")}</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => {
            const zone = report.time_zone ?? undefined;
            const passable = passableWords(report.passable, t);
            return (
              <tr key={report.id}>
                <th scope="row">
                  <a href={paths.report(report.id)}>
                    <bdi>{reportTitle(report, t)}</bdi>
                  </a>
                  <br />
                  <span className="small nb">
                    {coordinateWords(placeAlong(report.geometry), report.protected ? 2 : 5)}
                  </span>
                </th>
                <td data-label={t("map:convoy.state")}>
                  {report.state ? <b>{t(`map:state.${report.state}`)}</b> : null}
                  {passable ? <div>{passable}</div> : null}
                  {report.width_limit_m === null ? null : (
                    <div>{t("map:facts.widthOf", { metres: report.width_limit_m })}</div>
                  )}
                  {report.weight_limit_t === null ? null : (
                    <div>{t("map:facts.weightOf", { tonnes: report.weight_limit_t })}</div>
                  )}
                </td>
                <td data-label={t("map:convoy.bypass")}>
                  <bdi>{report.bypass ?? "—"}</bdi>
                </td>
                <td data-label={t("map:convoy.seen")}>
                  <TimeAgo at={report.affirmed_at} zone={zone} form="age" />
                  {report.stale ? <div>{t("map:convoy.stale")}</div> : null}
                </td>
                <td data-label={t("map:convoy.good")}>
                  {good[report.id] ? (
                    <TimeAgo at={good[report.id]} zone={zone} form="age" />
                  ) : (
                    t("map:convoy.never")
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
