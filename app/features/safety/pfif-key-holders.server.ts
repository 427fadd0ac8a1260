/** Who holds a key to write by PFIF. For the operator; only the hash of a key is stored. */
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";
import { freshToken, hashOf } from "../../platform/secret-links.server.ts";

const holders = z.array(z.object({ domain: z.string(), name: z.string(), created_at: z.string() }));
export type KeyHolder = z.infer<typeof holders>[number];

/** Makes a key for records of this domain, and gives it: it cannot be shown again. */
export async function addKeyHolder(commands: Commands, domain: string, name: string): Promise<string> {
  const key = freshToken();
  await commands.call("pfif_key", { p: { act: "add", key_hash: hashOf(key), domain, name } });
  return key;
}

/** Everybody who holds a key, oldest first. */
export async function listKeyHolders(commands: Commands): Promise<KeyHolder[]> {
  const found = holders.parse(await commands.call("pfif_key", { p: { act: "list" } }));
  return found.sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}

/** Ends all keys of a domain. Gives how many there were. */
export async function removeKeyHolders(commands: Commands, domain: string): Promise<number> {
  const before = await listKeyHolders(commands);
  await commands.call("pfif_key", { p: { act: "remove", domain } });
  return before.filter((holder) => holder.domain === domain).length;
}
