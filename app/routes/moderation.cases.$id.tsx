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
import { CaseForm } from "../features/cases/case-form.tsx";
import { CASE_FIELDS, PARTY_FIELDS, caseSchema } from "../features/cases/cases.schema.ts";
import { getCase, saveCase } from "../features/cases/cases.server.ts";
import { fieldErrors, formAnswers, type Answers } from "../formats/form-values.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, orRefuse, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { ButtonLink, ButtonRow } from "../ui/button.tsx";
import type { FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "cases:list.title");

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const found = await orRefuse(getCase(db, params.id ?? ""));
  return data(
    {
      found,
      saved: new URL(request.url).searchParams.get("done") === "saved",
      invented: found.invented,
    },
    { headers },
  );
}

export async function action({ context, request, params }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const answers = formAnswers(await readForm(request), [...CASE_FIELDS, ...PARTY_FIELDS]);
  const again = (status: number, errors: FieldError[]) =>
    data<{ answers: Answers; errors: FieldError[] }>({ answers, errors }, { status, headers });
  const parsed = caseSchema(new Date().toISOString().slice(0, 10)).safeParse(answers);
  if (!parsed.success) return again(422, fieldErrors(parsed.error.issues));
  try {
    await saveCase(db, parsed.data, params.id);
    return redirect(`${paths.moderationCase(params.id ?? "")}?done=saved`, { status: 303, headers });
  } catch (error) {
    const problem = formProblem(error);
    return again(problem.status, problem.errors);
  }
}

/** One case: read, changed, closed, or made into a story. */
export default function CasePage() {
  const t = useT();
  const { code } = useLanguage();
  const { found, saved } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const { parties, id, version, ...facts } = found;
  const stored: Answers = {
    ...Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, value === null ? "" : String(value)]),
    ),
    insured: found.insured === null ? "unknown" : found.insured ? "yes" : "no",
    ...Object.fromEntries(parties.map(({ party, result }) => [`party_${party}`, result])),
  };
  return (
    <>
      <PageHead
        title={t("cases:form.editTitle", {
          country: countryName(found.country, code),
          what: t(`cases:subtype.${found.subtype}`),
        })}
        back={{ href: paths.moderationCases(), label: t("cases:list.title") }}
      />
      {saved && !sent ? (
        <Notice>
          <p role="status">{t("cases:form.saved")}</p>
        </Notice>
      ) : null}
      <ButtonRow>
        <ButtonLink look="plain" href={paths.moderationNewStory({ case: id })}>
          {t("cases:form.storyLink")}
        </ButtonLink>
      </ButtonRow>
      <CaseForm
        answers={sent?.answers ?? stored}
        errors={sent?.errors ?? []}
        hidden={{ version: String(version) }}
        isNew={false}
      />
      <p>
        <a href={paths.moderationCases()}>{t("cases:form.closeLink")}</a>
      </p>
    </>
  );
}
