import type { Dataset } from "../../formats/dataset.ts";

/** How our own data is used: looks, files and calls apart (D67, D72). */
export const dataset: Dataset = {
  id: "data-use",
  title: { "zh-TW": "資料使用次數", en: "Use of the data", ja: "データの利用回数" },
  about: {
    "zh-TW": "每個資料集每天被瀏覽、下載和用 API 讀取的次數，分開計算。",
    en: "How often each dataset was looked at, downloaded and read by programs, each day, counted apart.",
    ja: "データセットごとの1日の閲覧・ダウンロード・API の回数を別々に数えます。",
  },
  basis: {
    "zh-TW": "由伺服器計算成功的回應，不分人或程式；快取沒有經過本站的不在內。日期是世界協調時間。",
    en: "Counted by the server: answers that succeeded, by people and programs alike. What others cached does not reach us. Days are UTC.",
    ja: "サーバーが成功した応答を数えます。人とプログラムは区別せず、他のキャッシュの分は含みません。日付は協定世界時です。",
  },
  keywords: [{ "zh-TW": "使用統計", en: "usage", ja: "利用統計" }],
  source: { view: "dataset_uses", key: "id", changed: "day" },
  fields: [
    { name: "dataset", type: "text", about: { "zh-TW": "資料集代號", en: "Id of the dataset", ja: "データセットの番号" } },
    { name: "day", type: "date", about: { "zh-TW": "日期", en: "Day", ja: "日付" } },
    { name: "views", type: "integer", about: { "zh-TW": "瀏覽次數", en: "Looks at its page", ja: "閲覧回数" } },
    { name: "downloads", type: "integer", about: { "zh-TW": "下載次數", en: "Files taken", ja: "ダウンロード回数" } },
    { name: "api_calls", type: "integer", about: { "zh-TW": "API 讀取次數", en: "Calls of the API", ja: "API の回数" } },
  ],
  updates: "daily",
  issued: "2026-11-25",
}; // prettier-ignore
