import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { translator } from "#app/i18n/translate.ts";
import { startBrowser } from "#tests/support/browser.ts";
import {
  drawWithFinger,
  mapBox,
  mapReady,
  openQuake,
  quake,
  reportByForm,
  type PostedOnMap,
} from "#tests/support/map-event.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { barriers, openTab, overhang, type Tab } from "#tests/support/tab.ts";

// The disaster map in a real browser: what the hand does, what the eye sees, and what stays when there is no script.

const zh = translator("zh-TW");
const pictures = process.env.SCREENSHOTS ? path.resolve("docs/screenshots") : null;

let site: Site;
let browser: Browser;
let water: PostedOnMap;
let bridge: PostedOnMap;
let needed: PostedOnMap;
beforeAll(async () => {
  [site, browser] = await Promise.all([
    startSite({ env: { RATE_LIMITS: "off", TRUST_PROXY: "on" } }),
    startBrowser(),
  ]);
  await openQuake(site);
  water = await reportByForm(site, {
    kind: "water",
    coordinates: "-43.5290, 172.6190",
    place: "Hagley Park",
    text: "消防隊供水，早上 8 點到晚上 8 點",
  });
  bridge = await reportByForm(site, {
    kind: "bridge",
    coordinates: "-43.5480, 172.7420",
    road: "Bridge St",
    state: "single_lane",
    passable: "car",
    text: "橋面裂開，只放行小車",
  });
  await reportByForm(site, {
    kind: "road",
    coordinates: "-43.6230, 172.4790\n-43.6270, 172.4860",
    road: "SH75",
    state: "passable_with_care",
    passable: "truck",
    text: "一邊有落石，慢慢開可以過",
  });
  needed = await reportByForm(site, {
    kind: "water",
    needed: "yes",
    coordinates: "-43.5123, 172.7234",
    place: "New Brighton",
    text: "整條街停水",
  });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const calm = async (tab: Tab) => {
  expect(tab.complaints()).toEqual([]);
  expect(await overhang(tab.page)).toBeLessThanOrEqual(0);
};

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `map-${name}.png`) });
}

const points = (page: Page) =>
  page
    .locator("#report-coordinates")
    .inputValue()
    .then((text) => text.split("\n").filter((line) => line !== ""));

