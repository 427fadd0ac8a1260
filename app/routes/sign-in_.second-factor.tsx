import {
  data,
  redirect,
  type ActionFunctionArgs,
  type AppLoadContext,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import QRCode from "qrcode";
import { countSignIn } from "../features/members/members.server.ts";
import { isUuid } from "../features/safety/record-ids.ts";
import { useT } from "../i18n/language-context.tsx";
import { nextPage } from "../i18n/next-page.ts";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { againHeaders, formProblem, orRefuse, readForm, refusal } from "../server/page-answers.ts";
import { staffSession } from "../server/staff.ts";
import { SendButton } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "members:second.title");

/** Somebody who has signed in, at a sign-in service that knows second factors. */
async function signedIn(context: AppLoadContext, request: Request) {
  if (context.backend.mode !== "supabase") throw refusal(new Failure("not_found", "not_found"));
  const { session, headers } = staffSession(context, request);
  const user = await orRefuse(session.user());
  if (!user) throw redirect(paths.signIn(), { status: 303, headers });
  return { session, headers, user };
}

function nextOf(request: Request): string {
  const next = nextPage(new URL(request.url).searchParams.get("next"));
  return next === "/" ? paths.moderation() : next;
}

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { session, headers } = await signedIn(context, request);
  const { factorId, shown } = await orRefuse(session.secondFactor.state());
  if (shown) throw redirect(nextOf(request), { status: 303, headers });
  return data({ factorId }, { headers });
}

interface Sent {
  errors: FieldError[];
  /** What was begun: shown once, and again while its code is not yet right. */
  begun: { factorId: string; secret: string; qr: string } | null;
  /** The factor whose code was not right: it is asked for again. */
  factorId: string | null;
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { session, headers, user } = await signedIn(context, request);
  const form = await readForm(request);
  const word = (name: string) => String(form.get(name) ?? "");
  const again = (status: number, errors: FieldError[], begun: Sent["begun"] = null) => {
    const all = new Headers(headers);
    for (const [name, value] of Object.entries(againHeaders(errors))) all.set(name, value);
    const factorId = isUuid(word("factor_id")) ? word("factor_id") : null;
    return data<Sent>({ errors, begun, factorId }, { status, headers: all });
  };
  try {
    if (word("intent") === "begin") {
      const { factorId, secret, uri } = await session.secondFactor.begin();
      const svg = await QRCode.toString(uri, { type: "svg", margin: 1 });
      const qr = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      return again(200, [], { factorId, secret, qr });
    }
    await countSignIn(
      context.backend.commands,
      user.email,
      context.env.rateLimits ? context.callerKey : null,
      "code",
    );
    await session.secondFactor.show(word("factor_id"), word("code").replace(/\D/g, ""));
    return redirect(nextOf(request), { status: 303, headers });
  } catch (error) {
    const { status, errors } = formProblem(error);
    return again(status, errors);
  }
}

/** The six digits of an app beside the password; setting the app up the first time. */
export default function SecondFactorPage() {
  const t = useT();
  const { factorId } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as Sent | undefined;
  const begun = sent?.begun ?? null;
  const known = begun?.factorId ?? sent?.factorId ?? factorId;
  return (
    <>
      <PageHead title={t("members:second.title")} lede={t("members:second.lede")} />
      {begun ? (
        <>
          <h2>{t("members:second.setUpTitle")}</h2>
          <p>{t("members:second.setUpText")}</p>
          <img className="qr" src={begun.qr} alt={t("members:second.qr")} width="176" height="176" />
          <p>
            {t("members:second.secret")}
            {t("common:punctuation.colon")}
            <code>{begun.secret}</code>
          </p>
        </>
      ) : null}
      {known ? (
        <PostForm id="second" intent="show" hidden={{ factor_id: known }} errors={sent?.errors}>
          <TextField
            name="code"
            label={t("members:second.code")}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            short
          />
          <SendButton>{t("members:second.show")}</SendButton>
        </PostForm>
      ) : (
        <PostForm id="begin" intent="begin" errors={sent?.errors}>
          <SendButton>{t("members:second.begin")}</SendButton>
        </PostForm>
      )}
    </>
  );
}
