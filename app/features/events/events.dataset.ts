import type { Dataset } from "../../formats/dataset.ts";
import { EVENT_STATES } from "./events.ts";

/** Disasters and incidents with a board of their own. */
export const dataset: Dataset = {
  id: "events",
  title: { "zh-TW": "事件", en: "Events", ja: "災害・事件" },
  about: {
    "zh-TW": "本站開過留言板的災害與事件：名稱、國家、範圍、起始時間和狀態。",
    en: "Disasters and incidents that have had a board here: titles, country, area, start and state.",
    ja: "このサイトで掲示板を開いた災害と事件。名称、国、範囲、開始日時、状態。",
  },
  basis: {
    "zh-TW": "由本站管理者建立，不是全球災害清冊；沒有人通報的事件不在內。演習標明在 drill 欄。",
    en: "Opened by whoever runs this site. It is no list of all disasters; what nobody told us about is missing. Drills say so in the field drill.",
    ja: "サイトの運営者が登録したもので、すべての災害の一覧ではありません。訓練は drill に示します。",
  },
  keywords: [
    { "zh-TW": "災害", en: "disaster", ja: "災害" },
    { "zh-TW": "急難救助", en: "emergency assistance", ja: "緊急支援" },
  ],
  source: { view: "events", key: "id", changed: "created_at" },
  fields: [
    { name: "slug", type: "text", about: { "zh-TW": "事件代號，網址用", en: "Short name, as in addresses", ja: "アドレスに使う短い名前" } },
    { name: "title_zh", type: "text", column: "titles", key: "zh-TW", about: { "zh-TW": "中文名稱", en: "Title in Chinese", ja: "中国語の名称" } },
    { name: "title_en", type: "text", column: "titles", key: "en", about: { "zh-TW": "英文名稱", en: "Title in English", ja: "英語の名称" } },
    { name: "title_ja", type: "text", column: "titles", key: "ja", about: { "zh-TW": "日文名稱", en: "Title in Japanese", ja: "日本語の名称" } },
    { name: "kind", type: "text", about: { "zh-TW": "種類", en: "Kind", ja: "種類" } },
    { name: "country", type: "text", about: { "zh-TW": "國家，ISO 3166-1 二碼", en: "Country, ISO 3166-1 alpha-2", ja: "国。ISO 3166-1 の2文字" } },
    { name: "west", type: "number", about: { "zh-TW": "範圍西界，經度", en: "Western edge, degrees", ja: "西端の経度" } },
    { name: "south", type: "number", about: { "zh-TW": "範圍南界，緯度", en: "Southern edge, degrees", ja: "南端の緯度" } },
    { name: "east", type: "number", about: { "zh-TW": "範圍東界，經度", en: "Eastern edge, degrees", ja: "東端の経度" } },
    { name: "north", type: "number", about: { "zh-TW": "範圍北界，緯度", en: "Northern edge, degrees", ja: "北端の緯度" } },
    { name: "time_zone", type: "text", about: { "zh-TW": "當地時區", en: "Local time zone (IANA)", ja: "現地の時間帯" } },
    { name: "started_at", type: "time", about: { "zh-TW": "開始時間", en: "When it began", ja: "始まった日時" } },
    { name: "state", type: "text", words: EVENT_STATES, about: { "zh-TW": "狀態：進行中、收尾、結束", en: "open, closing or closed", ja: "状態（進行中・終了間近・終了）" } },
    { name: "drill", type: "boolean", about: { "zh-TW": "是不是演習", en: "Whether it is an exercise", ja: "訓練かどうか" } },
    { name: "invented", type: "boolean", about: { "zh-TW": "是不是示範用的虛構資料", en: "Whether it is an invented example", ja: "例として作られたものかどうか" } },
    { name: "url", type: "url", path: "/events/{slug}", about: { "zh-TW": "本站頁面", en: "Page on this site", ja: "このサイトのページ" } },
  ],
  updates: "continuous",
  api: "/api/v1/events",
  issued: "2026-11-25",
}; // prettier-ignore
