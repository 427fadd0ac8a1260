import { countryName } from "../../i18n/format.ts";
import type { LanguageCode } from "../../i18n/languages.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { ChoiceField, SelectField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import {
  AGE_BANDS,
  CASE_SUBTYPES,
  LIMITS,
  OUTCOMES,
  PARTIES,
  PARTY_RESULTS,
  PROGRAMMES,
  REGION_OF_COUNTRY,
  typeOfSubtype,
} from "./cases.ts";

interface CaseFormProps {
  answers: Answers;
  errors: readonly FieldError[];
  hidden?: Readonly<Record<string, string>>;
  /** A case number is chosen once. */
  isNew: boolean;
}

/** Countries in the order a reader looks for them. */
export function countryOptions(language: LanguageCode): { value: string; label: string }[] {
  return [...REGION_OF_COUNTRY.keys()]
    .map((value) => ({ value, label: countryName(value, language) }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
}

/** Everything about a case, what may be counted first, what was told in confidence after it. */
export function CaseForm({ answers, errors, hidden, isNew }: CaseFormProps) {
  const t = useT();
  const { code } = useLanguage();
  return (
    <PostForm id="case" answers={answers} errors={errors} hidden={hidden}>
      <TextField
        name="opened_on"
        label={t("cases:form.openedLabel")}
        hint={t("cases:form.openedHint")}
        short
      />
      <SelectField
        name="country"
        label={t("cases:form.countryLabel")}
        empty={t("common:form.choose")}
        options={countryOptions(code)}
      />
      <SelectField
        name="subtype"
        label={t("cases:form.subtypeLabel")}
        hint={t("cases:form.subtypeHint")}
        empty={t("common:form.choose")}
        options={CASE_SUBTYPES.map((subtype) => ({
          value: subtype,
          label: `${t(`cases:type.${typeOfSubtype(subtype)}`)} · ${t(`cases:subtype.${subtype}`)}`,
        }))}
      />
      <SelectField
        name="programme"
        label={t("cases:form.programmeLabel")}
        empty={t("common:form.choose")}
        options={PROGRAMMES.map((value) => ({ value, label: t(`cases:programme.${value}`) }))}
      />
      <SelectField
        name="age_band"
        label={t("cases:form.ageLabel")}
        defaultValue="unknown"
        options={AGE_BANDS.map((value) => ({ value, label: t(`cases:age.${value}`) }))}
      />
      <ChoiceField
        name="insured"
        legend={t("cases:form.insuredLegend")}
        paired
        defaultValue="unknown"
        choices={[
          { value: "yes", label: t("cases:form.insuredYes") },
          { value: "no", label: t("cases:form.insuredNo") },
          { value: "unknown", label: t("cases:form.insuredUnknown") },
        ]}
      />
      <div className="case-counts">
        <TextField
          name="persons"
          label={t("cases:form.personsLabel")}
          inputMode="numeric"
          defaultValue="1"
          short
        />
        <TextField
          name="deaths"
          label={t("cases:form.deathsLabel")}
          inputMode="numeric"
          defaultValue="0"
          short
        />
        <TextField
          name="injured"
          label={t("cases:form.injuredLabel")}
          inputMode="numeric"
          defaultValue="0"
          short
        />
      </div>
      <TextField
        name="place"
        label={t("cases:form.placeLabel")}
        hint={t("cases:form.placeHint")}
        maxLength={LIMITS.place}
        optional
      />
      <TextAreaField
        name="narrative"
        label={t("cases:form.narrativeLabel")}
        hint={t("cases:form.narrativeHint")}
        rows={6}
        maxLength={LIMITS.narrative}
        optional
      />
      <fieldset className="field">
        <legend>{t("cases:form.partiesLegend")}</legend>
        <p className="hint">{t("cases:form.partiesHint")}</p>
        <div className="case-parties">
          {PARTIES.map((party) => (
            <SelectField
              key={party}
              name={`party_${party}`}
              label={t(`cases:party.${party}`)}
              empty={t("cases:form.notYet")}
              options={PARTY_RESULTS.map((value) => ({ value, label: t(`cases:result.${value}`) }))}
            />
          ))}
        </div>
      </fieldset>
      <SelectField
        name="outcome"
        label={t("cases:form.outcomeLabel")}
        defaultValue="open"
        options={OUTCOMES.map((value) => ({ value, label: t(`cases:outcome.${value}`) }))}
      />
      <TextField
        name="closed_on"
        label={t("cases:form.closedLabel")}
        hint={t("cases:form.openedHint")}
        short
        optional
      />
      {isNew ? (
        <TextField
          name="source_key"
          label={t("cases:form.keyLabel")}
          hint={t("cases:form.keyHint")}
          maxLength={LIMITS.sourceKey}
          optional
        />
      ) : null}
      <SendButton>{t("cases:form.send")}</SendButton>
    </PostForm>
  );
}
