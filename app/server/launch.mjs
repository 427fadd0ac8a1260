// Everything `npm start` and its siblings need before there is anything to start: it runs on a fresh clone, with
// nothing but Node itself, makes what is missing and then hands over, in the same process, to what it has made.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const at = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);
const buildStamp = at("build", ".stamp");
const buildLock = at(".cache", "build.lock");
const installStamp = at("node_modules", ".lookout-install");
const builtFrom = [
  "app",
  "supabase",
  "public",
  "vite.config.ts",
  "remix.config.js",
  "package-lock.json",
  "package.json",
];

/** Something to say to the person at the terminal, in place of a stack of lines. */
class Told extends Error {}

let say = (/** @type {string} */ line) => console.log(line);

async function start() {
  const began = performance.now();
  process.env.NODE_ENV ??= "production";
  await install();
  await buildIfStale();
  await serve({ began });
}

async function dev() {
  const began = performance.now();
  process.env.NODE_ENV ??= "development";
  await install();
  const { createServer } = await import("vite");
  const vite = await timed("development server ready", () =>
    createServer({ root, server: { middlewareMode: true }, appType: "custom" }),
  );
  await serve({ began, vite });
}

async function test(/** @type {string[]} */ rest) {
  await install({ development: true });
  await buildIfStale();
  process.exitCode = await spawned(process.execPath, [at("tests", "run.mjs"), ...rest]);
}

async function bench(/** @type {string[]} */ rest) {
  process.env.NODE_ENV ??= "production";
  await install({ development: true });
  await buildIfStale();
  const { build } = await import("vite");
  await build({
    configFile: false,
    root,
    logLevel: "error",
    build: {
      ssr: true,
      target: "node20",
      outDir: at(".cache", "bench"),
      emptyOutDir: true,
      rollupOptions: { input: at("tests", "bench", "main.ts") },
    },
  });
  const { bench } = await import(pathToFileURL(at(".cache", "bench", "main.js")).href);
  process.exitCode = await bench(rest);
}

async function lookout(/** @type {string[]} */ rest) {
  process.env.NODE_ENV ??= "production";
  // What this command prints may be piped into a file: the steps before it are told beside it.
  say = (line) => console.error(line);
  await install();
  await buildIfStale();
  const { lookout } = await import(pathToFileURL(at("build", "server", "lookout.js")).href);
  process.exitCode = await lookout(rest);
}

async function build(/** @type {string[]} */ rest) {
  process.env.NODE_ENV = "production";
  await install();
  const wanted = await fingerprint();
  if (rest.includes("--if-stale") && (await isBuilt(wanted))) return;
  await withBuildLock(async () => {
    // Another process may have built it while this one waited.
    if (rest.includes("--if-stale") && (await isBuilt(wanted))) return;
    await timed("site built", () => buildSite(wanted));
  });
}

// ---- serving -------------------------------------------------------------------------------------------------------

async function serve(/** @type {{ began: number, vite?: import("vite").ViteDevServer }} */ { began, vite }) {
  const { start, explainStartFailure } = vite
    ? await vite.ssrLoadModule("/app/server/start.ts")
    : await import(pathToFileURL(at("build", "server", "start.js")).href);

  /** @type {{ stop(): Promise<void> } | undefined} */
  let running;
  let leaving = false;
  const leave = async (/** @type {number} */ code) => {
    if (leaving) {
      // Asked a second time: whoever asks wants it now.
      if (running) process.exit(code || 1);
      return;
    }
    leaving = true;
    if (!running) return;
    say("stopping: finishing what has been begun");
    await running.stop().catch((error) => {
      console.error(error);
      code = 1;
    });
    await vite?.close();
    process.exit(code);
  };
  process.on("SIGTERM", () => leave(0));
  process.on("SIGINT", () => leave(0));
  process.on("unhandledRejection", (error) => console.error("a promise failed and nobody listened:", error));
  process.on("uncaughtException", (error) => {
    console.error("stopping after a fault:", error);
    leave(1);
  });

  try {
    running = await start({ root, vite, say });
  } catch (error) {
    await vite?.close();
    const sentence = explainStartFailure(error);
    throw sentence ? new Told(`lookout: ${sentence}`) : error;
  }
  if (leaving) {
    leaving = false;
    return leave(0);
  }
  say(`ready after ${seconds(began)}`);
  say("");
  say(`  守望 Lookout   ${running.address}`);
  say("  First staff account:   npm run lookout -- staff add");
  say("");
}

// ---- installing ----------------------------------------------------------------------------------------------------

/** Installs the packages if they are not the ones of `package-lock.json`. */
async function install({ development = false } = {}) {
  const wanted = createHash("sha256")
    .update(await readFile(at("package-lock.json")))
    .digest("hex");
  const installed = await readFile(installStamp, "utf8").then(
    (text) => text.trim(),
    () => null,
  );
  if (installed === wanted && (!development || existsSync(at("node_modules", "vitest")))) return;
  // Packages put there by hand with `npm ci` or `npm install` are just as good.
  if (installed === null && (await isInstalledByHand())) {
    await writeFile(installStamp, `${wanted}\n`);
    return;
  }
  await timed("packages installed", async () => {
    // The build needs the development packages, and so do the tests: one installation serves all commands.
    const npm = process.env.npm_execpath;
    const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
    const code =
      npm && /\.c?js$/.test(npm)
        ? await spawned(process.execPath, [npm, ...args])
        : await spawned(process.platform === "win32" ? "npm.cmd" : "npm", args);
    if (code !== 0) {
      throw new Told(
        "lookout: the packages could not be installed. Is the network there? What npm says stands above.",
      );
    }
    await writeFile(installStamp, `${wanted}\n`);
  });
}

