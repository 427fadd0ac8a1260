import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { listThanks } from "../features/cases/stories.server.ts";
import { ThanksList } from "../features/cases/thanks-list.tsx";
import { EventCountList } from "../features/events/event-card.tsx";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { inLanguage } from "../features/events/events.ts";
import { countByEvent, getEvent } from "../features/events/events.server.ts";
import { EventReports } from "../features/map/event-reports.tsx";
import { countReports, eventClosure } from "../features/map/reports.server.ts";
import { NoticeBox } from "../features/notices/notice-box.tsx";
import { listNotices } from "../features/notices/notices.server.ts";
import { PersonCard } from "../features/safety/person-card.tsx";
import { listPersons } from "../features/safety/persons.server.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { ButtonLink, SendButton } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { GetForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { WayIn } from "../ui/way-in.tsx";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(
    matches,
    data ? { text: inLanguage(data.event.titles, pageTranslator(matches).language) } : "events:list.title",
  );
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, params }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const slug = params.slug ?? "";
  const [event, counts, latest, active, closedRoads, closure, notices, thanks] = await orRefuse(
    Promise.all([
      getEvent(db, slug),
      countByEvent(db),
      listPersons(db, { event: slug, limit: 5 }),
      countReports(db, { event: slug }),
      countReports(db, { event: slug, state: "closed" }),
      eventClosure(db, slug),
      listNotices(db, { event: slug, limit: 2 }),
      listThanks(db, { event: slug }),
    ]),
  );
  return {
    event,
    counts: counts[slug],
    latest: latest.items,
    reports: { active, closedRoads, closure },
    notices: notices.items,
    thanks,
    drill: event.drill,
    invented: event.invented && !event.drill,
  };
}

/** One event: what happened, whom to call, who is known to be how, and the ways in. */
export default function EventPage() {
  const t = useT();
  const { code } = useLanguage();
  const { event, counts, latest, reports, notices, thanks } = useLoaderData<typeof loader>();
  const query = `event=${event.slug}`;
  const closed = event.state === "closed";
  return (
    <>
      <PageHead
        title={inLanguage(event.titles, code)}
        lede={inLanguage(event.summaries, code)}
        back={{ href: "/events", label: t("events:list.title") }}
      />
      <p className="meta">
        {closed || event.state === "closing" ? (
          <>
            <b>{t(`events:state.${event.state}`)}</b>
            {t("common:punctuation.separator")}
          </>
        ) : null}
        {event.country ? countryName(event.country, code) : t(`events:kind.${kindOf(event.kind)}`)}
        {event.started_at ? (
          <>
            {t("common:punctuation.separator")}
            <TimeAgo at={event.started_at} zone={event.time_zone ?? undefined} />
          </>
        ) : null}
      </p>
      {event.state === "open" ? null : <p className="notice">{t(`events:stateNote.${event.state}`)}</p>}
      {closed ? null : (
        <WayIn
          first
          icon="check"
          href={`/safety/persons/new?as=me&${query}`}
          title={t("home:ways.meTitle")}
          note={t("home:ways.meNote")}
        />
      )}
      <GetForm id="search" action="/safety" hidden={{ event: event.slug }} search>
        <div className="search">
          <TextField
            name="q"
            type="search"
            label={t("events:page.searchTitle")}
            hint={t("safety:board.searchHint")}
          />
          <SendButton>{t("safety:board.searchButton")}</SendButton>
        </div>
      </GetForm>
      {closed ? null : (
        <>
          <WayIn
            icon="search"
            href={`/safety/persons/new?as=seeking&${query}`}
            title={t("safety:board.seekLink")}
            note={t("events:page.seekingNote")}
          />
          <WayIn
            icon="said"
            href={`/safety/persons/new?as=informing&${query}`}
            title={t("home:ways.informingTitle")}
            note={t("home:ways.informingNote")}
          />
        </>
      )}
      <EventHotline event={event} />
      <h2>{t("notices:list.title")}</h2>
      {notices.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} heading="h3" />
      ))}
      <p>
        <a href={paths.official({ event: event.slug })}>{t("notices:list.officialLink")}</a>
      </p>
      <h2>{t("events:page.latestTitle")}</h2>
      <EventCountList counts={counts} />
      {counts && counts.all > 0 ? <p className="meta">{t("home:countBasis")}</p> : null}
      {latest.length === 0 ? <p>{t(closed ? "safety:board.emptyTitle" : "safety:board.emptyText")}</p> : null}
      <ul className="list">
        {latest.map((person) => (
          <PersonCard key={person.id} person={person} />
        ))}
      </ul>
      {latest.length === 0 ? null : (
        <p>
          <ButtonLink look="plain" href={`/safety?${query}`}>
            {t("events:page.boardLink")}
          </ButtonLink>
        </p>
      )}
      <EventReports event={event.slug} {...reports} closed={closed} />
      <ThanksList thanks={thanks} />
      {closed ? null : (
        <p>
          <a href={paths.newOffer({ event: event.slug })}>{t("stories:story.offerLink")}</a>
        </p>
      )}
      {event.links.length > 0 ? (
        <section>
          <h2>{t("events:page.linksTitle")}</h2>
          <ul>
            {event.links.map((link) => (
              <li key={link.url}>
                <a href={link.url} rel="noopener">
                  {inLanguage(link.titles, code)}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

const kinds = [
  "earthquake",
  "tsunami",
  "storm",
  "flood",
  "landslide",
  "fire",
  "volcano",
  "snow",
  "drought",
  "transport",
  "unrest",
  "conflict",
  "attack",
  "epidemic",
  "everyday",
] as const;

function kindOf(kind: string): (typeof kinds)[number] | "other" {
  return kinds.find((known) => known === kind) ?? "other";
}
