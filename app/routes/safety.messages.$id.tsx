import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { MessageList } from "../features/safety/message-list.tsx";
import { LIMITS } from "../features/safety/persons.ts";
import { answerSchema } from "../features/safety/persons.schema.ts";
import { getRelay, writeRelay } from "../features/safety/relay.server.ts";
import { fieldErrors, formAnswers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { againHeaders, formProblem, orRefuse, readForm, safetyCaller } from "../server/page-answers.ts";
import { AddressToKeep } from "../ui/address-to-keep.tsx";
import { ButtonRow, CopyButton, SendButton } from "../ui/button.tsx";
import { TextAreaField } from "../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../ui/form.tsx";
import { Name } from "../ui/name.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { enhance: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "safety:relay.threadTitle");

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const thread = await orRefuse(
    getRelay(context.backend.commands, params.id ?? "", url.searchParams.get("token")),
  );
  return {
    thread,
    address: `${context.publicUrl}/safety/messages/${thread.thread_id}?token=${url.searchParams.get("token")}`,
    isNew: url.searchParams.get("done") === "relay",
  };
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token");
  const form = await readForm(request);
  const answers = formAnswers(form, ["text"]);
  const parsed = answerSchema.safeParse(answers);
  if (!parsed.success) return again(answers, 422, fieldErrors(parsed.error.issues));
  try {
    await writeRelay(safetyCaller(context, request), params.id ?? "", parsed.data.text, {
      token: token ?? "",
    });
    context.wrote();
    return redirect(`/safety/messages/${params.id}?token=${token}#last`, 303);
  } catch (error) {
    const problem = formProblem(error);
    return again(answers, problem.status, problem.errors);
  }
}

function again(answers: Answers, status: number, errors: FieldError[]) {
  return data({ answers, errors }, { status, headers: againHeaders(errors) });
}

/** A relayed conversation, for the visitor who began it. */
export default function RelayPage() {
  const t = useT();
  const { thread, address, isNew } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as { answers: Answers; errors: FieldError[] } | undefined;
  return (
    <>
      <PageHead
        title={t("safety:relay.threadTitle")}
        lede={<Name name={thread.full_name} />}
        back={{ href: `/safety/persons/${thread.person_id}`, label: t("safety:relay.backToPerson") }}
      />
      {isNew ? (
        <Notice title={t("safety:relay.done")}>
          <p>{t("safety:relay.keepLink")}</p>
          <AddressToKeep href={address} />
          <ButtonRow>
            <CopyButton text={address} />
          </ButtonRow>
        </Notice>
      ) : null}
      <MessageList messages={thread.messages} author={thread.full_name} visitor={thread.visitor_name} />
      <PostForm id="answer" answers={sent?.answers} errors={sent?.errors}>
        <TextAreaField name="text" label={t("safety:relay.messageLabel")} rows={3} maxLength={LIMITS.text} />
        <SendButton>{t("safety:relay.sendButton")}</SendButton>
        <p className="meta">{t("safety:relay.scamNote")}</p>
      </PostForm>
    </>
  );
}
