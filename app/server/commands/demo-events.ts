import type { NewEvent } from "../../features/events/events.server.ts";

export interface Place {
  name: string;
  lat: number;
  lon: number;
}

export interface InventedEvent {
  /** `started_at` is told in hours before now. */
  event: Omit<NewEvent, "started_at">;
  startedHoursAgo: number;
  persons: number;
  places: readonly Place[];
}

const realHotline = {
  number: "+886-800-085-095",
  names: {
    "zh-TW": "外交部旅外國人急難救助全球免付費專線（24 小時）",
    en: "Emergency help for Taiwanese abroad, Ministry of Foreign Affairs (24 hours)",
    ja: "台湾外交部 海外緊急支援ダイヤル（24 時間）",
  },
};

const inventedHotline = (number: string) => ({
  number,
  names: { "zh-TW": "駐處急難電話（虛構）", en: "Office on the spot (invented)", ja: "現地事務所（架空）" },
});

/** The two events of the demonstration; nothing in them ever happened. */
export const inventedEvents: readonly InventedEvent[] = [
  {
    startedHoursAgo: 122,
    persons: 200,
    event: {
      slug: "demo-christchurch",
      titles: {
        "zh-TW": "紐西蘭基督城地震（虛構示範）",
        en: "Christchurch earthquake, New Zealand (invented example)",
        ja: "ニュージーランド・クライストチャーチ地震（架空の例）",
      },
      summaries: {
        "zh-TW": "這是示範。地震、人物和消息都是虛構的。",
        en: "This is an example. The earthquake, the people and the news are all invented.",
        ja: "これは例です。地震も人も知らせも、すべて架空です。",
      },
      kind: "earthquake",
      country: "NZ",
      west: 172.3,
      south: -43.75,
      east: 172.95,
      north: -43.35,
      time_zone: "Pacific/Auckland",
      hotlines: [realHotline, inventedHotline("+64-9-555-0100")],
      links: [],
      drill: false,
      invented: true,
    },
    places: [
      { name: "Cathedral Square", lat: -43.531, lon: 172.637 },
      { name: "Hagley Park", lat: -43.529, lon: 172.619 },
      { name: "University of Canterbury, Ilam", lat: -43.523, lon: 172.582 },
      { name: "Christchurch Airport", lat: -43.489, lon: 172.532 },
      { name: "Riccarton", lat: -43.53, lon: 172.597 },
      { name: "New Brighton", lat: -43.507, lon: 172.731 },
      { name: "Sumner", lat: -43.568, lon: 172.758 },
      { name: "Lyttelton", lat: -43.603, lon: 172.72 },
      { name: "Cowles Stadium 收容所", lat: -43.514, lon: 172.688 },
      { name: "Pioneer 收容所", lat: -43.556, lon: 172.612 },
      { name: "Kaiapoi", lat: -43.383, lon: 172.658 },
      { name: "Rolleston", lat: -43.594, lon: 172.383 },
    ],
  },
  {
    startedHoursAgo: 52,
    persons: 100,
    event: {
      slug: "drill-nepal",
      titles: {
        "zh-TW": "尼泊爾地震演習（虛構）",
        en: "Nepal earthquake drill (invented)",
        ja: "ネパール地震訓練（架空）",
      },
      summaries: {
        "zh-TW": "這是演習，沒有人有危險。人物和消息都是虛構的。",
        en: "This is a drill: nobody is in danger. The people and the news are invented.",
        ja: "これは訓練です。危険な目にあっている人はいません。人も知らせも架空です。",
      },
      kind: "earthquake",
      country: "NP",
      west: 83.5,
      south: 27.2,
      east: 87.2,
      north: 28.6,
      time_zone: "Asia/Kathmandu",
      hotlines: [realHotline, inventedHotline("+977-1-555-0100")],
      links: [],
      drill: true,
      invented: true,
    },
    places: [
      { name: "Thamel, Kathmandu", lat: 27.715, lon: 85.312 },
      { name: "Tribhuvan Airport", lat: 27.697, lon: 85.359 },
      { name: "Bhaktapur", lat: 27.672, lon: 85.428 },
      { name: "Syabrubesi", lat: 28.163, lon: 85.343 },
      { name: "Kyanjin Gompa, Langtang", lat: 28.212, lon: 85.567 },
      { name: "Dhunche", lat: 28.105, lon: 85.298 },
      { name: "Lukla", lat: 27.688, lon: 86.731 },
      { name: "Namche Bazaar", lat: 27.805, lon: 86.714 },
      { name: "Pokhara Lakeside", lat: 28.209, lon: 83.957 },
      { name: "Gorkha", lat: 28.0, lon: 84.629 },
    ],
  },
];
