import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Checklist } from "../features/cases/checklist.tsx";
import { getStory, listThanks } from "../features/cases/stories.server.ts";
import { StoryFacts } from "../features/cases/story-facts.tsx";
import { ThanksList } from "../features/cases/thanks-list.tsx";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import casesStyles from "../styles/cases.css?url";
import { ButtonLink, ButtonRow } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) =>
  pageTitle(matches, loaded ? { text: loaded.story.title } : "stories:list.title");

export async function loader({ context, params }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const id = params.id ?? "";
  const story = await orRefuse(getStory(db, id));
  const thanks = await orRefuse(listThanks(db, { story: id }));
  return data({ story, thanks, invented: story.invented }, { headers: sharedPage() });
}

/** What happened to somebody, what can be learnt from it, and how to help. */
export default function StoryPage() {
  const t = useT();
  const { code } = useLanguage();
  const { story, thanks } = useLoaderData<typeof loader>();
  const { language } = story;
  return (
    <article>
      <PageHead
        title={<span lang={language}>{story.title}</span>}
        back={{ href: paths.cases(), label: t("stories:list.title") }}
      />
      <StoryFacts facts={story} />
      {story.correction ? (
        <Notice title={t("stories:story.correctionTitle")}>
          <p>{story.correction}</p>
        </Notice>
      ) : null}
      <div className="story-text" lang={language}>
        {story.account.split(/\n{2,}/).map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
      </div>
      <section className="story-lesson">
        <h2>{t("stories:story.lessonTitle")}</h2>
        <p lang={language}>{story.lesson}</p>
      </section>
      {story.checklist.length > 0 ? (
        <section>
          <h2>{t("stories:story.checklistTitle")}</h2>
          <Checklist items={story.checklist.map((text) => ({ text, language }))} />
          {story.country ? (
            <p>
              <a href={paths.caseChecklist(story.country)}>
                {t("stories:story.countryChecklist", { country: countryName(story.country, code) })}
              </a>
            </p>
          ) : null}
        </section>
      ) : null}
      <ThanksList thanks={thanks} />
      <section>
        <h2>{t("stories:story.offerTitle")}</h2>
        <p>{t("stories:story.offerText")}</p>
        <ButtonRow>
          <ButtonLink href={paths.newOffer({ story: story.id })}>{t("stories:story.offerLink")}</ButtonLink>
        </ButtonRow>
      </section>
      <section className="story-basis">
        <p>{t(story.invented ? "stories:story.basisInvented" : "stories:story.basis")}</p>
        <p>
          <Dated text={(date) => t("stories:story.published", { date })} at={story.published_at} />
          {t("common:punctuation.separator")}
          <a href={paths.newCorrection("story", story.id)}>{t("stories:story.correctLink")}</a>
        </p>
      </section>
    </article>
  );
}
