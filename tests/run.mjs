/* eslint-disable no-console -- this one speaks to a terminal */
// What `npm test` runs once everything is installed and built: types, style, then every test there is. Anything after
// it goes to vitest: `npm test -- --project unit`. The last line is always `N passed, N failed`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = (name, file) => path.join(root, "node_modules", name, file);
const count = { passed: 0, failed: 0 };
let child = null;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    child?.kill(signal);
    process.exitCode = 130;
  });
}

const given = process.argv.slice(2);
prepareBrowser();
if (given.length === 0) {
  await check("types", [[tool("typescript", "bin/tsc"), "--noEmit"]]);
  await check("style", [
    [tool("eslint", "bin/eslint.js"), ".", "--max-warnings", "0"],
    [tool("prettier", "bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  ]);
}
await runTests(given);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode ||= count.failed > 0 ? 1 : 0;

async function check(name, commands) {
  const began = performance.now();
  let fine = true;
  for (const command of commands) fine = (await node(command)) === 0 && fine;
  count[fine ? "passed" : "failed"]++;
  console.log(`${fine ? "✓" : "✗"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}

async function runTests(rest) {
  const directory = await mkdtemp(path.join(tmpdir(), "lookout-report-"));
  const report = path.join(directory, "report.json");
  try {
    const code = await node([
      tool("vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...rest,
    ]);
    const results = await readFile(report, "utf8").then(JSON.parse, () => null);
    count.passed += results?.numPassedTests ?? 0;
    const failed = (results?.numFailedTests ?? 0) + (results?.testResults ?? []).filter(isBroken).length;
    // A run can fail outside of any test: nothing to run, a setup that fails, an error nobody caught.
    count.failed += failed === 0 && code !== 0 ? 1 : failed;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// A file that could not even be read has no failed test of its own.
function isBroken(file) {
  return file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed");
}

function node(args) {
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

// A Chromium of the system is faster than the packed one that comes with the packages, and pages need a font with Han
// characters. Where neither can be had, the packed browser and boxes for characters have to do.
function prepareBrowser() {
  const browsers = [
    process.env.CHROMIUM_PATH,
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  const missing = [];
  if (!browsers.some((file) => file && existsSync(file))) missing.push("chromium");
  if (!spawnSync("fc-list", [":lang=zh-tw"], { encoding: "utf8" }).stdout?.trim())
    missing.push("fonts-noto-cjk");
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) {
    if (missing.includes("chromium")) console.log("no Chromium here: using the one from npm");
    return;
  }
  console.log(`installing ${missing.join(" and ")} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) =>
    spawnSync("apt-get", args, { env, stdio: "ignore", timeout: 600_000 }).status === 0;
  apt("update");
  // One by one: a machine that cannot have the font may still have the browser.
  for (const name of missing) {
    if (!apt("install", "-y", "--no-install-recommends", name))
      console.log(`${name} could not be installed; going on without`);
  }
}
