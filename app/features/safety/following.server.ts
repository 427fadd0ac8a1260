/** Following a record by mail: asked for, confirmed from the mailbox, stopped by one click. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";
import type { Caller } from "./caller.ts";
import { opened, type Opener } from "./opener.server.ts";
import { mustBeId } from "./record-ids.ts";
import { freshToken, hashOf } from "../../platform/secret-links.server.ts";

/** Asks to follow a record; a confirmation goes to the address, nothing else. */
export async function followPerson(
  caller: Caller,
  personId: string,
  email: string,
  opener: Opener,
): Promise<void> {
  const token = freshToken();
  await caller.commands.call("follow_person", {
    p: {
      id: randomUUID(),
      person_id: mustBeId(personId),
      email,
      token,
      token_hash: hashOf(token),
      language: caller.language,
      caller: caller.key,
      ...opened(opener),
    },
  });
}

/** Confirms a follow by the secret of its mail. Gives the followed person's id. */
export async function confirmFollow(
  commands: Commands,
  followId: string,
  token: string,
): Promise<{ person_id: string }> {
  return z.object({ person_id: z.string() }).parse(
    await commands.call("confirm_follow", {
      p: { follow_id: mustBeId(followId), token_hash: hashOf(token) },
    }),
  );
}

/** Stops a follow. Stopping twice is no mistake. */
export async function stopFollow(commands: Commands, followId: string, token: string): Promise<void> {
  await commands.call("stop_follow", { p: { follow_id: mustBeId(followId), token_hash: hashOf(token) } });
}
