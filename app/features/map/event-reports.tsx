import { number, percent } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { ButtonLink, ButtonRow } from "../../ui/button.tsx";
import type { EventClosure } from "./reports.server.ts";

interface EventReportsProps {
  event: string;
  /** Reports that stand now, and roads that are closed now. */
  active: number;
  closedRoads: number;
  closure: EventClosure;
  closed: boolean;
}

/** What is known of the ground of an event, and how much of what needed somebody was really done. */
export function EventReports({ event, active, closedRoads, closure, closed }: EventReportsProps) {
  const t = useT();
  const { code } = useLanguage();
  const { needing, taken, done, median_hours: median } = closure;
  return (
    <section aria-labelledby="ground-title">
      <h2 id="ground-title">{t("map:event.title")}</h2>
      <p>
        <b>{t("map:event.counts", { count: active })}</b>
        {t("common:punctuation.separator")}
        {t("map:event.blocked", { count: closedRoads })}
      </p>
      {needing === 0 ? (
        <p>{t("map:event.closureNone")}</p>
      ) : (
        <>
          <p>
            {t("map:event.closure", {
              all: number(needing, code),
              closed: number(closure.closed, code),
              share: percent(closure.closed / needing, code),
            })}
          </p>
          <p className="meta">
            {t("map:event.steps", {
              open: needing - taken - done - closure.closed,
              taken,
              done,
              confirmed: closure.closed,
            })}
            {median === null ? null : (
              <>
                <br />
                {t("map:event.median", { hours: number(Math.max(1, Math.round(median)), code) })}
              </>
            )}
          </p>
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
