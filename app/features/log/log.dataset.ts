import type { Dataset } from "../../formats/dataset.ts";

/** What the staff did, without persons, with the hash that chains it. */
export const dataset: Dataset = {
  id: "moderation-log",
  title: { "zh-TW": "查核紀錄（公開）", en: "Moderation log (public)", ja: "確認作業の記録（公開分）" },
  about: {
    "zh-TW": "查核人員和系統做過的每個動作：什麼時間、哪種角色、對哪類資料做了什麼，以及串起整份紀錄的雜湊值。",
    en: "Every act of the staff and of the system: when, by which role, on what kind of thing, and the hash that chains the log.",
    ja: "担当者とシステムの操作。日時、役割、対象の種類、記録をつなぐハッシュ値。",
  },
  basis: {
    "zh-TW": "系統自動寫入，只增不改。不含做的人是誰、對象是誰，也不含內容。",
    en: "Written by the system; nothing is ever changed or taken out. Who did it, to whom, and the words are not in it.",
    ja: "システムが自動で書き、変更も削除もしません。だれが、だれに、内容は含みません。",
  },
  keywords: [{ "zh-TW": "透明", en: "transparency", ja: "透明性" }],
  source: { view: "log_acts", key: "id", changed: "at" },
  fields: [
    { name: "id", type: "integer", about: { "zh-TW": "順序編號，連續不跳號", en: "Number in order, without gaps", ja: "通し番号" } },
    { name: "at", type: "time", about: { "zh-TW": "時間", en: "When", ja: "日時" } },
    { name: "act", type: "text", about: { "zh-TW": "動作", en: "What was done", ja: "操作" } },
    { name: "role", type: "text", about: { "zh-TW": "角色，空白是系統", en: "Role; empty is the system", ja: "役割。空欄はシステム" } },
    { name: "subject_type", type: "text", about: { "zh-TW": "對象種類", en: "Kind of thing", ja: "対象の種類" } },
    { name: "hash", type: "text", about: { "zh-TW": "SHA-256，含前一筆", en: "SHA-256 over this entry and the one before", ja: "前の記録を含む SHA-256" } },
  ],
  updates: "continuous",
  issued: "2026-11-25",
}; // prettier-ignore
