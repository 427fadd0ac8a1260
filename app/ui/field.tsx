import type { HTMLAttributes, HTMLInputAutoCompleteAttribute, ReactNode } from "react";
import { useT } from "../i18n/language-context.tsx";
import { errorText } from "../i18n/translate.ts";
import { useField } from "./form.tsx";

/** Every kind of field: label above, hint under it, the error between hint and control, wired in one place. */

interface CommonProps {
  name: string;
  label: string;
  hint?: ReactNode;
  optional?: boolean;
}

interface TextFieldProps extends CommonProps {
  type?: "text" | "email" | "password" | "tel" | "search" | "date" | "datetime-local";
  defaultValue?: string;
  autoComplete?: HTMLInputAutoCompleteAttribute;
  inputMode?: HTMLAttributes<HTMLInputElement>["inputMode"];
  maxLength?: number;
  /** For answers of a few characters: a year, an age. */
  short?: boolean;
}

/** One line of text. */
export function TextField({ type = "text", defaultValue, short, maxLength, ...props }: TextFieldProps) {
  const field = useWiredField(props);
  return (
    <Framed {...props} field={field}>
      <input
        {...field.control}
        className={short ? "short" : undefined}
        type={type}
        dir={type === "text" || type === "search" ? "auto" : undefined}
        autoComplete={props.autoComplete}
        inputMode={props.inputMode}
        maxLength={maxLength}
        defaultValue={single(field.answer) ?? defaultValue}
      />
    </Framed>
  );
}

interface TextAreaFieldProps extends CommonProps {
  defaultValue?: string;
  rows?: number;
  maxLength?: number;
}

/** Several lines of text. */
export function TextAreaField({ defaultValue, rows, maxLength, ...props }: TextAreaFieldProps) {
  const field = useWiredField(props);
  return (
    <Framed {...props} field={field}>
      <textarea
        {...field.control}
        dir="auto"
        rows={rows}
        maxLength={maxLength}
        defaultValue={single(field.answer) ?? defaultValue}
      />
    </Framed>
  );
}

export interface Option {
  value: string;
  label: string;
}

interface SelectFieldProps extends CommonProps {
  options: readonly Option[];
  defaultValue?: string;
  /** The words of an empty first option; without it the first real option is chosen. */
  empty?: string;
}

/** One out of a long list. For up to six, show choices instead. */
export function SelectField({ options, defaultValue, empty, ...props }: SelectFieldProps) {
  const field = useWiredField(props);
  return (
    <Framed {...props} field={field}>
      <select {...field.control} defaultValue={single(field.answer) ?? defaultValue}>
        {empty === undefined ? null : <option value="">{empty}</option>}
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Framed>
  );
}

interface FileFieldProps extends CommonProps {
  accept?: string;
}

/** A photo or a file. Browsers forget the file when a form comes back, so we say that it must be chosen again. */
export function FileField({ accept, ...props }: FileFieldProps) {
  const t = useT();
  const field = useWiredField(props);
  const hint = field.formHasErrors ? (
    <>
      {props.hint} <b>{t("common:form.photoKeptHint")}</b>
    </>
  ) : (
    props.hint
  );
  return (
    <Framed {...props} hint={hint} field={field}>
      <input {...field.control} type="file" accept={accept} />
    </Framed>
  );
}

export interface Choice extends Option {
  hint?: string;
}

interface ChoiceFieldProps {
  name: string;
  legend: string;
  hint?: ReactNode;
  choices: readonly Choice[];
  /** Several may be chosen. */
  many?: boolean;
  /** Short words: two beside each other. */
  paired?: boolean;
  optional?: boolean;
  defaultValue?: string | readonly string[];
}

/** A few answers to tap on: one of them, or several with `many`. */
export function ChoiceField({
  name,
  legend,
  hint,
  choices,
  many,
  paired,
  optional,
  defaultValue,
}: ChoiceFieldProps) {
  const field = useWiredField({ name, hint });
  const chosen = list(field.answer ?? defaultValue);
  return (
    <fieldset
      className={field.error ? "field bad" : "field"}
      role={many ? undefined : "radiogroup"}
      aria-describedby={field.control["aria-describedby"]}
      aria-invalid={many ? undefined : field.control["aria-invalid"]}
    >
      <legend>
        {legend}
        <OptionalMark optional={optional} />
      </legend>
      <HintAndError field={field} hint={hint} />
      <div className={paired ? "pairs" : undefined}>
        {choices.map(({ value, label, hint: choiceHint }, index) => (
          <label key={value} className="choice">
            <input
              // The error summary leads to the first choice: it carries the id of the whole field.
              id={index === 0 ? field.control.id : undefined}
              type={many ? "checkbox" : "radio"}
              name={name}
              value={value}
              defaultChecked={chosen.includes(value)}
            />
            <span>
              {label}
              {choiceHint ? <small>{choiceHint}</small> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface CheckFieldProps {
  name: string;
  label: string;
  hint?: string;
  value?: string;
  defaultChecked?: boolean;
}

/** One box to tick. */
export function CheckField({ name, label, hint, value = "yes", defaultChecked }: CheckFieldProps) {
  const field = useWiredField({ name });
  return (
    <div className={field.error ? "field bad" : "field"}>
      <HintAndError field={field} />
      <label className="choice">
        <input
          {...field.control}
          type="checkbox"
          value={value}
          defaultChecked={field.answer === undefined ? defaultChecked : list(field.answer).includes(value)}
        />
        <span>
          {label}
          {hint ? <small>{hint}</small> : null}
        </span>
      </label>
    </div>
  );
}

type WiredField = ReturnType<typeof useWiredField>;

function useWiredField({ name, hint }: { name: string; hint?: ReactNode }) {
  const { id, answer, error, formHasErrors } = useField(name);
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    answer,
    error,
    formHasErrors,
    control: {
      id,
      name,
      "aria-describedby": described || undefined,
      "aria-invalid": error ? (true as const) : undefined,
    },
  };
}

function Framed({
  label,
  hint,
  optional,
  field,
  children,
}: {
  label: string;
  hint?: ReactNode;
  optional?: boolean;
  field: WiredField;
  children: ReactNode;
}) {
  return (
    <div className={field.error ? "field bad" : "field"}>
      <label htmlFor={field.control.id}>
        {label}
        <OptionalMark optional={optional} />
      </label>
      <HintAndError field={field} hint={hint} />
      {children}
    </div>
  );
}

function OptionalMark({ optional }: { optional?: boolean }) {
  const t = useT();
  return optional ? <span className="opt"> · {t("common:form.optional")}</span> : null;
}

function HintAndError({ field, hint }: { field: WiredField; hint?: ReactNode }) {
  const t = useT();
  const { id } = field.control;
  return (
    <>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {field.error ? (
        <p className="error" id={`${id}-error`}>
          <span className="vh">{t("common:form.errorPrefix")}</span>
          {errorText(t, field.error.token, field.error.values)}
        </p>
      ) : null}
    </>
  );
}

function single(answer: string | readonly string[] | null | undefined): string | undefined {
  const value = typeof answer === "string" ? answer : answer?.[0];
  return value ?? undefined;
}

function list(answer: string | readonly string[] | null | undefined): readonly string[] {
  if (answer == null) return [];
  return typeof answer === "string" ? [answer] : answer;
}
