import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { ENTRY_LIMITS } from "../features/open-data/entries.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { paths } from "../platform/paths.ts";
import { actOnEntries, loadEntries, type SentEntry } from "../server/data-entry-pages.ts";
import { SendButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { TextAreaField, TextField } from "../ui/field.tsx";
import { FormGuard } from "../ui/form-guard.tsx";
import { PostForm } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "data:requests.title");

export function loader(args: LoaderFunctionArgs) {
  return loadEntries("request", args);
}

export function action(args: ActionFunctionArgs) {
  return actOnEntries("request", paths.dataRequests(), args);
}

/** What data people ask for, with their votes (D76). */
export default function DataRequestsPage() {
  const t = useT();
  const { items, next, total, isFirst, done, clientId, formToken, honeypot } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as SentEntry | undefined;
  return (
    <>
      <PageHead
        title={t("data:requests.title")}
        lede={t("data:requests.lede")}
        back={{ href: paths.data(), label: t("data:list.title") }}
      />
      <DataNav current="requests" />
      {done ? (
        <Notice>
          <p role="status">{t(done === "voted" ? "data:requests.voted" : "data:requests.done")}</p>
        </Notice>
      ) : null}
      {items.length === 0 ? (
        <EmptyState title={t("data:requests.empty")}>
          <p>
            <a href="#entry">{t("data:requests.emptyText")}</a>
          </p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("data:requests.count", { count: total })}</p>
          <ul className="list">
            {items.map((entry) => (
              <li key={entry.id} className="card" id={`entry-${entry.id}`}>
                <h2>
                  <bdi>{entry.title}</bdi>
                </h2>
                {entry.text ? <p dir="auto">{entry.text}</p> : null}
                <p className="meta">
                  <b>{t(`data:state.${entry.state}`)}</b>
                  {t("common:punctuation.separator")}
                  {t("data:requests.votes", { count: entry.votes })}
                  {t("common:punctuation.separator")}
                  <TimeAgo at={entry.created_at} form="age" />
                </p>
                {entry.answer ? (
                  <p>
                    <b>{t("data:requests.answer")}</b>
                    {t("common:punctuation.colon")}
                    {entry.answer}
                  </p>
                ) : null}
                <PostForm id={`vote-${entry.id}`} intent="vote" hidden={{ id: entry.id }}>
                  <SendButton look="plain">{t("data:requests.voteButton")}</SendButton>
                </PostForm>
              </li>
            ))}
          </ul>
          <Pager
            shown={items.length}
            total={total}
            nextHref={next ? paths.dataRequests({ cursor: next }) : null}
            firstHref={isFirst ? null : paths.dataRequests()}
          />
        </>
      )}
      <h2>{t("data:requests.formTitle")}</h2>
      <PostForm
        id="entry"
        answers={sent?.answers}
        errors={sent?.errors}
        hidden={{ client_id: clientId, form_token: formToken }}
      >
        <TextField name="title" label={t("data:requests.titleLabel")} maxLength={ENTRY_LIMITS.title} />
        <TextAreaField
          name="text"
          label={t("data:requests.textLabel")}
          hint={t("data:requests.textHint")}
          rows={4}
          maxLength={ENTRY_LIMITS.text}
          optional
        />
        <FormGuard field={honeypot} />
        <SendButton>{t("data:requests.sendButton")}</SendButton>
      </PostForm>
    </>
  );
}
