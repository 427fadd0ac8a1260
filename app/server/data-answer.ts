import { createHash } from "node:crypto";
import { sharedPage } from "../platform/cache.server.ts";
import { matchesEtag } from "./page-cache.ts";

/**
 * An answer with data, or 304 when the caller has it already. Shared for a second unless `headers` say otherwise.
 * The tag is weak because the same answer may leave in several encodings.
 */
export function dataAnswer(
  request: Request,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = sharedPage(),
): Response {
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
  const all = { ...headers, ETag: `W/${etag}` };
  if (matchesEtag(request.headers.get("If-None-Match") ?? undefined, etag)) {
    return new Response(null, { status: 304, headers: all });
  }
  return new Response(body, { headers: { ...all, "Content-Type": contentType } });
}

/** The same for JSON. */
export function jsonAnswer(request: Request, value: unknown): Response {
  return dataAnswer(request, "application/json", JSON.stringify(value));
}
