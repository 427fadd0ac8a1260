import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "#tests/support/browser.ts";
import { postPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";
import { barriers, openTab, overhang, type Tab } from "#tests/support/tab.ts";

let site: Site;
let browser: Browser;
let lin: SignedInMember;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ env: { RATE_LIMITS: "off" } }), startBrowser()]);
  await site.sql`select public.open_event(${site.sql.json({
    slug: "quake",
    titles: { en: "Earthquake", "zh-TW": "地震" },
    kind: "earthquake",
    country: "NZ",
    hotlines: [{ number: "+64-4-000-0000", names: { en: "Office", "zh-TW": "駐處" } }],
  })})`;
  for (const full_name of ["甲小一", "乙小二", "丙小三"]) {
    await postPerson(site, {
      full_name,
      event: "quake",
      status: "help",
      need: ["injured"],
      text: "腳骨折，電話 0912-345-678",
      personal_data: "keep",
    });
  }
  lin = await signInAs(site, "volunteer", { name: "林" });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function signIn(tab: Tab): Promise<void> {
  await tab.go("/moderation");
  await tab.page.fill("#password-email", lin.email);
  await tab.page.fill("#password-password", lin.password);
  await tab.page.press("#password-password", "Enter");
  await tab.page.waitForURL(/\/moderation(?:[?#]|$)/);
}

describe("a volunteer works by keyboard alone", () => {
  it("from the list through claim, refusal and two decisions to what comes next", async () => {
    const tab = await openTab(browser, site);
    const { page } = tab;
    await signIn(tab);
    await page.keyboard.press("n");
    await page.waitForURL(/\/moderation\/[0-9a-f-]{36}/);
    const first = page.url();
    expect(await page.locator("mark").first().innerText()).toBe("0912-345-678");
    await page.keyboard.press("t");
    await page.waitForURL(/done=claimed/);
    // Hiding asks for a reason and a sentence, and keeps what was typed.
    await page.keyboard.press("h");
    await page.waitForSelector("#decide-summary");
    expect(await page.locator("#decide-summary").innerText()).toContain("原因");
    await page.locator("#decide-reason").focus();
    await page.keyboard.type("ah, not a key while writing");
    expect(page.url().split(/[?#]/)[0]).toBe(first.split(/[?#]/)[0]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await page.waitForURL(/done=accept/);
    expect(page.url().split(/[?#]/)[0]).not.toBe(first.split(/[?#]/)[0]);
    await page.keyboard.press("e");
    await page.waitForURL(/done=escalate/);
    const decided = await site.sql<{ decision: string }[]>`
      select decision from app.decisions where decided_by = ${lin.userId} order by decided_at`;
    expect(decided.map(({ decision }) => decision)).toEqual(["accept", "escalate"]);
    expect(tab.complaints()).toEqual([]);
    await tab.close();
  });

  it("list, item and decision stand side by side at 1280, below each other at 320, and bar nobody", async () => {
    const tab = await openTab(browser, site);
    await signIn(tab);
    await tab.page.keyboard.press("n");
    await tab.page.waitForURL(/\/moderation\/[0-9a-f-]{36}/);
    const tops = await tab.page.evaluate(() =>
      [...document.querySelectorAll(".desk > *")].map((one) => Math.round(one.getBoundingClientRect().top)),
    );
    expect(new Set(tops).size).toBe(1);
    expect(await barriers(tab.page)).toEqual([]);
    await tab.page.setViewportSize({ width: 320, height: 780 });
    expect(await overhang(tab.page)).toBe(0);
    await tab.go("/moderation");
    expect(await barriers(tab.page)).toEqual([]);
    expect(await overhang(tab.page)).toBe(0);
    await tab.go("/sign-in");
    expect(await barriers(tab.page)).toEqual([]);
    expect(await overhang(tab.page)).toBe(0);
    expect(tab.complaints()).toEqual([]);
    await tab.close();
  });

  it("and without any script by the same forms", async () => {
    const tab = await openTab(browser, site, { script: false });
    await signIn(tab);
    await tab.page.click("a[data-key=n]");
    await tab.page.click("button[value=accept]");
    // The last of the three: nothing waits any more, and the list says so.
    await tab.page.waitForSelector(".empty");
    expect(tab.complaints()).toEqual([]);
    await tab.close();
  });
});
