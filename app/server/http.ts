import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { LanguageCode } from "../i18n/languages.ts";
import { isShared, sharedParameters } from "../platform/cache.server.ts";
import type { RequestContext } from "../platform/http.server.ts";
import { formTokenField, readFormToken } from "../platform/session.server.ts";
import type { Body, BodyRules } from "./body-limit.ts";
import { bodyRules, createBodyReader, mediaType } from "./body-limit.ts";
import { createCallers, isLoopback } from "./caller.ts";
import { chooseEncoding } from "./compression.ts";
import { createHealth } from "./health.ts";
import { encodingsOf, forwardedHeaders, isForProgram, languageOf, readForm, single } from "./incoming.ts";
import { allowedMethods, createOutgoing } from "./outgoing.ts";
import type { OverloadWatch } from "./overload.ts";
import { watchOverload } from "./overload.ts";
import { createPageCache, hasOnlyLanguageCookie, SharedAnswer, sharedQuery } from "./page-cache.ts";
import { problem, rawRefusal, refusalResponse } from "./refusal.ts";
import type { BadTarget, RequestTarget } from "./request-target.ts";
import { readTarget, scrubQuery } from "./request-target.ts";
import { judgeOrigin, needsPreflight, originsOfSite } from "./same-origin.ts";
import type { StaticFiles } from "./static-files.ts";

/** Answers one request that has passed every check of this layer. */
export type Handle = (request: Request, context: RequestContext) => Promise<Response>;

export interface HttpOptions {
  handle: Handle;
  /** Everything of the request context except the caller and `wrote`, which this layer provides. */
  context: Omit<RequestContext, "callerKey" | "wrote">;
  /** Rejects while the site cannot answer from its database. */
  ready?: () => Promise<void>;
  /** Told after every write, when the shared pages are already dropped. */
  onWrite?: () => void;
  /** Called after something was read in whole, with its path and who says to have read it. */
  onRead?: (path: string, agent: string) => void;
  staticFiles?: StaticFiles;
  /** Sees each request first, for the development server. */
  before?: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  overload?: OverloadWatch;
  limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** How old a shared answer may be; zero shares none. */
  sharedForMs: number;
  headersMs: number;
  requestMs: number;
  bodyIdleMs: number;
  /** A page that takes longer is given up with a 503. */
  answerMs: number;
  /** Requests being answered at the same time; more are asked to come back. */
  mostInFlight: number;
  /** A connection on which nothing moves for this long is let go. */
  idleSocketMs: number;
  /** How long a stopping process waits for answers in flight. */
  closeMs: number;
}

const defaultLimits: HttpLimits = {
  sharedForMs: 1000,
  headersMs: 15_000,
  // A photo of 10 MB over 2G takes minutes; what is limited is the pause between two pieces of it.
  requestMs: 600_000,
  bodyIdleMs: 30_000,
  answerMs: 30_000,
  mostInFlight: 1000,
  idleSocketMs: 120_000,
  closeMs: 10_000,
};

export interface HttpServer {
  server: Server;
  /** Drops the shared pages and tells `onWrite`. */
  wrote: () => void;
  /** Stops accepting, finishes what is in flight, then cuts what is left. */
  close: () => Promise<void>;
}

const answeredMethods = new Set(["GET", "HEAD", "POST", "OPTIONS"]);
const knownMethods = new Set(["PUT", "PATCH", "DELETE", "TRACE"]);
const retryAfterSeconds = 5;
/** Time for busy connections to hear that this process is leaving, before idle ones are cut. */
const farewellMs = 300;

