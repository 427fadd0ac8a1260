/** Messages passed on between a visitor and an author, neither of whom learns the other's address. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import type { Caller } from "./caller.ts";
import { opened, type Opener } from "./opener.server.ts";
import type { RelayInput } from "./persons.schema.ts";
import { isUuid, mustBeId } from "./record-ids.ts";
import { freshToken, hashOf, looksLikeToken } from "../../platform/secret-links.server.ts";

export const messageRow = z.object({ from_author: z.boolean(), text: z.string(), created_at: z.string() });

const relayRow = z.object({
  thread_id: z.string(),
  person_id: z.string(),
  full_name: z.string(),
  publication: z.string(),
  visitor_name: z.string(),
  messages: z.array(messageRow),
});

export type RelayThread = z.infer<typeof relayRow>;

/** Passes a message on to the author. Gives the conversation's id and the visitor's secret for reading the answers. */
export async function openRelay(
  caller: Caller,
  personId: string,
  input: RelayInput,
  opener: Opener,
): Promise<{ thread_id: string; token: string; by_mail: boolean }> {
  const token = freshToken();
  const answer = z.object({ thread_id: z.string(), by_mail: z.boolean() }).parse(
    await caller.commands.call("open_relay", {
      p: {
        ...input,
        ...opened(opener),
        id: randomUUID(),
        person_id: mustBeId(personId),
        token_hash: hashOf(token),
        language: caller.language,
        caller: caller.key,
      },
    }),
  );
  return { ...answer, token };
}

/** A conversation for the visitor who began it; fails with `token_wrong` for anybody else. */
export async function getRelay(
  commands: Commands,
  threadId: string,
  token: string | null,
): Promise<RelayThread> {
  const found =
    isUuid(threadId) && looksLikeToken(token)
      ? await commands.call("read_relay", { p_id: threadId, p_token_hash: hashOf(token) })
      : null;
  if (!found) throw new Failure("forbidden", "token_wrong");
  return relayRow.parse(found);
}

/** Writes on in a conversation, as its visitor (`token`) or as the author (`manage`). */
export async function writeRelay(
  caller: Caller,
  threadId: string,
  text: string,
  opener: { token?: string | null; manage?: string | null },
): Promise<{ person_id: string }> {
  return z.object({ person_id: z.string() }).parse(
    await caller.commands.call("write_relay", {
      p: {
        thread_id: mustBeId(threadId),
        text,
        token_hash: opener.token == null ? null : hashOf(opener.token),
        manage_hash: opener.manage == null ? null : hashOf(opener.manage),
        caller: caller.key,
      },
    }),
  );
}
