import type { Transform } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";

/** Smaller answers: as small as can be had without making anybody wait. */
export type Encoding = "br" | "gzip" | "identity";

const gzipLevel = 6;
/** The highest brotli quality that is no slower than gzip; 11 would block a core for 18 ms a page. */
const brotliQuality = 4;
/** Below this, the header costs more than is won. */
export const worthCompressing = 700;

const gzipWhole = promisify(gzip);
const brotliWhole = promisify(brotliCompress);

/** The best encoding that the client takes; memory of the few headers that browsers really send. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  if (!acceptEncoding) return "identity";
  let choice = chosen.get(acceptEncoding);
  if (!choice) {
    choice = accepts(acceptEncoding, "br") ? "br" : accepts(acceptEncoding, "gzip") ? "gzip" : "identity";
    if (chosen.size < 500) chosen.set(acceptEncoding, choice);
  }
  return choice;
}

const chosen = new Map<string, Encoding>();

function accepts(header: string, encoding: string): boolean {
  for (const entry of header.toLowerCase().split(",", 20)) {
    const [name = "", ...parameters] = entry.split(";");
    if (name.trim() !== encoding) continue;
    return !parameters.some((parameter) => /^\s*q=0(?:\.0*)?\s*$/.test(parameter));
  }
  return false;
}

/** Whether bytes of this type shrink. Event streams must arrive at once and are left alone. */
export function isCompressible(contentType: string | null | undefined): boolean {
  return /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/(?:javascript|geo\+json)|image\/svg)/i.test(
    contentType ?? "",
  );
}

/** Compresses a finished answer. */
export async function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "gzip") return gzipWhole(body, { level: gzipLevel });
  if (encoding === "br") {
    return brotliWhole(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    });
  }
  return body;
}

/** Compresses an answer while it is being made; null for identity. */
export function compressor(encoding: Encoding): Transform | null {
  if (encoding === "gzip") return createGzip({ level: gzipLevel, flush: constants.Z_SYNC_FLUSH });
  if (encoding === "br") {
    return createBrotliCompress({
      flush: constants.BROTLI_OPERATION_FLUSH,
      params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality },
    });
  }
  return null;
}
