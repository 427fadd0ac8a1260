import type { Dataset } from "../../formats/dataset.ts";
import { SOURCE_KINDS } from "./notices.ts";

/** What governments and organisations have announced, as their sources word it. */
export const dataset: Dataset = {
  id: "notices",
  title: { "zh-TW": "官方公告", en: "Official notices", ja: "公式のお知らせ" },
  about: {
    "zh-TW": "各國政府與國際組織的公告與旅遊警示，附來源、原文網址、等級原文和時間。",
    en: "Notices and travel advice of governments and organisations, with source, address, level as quoted and time.",
    ja: "各国政府と国際機関のお知らせと渡航情報。出所、原文のアドレス、段階の原文、日時を含みます。",
  },
  basis: {
    "zh-TW": "由查核人員登錄或自官方來源匯入，原文照錄，不改寫等級；以原始網址為準。各國警示不同，不能當作退費的依據。",
    en: "Entered by staff or imported from official feeds, as worded there; the original counts. Levels differ between governments and are no ground for refunds.",
    ja: "担当者が登録、または公式の配信から取り込んだもので、原文のままです。元のページが優先します。段階は国により異なり、返金の根拠にはなりません。",
  },
  keywords: [
    { "zh-TW": "旅遊警示", en: "travel advice", ja: "渡航情報" },
    { "zh-TW": "官方公告", en: "official notices", ja: "公式発表" },
  ],
  source: { view: "notices", key: "id", changed: "updated_at", where: { drill: false, publication: "published" } },
  places: { lat: "lat", lon: "lon" },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "公告代碼", en: "Id of the notice", ja: "お知らせの番号" } },
    { name: "source_name", type: "text", about: { "zh-TW": "來源", en: "Source", ja: "出所" } },
    { name: "source_kind", type: "text", words: SOURCE_KINDS, about: { "zh-TW": "來源種類", en: "Kind of source", ja: "出所の種類" } },
    { name: "source_url", type: "text", column: "url", about: { "zh-TW": "原文網址", en: "Address of the original", ja: "原文のアドレス" } },
    { name: "title", type: "text", about: { "zh-TW": "標題", en: "Title", ja: "題名" } },
    { name: "text", type: "text", about: { "zh-TW": "內容", en: "Text", ja: "本文" } },
    { name: "language", type: "text", about: { "zh-TW": "語言", en: "Language", ja: "言語" } },
    { name: "level", type: "text", about: { "zh-TW": "等級，照來源原文", en: "Level, as the source words it", ja: "段階（原文のまま）" } },
    { name: "country", type: "text", about: { "zh-TW": "國家，ISO 二碼", en: "Country, ISO 3166-1 alpha-2", ja: "国。ISO の2文字" } },
    { name: "area", type: "text", about: { "zh-TW": "地區", en: "Area", ja: "地域" } },
    { name: "event", type: "text", about: { "zh-TW": "事件代號", en: "Slug of the event", ja: "事件の短い名前" } },
    { name: "lat", type: "number", about: { "zh-TW": "緯度", en: "Latitude", ja: "緯度" } },
    { name: "lon", type: "number", about: { "zh-TW": "經度", en: "Longitude", ja: "経度" } },
    { name: "published_at", type: "time", about: { "zh-TW": "公告時間", en: "When it was published", ja: "発表日時" } },
    { name: "expires_at", type: "time", about: { "zh-TW": "失效時間", en: "When it ends", ja: "失効日時" } },
    { name: "ended", type: "boolean", about: { "zh-TW": "是否已結束", en: "Whether it has ended", ja: "終わったか" } },
    { name: "updated_at", type: "time", about: { "zh-TW": "本站最後更新", en: "When it last changed here", ja: "このサイトでの更新日時" } },
    { name: "invented", type: "boolean", about: { "zh-TW": "是不是示範用的虛構資料", en: "Whether it is an invented example", ja: "例として作られたものかどうか" } },
    { name: "url", type: "url", path: "/notices/{id}", about: { "zh-TW": "本站頁面", en: "Page on this site", ja: "このサイトのページ" } },
  ],
  updates: "continuous",
  api: "/api/v1/notices",
  issued: "2026-11-25",
}; // prettier-ignore
