/** Mail that waits to be delivered. The only file that names its functions. */
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";

const waitingMail = z.object({
  id: z.number(),
  kind: z.string(),
  to_email: z.string(),
  language: z.string(),
  payload: z.record(z.string(), z.unknown()),
  created_at: z.string(),
});

export type WaitingMail = z.infer<typeof waitingMail>;

/** Takes the next mail to deliver, or null. What is taken and not finished comes back after a growing pause. */
export async function claimMail(commands: Commands): Promise<WaitingMail | null> {
  const claimed = z.array(waitingMail).parse(await commands.call("claim_mail", { p_limit: 1 }));
  return claimed[0] ?? null;
}

/** Says that a mail was delivered, or with a few words why not. The words must not hold an address. */
export async function finishMail(commands: Commands, id: number, error: string | null): Promise<void> {
  await commands.call("finish_mail", { p_id: id, p_error: error });
}

const outboxState = z.object({
  waiting: z.number(),
  /** Of those, how many were tried in vain before. */
  tried: z.number(),
  oldest_waiting: z.string().nullable(),
  /** Given up after many tries. */
  failed: z.number(),
  last_error: z.string().nullable(),
});

export type OutboxState = z.infer<typeof outboxState>;

/** How much mail waits, and what went wrong last. For the operator. */
export async function readOutboxState(commands: Commands): Promise<OutboxState> {
  return outboxState.parse(await commands.call("outbox_state"));
}

/** Forgets mail that has no reason to be kept. Gives how many. */
export async function pruneOutbox(commands: Commands): Promise<number> {
  return z.number().parse(await commands.call("prune_outbox"));
}
