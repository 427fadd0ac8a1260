import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { countryOptions } from "../features/cases/case-form.tsx";
import { CASE_TYPES, PROGRAMMES } from "../features/cases/cases.ts";
import { storyK } from "../features/cases/stories.ts";
import { storiesQuerySchema } from "../features/cases/stories.schema.ts";
import { countLessons, listStories } from "../features/cases/stories.server.ts";
import { StoryCard } from "../features/cases/story-card.tsx";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import casesStyles from "../styles/cases.css?url";
import { ButtonRow, SendButton } from "../ui/button.tsx";
import { DetailsPanel } from "../ui/details-panel.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField } from "../ui/field.tsx";
import { GetForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";

const PAGE = 20;

export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:list.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = storiesQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { db } = context.backend;
  const [page, lessons] = await orRefuse(Promise.all([listStories(db, query, PAGE), countLessons(db)]));
  return data({ query, ...page, lessons }, { headers: sharedPage() });
}

/** Case stories, newest first, and the way to the checklists made of them. */
export default function StoriesPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, items, next, total, lessons } = useLoaderData<typeof loader>();
  const here = (cursor: string | null) => withQuery(paths.cases(), { ...query, cursor });
  const filtered = Boolean(query.country ?? query.type ?? query.programme);
  return (
    <>
      <PageHead title={t("stories:list.title")} lede={t("stories:list.lede")} />
      <DetailsPanel summary={t("stories:list.filterTitle")} icon="search" open={filtered}>
        <GetForm id="filter" action={paths.cases()} answers={query} search>
          <div className="case-filter">
            <SelectField
              name="country"
              label={t("cases:form.countryLabel")}
              empty={t("cases:list.any")}
              options={countryOptions(code)}
            />
            <SelectField
              name="type"
              label={t("cases:column.what")}
              empty={t("cases:list.any")}
              options={CASE_TYPES.map((value) => ({ value, label: t(`cases:type.${value}`) }))}
            />
            <SelectField
              name="programme"
              label={t("cases:form.programmeLabel")}
              empty={t("cases:list.any")}
              options={PROGRAMMES.map((value) => ({ value, label: t(`cases:programme.${value}`) }))}
            />
            <ButtonRow>
              <SendButton look="plain">{t("cases:list.filterSend")}</SendButton>
            </ButtonRow>
          </div>
        </GetForm>
      </DetailsPanel>
      {items.length === 0 ? (
        <EmptyState title={t("stories:list.emptyTitle")}>
          <p>{t("stories:list.emptyText")}</p>
          {filtered ? (
            <p>
              <a href={paths.cases()}>{t("stories:checklists.allLink")}</a>
            </p>
          ) : null}
        </EmptyState>
      ) : (
        <section>
          <p className="meta">{t("stories:list.count", { count: total })}</p>
          <ul className="list">
            {items.map((story) => (
              <StoryCard key={story.id} story={story} />
            ))}
          </ul>
          <Pager
            shown={items.length}
            total={total}
            nextHref={next ? here(next) : null}
            firstHref={query.cursor ? here(null) : null}
          />
        </section>
      )}
      {lessons.length > 0 ? (
        <section>
          <h2>{t("stories:list.checklistsTitle")}</h2>
          <ul className="stats">
            {lessons.map(({ country, stories }) => (
              <li key={country}>
                <a href={paths.caseChecklist(country)}>
                  {t("stories:list.checklistLink", { country: countryName(country, code), count: stories })}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section className="story-basis">
        <h2 className="vh">{t("stories:list.howTitle")}</h2>
        <p>{t("stories:list.how", { k: storyK("passport_lost"), strict: storyK("arrest") })}</p>
      </section>
    </>
  );
}
