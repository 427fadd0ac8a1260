/** What authorities and what people on the spot say of an event or a country, for the pages that show both. */
import { countByEvent, listEvents } from "../features/events/events.server.ts";
import { listReports, listReportsById } from "../features/map/reports.server.ts";
import type { Report } from "../features/map/reports.ts";
import { disagrees, type NoticeLink } from "../features/notices/notices.ts";
import { linksTo, listDisagreements, listNotices } from "../features/notices/notices.server.ts";
import type { Db } from "../platform/db.server.ts";

/** Each voice shows this many; the way to the rest stands beside it. */
const MOST = 10;
const MOST_EVENTS = 5;

/** What a list shows of a report. */
export type ShownReport = Pick<
  Report,
  "id" | "kind" | "road" | "place" | "text" | "observed_at" | "time_zone" | "language" | "staff"
>;

export interface Difference {
  link: NoticeLink;
  /** What the item says, if it is a report that the reader may see. */
  report: ShownReport | null;
}

/** Both voices, newest first. Without an event and a country it gives what can be chosen. Drills only by their own slug. */
export async function officialBesideCrowd(
  db: Db,
  query: { event?: string | undefined; country?: string | undefined },
) {
  const events = await listEvents(db);
  const event = events.find(({ slug }) => slug === query.event) ?? null;
  const country = event ? undefined : query.country;
  const about = event
    ? [event]
    : events
        .filter((one) => !one.drill && one.country !== null && one.country === country)
        .slice(0, MOST_EVENTS);
  const choices = events.filter(({ slug, drill }) => slug !== "everyday" && (!drill || slug === query.event));
  const shownQuery = { event: event?.slug, country };
  if (event === null && country === undefined) {
    return {
      query: shownQuery,
      event,
      events: choices,
      notices: null,
      reports: [],
      boards: [],
      differences: [],
    };
  }
  const [notices, crowd, counts] = await Promise.all([
    listNotices(db, { event: event?.slug, country, limit: MOST }),
    Promise.all(about.map(({ slug }) => listReports(db, { event: slug, limit: MOST }))),
    countByEvent(db),
  ]);
  const reports = crowd
    .flatMap(({ items }) => items)
    .sort((a, b) => Date.parse(b.observed_at) - Date.parse(a.observed_at))
    .slice(0, MOST);
  return {
    query: shownQuery,
    event,
    events: choices,
    notices,
    reports: reports.map(shown),
    boards: about.map(({ slug, titles }) => ({ slug, titles, all: counts[slug]?.all ?? 0 })),
    differences: await differencesOf(db, notices.items, reports),
  };
}

async function differencesOf(
  db: Db,
  notices: readonly { id: string }[],
  reports: readonly Report[],
): Promise<Difference[]> {
  const [fromNotices, fromReports] = await Promise.all([
    listDisagreements(
      db,
      notices.map(({ id }) => id),
    ),
    linksTo(
      db,
      "report",
      reports.map(({ id }) => id),
    ),
  ]);
  const found = new Map<string, NoticeLink>();
  for (const link of [...fromNotices, ...fromReports]) if (disagrees(link.relation)) found.set(link.id, link);
  const linked = [...found.values()];
  const known = await listReportsById(
    db,
    linked.filter(({ subject_type }) => subject_type === "report").map(({ subject_id }) => subject_id),
  );
  return linked.map((link) => {
    const report = known.find(({ id }) => id === link.subject_id);
    return { link, report: report ? shown(report) : null };
  });
}

function shown(report: Report): ShownReport {
  const { id, kind, road, place, text, observed_at, time_zone, language, staff } = report;
  return { id, kind, road, place, text, observed_at, time_zone, language, staff };
}
