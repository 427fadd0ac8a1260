import {
  data,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { CASE_COLUMNS } from "../features/cases/cases-csv.ts";
import { importCases, staffAdds, type RefusedRow } from "../features/cases/cases.server.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { errorText, type Translate } from "../i18n/translate.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { formProblem, readForm } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { SendButton } from "../ui/button.tsx";
import { FileField } from "../ui/field.tsx";
import { PostForm, type FieldError } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";

/** More refused rows than this are counted, not listed: nobody mends hundreds one by one. */
const LISTED = 200;

export const handle = { noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "cases:import.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { headers } = await requireStaff(context, request, "officer");
  return data(null, { headers });
}

interface Imported {
  errors: FieldError[];
  report: {
    totals: { read: number; created: number; present: number; refused: number };
    refused: RefusedRow[];
    unknownColumns: string[];
  } | null;
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const file = (await readForm(request)).get("file");
  const answer = (status: number, errors: FieldError[], report: Imported["report"] = null) =>
    data<Imported>({ errors, report }, { status, headers });
  if (!(file instanceof File) || file.size === 0)
    return answer(422, [{ field: "file", token: "file_required" }]);
  const report: NonNullable<Imported["report"]> = {
    totals: { read: 0, created: 0, present: 0, refused: 0 },
    refused: [],
    unknownColumns: [],
  };
  try {
    for await (const step of importCases(staffAdds(db), piecesOf(file), {
      today: new Date().toISOString().slice(0, 10),
    })) {
      report.totals = step.totals;
      report.unknownColumns = step.unknownColumns.slice(0, 30).map((name) => name.slice(0, 60));
      report.refused.push(...step.refused.slice(0, LISTED - report.refused.length));
    }
  } catch (error) {
    const problem = formProblem(error);
    return answer(problem.status, problem.errors, report);
  }
  return answer(report.totals.refused > 0 ? 422 : 200, [], report);
}

async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

/** A table of cases, and what became of each row. */
export default function ImportCasesPage() {
  const t = useT();
  const sent = useActionData<typeof action>();
  const report = sent?.report;
  const unlisted = report ? report.totals.refused - report.refused.length : 0;
  return (
    <>
      <PageHead
        title={t("cases:import.title")}
        lede={t("cases:import.lede")}
        back={{ href: paths.moderationCases(), label: t("cases:list.title") }}
      />
      {report ? (
        <Notice title={t("cases:import.doneTitle")} id="report">
          <p role="status">{t("cases:import.done", report.totals)}</p>
          {report.unknownColumns.length > 0 ? (
            <p>{t("cases:import.unknown", { columns: report.unknownColumns.join(", ") })}</p>
          ) : null}
          {report.refused.length > 0 ? (
            <ul className="list row-errors">
              {report.refused.map((row, index) => (
                <li key={`${row.line} ${index}`}>
                  <b>{t("cases:import.line", { line: row.line })}</b> {whyRefused(t, row)}
                </li>
              ))}
            </ul>
          ) : null}
          {unlisted > 0 ? <p>{t("cases:import.more", { count: unlisted })}</p> : null}
        </Notice>
      ) : null}
      <PostForm id="import" errors={sent?.errors ?? []} withFile>
        <FileField
          name="file"
          label={t("cases:import.fileLabel")}
          hint={t("cases:import.fileHint")}
          accept=".csv,.xlsx,text/csv"
        />
        <p className="hint">{t("cases:import.columns", { columns: CASE_COLUMNS.join(", ") })}</p>
        <SendButton>{t("cases:import.send")}</SendButton>
      </PostForm>
    </>
  );
}

const rowRefusals = [
  "quote_not_closed", "row_too_large", "too_many_cells", "header_repeated", "encoding_broken", "encoding_unknown",
  "header_missing", "too_many_columns", "column_twice", "too_large",
] as const; // prettier-ignore

function whyRefused(t: Translate, { errors, token }: RefusedRow): string {
  const row = rowRefusals.find((one) => one === token);
  const whole = row ? t(`cases:import.row.${row}`) : token === null ? null : errorText(t, token);
  return [
    ...errors.map(({ field, token: why }) => `${field}：${errorText(t, why)}`),
    ...(whole ? [whole] : []),
  ].join("；");
}
