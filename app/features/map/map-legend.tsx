import { REPORT_KINDS } from "../../formats/report-record.ts";
import { useT } from "../../i18n/language-context.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { KindIcon } from "./kind-icons.tsx";

const strokes = [
  { tone: "alarm", dash: undefined, word: "map:legend.closed" },
  { tone: "care", dash: "12 6", word: "map:legend.care" },
  { tone: "good", dash: "1 8", word: "map:legend.open" },
  { tone: "neutral", dash: "7 5", word: "map:legend.unknown" },
] as const;

/** What the signs on the map mean. */
export function MapLegend() {
  const t = useT();
  return (
    <DetailsPanel summary={t("map:legend.title")}>
      <ul className="legend">
        {strokes.map(({ tone, dash, word }) => (
          <li key={tone} className={tone}>
            <svg className="stroke" viewBox="0 0 42 12" aria-hidden="true">
              <path
                d="M2 6h38"
                strokeDasharray={dash}
                strokeLinecap={tone === "good" ? "round" : undefined}
              />
            </svg>
            {t(word)}
          </li>
        ))}
      </ul>
      <ul className="legend">
        {REPORT_KINDS.map((kind) => (
          <li key={kind}>
            <KindIcon kind={kind} />
            {t(`map:kind.${kind}`)}
          </li>
        ))}
      </ul>
      <p className="hint">{t("map:legend.notes")}</p>
    </DetailsPanel>
  );
}
