import type { HeadersFunction, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { apiOperations } from "../server/api-operations.ts";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "help:api.title");
export const headers: HeadersFunction = () => sharedPage();

export function loader() {
  return {
    calls: apiOperations.map(({ method, path, summary }) => ({
      method: method.toUpperCase(),
      path,
      summary,
    })),
  };
}

const rules = ["help:api.rule1", "help:api.rule2", "help:api.rule3", "help:api.rule4"] as const;

const feeds = [
  ["CAP 1.2", paths.feeds.cap()],
  ["CIFS", paths.feeds.cifs()],
  ["Open511", paths.feeds.open511()],
  ["GeoJSON", paths.feeds.reportsGeojson()],
  ["CSV", paths.feeds.reportsCsv()],
] as const;

/** What a program can ask, from the same list that makes the OpenAPI document. */
export default function ApiGuidePage() {
  const t = useT();
  const { calls } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("help:api.title")} lede={t("help:api.lede")} />
      <p>
        <a href="/api/v1/openapi.json">{t("help:api.documentLink")}</a>
      </p>
      <h2>{t("help:api.callsTitle")}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("help:api.callsTitle")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("help:api.callColumn")}</th>
              <th scope="col">{t("help:api.whatColumn")}</th>
            </tr>
          </thead>
          <tbody>
            {calls.map(({ method, path, summary }) => (
              <tr key={`${method} ${path}`}>
                <th scope="row">
                  <code>
                    {method} {path}
                  </code>
                </th>
                <td lang="en">{summary}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{t("help:api.feedsTitle")}</h2>
      <p>{t("help:api.feedsLede")}</p>
      <ul>
        {feeds.map(([name, address]) => (
          <li key={name}>
            {name}: <a href={address}>{address}</a>
          </li>
        ))}
      </ul>
      <h2>{t("help:api.rulesTitle")}</h2>
      <ul>
        {rules.map((rule) => (
          <li key={rule}>{t(rule)}</li>
        ))}
      </ul>
    </>
  );
}
