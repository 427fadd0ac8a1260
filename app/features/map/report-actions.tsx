import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { ChoiceField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { VERDICTS } from "./confidence.ts";
import { FLAGS, REPORT_LIMITS } from "./reports.ts";

export interface SentForm {
  intent: string;
  answers: Answers;
  errors: FieldError[];
}

interface ActionsProps {
  sent: SentForm | undefined;
  guard: ReactNode;
}

/** One tap: is it still so? The one thing that makes a report worth more than a rumour. */
export function ConfirmForm({ sent, guard }: ActionsProps) {
  const t = useT();
  const errors = sent?.intent === "confirm" ? sent.errors : [];
  return (
    <section aria-labelledby="confirm-title">
      <h2 id="confirm-title">{t("map:confirm.title")}</h2>
      <p>{t("map:confirm.text")}</p>
      <PostForm id="confirm" intent="confirm" errors={errors}>
        {guard}
        <div className="row">
          {VERDICTS.map((verdict) => (
            <SendButton
              key={verdict}
              name="verdict"
              value={verdict}
              look={verdict === "still" ? "main" : "plain"}
              icon={verdict === "still" ? "check" : undefined}
            >
              {t(`map:verdict.${verdict}`)}
            </SendButton>
          ))}
        </div>
        <p className="hint">{t("map:confirm.hint")}</p>
      </PostForm>
    </section>
  );
}

/** "We are on it": by whom, so that nobody does it twice. */
export function TakePanel({ sent, guard }: ActionsProps) {
  const t = useT();
  const mine = sent?.intent === "take" ? sent : undefined;
  return (
    <DetailsPanel summary={t("map:take.title")} icon="person" open={mine !== undefined}>
      <PostForm id="take" intent="take" answers={mine?.answers} errors={mine?.errors}>
        <TextField
          name="author_name"
          label={t("map:take.nameLabel")}
          hint={t("map:take.nameHint")}
          maxLength={REPORT_LIMITS.name}
          autoComplete="organization"
        />
        {guard}
        <SendButton look="plain">{t("map:take.button")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}

/** Something about it should be looked at by staff. */
export function FlagPanel({ sent, guard }: ActionsProps) {
  const t = useT();
  const mine = sent?.intent === "flag" ? sent : undefined;
  return (
    <DetailsPanel summary={t("map:flag.title")} icon="alert" look="quiet" open={mine !== undefined}>
      <PostForm id="flag" intent="flag" answers={mine?.answers} errors={mine?.errors}>
        <ChoiceField
          name="reason"
          legend={t("map:flag.reasonLegend")}
          choices={FLAGS.map((reason) => ({ value: reason, label: t(`map:flag.${reason}`) }))}
        />
        <TextAreaField
          name="text"
          label={t("map:flag.textLabel")}
          hint={t("map:flag.textHint")}
          rows={2}
          maxLength={REPORT_LIMITS.text}
          optional
        />
        {guard}
        <SendButton look="plain">{t("map:flag.button")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}
