import type { IncomingMessage } from "node:http";

/** How much of a body each kind of request may send, and a reader that counts what really arrives. */

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;
const smallBody = 256 * kilobyte;
const photoBody = 10 * megabyte;
const exchangeBody = 20 * megabyte;
const mostFields = 1000;
/** Together, all bodies being received: a thousand slow uploads must not eat the memory. */
const mostHeld = 256 * megabyte;

export type BodyRefusal = { status: 400 | 408 | 413 | 415 | 503 };
/** What arrived, whole. */
export type Body = Buffer<ArrayBuffer>;
export type BodyRules = { limit: number; kind: "form" | "multipart" | "json" | "other" };

/** The rules for this address and content type, or the status with which the type itself is refused. */
export function bodyRules(path: string, headers: IncomingMessage["headers"]): BodyRules | BodyRefusal {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "identity") return { status: 415 };
  const type = mediaType(headers["content-type"]);
  if (path === "/pfif/write") return { limit: exchangeBody, kind: "other" };
  if (path.startsWith("/api/")) {
    return type === "application/json" || type.endsWith("+json")
      ? { limit: smallBody, kind: "json" }
      : { status: 415 };
  }
  if (type === "application/x-www-form-urlencoded") return { limit: smallBody, kind: "form" };
  if (type === "multipart/form-data") {
    if (!boundaryOf(headers["content-type"])) return { status: 400 };
    return { limit: takesPhotos(path) ? photoBody : smallBody, kind: "multipart" };
  }
  return { status: 415 };
}

/** The type alone, in small letters, without parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase();
}

/** Counts the bytes held by all bodies in reception. */
export interface BodyReader {
  read(request: IncomingMessage, rules: BodyRules): Promise<Body | BodyRefusal>;
  readonly held: number;
}

export interface BodyReaderOptions {
  /** A body that sends nothing for this long is given up. */
  idleMs?: number;
  mostHeldBytes?: number;
}

export function createBodyReader({
  idleMs = 30_000,
  mostHeldBytes = mostHeld,
}: BodyReaderOptions = {}): BodyReader {
  let held = 0;

  function read(request: IncomingMessage, { limit, kind }: BodyRules): Promise<Body | BodyRefusal> {
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > limit) return Promise.resolve({ status: 413 });
    if (held + declared > mostHeldBytes) return Promise.resolve({ status: 503 });
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const idle = setTimeout(() => finish({ status: 408 }), idleMs);

      function finish(result: Body | BodyRefusal | Error): void {
        clearTimeout(idle);
        held -= size;
        size = 0;
        request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
        // Whoever goes away in the middle still has an error to give: it must not bring the process down.
        request.on("error", () => {});
        if (result instanceof Error) reject(result);
        else resolve(result);
      }
      function onData(chunk: Buffer): void {
        size += chunk.length;
        held += chunk.length;
        if (size > limit) finish({ status: 413 });
        else if (held > mostHeldBytes) finish({ status: 503 });
        else {
          chunks.push(chunk);
          idle.refresh();
        }
      }
      function onEnd(): void {
        const body = Buffer.concat(chunks, size);
        finish(hasTooManyFields(body, kind, request.headers["content-type"]) ? { status: 413 } : body);
      }
      function onGone(): void {
        finish(new Error("The request was given up by its sender"));
      }

      request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
    });
  }

  return {
    read,
    get held() {
      return held;
    },
  };
}

function takesPhotos(path: string): boolean {
  return path.startsWith("/safety/") || path.startsWith("/map/") || path.startsWith("/moderation");
}

function hasTooManyFields(body: Buffer, kind: BodyRules["kind"], contentType: string | undefined): boolean {
  if (kind === "form") return occurrences(body, "&") >= mostFields;
  // One more than the parts: the last one closes the form.
  if (kind === "multipart") return occurrences(body, `--${boundaryOf(contentType)}`) > mostFields + 1;
  return false;
}

function occurrences(body: Buffer, needle: string): number {
  let count = 0;
  for (
    let at = body.indexOf(needle);
    at >= 0 && count <= mostFields + 2;
    at = body.indexOf(needle, at + needle.length)
  ) {
    count += 1;
  }
  return count;
}

function boundaryOf(contentType: string | undefined): string | null {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? "");
  return match?.[1] ?? match?.[2] ?? null;
}
