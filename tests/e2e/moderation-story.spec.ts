import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBrowser } from "#tests/support/browser.ts";
import { act, fillAndSend, postPerson, type PostedPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";
import { openTab, overhang } from "#tests/support/tab.ts";

// The story of a death report through both stages, as the staff and everybody else see it in a browser.

const pictures = process.env.SCREENSHOTS ? path.resolve("docs/screenshots") : null;

let site: Site;
let browser: Browser;
let volunteer: SignedInMember;
let officer: SignedInMember;
let person: PostedPerson;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ env: { RATE_LIMITS: "off" } }), startBrowser()]);
  await site.sql`select public.open_event(${site.sql.json({
    slug: "quake",
    titles: { en: "Christchurch earthquake", "zh-TW": "基督城地震", ja: "クライストチャーチ地震" },
    kind: "earthquake",
    country: "NZ",
    hotlines: [{ number: "+64-9-555-0100", names: { en: "Office", "zh-TW": "駐奧克蘭辦事處" } }],
  })})`;
  volunteer = await signInAs(site, "volunteer", { name: "林" });
  officer = await signInAs(site, "officer", { name: "郭", areas: ["NZ"] });
  for (const [full_name, need] of [
    ["王小明", "injured"],
    ["李大華", "money"],
    ["林阿美", "shelter"],
  ] as const) {
    await postPerson(site, { full_name, event: "quake", status: "is_note_author", need: [need] });
  }
  person = await postPerson(site, {
    full_name: "陳某某",
    event: "quake",
    as: "seeking",
    status: "information_sought",
  });
  await act(site, person.page, "note", {
    status: "believed_dead",
    text: "聽護士說過世了，電話 0912-345-678",
    author_name: "友人",
    personal_data: "keep",
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `moderation-${name}.png`) });
}

async function tabOf(member: SignedInMember | null, width = 1280) {
  const tab = await openTab(browser, site, { width });
  if (member) {
    await tab.go("/sign-in");
    await tab.page.fill("#password-email", member.email);
    await tab.page.fill("#password-password", member.password);
    await tab.page.press("#password-password", "Enter");
    await tab.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  }
  return tab;
}

const told = async (where: string) => (await site.fetch(where)).text();

it("a death report waits, is passed on by a volunteer and is told only after an officer verified it with an official notice", async () => {
  const pfif = `/safety/persons/${person.id}.pfif.xml`;
  expect(await told(person.page)).not.toContain("聽護士說");
  expect(await told(pfif)).not.toContain("believed_dead");
  expect(await told("/feeds/verified.json")).not.toContain(person.id);
  const [row] = await site.sql<{ id: string }[]>`
    select id from app.queue_items where person_id = ${person.id} and kind = 'death_report'`;
  const where = `/moderation/${row!.id}`;

  const first = await tabOf(volunteer);
  await first.go("/moderation");
  await picture(first.page, "queue-zh-1280");
  await first.go(where);
  const buttons = await first.page
    .locator("button[name=decision]")
    .evaluateAll((all) => all.map((one) => (one as HTMLButtonElement).value));
  expect(buttons).toEqual(["needs_information", "duplicate", "escalate"]);
  const forged = await fillAndSend(
    site,
    where,
    "decide",
    { decision: "verified", reason_code: "official_source" },
    volunteer.headers,
  );
  expect(forged.status).toBe(403);
  await first.page.click("button[value=escalate]");
  await first.page.waitForURL(/done=escalate/);
  expect(first.complaints()).toEqual([]);
  await first.close();

  const [notice] = await site.sql<{ id: string }[]>`
    insert into app.notices (source_key, source_name, url, title, text, language, country, event_id, published_at)
    select 'test:1', '外交部領事事務局', 'https://www.boca.gov.tw/x', '罹難名單', '名單', 'zh-TW', 'NZ', id, now()
    from app.events where slug = 'quake' returning id`;
  const second = await tabOf(officer);
  await second.go(where);
  expect(await second.page.locator("main").innerText()).toContain("林：轉給領務人員");
  await picture(second.page, "desk-zh-1280");
  await second.page.setViewportSize({ width: 360, height: 780 });
  expect(await overhang(second.page)).toBe(0);
  await picture(second.page, "desk-zh-360");
  expect(second.complaints()).toEqual([]);
  await second.close();
  const verified = await fillAndSend(
    site,
    where,
    "decide",
    { decision: "verified", reason_code: "official_source", notice_id: notice!.id },
    officer.headers,
  );
  expect(verified.status).toBe(303);

  const everybody = await tabOf(null);
  await everybody.go(person.page);
  expect(await everybody.page.locator("main").innerText()).toContain("過世了");
  await picture(everybody.page, "person-zh-1280");
  expect(await told(pfif)).toContain("believed_dead");
  expect(await told("/feeds/verified.json")).toContain(person.id);
  await everybody.go("/log");
  await picture(everybody.page, "log-zh-1280");
  expect(everybody.complaints()).toEqual([]);
  await everybody.close();
});
