import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { randomUUID } from "node:crypto";
import { correctionSchema } from "../features/moderation/corrections.schema.ts";
import { askCorrection, describePublic } from "../features/moderation/queue.server.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { hashOf, manageToken } from "../platform/secret-links.server.ts";
import { honeypotField } from "../platform/session.server.ts";
import {
  againHeaders,
  derivedClientId,
  formDigest,
  formProblem,
  orRefuse,
  readForm,
  refusal,
} from "../server/page-answers.ts";
import { SendButton } from "../ui/button.tsx";
import { TextAreaField, TextField } from "../ui/field.tsx";
import { FormGuard } from "../ui/form-guard.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { enhance: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "moderation:correct.title");

const FIELDS = ["what", "correct_text", "source_url", "email"] as const;

function subjectOf(request: Request): { type: string; id: string } {
  const query = new URL(request.url).searchParams;
  const type = query.get("type") ?? "";
  const id = query.get("id") ?? "";
  if (!/^[a-z_]{1,40}$/.test(type) || !isUuid(id))
    throw refusal(new Failure("not_found", "correction_subject_unknown"));
  return { type, id };
}

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { type, id } = subjectOf(request);
  const subject = await orRefuse(describePublic(context.backend.commands, type, id));
  if (!subject) throw refusal(new Failure("not_found", "correction_subject_unknown"));
  return { subject, honeypot: honeypotField };
}

interface Sent {
  answers: Answers;
  errors: FieldError[];
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { type, id } = subjectOf(request);
  const form = await readForm(request);
  const answers = formAnswers(form, [...FIELDS], []);
  const again = (status: number, errors: FieldError[]) =>
    data<Sent>({ answers, errors }, { status, headers: { ...secretPage(), ...againHeaders(errors) } });
  const parsed = correctionSchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  const body = await formDigest(form);
  const clientId = derivedClientId(context, `correction ${type} ${id} ${body}`, new Date());
  const token = manageToken(context.secret, { clientId, body }, "correction-link");
  try {
    // A program that fills in everything gets the answer of everybody else, and nothing is kept.
    const made = form.get(honeypotField)
      ? randomUUID()
      : await askCorrection(context.backend.commands, {
          id: randomUUID(),
          subjectType: type,
          subjectId: id,
          what: parsed.data.what,
          correctText: parsed.data.correct_text,
          sourceUrl: parsed.data.source_url,
          email: parsed.data.email ?? null,
          token,
          tokenHash: hashOf(token),
          language: detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language"))
            .code,
          caller: context.env.rateLimits ? context.callerKey : null,
          clientId,
          body,
        });
    context.wrote();
    return redirect(`${paths.correction(made, token)}&done=yes`, { status: 303, headers: secretPage() });
  } catch (error) {
    const { status, errors } = formProblem(error);
    return again(status, errors);
  }
}

/** Anybody says what is wrong with something public, with a source. */
export default function NewCorrectionPage() {
  const t = useT();
  const { subject, honeypot } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  return (
    <>
      <PageHead
        title={t("moderation:correct.title")}
        lede={t("moderation:correct.lede")}
        back={
          subject.url ? { href: subject.url, label: subject.title ?? t("moderation:correct.about") } : null
        }
      />
      <blockquote className="card">
        <p className="meta">{t("moderation:correct.about")}</p>
        <p>
          <b>
            <bdi>{subject.title}</bdi>
          </b>
        </p>
        {subject.text ? (
          <p className="pre" dir="auto">
            {subject.text}
          </p>
        ) : null}
      </blockquote>
      <PostForm id="correction" answers={sent?.answers} errors={sent?.errors} draft>
        <TextAreaField name="what" label={t("moderation:correct.what")} rows={3} maxLength={5000} />
        <TextAreaField
          name="correct_text"
          label={t("moderation:correct.correct")}
          rows={2}
          maxLength={2000}
        />
        <TextField
          name="source_url"
          label={t("moderation:correct.source")}
          hint={t("moderation:correct.sourceHint")}
          inputMode="url"
          maxLength={2000}
        />
        <TextField
          name="email"
          type="email"
          label={t("moderation:correct.email")}
          hint={t("moderation:correct.emailHint")}
          autoComplete="email"
          maxLength={254}
          optional
        />
        <FormGuard field={honeypot} />
        <SendButton>{t("moderation:correct.send")}</SendButton>
      </PostForm>
    </>
  );
}
