import type { IncomingMessage } from "node:http";
import type { LanguageCode } from "../i18n/languages.ts";
import { detectLanguage } from "../i18n/languages.ts";
import type { Body } from "./body-limit.ts";

/** Readings of a request that several parts of this layer need. */

/** Data that any site's page may read: it is open data. */
export function isOpenData(path: string): boolean {
  return /^\/(?:api|data|feeds|pfif)\//.test(path);
}

/** Whether the answer is read by a program, so that a refusal should be in a program's format. */
export function isForProgram(path: string): boolean {
  return /^\/(?:api|feeds|pfif)\//.test(path);
}

/** The language of the answer: the visitor's choice, else the browser's. */
export function languageOf(request: IncomingMessage): LanguageCode {
  const { cookie, "accept-language": accepted } = request.headers;
  const known = `${cookie ?? ""}\n${accepted ?? ""}`;
  let code = languages.get(known);
  if (!code) {
    code = detectLanguage(cookie ?? null, accepted ?? null).code;
    // Browsers send a few hundred different headers; whoever sends more is not worth remembering.
    if (known.length < 200 && languages.size < 2000) languages.set(known, code);
  }
  return code;
}

const languages = new Map<string, LanguageCode>();

/**
 * The headers that the pages may see. Host and origin have been checked and are replaced by our own, because the
 * framework compares the two; what a proxy should have written is not believed from anybody else.
 */
export function forwardedHeaders(request: IncomingMessage, publicHost: string): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || isDropped(name)) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  headers.set("host", publicHost);
  return headers;
}

/** A form that has been received; null if it cannot be read as what it says it is. */
export async function readForm(body: Body, contentType: string | undefined): Promise<FormData | null> {
  try {
    return await new Response(body, { headers: { "content-type": contentType ?? "" } }).formData();
  } catch {
    return null;
  }
}

/** What compressions the client takes. */
export function encodingsOf(request: IncomingMessage): string | undefined {
  return single(request.headers["accept-encoding"]);
}

/** The first of a header that should come once. */
export function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function isDropped(name: string): boolean {
  return dropped.has(name) || name.startsWith("x-forwarded-") || name.startsWith("x-http-method");
}

const dropped = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "origin",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-method-override",
  "x-original-url",
  "x-real-ip",
  "x-rewrite-url",
]);
