import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "#tests/support/browser.ts";
import { type Receiver, startReceiver } from "#tests/support/receiver.ts";
import { type Site, startSite } from "#tests/support/site.ts";

// The widget stands in a page of another origin that the setting names, in a real browser, and in no other.

let friend: Receiver;
let stranger: Receiver;
let site: Site;
let browser: Browser;

const pages: Record<string, { type: string; body: string }> = {};

beforeAll(async () => {
  [friend, stranger] = await Promise.all([startReceiver(pages), startReceiver(pages)]);
  site = await startSite({ env: { EMBED_ORIGINS: friend.url } });
  await site.sql`insert into app.events (slug, titles, kind, country) values ('quake', '{"zh-TW": "地震現況"}', 'earthquake', 'NZ')`;
  await site.sql`
    insert into app.notices (source_key, source_name, title, language, level, country, event_id, published_at)
    select 'k', '領事事務局', ${"避免前往".repeat(30)}, 'zh-TW', '第三級：橙色', 'NZ', id, now() from app.events where slug = 'quake'`;
  for (const [name, where] of [
    ["event", "/embed/events/quake"],
    ["country", "/embed/countries/NZ"],
    ["board", "/safety"],
  ] as const)
    pages[`/${name}`] = {
      type: "text/html; charset=utf-8",
      body: `<!DOCTYPE html><title>官網</title><link rel="icon" href="data:,"><body style="margin:0"><h1>官網</h1><iframe src="${site.url}${where}" title="守望" style="border:0;width:100%;height:600px"></iframe>`,
    };
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await Promise.all([friend?.close(), stranger?.close()]);
});

async function framed(page: Page, host: Receiver, name: string, width: number) {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.setViewportSize({ width, height: 700 });
  await page.goto(`${host.url}/${name}`);
  const frame = page.frames()[1]!;
  await frame.waitForLoadState();
  const text = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
  const overhang = await frame
    .evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    .catch(() => 0);
  return { text, overhang, complaints, url: frame.url() };
}

describe("a page of another origin", () => {
  it.each([
    ["event", 320],
    ["event", 1200],
    ["country", 320],
    ["country", 1200],
  ])(
    "that is on the list shows the widget of the %s at %d px, without script and without scrolling sideways",
    async (name, width) => {
      const page = await browser.newPage({ javaScriptEnabled: true, locale: "zh-TW" });
      const { text, overhang, complaints } = await framed(page, friend, name, width);
      expect(text).toContain(name === "event" ? "地震現況" : "紐西蘭");
      expect(text).toContain("第三級：橙色");
      expect(text).toContain("避免前往");
      expect(overhang).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it("that is not on the list is refused by the browser", async () => {
    const page = await browser.newPage({ locale: "zh-TW" });
    const { text, complaints } = await framed(page, stranger, "event", 800);
    expect(text).not.toContain("地震現況");
    expect(complaints.join("\n")).toMatch(/frame-ancestors|refused|Framing/i);
    await page.close();
  });

  it("frames nothing but widgets, on the list or not", async () => {
    const page = await browser.newPage({ locale: "zh-TW" });
    const { text, complaints } = await framed(page, friend, "board", 800);
    expect(text).not.toContain("留言板");
    expect(complaints.join("\n")).toMatch(/frame|Framing/i);
    await page.close();
  });
});
