import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { askForCode, signInByCode, signInByPassword } from "../features/members/members.server.ts";
import { formAnswers, type Answers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { nextPage } from "../i18n/next-page.ts";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { againHeaders, formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { findStaff, staffSession } from "../server/staff.ts";
import { ButtonLink, ButtonRow, SendButton } from "../ui/button.tsx";
import { Dated } from "../ui/dated.tsx";
import { TextField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "members:signIn.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const staff = await orRefuse(findStaff(context, request));
  const { session, headers } = {
    ...staffSession(context, request),
    ...(staff && { headers: staff.headers }),
  };
  return data(
    {
      // Signed in, but nobody here: an account whose rights have ended must be told so, not asked to sign in for ever.
      secondFactor: context.backend.mode === "supabase",
      noRights: staff === null && (await orRefuse(session.user())) !== null,
      member: staff?.member ?? null,
      next: nextOf(url.searchParams.get("next")),
      out: ["here", "everywhere"].find((where) => where === url.searchParams.get("out")) ?? null,
    },
    { headers },
  );
}

interface Sent {
  intent: string;
  answers: Answers;
  errors: FieldError[];
  /** A code was asked for: the page asks for it now. */
  codeSent: boolean;
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const intent = String(form.get("intent") ?? "");
  // The password is the one answer that never comes back.
  const answers = formAnswers(form, ["email"], []);
  const email = String(answers["email"] ?? "").trim();
  const next = nextOf(new URL(request.url).searchParams.get("next") ?? form.get("next"));
  const { session, headers } = staffSession(context, request);
  const again = (status: number, errors: FieldError[], codeSent = false) => {
    const all = new Headers(headers);
    for (const [name, value] of Object.entries(againHeaders(errors))) all.set(name, value);
    return data<Sent>({ intent, answers, errors, codeSent }, { status, headers: all });
  };
  const signIn = {
    commands: context.backend.commands,
    auth: context.backend.auth,
    session,
    caller: context.env.rateLimits ? context.callerKey : null,
  };
  if (!/^[^\s@]{1,64}@[^\s@]{3,253}$/.test(email))
    return again(422, [{ field: "email", token: "email_invalid" }]);
  try {
    if (intent === "ask_code") {
      await askForCode(signIn, email);
      context.wrote();
      return again(200, [], true);
    }
    if (intent === "code") await signInByCode(signIn, email, String(form.get("code") ?? ""));
    else if (intent === "password")
      await signInByPassword(signIn, email, String(form.get("password") ?? "").slice(0, 1000));
    else return again(422, [{ field: "", token: "intent_unknown" }]);
    if (context.backend.mode === "supabase") {
      const { factorId, shown } = await session.secondFactor.state();
      if (factorId && !shown) return redirect(paths.secondFactor({ next }), { status: 303, headers });
    }
    return redirect(next, { status: 303, headers });
  } catch (error) {
    const { status, errors } = formProblem(error);
    return again(status, errors, intent === "code");
  }
}

/** Where staff sign in, and see who they are signed in as. */
export default function SignInPage() {
  const t = useT();
  const { member, noRights, secondFactor, next, out } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  const of = (intents: string[]) =>
    sent && intents.includes(sent.intent) ? { answers: sent.answers, errors: sent.errors } : {};
  if (member && !sent) {
    return (
      <>
        <PageHead title={t("members:session.title")} />
        <p>
          <b>{t("members:session.who", { name: member.name, role: t(`members:role.${member.role}`) })}</b>
          <br />
          {member.email}
        </p>
        <dl>
          <dt>{t("members:session.areas")}</dt>
          <dd>{member.areas.length > 0 ? member.areas.join(", ") : t("members:session.everywhere")}</dd>
          <dt>{t("members:session.until")}</dt>
          <dd>
            {member.expiresAt ? (
              <Dated text={(date) => date} at={member.expiresAt} />
            ) : (
              t("members:session.never")
            )}
          </dd>
        </dl>
        <p>
          <ButtonLink href={next}>{t("members:session.toQueue")}</ButtonLink>
        </p>
        <SignOutForm />
      </>
    );
  }
  return (
    <>
      <PageHead title={t("members:signIn.title")} lede={t("members:signIn.lede")} />
      {out ? (
        <Notice>
          <p role="status">
            {t(out === "here" ? "members:session.signedOut" : "members:session.signedOutEverywhere")}
          </p>
        </Notice>
      ) : null}
      {noRights && !sent ? (
        <Notice>
          <p role="status">{t("members:signIn.noRights")}</p>
          {secondFactor ? (
            <p>
              <a href={paths.secondFactor({ next })}>{t("members:second.link")}</a>
            </p>
          ) : null}
          <SignOutForm />
        </Notice>
      ) : null}
      {sent?.codeSent ? (
        <>
          <Notice>
            <p role="status">
              {t("members:signIn.codeSent", { email: String(sent.answers["email"] ?? "") })}
            </p>
          </Notice>
          <PostForm
            id="code"
            intent="code"
            hidden={{ email: String(sent.answers["email"] ?? ""), next }}
            {...of(["code"])}
          >
            <TextField
              name="code"
              label={t("members:signIn.code")}
              hint={t("members:signIn.codeHint")}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={20}
              short
            />
            <SendButton>{t("members:signIn.codeSend")}</SendButton>
          </PostForm>
        </>
      ) : null}
      <h2>{t("members:signIn.codeTitle")}</h2>
      <PostForm id="ask-code" intent="ask_code" hidden={{ next }} {...of(["ask_code"])}>
        <TextField
          name="email"
          type="email"
          label={t("members:signIn.email")}
          hint={t("members:signIn.codeHint")}
          autoComplete="username"
          maxLength={254}
        />
        <SendButton look={sent?.codeSent ? "plain" : "main"}>{t("members:signIn.codeButton")}</SendButton>
      </PostForm>
      <h2>{t("members:signIn.passwordTitle")}</h2>
      <PostForm id="password" intent="password" hidden={{ next }} {...of(["password"])}>
        <TextField
          name="email"
          type="email"
          label={t("members:signIn.email")}
          autoComplete="username"
          maxLength={254}
        />
        <TextField
          name="password"
          type="password"
          label={t("members:signIn.password")}
          autoComplete="current-password"
          maxLength={200}
        />
        <SendButton look="plain">{t("members:signIn.button")}</SendButton>
        <p className="meta">{t("members:signIn.help")}</p>
      </PostForm>
    </>
  );
}

function SignOutForm() {
  const t = useT();
  return (
    <form method="post" action={paths.signOut()}>
      <ButtonRow>
        <SendButton look="plain">{t("members:session.out")}</SendButton>
        <SendButton look="plain" name="everywhere" value="yes">
          {t("members:session.outEverywhere")}
        </SendButton>
      </ButtonRow>
    </form>
  );
}

/** A page of ours, or the queue. */
function nextOf(asked: unknown): string {
  const next = nextPage(asked);
  return next === "/" || next.startsWith(paths.signIn()) ? paths.moderation() : next;
}
