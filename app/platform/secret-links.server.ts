/**
 * The secrets behind links that need no account. Only SHA-256 hashes of them are stored. They are derived from the
 * site's secret, so that a resend of the same post, after an answer was lost on the way, shows the same link again.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Gives a key of the site's secret for one purpose (see RequestContext.secret). */
export type SecretFor = (purpose: string) => Buffer;

/** SHA-256 of a link's secret, lower-case hexadecimal: what the database stores and compares. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}

/**
 * The secret of a manage link: 256 bits. Random, or with a client id the same for the same post; the digest of the post is
 * part of it, so that somebody who comes later with the same poorly chosen id never gets another's link. `purpose` keeps
 * the links of one kind of record apart from those of another.
 */
export function manageToken(
  secret: SecretFor,
  post: { clientId: string; body: string } | null,
  purpose = "manage-link",
): string {
  if (post === null) return randomBytes(32).toString("base64url");
  return createHmac("sha256", secret(purpose))
    .update(`${post.clientId.toLowerCase()}\u0000${post.body}`)
    .digest("base64url");
}

/** A fresh secret for a conversation or a follow: 192 bits. */
export function freshToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Whether what somebody holds could be one of our secrets at all. */
export function looksLikeToken(token: string | null | undefined): token is string {
  return typeof token === "string" && /^[A-Za-z0-9_-]{20,64}$/.test(token);
}

/** Whether two secrets are the same, in a time that tells nothing. */
export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}
