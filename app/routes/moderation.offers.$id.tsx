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
import { INTRODUCTION_FIELDS, introductionSchema, thanksSchema } from "../features/cases/offers.schema.ts";
import { getStaffOffer, giveThanks, introduce } from "../features/cases/offers.server.ts";
import { STORY_LANGUAGES } from "../features/cases/stories.ts";
import { findInStory } from "../features/cases/stories.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { languages } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { knownHotlines } from "../server/known-hotlines.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { SendButton } from "../ui/button.tsx";
import { ChoiceField, SelectField, TextAreaField, TextField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:offers.title");

const DONE = ["introduced", "thanked"] as const;

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const offer = await orRefuse(getStaffOffer(db, params.id ?? ""));
  const asked = new URL(request.url).searchParams.get("done");
  return data({ offer, done: DONE.find((one) => one === asked) ?? null }, { headers });
}

interface Again {
  intent: "introduce" | "thank";
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const id = params.id ?? "";
  const form = await readForm(request);
  const intent = form.get("intent") === "thank" ? "thank" : "introduce";
  const answers = formAnswers(form, [...INTRODUCTION_FIELDS, "outcome", "text"]);
  const again = (status: number, errors: FieldError[]) =>
    data<Again>({ intent, answers, errors }, { status, headers });
  const done = (what: "introduced" | "thanked") => {
    context.wrote();
    return redirect(`${paths.moderationOffer(id)}?done=${what}`, { status: 303, headers });
  };
  try {
    if (intent === "thank") {
      const parsed = thanksSchema.safeParse(answers);
      if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
      // Everybody reads it: no name, no number.
      const hotlines = await knownHotlines(context.backend.db);
      const text = parsed.data.text ?? "";
      if (findInStory({ title: "", account: text, lesson: "", checklist: [] }, hotlines).length > 0)
        return again(422, [{ field: "text", token: "personal_data_left" }]);
      await giveThanks(db, id, parsed.data);
      return done("thanked");
    }
    const parsed = introductionSchema.safeParse(answers);
    if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
    await introduce(db, { id, version: Number(form.get("version")) }, parsed.data, context.publicUrl);
    return done("introduced");
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** One offer: introduce both sides, and later tell what came of it. */
export default function StaffOfferPage() {
  const t = useT();
  const { offer, done } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Again | undefined;
  const back = (intent: Again["intent"]) =>
    sent?.intent === intent ? { answers: sent.answers, errors: sent.errors } : { answers: {}, errors: [] };
  return (
    <>
      <PageHead
        title={t("stories:offers.title")}
        lede={t(`stories:offers.state.${offer.state}`)}
        back={{ href: paths.moderationOffers(), label: t("stories:offers.title") }}
      />
      {done && !sent ? (
        <Notice>
          <p role="status">{t(`stories:offers.${done}`)}</p>
        </Notice>
      ) : null}
      <section className="card">
        <p className="pre">{offer.what}</p>
        <p className="meta">
          {[offer.place, offer.languages, offer.available]
            .filter(Boolean)
            .join(t("common:punctuation.separator"))}
        </p>
        {offer.story_id ? (
          <p className="meta">
            <a href={paths.caseStory(offer.story_id)}>{offer.story}</a>
          </p>
        ) : (
          <p className="meta">
            <a href={paths.event(offer.event ?? "everyday")}>{offer.event}</a>
          </p>
        )}
        {offer.held ? <p className="error">{t("stories:offers.heldNote")}</p> : null}
      </section>
      {offer.state === "waiting" ? (
        <p>
          <a href={paths.moderation()}>{t("stories:offers.queueLink")}</a>
        </p>
      ) : null}
      {offer.state === "accepted" ? (
        <section>
          <h2>{t("stories:offers.introduceTitle")}</h2>
          <p>{t("stories:offers.introduceHint")}</p>
          <PostForm
            id="introduce"
            intent="introduce"
            hidden={{ version: String(offer.version) }}
            {...back("introduce")}
          >
            <TextField name="other_name" label={t("stories:offers.otherNameLabel")} maxLength={100} />
            <TextField
              name="other_email"
              type="email"
              label={t("stories:offers.otherEmailLabel")}
              hint={t("stories:offers.otherEmailHint")}
            />
            <SelectField
              name="other_language"
              label={t("stories:offers.otherLanguageLabel")}
              options={STORY_LANGUAGES.map((value) => ({
                value,
                label: languages.find((language) => language.code === value)?.name ?? value,
              }))}
            />
            <TextAreaField name="words" label={t("stories:offers.wordsLabel")} rows={4} />
            <SendButton>{t("stories:offers.introduceSend")}</SendButton>
          </PostForm>
        </section>
      ) : null}
      {offer.state === "introduced" ? (
        <section>
          <h2>{t("stories:offers.thanksTitle")}</h2>
          <PostForm id="thank" intent="thank" {...back("thank")}>
            <ChoiceField
              name="outcome"
              legend={t("stories:offers.outcomeLegend")}
              defaultValue="helped"
              choices={[
                { value: "helped", label: t("stories:story.helped") },
                { value: "not_needed", label: t("stories:story.not_needed") },
              ]}
            />
            <TextAreaField
              name="text"
              label={t("stories:offers.thanksLabel")}
              hint={t("stories:offers.thanksHint")}
              rows={3}
              optional
            />
            <SendButton>{t("stories:offers.thanksSend")}</SendButton>
          </PostForm>
        </section>
      ) : null}
    </>
  );
}
