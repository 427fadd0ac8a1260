import { countryName, listFormat } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { GetForm } from "../../ui/form.tsx";
import { SendButton } from "../../ui/button.tsx";
import { countries } from "./countries.ts";
import { NOTE_STATUSES } from "./persons.ts";
import type { BoardQuery } from "./persons.schema.ts";

interface BoardSearchProps {
  query: BoardQuery;
  events: readonly { value: string; label: string }[];
}

/** The search of the board: a name first; filters behind one tap, and said on it when they are set. */
export function BoardSearch({ query, events }: BoardSearchProps) {
  const t = useT();
  const { code } = useLanguage();
  const answers = { q: query.q, event: query.event, status: query.status, country: query.country };
  const set = [
    events.find(({ value }) => value === query.event)?.label,
    query.status ? t(`safety:statusFilter.${query.status}`) : undefined,
    query.country ? countryName(query.country, code) : undefined,
  ].filter((label) => label !== undefined);
  return (
    <GetForm id="search" action="/safety" answers={answers} search>
      <div className="search">
        <TextField
          name="q"
          type="search"
          label={t("safety:board.searchLabel")}
          hint={t("safety:board.searchHint")}
        />
        <SendButton>{t("safety:board.searchButton")}</SendButton>
      </div>
      <DetailsPanel
        summary={
          set.length === 0
            ? t("safety:board.filtersTitle")
            : t("safety:board.filtersSet", { filters: listFormat(set, code) })
        }
      >
        <SelectField
          name="event"
          label={t("safety:board.eventLabel")}
          empty={t("safety:board.all")}
          options={events}
        />
        <SelectField
          name="status"
          label={t("safety:board.statusLabel")}
          empty={t("safety:board.all")}
          options={NOTE_STATUSES.map((status) => ({
            value: status,
            label: t(`safety:statusFilter.${status}`),
          }))}
        />
        <SelectField
          name="country"
          label={t("safety:board.countryLabel")}
          empty={t("safety:board.all")}
          options={boardCountries(query.country).map((country) => ({
            value: country,
            label: countryName(country, code),
          }))}
        />
        <SendButton look="plain">{t("safety:board.filterButton")}</SendButton>
      </DetailsPanel>
    </GetForm>
  );
}

/** After a search by name: the second fact that finds records shown only to those who know the person. */
export function KnownSearch({ query }: { query: BoardQuery }) {
  const t = useT();
  return (
    <DetailsPanel summary={t("safety:board.knownTitle")} icon="person" open={query.known !== undefined}>
      <GetForm
        id="known"
        action="/safety"
        answers={{ known: query.known }}
        hidden={{ q: query.q, event: query.event }}
      >
        <div className="search">
          <TextField
            name="known"
            label={t("safety:board.knownLabel")}
            hint={t("safety:board.knownHint", { name: query.q })}
            inputMode="numeric"
            maxLength={4}
          />
          <SendButton>{t("safety:board.searchButton")}</SendButton>
        </div>
      </GetForm>
    </DetailsPanel>
  );
}

// The board stands on one small page: the countries most travellers here come from, and the one that is asked for.
const commonCountries = [
  "TW",
  "JP",
  "KR",
  "HK",
  "MO",
  "CN",
  "MY",
  "SG",
  "VN",
  "TH",
  "ID",
  "PH",
  "US",
  "CA",
  "AU",
  "NZ",
  "GB",
  "FR",
  "DE",
];

function boardCountries(chosen: string | undefined): readonly string[] {
  if (!chosen || commonCountries.includes(chosen)) return commonCountries;
  return [...commonCountries, ...countries.filter((country) => country === chosen)];
}
