import type { ReactNode } from "react";
import { createContext, useContext } from "react";
import { useT } from "../i18n/language-context.tsx";
import type { MessageValues } from "../i18n/translate.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Icon } from "./icons.tsx";

/** One thing to change. `field` is the name of the field, or null (or empty) when it is about the whole form. */
export interface FieldError {
  field: string | null;
  token: string;
  values?: MessageValues;
}

/** What was typed, by field name: the page gives all of it back. */
export type Answers = Readonly<Record<string, string | readonly string[] | null | undefined>>;

interface FormContents {
  id: string;
  answers: Answers;
  errors: readonly FieldError[];
}

const FormContext = createContext<FormContents>({ id: "form", answers: {}, errors: [] });

interface PostFormProps {
  /** Unique on the page: the ids of the fields begin with it. */
  id: string;
  children: ReactNode;
  intent?: string;
  hidden?: Readonly<Record<string, string>>;
  answers?: Answers | null;
  errors?: readonly FieldError[] | null;
  /** The form carries a photo. */
  withFile?: boolean;
  /** Keeps what was typed on this device until it is sent (needs the optional script). Never e-mail or telephone. */
  draft?: boolean;
  className?: string;
}

/** A form that is sent without script. Its fields find their own error and their own answer, so none can forget. */
export function PostForm({
  id,
  children,
  intent,
  hidden,
  answers,
  errors,
  withFile,
  draft,
  className,
}: PostFormProps) {
  const t = useT();
  const contents = { id, answers: answers ?? {}, errors: errors ?? [] };
  return (
    <FormContext.Provider value={contents}>
      <ErrorSummary id={summaryId(id)} form={id} errors={contents.errors} />
      {/* The browser's own bubbles speak its language, not the page's, and vanish: our words stay. */}
      <form
        id={id}
        className={className}
        method="post"
        // Sent back, the page opens at what to change, wherever on it the form stands.
        action={`#${summaryId(id)}`}
        encType={withFile ? "multipart/form-data" : undefined}
        noValidate
        data-sending={t("common:action.sending")}
        data-draft={draft ? id : undefined}
        data-answered={contents.errors.length > 0 ? "" : undefined}
      >
        {intent ? <input type="hidden" name="intent" value={intent} /> : null}
        {Object.entries(hidden ?? {}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {draft ? (
          <p className="notice" data-draft-note="" hidden>
            {t("common:action.draftKept")}{" "}
            <button type="button" className="plain">
              {t("common:action.draftClear")}
            </button>
          </p>
        ) : null}
        {children}
      </form>
    </FormContext.Provider>
  );
}

interface GetFormProps {
  id: string;
  children: ReactNode;
  action: string;
  answers?: Answers | null;
  errors?: readonly FieldError[] | null;
  hidden?: Readonly<Record<string, string | null | undefined>>;
  className?: string;
  /** It looks for something: announced as a search landmark. */
  search?: boolean;
}

/** A form whose answers go into the address, so that the result can be shared and reloaded. */
export function GetForm({ id, children, action, answers, errors, hidden, className, search }: GetFormProps) {
  return (
    <FormContext.Provider value={{ id, answers: answers ?? {}, errors: errors ?? [] }}>
      <form
        id={id}
        className={className}
        method="get"
        action={action}
        role={search ? "search" : undefined}
        noValidate
      >
        {Object.entries(hidden ?? {}).map(([name, value]) =>
          value ? <input key={name} type="hidden" name={name} value={value} /> : null,
        )}
        {children}
      </form>
    </FormContext.Provider>
  );
}

/** What a field needs to know about the form it stands in. */
export function useField(name: string): {
  id: string;
  answer: string | readonly string[] | null | undefined;
  error: FieldError | null;
  formHasErrors: boolean;
} {
  const { id, answers, errors } = useContext(FormContext);
  return {
    id: fieldId(id, name),
    answer: Object.hasOwn(answers, name) ? answers[name] : undefined,
    error: errors.find(({ field }) => field === name) ?? null,
    formHasErrors: errors.length > 0,
  };
}

/** The id of a field, for a link that leads to it. */
export function fieldId(form: string, name: string): string {
  return `${form}-${name}`;
}

function summaryId(form: string): string {
  return `${form}-summary`;
}

/** Fills two fields with the position of this device. Appears only when the optional script runs. */
export function LocateButton({ lat = "lat", lon = "lon" }: { lat?: string; lon?: string }) {
  const t = useT();
  const { id } = useContext(FormContext);
  return (
    <p data-locate={`${fieldId(id, lat)} ${fieldId(id, lon)}`} hidden>
      <button
        type="button"
        className="plain"
        data-busy={t("common:action.locating")}
        data-done={t("common:action.located")}
        data-failed={t("common:action.locateFailed")}
      >
        <Icon name="place" />
        <span>{t("common:action.locate")}</span>
      </button>{" "}
      <span role="status" />
    </p>
  );
}
