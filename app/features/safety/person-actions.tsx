import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { ChoiceField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { LIMITS, OBJECTIONS, type Person } from "./persons.ts";
import { TheirStatusField } from "./their-status-field.tsx";

/** What was sent by one of the forms of the page and has to be changed; null for the others. */
export interface SentForm {
  intent: string;
  answers: Answers;
  errors: readonly FieldError[];
}

interface ActionProps {
  person: Person;
  sent: SentForm | null;
  guard: ReactNode;
}

const of = (sent: SentForm | null, intent: string) => (sent?.intent === intent ? sent : null);

/** Adds what a visitor knows. */
export function AddNotePanel({ sent, guard, question }: ActionProps & { question?: ReactNode }) {
  const t = useT();
  const mine = of(sent, "note");
  return (
    <DetailsPanel id="note" look="main" summary={t("safety:person.actionNote")} open={mine !== null}>
      <PostForm id="add-note" intent="note" answers={mine?.answers} errors={mine?.errors}>
        {mine ? question : null}
        <TheirStatusField
          legend={t("safety:addNote.statusLegend")}
          statuses={[
            "believed_alive",
            "believed_missing",
            "information_sought",
            "is_note_author",
            "believed_dead",
          ]}
          optional
        />
        <TextAreaField
          name="text"
          label={t("safety:form.textLabelInforming")}
          hint={t("safety:form.textHintInforming")}
          rows={3}
          maxLength={LIMITS.text}
        />
        <TextField
          name="last_known_location"
          label={t("safety:form.placeLabelOther")}
          hint={t("safety:form.placeHint")}
          optional
        />
        <ChoiceField
          name="author_made_contact"
          legend={t("safety:addNote.contactLegend")}
          optional
          choices={[
            { value: "yes", label: t("safety:addNote.contactYes") },
            { value: "no", label: t("safety:addNote.contactNo") },
          ]}
        />
        <TextField
          name="author_name"
          label={t("safety:form.authorNameLabel")}
          hint={t("safety:addNote.authorNameHint")}
          autoComplete="name"
          optional
        />
        <TextField
          name="author_email"
          type="email"
          label={t("safety:form.authorEmailLabel")}
          hint={t("safety:addNote.authorEmailHint")}
          autoComplete="email"
          optional
        />
        {guard}
        <SendButton>{t("safety:addNote.sendButton")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}

/** Passes a message on; nobody sees an address. */
export function RelayPanel({ person, sent, guard }: ActionProps) {
  const t = useT();
  const mine = of(sent, "relay");
  if (person.is_clone) return null;
  return (
    <DetailsPanel id="relay" look="plain" summary={t("safety:person.actionRelay")} open={mine !== null}>
      <PostForm id="relay-form" intent="relay" answers={mine?.answers} errors={mine?.errors}>
        <p className="hint">{t("safety:relay.lede")}</p>
        <TextAreaField
          name="text"
          label={t("safety:relay.messageLabel")}
          hint={t("safety:relay.messageHint")}
          rows={3}
          maxLength={LIMITS.text}
        />
        <TextField name="author_name" label={t("safety:form.authorNameLabel")} autoComplete="name" />
        <TextField
          name="author_email"
          type="email"
          label={t("safety:form.authorEmailLabel")}
          hint={t("safety:relay.emailHint")}
          autoComplete="email"
          optional
        />
        {guard}
        <SendButton>{t("safety:relay.sendButton")}</SendButton>
        <p className="meta">{t("safety:relay.scamNote")}</p>
      </PostForm>
    </DetailsPanel>
  );
}

/** Asks to be told of news. */
export function FollowPanel({ sent, guard }: ActionProps) {
  const t = useT();
  const mine = of(sent, "follow");
  return (
    <DetailsPanel id="follow" look="plain" summary={t("safety:person.actionFollow")} open={mine !== null}>
      <PostForm id="follow-form" intent="follow" answers={mine?.answers} errors={mine?.errors}>
        <p className="hint">{t("safety:follow.lede")}</p>
        <TextField name="email" type="email" label={t("safety:form.authorEmailLabel")} autoComplete="email" />
        {guard}
        <SendButton>{t("safety:follow.sendButton")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}

/** "This is me", "not missing", "remove this", or something is wrong. */
export function ReportPanel({ sent, guard }: ActionProps) {
  const t = useT();
  const mine = of(sent, "report");
  return (
    <DetailsPanel id="report" look="quiet" summary={t("safety:report.title")} open={mine !== null}>
      <PostForm id="report-form" intent="report" answers={mine?.answers} errors={mine?.errors}>
        <p className="hint">{t("safety:report.lede")}</p>
        <ChoiceField
          name="reason"
          legend={t("safety:report.reasonLegend")}
          choices={OBJECTIONS.map((reason) => ({ value: reason, label: t(`safety:objection.${reason}`) }))}
        />
        <TextAreaField
          name="text"
          label={t("safety:report.textLabel")}
          hint={t("safety:report.textHint")}
          rows={3}
          optional
        />
        {guard}
        <SendButton>{t("safety:report.sendButton")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}

/** Says that another record is the same person. */
export function LinkPanel({ person, sent, guard }: ActionProps) {
  const t = useT();
  const mine = of(sent, "link");
  if (person.visibility !== "public") return null;
  return (
    <DetailsPanel id="link" look="quiet" summary={t("safety:duplicates.linkTitle")} open={mine !== null}>
      <PostForm id="link-form" intent="link" answers={mine?.answers} errors={mine?.errors}>
        <p className="hint">{t("safety:duplicates.linkLede")}</p>
        <TextField name="other" label={t("safety:duplicates.linkIdLabel")} />
        <TextAreaField name="text" label={t("safety:duplicates.linkReasonLabel")} rows={2} />
        {guard}
        <SendButton>{t("safety:duplicates.linkButton")}</SendButton>
      </PostForm>
    </DetailsPanel>
  );
}
