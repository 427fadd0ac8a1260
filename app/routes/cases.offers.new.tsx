import { randomUUID } from "node:crypto";
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { OfferForm } from "../features/cases/offer-form.tsx";
import { OFFER_FIELDS, offerSchema } from "../features/cases/offers.schema.ts";
import { offerHelp } from "../features/cases/offers.server.ts";
import { getStory } from "../features/cases/stories.server.ts";
import { inLanguage } from "../features/events/events.ts";
import { getEvent } from "../features/events/events.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { paths } from "../platform/paths.ts";
import { checkForm, formTokenField, honeypotField, makeFormToken } from "../platform/session.server.ts";
import { againHeaders, formDigest, formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import casesStyles from "../styles/cases.css?url";
import { FormGuard } from "../ui/form-guard.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { enhance: true, noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:offer.title");

const PURPOSE = "offer-help";

/** What the offer is for: a story, or else an event; without either the everyday board. */
function aboutOf(request: Request): { story: string } | { event: string } {
  const query = new URL(request.url).searchParams;
  const story = query.get("story");
  return story ? { story } : { event: query.get("event") ?? "everyday" };
}

export async function loader({ context, request }: LoaderFunctionArgs) {
  const about = aboutOf(request);
  const { db } = context.backend;
  const [story, event] = await orRefuse(
    Promise.all([
      "story" in about ? getStory(db, about.story) : null,
      "event" in about ? getEvent(db, about.event) : null,
    ]),
  );
  return {
    story: story && { id: story.id, title: story.title, language: story.language },
    event: event && { slug: event.slug, titles: event.titles },
    clientId: randomUUID() as string,
    formToken: makeFormToken({ secret: context.secret, purpose: PURPOSE }),
    honeypot: honeypotField,
    drill: event?.drill ?? false,
    invented: story?.invented ?? ((event?.invented ?? false) && !event?.drill),
  };
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const answers = formAnswers(form, OFFER_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>(
      { answers, errors },
      { status, headers: againHeaders(errors) },
    );
  const guard = checkForm(form, { secret: context.secret, purpose: PURPOSE });
  if (guard.token === "expired" || guard.token === "forged" || guard.token === "other_form")
    return again(422, [{ field: "", token: "form_expired" }]);
  const parsed = offerSchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    const { id, token } = await offerHelp(
      {
        commands: context.backend.commands,
        key: context.env.rateLimits ? context.callerKey : null,
        language: detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code,
        publicUrl: context.publicUrl,
        secret: context.secret,
      },
      aboutOf(request),
      parsed.data,
      {
        body: await formDigest(form, [formTokenField]),
        held: guard.honeypot,
        reason: guard.honeypot ? "looks_automatic" : null,
      },
    );
    context.wrote();
    return redirect(`${paths.offer(id, token)}&done=posted`, { status: 303 });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Offer help: what, where, in what language, when. Never money. */
export default function NewOfferPage() {
  const t = useT();
  const { code } = useLanguage();
  const { story, event, clientId, formToken, honeypot } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const sentId = sent?.answers["client_id"];
  const back = story
    ? { href: paths.caseStory(story.id), label: story.title }
    : { href: paths.event(event?.slug ?? "everyday"), label: inLanguage(event?.titles ?? {}, code) };
  return (
    <>
      <PageHead title={t("stories:offer.title")} lede={t("stories:offer.lede")} back={back} />
      <p>
        {story
          ? t("stories:offer.aboutStory", { title: story.title })
          : t("stories:offer.aboutEvent", { title: inLanguage(event?.titles ?? {}, code) })}
      </p>
      <Notice title={t("stories:offer.noMoneyTitle")}>
        <p>{t("stories:offer.noMoney")}</p>
      </Notice>
      <OfferForm
        answers={sent?.answers ?? {}}
        errors={sent?.errors ?? []}
        hidden={{
          client_id: typeof sentId === "string" && sentId !== "" ? sentId : clientId,
          form_token: formToken,
        }}
        guard={<FormGuard field={honeypot} />}
      />
    </>
  );
}
