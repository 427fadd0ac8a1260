import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StaticFile, StaticFiles } from "./static-files.ts";
import { openStaticFiles } from "./static-files.ts";

const script = "console.log('守望');\n".repeat(100);
let folder: string;
let files: StaticFiles;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lookout-files-"));
  await mkdir(path.join(folder, "assets"));
  await mkdir(path.join(folder, ".vite"));
  await writeFile(path.join(folder, "assets", "root-abc.js"), script);
  await writeFile(path.join(folder, "enhance.js"), "1;");
  await writeFile(path.join(folder, "sw.js"), "1;");
  await writeFile(path.join(folder, "secret.pem"), "x");
  await writeFile(path.join(folder, ".vite", "manifest.json"), "{}");
  files = await openStaticFiles(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function header(file: StaticFile | undefined, name: string): string | undefined {
  return file?.headers[file.headers.indexOf(name) + 1];
}

test.each([
  "/../package.json",
  "/assets/../../etc/passwd",
  "/assets",
  "/assets/",
  "/assets//root-abc.js",
  "/assets/root-abc.js/",
  "/ASSETS/root-abc.js",
  "/secret.pem",
  "/.vite/manifest.json",
  "/assets/root-abc.js.br",
  "/__proto__",
])("H30 %s is no file of ours", (address) => {
  expect(files.find(address)).toBeUndefined();
});

test("files whose names change with their content are kept for ever, the service worker never", () => {
  expect(header(files.find("/assets/root-abc.js"), "cache-control")).toBe(
    "public, max-age=31536000, immutable",
  );
  expect(header(files.find("/sw.js"), "cache-control")).toBe("no-cache");
  expect(header(files.find("/enhance.js"), "cache-control")).toContain("max-age=600");
});

test("a file comes in the encoding asked for, if that is worth it", async () => {
  const file = files.find("/assets/root-abc.js")!;
  const gzip = await file.body("gzip");
  const brotli = await file.body("br");
  expect(gunzipSync(gzip.body).toString()).toBe(script);
  expect(brotliDecompressSync(brotli.body).toString()).toBe(script);
  expect((await file.body("identity")).body.toString()).toBe(script);
  expect((await files.find("/sw.js")!.body("br")).encoding).toBe("identity");
});

test("a site without built files starts all the same", async () => {
  expect((await openStaticFiles(path.join(folder, "nowhere"))).find("/x")).toBeUndefined();
});
