import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { datasets, said } from "../features/open-data/catalogue.ts";
import { DataNav } from "../features/open-data/data-nav.tsx";
import { ENTRY_LIMITS } from "../features/open-data/entries.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { paths } from "../platform/paths.ts";
import { actOnEntries, loadEntries, type SentEntry } from "../server/data-entry-pages.ts";
import { SendButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField, TextAreaField, TextField } from "../ui/field.tsx";
import { FormGuard } from "../ui/form-guard.tsx";
import { PostForm } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "data:reuses.title");

export async function loader(args: LoaderFunctionArgs) {
  const { headers } = args.request;
  const language = detectLanguage(headers.get("Cookie"), headers.get("Accept-Language")).code;
  return {
    ...(await loadEntries("reuse", args)),
    datasets: datasets.map(({ id, title }) => ({ value: id, label: said(title, language) })),
  };
}

export function action(args: ActionFunctionArgs) {
  return actOnEntries("reuse", paths.dataReuses(), args);
}

/** What was made with the data, so that use is more than page views (D6, D72). */
export default function DataReusesPage() {
  const t = useT();
  const {
    items,
    next,
    total,
    isFirst,
    done,
    clientId,
    formToken,
    honeypot,
    datasets: choices,
  } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() as SentEntry | undefined;
  const titleOf = (id: string) => choices.find(({ value }) => value === id)?.label ?? id;
  return (
    <>
      <PageHead
        title={t("data:reuses.title")}
        lede={t("data:reuses.lede")}
        back={{ href: paths.data(), label: t("data:list.title") }}
      />
      <DataNav current="reuses" />
      {done ? (
        <Notice>
          <p role="status">{t("data:reuses.done")}</p>
        </Notice>
      ) : null}
      {items.length === 0 ? (
        <EmptyState title={t("data:reuses.empty")}>
          <p>
            <a href="#entry">{t("data:reuses.emptyText")}</a>
          </p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("data:reuses.count", { count: total })}</p>
          <ul className="list">
            {items.map(({ id, title, text, url, dataset, created_at }) => (
              <li key={id} className="card">
                <h2>
                  {/* A stranger's address: it gets nothing from us, not even who sends. */}
                  <a href={url ?? ""} rel="nofollow ugc noopener noreferrer">
                    <bdi>{title}</bdi>
                  </a>
                </h2>
                {text ? <p dir="auto">{text}</p> : null}
                <p className="meta">
                  {dataset ? (
                    <>
                      <a href={paths.dataset(dataset)}>
                        {t("data:reuses.uses", { dataset: titleOf(dataset) })}
                      </a>
                      {t("common:punctuation.separator")}
                    </>
                  ) : null}
                  <TimeAgo at={created_at} form="age" />
                </p>
              </li>
            ))}
          </ul>
          <Pager
            shown={items.length}
            total={total}
            nextHref={next ? paths.dataReuses({ cursor: next }) : null}
            firstHref={isFirst ? null : paths.dataReuses()}
          />
        </>
      )}
      <h2>{t("data:reuses.formTitle")}</h2>
      <PostForm
        id="entry"
        answers={sent?.answers}
        errors={sent?.errors}
        hidden={{ client_id: clientId, form_token: formToken }}
      >
        <TextField name="title" label={t("data:reuses.titleLabel")} maxLength={ENTRY_LIMITS.title} />
        <TextField name="url" label={t("data:reuses.urlLabel")} maxLength={ENTRY_LIMITS.url} />
        <SelectField
          name="dataset"
          label={t("data:reuses.datasetLabel")}
          empty={t("data:reuses.datasetNone")}
          options={choices}
          optional
        />
        <TextAreaField
          name="text"
          label={t("data:reuses.textLabel")}
          hint={t("data:requests.textHint")}
          rows={4}
          maxLength={ENTRY_LIMITS.text}
          optional
        />
        <FormGuard field={honeypot} />
        <SendButton>{t("data:reuses.sendButton")}</SendButton>
      </PostForm>
    </>
  );
}