describe("drawing", () => {
  it("with the mouse: each click a point, undo takes the last, typing moves it, and the text is what is sent", async () => {
    const tab = await openTab(browser, site, { caller: "198.51.100.20" });
    const { page } = tab;
    await tab.go(`/map/reports/new?event=${quake.slug}`);
    await mapReady(page);
    await page.locator('[name="kind"][value="road"]').check();
    expect(await page.getByRole("button", { name: zh("map:island.line") }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    const { middle } = await mapBox(page);
    for (const [dx, dy] of [
      [-80, -40],
      [-20, 10],
      [40, 0],
      [90, 60],
    ] as const)
      await page.mouse.click(middle.x + dx, middle.y + dy);
    expect(await points(page)).toHaveLength(4);
    expect(await page.locator(".handle").count()).toBe(4);
    await page.getByRole("button", { name: zh("map:island.undo") }).click();
    expect(await points(page)).toHaveLength(3);
    const handle = (await page.locator(".handle-frame").nth(1).boundingBox())!;
    expect(handle.width).toBeGreaterThanOrEqual(44);
    const before = await points(page);
    await page.mouse.move(handle.x + 22, handle.y + 22);
    await page.mouse.down();
    await page.mouse.move(handle.x + 62, handle.y - 10, { steps: 5 });
    await page.mouse.up();
    const after = await points(page);
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[1]).not.toBe(before[1]);

    await page.locator('[name="state"][value="closed"]').check();
    await page.locator("#report-text").fill("滑鼠畫的");
    await calm(tab);
    await page.locator("#report button:not([type=button])").last().click();
    await page.locator("#manage").waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1)!;
    const [row] = await site.sql`select line from app.reports where id = ${id}`;
    const kept = (row!.line as [number, number][]).map(
      ([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`,
    );
    expect(kept).toEqual(after);
    await tab.close();
  });

  it("with the keyboard alone: arrows move the map under the crosshair, Enter sets a point, Backspace takes it back", async () => {
    const tab = await openTab(browser, site, { caller: "198.51.100.21", language: "en" });
    const { page } = tab;
    const en = translator("en");
    await tab.go(`/map/reports/new?event=${quake.slug}`);
    await mapReady(page);
    await page.locator('[name="kind"][value="landslide"]').press("Space");
    await page.locator(".map.leaflet-container").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");
    expect(await page.locator(".crosshair").isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await points(page)).toHaveLength(3);
    await page.keyboard.press("Backspace");
    const drawn = await points(page);
    expect(drawn).toHaveLength(2);
    expect(new URL(page.url()).pathname).toBe("/map/reports/new");
    const said = await page.locator(".draw-frame .map-status").innerText();
    expect(said).toContain(drawn[1]!);
    expect(said).toMatch(/^2 points/);
    // Going on with the keys leads out of the map again.
    await page.locator("#report-text").focus();
    await page.keyboard.type("Drawn without a mouse");
    await page.getByRole("button", { name: en("map:form.send") }).press("Enter");
    await page.locator("#manage").waitFor();
    await calm(tab);
    await tab.close();
  });

  it("what was drawn comes back with the form when something else must be changed", async () => {
    const tab = await openTab(browser, site, { width: 360, caller: "198.51.100.22" });
    const { page } = tab;
    await tab.go(`/map/reports/new?event=${quake.slug}`);
    await mapReady(page);
    await page.getByRole("button", { name: zh("map:island.line") }).click();
    const { middle } = await mapBox(page);
    await page.mouse.click(middle.x - 40, middle.y);
    await page.mouse.click(middle.x + 40, middle.y - 20);
    const drawn = await points(page);
    await page.locator("#report-text").fill("忘了選種類");
    await page.locator("#report button:not([type=button])").last().click();
    await page.locator("#report-summary").waitFor();
    await mapReady(page);
    expect(await points(page)).toEqual(drawn);
    expect(await page.locator(".handle").count()).toBe(2);
    expect(await page.locator("#report-text").inputValue()).toBe("忘了選種類");
    await calm(tab);
    await tab.close();
  });
});

describe("the list and the map", () => {
  it("without script the list says everything: what, where, how far, how sure; filters and pages by plain links", async () => {
    const tab = await openTab(browser, site, { script: false, width: 360 });
    const { page } = tab;
    await tab.go(`/map?event=${quake.slug}`);
    const list = page.locator(".list-pane");
    const cards = list.locator(".report");
    const all = await cards.count();
    expect(all).toBeGreaterThanOrEqual(4);
    expect(await list.innerText()).toContain(zh("map:list.count", { count: all }));
    const card = cards.filter({ hasText: "Bridge St" });
    const words = await card.innerText();
    for (const word of [
      zh("map:kind.bridge"),
      zh("map:state.single_lane"),
      zh("map:upTo", { vehicle: zh("map:passable.car") }),
      zh("confidence:nobody"),
    ])
      expect(words).toContain(word);
    expect(words).toMatch(/[東西南北]方 \d/);

    await page.getByRole("link", { name: zh("map:passable.truck"), exact: true }).click();
    const left = await page.locator(".list-pane .report h3").allInnerTexts();
    expect(left).toEqual([expect.stringContaining("SH75")]);
    await tab.go(`/map?event=${quake.slug}&kind=water&near=-43.53,172.62`);
    expect(await page.locator(".list-pane .report").count()).toBe(2);
    expect(await page.locator(".list-pane .report").last().innerText()).toMatch(/公尺|公里|就在這裡/);
    await tab.go(`/map?event=${quake.slug}&near=nowhere`);
    expect(await page.locator("#filter .error").count()).toBe(1);
    await calm(tab);
    await tab.close();
  });

  it("weighs at most 200 kB before tiles, and the list on a telephone asks for no map at all", async () => {
    for (const [width, most] of [
      [1280, 200_000],
      [360, 40_000],
    ] as const) {
      const tab = await openTab(browser, site, { width });
      let bytes = 0;
      tab.page.on("requestfinished", async (request) => {
        if (/\/outlines\/|\/api\//.test(request.url()) || !request.url().startsWith(site.url)) return;
        const { responseBodySize, responseHeadersSize } = await request.sizes();
        bytes += responseBodySize + responseHeadersSize;
      });
      await tab.go(`/map?event=${quake.slug}`);
      if (width > 900) await mapReady(tab.page);
      await tab.page.waitForTimeout(300);
      expect(bytes).toBeGreaterThan(5_000);
      expect(bytes, `${width} px`).toBeLessThanOrEqual(most);
      if (width < 900) expect(tab.requests().join()).not.toMatch(/map-mount|outlines/);
      await tab.close();
    }
  });

  it("behind its tab on a telephone the map begins high enough to be used at once", async () => {
    const tab = await openTab(browser, site, { width: 360, touch: true });
    await tab.go(`/map?event=${quake.slug}&view=map`);
    await mapReady(tab.page);
    const { y } = (await tab.page.locator(".map.leaflet-container").boundingBox())!;
    expect(y).toBeLessThan(440);
    await calm(tab);
    await tab.close();
  });

  it("a new report appears on the open map by itself, and the list says that there is news", async () => {
    const tab = await openTab(browser, site, { width: 1280 });
    const { page } = tab;
    await tab.go(`/map?event=${quake.slug}`);
    await mapReady(page);
    await page.locator(".map-status", { hasText: /\d/ }).waitFor();
    await reportByForm(site, {
      kind: "medical",
      coordinates: "-43.6150, 172.7200",
      place: "Addington",
      text: "有醫生",
    });
    await page.locator(".map-news .notice").waitFor();
    await page.locator(".pin", { hasText: zh("map:kind.medical") }).waitFor();
    await page.locator(".pin-frame", { hasText: zh("map:kind.medical") }).press("Enter");
    await page.locator(".map-picked", { hasText: "Addington" }).waitFor();
    await page.getByRole("button", { name: zh("map:island.newsButton") }).click();
    await page.locator(".list-pane .report", { hasText: "Addington" }).waitFor();
    await calm(tab);
    await tab.close();
  });

  it("what an authority says now stands on the map and above the list, with its name, time and level; what is over does not", async () => {
    const { id } = (
      await site.sql<{ id: string }[]>`select id from app.events where slug = ${quake.slug}`
    )[0]!;
    for (const ended of [false, true]) {
      await site.sql`
        insert into app.notices (source_key, source_name, title, language, level, country, event_id, west, south, east, north,
          published_at, ended)
        values (${`test:${ended}`}, 'Christchurch City Council', ${ended ? "Boil water: lifted" : "Boil water notice"}, 'en',
          'Red', 'NZ', ${id}, 172.55, -43.6, 172.7, -43.5, now() - interval '1 hour', ${ended})`;
    }
    const tab = await openTab(browser, site, { width: 1280 });
    const { page } = tab;
    // An address nobody asked for yet: what was written past the site has cleared no kept page.
    await tab.go(`/map?event=${quake.slug}&view=list`);
    await mapReady(page);
    const list = page.locator(".list-pane .official");
    expect(await list.count()).toBe(1);
    expect(await list.innerText()).toMatch(/Christchurch City Council[\s\S]*Boil water notice[\s\S]*Red/);
    const sign = page.locator(".pin-frame", { hasText: "Christchurch City Council" });
    expect(await sign.count()).toBe(1);
    await sign.press("Enter");
    const picked = page.locator(".map-picked");
    await picked.locator("a", { hasText: "Boil water notice" }).first().waitFor();
    expect(await picked.innerText()).toMatch(/Christchurch City Council[\s\S]*Red/);
    await picture(page, "official-1280");
    await calm(tab);
    await tab.close();
    await site.sql`delete from app.notices where source_key like 'test:%'`;
  });

  it("what is needed is shown about a kilometre off, in the words too (A3)", async () => {
    const html = await (await site.fetch(needed.page)).text();
    expect(html).toContain(zh("map:facts.protected", { distance: zh("map:kilometres", { distance: "1" }) }));
    expect(html).not.toMatch(/43\.5123|172\.7234/);
    const own = await (await site.fetch(needed.manage)).text();
    expect(own).toContain("-43.51230, 172.72340");
  });

  it.each([
    { width: 360, language: "zh-TW", dark: false, enhance: false },
    { width: 1280, language: "en", dark: true, enhance: true },
  ])("stands in nobody's way at $width px in $language, dark: $dark", async (options) => {
    const tab = await openTab(browser, site, options);
    const { page } = tab;
    const found: Record<string, unknown> = {};
    for (const where of [
      `/map?event=${quake.slug}`,
      `/map?event=${quake.slug}&view=map`,
      "/map?passable=heavy",
      `/map/reports/new?event=${quake.slug}`,
      `/map/reports/new?near=${water.id}`,
      bridge.page,
      needed.page,
      water.manage,
      `${water.manage}&ask=delete`,
      `/map/convoy?event=${quake.slug}`,
      `/events/${quake.slug}`,
    ]) {
      await tab.go(where);
      if (
        await page
          .locator(".map-frame")
          .isVisible()
          .catch(() => false)
      )
        await mapReady(page);
      const problems = [
        ...(await barriers(page)),
        ...((await overhang(page)) > 0 ? [`${await overhang(page)} px too wide`] : []),
        ...tab.complaints(),
        ...((await page.locator("h1").count()) === 1 ? [] : ["not one first heading"]),
      ];
      if (problems.length > 0) found[where.replace(/token=[^&]+/, "token=…")] = problems;
    }
    expect(found).toEqual({});
    await tab.close();
  });
});

describe("the story: a road is cut, others say so, it is cleared", () => {
  const confidence = async (page: Page) =>
    (
      await page
        .locator("main p", { hasText: /^可信度/ })
        .first()
        .innerText()
    ).replace(/\s+/g, " ");
  let report = "";
  let manage = "";
  let first = "";

  it("somebody draws a landslide across the road with a finger at 360 px", async () => {
    const tab = await openTab(browser, site, { width: 360, touch: true, caller: "203.0.113.1" });
    const { page } = tab;
    await tab.go(`/map?event=${quake.slug}`);
    await page.getByRole("link", { name: zh("map:page.newLink") }).click();
    await page.locator('[name="kind"][value="landslide"]').check();
    await picture(page, "new-360");
    await page.locator("#report-coordinates").fill("-43.6090, 172.6490");
    await mapReady(page);
    await page.getByRole("button", { name: zh("map:island.clear") }).click();
    await page.getByRole("button", { name: zh("map:island.line") }).click();
    const { middle } = await mapBox(page);
    await drawWithFinger(
      page,
      Array.from({ length: 12 }, (_, i) => ({
        x: middle.x - 70 + i * 12,
        y: middle.y - 30 + (i * i) / 2,
      })),
    );
    const drawn = await points(page);
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(drawn.length).toBeLessThan(12);
    await picture(page, "draw-360");
    await page.locator('[name="state"][value="closed"]').check();
    await page.locator("#report-passable").selectOption("foot");
    await page.locator("#report-road").fill("Dyers Pass Rd");
    await page.locator("#report-text").fill("土石蓋住整條路，機車也過不去");
    await page.locator("#report-severity").selectOption("severe");
    await calm(tab);
    await page.locator("#report button:not([type=button])").last().click();
    await page.locator("#manage").waitFor();
    await picture(page, "posted-360");
    report = new URL(page.url()).pathname;
    manage = (await page.locator('a[href*="/manage?token="]').first().getAttribute("href")) ?? "";
    first = await confidence(page);
    expect(first).toContain(zh("confidence:nobody"));
    await calm(tab);
    await tab.close();
  });

  it("a second caller confirms, a third says that it is cleared: the words of confidence change each time", async () => {
    const said = [first];
    for (const [caller, verdict] of [
      ["203.0.113.2", "still"],
      ["203.0.113.3", "cleared"],
    ] as const) {
      const tab = await openTab(browser, site, { width: 360, touch: true, caller });
      const { page } = tab;
      await tab.go(report);
      expect(await confidence(page)).toBe(said.at(-1));
      await page.getByRole("button", { name: zh(`map:verdict.${verdict}`), exact: true }).click();
      await page.locator("#done").waitFor();
      said.push(await confidence(page));
      await picture(page, `${verdict}-360`);
      // A second click is not a second person.
      await tab.go(report);
      await page.getByRole("button", { name: zh(`map:verdict.${verdict}`), exact: true }).click();
      await page.locator("#done").waitFor();
      expect(await confidence(page)).toBe(said.at(-1));
      await calm(tab);
      await tab.close();
    }
    expect(new Set(said).size).toBe(3);
    expect(said[1]).toContain(zh("confidence:confirm", { count: 1 }));
    expect(said[2]).toContain(zh("confidence:deny", { count: 1 }));
  });

  it("a truck is not sent there, a walker is; the convoy's sheet says the same", async () => {
    const tab = await openTab(browser, site, { width: 1280 });
    const { page } = tab;
    await tab.go(`/map?event=${quake.slug}`);
    await mapReady(page);
    await page.locator(".pin, .cluster").first().waitFor();
    await picture(page, "list-1280");
    const names = () => page.locator(".list-pane .report h3").allInnerTexts();
    expect((await names()).join()).toContain("Dyers Pass Rd");
    await page.getByRole("link", { name: zh("map:passable.truck"), exact: true }).click();
    await page.waitForURL(/passable=truck/);
    expect((await names()).join()).not.toContain("Dyers Pass Rd");
    expect((await names()).join()).toContain("SH75");
    await picture(page, "truck-1280");
    await tab.go(`/map/convoy?event=${quake.slug}&passable=truck`);
    const [through, blocked] = await page.locator("table.convoy").allInnerTexts();
    expect(through).toContain("SH75");
    expect(through).not.toContain("Dyers Pass Rd");
    expect(blocked).toContain("Dyers Pass Rd");
    expect(blocked).toContain(zh("map:convoy.never"));
    await picture(page, "convoy-1280");
    await calm(tab);
    await tab.close();
  });

  it("let through by staff, it leaves in every format, and all of them say the same", async () => {
    const id = report.split("/").at(-1)!;
    await site.sql`select app.moderate_report(${id}, 'accept', '{}')`;
    const get = async (where: string) => {
      const answer = await site.fetch(where);
      expect(answer.status, where).toBe(200);
      return answer.text();
    };
    const query = `?event=${quake.slug}`;
    const geojson = JSON.parse(await get(`/feeds/reports.geojson${query}`)) as {
      features: {
        id: string;
        geometry: { coordinates: [number, number][] };
        properties: Record<string, unknown>;
      }[];
    };
    const feature = geojson.features.find((one) => one.id === id)!;
    expect(feature.properties).toMatchObject({ road: "Dyers Pass Rd", state: "closed", passable: "foot" });
    const line = feature.geometry.coordinates;
    expect(line.length).toBeGreaterThanOrEqual(2);

    const cap = await get(`/feeds/cap/${id}.xml`);
    expect(cap).toContain("Dyers Pass Rd");
    expect(cap).toMatch(/<certainty>(?:Possible|Likely)<\/certainty>/);
    // The line, buffered: a polygon around it, latitude first.
    const polygon = /<polygon>([^<]+)<\/polygon>/
      .exec(cap)![1]!
      .split(" ")
      .map((pair) => pair.split(",").map(Number));
    const middle = line[Math.floor(line.length / 2)]!;
    expect(Math.min(...polygon.map(([lat]) => lat!))).toBeLessThan(middle[1]);
    expect(Math.max(...polygon.map(([lat]) => lat!))).toBeGreaterThan(middle[1]);

    const cifs = JSON.parse(await get(`/feeds/cifs.json${query}`)) as {
      incidents: { id: string; type: string; street: string; polyline: string }[];
    };
    const incident = cifs.incidents.find((one) => one.id.includes(id))!;
    expect(incident).toMatchObject({ type: "ROAD_CLOSED", street: "Dyers Pass Rd" });
    const along = incident.polyline.split(" ").map(Number);
    expect(along[0]).toBeCloseTo(line[0]![1], 5);
    expect(along[1]).toBeCloseTo(line[0]![0], 5);

    const open511 = JSON.parse(await get(`/feeds/open511.json${query}`)) as {
      events: {
        id: string;
        roads: { name: string; state?: string }[];
        geography: { coordinates: unknown };
      }[];
    };
    const event = open511.events.find((one) => one.id.includes(id))!;
    expect(event.roads[0]).toMatchObject({ name: "Dyers Pass Rd", state: "CLOSED" });
    expect(event.geography.coordinates).toEqual(line);
  });

  it("somebody takes it on, says it is done, and two on the spot agree: the event shows the loop and its closure rate", async () => {
    const crew = await openTab(browser, site, { width: 360, caller: "203.0.113.4" });
    await crew.go(report);
    await crew.page
      .locator("details", { hasText: zh("map:take.title") })
      .locator("summary")
      .click();
    await crew.page.locator("#take-author_name").fill("基督城救難隊");
    await crew.page.getByRole("button", { name: zh("map:take.button") }).click();
    const link = await crew.page.locator('a[href*="/taken?token="]').first().getAttribute("href");
    await crew.go(link!);
    await crew.page.getByRole("button", { name: zh("map:taken.doneButton") }).click();
    await crew.page.locator("[role=status]").waitFor();
    await crew.go(report);
    expect(await crew.page.locator(".loop").innerText()).toContain("基督城救難隊");
    await picture(crew.page, "report-360");
    await crew.close();
    for (const caller of ["203.0.113.5", "203.0.113.6"]) {
      const tab = await openTab(browser, site, { width: 360, caller });
      await tab.go(report);
      await tab.page.getByRole("button", { name: zh("map:verdict.cleared"), exact: true }).click();
      await tab.page.locator("#done").waitFor();
      await tab.close();
    }
    const tab = await openTab(browser, site, { width: 1280 });
    await tab.go(`/events/${quake.slug}`);
    const section = tab.page.locator("section", { has: tab.page.locator("#ground-title") });
    expect(await section.innerText()).toMatch(/現場確認好了 1 筆（\d+%）/);
    await section.scrollIntoViewIfNeeded();
    await picture(tab.page, "event-1280");
    await tab.go(manage);
    expect(await tab.page.locator("main").innerText()).toContain(zh("map:loop.confirmed"));
    await calm(tab);
    await tab.close();
  });
});
