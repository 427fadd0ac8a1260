import { countryName, number } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import type { Case } from "./cases.ts";

/** Cases as staff scan them: one a row, the newest first. */
export function CaseTable({ cases }: { cases: readonly Case[] }) {
  const t = useT();
  const { code } = useLanguage();
  return (
    // Wider than a phone: it scrolls by itself, by keyboard too.
    <div className="scroll" tabIndex={0} role="region" aria-label={t("cases:list.title")}>
      <table className="case-table">
        <thead>
          <tr>
            <th scope="col">{t("cases:column.opened")}</th>
            <th scope="col">{t("cases:column.country")}</th>
            <th scope="col">{t("cases:column.what")}</th>
            <th scope="col">{t("cases:column.programme")}</th>
            <th scope="col" className="number">
              {t("cases:column.persons")}
            </th>
            <th scope="col">{t("cases:column.outcome")}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <tr key={one.id}>
              <td className="nb">{one.opened_on}</td>
              <td>{countryName(one.country, code)}</td>
              <th scope="row">
                <a href={paths.moderationCase(one.id)}>{t(`cases:subtype.${one.subtype}`)}</a>
                <small>
                  {t(`cases:type.${one.type}`)}
                  {one.invented ? ` · ${t("cases:list.invented")}` : null}
                </small>
              </th>
              <td>{t(`cases:programme.${one.programme}`)}</td>
              <td className="number">{number(one.persons, code)}</td>
              <td>{t(`cases:outcome.${one.outcome}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