async function isInstalledByHand() {
  try {
    const [hidden, lock] = await Promise.all(
      [at("node_modules", ".package-lock.json"), at("package-lock.json")].map((file) =>
        readFile(file, "utf8"),
      ),
    );
    /** @type {Record<string, { version?: string, optional?: boolean }>} */
    const present = JSON.parse(hidden).packages;
    /** @type {Record<string, { version?: string, optional?: boolean }>} */
    const wanted = JSON.parse(lock).packages;
    return Object.entries(wanted).every(
      ([name, entry]) => name === "" || entry.optional || present[name]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

// ---- building ------------------------------------------------------------------------------------------------------

/**
 * Builds the site if anything it is made from has changed since the last time: in a process of its own, so that the
 * site does not carry the memory of the tools that built it.
 */
async function buildIfStale() {
  if (await isBuilt(await fingerprint())) return;
  const code = await spawned(process.execPath, [fileURLToPath(import.meta.url), "build", "--if-stale"]);
  if (code !== 0) throw new Told("lookout: the site could not be built; the reason stands above.");
}

async function buildSite(/** @type {string} */ wanted) {
  await rm(buildStamp, { force: true });
  const vite = await import("vite");
  await vite.build({ root, logLevel: "warn", mode: "production" });
  await vite.build({ root, logLevel: "warn", mode: "production", build: { ssr: true } });
  await precompress(at("build", "client"));
  await writeFile(`${buildStamp}.new`, `${wanted}\n`);
  await rename(`${buildStamp}.new`, buildStamp);
}

async function isBuilt(/** @type {string} */ wanted) {
  return (await readFile(buildStamp, "utf8").catch(() => "")).trim() === wanted;
}

/** One hash over the content of everything the build is made from; tests are not part of it. */
async function fingerprint() {
  const files = (await Promise.all(builtFrom.map(filesBelow))).flat().sort();
  const hashes = await Promise.all(
    files.map(
      async (file) =>
        `${file} ${createHash("sha256")
          .update(await readFile(at(file)))
          .digest("hex")}`,
    ),
  );
  return createHash("sha256").update(hashes.join("\n")).digest("hex");
}

/** @returns {Promise<string[]>} */
async function filesBelow(/** @type {string} */ name) {
  const info = await stat(at(name)).catch(() => null);
  if (!info) return [];
  if (info.isFile()) return [name];
  const entries = await readdir(at(name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name) && !entry.name.startsWith("."))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** Files that never change may be squeezed as hard as possible: once, here, instead of for every visitor. */
async function precompress(/** @type {string} */ folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isFile() || !/\.(?:js|css|svg|json|geojson|webmanifest|xml|xsl|html|txt)$/.test(entry.name))
        return;
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const body = await readFile(file);
      if (body.length < 700) return;
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      };
      await Promise.all([
        promisify(brotliCompress)(body, { params }).then((bytes) => writeFile(`${file}.br`, bytes)),
        promisify(gzip)(body, { level: 9 }).then((bytes) => writeFile(`${file}.gz`, bytes)),
      ]);
    }),
  );
}

/** Two commands started together must not build into one folder; the lock of a process that died is taken over. */
async function withBuildLock(/** @type {() => Promise<void>} */ work) {
  await mkdir(path.dirname(buildLock), { recursive: true });
  for (let told = false; ;) {
    try {
      await writeFile(buildLock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(buildLock, "utf8").catch(() => ""));
    if (holder && isAlive(holder)) {
      if (!told) say("waiting for another process that is building the site");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    } else await rm(buildLock, { force: true });
  }
  try {
    await work();
  } finally {
    await rm(buildLock, { force: true });
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

// ---- small things --------------------------------------------------------------------------------------------------

async function timed(/** @type {string} */ what, /** @type {() => Promise<any>} */ work) {
  const began = performance.now();
  const value = await work();
  say(`${what} (${seconds(began)})`);
  return value;
}

function seconds(/** @type {number} */ began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** Runs a program and gives its exit code. What it prints goes where our own words go. */
function spawned(/** @type {string} */ program, /** @type {string[]} */ args) {
  const channel = process.argv[2] === "lookout" ? 2 : "inherit";
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", channel, "inherit"] });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

// ---- the command ---------------------------------------------------------------------------------------------------

/** @type {Record<string, (rest: string[]) => Promise<void>>} */
const commands = { start, dev, test, bench, lookout, build };
const [command = "start", ...rest] = process.argv.slice(2);
const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (run) {
  try {
    await run(rest);
  } catch (error) {
    console.error(error instanceof Told || error?.frame || error?.watchFiles ? error.message : error);
    // Whatever the failed attempt has left open must not keep the process alive.
    process.exit(1);
  }
} else {
  console.error(`lookout: there is no command "${command}"; known are ${Object.keys(commands).join(", ")}.`);
  process.exitCode = 2;
}
