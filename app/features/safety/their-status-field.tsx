import { useT } from "../../i18n/language-context.tsx";
import type { Translate } from "../../i18n/translate.ts";
import { ChoiceField, type Choice } from "../../ui/field.tsx";
import type { NoteStatus } from "./persons.ts";

interface TheirStatusFieldProps {
  legend: string;
  /** What may be said here, in this order. */
  statuses: readonly NoteStatus[];
  optional?: boolean;
}

/** How somebody else is, as far as the writer knows. */
export function TheirStatusField({ legend, statuses, optional }: TheirStatusFieldProps) {
  const t = useT();
  return (
    <ChoiceField
      name="status"
      legend={legend}
      optional={optional}
      choices={statuses.map((status) => choiceOf(t, status))}
    />
  );
}

function choiceOf(t: Translate, status: NoteStatus): Choice {
  switch (status) {
    case "believed_alive":
      return { value: status, label: t("safety:form.statusAlive"), hint: t("safety:form.statusAliveHint") };
    case "believed_missing":
      return {
        value: status,
        label: t("safety:form.statusMissing"),
        hint: t("safety:form.statusMissingHint"),
      };
    case "believed_dead":
      return { value: status, label: t("safety:form.statusDead"), hint: t("safety:form.statusDeadHint") };
    case "information_sought":
      return { value: status, label: t("safety:form.statusSought") };
    case "is_note_author":
      return { value: status, label: t("safety:addNote.statusMe"), hint: t("safety:addNote.statusMeHint") };
  }
}
