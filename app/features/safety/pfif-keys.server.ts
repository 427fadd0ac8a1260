/** Keys of registries that may write by PFIF, each for records of its own domain. */
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";
import { hashOf } from "../../platform/secret-links.server.ts";

/** The domain that a key may speak for, or null when it is no key of ours. */
export async function domainOfKey(commands: Commands, key: string | null): Promise<string | null> {
  if (key === null || key === "" || key.length > 200) return null;
  const found = await commands.call("pfif_key", { p: { act: "check", key_hash: hashOf(key) } });
  return z.object({ domain: z.string() }).nullable().parse(found)?.domain ?? null;
}
