import { number } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { Card } from "../../ui/card.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { EVERYDAY, inLanguage, type Event, type EventCounts } from "./events.ts";

/** An event in a list: its name, since when, and how many posted. */
export function EventCard({ event, counts }: { event: Event; counts: EventCounts | undefined }) {
  const t = useT();
  const { code } = useLanguage();
  return (
    <Card as="li">
      <h3>
        <a href={`/events/${event.slug}`}>{inLanguage(event.titles, code)}</a>
      </h3>
      {event.slug === EVERYDAY ? (
        <p className="meta">{t("home:everydayNote")}</p>
      ) : (
        <p className="meta">
          <EventTags event={event} />
          {event.started_at ? (
            <TimeAgo at={event.started_at} zone={event.time_zone ?? undefined} form="date" />
          ) : null}
        </p>
      )}
      <EventCountList counts={counts} />
    </Card>
  );
}

// What must be known before anything else about an event: a drill, invented, closed.
function EventTags({ event }: { event: Event }) {
  const t = useT();
  const tags = [
    event.drill ? t("common:drill.short") : null,
    event.invented && !event.drill ? t("common:invented.short") : null,
    event.state === "open" ? null : t(`events:state.${event.state}`),
  ].filter((tag) => tag !== null);
  return tags.length === 0 ? null : (
    <>
      <b>{tags.join(t("common:punctuation.separator"))}</b>
      {t("common:punctuation.separator")}
    </>
  );
}

/** How many posted, rounded; nothing at all where there are too few to say. */
export function EventCountList({ counts }: { counts: EventCounts | undefined }) {
  const t = useT();
  const { code } = useLanguage();
  if (!counts || counts.all === 0) return null;
  const shown = [
    { label: t("home:countSafe"), count: counts.safe },
    { label: t("home:countSought"), count: counts.sought },
    { label: t("home:countNeedsHelp"), count: counts.needsHelp },
  ].filter(({ count }) => count > 0);
  return (
    <ul className="stats">
      {shown.map(({ label, count }) => (
        <li key={label}>
          {label} <b>{number(count, code)}</b>
        </li>
      ))}
    </ul>
  );
}
