import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { said } from "../features/open-data/catalogue.ts";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { isFresh } from "../features/open-data/quality.server.ts";
import { formatsOf } from "../formats/dataset.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { describedDatasets } from "../server/catalogue-answer.ts";
import { orRefuse } from "../server/page-answers.ts";
import { systemClock } from "../platform/clock.ts";
import { PageHead } from "../ui/page-head.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "data:list.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, request }: LoaderFunctionArgs) {
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code;
  const described = await orRefuse(describedDatasets(context));
  const now = systemClock.now();
  return {
    datasets: described.map(({ dataset, state }) => ({
      id: dataset.id,
      title: said(dataset.title, language),
      about: said(dataset.about, language),
      formats: formatsOf(dataset),
      rows: state.rows,
      changed: state.changed,
      late: !isFresh(dataset, state.changed, now),
    })),
  };
}

/** Every dataset, with its files one tap away. */
export default function DataPage() {
  const t = useT();
  const { datasets } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead title={t("data:list.title")} lede={t("data:list.lede")} />
      <DataNav current="list" />
      <ul className="list">
        {datasets.map(({ id, title, about, formats, rows, changed, late }) => (
          <li key={id} className="card">
            <h2>
              <a href={paths.dataset(id)}>{title}</a>
            </h2>
            <p>{about}</p>
            <p className="meta">
              {t("data:list.rows", { count: rows })}
              {changed ? (
                <>
                  {t("common:punctuation.separator")}
                  {t("data:list.updated")}
                  {t("common:punctuation.colon")}
                  <TimeAgo at={changed} form="age" />
                </>
              ) : null}
              {late ? (
                <>
                  {t("common:punctuation.separator")}
                  <b>{t("data:list.late")}</b>
                </>
              ) : null}
            </p>
            <ul className="tabs">
              {formats.map((format) => (
                <li key={format}>
                  <a href={paths.datasetFile(id, format)} aria-label={`${title} ${format.toUpperCase()}`}>
                    {format.toUpperCase()}
                  </a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <h2>{t("data:list.catalogues")}</h2>
      <ul>
        <li>
          <a href={paths.catalogJsonLd()}>{t("data:list.dcat")}</a>
        </li>
        <li>
          <a href={paths.catalogJson()}>{t("data:list.national")}</a>
        </li>
        <li>
          <a href={paths.apiGuide()}>{t("data:list.api")}</a>
        </li>
      </ul>
    </>
  );
}
