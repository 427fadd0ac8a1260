// Renews the pictures in docs/screenshots from a running site that shows the demonstration data:
//   npm run lookout -- demo
//   SITE_URL=http://127.0.0.1:3000 node tests/support/take-screenshots.mjs
// With STAFF_EMAIL and STAFF_PASSWORD of an officer (npm run lookout -- staff add …) the desk of the staff too.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const site = (process.env.SITE_URL ?? "http://127.0.0.1:3000").replace(/\/$/, "");
const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const slug = process.env.SCREENSHOT_EVENT ?? "demo-christchurch";
const name = process.env.SCREENSHOT_NAME ?? "Zhou Zhenyu";

const sizes = [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
];
const languages = [
  { code: "zh-TW", short: "zh" },
  { code: "en", short: "en" },
];

const browser = await chromium.launch({
  executablePath: [process.env.CHROMIUM_PATH, "/usr/lib/chromium/chromium", "/usr/bin/chromium"].find(
    (file) => file && existsSync(file),
  ),
  args: ["--no-sandbox", "--disable-gpu"],
});
await mkdir(folder, { recursive: true });
try {
  const addresses = await findAddresses();
  for (const viewport of sizes) {
    for (const { code, short } of languages) {
      const context = await browser.newContext({ viewport, locale: code, colorScheme: "light" });
      await context.addCookies([{ name: "lang", value: code, url: site }]);
      const page = await context.newPage();
      if (process.env.STAFF_EMAIL && (await signIn(page))) addresses.desk = await firstItem(page);
      for (const [what, address] of Object.entries(addresses)) {
        await page.goto(site + address);
        const file = `${what}-${short}-${viewport.width}.png`;
        await page.screenshot({ path: path.join(folder, file) });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}

async function signIn(page) {
  await page.goto(`${site}/sign-in`);
  await page.fill("#password-email", process.env.STAFF_EMAIL);
  await page.fill("#password-password", process.env.STAFF_PASSWORD ?? "");
  await page.press("#password-password", "Enter");
  await page.waitForURL(/\/moderation/);
  return true;
}

/** The first thing that waits, as the desk opens it. */
async function firstItem(page) {
  await page.goto(`${site}/moderation`);
  return (await page.locator(".queue li a").first().getAttribute("href")) ?? "/moderation";
}

/** Where the pictures are taken; of the people found, the one most was said about. */
async function findAddresses() {
  const page = await browser.newPage();
  const search = `/safety?q=${encodeURIComponent(name)}&event=${slug}`;
  const board = `/safety?event=${slug}`;
  const persons = (await personsOn(page, search)).concat(await personsOn(page, board)).slice(0, 5);
  let best = { person: persons[0], notes: -1 };
  for (const person of persons) {
    await page.goto(site + person);
    const notes = await page.locator(".notes > li").count();
    if (notes > best.notes) best = { person, notes };
  }
  await page.close();
  const form = `/safety/persons/new?as=me&event=${slug}`;
  return { home: "/", board, search, person: best.person, form };
}

async function personsOn(page, address) {
  await page.goto(site + address);
  const links = page.locator('main .card h3 a[href^="/safety/persons/"]');
  return links.evaluateAll((found) => found.map((link) => link.getAttribute("href")));
}
