import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { findDataset, LICENCE, said } from "../features/open-data/catalogue.ts";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { isFresh } from "../features/open-data/quality.server.ts";
import { readDataset, stateOf, type ReadRow } from "../features/open-data/rows.server.ts";
import { usesOfAll } from "../features/open-data/uses.server.ts";
import { formatsOf } from "../formats/dataset.ts";
import { shortened } from "../formats/shortened-text.ts";
import { number } from "../i18n/format.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { systemClock } from "../platform/clock.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import dataStyles from "../styles/data.css?url";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, { text: data?.title ?? "" });
export const links: LinksFunction = () => [{ rel: "stylesheet", href: dataStyles }];
export const headers: HeadersFunction = () => sharedPage();

const SAMPLE = 5;

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const dataset = findDataset(params.dataset ?? "");
  if (!dataset) throw new Response(null, { status: 404 });
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code;
  const { db } = context.backend;
  const { publicUrl } = context;
  const [state, uses, first] = await orRefuse(
    Promise.all([
      stateOf(db, dataset),
      usesOfAll(db),
      readDataset(db, dataset, { publicUrl, limit: SAMPLE }).next() as Promise<
        IteratorResult<ReadRow[], undefined>
      >,
    ]),
  );
  return {
    id: dataset.id,
    title: said(dataset.title, language),
    about: said(dataset.about, language),
    basis: said(dataset.basis, language),
    formats: formatsOf(dataset),
    fields: dataset.fields.map(({ name, type, about, words }) => ({
      name,
      type,
      about: said(about, language),
      words: words?.join(", ") ?? null,
    })),
    sample: (first.value ?? []).map(({ cells }) =>
      cells.map((cell) =>
        shortened(cell === null ? "" : Array.isArray(cell) ? cell.join("; ") : String(cell), 60),
      ),
    ),
    updates: dataset.updates,
    issued: dataset.issued,
    api: dataset.api ?? null,
    rows: state.rows,
    changed: state.changed,
    late: !isFresh(dataset, state.changed, systemClock.now()),
    uses: uses.get(dataset.id) ?? { views: 0, downloads: 0, api_calls: 0 },
    licence: LICENCE,
  };
}

/** One dataset: take it, know what it counts, read what its fields mean. */
export default function DatasetPage() {
  const t = useT();
  const { code } = useLanguage();
  const dataset = useLoaderData<typeof loader>();
  const { id, uses } = dataset;
  return (
    <>
      <PageHead
        title={dataset.title}
        lede={dataset.about}
        back={{ href: paths.data(), label: t("data:one.allLink") }}
      />
      <h2>{t("data:one.getTitle")}</h2>
      <ul className="tabs">
        {dataset.formats.map((format) => (
          <li key={format}>
            <a href={paths.datasetFile(id, format)}>{format.toUpperCase()}</a>
          </li>
        ))}
        <li>
          <a href={`${paths.datasetFile(id, "csv")}?bom=1`}>{t("data:one.bom")}</a>
        </li>
      </ul>
      <p className="meta">
        {t("data:one.parts")} <a href={paths.datasetSchema(id)}>{t("data:one.schema")}</a>
        {dataset.api ? (
          <>
            {t("common:punctuation.separator")}
            <a href={dataset.api}>{t("data:one.openApi")}</a>
          </>
        ) : null}
      </p>
      <section className="basis" aria-labelledby="basis">
        <h2 id="basis">{t("data:one.basisTitle")}</h2>
        <p>{dataset.basis}</p>
      </section>
      <h2>{t("data:one.factsTitle")}</h2>
      <dl className="data-facts">
        <dt>{t("data:one.rows")}</dt>
        <dd>{number(dataset.rows, code)}</dd>
        <dt>{t("data:one.updated")}</dt>
        <dd>
          {dataset.changed ? <TimeAgo at={dataset.changed} /> : t("data:one.updatedUnknown")}
          {dataset.late ? (
            <>
              {t("common:punctuation.separator")}
              <b>{t("data:one.late")}</b>
            </>
          ) : null}
        </dd>
        <dt>{t("data:one.frequency")}</dt>
        <dd>{t(`data:frequency.${dataset.updates}`)}</dd>
        <dt>{t("data:one.licence")}</dt>
        <dd>
          <a href={dataset.licence.url} rel="license">
            {dataset.licence.name}
          </a>
        </dd>
        <dt>{t("data:one.issued")}</dt>
        <dd>{dataset.issued}</dd>
        <dt>{t("data:one.views")}</dt>
        <dd>{number(uses.views, code)}</dd>
        <dt>{t("data:one.downloads")}</dt>
        <dd>{number(uses.downloads, code)}</dd>
        <dt>{t("data:one.apiCalls")}</dt>
        <dd>{number(uses.api_calls, code)}</dd>
      </dl>
      <p className="meta">{t("data:one.usesBasis")}</p>
      <h2>{t("data:one.fieldsTitle")}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("data:one.fieldsTitle")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("data:one.field")}</th>
              <th scope="col">{t("data:one.type")}</th>
              <th scope="col">{t("data:one.meaning")}</th>
            </tr>
          </thead>
          <tbody>
            {dataset.fields.map(({ name, type, about, words }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{t(`data:type.${type}`)}</td>
                <td>
                  {about}
                  {words ? <p className="meta">{t("data:one.words", { words })}</p> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {dataset.sample.length === 0 ? (
        <p>{t("data:one.sampleEmpty")}</p>
      ) : (
        <>
          <h2>{t("data:one.sampleTitle", { count: dataset.sample.length })}</h2>
          <div
            className="scroll"
            tabIndex={0}
            role="region"
            aria-label={t("data:one.sampleTitle", { count: dataset.sample.length })}
          >
            <table>
              <thead>
                <tr>
                  {dataset.fields.map(({ name }) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {dataset.sample.map((cells, row) => (
                  <tr key={row}>
                    {cells.map((cell, at) => (
                      <td key={at}>
                        <bdi>{cell}</bdi>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <h2>{t("data:one.askTitle")}</h2>
      <ul>
        <li>
          <a href={paths.dataRequests()}>{t("data:one.askLink")}</a>
        </li>
        <li>
          <a href={paths.dataReuses()}>{t("data:one.reuseLink")}</a>
        </li>
        <li>
          <a href={paths.dataQuality()}>{t("data:one.checksLink")}</a>
        </li>
      </ul>
      <DataNav current={null} />
    </>
  );
}
