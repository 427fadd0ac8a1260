import { number, percent } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { ButtonLink, ButtonRow } from "../../ui/button.tsx";
import type { LoopCounts } from "./closure.server.ts";

interface EventReportsProps {
  event: string;
  /** Reports that stand now, and roads that are closed now. */
  active: number;
  closedRoads: number;
  loops: LoopCounts;
  closed: boolean;
}

/** What is known of the ground of an event, and how much of what needed somebody was really done. */
export function EventReports({ event, active, closedRoads, loops, closed }: EventReportsProps) {
  const t = useT();
  const { code } = useLanguage();
  const all = loops.open + loops.taken + loops.done + loops.confirmed;
  return (
    <section aria-labelledby="ground-title">
      <h2 id="ground-title">{t("map:event.title")}</h2>
      <p>
        <b>{t("map:event.counts", { count: active })}</b>
        {t("common:punctuation.separator")}
        {t("map:event.blocked", { count: closedRoads })}
      </p>
      {all === 0 ? (
        <p>{t("map:event.closureNone")}</p>
      ) : (
        <>
          <p>
            {t("map:event.closure", {
              all: number(all, code),
              closed: number(loops.confirmed, code),
              share: percent(loops.confirmed / all, code),
            })}
          </p>
          <p className="meta">{t("map:event.steps", { ...loops })}</p>
        </>
      )}
      <ButtonRow>
        <ButtonLink look="plain" icon="place" href={paths.map({ event })}>
          {t("map:event.mapLink")}
        </ButtonLink>
        {closed ? null : (
          <ButtonLink look="plain" href={paths.newReport({ event })}>
            {t("map:page.newLink")}
          </ButtonLink>
        )}
      </ButtonRow>
    </section>
  );
}
