import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { listChecks } from "../features/open-data/quality.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "data:quality.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context }: LoaderFunctionArgs) {
  return { checks: await orRefuse(listChecks(context.backend.db)) };
}

const rules = ["reachable", "parses", "matches", "fresh"] as const;

/** What the national checks found on our own files. */
export default function DataQualityPage() {
  const t = useT();
  const { code } = useLanguage();
  const { checks } = useLoaderData<typeof loader>();
  const good = checks.filter((check) => rules.every((rule) => check[rule])).length;
  return (
    <>
      <PageHead
        title={t("data:quality.title")}
        lede={t("data:quality.lede")}
        back={{ href: paths.data(), label: t("data:list.title") }}
      />
      <DataNav current="quality" />
      {checks.length === 0 ? (
        <EmptyState title={t("data:quality.never")}>
          <p>{t("data:quality.neverText")}</p>
        </EmptyState>
      ) : (
        <>
          <p>
            <b>{t("data:quality.summary", { good: number(good, code), all: number(checks.length, code) })}</b>
          </p>
          <div className="scroll" tabIndex={0} role="region" aria-label={t("data:quality.title")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("data:quality.file")}</th>
                  {rules.map((rule) => (
                    <th key={rule} scope="col">
                      {t(`data:quality.${rule}`)}
                    </th>
                  ))}
                  <th scope="col">{t("data:quality.rows")}</th>
                  <th scope="col">{t("data:quality.checked")}</th>
                  <th scope="col">{t("data:quality.fault")}</th>
                </tr>
              </thead>
              <tbody>
                {checks.map((check) => (
                  <tr key={`${check.dataset}.${check.format}`}>
                    <th scope="row">
                      <a href={paths.dataset(check.dataset)}>{`${check.dataset}.${check.format}`}</a>
                    </th>
                    {rules.map((rule) => (
                      <td key={rule}>
                        {check[rule] ? t("data:quality.yes") : <b>{t("data:quality.no")}</b>}
                      </td>
                    ))}
                    <td>{check.data_rows === null ? "" : number(check.data_rows, code)}</td>
                    <td>
                      <TimeAgo at={check.checked_at} form="age" />
                    </td>
                    <td>{check.fault}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="meta">{t("data:quality.basis")}</p>
        </>
      )}
    </>
  );
}
