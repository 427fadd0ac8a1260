import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Logger } from "pino";
import { isShared } from "../platform/cache.server.ts";
import type { Encoding } from "./compression.ts";
import { chooseEncoding, compress, compressor, isCompressible, worthCompressing } from "./compression.ts";
import { addSecurityHeaders, strictTransport } from "./headers.ts";
import { encodingsOf, isForProgram, isOpenData, languageOf } from "./incoming.ts";
import type { Variant } from "./page-cache.ts";
import { matchesEtag } from "./page-cache.ts";
import type { RefusalStatus } from "./refusal.ts";
import { refuse } from "./refusal.ts";
import type { RequestTarget } from "./request-target.ts";
import type { StaticFile } from "./static-files.ts";

/** Puts answers on the wire: finished headers, the smallest encoding, and never a part that looks like the whole. */
export interface Outgoing {
  /** An answer made for this visitor. */
  sendResponse(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    answer: Response,
  ): Promise<void>;
  /** A variant of an answer made for everybody. */
  sendShared(request: IncomingMessage, response: ServerResponse, variant: Variant): void;
  sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): Promise<void>;
  /** A refusal by this layer, also of a body that is still arriving. */
  turnAway(
    request: IncomingMessage,
    response: ServerResponse,
    status: RefusalStatus,
    target: RequestTarget | null,
    details?: TurnAwayDetails,
  ): void;
  answerOptions(response: ServerResponse, target: RequestTarget): void;
  /** The headers of an answer as they will be sent, but for length, encoding, cookies and request id. */
  finishedHeaders(own: Headers, target: RequestTarget): Map<string, string>;
  /** From now on every answer says that its connection ends, and event streams end. */
  sayFarewell(): void;
}

export interface TurnAwayDetails {
  retryAfterSeconds?: number;
  allow?: string;
  token?: string;
}

export interface OutgoingOptions {
  https: boolean;
  log: Logger;
  requestId: (response: ServerResponse) => string;
}

export const allowedMethods = "GET, HEAD, POST, OPTIONS";

/** Whole answers up to this size are compressed in one go; larger ones flow. */
const wholeUpTo = 256 * 1024;
/** What a sender may still push into a refused body before we hang up. */
const drainBytes = 64 * 1024 * 1024;
const drainMs = 15_000;

