import type { Dataset } from "../../formats/dataset.ts";
import { NOTE_SOURCES, NOTE_STATUSES, POSTED_AS, SEXES } from "./persons.ts";

/** Who is safe and who is sought, as everybody may read it on the board. */
export const dataset: Dataset = {
  id: "persons",
  title: { "zh-TW": "平安與協尋名單（公開）", en: "Persons: safe and sought (public)", ja: "安否と捜索の記録（公開分）" },
  about: {
    "zh-TW": "留言板上所有人都看得到的紀錄。不含聯絡方式；年齡是五歲一組，位置約到一公里。",
    en: "The records of the board that everybody may see. No contact details; ages in bands of five years, places to about a kilometre.",
    ja: "掲示板でだれでも見られる記録です。連絡先は含みません。年齢は5歳ごと、位置は約1kmです。",
  },
  basis: {
    "zh-TW": "由民眾自行張貼或由其他登錄平台匯入，一筆紀錄不等於一個人：同一人可能有多筆，也有人沒有登錄。選擇不公開、已刪除和過期的不在內。演習不在內。",
    en: "Posted by the public or imported from other registries. A record is not a person: some have several, many have none. Records that are not public, deleted or expired are left out, and drills.",
    ja: "だれでも投稿でき、他の登録先からも取り込みます。1件が1人とは限りません。非公開・削除・期限切れの記録と訓練は含みません。",
  },
  keywords: [
    { "zh-TW": "平安", en: "safety", ja: "安否" },
    { "zh-TW": "協尋", en: "missing persons", ja: "行方不明" },
    { "zh-TW": "PFIF", en: "PFIF", ja: "PFIF" },
  ],
  source: { view: "persons", key: "id", changed: "freshest_at", where: { drill: false } },
  places: { lat: "lat", lon: "lon" },
  fields: [
    { name: "id", type: "text", about: { "zh-TW": "紀錄代碼", en: "Id of the record", ja: "記録の番号" } },
    { name: "record_id", type: "text", about: { "zh-TW": "PFIF 紀錄代碼", en: "PFIF person_record_id", ja: "PFIF の記録番号" } },
    { name: "event", type: "text", about: { "zh-TW": "事件代號", en: "Slug of the event", ja: "事件の短い名前" } },
    { name: "posted_as", type: "text", words: [...POSTED_AS, "imported"], about: { "zh-TW": "張貼者：本人、在找人、知情者、匯入", en: "By whom: me, seeking, informing, or imported", ja: "投稿者（本人・捜している人・知っている人・取り込み）" } },
    { name: "full_name", type: "text", about: { "zh-TW": "姓名", en: "Name as posted", ja: "氏名" } },
    { name: "alternate_names", type: "list", about: { "zh-TW": "別名", en: "Other names", ja: "別名" } },
    { name: "sex", type: "text", words: SEXES, about: { "zh-TW": "性別", en: "Sex", ja: "性別" } },
    { name: "age_from", type: "integer", about: { "zh-TW": "年齡下限", en: "Age, from", ja: "年齢の下限" } },
    { name: "age_to", type: "integer", about: { "zh-TW": "年齡上限", en: "Age, to", ja: "年齢の上限" } },
    { name: "home_country", type: "text", about: { "zh-TW": "來自國家，ISO 二碼", en: "Home country, ISO 3166-1 alpha-2", ja: "出身国。ISO の2文字" } },
    { name: "home_city", type: "text", about: { "zh-TW": "來自城市", en: "Home city", ja: "出身の町" } },
    { name: "status", type: "text", words: NOTE_STATUSES, about: { "zh-TW": "狀態，PFIF 用詞", en: "Status, in the words of PFIF", ja: "状態。PFIF の語" } },
    { name: "status_by", type: "text", words: NOTE_SOURCES, about: { "zh-TW": "狀態是誰說的", en: "Who said so", ja: "だれの情報か" } },
    { name: "status_date", type: "time", about: { "zh-TW": "狀態的時間", en: "Date of the status", ja: "状態の日時" } },
    { name: "needs", type: "list", about: { "zh-TW": "需要的幫助", en: "What they need", ja: "必要な助け" } },
    { name: "last_known_location", type: "text", about: { "zh-TW": "最後所在地", en: "Last known place", ja: "最後にいた場所" } },
    { name: "lat", type: "number", about: { "zh-TW": "緯度（約一公里）", en: "Latitude, rounded", ja: "緯度（およそ）" } },
    { name: "lon", type: "number", about: { "zh-TW": "經度（約一公里）", en: "Longitude, rounded", ja: "経度（およそ）" } },
    { name: "precision_m", type: "integer", about: { "zh-TW": "位置精度，公尺", en: "Precision of the place in metres", ja: "位置の精度（m）" } },
    { name: "source_date", type: "time", about: { "zh-TW": "原始時間", en: "Date at the source", ja: "元の日時" } },
    { name: "expiry_date", type: "time", about: { "zh-TW": "到期時間，之後請刪除你的副本", en: "When it expires: delete your copy then", ja: "期限。過ぎたら写しを消してください" } },
    { name: "invented", type: "boolean", about: { "zh-TW": "是不是示範用的虛構資料", en: "Whether it is an invented example", ja: "例として作られたものかどうか" } },
    { name: "url", type: "url", path: "/safety/persons/{id}", about: { "zh-TW": "本站頁面", en: "Page on this site", ja: "このサイトのページ" } },
  ],
  updates: "continuous",
  api: "/api/v1/persons",
  issued: "2026-11-25",
}; // prettier-ignore
