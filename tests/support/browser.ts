import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { temporaryDirectory } from "./run-directory.ts";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium of this machine, or else the one that comes from npm. */
export async function startBrowser(): Promise<Browser> {
  const home = temporaryDirectory("browser");
  const env = { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: home };
  const installed = installedChromium();
  if (installed) return chromium.launch({ executablePath: installed, args: quiet, env });
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({
    executablePath: await packed.executablePath(),
    args: [...new Set([...packed.args, ...quiet])],
    env,
  });
}

function installedChromium(): string | undefined {
  return [
    process.env.CHROMIUM_PATH,
    // The program itself first: the one in /usr/bin may be a script that reads settings of its own.
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ].find((file) => file && existsSync(file));
}
