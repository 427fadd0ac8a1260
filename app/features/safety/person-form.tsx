import type { ReactNode } from "react";
import type { FieldError } from "../../ui/form.tsx";
import { countryName } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import {
  CheckField,
  ChoiceField,
  FileField,
  SelectField,
  TextAreaField,
  TextField,
} from "../../ui/field.tsx";
import { LocateButton, PostForm, type Answers } from "../../ui/form.tsx";
import { countries } from "./countries.ts";
import { LIMITS, NEEDS, SEXES, VISIBILITIES, type PostedAs } from "./persons.ts";

interface PersonFormProps {
  as: PostedAs;
  events: readonly { value: string; label: string }[];
  answers: Answers;
  errors: readonly FieldError[];
  hidden: Readonly<Record<string, string>>;
  /** Goes above the send button: the field for nobody. */
  guard: ReactNode;
}

const hasAnswer = (answers: Answers, names: readonly string[]) => names.some((name) => answers[name]);
const hasError = (errors: readonly FieldError[], names: readonly string[]) =>
  errors.some((error) => error.field !== null && names.includes(error.field));

/** Posting about oneself, about somebody one looks for, or about somebody one knows of: what matters first, the rest behind a tap. */
export function PersonForm({ as, events, answers, errors, hidden, guard }: PersonFormProps) {
  const t = useT();
  const me = as === "me";
  const place = ["lat", "lon", "precise"];
  const about = ["sex", "age", "home_country", "home_city", "photo"];
  const opens = (names: readonly string[]) => hasAnswer(answers, names) || hasError(errors, names);
  return (
    <PostForm id="person" answers={answers} errors={errors} hidden={{ as, ...hidden }} withFile draft>
      {me ? <MyStatus open={opens(["need"])} /> : null}
      {as === "informing" ? <TheirStatus /> : null}
      <TextField
        name="full_name"
        label={t(me ? "safety:form.nameLabelMe" : "safety:form.nameLabelOther")}
        hint={t(me ? "safety:form.nameHintMe" : "safety:form.nameHintOther")}
        autoComplete={me ? "name" : "off"}
        maxLength={LIMITS.name}
      />
      <TextAreaField
        name="alternate_names"
        label={t("safety:form.alternateLabel")}
        hint={t("safety:form.alternateHint")}
        rows={2}
        optional
      />
      <TextAreaField
        name="text"
        label={t(
          me
            ? "safety:form.textLabelMe"
            : as === "seeking"
              ? "safety:form.textLabelSeeking"
              : "safety:form.textLabelInforming",
        )}
        hint={t(
          me
            ? "safety:form.textHintMe"
            : as === "seeking"
              ? "safety:form.textHintSeeking"
              : "safety:form.textHintInforming",
        )}
        rows={4}
        maxLength={LIMITS.text}
        optional
      />
      <TextField
        name="last_known_location"
        label={t(me ? "safety:form.placeLabelMe" : "safety:form.placeLabelOther")}
        hint={t("safety:form.placeHint")}
        maxLength={LIMITS.place}
        optional
      />
      <SelectField
        name="event"
        label={t("safety:form.eventLabel")}
        hint={t("safety:form.eventHint")}
        options={events}
      />
      <DetailsPanel summary={t("safety:form.positionTitle")} icon="place" open={opens(place)}>
        <p className="hint">{t("safety:form.positionHint")}</p>
        <LocateButton />
        <TextField name="lat" label={t("safety:form.latLabel")} inputMode="decimal" short />
        <TextField name="lon" label={t("safety:form.lonLabel")} inputMode="decimal" short />
        <CheckField
          name="precise"
          label={t("safety:form.preciseLabel")}
          hint={t("safety:form.preciseHint")}
        />
      </DetailsPanel>
      <DetailsPanel
        summary={t(me ? "safety:form.aboutTitleMe" : "safety:form.aboutTitle")}
        icon="person"
        open={opens(about)}
      >
        <AboutFields />
        <FileField
          name="photo"
          label={t("safety:form.photoLabel")}
          hint={t("safety:form.photoHint")}
          accept="image/jpeg,image/png,image/webp"
          optional
        />
        <p className="hint">{t("safety:form.photoMinor")}</p>
      </DetailsPanel>
      <fieldset>
        <legend>{t(me ? "safety:form.authorTitleMe" : "safety:form.authorTitle")}</legend>
        <p className="hint">{t("safety:form.authorHint")}</p>
        {me ? null : (
          <TextField
            name="author_name"
            label={t("safety:form.authorNameLabel")}
            autoComplete="name"
            optional
          />
        )}
        <TextField
          name="author_email"
          type="email"
          label={t("safety:form.authorEmailLabel")}
          hint={t("safety:form.authorEmailHint")}
          autoComplete="email"
          optional
        />
        <TextField
          name="author_phone"
          type="tel"
          label={t("safety:form.authorPhoneLabel")}
          hint={t("safety:form.authorPhoneHint")}
          autoComplete="tel"
          optional
        />
      </fieldset>
      <VisibilityFields />
      <SelectField
        name="expiry_days"
        label={t("safety:form.expiryLabel")}
        hint={t("safety:form.expiryHint")}
        empty={t("safety:form.expiryDefault")}
        options={[7, 30, 90, 180, 360].map((count) => ({
          value: String(count),
          label: t("safety:form.expiryDays", { count }),
        }))}
      />
      <CheckField
        name="consent"
        label={t(me ? "safety:form.consentLabelMe" : "safety:form.consentLabelOther")}
        hint={t("safety:form.consentHint")}
      />
      {guard}
      <SendButton>
        {t(
          me
            ? "safety:form.sendMe"
            : as === "seeking"
              ? "safety:form.sendSeeking"
              : "safety:form.sendInforming",
        )}
      </SendButton>
    </PostForm>
  );
}

