import type { Dataset } from "../../formats/dataset.ts";

/** The figures of all releases, as they were signed. */
export const dataset: Dataset = {
  id: "statistics",
  title: { "zh-TW": "急難救助案件統計", en: "Statistics of emergency assistance", ja: "緊急援助の統計" },
  about: {
    "zh-TW": "各期發布的案件數，依時間、國家或區域、急難情形和出國目的；遮蔽的數字給出可推知的範圍。",
    en: "Cases of every release by time, country or region, kind of emergency and purpose of stay; a hidden figure gives the range anybody can compute.",
    ja: "各期の案件数を、時期、国・地域、緊急事態の種類、渡航目的別に示します。伏せた数字は、計算できる範囲を示します。",
  },
  basis: {
    "zh-TW": "旅外國人急難救助案件數（件，不是人數），由本站值勤人員登錄，不是外交部的官方統計。多數人遇事未求助，不在數字裡。小於門檻和可反推的數字已遮蔽。",
    en: "Cases (not persons) of assistance to travellers from Taiwan that the staff of this site filed; no official figures. Most people in trouble ask nobody and are not counted. Small counts and those that would give them away are hidden.",
    ja: "このサイトの担当者が登録した案件数（人数ではない）で、公式統計ではありません。多くの人は助けを求めず、含まれません。小さい数字と逆算できる数字は伏せています。",
  },
  keywords: [
    { "zh-TW": "急難救助", en: "emergency assistance", ja: "緊急援助" },
    { "zh-TW": "統計", en: "statistics", ja: "統計" },
  ],
  source: { view: "released_figures", key: "id", changed: "published_at" },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "發布號次／序號", en: "Release and number of the figure", ja: "公表の番号と通し番号" } },
    { name: "release", type: "integer", about: { "zh-TW": "發布號次", en: "Number of the release", ja: "公表の番号" } },
    { name: "kind", type: "text", about: { "zh-TW": "月、季或年", en: "Monthly, quarterly or yearly", ja: "月・四半期・年" } },
    { name: "period", type: "text", about: { "zh-TW": "期間", en: "Period of the release", ja: "期間" } },
    { name: "published_at", type: "time", about: { "zh-TW": "發布時間", en: "When it was published", ja: "公表日時" } },
    { name: "corrects", type: "integer", about: { "zh-TW": "更正哪一次發布", en: "Number of the release it corrects", ja: "訂正する公表の番号" } },
    { name: "time", type: "text", about: { "zh-TW": "時間", en: "Time of the figure", ja: "時期" } },
    { name: "area", type: "text", about: { "zh-TW": "國家或區域", en: "Country or region", ja: "国または地域" } },
    { name: "type", type: "text", about: { "zh-TW": "急難情形", en: "Kind of emergency", ja: "緊急事態の種類" } },
    { name: "programme", type: "text", about: { "zh-TW": "出國目的", en: "Purpose of stay", ja: "渡航目的" } },
    { name: "cases", type: "integer", about: { "zh-TW": "案件數，空白是遮蔽", en: "Cases; empty where hidden", ja: "案件数。空欄は伏せたもの" } },
    { name: "low", type: "integer", about: { "zh-TW": "遮蔽時可推知的下限", en: "Where hidden, the least it can be", ja: "伏せた場合の下限" } },
    { name: "high", type: "integer", about: { "zh-TW": "遮蔽時可推知的上限", en: "Where hidden, the most it can be", ja: "伏せた場合の上限" } },
    { name: "invented", type: "boolean", about: { "zh-TW": "是不是示範用的虛構資料", en: "Whether it is an invented example", ja: "例として作られたものかどうか" } },
    { name: "url", type: "url", path: "/statistics/{release}", about: { "zh-TW": "本站頁面", en: "Page on this site", ja: "このサイトのページ" } },
  ],
  updates: "quarterly",
  api: "/api/v1/statistics/releases",
  issued: "2026-11-25",
}; // prettier-ignore
