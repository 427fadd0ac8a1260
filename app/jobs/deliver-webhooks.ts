import { findVerified } from "../features/official-site/verified.server.ts";
import { verifiedJson } from "../features/official-site/verified-feeds.ts";
import { signatureOf, webhookKey } from "../features/official-site/webhook-signature.server.ts";
import {
  claimDeliveries,
  finishDelivery,
  pruneDeliveries,
  type ClaimedDelivery,
} from "../features/official-site/webhooks.server.ts";
import { postRemote, RemoteRefused } from "../server/remote-source.ts";
import type { Job, JobContext } from "./jobs.ts";

const atOnce = 20;
const patienceMs = 15_000;

/**
 * Tells other sites what was decided, signed. What is told is what the public may read at that moment: of an item that
 * has been hidden since, its id and what happened to it, and nothing else.
 */
export const deliverWebhooks: Job = {
  name: "deliver-webhooks",
  everyMs: 15_000,
  wokenByWrites: true,
  async run(context, signal) {
    const { backend, log } = context;
    for (;;) {
      const due = await claimDeliveries(backend.commands, atOnce);
      // One slow receiver must not keep the others waiting.
      await Promise.all(due.map((delivery) => deliver(context, delivery)));
      if (signal.aborted || due.length < atOnce) break;
    }
    const gone = await pruneDeliveries(backend.commands);
    if (gone > 0) log.info({ gone }, "old deliveries of web hooks forgotten");
  },
};

async function deliver(context: JobContext, delivery: ClaimedDelivery): Promise<void> {
  const { backend, env, publicUrl, secret, log } = context;
  const { id, webhook_id, url, secret_version, event, subject_type, subject_id, happened_at } = delivery;
  const item = await findVerified(backend.db, subject_type, subject_id);
  const body = JSON.stringify({
    id: `${id}`,
    event,
    happened_at,
    subject: { type: subject_type, id: subject_id },
    // Null: the public may not read it, or no longer. Stop showing it.
    item: item === null ? null : verifiedJson(item, publicUrl),
  });
  const now = new Date();
  let status: number | null = null;
  let error: string | null = null;
  try {
    status = await postRemote(
      url,
      {
        body,
        headers: {
          "content-type": "application/json",
          "lookout-event": event,
          "lookout-delivery": `${id}`,
          "lookout-signature": signatureOf(
            body,
            webhookKey(secret("webhooks"), webhook_id, secret_version),
            now,
          ),
        },
      },
      { anywhere: env.outboundAnywhere, wholeWithinMs: patienceMs },
    );
    if (status < 200 || status > 299) error = `answered ${status}`;
  } catch (fault) {
    if (!(fault instanceof RemoteRefused)) throw fault;
    error = fault.message;
  }
  await finishDelivery(backend.commands, id, status, error);
  if (error !== null)
    log.warn({ delivery: id, attempts: delivery.attempts, reason: error }, "a web hook was not delivered");
}
