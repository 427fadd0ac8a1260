import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { translator } from "#app/i18n/translate.ts";
import { startBrowser } from "#tests/support/browser.ts";
import { lettersTo, linkIn } from "#tests/support/mailbox.ts";
import { registryWriter } from "#tests/support/pfif.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { openTab, overhang, type Tab } from "#tests/support/tab.ts";

// The whole of what the board promises, as a traveller and a family go through it, in a real browser.

const zh = translator("zh-TW");
let site: Site;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ env: { RATE_LIMITS: "off" } }), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Sends a form by its own button. */
async function submit(page: Page, form: string): Promise<void> {
  await page.locator(`#${form} button:not([type=button])`).last().click();
  await page.waitForLoadState("load");
}

/** Fills in a field of a form, unfolding what it stands in. */
async function fill(page: Page, form: string, field: string, text: string): Promise<void> {
  const control = page.locator(`#${form} [name="${field}"]`).first();
  await unfold(page, control);
  await control.fill(text);
}

async function unfold(page: Page, control: ReturnType<Page["locator"]>): Promise<void> {
  for (let n = 0; n < 4 && !(await control.isVisible()); n += 1) {
    const closed = page.locator("details:not([open])").filter({ has: control }).first();
    await closed.locator("> summary").click();
  }
}

async function choose(page: Page, form: string, field: string, value: string): Promise<void> {
  const control = page.locator(`#${form} [name="${field}"][value="${value}"]`);
  await unfold(page, control);
  await control.check();
}

describe.each([
  { script: false, width: 360 },
  { script: true, width: 1280 },
])("the story at $width px, script: $script", ({ script, width }) => {
  const name = script ? "陳志明" : "林美慧";
  const spellings = script
    ? ["陈志明", "Tan Chih Ming", "zhiming chen"]
    : ["林美慧", "Lin Mei-hui", "Lim Meihui"];
  const mailbox = script ? "family-a@example.org" : "family-b@example.org";
  let tab: Tab;
  let personPage = "";
  let manage = "";
  let thread = "";
  beforeAll(async () => {
    tab = await openTab(browser, site, { script, width });
  });
  afterAll(() => tab?.close());

  const calm = async () => {
    expect(tab.complaints()).toEqual([]);
    expect(await overhang(tab.page)).toBeLessThanOrEqual(0);
  };

  it("somebody says that they are safe and gets a link to keep", async () => {
    const { page } = tab;
    await tab.go("/");
    await page.locator('a[href^="/safety/persons/new?as=me"]').first().click();
    await page.locator("#person").waitFor();
    await choose(page, "person", "status", "safe");
    await fill(page, "person", "full_name", name);
    await fill(page, "person", "text", "在朋友家，很平安");
    await fill(page, "person", "last_known_location", "基督城 Cathedral Square");
    await fill(page, "person", "author_email", `author-${width}@example.org`);
    await page.locator('#person [name="consent"]').check();
    await calm();
    await submit(page, "person");

    await page.locator("#manage").waitFor();
    expect(new URL(page.url()).hash).toBe("#manage");
    manage = (await page.locator('a[href*="/manage?token="]').first().getAttribute("href")) ?? "";
    expect(manage).toContain(`${site.url}/safety/persons/`);
    personPage = new URL(page.url()).pathname;
    await calm();
    await page.reload();
    expect(await page.locator('a[href*="/manage?token="]').count()).toBe(0);
  });

  it("the family finds them by any spelling, and reads who said it and when", async () => {
    const { page } = tab;
    for (const spelling of spellings) {
      await tab.go("/safety");
      await page.locator('#search [name="q"]').fill(spelling);
      await page.locator('#search [name="q"]').press("Enter");
      await page.locator(`a[href="${personPage}"]`).first().waitFor();
      expect(new URL(page.url()).searchParams.get("q")).toBe(spelling);
    }
    expect(tab.scripts()).toEqual(script ? tab.scripts().filter((url) => url.endsWith("/enhance.js")) : []);
    await page.locator(`a[href="${personPage}"]`).first().click();
    await page.getByRole("heading", { level: 1, name: new RegExp(name) }).waitFor();
    const main = await page.locator("main").innerText();
    expect(main).toContain(zh("safety:status.safe"));
    expect(main).toContain(zh("safety:source.self"));
    expect(main).not.toContain("example.org");
    await calm();
  });

  it("a relative adds a note, follows by mail, and stops by one click", async () => {
    const { page } = tab;
    await tab.go(personPage);
    await fill(page, "follow-form", "email", mailbox);
    await submit(page, "follow-form");
    await page
      .getByRole("status")
      .filter({ hasText: zh("safety:follow.done") })
      .waitFor();
    const [confirmation] = await lettersTo(site, mailbox);
    await tab.go(linkIn(confirmation!, site, "/confirm"));
    await page.getByRole("button", { name: zh("safety:follow.confirmButton") }).click();
    await page.getByRole("status").waitFor();

    await tab.go(personPage);
    await choose(page, "add-note", "status", "believed_alive");
    await fill(page, "add-note", "text", "昨天下午通過電話");
    await fill(page, "add-note", "author_name", "表姊");
    await submit(page, "add-note");
    await page.getByText("昨天下午通過電話").first().waitFor();
    await calm();

    const news = (await lettersTo(site, mailbox)).slice(1);
    expect(news).toHaveLength(1);
    await tab.go(linkIn(news[0]!, site, "/stop"));
    await page.getByRole("button", { name: zh("safety:follow.stopButton") }).click();
    await page.getByRole("status").waitFor();
    await tab.go(personPage);
    await fill(page, "add-note", "text", "再一則消息");
    await submit(page, "add-note");
    expect((await lettersTo(site, mailbox)).slice(1)).toHaveLength(1);
  });

  it("a visitor writes, the author answers by the manage link, and the visitor reads it", async () => {
    const { page } = tab;
    await tab.go(personPage);
    await fill(page, "relay-form", "text", "需要我寄錢給你嗎？");
    await fill(page, "relay-form", "author_name", "同學小王");
    await submit(page, "relay-form");
    thread = page.url();
    expect(thread).toContain("/safety/messages/");
    await calm();

    await tab.go(manage);
    await page.getByText("需要我寄錢給你嗎？").waitFor();
    const reply = page.locator("form[id^=reply-]").first();
    await reply.locator('[name="text"]').fill("不用，謝謝你");
    await reply.locator("button:not([type=button])").last().click();
    await page.getByText("不用，謝謝你").first().waitFor();
    await calm();

    await tab.go(thread);
    await page.getByText("不用，謝謝你").first().waitFor();
    expect(await page.content()).not.toContain(`author-${width}@example.org`);
  });

  it("the record is handed on as PFIF, deleted after asking twice, and does not come back", async () => {
    const { page } = tab;
    const exported = await (await site.fetch(`${personPage}.pfif.xml`)).text();
    expect(exported).toContain(`<pfif:full_name>${name}</pfif:full_name>`);
    expect(exported).toContain("昨天下午通過電話");

    await tab.go(manage);
    await page.locator('a[href*="ask=delete"]').click();
    await page.locator("#delete-form").waitFor();
    expect((await site.fetch(personPage)).status).toBe(200);
    await submit(page, "delete-form");
    await page.locator("#restore").waitFor();
    await calm();

    const gone = await page.goto(personPage);
    expect(gone!.status()).toBe(410);
    expect(await page.locator("main").innerText()).toContain(zh("errors:page.goneTitle"));
    await tab.go(`/safety?q=${encodeURIComponent(name)}`);
    expect(await page.locator(`a[href="${personPage}"]`).count()).toBe(0);
    const placeholder = await (await site.fetch(`${personPage}.pfif.xml`)).text();
    expect(placeholder).not.toContain(name);
    expect(placeholder).toContain("<pfif:expiry_date>");

    const write = await registryWriter(site, `finder-${width}.example`);
    expect((await write(exported)).status).toBe(200);
    expect((await site.fetch(personPage)).status).toBe(410);
  });

  it("and its author brings it back within three days", async () => {
    const { page } = tab;
    await tab.go(manage);
    await submit(page, "restore");
    await page.locator("#update").waitFor();
    await tab.go(personPage);
    await page.getByRole("heading", { level: 1, name: new RegExp(name) }).waitFor();
    await page.getByText("昨天下午通過電話").first().waitFor();
    await calm();
  });
});

