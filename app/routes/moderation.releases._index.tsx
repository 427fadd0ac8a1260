import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { periodText } from "../features/statistics/names.ts";
import { pastPeriods, RELEASE_KINDS } from "../features/statistics/periods.ts";
import { PLAN_FIELDS, planSchema } from "../features/statistics/releases.schema.ts";
import { listStaffReleases, planRelease } from "../features/statistics/releases.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { ButtonLink, SendButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "statistics:staff.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "officer");
  const releases = await orRefuse(listStaffReleases(staff.db));
  return data({ releases, periods: comingPeriods(new Date()) }, { headers: staff.headers });
}

/** What a date may be set for: what is over, and what ends within the next year. */
function comingPeriods(now: Date): string[] {
  const inAYear = new Date(now.getTime() + 366 * 86_400_000).toISOString().slice(0, 10);
  return RELEASE_KINDS.toReversed().flatMap((kind) =>
    pastPeriods(kind, inAYear, { month: 14, quarter: 6, year: 2 }[kind]),
  );
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), PLAN_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = planSchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    await planRelease(db, parsed.data);
    context.wrote();
    return redirect(paths.moderationReleases(), { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Releases in preparation and those that are out; the calendar. */
export default function StaffReleasesPage() {
  const t = useT();
  const { releases, periods } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as { answers: Answers; errors: FieldError[] } | undefined;
  return (
    <>
      <PageHead title={t("statistics:staff.title")} lede={t("statistics:staff.lede")} />
      <p>
        <ButtonLink href={paths.newRelease()}>{t("statistics:staff.new")}</ButtonLink>
      </p>
      {releases.length === 0 ? (
        <EmptyState title={t("statistics:staff.empty")}>
          <p>{t("statistics:staff.emptyHint")}</p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("statistics:staff.count", { count: releases.length })}</p>
          <ul className="list">
            {releases.map((release) => (
              <li className="card" key={release.id}>
                <h2>
                  <a href={paths.moderationRelease(release.id)}>
                    {periodText(t, release.period)}
                    {release.number === null
                      ? null
                      : t("common:punctuation.separator") +
                        t("statistics:number", { number: release.number })}
                  </a>
                </h2>
                <p>
                  {t(`statistics:staff.state.${release.state}`)}
                  {release.invented
                    ? t("common:punctuation.separator") + t("statistics:inventedShort")
                    : null}
                </p>
                <p className="meta">
                  {t("statistics:staff.prepared", { name: release.prepared_by_name ?? "" })}
                  {t("common:punctuation.separator")}
                  <TimeAgo at={release.prepared_at} />
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
      <section>
        <h2>{t("statistics:staff.plan")}</h2>
        <PostForm id="plan" answers={sent?.answers} errors={sent?.errors}>
          <SelectField
            name="period"
            label={t("statistics:staff.planPeriod")}
            options={periods.map((period) => ({ value: period, label: periodText(t, period) }))}
          />
          <TextField name="due_on" type="date" label={t("statistics:staff.planDue")} short />
          <SendButton>{t("statistics:staff.planSave")}</SendButton>
        </PostForm>
      </section>
    </>
  );
}
