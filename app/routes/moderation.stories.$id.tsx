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
import { STORY_FIELDS, storySchema } from "../features/cases/stories.schema.ts";
import {
  checkAgainstCases,
  findInStory,
  getStaffStory,
  maskStory,
  moveStory,
  saveStory,
} from "../features/cases/stories.server.ts";
import { StoryCheck, StoryFindings } from "../features/cases/story-check.tsx";
import { StoryForm } from "../features/cases/story-form.tsx";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { errorText } from "../i18n/translate.ts";
import { Failure } from "../platform/failure.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { knownHotlines } from "../server/known-hotlines.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { SendButton } from "../ui/button.tsx";
import { CheckField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { wide: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:staff.title");

const DONE = ["saved", "masked", "moved"] as const;
const INTENTS = ["save", "coarsen", "mask", "waiting", "published", "draft"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const story = await orRefuse(getStaffStory(db, params.id ?? ""));
  const [check, hotlines] = await orRefuse(
    Promise.all([checkAgainstCases(db, story), knownHotlines(context.backend.db)]),
  );
  const asked = new URL(request.url).searchParams.get("done");
  return data(
    {
      story,
      check,
      findings: findInStory(story, hotlines),
      done: DONE.find((one) => one === asked) ?? null,
      invented: story.invented,
    },
    { headers },
  );
}

interface Again {
  intent: string;
  answers: Answers | null;
  errors: FieldError[];
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const id = params.id ?? "";
  const form = await readForm(request);
  const intent = INTENTS.find((one) => one === form.get("intent"));
  const again = (status: number, errors: FieldError[], answers: Answers | null = null) =>
    data<Again>({ intent: intent ?? "", answers, errors }, { status, headers });
  const done = (what: (typeof DONE)[number]) => {
    context.wrote();
    return redirect(`${paths.moderationStory(id)}?done=${what}`, { status: 303, headers });
  };
  try {
    if (intent === "save") {
      const answers = formAnswers(form, STORY_FIELDS);
      const parsed = storySchema.safeParse(answers);
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues), answers);
      try {
        await saveStory(db, parsed.data, id);
        return done("saved");
      } catch (error) {
        const problem = formProblem(error);
        return again(problem.status, problem.errors, answers);
      }
    }
    const story = await getStaffStory(db, id);
    const version = Number(form.get("version"));
    if (story.version !== version) throw new Failure("conflict", "changed_meanwhile");
    const { case_id: _case, ...kept } = story;
    if (intent === "coarsen") {
      const to = (field: string) => {
        const value = form.get(`to_${field}`);
        return typeof value === "string" ? { given: true, value: value || null } : { given: false, value: null };
      };
      const quarter = to("quarter");
      await saveStory(
        db,
        {
          ...kept,
          case_id: null,
          quarter: quarter.given ? quarter.value : story.quarter,
          country: to("country").given ? null : story.country,
          type: to("type").given ? null : story.type,
          programme: to("programme").given ? null : story.programme,
          age_band: to("age_band").given ? null : story.age_band,
        },
        id,
      );
      return done("saved");
    }
    const hotlines = await knownHotlines(context.backend.db);
    if (intent === "mask") {
      await saveStory(db, { ...maskStory(kept, hotlines), case_id: null }, id);
      return done("masked");
    }
    if (intent === "waiting" || intent === "published" || intent === "draft") {
      // What looks like somebody's data goes no further until a person has said that it is none.
      if (intent !== "draft" && form.get("seen") !== "yes" && findInStory(story, hotlines).length > 0)
        return again(422, [{ field: "seen", token: "personal_data_left" }]);
      await moveStory(db, { id, version }, intent);
      return done("moved");
    }
    throw new Failure("invalid", "intent_unknown");
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
} // prettier-ignore

/** One story on the desk: text and facts, what the checks say, and the way to the second signature. */
export default function StaffStoryPage() {
  const t = useT();
  const { story, check, findings, done } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const version = String(story.version);
  const stored: Answers = {
    ...Object.fromEntries(
      Object.entries(story).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join("\n") : value === null ? "" : String(value),
      ]),
    ),
  };
  const errorsOf = (intent: string) => (sent?.intent === intent ? sent.errors : []);
  const seen = findings.length > 0 ? <CheckField name="seen" label={t("stories:staff.keepLabel")} /> : null;
  return (
    <>
      <PageHead
        title={story.title}
        lede={t(`stories:staff.state.${story.state}`)}
        back={{ href: paths.moderationStories(), label: t("stories:staff.title") }}
      />
      {done && !sent ? (
        <Notice>
          <p role="status">{t(`stories:staff.${done}`)}</p>
        </Notice>
      ) : null}
      {sent && (sent.intent === "coarsen" || sent.intent === "mask" || sent.intent === "") ? (
        <p className="error" role="alert">
          {errorText(t, sent.errors[0]?.token ?? "other")}
        </p>
      ) : null}
      <div className="story-desk">
        <div>
          <StoryForm answers={sent?.answers ?? stored} errors={errorsOf("save")} hidden={{ version }} />
        </div>
        <aside aria-label={t("stories:staff.checkTitle")}>
          {story.invented ? <p className="small">{t("stories:staff.inventedNote")}</p> : null}
          <StoryCheck facts={story} check={check} version={version} />
          <section
            className={findings.length === 0 ? "story-check ok" : "story-check few"}
            id="personal-data"
          >
            <h2>{t("stories:staff.findingsTitle")}</h2>
            <StoryFindings findings={findings} />
            {findings.length > 0 ? (
              <PostForm id="mask" intent="mask" hidden={{ version }}>
                <SendButton>{t("stories:staff.maskSend")}</SendButton>
              </PostForm>
            ) : null}
          </section>
          {story.state === "draft" ? (
            <section className="story-check">
              <h2>{t("stories:staff.submitTitle")}</h2>
              <PostForm id="submit" intent="waiting" hidden={{ version }} errors={errorsOf("waiting")}>
                {seen}
                <SendButton>{t("stories:staff.submitSend")}</SendButton>
              </PostForm>
            </section>
          ) : null}
          {story.state === "waiting" ? (
            <section className="story-check">
              <h2>{t("stories:staff.signTitle")}</h2>
              {story.mine ? (
                <p>{t("stories:staff.signMine")}</p>
              ) : (
                <>
                  <p>{t("stories:staff.signText")}</p>
                  <PostForm id="sign" intent="published" hidden={{ version }} errors={errorsOf("published")}>
                    {seen}
                    <SendButton>{t("stories:staff.signSend")}</SendButton>
                  </PostForm>
                </>
              )}
              <PostForm id="back" intent="draft" hidden={{ version }} errors={errorsOf("draft")}>
                <SendButton look="plain">{t("stories:staff.backSend")}</SendButton>
              </PostForm>
            </section>
          ) : null}
          {story.state === "published" ? (
            <p>
              <a href={paths.caseStory(story.id)}>{t("stories:staff.publicLink")}</a>
            </p>
          ) : null}
        </aside>
      </div>
    </>
  );
}
