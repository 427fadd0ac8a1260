import { useT } from "../../i18n/language-context.tsx";
import type { MessageKey } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";
import { SendButton } from "../../ui/button.tsx";
import { TextAreaField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { AuthorDecision, Verdict } from "./queue.server.ts";

interface AuthorDecisionsProps {
  decisions: readonly AuthorDecision[];
  /** What was sent and not taken, for the item it was about. */
  sent?: { itemId: string; answers: Answers; errors: readonly FieldError[] } | null;
}

/** What was decided about a post, for its author: what, about which part, why, by which rule, and how to contest it. */
export function AuthorDecisions({ decisions, sent }: AuthorDecisionsProps) {
  const t = useT();
  // What an officer settled about a call for help or an appeal stands with the item it is about.
  const told = decisions.filter(({ kind }) => kind !== "appeal");
  if (told.length === 0) return null;
  return (
    <>
      <h2>{t("moderation:author.title")}</h2>
      {told.map((made) => {
        const scope =
          made.kind === "photo_of_minor"
            ? "photo"
            : made.subject_type === "note" || made.subject_type === "report"
              ? made.subject_type
              : "person";
        const mine = sent?.itemId === made.item_id ? sent : null;
        return (
          <Notice key={`${made.item_id}-${made.at}`} title={t(`moderation:decided.${made.decision}`)}>
            <p className="meta">
              {t(`moderation:author.scope.${scope}`)}
              {t("common:punctuation.separator")}
              <TimeAgo at={made.at} />
            </p>
            <p>
              {t("moderation:author.reason")}
              {t("common:punctuation.colon")}
              {t(`moderation:reason.${made.reason_code}` as MessageKey)}
            </p>
            {made.reason ? (
              <p className="pre" dir="auto">
                {made.reason}
              </p>
            ) : null}
            {made.correct_text ? (
              <p>{t("moderation:verdict.correctIs", { text: made.correct_text })}</p>
            ) : null}
            <p>
              <a href={paths.procedures()}>{t("moderation:author.rule")}</a>
            </p>
            {made.appeal?.decision ? (
              <p>
                <b>
                  {t(
                    made.appeal.decision === "restore"
                      ? "moderation:decided.restore"
                      : "moderation:decided.uphold",
                  )}
                </b>
                {made.appeal.reason ? `${t("common:punctuation.colon")}${made.appeal.reason}` : null}
              </p>
            ) : made.appeal ? (
              <p role="status">{t("moderation:author.appealWaiting")}</p>
            ) : null}
            {made.may_appeal ? (
              <details open={mine !== null}>
                <summary>{t("moderation:author.appealTitle")}</summary>
                <PostForm
                  id={`appeal-${made.item_id}`}
                  intent="appeal"
                  hidden={{ item_id: made.item_id }}
                  answers={mine?.answers}
                  errors={mine?.errors}
                >
                  <TextAreaField
                    name="appeal_text"
                    label={t("moderation:author.appealText")}
                    hint={t("moderation:author.appealHint")}
                    rows={3}
                    maxLength={5000}
                  />
                  <SendButton look="plain">{t("moderation:author.appealButton")}</SendButton>
                </PostForm>
              </details>
            ) : null}
          </Notice>
        );
      })}
    </>
  );
}

/** What officers found out about a record and its notes, where everybody reads it: what is false is not hidden, it is answered. */
export function VerdictList({
  verdicts,
  notes,
}: {
  verdicts: readonly Verdict[];
  notes: readonly { id: string; text: string }[];
}) {
  const t = useT();
  return (
    <>
      {verdicts.map((found) => {
        const note = notes.find(({ id }) => id === found.subject_id);
        return (
          <section className="official" key={`${found.subject_type}-${found.subject_id}`}>
            <p className="who">
              {t(`moderation:verdict.${found.verdict}`)}
              {t("common:punctuation.separator")}
              <TimeAgo at={found.decided_at} />
            </p>
            {note?.text ? (
              <p>
                <a href={`#note-${note.id}`}>
                  {t("moderation:verdict.aboutNote", { text: [...note.text].slice(0, 60).join("") })}
                </a>
              </p>
            ) : null}
            {found.correct_text ? (
              <p dir="auto">
                <b>{t("moderation:verdict.correctIs", { text: found.correct_text })}</b>
              </p>
            ) : null}
          </section>
        );
      })}
    </>
  );
}
