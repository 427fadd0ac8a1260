import { languages } from "../../i18n/languages.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { SelectField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { countryOptions } from "./case-form.tsx";
import { CASE_TYPES, PROGRAMMES, REGIONS } from "./cases.ts";
import { STORY_AGES, STORY_LANGUAGES, STORY_LIMITS } from "./stories.ts";

interface StoryFormProps {
  answers: Answers;
  errors: readonly FieldError[];
  hidden?: Readonly<Record<string, string>>;
}

/** A story as an officer writes it: the text, the lesson, and how much of the case is told. */
export function StoryForm({ answers, errors, hidden }: StoryFormProps) {
  const t = useT();
  const { code } = useLanguage();
  return (
    <PostForm id="story" intent="save" answers={answers} errors={errors} hidden={hidden}>
      <TextField name="title" label={t("stories:staff.titleLabel")} maxLength={STORY_LIMITS.title} />
      <SelectField
        name="language"
        label={t("stories:staff.languageLabel")}
        options={STORY_LANGUAGES.map((value) => ({
          value,
          label: languages.find((language) => language.code === value)?.name ?? value,
        }))}
      />
      <TextAreaField
        name="account"
        label={t("stories:staff.accountLabel")}
        hint={t("stories:staff.accountHint")}
        rows={10}
        maxLength={STORY_LIMITS.account}
      />
      <TextAreaField
        name="lesson"
        label={t("stories:staff.lessonLabel")}
        rows={4}
        maxLength={STORY_LIMITS.lesson}
      />
      <TextAreaField
        name="checklist"
        label={t("stories:staff.checklistLabel")}
        hint={t("stories:staff.checklistHint")}
        rows={4}
        optional
      />
      <h2>{t("stories:staff.factsTitle")}</h2>
      <div className="case-parties field">
        <TextField
          name="quarter"
          label={t("stories:staff.quarterLabel")}
          hint={t("stories:staff.quarterHint")}
          maxLength={7}
        />
        <SelectField
          name="country"
          label={t("stories:staff.countryLabel")}
          empty={t("stories:staff.countryEmpty")}
          options={countryOptions(code)}
        />
        <SelectField
          name="region"
          label={t("stories:staff.regionLabel")}
          hint={t("stories:staff.regionHint")}
          empty={t("common:form.choose")}
          options={REGIONS.map((value) => ({ value, label: t(`cases:region.${value}`) }))}
        />
        <SelectField
          name="type"
          label={t("cases:column.what")}
          empty={t("stories:staff.anyType")}
          options={CASE_TYPES.map((value) => ({ value, label: t(`cases:type.${value}`) }))}
        />
        <SelectField
          name="programme"
          label={t("cases:form.programmeLabel")}
          empty={t("stories:staff.anyProgramme")}
          options={PROGRAMMES.map((value) => ({ value, label: t(`cases:programme.${value}`) }))}
        />
        <SelectField
          name="age_band"
          label={t("cases:form.ageLabel")}
          empty={t("stories:staff.anyAge")}
          options={STORY_AGES.map((value) => ({ value, label: t(`cases:age.${value}`) }))}
        />
      </div>
      <p className="hint">{t("stories:staff.saveHint")}</p>
      <SendButton>{t("stories:staff.save")}</SendButton>
    </PostForm>
  );
}
