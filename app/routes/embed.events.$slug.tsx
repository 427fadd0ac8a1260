import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { inLanguage } from "../features/events/events.ts";
import { countByEvent, getEvent } from "../features/events/events.server.ts";
import { listVerified } from "../features/official-site/verified.server.ts";
import { Outward, Widget } from "../features/official-site/widget.tsx";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle, pageTranslator } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { askedLanguage, InAskedLanguage } from "../ui/asked-language.tsx";
import styles from "../styles/widget.css?url";

const NOTICES = 3;
const ITEMS = 5;

export const handle = { embed: true, noindex: true };
export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];
export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(
    matches,
    data ? { text: inLanguage(data.event.titles, pageTranslator(matches).language) } : "events:list.title",
  );
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { db } = context.backend;
  const slug = params.slug ?? "";
  const [event, counts, notices, verified] = await orRefuse(
    Promise.all([
      getEvent(db, slug),
      countByEvent(db),
      listVerified(db, { event: slug, types: ["notice"], limit: NOTICES }),
      listVerified(db, { event: slug, types: ["person", "note", "report"], limit: ITEMS }),
    ]),
  );
  return {
    event,
    counts: counts[slug] ?? null,
    notices: notices.items,
    verified: verified.items,
    publicUrl: context.publicUrl,
    language: askedLanguage(request.url),
  };
}

/** The widget of one event. */
export default function EventWidget() {
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
  const { event, counts, notices, verified, publicUrl } = useLoaderData<typeof loader>();
  return (
    <Widget
      title={inLanguage(event.titles, code)}
      href={publicUrl + paths.event(event.slug)}
      publicUrl={publicUrl}
      drill={event.drill}
      invented={event.invented && !event.drill}
      hotlines={event.hotlines.map(({ number: digits, names }) => ({
        number: digits,
        name: inLanguage(names, code),
      }))}
      notices={notices}
      verified={verified}
    >
      {counts && counts.all > 0 ? (
        <>
          <p className="numbers">
            <Outward href={publicUrl + paths.board({ event: event.slug })}>
              {t("official:widget.board")}
            </Outward>
            <span>
              <b>{number(counts.safe, code)}</b> {t("official:widget.safe")}
            </span>
            <span>
              <b>{number(counts.sought, code)}</b> {t("official:widget.sought")}
            </span>
            <span>
              <b>{number(counts.needsHelp, code)}</b> {t("official:widget.needsHelp")}
            </span>
          </p>
          <p className="meta">{t("official:widget.counts")}</p>
        </>
      ) : null}
    </Widget>
  );
}
