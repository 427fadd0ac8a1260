import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { translator } from "#app/i18n/translate.ts";
import { startBrowser } from "#tests/support/browser.ts";
import { hostileTexts } from "#tests/support/hostile.ts";
import { act, postPerson, sendPerson, type PostedPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { barriers, openTab, overhang, type Tab } from "#tests/support/tab.ts";

let site: Site;
let browser: Browser;
let person: PostedPerson;
let thread = "";
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ env: { RATE_LIMITS: "off" } }), startBrowser()]);
  for (const event of [
    {
      slug: "quake",
      titles: { en: "Earthquake in New Zealand", "zh-TW": "紐西蘭地震", ja: "地震" },
      summaries: { en: "Strong", "zh-TW": "強烈" },
      kind: "earthquake",
      country: "NZ",
      hotlines: [{ number: "+64-4-000-0000", names: { en: "Office", "zh-TW": "駐處" } }],
    },
    { slug: "exercise", titles: { en: "Exercise", "zh-TW": "演習" }, kind: "flood", drill: true },
  ]) {
    await site.sql`select public.open_event(${site.sql.json(event)})`;
  }
  person = await postPerson(site, {
    full_name: "歐陽菲菲",
    alternate_names: "Ouyang Fei-fei\nFifi",
    event: "quake",
    status: "help",
    need: ["injured", "stranded"],
    text: "在體育館二樓",
    last_known_location: "Hagley Park",
    lat: "-43.53",
    lon: "172.62",
    age: "34",
    home_country: "TW",
    home_city: "花蓮",
  });
  await act(site, person.page, "note", {
    status: "believed_missing",
    text: "打不通電話",
    author_name: "同事",
    author_made_contact: "no",
  });
  await postPerson(site, { full_name: "演習者", event: "exercise" });
  const message = await act(site, person.page, "relay", { text: "加油", author_name: "鄰居" });
  thread = message.headers.get("location")!;
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const readable = () => [
  "/",
  "/events",
  "/events/quake",
  "/events/exercise",
  "/safety",
  "/safety?q=Ouyang+Feifei",
  "/safety?q=nobody+at+all",
  person.page,
  "/safety/persons/new",
  "/safety/persons/new?as=me",
  "/safety/persons/new?as=seeking",
  "/safety/persons/new?as=informing&event=quake",
  person.manage,
  `${person.manage}&ask=delete`,
  thread,
  "/notices",
  "/official?event=quake",
  "/log",
  "/log/transparency",
  "/help/procedures",
  "/help/privacy",
  "/help/accessibility",
  "/no/such/page",
];

describe.each([
  { width: 360, enhance: false, language: "zh-TW", dark: false },
  { width: 360, enhance: true, language: "ja", dark: true },
  { width: 1280, enhance: true, language: "en", dark: false },
])("every page at $width px in $language, enhanced: $enhance, dark: $dark", ({ dark, ...options }) => {
  let tab: Tab;
  beforeAll(async () => {
    tab = await openTab(browser, site, { ...options, dark });
  });
  afterAll(() => tab?.close());

  it("stands in nobody's way, fits the screen and makes no noise", async () => {
    const found: Record<string, unknown> = {};
    for (const where of readable()) {
      await tab.go(where);
      const { page } = tab;
      const problems = [
        ...(await barriers(page)),
        ...((await overhang(page)) > 0 ? [`${await overhang(page)} px too wide`] : []),
        ...tab.complaints(),
        ...((await page.locator("h1").count()) === 1 ? [] : ["not one first heading"]),
        ...((await page.locator("html").getAttribute("lang")) === options.language
          ? []
          : ["another language"]),
      ];
      if (problems.length > 0) found[where.replace(/token=[^&]+/, "token=…")] = problems;
    }
    expect(found).toEqual({});
  });

  it("a form that comes back stands in nobody's way either", async () => {
    const { page } = tab;
    await tab.go("/safety/persons/new?as=informing");
    await page.locator("#person-text").fill("這些字要留著");
    await page.locator("#person button:not([type=button])").last().click();
    await page.locator("#person-summary").waitFor();
    expect(await page.locator("#person-text").inputValue()).toBe("這些字要留著");
    for (const link of await page.locator("#person-summary a").all()) {
      const target = (await link.getAttribute("href"))!.slice(1);
      const field = page.locator(`[id="${target}"]`);
      expect(await field.count(), target).toBe(1);
    }
    expect(await page.locator("#person-full_name").getAttribute("aria-invalid")).toBe("true");
    const described = (await page.locator("#person-full_name").getAttribute("aria-describedby")) ?? "";
    const words = await Promise.all(
      described.split(" ").map((id) => page.locator(`[id="${id}"]`).innerText()),
    );
    expect(words.join(" ")).toContain(translator(options.language as "en")("errors:full_name_required"));
    expect(await barriers(page)).toEqual([]);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
  });
});

