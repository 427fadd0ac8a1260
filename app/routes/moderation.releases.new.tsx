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
import { pastPeriods } from "../features/statistics/periods.ts";
import { newReleaseSchema, RELEASE_FIELDS } from "../features/statistics/releases.schema.ts";
import { listReleases, startRelease } from "../features/statistics/releases.server.ts";
import { fieldErrors, formAnswers, type Answers, type FieldError } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { SendButton } from "../ui/button.tsx";
import { ChoiceField, SelectField, TextAreaField } from "../ui/field.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "statistics:staff.newTitle");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const staff = await requireStaff(context, request, "officer");
  const today = new Date().toISOString().slice(0, 10);
  const releases = await orRefuse(listReleases(context.backend.db));
  return data(
    {
      periods: [
        ...pastPeriods("quarter", today, 28),
        ...pastPeriods("month", today, 24),
        ...pastPeriods("year", today, 8),
      ],
      correctable: releases
        .filter(({ corrected_by }) => corrected_by === null)
        .map(({ number, period }) => ({ number, period })),
    },
    { headers: staff.headers },
  );
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), RELEASE_FIELDS);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = newReleaseSchema.safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    const id = await startRelease(db, parsed.data);
    context.wrote();
    return redirect(paths.moderationRelease(id), { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** Has the cases of a period counted and protected. */
export default function NewReleasePage() {
  const t = useT();
  const { periods, correctable } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as { answers: Answers; errors: FieldError[] } | undefined;
  return (
    <>
      <PageHead
        title={t("statistics:staff.newTitle")}
        lede={t("statistics:staff.newLede")}
        back={{ href: paths.moderationReleases(), label: t("statistics:staff.back") }}
      />
      <PostForm id="release" answers={sent?.answers} errors={sent?.errors}>
        <SelectField
          name="period"
          label={t("statistics:staff.period")}
          hint={t("statistics:staff.periodHint")}
          options={periods.map((period) => ({ value: period, label: periodText(t, period) }))}
        />
        <SelectField
          name="corrects"
          label={t("statistics:staff.corrects")}
          empty={t("statistics:staff.correctsNone")}
          options={correctable.map(({ number, period }) => ({
            value: String(number),
            label:
              t("statistics:number", { number }) + t("common:punctuation.separator") + periodText(t, period),
          }))}
          optional
        />
        <TextAreaField
          name="note"
          label={t("statistics:staff.note")}
          hint={t("statistics:staff.noteHint")}
          rows={3}
          maxLength={500}
          optional
        />
        <ChoiceField
          name="invented"
          legend={t("statistics:inventedShort")}
          many
          optional
          choices={[{ value: "yes", label: t("statistics:staff.invented") }]}
        />
        <SendButton>{t("statistics:staff.start")}</SendButton>
      </PostForm>
    </>
  );
}
