import { importNotices } from "../../features/notices/notices.server.ts";
import type { NoticeDraft } from "../../formats/notice-feed.ts";
import type { Commands } from "../../platform/db.server.ts";

/** Nobody real speaks in these: an example must never put words into the mouth of a ministry. */
const invented: readonly (Pick<NoticeDraft, "title" | "text" | "level" | "language" | "area"> & {
  key: string;
  source: string;
  hoursAgo: number;
})[] = [
  {
    key: "advice",
    source: "示範旅遊資訊局（虛構）",
    hoursAgo: 5,
    title: "第三級：橙色避免前往 - 基督城（虛構示範）",
    level: "第三級：橙色避免前往",
    text: "餘震持續，市中心封閉。請聽從當地指示，和家人保持聯絡。\n這是示範，地震和公告都是虛構的。",
    language: "zh-TW",
    area: "基督城",
  },
  {
    key: "road",
    source: "Example Road Agency (invented)",
    hoursAgo: 9,
    title: "Bridge Street bridge closed to heavy vehicles (invented example)",
    level: null,
    text: "The bridge carries cars only until it has been inspected.\nThis is an example; nothing of it happened.",
    language: "en",
    area: "Christchurch",
  },
  {
    key: "water",
    source: "Example City Council (invented)",
    hoursAgo: 30,
    title: "Boil water before drinking (invented example)",
    level: "Advisory",
    text: "Until tests are back, boil water for one minute.\nThis is an example; nothing of it happened.",
    language: "en",
    area: "Christchurch",
  },
];

/** Adds the notices of an invented event. Gives how many are new; a second time there are none. */
export async function addInventedNotices(commands: Commands, event: string, now: Date): Promise<number> {
  const outcomes = await importNotices(
    commands,
    null,
    invented.map(({ key, source, hoursAgo, ...words }) => ({
      ...words,
      source_key: `demo:${event}:${key}`,
      source_name: source,
      url: null,
      country: null,
      lat: null,
      lon: null,
      west: null,
      south: null,
      east: null,
      north: null,
      published_at: new Date(now.getTime() - hoursAgo * 3_600_000).toISOString(),
      expires_at: null,
      ended: false,
      drill: false,
      replaces: [],
      event,
    })),
  );
  return outcomes.filter(({ outcome }) => outcome === "created").length;
}
