import { number } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import type { Translate } from "../../i18n/translate.ts";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import type { Procedures } from "./numbers.server.ts";
import type { ReactNode } from "react";

const DECISIONS = [
  "accept", "needs_information", "duplicate", "hide", "mask", "escalate", "verified", "unverifiable", "false", "corrected",
  "adopted", "withdrawn", "restore", "uphold",
] as const; // prettier-ignore
const KINDS = [
  "needs_help", "death_report", "objection", "photo_of_minor", "looks_automatic", "report", "new", "flagged", "held",
  "disagreement", "correction", "offer", "import_problem", "appeal",
] as const; // prettier-ignore
const REASONS = [
  "looks_right", "seen_to", "harmless", "where_exactly", "when_exactly", "what_source", "same_thing", "personal_data",
  "endangers_somebody", "abuse", "advertising", "not_about_this", "needs_officer", "danger_to_life", "official_differs",
  "official_source", "several_sources", "seen_by_us", "no_source", "sources_differ", "old_news", "on_official_site",
  "objection_right", "decision_was_wrong", "new_facts", "decision_was_right", "other",
] as const; // prettier-ignore
const REPORT_KINDS = [
  "road", "bridge", "landslide", "flood", "fire", "building", "hazard", "shelter", "water", "food", "medical", "power",
  "communications", "transport", "volunteers_needed", "other",
] as const; // prettier-ignore

/** A decision in words; one that has none yet as its token, so that no rule is left out. */
export function decisionText(t: Translate, name: string): string {
  const known = DECISIONS.find((one) => one === name);
  return known ? t(`moderation:decided.${known}`) : name;
}

/** A kind of item in words, as above. */
export function kindText(t: Translate, name: string): string {
  const known = KINDS.find((one) => one === name);
  return known ? t(`moderation:kind.${known}`) : name;
}

function reasonText(t: Translate, code: string): string {
  const known = REASONS.find((one) => one === code);
  return known ? t(`moderation:reason.${known}`) : code;
}

function reportKindText(t: Translate, kind: string): string {
  const known = REPORT_KINDS.find((one) => one === kind);
  return known ? t(`map:kind.${known}`) : kind;
}

/** The standard procedure, made of the rules that the database holds at this moment. */
export function RulesSection({ procedures }: { procedures: Procedures }) {
  const t = useT();
  const { code } = useLanguage();
  const { moderation, measures, limits, rights } = procedures;
  const listed = (names: readonly string[], words: (t: Translate, name: string) => string) =>
    names.map((name) => words(t, name)).join(t("common:punctuation.comma"));
  return (
    <>
      <section>
        <h2>{t("official:rules.title")}</h2>
        <p>{t("official:rules.lede")}</p>
        <h3>{t("official:rules.stagesTitle")}</h3>
        <p>{t("official:rules.stageWho")}</p>
        <p>{t("official:rules.claim", { minutes: moderation.claim_minutes })}</p>
        {([1, 2] as const).map((stage) => (
          <RuleTable
            key={stage}
            title={t(stage === 1 ? "official:rules.stage1" : "official:rules.stage2")}
            columns={[t("official:rules.decision"), t("official:rules.effect"), t("official:rules.reasons")]}
            rows={moderation.decisions
              .filter((decision) => decision.stage === stage)
              .map(({ name, closes, needs_words }) => ({
                key: name,
                cells: [
                  decisionText(t, name),
                  [needs_words ? t("official:rules.words") : null, closes ? null : t("official:rules.open")]
                    .filter((part) => part !== null)
                    .join(t("common:punctuation.comma")),
                  listed(
                    moderation.reasons
                      .filter(({ decisions }) => decisions.includes(name))
                      .map((one) => one.code),
                    reasonText,
                  ),
                ],
              }))}
          />
        ))}
        <h3>{t("official:rules.kindsTitle")}</h3>
        <RuleTable
          title={t("official:rules.kindsTitle")}
          columns={[t("official:rules.kind"), t("official:rules.can")]}
          rows={Object.entries(moderation.kinds).map(([kind, decisions]) => ({
            key: kind,
            cells: [kindText(t, kind), listed(decisions, decisionText)],
          }))}
        />
      </section>
      <section>
        <h3>{t("official:rules.fadeTitle")}</h3>
        <p>{t("official:rules.fadeLede")}</p>
        <RuleTable
          title={t("official:rules.fadeTitle")}
          columns={[t("official:rules.fadeKind"), t("official:rules.half"), t("official:rules.reach")]}
          rows={measures.map(({ kind, half_life_hours, reach_metres }) => ({
            key: kind,
            cells: [
              reportKindText(t, kind),
              t("official:rules.hours", { hours: half_life_hours }),
              t("official:rules.metres", { metres: number(reach_metres, code) }),
            ],
          }))}
        />
        <h3>{t("official:rules.limitsTitle")}</h3>
        <RuleTable
          title={t("official:rules.limitsTitle")}
          columns={[t("official:rules.limitWhat"), t("official:rules.limitHow")]}
          rows={limits.map(({ what, times, seconds }) => ({
            key: `${what}-${seconds}`,
            cells: [
              <code key="what">{what}</code>,
              t("official:rules.limit", { times, minutes: Math.max(1, Math.round(seconds / 60)) }),
            ],
          }))}
        />
      </section>
      <section>
        <h3>{t("official:rules.adoptTitle")}</h3>
        <ul>
          <li>{t("official:rules.adopt1")}</li>
          <li>{t("official:rules.adopt2")}</li>
          <li>{t("official:rules.adopt3")}</li>
        </ul>
        <DetailsPanel summary={t("official:rules.rightsTitle")}>
          <p>{t("official:rules.rightsLede")}</p>
          <ul lang="en">
            {rights.map(({ table, rule }) => (
              <li key={`${table}-${rule}`}>
                {rule} <code>{table}</code>
              </li>
            ))}
          </ul>
        </DetailsPanel>
      </section>
    </>
  );
}

interface RuleTableProps {
  title: string;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

function RuleTable({ title, columns, rows }: RuleTableProps) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...others] }) => (
            <tr key={key}>
              <th scope="row">{first}</th>
              {others.map((cell, index) => (
                <td key={columns[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
