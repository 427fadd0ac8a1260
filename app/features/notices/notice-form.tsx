import { useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { ChoiceField, SelectField, TextAreaField, TextField, type Option } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { NOTICE_LIMITS, SOURCE_KINDS } from "./notices.ts";

interface NoticeFormProps {
  answers: Answers;
  errors: readonly FieldError[];
  events: readonly Option[];
  /** The version that the officer saw, when an existing notice is changed. */
  version?: number;
}

/** Everything a notice has, word by word from its original. */
export function NoticeForm({ answers, errors, events, version }: NoticeFormProps) {
  const t = useT();
  return (
    <PostForm
      id="notice"
      intent="save"
      answers={answers}
      errors={errors}
      hidden={version === undefined ? {} : { version: String(version) }}
    >
      <TextField
        name="source_name"
        label={t("notices:staff.sourceName")}
        hint={t("notices:staff.sourceNameHint")}
        maxLength={NOTICE_LIMITS.source}
      />
      <SelectField
        name="source_kind"
        label={t("notices:staff.sourceKind")}
        options={SOURCE_KINDS.map((kind) => ({ value: kind, label: t(`notices:sourceKind.${kind}`) }))}
      />
      <TextField
        name="url"
        label={t("notices:staff.url")}
        inputMode="url"
        optional
        maxLength={NOTICE_LIMITS.url}
      />
      <TextField name="title" label={t("notices:staff.noticeTitle")} maxLength={NOTICE_LIMITS.title} />
      <TextField
        name="level"
        label={t("notices:staff.level")}
        hint={t("notices:staff.levelHint")}
        optional
        maxLength={NOTICE_LIMITS.level}
      />
      <TextAreaField name="text" label={t("notices:staff.text")} rows={6} optional />
      <TextField
        name="language"
        label={t("notices:staff.languageField")}
        hint={t("notices:staff.languageHint")}
        short
        maxLength={35}
      />
      <TextField
        name="country"
        label={t("notices:staff.countryField")}
        hint={t("notices:staff.countryHint")}
        short
        optional
        maxLength={2}
      />
      <TextField name="area" label={t("notices:staff.areaField")} optional maxLength={NOTICE_LIMITS.area} />
      <SelectField
        name="event"
        label={t("notices:staff.eventField")}
        empty={t("notices:staff.noEvent")}
        options={events}
        optional
      />
      <TextField
        name="published_at"
        type="datetime-local"
        label={t("notices:staff.publishedAt")}
        hint={t("notices:staff.publishedAtHint")}
      />
      <TextField
        name="expires_at"
        type="datetime-local"
        label={t("notices:staff.expiresAt")}
        hint={t("notices:staff.publishedAtHint")}
        optional
      />
      <ChoiceField
        name="ended"
        legend={t("notices:staff.endedField")}
        many
        optional
        choices={[{ value: "yes", label: t("notices:notice.ended") }]}
      />
      <SendButton>{t("notices:staff.save")}</SendButton>
    </PostForm>
  );
}
