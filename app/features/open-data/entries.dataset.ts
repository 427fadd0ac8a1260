import type { Dataset } from "../../formats/dataset.ts";
import { ENTRY_KINDS, ENTRY_STATES } from "./entries.ts";

/** What people asked to be opened (D76), and what they made with our data (D6). */
export const dataset: Dataset = {
  id: "data-requests",
  title: { "zh-TW": "資料請求與應用登錄", en: "Requests for data, and uses of it", ja: "データの要望と活用例" },
  about: {
    "zh-TW": "大家希望開放的資料與票數、處理情形，以及用本站資料做成的應用。",
    en: "Data that people ask for, with votes and what became of it, and what was made with ours.",
    ja: "公開してほしいデータと票数・対応、このサイトのデータで作られたもの。",
  },
  basis: {
    "zh-TW": "由任何人張貼，公開的才在內。票數以同一連線一天一票計，不代表人數。",
    en: "Posted by anybody; those that are public. One connection has one vote a day, so votes are not people.",
    ja: "だれでも投稿でき、公開分だけを含みます。同じ接続から1日1票で、人数ではありません。",
  },
  keywords: [{ "zh-TW": "民眾參與", en: "participation", ja: "市民参加" }],
  source: { view: "data_entries", key: "id", changed: "updated_at" },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "代碼", en: "Id", ja: "番号" } },
    { name: "kind", type: "text", words: ENTRY_KINDS, about: { "zh-TW": "請求或應用", en: "request or reuse", ja: "要望か活用例か" } },
    { name: "title", type: "text", about: { "zh-TW": "標題", en: "Title", ja: "題名" } },
    { name: "text", type: "text", about: { "zh-TW": "說明", en: "What was said", ja: "説明" } },
    { name: "site", type: "text", column: "url", about: { "zh-TW": "應用的網址", en: "Address of what was made", ja: "活用例のアドレス" } },
    { name: "dataset", type: "text", about: { "zh-TW": "有關的資料集", en: "Dataset it is about", ja: "関係するデータセット" } },
    { name: "votes", type: "integer", about: { "zh-TW": "票數", en: "Votes", ja: "票数" } },
    { name: "state", type: "text", words: ENTRY_STATES, about: { "zh-TW": "處理情形", en: "What became of it", ja: "対応" } },
    { name: "answer", type: "text", about: { "zh-TW": "回覆", en: "Answer", ja: "回答" } },
    { name: "created_at", type: "time", about: { "zh-TW": "張貼時間", en: "When it was posted", ja: "投稿日時" } },
    { name: "updated_at", type: "time", about: { "zh-TW": "最後變動時間", en: "When it last changed", ja: "最後に変わった日時" } },
  ],
  updates: "continuous",
  issued: "2026-11-25",
}; // prettier-ignore
