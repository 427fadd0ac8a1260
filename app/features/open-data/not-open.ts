import type { Texts } from "../../formats/dataset.ts";

export const GROUNDS = ["personal", "safety", "joining", "confidence", "security"] as const;

/** Something we hold and do not open. */
export interface NotOpen {
  id: string;
  what: Texts;
  why: Texts;
  ground: (typeof GROUNDS)[number];
  /** When the reason is looked at again: what was right to withhold once may be right to open later (D7). */
  review: string;
}

/** The register (D7, D82). What stands here is in the database; a table that is in neither list is a fault. */
export const notOpen: readonly NotOpen[] = [
  {
    id: "contacts",
    ground: "personal",
    review: "2027-05-25",
    what: {
      "zh-TW": "張貼者的電話、電子郵件和出生年",
      en: "Telephone, e-mail and birth year of who posted",
      ja: "投稿者の電話・メール・生年",
    },
    why: {
      "zh-TW": "只為轉達訊息和核對身分而收，張貼時已說明不公開。",
      en: "Asked for only to pass on messages and to tell people apart; their authors were promised that it is not shown.",
      ja: "連絡の取り次ぎと本人確認のためだけに預かり、公開しないと約束しています。",
    },
  },
  {
    id: "exact-places",
    ground: "safety",
    review: "2027-05-25",
    what: {
      "zh-TW": "人和受保護地點的精確位置",
      en: "Exact places of people and of places that need protection",
      ja: "人と保護が必要な場所の正確な位置",
    },
    why: {
      "zh-TW": "可能讓人被找到、跟蹤或趁火打劫；公開的是約一公里或挪動過的位置。",
      en: "They could lead to people who must not be found. What is open stands within about a kilometre, or displaced.",
      ja: "見つかってはならない人の居場所が分かるおそれがあります。公開するのはおよその位置です。",
    },
  },
  {
    id: "restricted-records",
    ground: "personal",
    review: "2027-05-25",
    what: {
      "zh-TW": "選擇不公開的留言（認識的人、有連結的人、只有查核人員）",
      en: "Records that are not for everybody (those who know, link only, staff only)",
      ja: "全員に公開しない記録（知人・リンク・担当者のみ）",
    },
    why: {
      "zh-TW": "張貼者自己決定的，連筆數也不公布，免得被推測。",
      en: "Their authors decided so. Not even how many there are is told, so that nobody can infer from it.",
      ja: "投稿者が決めたことです。推測を防ぐため件数も示しません。",
    },
  },
  {
    id: "case-records",
    ground: "joining",
    review: "2027-02-25",
    what: {
      "zh-TW": "急難救助案件的逐案紀錄",
      en: "Records of single cases of emergency assistance",
      ja: "緊急支援の個別の記録",
    },
    why: {
      "zh-TW": "國家、日期、類型合起來常只指到一個人；公開的是一起保護過的統計表。",
      en: "Country, date and kind together often point at one person. What is open are tables that were protected together.",
      ja: "国・日付・種類を合わせると一人に絞れます。まとめて保護した統計表を公開します。",
    },
  },
  {
    id: "case-narratives",
    ground: "personal",
    review: "2027-02-25",
    what: { "zh-TW": "案件經過", en: "What happened in a case, in words", ja: "事案の経過" },
    why: {
      "zh-TW": "含當事人、家屬和第三人的私事；去識別後以案例故事公開。",
      en: "Private matters of those concerned, their families and others. Some are told as stories, without what identifies.",
      ja: "当事者・家族・第三者の私事です。特定できない形にした事例を公開します。",
    },
  },
  {
    id: "staff-names",
    ground: "joining",
    review: "2027-11-25",
    what: {
      "zh-TW": "查核人員名單，以及誰做了哪個決定",
      en: "Who the staff are, and who decided what",
      ja: "担当者の名簿と、だれが何を決めたか",
    },
    why: {
      "zh-TW": "各別看不敏感，整理成名單就可能被鎖定；公開的是角色與動作。",
      en: "Harmless one by one, a list makes people targets. Roles and acts are open.",
      ja: "一つずつは問題なくても、名簿になると狙われるおそれがあります。役割と操作は公開します。",
    },
  },
  {
    id: "messages",
    ground: "confidence",
    review: "2027-11-25",
    what: {
      "zh-TW": "轉達的訊息、被遮住的原文、申訴內容",
      en: "Messages passed on, originals that were masked, words of appeals",
      ja: "取り次いだ伝言、伏せた原文、異議の内容",
    },
    why: {
      "zh-TW": "寫給特定的人，不是寫給大家的。",
      en: "Written to somebody, not to everybody.",
      ja: "特定の人にあてたものです。",
    },
  },
  {
    id: "traffic",
    ground: "security",
    review: "2027-11-25",
    what: {
      "zh-TW": "連線來源與防濫用的計數",
      en: "Where requests come from, and counts against abuse",
      ja: "接続元と乱用防止の記録",
    },
    why: {
      "zh-TW": "不保存網路位址，只有每天更換的雜湊；公開會幫到濫用的人。",
      en: "Addresses are not kept, only hashes that change daily. Opening the counts would help who abuses.",
      ja: "アドレスは保存せず、毎日変わるハッシュだけです。公開すると乱用を助けます。",
    },
  },
];