describe("without a mouse", () => {
  it("somebody posts, reads what is wrong, mends it and is thanked", async () => {
    const tab = await openTab(browser, site, { script: false, width: 1280 });
    const { page } = tab;
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return {
          name: element?.name ?? "",
          value: element?.value ?? "",
          id: element?.id ?? "",
          tag: element?.tagName ?? "",
        };
      });
    const tabTo = async (wanted: (at: Awaited<ReturnType<typeof focused>>) => boolean) => {
      for (let n = 0; n < 80; n += 1) {
        await keyboard.press("Tab");
        const at = await focused();
        if (wanted(at)) return at;
      }
      throw new Error("not reached by keyboard");
    };
    try {
      await tab.go("/safety/persons/new?as=me");
      await keyboard.press("Tab");
      // The first stop on every page skips to what matters.
      expect(await page.evaluate(() => (document.activeElement as HTMLAnchorElement).hash)).toBe("#main");
      await keyboard.press("Enter");
      await tabTo(({ name }) => name === "text");
      await keyboard.type("只用鍵盤");
      await tabTo(({ name }) => name === "consent");
      await keyboard.press("Space");
      await keyboard.press("Enter");
      await page.locator("#person-summary").waitFor();
      // The page opens at what is to be mended, and its first link leads to the field.
      expect((await focused()).id).toBe("person-summary");
      expect(await page.title()).toContain(
        zh("common:form.errorTitlePrefix", { title: "" }).trim().slice(0, 2),
      );
      await keyboard.press("Tab");
      await keyboard.press("Enter");
      expect(new URL(page.url()).hash).toBe("#person-full_name");
      await page.locator("#person-full_name").focus();
      await keyboard.type("鍵盤使用者");
      expect(await page.locator('#person [name="text"]').inputValue()).toBe("只用鍵盤");
      await keyboard.press("Enter");
      await page.locator("#manage").waitFor();
      expect(tab.complaints()).toEqual([]);
    } finally {
      await tab.close();
    }
  });
});
