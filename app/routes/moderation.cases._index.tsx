import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { countryOptions } from "../features/cases/case-form.tsx";
import { CaseTable } from "../features/cases/case-table.tsx";
import { CASE_TYPES, OUTCOMES, PROGRAMMES } from "../features/cases/cases.ts";
import { casesQuerySchema } from "../features/cases/cases.schema.ts";
import { listCases } from "../features/cases/cases.server.ts";
import { useLanguage, useT } from "../i18n/language-context.tsx";
import { pageTitle } from "../i18n/page-language.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths, withQuery } from "../platform/paths.ts";
import { orRefuse } from "../server/page-answers.ts";
import { requireStaff } from "../server/staff.ts";
import casesStyles from "../styles/cases.css?url";
import { ButtonLink, ButtonRow, SendButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { GetForm } from "../ui/form.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager } from "../ui/pager.tsx";

const PAGE = 50;

export const handle = { wide: true, noindex: true };
export const headers: HeadersFunction = () => secretPage();
export const links: LinksFunction = () => [{ rel: "stylesheet", href: casesStyles }];
export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "cases:list.title");

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { db, headers } = await requireStaff(context, request, "officer");
  const query = casesQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const page = await orRefuse(listCases(db, query, PAGE));
  return data({ query, ...page }, { headers });
}

/** The cases of an officer's area, filtered. */
export default function CasesPage() {
  const t = useT();
  const { code } = useLanguage();
  const { query, items, next, total } = useLoaderData<typeof loader>();
  const here = (cursor: string | null) => withQuery(paths.moderationCases(), { ...query, cursor });
  return (
    <>
      <PageHead title={t("cases:list.title")} lede={t("cases:list.lede")} />
      <ButtonRow>
        <ButtonLink href={paths.moderationNewCase()}>{t("cases:list.addLink")}</ButtonLink>
        <ButtonLink look="plain" href={paths.moderationImportCases()}>
          {t("cases:list.importLink")}
        </ButtonLink>
        <ButtonLink look="plain" href={paths.moderationStories()}>
          {t("cases:list.storiesLink")}
        </ButtonLink>
        <ButtonLink look="plain" href={paths.moderationOffers()}>
          {t("cases:list.offersLink")}
        </ButtonLink>
      </ButtonRow>
      <GetForm id="filter" action={paths.moderationCases()} answers={query} search>
        <h2 className="vh">{t("cases:list.filterTitle")}</h2>
        <div className="case-filter">
          <SelectField
            name="type"
            label={t("cases:column.what")}
            empty={t("cases:list.any")}
            options={CASE_TYPES.map((value) => ({ value, label: t(`cases:type.${value}`) }))}
          />
          <SelectField
            name="country"
            label={t("cases:form.countryLabel")}
            empty={t("cases:list.any")}
            options={countryOptions(code)}
          />
          <SelectField
            name="programme"
            label={t("cases:form.programmeLabel")}
            empty={t("cases:list.any")}
            options={PROGRAMMES.map((value) => ({ value, label: t(`cases:programme.${value}`) }))}
          />
          <SelectField
            name="outcome"
            label={t("cases:form.outcomeLabel")}
            empty={t("cases:list.any")}
            options={OUTCOMES.map((value) => ({ value, label: t(`cases:outcome.${value}`) }))}
          />
          <TextField name="since" type="date" label={t("cases:list.since")} />
          <TextField name="until" type="date" label={t("cases:list.until")} />
          <ButtonRow>
            <SendButton look="plain">{t("cases:list.filterSend")}</SendButton>
          </ButtonRow>
        </div>
      </GetForm>
      {items.length === 0 ? (
        <EmptyState title={t("cases:list.emptyTitle")}>
          <p>{t("cases:list.emptyText")}</p>
        </EmptyState>
      ) : (
        <>
          <p className="meta">{t("cases:list.count", { count: total })}</p>
          <CaseTable cases={items} />
          <Pager
            shown={items.length}
            total={total}
            nextHref={next ? here(next) : null}
            firstHref={query.cursor ? here(null) : null}
          />
        </>
      )}
    </>
  );
}
