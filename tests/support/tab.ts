/** A visitor's browser window that notices everything a page should not do. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Site } from "./site.ts";

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, refused content and dialogs since the last look. */
  complaints(): string[];
  /** Addresses of all scripts that were asked for since the last look. */
  scripts(): string[];
  /** Everything that was asked for since the last look. */
  requests(): string[];
  go(path: string): Promise<void>;
  close(): Promise<void>;
}

interface TabOptions {
  script?: boolean;
  /** False: the page stands as without script, but a test may still look at it with script of its own. */
  enhance?: boolean;
  width?: number;
  language?: string;
  dark?: boolean;
  /** A telephone: fingers instead of a mouse. */
  touch?: boolean;
  /** The address this visitor comes from, where the site believes a proxy. */
  caller?: string;
}

export async function openTab(
  browser: Browser,
  site: Site,
  {
    script = true,
    enhance = true,
    width = 1280,
    language = "zh-TW",
    dark = false,
    touch = false,
    caller,
  }: TabOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: script,
    viewport: { width, height: 780 },
    locale: language,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    hasTouch: touch,
    ...(caller ? { extraHTTPHeaders: { "x-forwarded-for": caller } } : {}),
  });
  context.setDefaultTimeout(8_000);
  if (!enhance) {
    await context.route("**/enhance.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: "" }),
    );
  }
  const page = await context.newPage();
  let complaints: string[] = [];
  let requests: Array<{ url: string; kind: string }> = [];
  page.on("console", (message) => {
    const text = message.text();
    // A browser notes every page that comes with another status than 200, also the ones we mean to send.
    if (message.type() === "error" && !/status of 4\d\d/.test(text)) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push({ url: request.url(), kind: request.resourceType() }));
  const taken = <T>(things: T[], forget: () => void): T[] => {
    forget();
    return things;
  };
  return {
    page,
    context,
    complaints: () => taken(complaints, () => (complaints = [])),
    scripts: () => requests.filter(({ kind }) => kind === "script").map(({ url }) => url),
    requests: () =>
      taken(
        requests.map(({ url }) => url),
        () => (requests = []),
      ),
    go: async (path) => void (await page.goto(path, { waitUntil: "load" })),
    close: () => context.close(),
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a page puts in the way of people with disabilities, with everything on it unfolded: rule and place. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const panel of document.querySelectorAll("details")) panel.open = true;
  });
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: Array<{ id: string; impact: string; help: string; nodes: Array<{ target: string[] }> }>;
        }>;
      };
    };
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
}

/** How far a page can be pushed sideways; nobody should have to. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}
