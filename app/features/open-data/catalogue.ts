import type { Dataset, Texts } from "../../formats/dataset.ts";

/** Every `*.dataset.ts` of every feature: adding a file adds a dataset, to pages, API, exports and checks alike. */
const found = import.meta.glob<Dataset>("../*/*.dataset.ts", { eager: true, import: "dataset" });

/** What a reader looks for first stands first; what nobody ranked follows by its id. */
const order = ["persons", "reports", "notices", "statistics", "case-stories", "events"];

export const datasets: readonly Dataset[] = Object.values(found).sort(
  (a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1),
);

/** The dataset of this id, or null. */
export function findDataset(id: string): Dataset | null {
  return datasets.find((dataset) => dataset.id === id) ?? null;
}

/** A text in the language of the reader. */
export function said(texts: Texts, language: string): string {
  return texts[language as keyof Texts] ?? texts.en;
}

/** Under which licence everything here stands. It goes together with the Open Government Data License of Taiwan. */
export const LICENCE = {
  name: "CC BY 4.0",
  url: "https://creativecommons.org/licenses/by/4.0/",
} as const;

function rank(id: string): number {
  const at = order.indexOf(id);
  return at < 0 ? order.length : at;
}
