import type { Page } from "playwright-core";
import { fillAndSend, type FormAnswers } from "./posting.ts";
import type { Site } from "./site.ts";

/** An invented earthquake at a place that exists, as the demonstration has it. */
export const quake = {
  slug: "demo-christchurch",
  titles: {
    "zh-TW": "紐西蘭基督城地震（虛構示範）",
    en: "Christchurch earthquake, New Zealand (invented example)",
    ja: "ニュージーランド・クライストチャーチ地震（架空の例）",
  },
  summaries: { "zh-TW": "這是示範。", en: "This is an example.", ja: "これは例です。" },
  kind: "earthquake",
  country: "NZ",
  west: 172.3,
  south: -43.75,
  east: 172.95,
  north: -43.35,
  time_zone: "Pacific/Auckland",
  invented: true,
};

/** Opens the event on a site of a test. */
export async function openQuake(site: Site): Promise<void> {
  await site.sql`select public.open_event(${site.sql.json(quake)})`;
}

export interface PostedOnMap {
  id: string;
  page: string;
  manage: string;
  html: string;
}

/** Posts a report through the form as a browser without script does, from an address of its own. */
export async function reportByForm(
  site: Site,
  answers: FormAnswers,
  caller = "198.51.100.1",
): Promise<PostedOnMap> {
  const headers = { "x-forwarded-for": caller };
  const answer = await fillAndSend(
    site,
    `/map/reports/new?event=${quake.slug}`,
    "report",
    { none_same: "yes", ...answers },
    headers,
  );
  if (answer.status !== 303) throw new Error(`Posting answered ${answer.status}: ${await answer.text()}`);
  const page = new URL(answer.headers.get("location") ?? "", site.url).pathname;
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const html = await (await site.fetch(page, { headers: { ...headers, cookie } })).text();
  const manage = /href="[^"]*?(\/map\/reports\/[^"]+\/manage\?token=[^"]+)"/.exec(html)?.[1] ?? "";
  return { id: page.split("/").at(-1)!, page, manage, html };
}

/** Waits until the map of the page is drawn and has come to rest. */
export async function mapReady(page: Page): Promise<void> {
  await page.locator(".map.leaflet-container").waitFor();
  await page.waitForFunction(
    () =>
      document.querySelectorAll(".outline-tile .leaflet-tile").length > 0 &&
      [...document.querySelectorAll(".outline-tile .leaflet-tile")].every((tile) =>
        tile.classList.contains("leaflet-tile-loaded"),
      ),
  );
}

/** The middle of the map, and its box, in pixels of the window. */
export async function mapBox(page: Page) {
  const map = page.locator(".map.leaflet-container");
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  return { ...box, middle: { x: box.x + box.width / 2, y: box.y + box.height / 2 } };
}

/** Draws with one finger along these points of the window. */
export async function drawWithFinger(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: { x: number; y: number }) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] });
  await touch("touchStart", points[0]);
  for (const at of points.slice(1)) await touch("touchMove", at);
  await touch("touchEnd");
  await session.detach();
}
