import type { ServerBuild } from "@remix-run/node";
import { createRequestHandler } from "@remix-run/node";
import type { ViteDevServer } from "vite";
import type { Handle, HttpOptions } from "./http.ts";

/** The pages as they were built. */
export async function builtPages(): Promise<{ handle: Handle }> {
  const build: ServerBuild = await import("virtual:remix/server-build");
  const answer = createRequestHandler(build, "production");
  return { handle: (request, context) => answer(request, { ...context }) };
}

/** The pages straight from their sources, reloaded as they change. */
export function pagesFromSource(vite: ViteDevServer): Pick<HttpOptions, "before" | "handle"> {
  const newest = (): Promise<ServerBuild> =>
    vite.ssrLoadModule("virtual:remix/server-build") as Promise<Record<string, unknown>> as Promise<never>;
  const answer = createRequestHandler(newest, "development");
  return {
    before: (request, response, next) => vite.middlewares(request, response, next),
    handle: (request, context) => answer(request, { ...context }),
  };
}
