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
import { OFFER_LIMITS } from "../features/cases/offers.ts";
import { offerMessageSchema } from "../features/cases/offers.schema.ts";
import { getOffer, offerAddress, withdrawOffer, writeToOtherSide } from "../features/cases/offers.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { againHeaders, formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import casesStyles from "../styles/cases.css?url";
import { AddressToKeep } from "../ui/address-to-keep.tsx";
import { ButtonRow, CopyButton, SendButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { DetailsPanel } from "../ui/details-panel.tsx";
import { TextAreaField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const handle = { enhance: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "stories:side.title");

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const token = query.get("token");
  const offer = await orRefuse(getOffer(context.backend.commands, params.id ?? "", token));
  const done = query.get("done");
  return {
    offer,
    address: offerAddress(context.publicUrl, offer.id, token ?? ""),
    done: done === "posted" || done === "sent" ? done : null,
  };
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const id = params.id ?? "";
  const form = await readForm(request);
  const answers = formAnswers(form, ["text"]);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>(
      { answers, errors },
      { status, headers: { ...secretPage(), ...againHeaders(errors) } },
    );
  try {
    const { commands } = context.backend;
    await getOffer(commands, id, token);
    if (form.get("intent") === "withdraw") {
      await withdrawOffer(commands, id, token);
      context.wrote();
      return redirect(paths.offer(id, token), { status: 303, headers: secretPage() });
    }
    const parsed = offerMessageSchema.safeParse(answers);
    if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
    await writeToOtherSide(commands, {
      id,
      token,
      text: parsed.data.text,
      caller: context.env.rateLimits ? context.callerKey : null,
    });
    context.wrote();
    return redirect(`${paths.offer(id, token)}&done=sent`, { status: 303, headers: secretPage() });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** One side of an offer: how far it is, and once introduced the conversation. No address is shown to either. */
export default function OfferPage() {
  const t = useT();
  const { offer, address, done } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const isHelper = offer.side === "helper";
  const other = isHelper ? offer.other_name : offer.helper_name;
  const isOver = offer.state === "withdrawn" || offer.state === "declined" || offer.state === "expired";
  const talks = offer.state === "introduced" || offer.state === "thanked";
  const back = offer.story_id
    ? { href: paths.caseStory(offer.story_id), label: t("stories:list.title") }
    : { href: paths.event(offer.event ?? "everyday"), label: t("stories:offer.title") };
  return (
    <>
      <PageHead
        title={t(isHelper ? "stories:side.title" : "stories:side.titleOther")}
        lede={t(`stories:side.state.${offer.state}`)}
        back={back}
      />
      {done === "posted" ? (
        <Notice title={t("stories:side.keepTitle")} id="keep">
          <p role="status">{t("stories:side.keepText")}</p>
          <AddressToKeep href={address} />
          <CopyButton text={address} />
        </Notice>
      ) : null}
      {done === "sent" && !sent ? (
        <Notice>
          <p role="status">{t("stories:side.sent")}</p>
        </Notice>
      ) : null}
      {offer.decision?.reason && offer.state === "declined" ? (
        <p>{t("stories:side.reason", { reason: offer.decision.reason })}</p>
      ) : null}
      <section className="card">
        <p className="pre">{offer.what}</p>
        <p className="meta">
          {[offer.place, offer.languages, offer.available]
            .filter(Boolean)
            .join(t("common:punctuation.separator"))}
        </p>
        <p className="meta">
          <Dated text={(date) => t("stories:side.expires", { date })} at={offer.expires_at} />
        </p>
      </section>
      {offer.words ? (
        <Notice title={t("stories:side.wordsTitle")}>
          <p className="pre">{offer.words}</p>
        </Notice>
      ) : null}
      {talks && other ? (
        <section>
          <h2>{t("stories:side.messagesTitle")}</h2>
          <p className="meta">{t("stories:side.withName", { name: other })}</p>
          {offer.messages.length === 0 ? <p>{t("stories:side.noMessages")}</p> : null}
          <ol className="list talk">
            {offer.messages.map(({ from_helper, text, created_at }) => (
              <li key={created_at}>
                <p className="meta">
                  <b>{from_helper === isHelper ? t("stories:side.you") : other}</b>{" "}
                  <TimeAgo at={created_at} />
                </p>
                <p>{text}</p>
              </li>
            ))}
          </ol>
          <PostForm id="message" intent="message" answers={sent?.answers} errors={sent?.errors}>
            <TextAreaField
              name="text"
              label={t("stories:side.textLabel")}
              hint={t("stories:side.textHint")}
              rows={4}
              maxLength={OFFER_LIMITS.message}
            />
            <SendButton>{t("stories:side.send")}</SendButton>
          </PostForm>
        </section>
      ) : null}
      {isHelper && !isOver ? (
        <DetailsPanel summary={t("stories:side.withdrawTitle")}>
          <p>{t("stories:side.withdrawText")}</p>
          <PostForm id="withdraw" intent="withdraw">
            <ButtonRow>
              <SendButton look="danger">{t("stories:side.withdrawSend")}</SendButton>
            </ButtonRow>
          </PostForm>
        </DetailsPanel>
      ) : null}
    </>
  );
}
