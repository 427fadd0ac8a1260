import type { ReactNode } from "react";
import {
  PASSABLE,
  REPORT_KINDS,
  REPORT_SEVERITIES,
  ROAD_DIRECTIONS,
  ROAD_STATES,
  type ReportKind,
} from "../../formats/report-record.ts";
import { dateTime, taipei } from "../../i18n/format.ts";
import { useLanguage, useNow, useT } from "../../i18n/language-context.tsx";
import { errorText } from "../../i18n/translate.ts";
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
import { PostForm, useField, type Answers, type FieldError } from "../../ui/form.tsx";
import { KindIcon } from "./kind-icons.tsx";
import { REPORT_LIMITS, ROAD_KINDS } from "./reports.ts";

/** Kinds of which there is either some, or too little. */
const SUPPLY_KINDS: ReadonlySet<ReportKind> = new Set([
  "shelter",
  "water",
  "food",
  "medical",
  "power",
  "communications",
  "transport",
]);

interface ReportFormProps {
  events: readonly { value: string; label: string }[];
  answers: Answers;
  errors: readonly FieldError[];
  hidden: Readonly<Record<string, string>>;
  guard: ReactNode;
  /** Goes first: what is asked when the form comes back without a fault. */
  question?: ReactNode;
  /** The map to draw on; the text beneath it says the same. */
  map: ReactNode;
  /** The zone of the event's clocks, if it has one. */
  timeZone: string | null;
  /** Another report near which this one is. */
  near: { id: string; title: string } | null;
  /** Something was asked that a tick answers: a place outside the event, a time before it. */
  asksIfSure: boolean;
}

/** What somebody saw, in the order they think of it: what, where, how bad; the rest for who has time. */
export function ReportForm(props: ReportFormProps) {
  const { events, answers, errors, hidden, guard, question, map, timeZone, near, asksIfSure } = props;
  const t = useT();
  const { code } = useLanguage();
  const now = useNow();
  const opens = (...names: string[]) =>
    names.some((name) => errors.some(({ field }) => field === name) || Boolean(answers[name]));
  const clocks = [taipei, ...(timeZone && timeZone !== taipei ? [timeZone] : [])]
    .reverse()
    .map((zone) => dateTime(now, zone, code, now))
    .join(t("common:punctuation.separator"));
  return (
    <PostForm id="report" hidden={hidden} answers={answers} errors={errors} withFile draft>
      {question}
      <KindField />
      <h2>{t("map:form.whereTitle")}</h2>
      {near ? (
        <p className="notice">
          {t("map:form.nearOther")}
          {t("common:punctuation.colon")}
          <bdi>{near.title}</bdi>
          <input type="hidden" name="near" value={near.id} />
        </p>
      ) : null}
      {map}
      <TextAreaField
        name="coordinates"
        label={t("map:form.coordinatesLabel")}
        hint={t("map:form.coordinatesHint")}
        rows={2}
        optional
      />
      {asksIfSure ? (
        <CheckField name="sure" label={t("map:form.sureLabel")} hint={t("map:form.sureHint")} />
      ) : null}
      <div className="pairs">
        <TextField name="road" label={t("map:form.roadLabel")} maxLength={REPORT_LIMITS.line} optional />
        <TextField name="place" label={t("map:form.placeLabel")} maxLength={REPORT_LIMITS.line} optional />
      </div>
      <p className="hint">{t("map:form.placeHint")}</p>
      <RoadFields opens={opens("width_limit_m", "weight_limit_t", "bypass", "cause", "direction")} />
      <SupplyFields />
      <SeverityField />
      <TextAreaField
        name="text"
        label={t("map:form.textLabel")}
        hint={t("map:form.textHint")}
        rows={3}
        maxLength={REPORT_LIMITS.text}
        optional
      />
      <TextField
        name="observed_at"
        type="datetime-local"
        label={t("map:form.observedLabel")}
        hint={`${t("map:form.observedHint")} ${t("map:form.clocks", { clocks })}`}
        optional
      />
      <DetailsPanel
        icon="person"
        summary={t("map:form.moreTitle")}
        open={opens("source_url", "author_name", "author_email", "author_phone", "photo", "expiry_days")}
      >
        <FileField
          name="photo"
          label={t("map:form.photoLabel")}
          hint={t("map:form.photoHint")}
          accept="image/jpeg,image/png,image/webp"
          optional
        />
        <TextField
          name="source_url"
          label={t("map:form.sourceLabel")}
          hint={t("map:form.sourceHint")}
          inputMode="url"
          optional
        />
        <AuthorFields />
        <ExpiryField />
      </DetailsPanel>
      <SelectField name="event" label={t("map:form.eventLabel")} options={events} />
      {guard}
      <SendButton>{t("map:form.send")}</SendButton>
      <p className="hint">{t("map:form.sendHint")}</p>
    </PostForm>
  );
}

