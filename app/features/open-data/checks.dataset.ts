import type { Dataset } from "../../formats/dataset.ts";

/** What the national checks found on our own files. */
export const dataset: Dataset = {
  id: "data-quality",
  title: { "zh-TW": "資料品質檢查結果", en: "Quality checks of the data", ja: "データの品質検査" },
  about: {
    "zh-TW": "每個檔案最近一次檢查：連得到、讀得懂、欄位和編碼與宣告相符、夠新。",
    en: "The last check of each file: could it be reached, read, did it match its declared fields and encoding, was it fresh.",
    ja: "各ファイルの最新の検査。届くか、読めるか、宣言した項目と文字コードに合うか、新しいか。",
  },
  basis: {
    "zh-TW": "由本站的排程自己檢查自己，規則依國家資料品質檢測的四項。從外面連線的狀況不一定相同。",
    en: "Made by a job of this site on itself, after the four checks of the national platform. How it is reached from elsewhere may differ.",
    ja: "サイト自身の定期処理による検査で、国の品質検査の4項目に従います。外からの接続状況とは異なることがあります。",
  },
  keywords: [{ "zh-TW": "資料品質", en: "data quality", ja: "データ品質" }],
  source: { view: "dataset_checks", key: "id", changed: "checked_at" },
  fields: [
    { name: "dataset", type: "text", about: { "zh-TW": "資料集代號", en: "Id of the dataset", ja: "データセットの番号" } },
    { name: "format", type: "text", about: { "zh-TW": "格式", en: "Format", ja: "形式" } },
    { name: "checked_at", type: "time", about: { "zh-TW": "檢查時間", en: "When it was checked", ja: "検査日時" } },
    { name: "reachable", type: "boolean", about: { "zh-TW": "連得到", en: "Could be reached", ja: "届くか" } },
    { name: "parses", type: "boolean", about: { "zh-TW": "讀得懂", en: "Could be read", ja: "読めるか" } },
    { name: "matches", type: "boolean", about: { "zh-TW": "欄位與編碼相符", en: "Matches declared fields and encoding", ja: "項目と文字コードが合うか" } },
    { name: "fresh", type: "boolean", about: { "zh-TW": "夠新", en: "Fresh", ja: "新しいか" } },
    { name: "data_rows", type: "integer", about: { "zh-TW": "筆數", en: "Rows", ja: "件数" } },
    { name: "bytes", type: "integer", about: { "zh-TW": "位元組", en: "Bytes", ja: "バイト数" } },
    { name: "fault", type: "text", about: { "zh-TW": "問題", en: "What was wrong", ja: "問題" } },
  ],
  updates: "daily",
  issued: "2026-11-25",
}; // prettier-ignore
