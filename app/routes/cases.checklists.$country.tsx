import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Checklist } from "../features/cases/checklist.tsx";
import { listLessons } from "../features/cases/stories.server.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import casesStyles from "../styles/cases.css?url";
import { PrintButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Hotline } from "../ui/hotline.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { enhance: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) => {
  const t = pageTranslator(matches);
  return pageTitle(
    matches,
    loaded
      ? { text: t("stories:checklists.title", { country: countryName(loaded.country, t.language) }) }
      : "stories:list.title",
  );
};

export async function loader({ context, params }: LoaderFunctionArgs) {
  const country = (params.country ?? "").toUpperCase();
  const stories = await orRefuse(listLessons(context.backend.db, country));
  return data(
    { country, stories, invented: stories.length > 0 && stories.every((story) => story.invented) },
    { headers: sharedPage() },
  );
}

/** What to prepare before going to a country, from what happened to others there (D63). Prints on a page. */
export default function ChecklistPage() {
  const t = useT();
  const { code } = useLanguage();
  const { country, stories } = useLoaderData<typeof loader>();
  const name = countryName(country, code);
  const seen = new Set<string>();
  const items = stories.flatMap((story) =>
    story.checklist
      .filter((text) => !seen.has(text) && seen.add(text))
      .map((text) => ({
        text,
        language: story.language,
        note: (
          <>
            {t("stories:checklists.from")}
            {t("common:punctuation.separator")}
            <a href={paths.caseStory(story.id)}>{story.title}</a>
            {story.country === null
              ? `${t("common:punctuation.separator")}${t("stories:checklists.regional", { region: t(`cases:region.${story.region}`) })}`
              : null}
          </>
        ),
      })),
  );
  return (
    <>
      <PageHead
        title={t("stories:checklists.title", { country: name })}
        lede={t("stories:checklists.lede")}
        back={{ href: paths.cases(), label: t("stories:checklists.allLink") }}
      />
      {items.length === 0 ? (
        <EmptyState title={t("stories:checklists.emptyTitle", { country: name })}>
          <p>{t("stories:checklists.emptyText")}</p>
        </EmptyState>
      ) : (
        <>
          <Checklist items={items} />
          <p>
            <PrintButton />
          </p>
        </>
      )}
      <p className="quiet">{t("stories:checklists.hotlineHint")}</p>
      <Hotline />
    </>
  );
}