/** All kinds at once, each with its drawing: one tap says what it is about. */
export function KindField() {
  const t = useT();
  const { id, answer, error } = useField("kind");
  return (
    <fieldset
      className={error ? "field kinds bad" : "field kinds"}
      role="radiogroup"
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? `${id}-error` : undefined}
    >
      <legend>{t("map:form.kindLegend")}</legend>
      {error ? (
        <p className="error" id={`${id}-error`}>
          <span className="vh">{t("common:form.errorPrefix")}</span>
          {errorText(t, error.token, error.values)}
        </p>
      ) : null}
      <div>
        {REPORT_KINDS.map((kind, index) => (
          <label key={kind} className="choice">
            <input
              id={index === 0 ? id : undefined}
              type="radio"
              name="kind"
              value={kind}
              defaultChecked={answer === kind}
              data-road={ROAD_KINDS.has(kind) ? "" : undefined}
              data-needs={SUPPLY_KINDS.has(kind) ? "" : undefined}
            />
            <KindIcon kind={kind} />
            <span>{t(`map:kind.${kind}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** How the road is and what passes: asked only where there is a road. */
export function RoadFields({ opens }: { opens: boolean }) {
  const t = useT();
  return (
    <div className="if-road">
      <ChoiceField
        name="state"
        legend={t("map:form.stateLegend")}
        optional
        paired
        choices={ROAD_STATES.map((state) => ({ value: state, label: t(`map:state.${state}`) }))}
      />
      <SelectField
        name="passable"
        label={t("map:form.passableLabel")}
        hint={t("map:form.passableHint")}
        empty={t("map:form.notKnown")}
        options={PASSABLE.map((passable) => ({ value: passable, label: t(`map:passable.${passable}`) }))}
        optional
      />
      <DetailsPanel summary={t("map:form.roadTitle")} open={opens}>
        <div className="pairs">
          <TextField
            name="width_limit_m"
            label={t("map:form.widthLabel")}
            inputMode="decimal"
            maxLength={6}
            optional
          />
          <TextField
            name="weight_limit_t"
            label={t("map:form.weightLabel")}
            inputMode="decimal"
            maxLength={6}
            optional
          />
        </div>
        <SelectField
          name="direction"
          label={t("map:form.directionLabel")}
          hint={t("map:form.directionHint")}
          options={ROAD_DIRECTIONS.map((direction) => ({
            value: direction,
            label: t(`map:direction.${direction}`),
          }))}
        />
        <TextField name="cause" label={t("map:form.causeLabel")} maxLength={REPORT_LIMITS.line} optional />
        <TextAreaField
          name="bypass"
          label={t("map:form.bypassLabel")}
          hint={t("map:form.bypassHint")}
          rows={2}
          maxLength={REPORT_LIMITS.text}
          optional
        />
      </DetailsPanel>
    </div>
  );
}

/** Whether there is some or too little of it, and whether the place is for everybody to know. */
export function SupplyFields() {
  const t = useT();
  return (
    <div className="if-supply">
      <ChoiceField
        name="needed"
        legend={t("map:form.neededLegend")}
        hint={t("map:form.neededHint")}
        defaultValue="no"
        paired
        choices={[
          { value: "no", label: t("map:form.thereIs") },
          { value: "yes", label: t("map:form.thereIsNot") },
        ]}
      />
      <CheckField name="private" label={t("map:form.privateLabel")} hint={t("map:form.privateHint")} />
    </div>
  );
}

/** How bad it is. */
export function SeverityField() {
  const t = useT();
  return (
    <SelectField
      name="severity"
      label={t("map:form.severityLabel")}
      empty={t("map:form.notKnown")}
      options={REPORT_SEVERITIES.filter((severity) => severity !== "unknown").map((severity) => ({
        value: severity,
        label: t(`map:severity.${severity}`),
      }))}
      optional
    />
  );
}

/** Who reports, for staff alone. */
export function AuthorFields() {
  const t = useT();
  return (
    <>
      <p className="hint">{t("map:form.authorHint")}</p>
      <TextField
        name="author_name"
        label={t("map:form.authorNameLabel")}
        maxLength={REPORT_LIMITS.name}
        autoComplete="name"
        optional
      />
      <TextField
        name="author_email"
        type="email"
        label={t("map:form.authorEmailLabel")}
        autoComplete="email"
        optional
      />
      <TextField
        name="author_phone"
        type="tel"
        label={t("map:form.authorPhoneLabel")}
        autoComplete="tel"
        optional
      />
    </>
  );
}

/** For how many days it stays. */
export function ExpiryField() {
  const t = useT();
  return (
    <SelectField
      name="expiry_days"
      label={t("map:form.expiryLabel")}
      empty={t("map:form.expiryDefault")}
      options={[1, 3, 7, 14, 60, 90].map((count) => ({
        value: String(count),
        label: t("map:form.expiryDays", { count }),
      }))}
      optional
    />
  );
}
