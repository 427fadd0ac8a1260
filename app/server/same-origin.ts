/**
 * Decides whether a request that may change something was made by one of our own pages.
 *
 * Browsers say where a request comes from in `Sec-Fetch-Site`, older ones at least in `Origin`; neither can be set by
 * another site's page. A client that sends neither is either very old or no browser: it must bring a signed form
 * token in a form, or speak JSON or XML, which no page of another site can send without asking first.
 */
export type OriginVerdict = "ours" | "foreign" | "unknown";

export interface OriginHeaders {
  secFetchSite: string | undefined;
  origin: string | undefined;
}

/** `unknown` means: neither header was there, look for another sign. */
export function judgeOrigin(headers: OriginHeaders, ourOrigins: ReadonlySet<string>): OriginVerdict {
  const { secFetchSite, origin } = headers;
  if (secFetchSite === "same-origin" || secFetchSite === "none") return "ours";
  if (origin !== undefined) return ourOrigins.has(origin.toLowerCase()) ? "ours" : "foreign";
  return secFetchSite === undefined ? "unknown" : "foreign";
}

/**
 * The origins that are us: the public address, and on a machine that is only its own visitor all three names of it.
 */
export function originsOfSite(publicUrl: string): ReadonlySet<string> {
  const url = new URL(publicUrl);
  const origins = new Set([url.origin]);
  const loopback = ["localhost", "127.0.0.1", "[::1]"];
  if (loopback.includes(url.hostname)) {
    for (const name of loopback) {
      const alias = new URL(url.origin);
      alias.hostname = name;
      origins.add(alias.origin);
    }
  }
  return origins;
}

/** Bodies of these types need a permission request (CORS preflight) before another site's page may send them. */
export function needsPreflight(mediaType: string): boolean {
  return mediaType === "application/json" || mediaType.endsWith("+json") || isXml(mediaType);
}

/** `application/xml`, `text/xml` and everything that ends in `+xml`. */
export function isXml(mediaType: string): boolean {
  return mediaType === "application/xml" || mediaType === "text/xml" || mediaType.endsWith("+xml");
}
