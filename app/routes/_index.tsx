import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EventCard } from "../features/events/event-card.tsx";
import { EVERYDAY } from "../features/events/events.ts";
import { countByEvent, listEvents } from "../features/events/events.server.ts";
import { NoticeBox } from "../features/notices/notice-box.tsx";
import { listNotices } from "../features/notices/notices.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { orRefuse } from "../server/page-answers.ts";
import { Hotline } from "../ui/hotline.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { WayIn } from "../ui/way-in.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "home:pageTitle");
export const headers: HeadersFunction = () => sharedPage();

const LATEST_NOTICES = 3;

export async function loader({ context }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const [events, counts, notices] = await orRefuse(
    Promise.all([listEvents(db), countByEvent(db), listNotices(db, { limit: LATEST_NOTICES })]),
  );
  return {
    open: events.filter((event) => event.state !== "closed" && event.slug !== EVERYDAY),
    everyday: events.find((event) => event.slug === EVERYDAY) ?? null,
    counts,
    notices: notices.items,
  };
}

/** The situation now, and the ways in. */
export default function HomePage() {
  const t = useT();
  const { open, everyday, counts, notices } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("home:title")} lede={t("home:lede")} />
      <h2 className="vh">{t("home:waysTitle")}</h2>
      <WayIn
        first
        icon="check"
        href="/safety/persons/new?as=me"
        title={t("home:ways.meTitle")}
        note={t("home:ways.meNote")}
      />
      <WayIn
        icon="search"
        href="/safety"
        title={t("home:ways.seekingTitle")}
        note={t("home:ways.seekingNote")}
      />
      <WayIn
        icon="said"
        href="/safety/persons/new?as=informing"
        title={t("home:ways.informingTitle")}
        note={t("home:ways.informingNote")}
      />
      <WayIn
        icon="place"
        href="/map/reports/new"
        title={t("home:ways.mapTitle")}
        note={t("home:ways.mapNote")}
      />
      <Hotline />
      <h2>{t("home:openTitle")}</h2>
      {open.length === 0 ? <p>{t("home:openNone")}</p> : null}
      <ul className="list">
        {open.map((event) => (
          <EventCard key={event.slug} event={event} counts={counts[event.slug]} />
        ))}
        {everyday ? <EventCard event={everyday} counts={counts[everyday.slug]} /> : null}
      </ul>
      <p className="meta">{t("home:countBasis")}</p>
      <p>
        <a href="/events">{t("home:eventsAll")}</a>
      </p>
      {notices.length === 0 ? null : (
        <section aria-labelledby="notices-title">
          <h2 id="notices-title">{t("home:noticesTitle")}</h2>
          {notices.map((notice) => (
            <NoticeBox key={notice.id} notice={notice} heading="h3" />
          ))}
          <p>
            <a href="/notices">{t("home:noticesAll")}</a>
          </p>
        </section>
      )}
    </>
  );
}
