import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { actText, roleText, subjectText } from "../features/log/acts.ts";
import { listActs, listHeads } from "../features/log/log.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { sharedPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const PAGE = 50;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "log:page.title");
export const headers: HeadersFunction = () => sharedPage();

export async function loader({ context, request }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get("cursor") || undefined;
  const { db } = context.backend;
  const [acts, heads] = await orRefuse(
    Promise.all([listActs(db, { cursor, limit: PAGE }), cursor === undefined ? listHeads(db, 14) : []]),
  );
  return data({ acts, heads, cursor: cursor ?? null }, { headers: sharedPage() });
}

/** The public log: acts without persons, and the codes that hold them together. */
export default function LogPage() {
  const t = useT();
  const { code } = useLanguage();
  const { acts, heads, cursor } = useLoaderData<typeof loader>();
  const newest = cursor === null ? acts.items[0] : undefined;
  return (
    <>
      <PageHead title={t("log:page.title")} lede={t("log:page.lede")} />
      <ul>
        <li>
          <a href={paths.transparency()}>{t("log:page.transparencyLink")}</a>
        </li>
        <li>
          <a href={paths.procedures()}>{t("log:page.proceduresLink")}</a>
        </li>
      </ul>
      {newest ? (
        <section>
          <h2>{t("log:page.headTitle")}</h2>
          <p>
            {t("log:page.headText", { count: number(newest.id, code) })}
            <code className="take">{`${newest.id}:${newest.hash}`}</code>
          </p>
        </section>
      ) : null}
      {cursor === null ? (
        <section>
          <h2>{t("log:page.headsTitle")}</h2>
          <p>{t("log:page.headsWhy")}</p>
          {heads.length === 0 ? <p>{t("log:page.headsEmpty")}</p> : null}
          {heads.length > 0 ? (
            <div className="scroll" tabIndex={0} role="region" aria-label={t("log:page.headsTitle")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("log:page.day")}</th>
                    <th scope="col">{t("log:page.entry")}</th>
                    <th scope="col">{t("log:page.hash")}</th>
                  </tr>
                </thead>
                <tbody>
                  {heads.map(({ day, entry_id, hash }) => (
                    <tr key={day} id={`head-${day}`}>
                      <th scope="row">
                        <time dateTime={day} className="nb">
                          {day}
                        </time>
                      </th>
                      <td>{entry_id}</td>
                      <td>
                        <code>{hash}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : null}
          <p className="meta">
            {t("log:page.feedsLabel")} <a href={paths.feeds.logAtom()}>Atom</a>
            {t("common:punctuation.separator")}
            <a href={paths.feeds.logJson()}>JSON</a>
          </p>
        </section>
      ) : null}
      {acts.items.length === 0 ? (
        <EmptyState title={t("log:page.emptyTitle")}>
          <p>{t("log:page.emptyText")}</p>
        </EmptyState>
      ) : (
        <section>
          <h2>{t("log:page.actsTitle")}</h2>
          <p className="meta">{t("log:page.count", { count: number(acts.total, code) })}</p>
          <div className="scroll" tabIndex={0} role="region" aria-label={t("log:page.actsTitle")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("log:page.entry")}</th>
                  <th scope="col">{t("log:page.when")}</th>
                  <th scope="col">{t("log:page.act")}</th>
                  <th scope="col">{t("log:page.what")}</th>
                  <th scope="col">{t("log:page.who")}</th>
                </tr>
              </thead>
              <tbody>
                {acts.items.map(({ id, at, act, subject_type, role }) => (
                  <tr key={id}>
                    <th scope="row">{id}</th>
                    <td>
                      <TimeAgo at={at} form="date" />
                    </td>
                    <td>{actText(t, act)}</td>
                    <td>{subjectText(t, subject_type)}</td>
                    <td>{roleText(t, role)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager
            shown={acts.items.length}
            total={acts.total}
            nextHref={acts.next ? paths.publicLog({ cursor: acts.next }) : null}
            firstHref={cursor ? paths.publicLog() : null}
          />
        </section>
      )}
    </>
  );
}
