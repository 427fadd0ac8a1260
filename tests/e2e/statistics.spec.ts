import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "#tests/support/browser.ts";
import { operate } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";
import { barriers, openTab, overhang } from "#tests/support/tab.ts";

// A quarter of invented cases on its way from two officers to everybody, as seen in a browser.

const pictures = process.env.SCREENSHOTS ? path.resolve("docs/screenshots") : null;

let site: Site;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ env: { RATE_LIMITS: "off" } }), startBrowser()]);
  expect(await operate(site, ["demo"])).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

async function deskOf({ email, password }: SignedInMember) {
  const tab = await openTab(browser, site, { width: 1280 });
  await tab.go("/sign-in");
  await tab.page.fill("#password-email", email);
  await tab.page.fill("#password-password", password);
  await tab.page.press("#password-password", "Enter");
  await tab.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return tab;
}

describe("a release of statistics", () => {
  it("is prepared by one officer, who cannot sign it, and signed by another", async () => {
    const [one, two] = await Promise.all([
      deskOf(await signInAs(site, "officer", { name: "甲" })),
      deskOf(await signInAs(site, "officer", { name: "乙" })),
    ]);
    await one.go("/moderation/releases/new");
    await one.page.selectOption("select[name=period]", { label: "2025 年第 4 季" });
    await one.page.check("input[name=invented]");
    await one.page.getByRole("button", { name: "開始製作" }).click();
    // The page of a release in preparation asks again by itself.
    await one.page.waitForSelector("#propose", { timeout: 30_000 });
    const preview = new URL(one.page.url()).pathname;
    await expect(one.page.locator("main").innerText()).resolves.toMatch(/件數太少：\d+/);
    await picture(one.page, "releases-preview-zh-1280");

    await one.page.locator("#propose button").click();
    await one.page.locator("#sign button").click();
    await expect(one.page.locator("#sign-summary").innerText()).resolves.toContain("製作或公布的人不能簽核");
    expect((await site.fetch("/statistics/1")).status).toBe(404);

    await two.go(preview);
    await two.page.locator("#sign button").click();
    await two.page.locator('main a[href="/statistics/1"]').waitFor();
    expect((await site.fetch("/statistics/1")).status).toBe(200);
    await Promise.all([one.close(), two.close()]);
  });

  it("says in a sentence, a chart, a table and a basis the same to everybody, without script", async () => {
    const tab = await openTab(browser, site, { script: false, width: 360 });
    await tab.go("/statistics/1");
    const told = await tab.page.locator("main").innerText();
    const [, total] = /2025 年第 4 季：([\d,]+) 件/.exec(told)!;
    const chart = tab.page.locator("svg.chart").first();
    expect((await chart.locator("title").textContent())!.length).toBeGreaterThan(3);
    expect((await chart.locator("desc").textContent())!.length).toBeGreaterThan(3);
    const row = tab.page.locator("table.figures").first().locator("tr.sum").first();
    await expect(row.innerText()).resolves.toContain(total!);
    await expect(tab.page.getByRole("heading", { name: "統計依據" }).count()).resolves.toBeGreaterThan(0);
    const file = await site.fetch(
      (await tab.page.locator('main a[href$=".csv"]').first().getAttribute("href"))!,
    );
    expect(await file.text()).toContain(total!.replaceAll(",", ""));
    await picture(tab.page, "statistics-release-zh-360");
    await tab.close();
  });

  it("says which months are still to come, instead of leaving zeros", async () => {
    const tab = await openTab(browser, site, { script: false, width: 360 });
    await tab.go("/statistics");
    await expect(tab.page.locator("main").innerText()).resolves.toContain("空白的月份還沒有公布");
    const january = tab.page.locator("table.figures tbody tr").first().locator("td").first();
    await expect(january.innerText()).resolves.toBe("");
    await picture(tab.page, "statistics-list-zh-360");
    await tab.close();
  });

  it.each(["/statistics", "/statistics/1", "/data", "/data/statistics", "/data/requests", "/cases"])(
    "%s bars nobody and fits a narrow screen",
    async (where) => {
      const tab = await openTab(browser, site, { enhance: false, width: 320 });
      await tab.go(where);
      expect(await overhang(tab.page)).toBe(0);
      expect(await barriers(tab.page)).toEqual([]);
      expect(tab.complaints()).toEqual([]);
      await tab.close();
    },
  );
});
