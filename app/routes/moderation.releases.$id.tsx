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
import { periodText } from "../features/statistics/names.ts";
import type { ReleaseReport } from "../features/statistics/release-content.ts";
import { AnswerSentence, BasisBox, ReleaseTables } from "../features/statistics/release-tables-view.tsx";
import { decideRelease, getStaffRelease } from "../features/statistics/releases.server.ts";
import type { FieldError } from "../formats/form-values.ts";
import { number, percent } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import statisticsStyles from "../styles/statistics.css?url";
import { SendButton } from "../ui/button.tsx";
import { PostForm } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true, wide: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: statisticsStyles }];
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction<typeof loader> = ({ matches, data: loaded }) => [
  ...pageTitle(matches, "statistics:staff.preview"),
  // Without script the page looks again by itself until the worker is done.
  // With an address of its own: the form that led here leaves a fragment in the bar, and a refresh to the same fragment
  // only scrolls.
  ...(loaded?.release.state === "preparing"
    ? [{ httpEquiv: "refresh", content: `3;url=${paths.moderationRelease(loaded.release.id)}` }]
    : []),
];

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "officer");
  const release = await orRefuse(getStaffRelease(staff.db, params.id ?? ""));
  return data({ release, me: staff.member.userId }, { headers: staff.headers });
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const intent = (await readForm(request)).get("intent");
  const step = (["propose", "sign", "discard"] as const).find((one) => one === intent);
  const again = (status: number, errors: FieldError[]) =>
    data<{ errors: FieldError[] }>({ errors }, { status, headers });
  if (!step) return again(422, [{ field: "", token: "form_invalid" }]);
  try {
    await decideRelease(db, params.id ?? "", step);
    context.wrote();
    const to = step === "discard" ? paths.moderationReleases() : paths.moderationRelease(params.id ?? "");
    return redirect(to, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Preview of a release: what is hidden and why, what the attacker found; approve, sign or discard. */
export default function StaffReleasePage() {
  const t = useT();
  const { release, me } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as { errors: FieldError[] } | undefined;
  const { state, content, report } = release;
  const isOwn = me === release.prepared_by || me === release.proposed_by;
  return (
    <>
      <PageHead
        title={periodText(t, release.period)}
        lede={t(`statistics:staff.state.${state}`)}
        back={{ href: paths.moderationReleases(), label: t("statistics:staff.back") }}
      />
      {release.invented ? (
        <Notice>
          <p>{t("statistics:invented")}</p>
        </Notice>
      ) : null}
      <p className="meta">
        {[
          t("statistics:staff.prepared", { name: release.prepared_by_name ?? "" }),
          release.proposed_by ? t("statistics:staff.proposed", { name: release.proposed_by_name ?? "" }) : "",
          release.signed_by ? t("statistics:staff.signed", { name: release.signed_by_name ?? "" }) : "",
          release.corrects === null ? "" : t("statistics:isCorrection", { number: release.corrects }),
        ]
          .filter(Boolean)
          .join(t("common:punctuation.separator"))}
      </p>
      {state === "preparing" ? (
        <section>
          <p role="status">{t("statistics:staff.progress", { percent: release.progress })}</p>
          <progress
            max={100}
            value={release.progress}
            aria-label={t("statistics:staff.progress", { percent: release.progress })}
          />
          <p className="meta">{t("statistics:staff.progressHint")}</p>
        </section>
      ) : null}
      {state === "failed" ? (
        <p>{t("statistics:staff.failedText", { problem: release.problem ?? "" })}</p>
      ) : null}
      {report ? <ReportSection report={report} /> : null}
      {state === "published" && release.number !== null ? (
        <p>
          {t("statistics:staff.signedDone")}{" "}
          <a href={paths.release(String(release.number))}>{t("statistics:staff.see")}</a>
        </p>
      ) : (
        <Steps state={state} isOwn={isOwn} errors={sent?.errors ?? []} />
      )}
      {content && report ? (
        <section>
          <h2>{t("statistics:staff.preview")}</h2>
          <AnswerSentence content={content} />
          <ReleaseTables content={content} number={null} reasons={report.reasons} />
          <BasisBox content={content} />
        </section>
      ) : null}
    </>
  );
}

function Steps({ state, isOwn, errors }: { state: string; isOwn: boolean; errors: FieldError[] }) {
  const t = useT();
  return (
    <>
      {state === "draft" ? (
        <PostForm id="propose" intent="propose" errors={errors}>
          <p className="hint">{t("statistics:staff.proposeHint")}</p>
          <SendButton>{t("statistics:staff.propose")}</SendButton>
        </PostForm>
      ) : null}
      {state === "proposed" && isOwn ? <p>{t("statistics:staff.own")}</p> : null}
      {state === "proposed" ? (
        <PostForm id="sign" intent="sign" errors={errors}>
          <p className="hint">{t("statistics:staff.signHint")}</p>
          <SendButton look={isOwn ? "plain" : "main"}>{t("statistics:staff.sign")}</SendButton>
        </PostForm>
      ) : null}
      <PostForm
        id="discard"
        intent="discard"
        errors={state === "draft" || state === "proposed" ? [] : errors}
      >
        <SendButton look="plain">{t("statistics:staff.discard")}</SendButton>
      </PostForm>
    </>
  );
}

function ReportSection({ report }: { report: ReleaseReport }) {
  const t = useT();
  const { code } = useLanguage();
  const { hidden, lost, attack } = report;
  const all = hidden.small + hidden.group + hidden.complement + hidden.earlier;
  const share = (perMille: number) => percent(perMille / 1000, code);
  return (
    <section>
      <h2>{t("statistics:staff.report")}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("statistics:staff.report")}>
        <table className="figures narrow">
          <tbody>
            {(
              [
                [t("statistics:staff.cells"), number(report.cells, code)],
                [t("statistics:staff.notNought"), number(report.not_nought, code)],
                [t("statistics:staff.hiddenCells"), number(all, code)],
              ] as const
            ).map(([label, value]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>{t("statistics:staff.reasonTitle")}</h3>
      <ul>
        {(["small", "group", "complement", "earlier"] as const)
          .filter((reason) => hidden[reason] > 0)
          .map((reason) => (
            <li key={reason}>
              {t("statistics:staff.reasonMany", {
                reason: t(`statistics:staff.reason.${reason}`),
                count: number(hidden[reason], code),
              })}
            </li>
          ))}
      </ul>
      <h3>{t("statistics:staff.lost")}</h3>
      <ul>
        <li>
          {t("statistics:staff.lostOurs")}
          {t("common:punctuation.colon")}
          {share(lost.ours)}
        </li>
        <li>
          {t("statistics:staff.lostPrimary")}
          {t("common:punctuation.colon")}
          {share(lost.primary_only)}
        </li>
        <li>
          {t("statistics:staff.lostRows")}
          {t("common:punctuation.colon")}
          {share(lost.whole_rows)}
        </li>
      </ul>
      <h3>{t("statistics:staff.attack")}</h3>
      <p>
        {attack.narrowest === null
          ? t("statistics:staff.attackNone", { releases: attack.releases })
          : t("statistics:staff.attackText", {
              releases: attack.releases,
              cells: number(attack.cells, code),
              narrowed: attack.narrowed,
              narrowest: attack.narrowest,
            })}
      </p>
    </section>
  );
}
