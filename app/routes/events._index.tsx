import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EventCard } from "../features/events/event-card.tsx";
import { countByEvent, listEvents } from "../features/events/events.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { orRefuse } from "../server/page-answers.ts";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "events:list.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const [events, counts] = await orRefuse(Promise.all([listEvents(db), countByEvent(db)]));
  return {
    open: events.filter((event) => event.state !== "closed"),
    closed: events.filter((event) => event.state === "closed"),
    counts,
  };
}

/** Every event, the open ones first. */
export default function EventsPage() {
  const t = useT();
  const { open, closed, counts } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("events:list.title")} lede={t("events:list.lede")} />
      <h2>{t("events:list.openTitle")}</h2>
      <ul className="list">
        {open.map((event) => (
          <EventCard key={event.slug} event={event} counts={counts[event.slug]} />
        ))}
      </ul>
      {closed.length > 0 ? (
        <>
          <h2>{t("events:list.closedTitle")}</h2>
          <ul className="list">
            {closed.map((event) => (
              <EventCard key={event.slug} event={event} counts={counts[event.slug]} />
            ))}
          </ul>
        </>
      ) : null}
      <p className="meta">{t("home:countBasis")}</p>
    </>
  );
}
