import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { getCase } from "../features/cases/cases.server.ts";
import { coarsenText, factsOfCase } from "../features/cases/stories.ts";
import { STORY_FIELDS, storySchema } from "../features/cases/stories.schema.ts";
import { maskStory, saveStory } from "../features/cases/stories.server.ts";
import { StoryForm } from "../features/cases/story-form.tsx";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { countryName } from "../i18n/format.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { knownHotlines } from "../server/known-hotlines.ts";
import casesStyles from "../styles/cases.css?url";
import type { FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:staff.newTitle");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const caseId = new URL(request.url).searchParams.get("case");
  if (caseId === null) return data({ fromCase: null, answers: {} as Answers, invented: false }, { headers });
  const [found, hotlines] = await orRefuse(
    Promise.all([getCase(db, caseId), knownHotlines(context.backend.db)]),
  );
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code;
  const account = coarsenText(found.narrative ?? "", {
    place: found.place,
    country: countryName(found.country, language),
  });
  const { account: masked } = maskStory({ title: "", account, lesson: "", checklist: [] }, hotlines);
  const { quarter, country, region, type, programme, age_band } = factsOfCase(found);
  const answers: Answers = {
    account: masked,
    language,
    quarter: quarter ?? "",
    country: country ?? "",
    region,
    type: type ?? "",
    programme: programme ?? "",
    age_band: age_band ?? "",
  };
  return data({ fromCase: found.id, answers, invented: found.invented }, { headers });
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), STORY_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = storySchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    const id = await saveStory(db, parsed.data);
    return redirect(`${paths.moderationStory(id)}?done=saved`, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** A story begun from a case, coarse and masked from the start, or freely. */
export default function NewStoryPage() {
  const t = useT();
  const { fromCase, answers } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  return (
    <>
      <PageHead
        title={t("stories:staff.newTitle")}
        lede={t("stories:staff.lede")}
        back={{ href: paths.moderationStories(), label: t("stories:staff.title") }}
      />
      {fromCase ? (
        <Notice>
          <p>{t("stories:staff.fromCase")}</p>
        </Notice>
      ) : null}
      <StoryForm
        answers={sent?.answers ?? answers}
        errors={sent?.errors ?? []}
        hidden={fromCase ? { case_id: fromCase } : {}}
      />
    </>
  );
}
