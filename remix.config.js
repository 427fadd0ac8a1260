/**
 * How the site is put together. `vite.config.ts` reads this file, because Remix's Vite plugin does not.
 *
 * Every `future` flag of the next major version is on but one: `v3_routeConfig` wants a hand-kept list of routes,
 * and here the file name of a route is its address.
 *
 * @type {import("@remix-run/dev").VitePluginConfig}
 */
export const remixOptions = {
  appDirectory: "app",
  buildDirectory: "build",
  serverModuleFormat: "esm",
  ignoredRouteFiles: ["**/.*", "**/*.test.{ts,tsx}", "**/*.server.{ts,tsx}"],
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: true,
  },
};

export default remixOptions;
