import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EventHotline } from "../features/events/event-hotline.tsx";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { BoardSearch, KnownSearch } from "../features/safety/board-search.tsx";
import { findKnownPersons } from "../features/safety/known-persons.server.ts";
import { PersonCard } from "../features/safety/person-card.tsx";
import { COUNT_LIMIT } from "../features/safety/persons.ts";
import { boardSchema } from "../features/safety/persons.schema.ts";
import { listPersons, searchPersons } from "../features/safety/persons.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { secretPage, sharedPage } from "../platform/cache.server.ts";
import { orRefuse, safetyCaller } from "../server/page-answers.ts";
import { ButtonLink, ButtonRow } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Hotline } from "../ui/hotline.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";

const PAGE = 25;

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(
    matches,
    data?.event
      ? {
          text: pageTranslator(matches)("safety:board.titleOfEvent", {
            event: inLanguage(data.event.titles, pageTranslator(matches).language),
          }),
        }
      : "safety:board.title",
  );
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = boardSchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { db } = context.backend;
  const filter = {
    event: query.event,
    status: query.status,
    country: query.country,
    cursor: query.cursor,
    limit: PAGE,
  };
  const looksForKnown = query.q !== "" && query.known !== undefined;
  const [events, found, known] = await orRefuse(
    Promise.all([
      listEvents(db),
      query.q === "" ? listPersons(db, filter) : searchPersons(db, { ...filter, q: query.q }),
      looksForKnown ? findKnownPersons(safetyCaller(context, request), query.q, query.known!) : [],
    ]),
  );
  const event = events.find(({ slug }) => slug === query.event) ?? null;
  return data(
    {
      query,
      event,
      events: events.filter(({ state, slug }) => state !== "closed" || slug === query.event),
      found: {
        items: found.items.map((person) => ({ match: null, ...person })),
        next: found.next,
        total: found.total,
      },
      known,
      drill: event?.drill ?? false,
      invented: (event?.invented ?? false) && !event?.drill,
    },
    // A found hidden record must not reach anybody else through a shared page.
    { headers: query.known === undefined ? sharedPage() : secretPage() },
  );
}

/** The board: search by any spelling of a name, or read what is newest. */
export default function BoardPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, event, events, found, known } = useLoaderData<typeof loader>();
  const none = found.items.length === 0 && known.length === 0;
  const total = found.total ?? found.items.length;
  const here = (changes: Record<string, string | undefined>) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...query, ...changes }))
      if (value) parameters.set(name, value);
    return `/safety?${parameters}`;
  };
  const seek = `/safety/persons/new?as=seeking${query.event ? `&event=${query.event}` : ""}${query.q ? `&full_name=${encodeURIComponent(query.q)}` : ""}`;
  const me = `/safety/persons/new?as=me${query.event ? `&event=${query.event}` : ""}`;
  return (
    <>
      <PageHead
        title={t("safety:board.title")}
        back={event ? { href: `/events/${event.slug}`, label: inLanguage(event.titles, code) } : null}
      />
      <BoardSearch
        query={query}
        events={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
      />
      {none ? (
        query.q === "" ? (
          <EmptyState title={t("safety:board.emptyTitle")}>
            <p>{t("safety:board.emptyText")}</p>
          </EmptyState>
        ) : (
          <EmptyState title={t("safety:board.noneTitle", { name: query.q })}>
            <p>{t("safety:board.noneText")}</p>
            <ul>
              <li>{t("safety:board.noneTipSpelling")}</li>
              {query.event ? (
                <li>
                  <a href={here({ event: undefined, cursor: undefined })}>
                    {t("safety:board.noneTipEvents")}
                  </a>
                </li>
              ) : null}
              <li>{t("safety:board.noneTipSeek")}</li>
            </ul>
          </EmptyState>
        )
      ) : (
        <section>
          <h2 className="vh">{t("safety:board.resultsLabel")}</h2>
          <p className="meta">
            {query.q === ""
              ? total > COUNT_LIMIT
                ? t("safety:board.countAtLeast", { count: number(COUNT_LIMIT, code) })
                : t("safety:board.count", { count: total })
              : t("safety:board.matches", { count: total + known.length })}
            {t("common:punctuation.separator")}
            {t(query.q === "" ? "safety:board.sortNewest" : "safety:board.sortMatch")}
            {query.q === "" ? null : (
              <>
                {t("common:punctuation.separator")}
                <a href={here({ q: undefined, known: undefined, cursor: undefined })}>
                  {t("safety:board.clearLink")}
                </a>
              </>
            )}
          </p>
          <ul className="list">
            {known.map((person) => (
              <PersonCard key={person.id} person={person} linkKey={person.key} />
            ))}
            {found.items.map((person) => (
              <PersonCard key={person.id} person={person} match={person.match} />
            ))}
          </ul>
          <Pager
            shown={found.items.length}
            total={total > COUNT_LIMIT ? null : total}
            nextHref={found.next ? here({ cursor: found.next }) : null}
            firstHref={query.cursor ? here({ cursor: undefined }) : null}
          />
        </section>
      )}
      {query.q === "" ? null : <KnownSearch query={query} />}
      {query.q === "" || none ? null : <p>{t("safety:board.notHere")}</p>}
      <ButtonRow>
        <ButtonLink href={query.q === "" ? me : seek}>
          {t(query.q === "" ? "safety:board.meLink" : "safety:board.seekLink")}
        </ButtonLink>
        <ButtonLink look="plain" href={query.q === "" ? seek : me}>
          {t(query.q === "" ? "safety:board.seekLink" : "safety:board.meLink")}
        </ButtonLink>
      </ButtonRow>
      {event ? <EventHotline event={event} /> : <Hotline />}
    </>
  );
}
