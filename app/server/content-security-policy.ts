import { createHash } from "node:crypto";
import type { PageKind } from "../page-kind.ts";

export interface PagePolicy {
  kind: PageKind;
  /** `'sha256-…'` of the one stylesheet that pages carry in themselves. */
  styleHash: string;
  /** For hydrated pages: the one-time word on their scripts. */
  nonce?: string;
  /** Origins whose pages may show this one in a frame. */
  framedBy?: readonly string[];
  /** Origins that the map fetches pictures and data from, besides our own. */
  mapOrigins?: readonly string[];
  /** The development server needs its web socket and its injected styles. */
  development?: boolean;
}

/** The source expression that permits exactly this inline text. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** What a page of this kind may load and run: everything else is refused by the browser. */
export function contentSecurityPolicy(page: PagePolicy): string {
  const map = page.kind === "plain" ? [] : (page.mapOrigins ?? []);
  const directives: [string, ...string[]][] = [
    ["default-src", "'none'"],
    ["script-src", ...scriptSources(page)],
    ["style-src", ...styleSources(page)],
    ["img-src", "'self'", "data:", ...(page.kind === "plain" ? [] : ["blob:"]), ...map],
  ];
  if (page.kind !== "plain") {
    directives.push(
      ["connect-src", "'self'", ...map, ...(page.development ? ["ws:"] : [])],
      ["font-src", "'self'"],
      ["worker-src", "'self'"],
    );
  }
  directives.push(
    ["manifest-src", "'self'"],
    ["form-action", "'self'"],
    ["base-uri", "'none'"],
    ["frame-ancestors", ...(page.framedBy?.length ? page.framedBy : ["'none'"])],
  );
  return directives.map((directive) => directive.join(" ")).join("; ");
}

/** For answers that are not pages: data, feeds, redirects. Nothing in them may run, wherever they are opened. */
export const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For files served as they are. The offline page and the service worker live under this: they may use our own files
 * and nothing else.
 */
export const filePolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The origins of these addresses; an empty or unreadable one is left out. */
export function originsOf(...addresses: (string | null | undefined)[]): string[] {
  const origins = addresses.flatMap((address) => {
    const origin = /^(https?:\/\/[^/?#\s;,'"]+)/i.exec(address ?? "")?.[1];
    if (!origin) return [];
    // Tile addresses often name their server by a letter: https://{s}.tile.example/
    return [origin.replace(/^(https?:\/\/)\{[a-z]+\}\./i, "$1*.")];
  });
  return [...new Set(origins)].filter((origin) => !/[{}]/.test(origin));
}

function scriptSources(page: PagePolicy): string[] {
  if (page.kind === "plain") return ["'none'"];
  // The hot-reload client injects scripts that carry no nonce.
  if (page.development) return ["'self'", "'unsafe-inline'"];
  if (page.kind === "enhanced") return ["'self'"];
  if (!page.nonce) throw new Error("A hydrated page needs a nonce");
  return [`'nonce-${page.nonce}'`, "'strict-dynamic'"];
}

function styleSources(page: PagePolicy): string[] {
  if (page.development) return ["'self'", "'unsafe-inline'"];
  return ["'self'", page.styleHash];
}
