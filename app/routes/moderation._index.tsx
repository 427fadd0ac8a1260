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
import { filterQuery, QueueFilterForm, QueueList } from "../features/moderation/queue-list.tsx";
import { KEYS, readFilter, withOwnStage } from "../features/moderation/queue.ts";
import { listQueue } from "../features/moderation/queue.server.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import moderationStyles from "../styles/moderation.css?url";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { enhance: true, noindex: true, wide: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: moderationStyles }];
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "moderation:queue.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "volunteer");
  const query = new URL(request.url).searchParams;
  const filter = readFilter(query);
  const cursor = query.get("cursor");
  const [page, events] = await orRefuse(
    Promise.all([
      listQueue(staff.db, withOwnStage(filter, staff.member.role === "volunteer", query), { cursor }),
      listEvents(context.backend.db),
    ]),
  );
  return data(
    {
      page,
      filter,
      cursor,
      events: events.map(({ slug, titles }) => ({ slug, titles })),
      member: { name: staff.member.name, role: staff.member.role },
    },
    { headers: staff.headers },
  );
}

/** What waits for a person's decision. */
export default function QueuePage() {
  const t = useT();
  const { code } = useLanguage();
  const { page, filter, cursor, events, member } = useLoaderData<typeof loader>();
  const first = page.items[0];
  return (
    <>
      <PageHead title={t("moderation:queue.title")} lede={t("moderation:queue.lede")} />
      <p className="meta">
        {t("moderation:queue.signedInAs", { name: member.name, role: t(`members:role.${member.role}`) })}
        {t("common:punctuation.separator")}
        <a href={paths.signIn()}>{t("moderation:queue.session")}</a>
      </p>
      <nav className="stats" aria-label={t("moderation:queue.deskNav")}>
        {member.role === "volunteer" ? null : (
          <>
            <a href={paths.moderationCases()}>{t("moderation:queue.deskCases")}</a>
            <a href={paths.moderationStories()}>{t("moderation:queue.deskStories")}</a>
            <a href={paths.moderationOffers()}>{t("moderation:queue.deskOffers")}</a>
            <a href={paths.moderationReleases()}>{t("moderation:queue.deskReleases")}</a>
            <a href={paths.newNotice()}>{t("moderation:queue.deskNewNotice")}</a>
          </>
        )}
        <a href={paths.moderationLog()}>{t("moderation:queue.deskLog")}</a>
        {member.role === "admin" ? (
          <>
            <a href={paths.webhooks()}>{t("moderation:queue.deskWebhooks")}</a>
            <a href={paths.moderationMembers()}>{t("moderation:queue.members")}</a>
          </>
        ) : null}
      </nav>
      {first ? (
        <p>
          <a
            className="button"
            href={withQuery(paths.moderationItem(first.id), filterQuery(filter))}
            accessKey={KEYS.next}
            data-key={KEYS.next}
          >
            {t("moderation:queue.start")}
            <kbd>{KEYS.next.toUpperCase()}</kbd>
          </a>
        </p>
      ) : null}
      <details open={Object.values(filter).some((value) => value !== null)}>
        <summary>{t("moderation:queue.filter")}</summary>
        <QueueFilterForm
          filter={filter}
          events={events.map(({ slug, titles }) => ({ value: slug, label: inLanguage(titles, code) }))}
        />
      </details>
      <QueueList page={page} filter={filter} current={null} cursor={cursor} />
    </>
  );
}
