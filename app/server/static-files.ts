import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { Encoding } from "./compression.ts";
import { compress, isCompressible, worthCompressing } from "./compression.ts";
import { filePolicy } from "./content-security-policy.ts";

/**
 * The built files, found once at start. A request is compared with this list and never becomes a path on the disk, so
 * that no spelling of an address can reach anything else.
 */
export interface StaticFiles {
  find(path: string): StaticFile | undefined;
}

export interface StaticFile {
  etag: string;
  headers: string[];
  /** The bytes in the best encoding that exists; read once, then kept. */
  body(encoding: Encoding): Promise<{ body: Buffer; encoding: Encoding }>;
}

const types: Record<string, string> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".geojson": "application/geo+json",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml; charset=utf-8",
  ".xsl": "text/xsl; charset=utf-8",
};

const suffixes: Partial<Record<Encoding, string>> = { br: ".br", gzip: ".gz" };

/** Lists the folder; files of unknown type and hidden ones are not served at all. */
export async function openStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  const all = new Set(names);
  for (const name of names) {
    const type = types[extname(name)];
    const file = join(folder, name);
    if (!type || name.split(sep).some((part) => part.startsWith("."))) continue;
    if (!(await stat(file)).isFile()) continue;
    const variants = new Map<Encoding, string>([["identity", file]]);
    for (const encoding of ["br", "gzip"] as const) {
      const suffix = suffixes[encoding]!;
      if (all.has(name + suffix)) variants.set(encoding, file + suffix);
    }
    files.set(`/${name.split(sep).join("/")}`, await describe(name, type, variants));
  }
  return { find: (path) => files.get(path) };
}

async function describe(name: string, type: string, variants: Map<Encoding, string>): Promise<StaticFile> {
  const plain = variants.get("identity")!;
  const etag = `"${createHash("sha256")
    .update(await readFile(plain))
    .digest("base64url")
    .slice(0, 16)}"`;
  const loaded = new Map<Encoding, Promise<Buffer>>();

  function load(encoding: Encoding): Promise<Buffer> {
    let bytes = loaded.get(encoding);
    if (!bytes) {
      const file = variants.get(encoding);
      bytes = file ? readFile(file) : load("identity").then((body) => compress(body, encoding));
      bytes.catch(() => loaded.delete(encoding));
      loaded.set(encoding, bytes);
    }
    return bytes;
  }

  return {
    etag,
    headers: [
      ...["content-type", type, "cache-control", cachingOf(name), "etag", etag, "vary", "accept-encoding"],
      ...["x-content-type-options", "nosniff", "content-security-policy", filePolicy],
      ...["referrer-policy", "same-origin", "cross-origin-resource-policy", "same-origin"],
    ],
    async body(wanted) {
      const identity = await load("identity");
      if (wanted === "identity" || identity.length < worthCompressing || !isCompressible(type)) {
        return { body: identity, encoding: "identity" };
      }
      return { body: await load(wanted), encoding: wanted };
    },
  };
}

function cachingOf(name: string): string {
  // Their names change with their content.
  if (name.startsWith(`assets${sep}`)) return "public, max-age=31536000, immutable";
  // An old service worker would keep an old site alive.
  if (name === "sw.js") return "no-cache";
  return "public, max-age=600, stale-while-revalidate=86400";
}
