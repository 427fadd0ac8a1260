import { createHash } from "node:crypto";
import { REGION_OF_COUNTRY } from "../../features/cases/cases.ts";
import type { Story } from "../../features/cases/stories.ts";
import { postInventedStory } from "../../features/cases/stories.server.ts";
import type { Commands } from "../../platform/db.server.ts";

type InventedStory = Omit<Story, "id" | "region" | "correction" | "invented" | "published_at" | "quarter"> & {
  /** How long before the demonstration it was published. */
  daysAgo: number;
  year: string | null;
};

// Each is coarse enough for the invented cases beside it; a test holds that.
const stories: readonly InventedStory[] = [
  {
    daysAgo: 9,
    year: "2024",
    language: "zh-TW",
    title: "沒買保險，一場車禍躺了六週",
    account:
      "一位在澳洲打工度假的年輕人，為了省錢沒有投保。下班騎車回宿舍的路上被車撞上，骨折加上氣胸，醫生說六週內不能搭飛機。\n\n住院和手術的費用，是他存了一整季的工錢的好幾倍。家人在台灣借錢，房東讓他先欠房租，當地的台灣人輪流送飯、翻譯、陪他跟醫院談分期。\n\n他說，最難受的不是痛，是每天醒來先算今天又欠了多少。",
    lesson:
      "打工度假簽證不會替你付醫藥費。一年份的海外醫療險，大約是一天住院費的一半。受傷後先告訴雇主並留下書面紀錄，很多州有職災保險。",
    checklist: [
      "出發前買足一年的海外醫療險，含住院和專機返國",
      "把保單號碼和 24 小時理賠電話存在手機，也寫一張放錢包",
      "確認雇主有替你保職災險，薪資單要留著",
      "把外交部急難電話 +886-800-085-095 存起來",
    ],
    country: "AU",
    type: "injury_death",
    programme: "working_holiday",
    age_band: "18_29",
  },
  {
    daysAgo: 16,
    year: "2024",
    language: "zh-TW",
    title: "換錢時被拍了一下肩膀，護照就不見了",
    account:
      "在熱鬧的車站前換錢，有人拍肩膀說背包沾到東西。回頭三秒，護照、機票和卡全沒了，隔天一早就要飛。\n\n她先去最近的派出所報案，拿報案證明；再聯絡館處，隔天上午補到入國證明書，改了下午的航班。",
    lesson: "護照和錢分開放。先報案，再補件：沒有報案證明，什麼都卡住。",
    checklist: [
      "護照影本和照片各兩份，放在不同的袋子",
      "拍下護照基本資料頁，存在雲端",
      "記下館處地址和上班時間",
    ],
    country: "JP",
    type: "passport_lost",
    programme: "tourism",
    age_band: null,
  },
  {
    daysAgo: 30,
    year: null,
    language: "zh-TW",
    title: "月薪十萬的工作，落地後護照被收走",
    account:
      "網路上的徵才廣告說包機票、包住、月薪十萬。落地後有人接機，護照被收走「辦手續」，接著被帶到園區，要他打電話騙人。\n\n他假裝配合，趁能用手機時把位置傳給家人。家人報警，也打了急難專線。兩個月後，他和另外三個人一起回家。",
    lesson: "不收你錢、卻要你馬上出發的海外工作，幾乎都是陷阱。護照任何時候都不交給別人。",
    checklist: [
      "查公司登記，打電話到公司總機，不只看群組裡的名片",
      "把行程、對方電話和證件照片交給家人",
      "和家人約好一句暗語：說了就代表出事",
      "護照不交給任何人保管",
    ],
    country: "KH",
    type: "theft_fraud",
    programme: "work",
    age_band: null,
  },
  {
    daysAgo: 44,
    year: "2024",
    language: "en",
    title: "Three days without a word, and a phone in a rice cooker",
    account:
      "A student stopped answering. Her family knew the city and the school, not the address. The airline could only say that she had landed; the school that she had been in class on Friday.\n\nThe mission asked a neighbour of the same language to knock. She was at home with a broken phone drying in rice, surprised by how many people were looking for her.",
    lesson:
      "Leave an address and one local number with somebody at home. A search that begins with an address ends in an hour; without one it takes days.",
    checklist: [
      "Leave your address and a neighbour’s or landlord’s number with your family",
      "Agree how often you write, and what they do when you do not",
      "Write important numbers on paper",
    ],
    country: null,
    type: null,
    programme: "study",
    age_band: "18_29",
  },
  {
    daysAgo: 58,
    year: "2025",
    language: "zh-TW",
    title: "離岸流把她帶離沙灘五十公尺",
    account:
      "海水只到腰，腳一滑就踩不到底。越用力往岸上游，離岸越遠。同伴沒有下水，跑去叫救生員。\n\n她後來說，漂著的那幾分鐘一直想起出發前看過的圖：順著水，往旁邊游。",
    lesson: "被離岸流帶走時，不要往岸上硬游：放鬆、舉手、往側邊游出去。沒有救生員的沙灘不下水。",
    checklist: ["下水前看旗子：紅旗不下水", "出發前看一次離岸流怎麼辦的圖", "水上活動要看保險有沒有賠"],
    country: "TH",
    type: null,
    programme: "tourism",
    age_band: null,
  },
  {
    daysAgo: 75,
    year: "2024",
    language: "ja",
    title: "乗り継ぎの空港で、薬が荷物に入ったままだった",
    account:
      "預けた荷物が届かず、毎日飲む薬もその中にありました。到着した町では同じ薬の名前が通じません。\n\n処方箋の写真と、成分名を英語で書いた紙が手元にあったので、その日のうちに病院で出してもらえました。",
    lesson: "薬は機内持ち込みに、成分名は英語で。処方箋の写真があれば、知らない町でも話が早く進みます。",
    checklist: [
      "薬は機内に持ち込み、数日分多めに",
      "薬の成分名を英語で書いておく",
      "持病とアレルギーを英語で書いた紙を持つ",
    ],
    country: null,
    type: null,
    programme: "tourism",
    age_band: "45_64",
  },
  {
    daysAgo: 90,
    year: "2024",
    language: "zh-TW",
    title: "地震後的第一通訊息，比電話快",
    account:
      "半夜地震，電話打不出去。他在旅館大廳用一格訊號傳了一句「平安，在飯店外面」，家人收到時，新聞才剛開始播。\n\n之後兩天道路不通，他每天中午固定報一次平安，讓手機其餘時間關著。",
    lesson: "災後先傳文字，不要打電話。約定固定時間報平安，電池就夠用。",
    checklist: [
      "和家人約好：出事時先傳文字，每天固定時間報一次",
      "行動電源充滿再出門",
      "到旅館先看逃生路線和集合地點",
    ],
    country: "JP",
    type: "force_majeure",
    programme: null,
    age_band: null,
  },
  {
    daysAgo: 120,
    year: "2023",
    language: "zh-TW",
    title: "少了一張紙，在入境櫃台等了九個小時",
    account:
      "海關問他住哪裡、什麼時候離開。他說住朋友家，沒有地址，也還沒買回程票。被請到小房間等，手機不能用，九個小時後搭下一班飛機回家。",
    lesson: "免簽不是保證入境。把住宿、回程和財力的證明印出來，放在隨身行李。",
    checklist: ["印出回程機票和住宿證明", "寫下住處的完整地址和聯絡人電話", "說話要和簽證目的一致"],
    country: null,
    type: null,
    programme: "tourism",
    age_band: "30_44",
  },
];

/** The invented stories, as they are published. `now` is when the demonstration is made. */
export function inventStories(now: Date): Omit<Story, "correction" | "invented">[] {
  return stories.map(({ daysAgo, year, ...story }) => {
    const hex = createHash("sha256").update(`demo story ${story.title}`).digest("hex");
    return {
      ...story,
      id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
      quarter: year,
      region: story.country === null ? "europe" : REGION_OF_COUNTRY.get(story.country)!,
      published_at: new Date(now.getTime() - daysAgo * 86_400_000).toISOString(),
    };
  });
}

/** Publishes the invented stories that are not there yet. */
export async function addInventedStories(
  commands: Commands,
  now: Date,
): Promise<{ created: number; present: number }> {
  const totals = { created: 0, present: 0 };
  for (const story of inventStories(now)) totals[await postInventedStory(commands, story)] += 1;
  return totals;
}
