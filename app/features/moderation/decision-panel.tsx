import { useNow, useT } from "../../i18n/language-context.tsx";
import type { MessageKey } from "../../i18n/translate.ts";
import { SelectField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { DECISIONS, KEYS, USUAL_REASON, type Decision } from "./queue.ts";
import type { ModerationRules, QueueItem } from "./queue.server.ts";

interface DecisionPanelProps {
  item: QueueItem;
  rules: ModerationRules;
  /** The text with what was detected covered. */
  masked: string;
  notices: readonly { id: string; title: string }[];
  answers?: Answers;
  errors?: readonly FieldError[];
}

/** Everything the member may do with this item now, each by one key. */
export function DecisionPanel({ item, rules, masked, notices, answers, errors }: DecisionPanelProps) {
  const t = useT();
  const stageOf = (name: string) => rules.decisions.find((one) => one.name === name)?.stage ?? 1;
  const stages = [1, 2].map((stage) => ({
    stage,
    decisions: DECISIONS.filter((name) => item.allowed.includes(name) && stageOf(name) === stage),
  }));
  if (item.allowed.length === 0) {
    return (
      <aside className="decide">
        <p>
          {t(
            item.mine
              ? "moderation:item.mine"
              : item.decided_at
                ? "moderation:item.done"
                : "moderation:item.nothingAllowed",
          )}
        </p>
      </aside>
    );
  }
  const may = (...names: Decision[]) => names.some((name) => item.allowed.includes(name));
  const first =
    item.allowed.includes("escalate") && item.kind === "death_report" ? "escalate" : item.allowed[0];
  return (
    <aside className="decide" aria-label={t("moderation:decide.title1")}>
      <ClaimForm item={item} />
      <PostForm
        id="decide"
        intent="decide"
        hidden={{ version: String(item.version) }}
        answers={answers}
        errors={errors}
      >
        <SelectField
          name="reason_code"
          label={t("moderation:decide.reason")}
          empty={t("moderation:decide.reasonUsual")}
          options={rules.reasons
            .filter(({ decisions }) => decisions.some((name) => item.allowed.includes(name as Decision)))
            .map(({ code }) => ({ value: code, label: t(`moderation:reason.${code}` as MessageKey) }))}
        />
        <TextAreaField
          name="reason"
          label={t("moderation:decide.words")}
          rows={3}
          maxLength={2000}
          optional
        />
        {item.cluster.length > 0 ? (
          <div className="field">
            <label className="choice">
              <input
                type="checkbox"
                name="also"
                value={item.cluster.map(({ id, version }) => `${id}:${version}`).join(" ")}
              />
              <span>{t("moderation:decide.cluster", { count: item.cluster.length })}</span>
            </label>
          </div>
        ) : null}
        {stages.map(({ stage, decisions }) =>
          decisions.length > 0 ? (
            <div key={stage} className="stage">
              <h2>{t(stage === 1 ? "moderation:decide.title1" : "moderation:decide.title2")}</h2>
              <div className="buttons">
                {decisions.map((name) => (
                  <button
                    key={name}
                    className={name === first ? undefined : "plain"}
                    name="decision"
                    value={name}
                    accessKey={KEYS[name]}
                    data-key={KEYS[name]}
                    data-usual={USUAL_REASON[name] ?? undefined}
                  >
                    {t(`moderation:decision.${name}`)}
                    <kbd>{KEYS[name].toUpperCase()}</kbd>
                  </button>
                ))}
              </div>
            </div>
          ) : null,
        )}
        {may("false", "corrected") && item.kind !== "death_report" && item.kind !== "objection" ? (
          <TextAreaField
            name="correct_text"
            label={t("moderation:decide.correct")}
            hint={t("moderation:decide.correctHint")}
            rows={2}
            maxLength={2000}
            defaultValue={item.correction?.correct_text}
            optional
          />
        ) : null}
        {may("mask") ? (
          <TextAreaField
            name="masked_text"
            label={t("moderation:decide.masked")}
            hint={t("moderation:decide.maskedHint")}
            rows={4}
            defaultValue={masked}
            optional
          />
        ) : null}
        {may("duplicate") ? <DuplicateFields item={item} /> : null}
        {notices.length > 0 && may("verified", "false", "corrected") ? (
          <SelectField
            name="notice_id"
            label={t("moderation:decide.notice")}
            empty={t("moderation:decide.noticeNone")}
            options={notices.map(({ id, title }) => ({ value: id, label: title }))}
          />
        ) : null}
      </PostForm>
      <p className="meta">{t("moderation:decide.keys")}</p>
    </aside>
  );
}

function DuplicateFields({ item }: { item: QueueItem }) {
  const t = useT();
  const known = item.description?.duplicates ?? [];
  return known.length > 0 ? (
    <SelectField
      name="duplicate_of"
      label={t("moderation:decide.duplicateOf")}
      empty={t("moderation:decide.noticeNone")}
      options={known.map(({ id, title }) => ({ value: id, label: title ?? id }))}
    />
  ) : (
    <TextField
      name="duplicate_of"
      label={t("moderation:decide.duplicateOf")}
      hint={t("moderation:decide.duplicateOther")}
      optional
    />
  );
}

function ClaimForm({ item }: { item: QueueItem }) {
  const t = useT();
  const now = useNow();
  if (item.decided_at) return null;
  const minutes = item.claimed_until
    ? Math.max(1, Math.ceil((Date.parse(item.claimed_until) - now.getTime()) / 60_000))
    : 0;
  if (item.holder && !item.held_by_me) {
    return <p role="status">{t("moderation:claim.held", { name: item.holder, minutes })}</p>;
  }
  return (
    <PostForm id="claim" intent={item.held_by_me ? "release" : "claim"}>
      {item.held_by_me ? <p className="meta">{t("moderation:claim.until", { minutes })}</p> : null}
      <button className="plain" accessKey={KEYS.claim} data-key={KEYS.claim}>
        {t(item.held_by_me ? "moderation:claim.release" : "moderation:claim.take")}
        <kbd>{KEYS.claim.toUpperCase()}</kbd>
      </button>
    </PostForm>
  );
}