function MyStatus({ open }: { open: boolean }) {
  const t = useT();
  return (
    <>
      <ChoiceField
        name="status"
        legend={t("safety:form.statusMeLegend")}
        defaultValue="safe"
        choices={[
          { value: "safe", label: t("safety:form.statusSafe"), hint: t("safety:form.statusSafeHint") },
          { value: "help", label: t("safety:form.statusHelp"), hint: t("safety:form.statusHelpHint") },
        ]}
      />
      <DetailsPanel summary={t("safety:form.needLegend")} icon="alert" open={open}>
        <NeedFields />
      </DetailsPanel>
    </>
  );
}

/** What somebody needs, several at once. */
export function NeedFields() {
  const t = useT();
  return (
    <ChoiceField
      name="need"
      legend={t("safety:form.needLegend")}
      hint={t("safety:form.needHint")}
      many
      optional
      choices={NEEDS.map((need) => ({ value: need, label: t(`safety:need.${need}`) }))}
    />
  );
}

function TheirStatus() {
  const t = useT();
  return (
    <ChoiceField
      name="status"
      legend={t("safety:form.statusOtherLegend")}
      choices={[
        {
          value: "believed_alive",
          label: t("safety:form.statusAlive"),
          hint: t("safety:form.statusAliveHint"),
        },
        {
          value: "believed_missing",
          label: t("safety:form.statusMissing"),
          hint: t("safety:form.statusMissingHint"),
        },
        { value: "believed_dead", label: t("safety:form.statusDead"), hint: t("safety:form.statusDeadHint") },
      ]}
    />
  );
}

/** Sex, age and where from. */
export function AboutFields() {
  const t = useT();
  const { code } = useLanguage();
  return (
    <>
      <SelectField
        name="sex"
        label={t("safety:form.sexLabel")}
        empty={t("common:form.choose")}
        options={SEXES.map((sex) => ({ value: sex, label: t(`safety:sex.${sex}`) }))}
        optional
      />
      <TextField
        name="age"
        label={t("safety:form.ageLabel")}
        hint={t("safety:form.ageHint")}
        inputMode="numeric"
        maxLength={3}
        short
        optional
      />
      <SelectField
        name="home_country"
        label={t("safety:form.homeCountryLabel")}
        empty={t("common:form.choose")}
        options={countries.map((country) => ({ value: country, label: countryName(country, code) }))}
        optional
      />
      <TextField name="home_city" label={t("safety:form.homeCityLabel")} maxLength={LIMITS.city} optional />
    </>
  );
}

/** Who may see it, with the second fact that "those who know" needs. */
export function VisibilityFields() {
  const t = useT();
  return (
    <>
      <ChoiceField
        name="visibility"
        legend={t("safety:form.visibilityLegend")}
        defaultValue="public"
        choices={VISIBILITIES.map((visibility) => ({
          value: visibility,
          label: t(`safety:visibility.${visibility}`),
          hint: t(`safety:visibilityHint.${visibility}`),
        }))}
      />
      <TextField
        name="birth_year"
        label={t("safety:form.birthYearLabel")}
        hint={t("safety:form.birthYearHint")}
        inputMode="numeric"
        maxLength={4}
        short
        optional
      />
    </>
  );
}
