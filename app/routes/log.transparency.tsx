import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { readNumbers, type RoundedCount } from "../features/official-site/numbers.server.ts";
import { decisionText, kindText } from "../features/official-site/rules-section.tsx";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "official:numbers.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, request }: LoaderFunctionArgs) {
  const always = new URL(request.url).searchParams.get("since") === "always";
  const numbers = await orRefuse(readNumbers(context.backend.db, always ? null : 30));
  return data({ numbers, always }, { headers: sharedPage() });
}

/** How many items, how long they waited, how they were decided; nothing that tells of anybody. */
export default function TransparencyPage() {
  const t = useT();
  const { code } = useLanguage();
  const { numbers, always } = useLoaderData<typeof loader>();
  const told = (count: RoundedCount) => (typeof count === "number" ? number(count, code) : count);
  const hours = (value: number | null) =>
    value === null
      ? t("official:numbers.unknown")
      : t("official:numbers.hours", { hours: number(value, code) });
  const { appeals } = numbers;
  return (
    <>
      <PageHead
        title={t("official:numbers.title")}
        lede={t("official:numbers.lede")}
        back={{ href: paths.publicLog(), label: t("official:numbers.logLink") }}
      />
      <nav aria-label={t("official:numbers.period")}>
        <ul className="tabs">
          <li>
            <a href={paths.transparency()} aria-current={always ? undefined : "page"}>
              {t("official:numbers.days30")}
            </a>
          </li>
          <li>
            <a href={`${paths.transparency()}?since=always`} aria-current={always ? "page" : undefined}>
              {t("official:numbers.always")}
            </a>
          </li>
        </ul>
      </nav>
      <Figures
        rows={[
          [t("official:numbers.total"), told(numbers.items)],
          [t("official:numbers.waiting"), told(numbers.waiting)],
          [t("official:numbers.decided"), told(numbers.decided)],
          [t("official:numbers.median"), hours(numbers.median_hours)],
          [t("official:numbers.p90"), hours(numbers.p90_hours)],
        ]}
        title={t("official:numbers.title")}
      />
      <h2>{t("official:numbers.kindsTitle")}</h2>
      {numbers.kinds.length === 0 ? <p>{t("official:numbers.none")}</p> : null}
      {numbers.kinds.length > 0 ? (
        <div className="scroll" tabIndex={0} role="region" aria-label={t("official:numbers.kindsTitle")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("official:numbers.kind")}</th>
                <th scope="col">{t("official:numbers.count")}</th>
                <th scope="col">{t("official:numbers.waiting")}</th>
                <th scope="col">{t("official:numbers.median")}</th>
                <th scope="col">{t("official:numbers.p90")}</th>
              </tr>
            </thead>
            <tbody>
              {numbers.kinds.map((row) => (
                <tr key={row.kind}>
                  <th scope="row">{kindText(t, row.kind)}</th>
                  <td>{told(row.items)}</td>
                  <td>{told(row.waiting)}</td>
                  <td>{hours(row.median_hours)}</td>
                  <td>{hours(row.p90_hours)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {numbers.decisions.length > 0 ? (
        <section>
          <h2>{t("official:numbers.decisionsTitle")}</h2>
          <Figures
            rows={numbers.decisions.map(({ decision, items }) => [decisionText(t, decision), told(items)])}
            title={t("official:numbers.decisionsTitle")}
          />
        </section>
      ) : null}
      <h2>{t("official:numbers.appealsTitle")}</h2>
      <Figures
        rows={[
          [t("official:numbers.appealsAll"), told(appeals.items)],
          [t("official:numbers.waiting"), told(appeals.waiting)],
          [t("official:numbers.overturned"), told(appeals.overturned)],
          [t("official:numbers.upheld"), told(appeals.upheld)],
        ]}
        title={t("official:numbers.appealsTitle")}
      />
      <p className="meta">{t("official:numbers.rule")}</p>
    </>
  );
}

function Figures({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <table aria-label={title}>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
