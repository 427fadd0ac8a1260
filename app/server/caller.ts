import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";

/** Reads who is calling, as far as we want to know it: a key for rate limits that means nothing tomorrow. */
export interface Callers {
  address(request: IncomingMessage): string;
  key(request: IncomingMessage): string;
}

export interface CallerOptions {
  /** Whether a proxy of ours stands in front and its `X-Forwarded-For` may be believed. */
  trustProxy: boolean;
  secret: (purpose: string) => Buffer;
  now?: () => Date;
}

/** Addresses never leave this module except as keys, and for the check that an operator calls from this machine. */
export function createCallers({ trustProxy, secret, now = () => new Date() }: CallerOptions): Callers {
  let day = "";
  let salt = Buffer.alloc(0);

  function address(request: IncomingMessage): string {
    const forwarded = trustProxy ? lastForwarded(request.headers["x-forwarded-for"]) : null;
    return forwarded ?? request.socket.remoteAddress ?? "";
  }

  function key(request: IncomingMessage): string {
    const today = now().toISOString().slice(0, 10);
    if (today !== day) {
      day = today;
      // Derived, not random: many servers count the same caller under the same key.
      salt = createHmac("sha256", secret("caller")).update(today).digest();
    }
    return createHmac("sha256", salt)
      .update(network(address(request)))
      .digest("base64url")
      .slice(0, 22);
  }

  return { address, key };
}

/** The part of an address that stands for one connection: all of IPv4, the /64 of IPv6. */
export function network(address: string): string {
  const plain = (address.split("%", 1)[0] ?? "").toLowerCase();
  const mapped = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  const groups = [...left, ...gap, ...right].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}

/** Whether this address is this machine itself. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || plain.startsWith("127.");
}

// The proxy in front of us appends the address it saw; everything to its left was written by the caller.
function lastForwarded(header: string | string[] | undefined): string | null {
  const entries = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",");
  const last = (entries.at(-1) ?? "").trim().replace(/^\[(.*)\](?::\d+)?$/, "$1");
  const withoutPort = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(last) ? last.slice(0, last.lastIndexOf(":")) : last;
  return isIPv4(withoutPort) || isIPv6(withoutPort) ? withoutPort : null;
}
