/** Posts persons from lists: each has an id that follows from its source, so that a second time finds it there. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { Failure } from "../../platform/failure.ts";
import { paths } from "../../platform/paths.ts";
import type { Caller } from "./caller.ts";
import { proofsFor } from "./known-persons.server.ts";
import { ageBand } from "./persons.ts";
import type { PersonInput } from "./persons.schema.ts";
import { namesFor } from "./posting.server.ts";
import { viewToken } from "./secret-links.server.ts";
import { hashOf, manageToken, type SecretFor } from "../../platform/secret-links.server.ts";

export interface PostedFromList {
  id: string;
  /** `present`: it was posted before, and may have been changed or deleted since; it stays as it is. */
  outcome: "created" | "present";
  /** Something of it waits for a person's decision. */
  held: boolean;
}

/**
 * Posts a person once. `key` says which entry of which list it is. With `tellAuthor` the author's address gets the
 * manage link; without, nobody can change the record but staff.
 */
export async function postOnce(
  caller: Caller,
  input: PersonInput,
  { key, tellAuthor }: { key: string; tellAuthor: boolean },
): Promise<PostedFromList> {
  const id = idFromList(caller.secret, key);
  // Not derived from the key: a visitor may choose any client id, and must not choose somebody else's link by it.
  const manage = manageToken(caller.secret, null);
  try {
    const answer = await caller.commands.call("report_person", {
      p: {
        ...input,
        ...(input.age === undefined ? {} : ageBand(input.age)),
        id,
        client_id: null,
        name_keys: namesFor(input),
        known_hashes: input.visibility === "known" ? proofsFor(caller.secret, input) : [],
        manage_hash: hashOf(manage),
        manage_url: tellAuthor ? `${caller.publicUrl}${paths.managePerson(id, manage)}` : null,
        view_hash: hashOf(viewToken(caller.secret, id)),
        record_domain: caller.domain,
        caller: caller.key,
        language: caller.language,
      },
    });
    const { held } = z.object({ held: z.boolean() }).parse(answer);
    return { id, outcome: "created", held };
  } catch (error) {
    if (error instanceof Failure && error.kind === "conflict") return { id, outcome: "present", held: false };
    throw error;
  }
}

/** The id that an entry of a list gets: always the same here, and not to be guessed elsewhere. */
export function idFromList(secret: SecretFor, key: string): string {
  const digest = createHmac("sha256", secret("list-ids")).update(key).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString("hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