export function createOutgoing({ https, log, requestId }: OutgoingOptions): Outgoing {
  const endings = new Set<() => void>();
  let leaving = false;

  function writeHead(response: ServerResponse, status: number, headers: string[]): void {
    if (leaving) response.shouldKeepAlive = false;
    response.writeHead(status, headers);
  }

  async function sendResponse(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    answer: Response,
  ): Promise<void> {
    if (response.destroyed) return void answer.body?.cancel().catch(() => {});
    const headers = finishedHeaders(answer.headers, target);
    // Shared by its route, but made for one visitor: no cache on the way may give it to another.
    if (isShared(headers.get("cache-control") ?? null)) headers.set("cache-control", "private, no-cache");
    headers.set("x-request-id", requestId(response));
    const begin = (): void => {
      const cookies = answer.headers.getSetCookie().flatMap((cookie) => ["set-cookie", cookie]);
      writeHead(response, answer.status, [...[...headers].flat(), ...cookies]);
    };
    if (answer.body === null || request.method === "HEAD") {
      answer.body?.cancel().catch(() => {});
      if (answer.body === null && answer.status !== 204 && answer.status !== 304)
        headers.set("content-length", "0");
      begin();
      response.end();
      return;
    }
    const etag = headers.get("etag");
    if (answer.status === 200 && etag && matchesEtag(request.headers["if-none-match"], etag)) {
      answer.body.cancel().catch(() => {});
      headers.delete("content-length");
      writeHead(response, 304, [...headers].flat());
      response.end();
      return;
    }
    await sendBody(request, response, headers, begin, answer.body);
  }

  async function sendBody(
    request: IncomingMessage,
    response: ServerResponse,
    headers: Map<string, string>,
    begin: () => void,
    body: ReadableStream<Uint8Array>,
  ): Promise<void> {
    const type = headers.get("content-type");
    const reader = body.getReader();
    const giveUp = (): void => void reader.cancel().catch(() => {});
    response.once("close", giveUp);
    const compressible = isCompressible(type) && !headers.has("content-encoding");
    const encoding: Encoding = compressible ? chooseEncoding(encodingsOf(request)) : "identity";
    if (compressible) addVary(headers, "accept-encoding");

    const isEvents = type?.startsWith("text/event-stream") ?? false;
    // A page that comes alive and an event stream are worth most in pieces; anything else small goes out whole.
    const inPieces = isEvents || /'nonce-/.test(headers.get("content-security-policy") ?? "");
    const first: Uint8Array[] = [];
    for (let size = 0; !inPieces && size <= wholeUpTo;) {
      const { done, value } = await reader.read();
      if (done) {
        const plain = Buffer.concat(first);
        const used = plain.length < worthCompressing ? "identity" : encoding;
        const bytes = await compress(plain, used);
        if (used !== "identity") headers.set("content-encoding", used);
        headers.set("content-length", String(bytes.length));
        begin();
        response.end(bytes);
        return;
      }
      first.push(value);
      size += value.length;
    }

    const squeeze = compressor(encoding);
    if (squeeze) {
      headers.set("content-encoding", encoding);
      headers.delete("content-length");
    }
    begin();
    if (isEvents) {
      response.flushHeaders();
      endings.add(giveUp);
      response.once("close", () => endings.delete(giveUp));
      if (leaving) giveUp();
    }
    // Each part of the way listens for its end; together they are a few more than Node expects.
    response.setMaxListeners(20);
    const source = Readable.from(pieces(first, reader), { objectMode: false });
    try {
      await (squeeze ? pipeline(source, squeeze, response) : pipeline(source, response));
    } catch (error) {
      const readerLeft = (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
      if (!readerLeft) log.warn({ err: error, request: requestId(response) }, "answer broke off");
      // The connection is cut, so that nobody takes a part for the whole.
      response.destroy();
    }
  }

  function sendShared(request: IncomingMessage, response: ServerResponse, variant: Variant): void {
    if (matchesEtag(request.headers["if-none-match"], variant.etag)) {
      writeHead(response, 304, variant.headersUnchanged);
      response.end();
    } else {
      writeHead(response, 200, variant.headers);
      response.end(request.method === "HEAD" ? undefined : variant.body);
    }
  }

  async function sendFile(
    request: IncomingMessage,
    response: ServerResponse,
    file: StaticFile,
  ): Promise<void> {
    const headers = https ? [...file.headers, "strict-transport-security", strictTransport] : file.headers;
    if (matchesEtag(request.headers["if-none-match"], file.etag)) {
      writeHead(response, 304, headers);
      response.end();
      return;
    }
    const { body, encoding } = await file.body(chooseEncoding(encodingsOf(request)));
    const encoded = encoding === "identity" ? [] : ["content-encoding", encoding];
    writeHead(response, 200, [...headers, "content-length", String(body.length), ...encoded]);
    response.end(request.method === "HEAD" ? undefined : body);
  }

  function turnAway(
    request: IncomingMessage,
    response: ServerResponse,
    status: RefusalStatus,
    target: RequestTarget | null,
    details: TurnAwayDetails = {},
  ): void {
    const refusal = refuse(status, {
      language: languageOf(request),
      forProgram: target !== null && isForProgram(target.path),
      ...details,
    });
    log.debug({ method: request.method, status, request: requestId(response) }, "turned away");
    const bytes = Buffer.from(refusal.body);
    const headers = new Map<string, string>();
    for (const [name, value] of Object.entries(refusal.headers)) headers.set(name.toLowerCase(), value);
    headers.set("content-type", refusal.contentType);
    headers.set("content-length", String(bytes.length));
    addVary(headers, "accept-language, cookie");
    addSecurityHeaders(headers, { https });
    const receiving = !request.complete && hasBody(request);
    if (receiving) headers.set("connection", "close");
    writeHead(response, status, [...headers].flat());
    if (request.method !== "HEAD") response.write(bytes);
    if (receiving) drain(request, response);
    else response.end();
  }

  function answerOptions(response: ServerResponse, target: RequestTarget): void {
    const headers = new Map([["allow", allowedMethods]]);
    if (isOpenData(target.path)) {
      headers.set("access-control-allow-origin", "*");
      headers.set("access-control-allow-methods", "GET, HEAD");
      headers.set("access-control-allow-headers", "accept-language, if-none-match, last-event-id");
      headers.set("access-control-max-age", "86400");
    }
    addSecurityHeaders(headers, { https });
    writeHead(response, 204, [...headers].flat());
    response.end();
  }

  function finishedHeaders(own: Headers, target: RequestTarget): Map<string, string> {
    const headers = new Map<string, string>();
    for (const [name, value] of own) if (!ownAccount.has(name)) headers.set(name, value);
    if (isOpenData(target.path)) {
      if (!headers.has("access-control-allow-origin")) headers.set("access-control-allow-origin", "*");
      headers.set("access-control-expose-headers", "etag, retry-after, link");
    }
    addSecurityHeaders(headers, { https });
    return headers;
  }

  function sayFarewell(): void {
    leaving = true;
    for (const end of endings) end();
  }

  return { sendResponse, sendShared, sendFile, turnAway, answerOptions, finishedHeaders, sayFarewell };
}

/** What this layer, or Node, writes itself. */
const ownAccount = new Set(["set-cookie", "connection", "keep-alive", "transfer-encoding"]);

function addVary(headers: Map<string, string>, names: string): void {
  const present = headers.get("vary");
  headers.set("vary", present ? `${present}, ${names}` : names);
}

function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": transfer } = request.headers;
  return transfer !== undefined || (length !== undefined && length !== "0");
}

// Hanging up while somebody still sends would make their browser show an error of its own instead of our answer.
function drain(request: IncomingMessage, response: ServerResponse): void {
  let drained = 0;
  const timer = setTimeout(finish, drainMs);
  function finish(): void {
    clearTimeout(timer);
    request.off("data", count).off("end", finish).off("error", finish).off("close", finish);
    request.on("error", () => {});
    response.end();
  }
  function count(chunk: Buffer): void {
    drained += chunk.length;
    if (drained > drainBytes) finish();
  }
  request.on("data", count).on("end", finish).on("error", finish).on("close", finish);
  request.resume();
}

async function* pieces(
  first: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
