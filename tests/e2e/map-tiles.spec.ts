import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBrowser } from "#tests/support/browser.ts";
import { mapReady } from "#tests/support/map-event.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { openTab } from "#tests/support/tab.ts";
import { tileArchive } from "#tests/support/tile-archive.ts";

// A finer ground from elsewhere: a server of tiles, and one file of tiles that is read in pieces.

const plain = (background: string) =>
  sharp({ create: { width: 256, height: 256, channels: 3, background } })
    .png()
    .toBuffer();

let ground: Server;
let site: Site;
let browser: Browser;
let archive: Buffer;
let vectors: Buffer;
let picture: Buffer;
let origin: string;
const asked: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "range");
  if (request.method === "OPTIONS") return void response.writeHead(204).end();
  if (request.url!.startsWith("/tiles/")) {
    asked.push(request.url!);
    return void response.setHeader("Content-Type", "image/png").end(picture);
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) return void response.writeHead(416).end();
  const piece = archive.subarray(Number(from), Number(to) + 1);
  asked.push(`${from}-`);
  response
    .writeHead(206, {
      "Content-Range": `bytes ${from}-${Number(from) + piece.length - 1}/${archive.length}`,
      "Content-Length": piece.length,
    })
    .end(piece);
}

beforeAll(async () => {
  const pictures = await Promise.all(["#c00000", "#00c000", "#0000c0"].map(plain));
  archive = tileArchive(pictures);
  vectors = tileArchive(pictures, 1);
  picture = await plain("#c0c000");
  ground = createServer(answer);
  await new Promise<void>((done) => ground.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(ground.address() as AddressInfo).port}`;
  [site, browser] = await Promise.all([
    startSite({
      env: {
        TILE_URL: `${origin}/tiles/{z}/{x}/{y}.png`,
        TILE_ATTRIBUTION: "© the test",
        PMTILES_URL: `${origin}/world.pmtiles`,
      },
    }),
    startBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  ground?.close();
});

it("tiles of a server and of one file read in pieces are drawn, and the page says whose they are", async () => {
  const tab = await openTab(browser, site);
  const { page } = tab;
  await tab.go("/map#map=2/0/0");
  await mapReady(page);
  await page.locator("canvas.archive-tile.leaflet-tile-loaded").first().waitFor({ state: "attached" });
  await page.locator("img.leaflet-tile-loaded").first().waitFor({ state: "attached" });
  const colours = await page.locator("canvas.archive-tile.leaflet-tile-loaded").evaluateAll((tiles) =>
    tiles.map((tile) => {
      const canvas = tile as HTMLCanvasElement;
      return [...canvas.getContext("2d")!.getImageData(128, 128, 1, 1).data].join();
    }),
  );
  // The third zoom of the file is blue.
  expect(new Set(colours)).toEqual(new Set(["0,0,192,255"]));
  const widths = await page
    .locator("img.leaflet-tile-loaded")
    .evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLImageElement).naturalWidth));
  expect(new Set(widths)).toEqual(new Set([256]));
  expect(asked.some((one) => one.startsWith("/tiles/2/"))).toBe(true);
  expect(asked.some((one) => one === "0-")).toBe(true);
  expect(await page.locator(".map-credit").innerText()).toContain("© the test");
  expect(tab.complaints()).toEqual([]);
  await tab.close();
});

it("a file of vectors is refused in words, and the outlines stay", async () => {
  archive = vectors;
  const tab = await openTab(browser, site);
  const said = tab.page.waitForEvent("console", (message) => message.text().startsWith("PMTILES_URL:"));
  await tab.go("/map#map=2/0/0");
  await mapReady(tab.page);
  expect((await said).text()).toContain("holds no pictures");
  expect(await tab.page.locator("canvas.archive-tile").count()).toBe(0);
  await tab.close();
});
