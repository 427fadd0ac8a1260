/** How a web hook is signed, and how the other side checks it. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** How old a message may be before it counts as one that somebody recorded and plays again. */
const freshForSeconds = 5 * 60;

/** The key of one web hook, derived from the secret of the installation: it is stored nowhere. */
export function webhookKey(secret: Buffer, id: string, version: number): string {
  return `whk_${createHmac("sha256", secret).update(`${id}:${version}`).digest("base64url")}`;
}

/** The header `Lookout-Signature`: `t=1764040000,v1=…`, HMAC-SHA256 in hexadecimal over `t`, a full stop and the body. */
export function signatureOf(body: string, key: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${mac(`${seconds}.${body}`, key).toString("hex")}`;
}

/** What a receiver does: the signature fits, and the message is not old. Stands here so that a test checks both ends. */
export function isSigned(header: string, body: string, key: string, now: Date): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  if (!match) return false;
  const [, seconds, hex] = match as unknown as [string, string, string];
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > freshForSeconds) return false;
  return timingSafeEqual(mac(`${seconds}.${body}`, key), Buffer.from(hex, "hex"));
}

function mac(text: string, key: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