/** Builds the server around a handler; nothing in here knows the framework, a database or the pages. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const { handle, context: base, staticFiles, before } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const { log, env } = base;
  const { origin: publicOrigin, host: publicHost } = new URL(base.publicUrl);
  const ourOrigins = originsOfSite(base.publicUrl);
  const callers = createCallers({ trustProxy: env.trustProxy, secret: base.secret });
  const cache = createPageCache({ ttlMs: limits.sharedForMs });
  const bodies = createBodyReader({ idleMs: limits.bodyIdleMs });
  const overload = options.overload ?? watchOverload();
  const requestId = createRequestIds();
  const out = createOutgoing({ https: publicOrigin.startsWith("https:"), log, requestId });
  const health = createHealth({ ready: options.ready ?? (async () => {}), metrics, mayMeasure });
  const counted = { requests: 0, shared: 0, refused: 0 };
  let inFlight = 0;
  const inside = new Map<ServerResponse, () => void>();
  let toldAboutOrigin = false;

  function wrote(): void {
    cache.drop();
    options.onWrite?.();
  }

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: 20_000,
      connectionsCheckingInterval: Math.min(5000, limits.headersMs),
    },
    (request, response) => {
      if (before) before(request, response, () => receive(request, response));
      else receive(request, response);
    },
  );
  server.setTimeout(limits.idleSocketMs);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    const slow = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    socket.end(rawRefusal(slow ? 408 : error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400));
  });

  function receive(request: IncomingMessage, response: ServerResponse): void {
    counted.requests += 1;
    const target: RequestTarget | BadTarget = readTarget(request.url ?? "");
    if ("status" in target) return out.turnAway(request, response, target.status, null);
    const method = request.method ?? "";
    if (method === "GET" || method === "HEAD") {
      if (options.onRead && method === "GET") tellOfRead(request, response, target.path);
      const key = limits.sharedForMs > 0 ? sharedKey(request, target) : null;
      const kept = key === null ? undefined : cache.find(key);
      if (kept) return sendKept(request, response, kept);
      const file = staticFiles?.find(target.path);
      if (file) return watch(response, out.sendFile(request, response, file));
      if (health.answers(target.path)) return watch(response, health.answer(target.path, request, response));
      return admit(request, response, target, () => read(request, response, target, key));
    }
    if (method === "OPTIONS") return out.answerOptions(response, target);
    if (!answeredMethods.has(method)) {
      const status = knownMethods.has(method) ? 405 : 501;
      return out.turnAway(request, response, status, target, { allow: allowedMethods });
    }
    return admit(request, response, target, () => write(request, response, target));
  }

  function tellOfRead(request: IncomingMessage, response: ServerResponse, path: string): void {
    response.once("finish", () => {
      if (response.statusCode === 200) options.onRead?.(path, request.headers["user-agent"] ?? "");
    });
  }

  /** Lets the work begin, unless the process has more than it can do. */
  function admit(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    work: () => Promise<void>,
  ): void {
    if (inFlight >= limits.mostInFlight || overload.overloaded()) {
      counted.refused += 1;
      return out.turnAway(request, response, 503, target, { retryAfterSeconds });
    }
    inFlight += 1;
    const leave = (): void => {
      if (!inside.delete(response)) return;
      inFlight -= 1;
    };
    inside.set(response, leave);
    response.once("close", leave);
    watch(response, work());
  }

  async function read(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    key: string | null,
  ): Promise<void> {
    if (key === null) return answer(request, response, target, await ask(request, response, target));
    const made = await cache.load(key, async () => {
      const controller = new AbortController();
      const own = await askForAll(request, response, target, controller);
      const shared = await shareable(own, target);
      if (!shared) abortWith(response, controller);
      return shared ?? { own };
    });
    if (made instanceof SharedAnswer) sendKept(request, response, made);
    else await answer(request, response, target, made.own);
  }

  function sendKept(request: IncomingMessage, response: ServerResponse, kept: SharedAnswer): void {
    counted.shared += 1;
    const variant = kept.variant(chooseEncoding(encodingsOf(request)));
    if (variant instanceof Promise) {
      watch(
        response,
        variant.then((made) => out.sendShared(request, response, made)),
      );
    } else out.sendShared(request, response, variant);
  }

  /** The name under which this answer may be shared, or null if it is for this visitor alone. */
  function sharedKey(request: IncomingMessage, { path, query }: RequestTarget): string | null {
    const { headers } = request;
    if (!hasOnlyLanguageCookie(headers.cookie) || headers.authorization !== undefined) return null;
    // Somebody who listens to events takes up where they left off.
    if (headers["last-event-id"] !== undefined || headers.accept === "text/event-stream") return null;
    // A semicolon in a path is how caches are talked into keeping what is private.
    if (path.includes(";")) return null;
    const normalised = sharedQuery(query, sharedParameters);
    return normalised === null ? null : `${languageOf(request)} ${path}?${normalised}`;
  }

  async function shareable(answered: Response, target: RequestTarget): Promise<SharedAnswer | null> {
    const { headers } = answered;
    if (answered.status !== 200 || !isShared(headers.get("cache-control"))) return null;
    if (headers.has("set-cookie") || answered.body === null) return null;
    // One reader's nonce must never be another's.
    if (headers.get("content-security-policy")?.includes("'nonce-")) return null;
    const finished = out.finishedHeaders(headers, target);
    for (const name of ["vary", "etag", "content-length"]) finished.delete(name);
    const body = Buffer.from(await answered.arrayBuffer());
    return new SharedAnswer(body, [...finished].flat(), headers.get("content-type"));
  }

  async function write(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
  ): Promise<void> {
    const { headers } = request;
    const site = single(headers["sec-fetch-site"]);
    const verdict = judgeOrigin({ secFetchSite: site, origin: headers.origin }, ourOrigins);
    if (verdict === "foreign") {
      tellAboutOrigin(headers.origin);
      return out.turnAway(request, response, 403, target);
    }
    const rules = bodyRules(target.path, headers);
    if ("status" in rules) return out.turnAway(request, response, rules.status, target);
    const body = await bodies.read(request, rules);
    if ("status" in body) return out.turnAway(request, response, body.status, target, { retryAfterSeconds });
    const readable = rules.kind !== "multipart" || (await readForm(body, headers["content-type"])) !== null;
    // The framework would answer a form that breaks off in the middle with a fault of ours.
    if (!readable) return out.turnAway(request, response, 400, target);
    if (verdict === "unknown" && !(await bringsOwnProof(request, target, rules, body))) {
      return out.turnAway(request, response, 403, target);
    }
    return answer(request, response, target, await ask(request, response, target, body));
  }

  async function bringsOwnProof(
    { headers }: IncomingMessage,
    { path }: RequestTarget,
    rules: BodyRules,
    body: Body,
  ): Promise<boolean> {
    // The key in the address of the exchange door stands for its caller; nothing there rides on a cookie.
    if (path === "/pfif/write" || needsPreflight(mediaType(headers["content-type"]))) return true;
    // Mail programs unsubscribe with exactly this body and no other sign; the secret is in the address.
    if (rules.kind === "form" && body.toString("latin1") === "List-Unsubscribe=One-Click") return true;
    const form = await readForm(body, headers["content-type"]);
    const token = form?.get(formTokenField);
    if (typeof token !== "string") return false;
    return readFormToken({ secret: base.secret, token, purpose: null }) === "good";
  }

  // An operator who forgot PUBLIC_URL would otherwise search long for the reason.
  function tellAboutOrigin(origin: string | undefined): void {
    if (toldAboutOrigin || !origin || origin === "null") return;
    toldAboutOrigin = true;
    log.warn(
      { origin: origin.slice(0, 200), publicUrl: base.publicUrl },
      "form refused: is PUBLIC_URL right?",
    );
  }

  /** Asks the pages for an answer for this visitor. */
  function ask(
    incoming: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    body?: Body,
  ): Promise<Response> {
    const controller = new AbortController();
    abortWith(response, controller);
    const request = new Request(address(target), {
      method: incoming.method,
      headers: forwardedHeaders(incoming, publicHost),
      body,
      signal: controller.signal,
    });
    return inTime(request, controller, incoming, response, target);
  }

  /**
   * Asks the pages for an answer that may go to everybody. It does not end with its first asker, and it sees nothing
   * of them but the language.
   */
  function askForAll(
    incoming: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    controller: AbortController,
  ): Promise<Response> {
    const language: LanguageCode = languageOf(incoming);
    const request = new Request(address(target), {
      headers: { host: publicHost, accept: "*/*", "accept-language": language },
      signal: controller.signal,
    });
    return inTime(request, controller, incoming, response, target);
  }

  async function inTime(
    request: Request,
    controller: AbortController,
    incoming: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
  ): Promise<Response> {
    const id = requestId(response);
    const context = { ...base, wrote, callerKey: callers.key(incoming), log: log.child({ request: id }) };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Response>((resolve) => {
      timer = setTimeout(() => {
        controller.abort();
        log.error({ request: id, ...described(incoming, target) }, "no answer in time");
        resolve(refusal(503, incoming, target));
      }, limits.answerMs);
    });
    try {
      return await Promise.race([handle(request, context), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    answered: Response,
  ): Promise<void> {
    const { status } = answered;
    const level = status >= 500 ? "error" : "debug";
    log[level]({ request: requestId(response), ...described(request, target), status }, "answered");
    // Who listens to events stays for hours and is no work in between; how many may, the route has decided.
    if (answered.headers.get("content-type")?.startsWith("text/event-stream")) inside.get(response)?.();
    await out.sendResponse(request, response, target, presentable(answered, request, target));
  }

  /** Programs get a problem in their format, and nobody gets the framework's bare "Unexpected Server Error". */
  function presentable(answered: Response, request: IncomingMessage, target: RequestTarget): Response {
    const type = answered.headers.get("content-type") ?? "";
    if (answered.status < 400) return answered;
    if (target.path.startsWith("/api/") && !type.includes("json")) return problemFrom(answered);
    // The framework's own data requests read the status and not the words.
    const isBare = answered.status === 500 && !type.startsWith("text/html") && !type.includes("json");
    if (!isBare || target.path.endsWith(".data")) return answered;
    answered.body?.cancel().catch(() => {});
    return refusal(500, request, target);
  }

  function problemFrom(answered: Response): Response {
    answered.body?.cancel().catch(() => {});
    const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
    const retryAfter = answered.headers.get("retry-after");
    if (retryAfter) headers.set("retry-after", retryAfter);
    return new Response(problem(answered.status), { status: answered.status, headers });
  }

  function refusal(status: 500 | 503, request: IncomingMessage, target: RequestTarget): Response {
    return refusalResponse(status, {
      language: languageOf(request),
      forProgram: isForProgram(target.path),
      ...(status === 503 ? { retryAfterSeconds } : {}),
    });
  }

  /** Lets nothing that goes wrong while answering escape: the process serves many. */
  function watch(response: ServerResponse, work: Promise<void>): void {
    work.catch((error: unknown) => {
      const request = response.req;
      if (response.destroyed) return;
      if (request.destroyed && !request.complete) return void response.destroy();
      log.error({ err: error, method: request.method, request: requestId(response) }, "request failed");
      if (response.headersSent) response.destroy();
      else {
        const target = readTarget(request.url ?? "");
        out.turnAway(request, response, 500, "status" in target ? null : target);
      }
    });
  }

  function address({ path, query }: RequestTarget): string {
    return query === "" ? `${publicOrigin}${path}` : `${publicOrigin}${path}?${query}`;
  }

  function metrics(): Record<string, number> {
    return {
      requests_total: counted.requests,
      requests_shared_total: counted.shared,
      requests_shed_total: counted.refused,
      requests_in_flight: inFlight,
      event_loop_lag_ms: Math.round(overload.lagMs),
      shared_pages_bytes: cache.bytes,
      held_body_bytes: bodies.held,
      resident_bytes: process.memoryUsage.rss(),
    };
  }

  function mayMeasure(request: IncomingMessage): boolean {
    // A proxy that nobody told us about makes every visitor look local.
    const isDirect = env.trustProxy || request.headers["x-forwarded-for"] === undefined;
    if (isDirect && isLoopback(callers.address(request))) return true;
    const given = Buffer.from(request.headers.authorization ?? "");
    const expected = Buffer.from(`Bearer ${metricsKey(base.secret)}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async function close(): Promise<void> {
    out.sayFarewell();
    overload.stop();
    await sleep(farewellMs);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = setTimeout(() => server.closeAllConnections(), limits.closeMs);
    await closed;
    clearTimeout(cut);
  }

  return { server, wrote, close };
}

/** Tells the pages when nobody waits for their answer any more. */
function abortWith(response: ServerResponse, controller: AbortController): void {
  const abort = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.closed) abort();
  else response.once("close", abort);
}

/** The key with which `/metrics` may be read from another machine. */
export function metricsKey(secret: (purpose: string) => Buffer): string {
  return secret("metrics").toString("base64url");
}

function described(request: IncomingMessage, { path, query }: RequestTarget): Record<string, unknown> {
  return { method: request.method, path, ...(query ? { query: scrubQuery(query) } : {}) };
}

/** A name for each request that a person can read out and an operator can find in the log. */
function createRequestIds(): (response: ServerResponse) => string {
  const run = randomBytes(3).toString("hex");
  const known = new WeakMap<ServerResponse, string>();
  let count = 0;
  return (response) => {
    let id = known.get(response);
    if (!id) {
      count += 1;
      id = `${run}-${count.toString(36)}`;
      known.set(response, id);
    }
    return id;
  };
}
