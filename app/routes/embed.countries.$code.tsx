import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { inLanguage } from "../features/events/events.ts";
import { listEvents } from "../features/events/events.server.ts";
import { listVerified } from "../features/official-site/verified.server.ts";
import { Outward, Widget } from "../features/official-site/widget.tsx";
import { isCountryCode } from "../formats/form-fields.ts";
import { countryName } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { Failure } from "../platform/failure.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse, refusal } from "../server/page-answers.ts";
import { askedLanguage, InAskedLanguage } from "../ui/asked-language.tsx";
import styles from "../styles/widget.css?url";

const NOTICES = 3;
const ITEMS = 5;

export const handle = { embed: true, noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(
    matches,
    data ? { text: countryName(data.country, pageTranslator(matches).language) } : "events:list.title",
  );
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const country = (params.code ?? "").toUpperCase();
  if (!isCountryCode(country)) throw refusal(new Failure("not_found", "not_found"));
  const { db } = context.backend;
  const [events, notices, verified] = await orRefuse(
    Promise.all([
      listEvents(db),
      listVerified(db, { country, types: ["notice"], limit: NOTICES }),
      listVerified(db, { country, types: ["person", "note", "report"], limit: ITEMS }),
    ]),
  );
  return {
    country,
    events: events
      .filter((event) => event.country === country && event.state !== "closed" && !event.drill)
      .map(({ slug, titles, invented }) => ({ slug, titles, invented })),
    notices: notices.items,
    verified: verified.items,
    publicUrl: context.publicUrl,
    language: askedLanguage(request.url),
  };
}

/** The widget of one country. */
export default function CountryWidget() {
  const { language } = useLoaderData<typeof loader>();
  return (
    <InAskedLanguage language={language}>
      <Contents />
    </InAskedLanguage>
  );
}

function Contents() {
  const t = useT();
  const { code } = useLanguage();
  const { country, events, notices, verified, publicUrl } = useLoaderData<typeof loader>();
  return (
    <Widget
      title={t("official:widget.countryTitle", { country: countryName(country, code) })}
      href={publicUrl + paths.official({ country })}
      publicUrl={publicUrl}
      invented={events.some(({ invented }) => invented)}
      notices={notices}
      verified={verified}
    >
      {events.length > 0 ? (
        <section>
          <h2>{t("official:widget.events")}</h2>
          <ul>
            {events.map(({ slug, titles }) => (
              <li key={slug}>
                <Outward href={publicUrl + paths.event(slug)}>{inLanguage(titles, code)}</Outward>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </Widget>
  );
}
