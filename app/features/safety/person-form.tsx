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
import { TheirStatusField } from "./their-status-field.tsx";

interface PersonFormProps {
  as: PostedAs;
  events: readonly { value: string; label: string }[];
  answers: Answers;
  errors: readonly FieldError[];
  hidden: Readonly<Record<string, string>>;
  /** Goes first: what is asked when the form comes back without a fault. */
  question?: ReactNode;
  /** Goes above the send button: the field for nobody. */
  guard: ReactNode;
  /** Whom to call, shown to whoever needs help. */
  hotline: ReactNode;
}

const hasAnswer = (answers: Answers, names: readonly string[]) => names.some((name) => answers[name]);
const hasError = (errors: readonly FieldError[], names: readonly string[]) =>
  errors.some((error) => error.field !== null && names.includes(error.field));

/** Posting about oneself, about somebody one looks for, or about somebody one knows of: what matters first, the rest behind a tap. */
export function PersonForm({
  as,
  events,
  answers,
  errors,
  hidden,
  question,
  guard,
  hotline,
}: PersonFormProps) {
  const t = useT();
  const me = as === "me";
  const opens = (...names: string[]) => hasAnswer(answers, names) || hasError(errors, names);
  const only = events.length === 1 ? events[0] : undefined;
  return (
    <PostForm
      id="person"
      answers={answers}
      errors={errors}
      hidden={{ as, ...(only ? { event: only.value } : {}), ...hidden }}
      withFile
      draft
    >
      {question}
      {me ? <MyStatus hotline={hotline} /> : null}
      {as === "informing" ? (
        <TheirStatusField
          legend={t("safety:form.statusOtherLegend")}
          statuses={["believed_alive", "believed_missing", "believed_dead"]}
        />
      ) : null}
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
        rows={1}
        optional
      />
      <TextAreaField
        name="text"
        label={t(words[as].textLabel)}
        hint={t(words[as].textHint)}
        rows={3}
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
      {only ? null : (
        <SelectField
          name="event"
          label={t("safety:form.eventLabel")}
          hint={t("safety:form.eventHint")}
          options={events}
        />
      )}
      <DetailsPanel
        summary={t("safety:form.positionTitle")}
        icon="place"
        open={opens("lat", "lon", "precise")}
      >
        <PositionFields />
        <CheckField
          name="precise"
          label={t("safety:form.preciseLabel")}
          hint={t("safety:form.preciseHint")}
        />
      </DetailsPanel>
      <DetailsPanel
        summary={t(me ? "safety:form.aboutTitleMe" : "safety:form.aboutTitle")}
        icon="person"
        open={opens("sex", "age", "home_country", "home_city", "photo")}
      >
        <AboutFields />
        <FileField
          name="photo"
          label={t("safety:form.photoLabel")}
          hint={`${t("safety:form.photoHint")} ${t("safety:form.photoMinor")}`}
          accept="image/jpeg,image/png,image/webp"
          optional
        />
      </DetailsPanel>
      <h2>{t(me ? "safety:form.authorTitleMe" : "safety:form.authorTitle")}</h2>
      {me ? null : (
        <TextField
          name="author_name"
          label={t("safety:form.authorNameLabel")}
          hint={t("safety:addNote.authorNameHint")}
          autoComplete="name"
          optional
        />
      )}
      <ContactFields />
      <VisibilityFields me={me} />
      <DetailsPanel summary={t("safety:form.expiryLabel")} icon="clock" open={opens("expiry_days")}>
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
      </DetailsPanel>
      <CheckField
        name="consent"
        label={t(me ? "safety:form.consentLabelMe" : "safety:form.consentLabelOther")}
        hint={t("safety:form.consentHint")}
      />
      {guard}
      <SendButton>{me ? <SendMe /> : t(words[as].send)}</SendButton>
    </PostForm>
  );
}

const words = {
  me: {
    textLabel: "safety:form.textLabelMe",
    textHint: "safety:form.textHintMe",
    send: "safety:form.sendMe",
  },
  seeking: {
    textLabel: "safety:form.textLabelSeeking",
    textHint: "safety:form.textHintSeeking",
    send: "safety:form.sendSeeking",
  },
  informing: {
    textLabel: "safety:form.textLabelInforming",
    textHint: "safety:form.textHintInforming",
    send: "safety:form.sendInforming",
  },
} as const;

// The button says what is sent; the stylesheet shows the one that fits what is chosen.
function SendMe() {
  const t = useT();
  return (
    <span className="says">
      <span className="any">{t("safety:form.sendMe")}</span>
      <span className="any-safe">{t("safety:form.sendSafe")}</span>
      <span className="any-help">{t("safety:form.sendHelp")}</span>
    </span>
  );
}

function MyStatus({ hotline }: { hotline: ReactNode }) {
  return (
    <>
      <OwnStatusField defaultValue="safe" />
      <div className="if-help">
        <NeedFields />
        {hotline}
      </div>
    </>
  );
}

/** How the author is. */
export function OwnStatusField({ defaultValue }: { defaultValue?: "safe" }) {
  const t = useT();
  return (
    <ChoiceField
      name="status"
      legend={t("safety:form.statusMeLegend")}
      defaultValue={defaultValue}
      optional={!defaultValue}
      choices={[
        { value: "safe", label: t("safety:form.statusSafe"), hint: t("safety:form.statusSafeHint") },
        { value: "help", label: t("safety:form.statusHelp"), hint: t("safety:form.statusHelpHint") },
      ]}
    />
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
      paired
      choices={NEEDS.map((need) => ({ value: need, label: t(`safety:need.${need}`) }))}
    />
  );
}

/** Where exactly, in degrees. */
export function PositionFields() {
  const t = useT();
  return (
    <>
      <p className="hint">{t("safety:form.positionHint")}</p>
      <LocateButton />
      <div className="pairs">
        <TextField name="lat" label={t("safety:form.latLabel")} inputMode="text" />
        <TextField name="lon" label={t("safety:form.lonLabel")} inputMode="text" />
      </div>
    </>
  );
}

/** How staff, and through the site others, reach the author. */
export function ContactFields() {
  const t = useT();
  return (
    <>
      <p className="hint">{t("safety:form.authorHint")}</p>
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
    </>
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
export function VisibilityFields({ me }: { me: boolean }) {
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
      <div className="if-known follows">
        <TextField
          name="birth_year"
          label={t(me ? "safety:form.birthYearLabelMe" : "safety:form.birthYearLabel")}
          hint={t("safety:form.birthYearHint")}
          inputMode="numeric"
          maxLength={4}
          short
        />
      </div>
    </>
  );
}
