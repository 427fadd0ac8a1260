import type { Dataset } from "../../formats/dataset.ts";

/** How many items the staff had, how many wait, and how long they waited. */
export const dataset: Dataset = {
  id: "moderation-transparency",
  title: { "zh-TW": "查核工作統計", en: "Transparency of moderation", ja: "確認作業の統計" },
  about: {
    "zh-TW": "各類待查核項目的件數、還在等的件數，以及等候時間的中位數和第 90 百分位，近 30 天與全部。",
    en: "For each kind of item: how many there were, how many wait, and how long they waited (median and 90th percentile), for 30 days and for always.",
    ja: "種類ごとの件数、待っている件数、待ち時間の中央値と90パーセンタイル。30日間と全期間。",
  },
  basis: {
    "zh-TW": "由系統自佇列計算；件數取到最近的 5，少於 5 寫「<5」，決定不足 5 件的不給時間。",
    en: "Computed from the queue. Counts to the nearest five, \"<5\" below five; no times where fewer than five were decided.",
    ja: "待ち行列から計算。件数は5単位、5未満は「<5」。決定が5件未満なら時間は示しません。",
  },
  keywords: [{ "zh-TW": "透明", en: "transparency", ja: "透明性" }],
  source: { view: "moderation_figures", key: "id" },
  fields: [
    { name: "span", type: "text", words: ["30 days", "always"], about: { "zh-TW": "期間", en: "Span", ja: "期間" } },
    { name: "kind", type: "text", about: { "zh-TW": "項目種類", en: "Kind of item", ja: "種類" } },
    { name: "items", type: "text", about: { "zh-TW": "件數", en: "Items", ja: "件数" } },
    { name: "waiting", type: "text", about: { "zh-TW": "還在等的件數", en: "Items that wait", ja: "待っている件数" } },
    { name: "median_hours", type: "number", about: { "zh-TW": "等候時數中位數", en: "Median wait in hours", ja: "待ち時間の中央値（時間）" } },
    { name: "p90_hours", type: "number", about: { "zh-TW": "等候時數第 90 百分位", en: "90th percentile of the wait in hours", ja: "待ち時間の90パーセンタイル（時間）" } },
  ],
  updates: "continuous",
  issued: "2026-11-25",
}; // prettier-ignore
