import { useT } from "../i18n/language-context.tsx";
import { errorText } from "../i18n/translate.ts";
import type { FieldError } from "./form.tsx";
import { fieldId } from "./form.tsx";

interface ErrorSummaryProps {
  id: string;
  /** The id of the form the errors belong to. */
  form: string;
  errors: readonly FieldError[];
}

/** What to change, each with a way to its field. The page opens here, so that nobody hunts for what went wrong. */
export function ErrorSummary({ id, form, errors }: ErrorSummaryProps) {
  const t = useT();
  if (errors.length === 0) return null;
  const aboutFields = errors.some(({ field }) => field);
  return (
    <div className="summary" id={id} role="alert" tabIndex={-1} autoFocus aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{aboutFields ? summaryTitle(t, errors) : t("common:form.otherProblem")}</h2>
      <ul className="list">
        {errors.map(({ field, token, values }) => (
          <li key={`${field} ${token}`}>
            {field ? (
              <a href={`#${fieldId(form, field)}`}>{errorText(t, token, values)}</a>
            ) : (
              errorText(t, token, values)
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function summaryTitle(t: ReturnType<typeof useT>, errors: readonly FieldError[]): string {
  const onlyMissing = errors.length === 1 && errors[0]?.token.endsWith("_required");
  return onlyMissing ? t("common:form.oneProblem") : t("common:form.problems", { count: errors.length });
}
