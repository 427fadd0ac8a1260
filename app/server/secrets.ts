import { hkdfSync } from "node:crypto";

/**
 * One key per purpose, so that a token made for one thing can never be used for another, and none of them reveals the
 * secret of the installation.
 */
export function secretsFrom(appSecret: string): (purpose: string) => Buffer {
  const known = new Map<string, Buffer>();
  return (purpose) => {
    let key = known.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync("sha256", appSecret, "lookout", purpose, 32));
      known.set(purpose, key);
    }
    return key;
  };
}
