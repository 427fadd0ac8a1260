/** The secrets of the safety board: links to records that are not public, and proofs that somebody knows a person. */
import { createHmac } from "node:crypto";
import type { SecretFor } from "../../platform/secret-links.server.ts";

/** The secret of the link that shows a hidden record: 192 bits, the same for everybody it is handed to. */
export function viewToken(secret: SecretFor, personId: string): string {
  return createHmac("sha256", secret("view-link")).update(personId).digest("base64url").slice(0, 32);
}

/**
 * Proofs that somebody knows a person: one for each spelling of the whole name and each second fact. Keyed with the
 * site's secret, so that a stolen table cannot be searched by guessing names.
 */
export function knownHashes(
  secret: SecretFor,
  nameKeys: readonly string[],
  facts: readonly string[],
): string[] {
  const key = secret("known-records");
  return facts.flatMap((fact) =>
    nameKeys.map((name) => createHmac("sha256", key).update(`${name}\u0000${fact}`).digest("hex")),
  );
}
