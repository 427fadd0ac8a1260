/** What a route says about keeping its answer. Without a word, an answer is private and nobody keeps it. */

const sharedCacheControl = "public, max-age=0, s-maxage=1";

/**
 * Headers of an answer that is the same for every visitor who reads the same language: at most one second old,
 * dropped at once by a write in this process.
 *
 * A page says `export const headers = sharedPage;`, a resource route puts `...sharedPage()` among its headers.
 * Its loaders see the address and the language and nothing else of whoever asked: no cookie, no other header. An
 * answer that sets a cookie, or has a nonce, is never shared, whatever it says here.
 */
export function sharedPage(): Record<string, string> {
  return { "Cache-Control": sharedCacheControl };
}

/**
 * Headers of an answer that carries a token, somebody's own data or a staff view: nobody may keep it, and robots are
 * asked to leave it alone.
 */
export function secretPage(): Record<string, string> {
  return { "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" };
}

/** Whether an answer with this `Cache-Control` asked to be shared. */
export function isShared(cacheControl: string | null): boolean {
  return cacheControl === sharedCacheControl;
}

/**
 * The only query parameters a shared answer may depend on. An address with any other parameter is answered freshly:
 * nobody can fill the cache, or place a page in it, with an invented name.
 */
export const sharedParameters: ReadonlySet<string> = new Set([
  "area",
  "as",
  "bbox",
  "country",
  "cursor",
  "event",
  "kind",
  "lang",
  "limit",
  "month",
  "passable",
  "q",
  "release",
  "since",
  "state",
  "status",
  "type",
  "until",
  "vehicle",
  "year",
  "zoom",
]);
