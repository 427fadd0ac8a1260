import { useT } from "../i18n/language-context.tsx";

/** A field that people never see; a program that fills in everything fills it in too. */
export function FormGuard({ field }: { field: string }) {
  const t = useT();
  return (
    <div className="vh" aria-hidden="true">
      <label htmlFor={`guard-${field}`}>{t("common:form.guardLabel")}</label>
      <input id={`guard-${field}`} name={field} tabIndex={-1} autoComplete="off" />
    </div>
  );
}
