import type { AnonymityCheck, Coarsening } from "../../privacy/k-anonymity.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { listFormat } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import { SendButton } from "../../ui/button.tsx";
import { PostForm } from "../../ui/form.tsx";
import type { StoryFinding } from "./stories.server.ts";
import { STORY_L, storyK, type StoryFacts } from "./stories.ts";

interface StoryCheckProps {
  facts: StoryFacts;
  check: AnonymityCheck;
  version: string;
}

/** How many cases a story could be about, and which details to coarsen when they are too few. */
export function StoryCheck({ facts, check, version }: StoryCheckProps) {
  const t = useT();
  const { code } = useLanguage();
  const outcomes = check.diversity.outcome ?? 0;
  return (
    <section className={check.isProtected ? "story-check ok" : "story-check few"} id="check">
      <h2>{t("stories:staff.checkTitle")}</h2>
      <p>
        {t("stories:staff.checkSize", {
          size: check.size,
          k: storyK(facts.type),
          outcomes,
          l: STORY_L,
        })}
      </p>
      {check.isProtected ? (
        <p className="safe">
          <b>{t("stories:staff.checkOk")}</b>
        </p>
      ) : (
        <>
          <p className="error">
            {t(check.coarsenings.length > 0 ? "stories:staff.checkFew" : "stories:staff.checkNone")}
          </p>
          {check.coarsenings.slice(0, 4).map((coarsening, index) => (
            <PostForm
              key={index}
              id={`coarsen-${index}`}
              intent="coarsen"
              hidden={{
                version,
                ...Object.fromEntries(
                  coarsening.steps.map(({ field, levelName, value }) => [
                    `to_${field}`,
                    levelName === "year" ? value : "",
                  ]),
                ),
              }}
            >
              <p>
                {t("stories:staff.coarsenTo", {
                  fields: listFormat(stepNames(coarsening, t), code),
                  size: coarsening.size,
                  outcomes: coarsening.diversity.outcome ?? 0,
                })}
              </p>
              <SendButton look="plain">{t("stories:staff.coarsenSend")}</SendButton>
            </PostForm>
          ))}
        </>
      )}
    </section>
  );
}

function stepNames({ steps }: Coarsening, t: Translate): string[] {
  return steps.map(({ field, levelName }) => {
    if (field === "quarter")
      return t(levelName === "year" ? "stories:staff.coarsen.year" : "stories:staff.coarsen.anyTime");
    if (field === "country") return t("stories:staff.coarsen.region");
    return t(`stories:staff.coarsen.${field as "age_band" | "programme" | "type"}`);
  });
}

/** Personal data found in the texts, each with what it is taken for. */
export function StoryFindings({ findings }: { findings: readonly StoryFinding[] }) {
  const t = useT();
  return findings.length === 0 ? (
    <p className="safe">
      <b>{t("stories:staff.findingsNone")}</b>
    </p>
  ) : (
    <>
      <p className="error">{t("stories:staff.findingsText", { count: findings.length })}</p>
      <ul>
        {findings.slice(0, 30).map(({ field, start, text, kind }) => (
          <li key={`${field} ${start}`}>
            <mark>{text}</mark> <small>{t(`common:personalData.kind.${kind}`)}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
