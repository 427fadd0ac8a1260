import { useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { SendButton } from "../../ui/button.tsx";
import { ReportCard } from "./report-card.tsx";
import { distanceWords } from "./report-words.ts";
import type { NearReport } from "./reports.server.ts";

/** What others have reported here already: one word from a second pair of eyes is worth more than the same again. */
export function SameReportOffer({ same }: { same: readonly NearReport[] }) {
  const t = useT();
  return (
    <section className="notice" id="same" aria-labelledby="same-title" tabIndex={-1}>
      <h2 id="same-title">{t("map:same.title", { count: same.length })}</h2>
      <p>{t("map:same.text")}</p>
      <ul className="list">
        {same.map(({ report, metres }) => (
          <ReportCard key={report.id} report={report}>
            <p className="meta">{t("map:same.away", { distance: distanceWords(metres, t) })}</p>
            <form method="post" action={paths.report(report.id)}>
              <input type="hidden" name="intent" value="confirm" />
              <input type="hidden" name="verdict" value="still" />
              <SendButton look="plain" icon="check">
                {t("map:same.confirmButton")}
              </SendButton>
            </form>
          </ReportCard>
        ))}
      </ul>
      <p>{t("map:same.otherwise")}</p>
    </section>
  );
}
