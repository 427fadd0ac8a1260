import { useT } from "../../i18n/language-context.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { Thanks } from "./stories.server.ts";

/** What came of offers of help (D27): how many helped, and what was said about it. Nothing when nobody has yet. */
export function ThanksList({ thanks }: { thanks: readonly Thanks[] }) {
  const t = useT();
  if (thanks.length === 0) return null;
  const helped = thanks.filter(({ outcome }) => outcome === "helped").length;
  return (
    <section>
      <h2>{t("stories:story.thanksTitle")}</h2>
      {helped > 0 ? <p>{t("stories:story.thanks", { count: helped })}</p> : null}
      <ul className="list thanks">
        {thanks.map(({ outcome, text, thanked_at }, index) => (
          <li key={index}>
            {text ?? t(`stories:story.${outcome}`)}{" "}
            <span className="meta">
              <TimeAgo at={thanked_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
