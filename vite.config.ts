import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { remixOptions } from "./remix.config.js";

/**
 * Builds the HTTP process and the operator's command line in one graph with the pages, so that a class such as
 * `Failure` exists once and `instanceof` holds on both sides.
 */
function serverEntries(): Plugin {
  return {
    name: "lookout-server-entries",
    enforce: "post",
    config: (_config, { command, isSsrBuild }) =>
      command === "build" && isSsrBuild
        ? {
            build: {
              rollupOptions: {
                input: serverInput,
                output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
              },
            },
          }
        : undefined,
  };
}

/**
 * Parts of a page that come alive on their own: each is a script beside the framework's, with what it needs and nothing
 * else. A route finds its address in `virtual:lookout-islands`.
 */
const islands: Record<string, string> = { map: "app/features/map/map-island.client.tsx" };

function islandEntries(): Plugin {
  const name = "virtual:lookout-islands";
  let built = false;
  let pages = false;
  return {
    name: "lookout-islands",
    enforce: "post",
    config(_config, { command, isSsrBuild }) {
      built = command === "build";
      pages = isSsrBuild === true;
      return built && !isSsrBuild
        ? { build: { rollupOptions: { input: Object.values(islands).map((file) => path.resolve(file)) } } }
        : undefined;
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      // Only the server writes addresses into pages; the scripts of the pages themselves need none.
      const found =
        built && pages
          ? await builtIslands()
          : Object.entries(islands).map(([key, file]) => [key, built ? [] : [`/${file}`]]);
      return `export const islands = ${JSON.stringify(Object.fromEntries(found))};`;
    },
  };
}

/** Per island its script and, after it, what that script will ask for at once. The pages are built after the scripts. */
async function builtIslands(): Promise<[string, string[]][]> {
  const manifest = JSON.parse(await readFile("build/client/.vite/manifest.json", "utf8")) as Record<
    string,
    { file: string; imports?: string[] }
  >;
  return Object.entries(islands).map(([key, file]) => {
    const needed = new Set<string>();
    const walk = (chunk: string): void => {
      const { file: address, imports } = manifest[chunk]!;
      if (needed.has(`/${address}`)) return;
      needed.add(`/${address}`);
      imports?.forEach(walk);
    };
    walk(file);
    return [key, [...needed]];
  });
}

// The operator's command line shares the build with the site.
const serverInput: Record<string, string> = { start: "app/server/start.ts" };
if (existsSync("app/server/lookout.ts")) serverInput.lookout = "app/server/lookout.ts";
// Threads are files of their own: they are started by name.
serverInput["protect-release"] = "app/jobs/protect-release-thread.ts";

export default defineConfig({
  // The unit tests read modules one by one and must not wake the framework's build.
  plugins: process.env.VITEST ? [] : [remix(remixOptions), serverEntries(), islandEntries()],
  clearScreen: false,
  // The embedded database and the secret of the installation lie below the root; no address may lead to them.
  server: { fs: { deny: [".env", ".env.*", "*.{crt,pem}", "**/.git/**", `${path.resolve("data")}/**`] } },
  optimizeDeps: {
    // While developing, the framework looks through the routes for styles, and Vite would take every server package
    // it meets there for one of the browser's. What the browser really needs besides React stands here.
    noDiscovery: true,
    include: ["i18next", "leaflet", "react-leaflet", "react-dom/client"],
  },
  build: {
    target: "es2020",
    // A stylesheet or picture inside a page would need its own permission in the content policy.
    assetsInlineLimit: 0,
    cssMinify: true,
    rollupOptions: {
      onwarn(warning, tell) {
        // A route that only answers posts and data has nothing for the browser: that is as it should be.
        // A library's comment that the bundler cannot use is nobody's concern here.
        if (warning.code !== "EMPTY_BUNDLE" && warning.code !== "INVALID_ANNOTATION") tell(warning);
      },
    },
  },
});
