import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheDirectory, root } from "./places.ts";

/** Where the board stands a second time in the variant, as Remix makes a page unless told otherwise. */
export const hydratedBoard = "/bench/hydrated";

/**
 * Builds the site once more, with one route added: a copy of the board that asks for hydration. Remix then streams the
 * same page with its scripts and with the data of its loaders, as it does by default. Everything else is ours unchanged,
 * so the two pages can be asked for from one process and one database.
 */
export async function buildHydratedSite(): Promise<string> {
  const folder = path.join(cacheDirectory, "hydrated-site");
  mkdirSync(folder, { recursive: true });
  const parts = [
    "app",
    "public",
    "supabase",
    "tests/support",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ];
  for (const part of [...parts, "vite.config.ts", "remix.config.js"]) {
    rmSync(path.join(folder, part), { recursive: true, force: true });
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  rmSync(path.join(folder, "node_modules"), { force: true });
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const board = readFileSync(path.join(root, "app/routes/safety._index.tsx"), "utf8");
  const withoutHandle = board.replace(/^export const handle\b/m, "export const formerHandle");
  writeFileSync(
    path.join(folder, "app/routes/bench.hydrated.tsx"),
    `${withoutHandle}\nexport const handle = { hydrate: true };\n`,
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [path.join(folder, "app/server/launch.mjs"), "build", "--if-stale"],
      {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error("The hydrated variant of the site could not be built.");
  return folder;
}
