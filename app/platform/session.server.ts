import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Cookies, and the signed token that stands in every form. */

export const formTokenField = "form_token";

/**
 * A field that people never see and screen readers are told to leave empty. Programs that fill in everything fill
 * this in, too.
 */
export const honeypotField = "leave_empty";

/** Faster than this, nobody has read the form; later than this, the page has been lying open for too long. */
const youngestMs = 2_000;
const oldestMs = 12 * 3600_000;

/**
 * `too_soon` and `absent` ask for a second look (hold for review), never for a refusal: a person may be quick, and an
 * old page may have no token. `expired`, `other_form` and `forged` ask to send the form again, with the answers kept.
 */
export type FormTokenState = "good" | "too_soon" | "expired" | "other_form" | "forged" | "absent";

export interface FormCheck {
  token: FormTokenState;
  /** The field for nobody was filled in: very likely a program. Hold it for review, do not refuse it. */
  honeypot: boolean;
}

interface Making {
  secret: (purpose: string) => Buffer;
  now?: Date;
}

/**
 * A token for one form: when it was made, something random, and our signature over both and the purpose.
 *
 * What it proves: the form came from a page that we made for this purpose between two seconds and twelve hours ago.
 * What it does not: who was given the page. Shared pages are the same for everybody, so the token is bound to no
 * visitor and may come back more than once; sending twice is made harmless by `client_id`, sending too much by the
 * rate limits, and sending from another site by the origin check, for which this token is only the last resort when a
 * client sends neither `Sec-Fetch-Site` nor `Origin`.
 */
export function makeFormToken({ secret, purpose, now = new Date() }: Making & { purpose: string }): string {
  const made = `${now.getTime().toString(36)}.${randomBytes(9).toString("base64url")}.${purpose}`;
  return `${made}.${signature(secret, made)}`;
}

/** Judges a token; with `purpose: null` that of any form of ours will do. */
export function readFormToken({
  secret,
  token,
  purpose,
  now = new Date(),
}: Making & { token: string | null; purpose: string | null }): FormTokenState {
  if (!token) return "absent";
  const end = token.lastIndexOf(".");
  const made = token.slice(0, Math.max(0, end));
  const [time = "", , madeFor] = made.split(".");
  if (token.length > 200 || !equal(token.slice(end + 1), signature(secret, made))) return "forged";
  if (purpose !== null && madeFor !== purpose) return "other_form";
  const age = now.getTime() - Number.parseInt(time, 36);
  if (age > oldestMs) return "expired";
  // A clock set back makes a token of the future: it is young, not false.
  return age < youngestMs ? "too_soon" : "good";
}

/** Looks at the two fields that every anonymous form carries. */
export function checkForm(form: FormData, { secret, purpose, now }: Making & { purpose: string }): FormCheck {
  const token = form.get(formTokenField);
  const honeypot = form.get(honeypotField);
  return {
    token: readFormToken({ secret, token: typeof token === "string" ? token : null, purpose, now }),
    honeypot: honeypot !== null && honeypot !== "",
  };
}

export interface CookieOptions {
  /** Seconds; 0 deletes the cookie, without it the cookie ends with the browser. */
  maxAge?: number;
  /** True behind https; such cookies get the `__Host-` prefix, which no other site or subdomain can set. */
  secure: boolean;
}

/** A `Set-Cookie` value that scripts cannot read and other sites do not send along. */
export function hostCookie(name: string, value: string, { maxAge, secure }: CookieOptions): string {
  const attributes = [`${hostCookieName(name, secure)}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  if (maxAge !== undefined) attributes.push(`Max-Age=${maxAge}`);
  if (secure) attributes.push("Secure");
  return attributes.join("; ");
}

/**
 * The value of a cookie set by `hostCookie`, or null. Broken pairs are passed over; of two cookies with one name
 * neither is believed, because one of them was put there by somebody else.
 */
export function readHostCookie(header: string | null, name: string, secure: boolean): string | null {
  const wanted = hostCookieName(name, secure);
  const values = (header ?? "")
    .slice(0, 16_384)
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${wanted}=`))
    .map((pair) => pair.slice(wanted.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[\w.~%+/=-]{1,4096}$/.test(value) ? value : null;
}

function hostCookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

function signature(secret: (purpose: string) => Buffer, made: string): string {
  return createHmac("sha256", secret("form-token")).update(made).digest("base64url").slice(0, 22);
}

function equal(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
