import { dataPolicy } from "./content-security-policy.ts";

/**
 * The headers that every answer carries unless its route said something stricter. Kept short on purpose: on a phone
 * with 2G each byte of the first packets counts.
 */
export interface SecurityHeaderOptions {
  /** Only a site reached by https may ask browsers to come back by https. */
  https: boolean;
}

export const strictTransport = "max-age=31536000; includeSubDomains";

/** Fills in what is missing; what a route has set stays, except what would open more than we allow. */
export function addSecurityHeaders(headers: Map<string, string>, { https }: SecurityHeaderOptions): void {
  setDefault(headers, "content-security-policy", dataPolicy);
  // Not no-referrer: browsers would then send "Origin: null" with our own forms.
  setDefault(headers, "referrer-policy", "same-origin");
  headers.set("x-content-type-options", "nosniff");
  setDefault(headers, "cache-control", "private, no-cache");
  const openToAll = headers.get("access-control-allow-origin") === "*";
  setDefault(headers, "cross-origin-resource-policy", openToAll ? "cross-origin" : "same-origin");
  if (isPage(headers)) {
    setDefault(headers, "cross-origin-opener-policy", "same-origin");
    setDefault(headers, "permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=()");
    // The old header knows no list of origins: where there is one, the policy alone decides.
    if (headers.get("content-security-policy")?.includes("frame-ancestors 'none'") ?? true) {
      headers.set("x-frame-options", "DENY");
    }
  }
  if (https) headers.set("strict-transport-security", strictTransport);
}

function isPage(headers: Map<string, string>): boolean {
  return headers.get("content-type")?.startsWith("text/html") ?? false;
}

function setDefault(headers: Map<string, string>, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}