describe("what a page asks for", () => {
  it("of the board and a person: one request, and no script at all", async () => {
    const tab = await openTab(browser, site, { width: 360 });
    for (const where of ["/safety", "/safety?q=Ouyang", person.page, "/events/quake", "/"]) {
      tab.requests();
      await tab.go(where);
      const asked = tab.requests().filter((url) => !url.startsWith("data:"));
      expect(asked, where).toEqual([site.url + where]);
      expect(await tab.page.locator("script").count(), where).toBe(0);
    }
    await tab.close();
  });

  it("of a form: nothing from anybody else, and one small script", async () => {
    const tab = await openTab(browser, site);
    await tab.go("/safety/persons/new?as=me");
    expect(tab.scripts()).toEqual([`${site.url}/enhance.js`]);
    expect(tab.requests().filter((url) => !url.startsWith(site.url) && !url.startsWith("data:"))).toEqual([]);
    await tab.close();
  });
});

describe("language", () => {
  it.each([false, true])("is changed where one is, and stays (script: %s)", async (script) => {
    const tab = await openTab(browser, site, { script, width: 360, language: "zh-TW" });
    const { page } = tab;
    await tab.go(`/safety?q=${encodeURIComponent("歐陽菲菲")}`);
    for (const code of ["en", "ja", "zh-TW"] as const) {
      await page.locator("details.lang summary").click();
      await page.locator(`details.lang button[value="${code}"]`).click();
      await page.waitForLoadState("load");
      expect(await page.locator("html").getAttribute("lang")).toBe(code);
      expect(new URL(page.url()).searchParams.get("q")).toBe("歐陽菲菲");
      expect(await page.locator("main").innerText()).toContain("歐陽菲菲");
      await tab.go(person.page);
      expect(await page.locator("main").innerText()).toContain(translator(code)("safety:source.self"));
      await tab.go(`/safety?q=${encodeURIComponent("歐陽菲菲")}`);
    }
    expect(tab.complaints()).toEqual([]);
    await tab.close();
  });
});

describe("a drill", () => {
  it("is marked on every page that shows it, and on no other", async () => {
    const tab = await openTab(browser, site, { width: 360, language: "zh-TW" });
    const banner = tab.page.locator("aside.drill");
    const drill = await tab.page.request.get("/api/v1/persons?event=exercise");
    const [{ id }] = ((await drill.json()) as { data: [{ id: string }] }).data;
    for (const where of [
      "/events/exercise",
      "/safety?event=exercise",
      `/safety/persons/${id}`,
      "/safety/persons/new?as=me&event=exercise",
    ]) {
      await tab.go(where);
      expect(await banner.count(), where).toBe(1);
      expect(await banner.innerText()).toContain(translator("zh-TW")("common:drill.banner"));
    }
    for (const where of ["/", "/safety", "/events/quake", person.page]) {
      await tab.go(where);
      expect(await banner.count(), where).toBe(0);
    }
    await tab.close();
  });
});

describe("H1–H5 in a real browser", () => {
  it("nothing that strangers typed runs, loads or leads anywhere", async () => {
    const dangerous = hostileTexts.filter(({ item }) => ["H1", "H2", "H3", "H4", "H5"].includes(item));
    const pages: string[] = [];
    for (const { value } of dangerous) {
      const answer = await sendPerson(site, {
        full_name: value,
        alternate_names: value,
        text: value,
        last_known_location: value,
      });
      if (answer.status === 303) pages.push(answer.headers.get("location")!.split("#")[0]!);
    }
    expect(pages.length).toBeGreaterThan(3);
    const tab = await openTab(browser, site);
    for (const where of [
      ...pages,
      "/safety",
      ...dangerous.map(({ value }) => `/safety?q=${encodeURIComponent(value)}`),
      ...dangerous.map(
        ({ value }) => `/safety/persons/new?as=seeking&full_name=${encodeURIComponent(value)}`,
      ),
    ]) {
      tab.requests();
      await tab.go(where);
      await tab.page.waitForTimeout(20);
      expect(tab.complaints(), where).toEqual([]);
      const foreign = tab
        .requests()
        .filter((url) => !url.startsWith("data:") && new URL(url).origin !== site.url);
      expect(foreign, where).toEqual([]);
      expect(
        await tab.page.locator("main img, main iframe, main svg[onload], main script").count(),
        where,
      ).toBe(0);
    }
    await tab.close();
  });
});
