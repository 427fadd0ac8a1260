import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import type { AppLoadContext, EntryContext, HandleErrorFunction } from "@remix-run/node";
import { createReadableStreamFromReadable } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { renderToPipeableStream, renderToStaticMarkup } from "react-dom/server";
import { NonceContext } from "./nonce.ts";
import { hasMap, mayBeFramed, pageKind, settledHandle } from "./page-kind.ts";
import { contentSecurityPolicy, hashSource, originsOf } from "./server/content-security-policy.ts";
import { stylesheet } from "./styles/stylesheet.ts";

const styleHash = hashSource(stylesheet);
const hydrationDeadlineMs = 10_000;

/** Turns one matched page into its document, with the content policy that fits what the page needs. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  const { matches, loaderData, actionData } = context.staticHandlerContext;
  // Titles are made from what loaders gave, and no loader knows that a form comes back: only the answer does.
  if (status >= 400 && actionData) loaderData["root"] = { ...loaderData["root"], sentBack: true };
  const handles = matches.map(({ route }) => {
    const module = context.routeModules[route.id] as { handle?: unknown } | undefined;
    return settledHandle(module?.handle, loaderData[route.id]);
  });
  const kind = pageKind(handles);
  if (status === 429 || status === 503) headers.set("Retry-After", secondsToWait(status, context));
  const nonce = kind === "hydrated" ? randomBytes(16).toString("base64") : undefined;
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set(
    "Content-Security-Policy",
    contentSecurityPolicy({
      kind,
      styleHash,
      nonce,
      framedBy: mayBeFramed(handles) ? loadContext.env.embedOrigins : [],
      mapOrigins: hasMap(handles) ? originsOf(loadContext.env.tileUrl, loadContext.env.pmtilesUrl) : [],
      development: import.meta.env.DEV,
    }),
  );
  if (kind === "hydrated") {
    // Its nonce is for one reader: such a page is never kept for another.
    if (!headers.get("Cache-Control")?.includes("no-store"))
      headers.set("Cache-Control", "private, no-cache");
    return streamDocument(request, status, headers, context, nonce, loadContext);
  }
  return wholeDocument(request, status, headers, context);
}

/** Told of everything that a loader, an action or a page threw and nobody caught. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted) return;
  (context as AppLoadContext | undefined)?.log?.error({ err: error, method: request.method }, "page failed");
};

// Whoever is asked to come back hears when, also where the page says it only in words.
function secondsToWait(status: 429 | 503, { staticHandlerContext }: EntryContext): string {
  const { actionHeaders, loaderHeaders } = staticHandlerContext;
  const told = Object.values({ ...loaderHeaders, ...actionHeaders }).map((given) => given.get("Retry-After"));
  return told.find((seconds) => seconds !== null) ?? (status === 429 ? "60" : "5");
}

// No hydration data and no markers for React: nothing in the browser will ever look for them.
function wholeDocument(request: Request, status: number, headers: Headers, context: EntryContext): Response {
  const { serverHandoffStream: _unused, ...withoutData } = context;
  const markup = renderToStaticMarkup(<RemixServer context={withoutData} url={request.url} />);
  return new Response(`<!DOCTYPE html>${markup}`, { status, headers });
}

function streamDocument(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  nonce: string | undefined,
  loadContext: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let started = false;
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={context} url={request.url} abortDelay={hydrationDeadlineMs} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        onShellReady() {
          started = true;
          const body = new PassThrough();
          resolve(
            new Response(createReadableStreamFromReadable(body), { status: failed ? 500 : status, headers }),
          );
          pipe(body);
        },
        onShellError(error) {
          clearTimeout(timer);
          reject(error);
        },
        onAllReady() {
          clearTimeout(timer);
        },
        onError(error) {
          failed = true;
          // Before the shell is out, the rejection above reports it.
          if (started) loadContext.log.error({ err: error }, "page failed while streaming");
        },
      },
    );
    const timer = setTimeout(abort, hydrationDeadlineMs + 1000);
    timer.unref();
  });
}
