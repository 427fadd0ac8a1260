import type { Dataset } from "../../formats/dataset.ts";
import { notOpen } from "./not-open.ts";

/** What we hold and do not open, why, and when that is looked at again (D7, D82). */
export const dataset: Dataset = {
  id: "not-open",
  title: { "zh-TW": "不開放資料清單", en: "Register of data that is not open", ja: "公開しないデータの一覧" },
  about: {
    "zh-TW": "本站有、但不開放的資料：理由、依據，以及下次檢討的日期。",
    en: "Data that this site holds and does not open: why, on what ground, and when that is looked at again.",
    ja: "このサイトにあって公開しないデータ。理由、根拠、次に見直す日。",
  },
  basis: {
    "zh-TW": "由本站管理者盤點，逐項寫明理由；預設是開放，不開放要說得出為什麼。",
    en: "Listed by whoever runs this site. Open is the rule; what is not open needs a reason.",
    ja: "サイトの運営者が棚卸ししたものです。公開が原則で、公開しない場合は理由を示します。",
  },
  keywords: [{ "zh-TW": "不開放", en: "not open", ja: "非公開" }],
  source: {
    changed: "2026-11-25T00:00:00Z",
    rows: notOpen.map(({ id, what, why, ground, review }) => ({
      id,
      what_zh: what["zh-TW"],
      what_en: what.en,
      why_zh: why["zh-TW"],
      why_en: why.en,
      ground,
      review,
    })),
  },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "代號", en: "Id", ja: "番号" } },
    { name: "what_zh", type: "text", about: { "zh-TW": "什麼資料", en: "What, in Chinese", ja: "何か（中国語）" } },
    { name: "what_en", type: "text", about: { "zh-TW": "什麼資料（英文）", en: "What", ja: "何か（英語）" } },
    { name: "why_zh", type: "text", about: { "zh-TW": "為什麼不開放", en: "Why not, in Chinese", ja: "理由（中国語）" } },
    { name: "why_en", type: "text", about: { "zh-TW": "為什麼不開放（英文）", en: "Why not", ja: "理由（英語）" } },
    { name: "ground", type: "text", about: { "zh-TW": "理由類別", en: "Kind of reason", ja: "理由の種類" } },
    { name: "review", type: "date", about: { "zh-TW": "下次檢討日期", en: "Looked at again on", ja: "次に見直す日" } },
  ],
  updates: "irregular",
  issued: "2026-11-25",
}; // prettier-ignore
