import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { STORY_STATES } from "../features/cases/stories.ts";
import { listStaffStories } from "../features/cases/stories.server.ts";
import { StoryFacts } from "../features/cases/story-facts.tsx";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { ButtonLink, ButtonRow } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:staff.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const asked = new URL(request.url).searchParams.get("state");
  const state = STORY_STATES.find((one) => one === asked) ?? null;
  return data({ state, stories: await orRefuse(listStaffStories(db, state ?? undefined)) }, { headers });
}

/** The stories officers work on, by how far they are. */
export default function StaffStoriesPage() {
  const t = useT();
  const { state, stories } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={t("stories:staff.title")}
        lede={t("stories:staff.lede")}
        back={{ href: paths.moderationCases(), label: t("stories:staff.casesLink") }}
      />
      <ButtonRow>
        <ButtonLink href={paths.moderationNewStory()}>{t("stories:staff.newLink")}</ButtonLink>
      </ButtonRow>
      <nav className="tabs" aria-label={t("stories:staff.stateLabel")}>
        <a href={paths.moderationStories()} aria-current={state === null ? "page" : undefined}>
          {t("cases:list.any")}
        </a>
        {STORY_STATES.map((one) => (
          <a
            key={one}
            href={withQuery(paths.moderationStories(), { state: one })}
            aria-current={state === one ? "page" : undefined}
          >
            {t(`stories:staff.state.${one}`)}
          </a>
        ))}
      </nav>
      {stories.length === 0 ? (
        <EmptyState title={t("stories:staff.emptyTitle")}>
          <p>{t("stories:staff.emptyText")}</p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("stories:list.count", { count: stories.length })}</p>
          <ul className="list">
            {stories.map((story) => (
              <Card as="li" key={story.id}>
                <h2 lang={story.language}>
                  <a href={paths.moderationStory(story.id)}>{story.title}</a>
                </h2>
                <StoryFacts facts={story} />
                <p className="meta">
                  <b>{t(`stories:staff.state.${story.state}`)}</b>
                  {story.mine ? `${t("common:punctuation.separator")}${t("stories:staff.mine")}` : null}
                </p>
              </Card>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
