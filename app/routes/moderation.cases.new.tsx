import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { CaseForm } from "../features/cases/case-form.tsx";
import { CASE_FIELDS, PARTY_FIELDS, caseSchema } from "../features/cases/cases.schema.ts";
import { saveCase } from "../features/cases/cases.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import type { FieldError } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "cases:form.newTitle");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { headers } = await requireStaff(context, request, "officer");
  return data(null, { headers });
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), [...CASE_FIELDS, ...PARTY_FIELDS]);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = caseSchema(new Date().toISOString().slice(0, 10)).safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    const id = await saveCase(db, parsed.data);
    return redirect(`${paths.moderationCase(id)}?done=saved`, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** One case, filed by an officer. */
export default function NewCasePage() {
  const t = useT();
  const sent = useActionData<typeof action>();
  return (
    <>
      <PageHead
        title={t("cases:form.newTitle")}
        lede={t("cases:list.lede")}
        back={{ href: paths.moderationCases(), label: t("cases:list.title") }}
      />
      <CaseForm answers={sent?.answers ?? {}} errors={sent?.errors ?? []} isNew />
    </>
  );
}
