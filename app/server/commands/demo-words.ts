/** What invented people say, by language and by what they want to say. `{place}` and `{name}` are filled in. */
export type Words =
  "safe" | "help" | "sought" | "alive" | "missing" | "dead" | "stillSafe" | "moved" | "same";
export type Spoken = "zh-TW" | "ja" | "en";

export const words: Record<Spoken, Record<Words, readonly string[]>> = {
  "zh-TW": {
    safe: [
      "人平安，在{place}。手機快沒電，晚點再報。",
      "我沒事，房子有點裂，現在和同學在{place}。",
      "平安。電話打不通，可以傳訊息。請轉告我媽。",
      "全家 4 人都平安，車停在{place}，路不通先不動。",
      "已經到{place}集合，大家都在。",
    ],
    help: [
      "在{place}，腳受傷不能走，旁邊有人幫忙。",
      "護照和錢包都埋在旅館裡，現在在{place}，身上沒有現金。",
      "民宿不能住了，今晚在{place}沒有地方睡。",
      "路斷了，我們 6 個人困在{place}，有水，食物大概一天。",
    ],
    sought: [
      "地震後就沒有消息，最後說要去{place}。",
      "最後一次通話是當天早上，人在{place}附近。有看到的人請留言。",
      "打工度假，住在{place}一帶，手機關機。",
      "參加旅行團，原定住{place}，旅行社也聯絡不上。",
    ],
    alive: [
      "我昨天在{place}看到他，人平安，手機壞了。",
      "同團的人說他在{place}，沒有受傷。",
      "和他通過電話，在{place}等巴士。",
    ],
    missing: ["說好在{place}會合，等了一天沒有來。", "旅館說他沒有回去，最後有人在{place}看到他。"],
    dead: ["{place}的名單上有同名的人，還不確定是不是他。"],
    stillSafe: ["還在{place}，一切都好。", "今天有餘震，人沒事。"],
    moved: ["已經到{place}，明天等飛機。", "換到{place}，這裡有電可以充。"],
    same: ["和另一筆「{name}」是同一個人，我是他姊姊。", "同一個人：生日和學校都一樣（{name}）。"],
  },
  ja: {
    safe: [
      "無事です。いま{place}にいます。",
      "けがはありません。{place}の避難所にいます。電話はつながりません。",
    ],
    help: [
      "{place}にいます。足をけがして歩けません。",
      "パスポートとお金がホテルの中です。{place}にいます。",
    ],
    sought: [
      "地震のあと連絡がとれません。{place}に行くと言っていました。",
      "{place}の語学学校に通っています。",
    ],
    alive: ["きのう{place}で会いました。元気そうでした。"],
    missing: ["{place}で待ち合わせましたが、来ませんでした。"],
    dead: ["{place}の名簿に同じ名前がありました。本人か分かりません。"],
    stillSafe: ["まだ{place}にいます。変わりありません。"],
    moved: ["{place}に移りました。"],
    same: ["「{name}」と同じ人です。家族より。"],
  },
  en: {
    safe: ["I'm fine, at {place}. Battery low.", "Safe and with friends at {place}. Please tell Mum."],
    help: [
      "At {place}, hurt my leg, can't walk far.",
      "No money, no passport, at {place}. Everything is in the hotel.",
    ],
    sought: [
      "Last heard from on the morning of the quake, near {place}.",
      "Was staying around {place}. Phone is off.",
    ],
    alive: [
      "Saw them at {place} yesterday, tired but okay.",
      "Spoke on the phone: fine, waiting at {place}.",
    ],
    missing: ["We agreed to meet at {place}. Never came."],
    dead: ["The same name is on a list at {place}. Not sure it is the same person."],
    stillSafe: ["Still at {place}, still fine."],
    moved: ["Moved to {place}, there is power here."],
    same: ["Same person as the other post, “{name}”. I'm her cousin."],
  },
};

/** Who says it, when it is somebody else. */
export const tellers: Record<Spoken, readonly string[]> = {
  "zh-TW": ["室友", "媽媽", "哥哥", "領隊", "同學 小安", "旅館櫃台", "志工"],
  ja: ["母", "友人", "引率の先生"],
  en: ["a flatmate", "her sister", "the guide", "volunteer at the desk"],
};

export const cities: Record<string, readonly string[]> = {
  TW: ["台北市", "新北市", "台中市", "高雄市", "台南市", "新竹市", "花蓮縣", "屏東縣"],
  JP: ["東京", "大阪", "札幌", "福岡"],
  NZ: ["Christchurch", "Dunedin"],
  AU: ["Brisbane", "Perth"],
  GB: ["Leeds", "Cardiff"],
  US: ["Seattle", "Boston"],
};
