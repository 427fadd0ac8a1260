import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { said } from "../features/open-data/catalogue.ts";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { notOpen } from "../features/open-data/not-open.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { PageHead } from "../ui/page-head.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "data:notOpen.title");
export const headers: HeadersFunction = () => sharedPage();

export function loader({ request }: LoaderFunctionArgs) {
  const language = detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code;
  return {
    register: notOpen.map(({ id, what, why, ground, review }) => ({
      id,
      what: said(what, language),
      why: said(why, language),
      ground,
      review,
    })),
  };
}

/** What is held and not opened, why, and when that is looked at again. */
export default function NotOpenPage() {
  const t = useT();
  const { register } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={t("data:notOpen.title")}
        lede={t("data:notOpen.lede")}
        back={{ href: paths.data(), label: t("data:list.title") }}
      />
      <DataNav current="notOpen" />
      <div className="scroll" tabIndex={0} role="region" aria-label={t("data:notOpen.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("data:notOpen.what")}</th>
              <th scope="col">{t("data:notOpen.why")}</th>
              <th scope="col">{t("data:notOpen.ground")}</th>
              <th scope="col">{t("data:notOpen.review")}</th>
            </tr>
          </thead>
          <tbody>
            {register.map(({ id, what, why, ground, review }) => (
              <tr key={id} id={id}>
                <th scope="row">{what}</th>
                <td>{why}</td>
                <td>{t(`data:ground.${ground}`)}</td>
                <td>
                  <time dateTime={review}>{review}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <a href={paths.datasetFile("not-open", "csv")}>{t("data:notOpen.file")}</a>
      </p>
      <h2>{t("data:notOpen.objectTitle")}</h2>
      <p>
        <a href={paths.dataRequests()}>{t("data:notOpen.objectLink")}</a>
      </p>
    </>
  );
}
