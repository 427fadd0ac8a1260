import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { actText, roleText, subjectText } from "../features/log/acts.ts";
import { listStaffLog } from "../features/log/log.server.ts";
import { number } from "../i18n/format.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const PAGE = 50;

export const handle = { noindex: true, wide: true };
export const headers: HeadersFunction = () => secretPage();
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "notices:log.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "volunteer");
  const cursor = new URL(request.url).searchParams.get("cursor") || undefined;
  const page = await orRefuse(listStaffLog(db, { cursor, limit: PAGE }));
  return data({ page, cursor: cursor ?? null }, { headers });
}

/** The log with names and ids, for staff. */
export default function StaffLogPage() {
  const t = useT();
  const { code } = useLanguage();
  const { page, cursor } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={t("notices:log.title")}
        lede={t("notices:log.lede")}
        back={{ href: paths.publicLog(), label: t("log:page.title") }}
      />
      {page.items.length === 0 ? (
        <EmptyState title={t("log:page.emptyTitle")}>
          <p>{t("log:page.emptyText")}</p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("log:page.count", { count: number(page.total, code) })}</p>
          <div className="scroll" tabIndex={0} role="region" aria-label={t("notices:log.title")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("log:page.entry")}</th>
                  <th scope="col">{t("log:page.when")}</th>
                  <th scope="col">{t("notices:log.who")}</th>
                  <th scope="col">{t("log:page.act")}</th>
                  <th scope="col">{t("log:page.what")}</th>
                  <th scope="col">{t("notices:log.subjectId")}</th>
                  <th scope="col">{t("notices:log.details")}</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((entry) => (
                  <tr key={entry.id}>
                    <th scope="row">{entry.id}</th>
                    <td>
                      <TimeAgo at={entry.at} form="date" />
                    </td>
                    <td>
                      {entry.actor_name ?? roleText(t, null)}
                      {entry.role === null ? null : (
                        <>
                          <br />
                          <small className="meta">{roleText(t, entry.role)}</small>
                        </>
                      )}
                    </td>
                    <td>{actText(t, entry.act)}</td>
                    <td>{subjectText(t, entry.subject_type)}</td>
                    <td>
                      <code>{entry.subject_id ?? ""}</code>
                    </td>
                    <td>
                      <code>
                        {Object.entries(entry.details)
                          .map(([name, value]) => `${name}=${String(value)}`)
                          .join(" ")}
                      </code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager
            shown={page.items.length}
            total={page.total}
            nextHref={page.next ? paths.moderationLog({ cursor: page.next }) : null}
            firstHref={cursor ? paths.moderationLog() : null}
          />
        </>
      )}
    </>
  );
}
