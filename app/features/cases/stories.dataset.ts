import type { Dataset } from "../../formats/dataset.ts";
import { STORY_AGES, STORY_LANGUAGES } from "./stories.ts";

/** What happened to somebody abroad, told so that nobody can tell to whom, and what to learn from it (D26). */
export const dataset: Dataset = {
  id: "case-stories",
  title: { "zh-TW": "案例故事", en: "Case stories", ja: "事例" },
  about: {
    "zh-TW": "去識別後的急難案例：經過、教訓和行前準備清單。",
    en: "Emergencies abroad without anything that identifies: what happened, what it teaches, what to prepare.",
    ja: "個人が分からない形にした海外の緊急事例。経過、教訓、出発前の準備。",
  },
  basis: {
    "zh-TW": "由人員自案件改寫，兩名人員簽核才公開；只到季、國家和年齡層，情形相似的案件太少就不公開。是挑選過的故事，不能拿來計數。",
    en: "Rewritten from cases and signed by two officers. Nothing is finer than a quarter, a country and an age band, and too few like cases means no story. They are chosen; do not count them.",
    ja: "案件を書き直し、2名の担当官が署名したものです。四半期・国・年齢層までで、似た案件が少ないものは公開しません。選んだものなので、数えるのには使えません。",
  },
  keywords: [{ "zh-TW": "度假打工", en: "working holiday", ja: "ワーキングホリデー" }],
  source: { view: "stories", key: "id", changed: "published_at" },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "故事代碼", en: "Id of the story", ja: "事例の番号" } },
    { name: "title", type: "text", about: { "zh-TW": "標題", en: "Title", ja: "題名" } },
    { name: "language", type: "text", words: STORY_LANGUAGES, about: { "zh-TW": "語言", en: "Language", ja: "言語" } },
    { name: "account", type: "text", about: { "zh-TW": "經過", en: "What happened", ja: "経過" } },
    { name: "lesson", type: "text", about: { "zh-TW": "教訓", en: "What it teaches", ja: "教訓" } },
    { name: "checklist", type: "list", about: { "zh-TW": "行前準備", en: "What to prepare", ja: "出発前の準備" } },
    { name: "quarter", type: "text", about: { "zh-TW": "季", en: "Quarter", ja: "四半期" } },
    { name: "country", type: "text", about: { "zh-TW": "國家，ISO 二碼", en: "Country, ISO 3166-1 alpha-2", ja: "国。ISO の2文字" } },
    { name: "region", type: "text", about: { "zh-TW": "區域", en: "Region", ja: "地域" } },
    { name: "type", type: "text", about: { "zh-TW": "急難情形", en: "Kind of emergency", ja: "緊急事態の種類" } },
    { name: "programme", type: "text", about: { "zh-TW": "出國目的", en: "Purpose of stay", ja: "渡航目的" } },
    { name: "age_band", type: "text", words: STORY_AGES, about: { "zh-TW": "年齡層", en: "Age band", ja: "年齢層" } },
    { name: "correction", type: "text", about: { "zh-TW": "更正說明", en: "Correction", ja: "訂正" } },
    { name: "published_at", type: "time", about: { "zh-TW": "公開時間", en: "When it was published", ja: "公開日時" } },
    { name: "invented", type: "boolean", about: { "zh-TW": "是不是示範用的虛構資料", en: "Whether it is an invented example", ja: "例として作られたものかどうか" } },
    { name: "url", type: "url", path: "/cases/{id}", about: { "zh-TW": "本站頁面", en: "Page on this site", ja: "このサイトのページ" } },
  ],
  updates: "irregular",
  api: "/api/v1/cases",
  issued: "2026-11-25",
}; // prettier-ignore
