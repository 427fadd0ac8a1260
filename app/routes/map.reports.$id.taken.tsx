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
import { ReportTag } from "../features/map/report-card.tsx";
import { LoopSteps } from "../features/map/report-facts.tsx";
import { reportTitle } from "../features/map/report-words.ts";
import { moveSchema } from "../features/map/reports.schema.ts";
import { getReport, moveReport } from "../features/map/reports.server.ts";
import type { FieldError } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { looksLikeToken } from "../platform/secret-links.server.ts";
import { againHeaders, formProblem, mapCaller, orRefuse, readForm } from "../server/page-answers.ts";
import mapStyles from "../styles/map.css?url";
import { ButtonRow, SendButton } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { PostForm } from "../ui/form.tsx";

export const handle = { noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: mapStyles }];
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches }) => pageTitle(matches, "map:taken.title");

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  const token = url.searchParams.get("token");
  if (!looksLikeToken(token)) await orRefuse(Promise.reject(new Failure("forbidden", "token_wrong")));
  const { report } = await orRefuse(getReport(context.backend.db, params.id ?? ""));
  return {
    report,
    done: url.searchParams.get("done") === "yes",
    drill: report.drill,
    invented: report.invented && !report.drill,
  };
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const id = params.id ?? "";
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const form = await readForm(request);
  const again = (status: number, errors: FieldError[]) =>
    data({ errors }, { status, headers: { ...secretPage(), ...againHeaders(errors) } });
  const parsed = moveSchema.safeParse({ act: form.get("act") });
  if (!parsed.success) return again(422, [{ field: "", token: "intent_unknown" }]);
  try {
    await moveReport(mapCaller(context, request), id, { taker: token }, parsed.data.act);
    context.wrote();
    return redirect(`${paths.takenReport(id, token)}&done=yes`, 303);
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Whoever takes care of it says that it is done, or that somebody else should. */
export default function TakenPage() {
  const t = useT();
  const { report, done } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const title = reportTitle(report, t);
  return (
    <>
      <PageHead
        title={t("map:taken.title")}
        lede={<bdi>{title}</bdi>}
        back={{ href: paths.report(report.id), label: t("map:taken.back") }}
      />
      {done ? (
        <Notice>
          <p role="status">{t("map:taken.saved")}</p>
        </Notice>
      ) : null}
      <ReportTag report={report} big />
      <LoopSteps report={report} />
      {report.loop === "taken" ? (
        <PostForm id="move" errors={sent?.errors}>
          <p>{t("map:taken.text")}</p>
          <ButtonRow>
            <SendButton name="act" value="done" icon="check">
              {t("map:taken.doneButton")}
            </SendButton>
            <SendButton name="act" value="release" look="plain">
              {t("map:taken.releaseButton")}
            </SendButton>
          </ButtonRow>
        </PostForm>
      ) : (
        <p>{t("map:taken.nothing")}</p>
      )}
    </>
  );
}
