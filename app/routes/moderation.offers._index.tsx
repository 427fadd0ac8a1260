import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OFFER_STATES } from "../features/cases/offers.ts";
import { listStaffOffers } from "../features/cases/offers.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const SHOWN = ["waiting", "accepted", "introduced", "thanked"] as const;

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:offers.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const asked = new URL(request.url).searchParams.get("state");
  const state = OFFER_STATES.find((one) => one === asked) ?? null;
  return data({ state, offers: await orRefuse(listStaffOffers(db, state ?? undefined)) }, { headers });
}

/** Offers of help by how far they are. Who offers is not shown. */
export default function StaffOffersPage() {
  const t = useT();
  const { state, offers } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={t("stories:offers.title")}
        lede={t("stories:offers.lede")}
        back={{ href: paths.moderation(), label: t("stories:offers.queueLink") }}
      />
      <nav className="tabs" aria-label={t("stories:staff.stateLabel")}>
        <a href={paths.moderationOffers()} aria-current={state === null ? "page" : undefined}>
          {t("cases:list.any")}
        </a>
        {SHOWN.map((one) => (
          <a
            key={one}
            href={withQuery(paths.moderationOffers(), { state: one })}
            aria-current={state === one ? "page" : undefined}
          >
            {t(`stories:offers.state.${one}`)}
          </a>
        ))}
      </nav>
      {offers.length === 0 ? (
        <EmptyState title={t("stories:offers.emptyTitle")}>
          <p>{t("stories:offers.emptyText")}</p>
        </EmptyState>
      ) : (
        <ul className="list">
          {offers.map((offer) => (
            <Card as="li" key={offer.id}>
              <h2>
                <a href={paths.moderationOffer(offer.id)}>{[...offer.what].slice(0, 60).join("")}</a>
              </h2>
              <p className="meta">
                {[t(`stories:offers.state.${offer.state}`), offer.place, offer.languages, offer.available]
                  .filter(Boolean)
                  .join(t("common:punctuation.separator"))}
              </p>
              <p className="meta">
                {offer.story ?? offer.event} <TimeAgo at={offer.created_at} />
              </p>
            </Card>
          ))}
        </ul>
      )}
    </>
  );
}
