/** Web hooks and what became of each message. The only file that names their views and functions. */
import { z } from "zod";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";

/** What a web hook can be told of. */
export const WEBHOOK_EVENTS = ["verified", "adopted", "corrected", "false", "withdrawn"] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const webhookRow = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  secret_version: z.number(),
  added_at: z.string(),
  removed_at: z.string().nullable(),
});
export type Webhook = z.infer<typeof webhookRow>;

const deliveryRow = z.object({
  id: z.coerce.number(),
  name: z.string(),
  event: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  happened_at: z.string(),
  available_at: z.string(),
  attempts: z.number(),
  delivered_at: z.string().nullable(),
  failed_at: z.string().nullable(),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
});
export type WebhookDelivery = z.infer<typeof deliveryRow>;

/** All web hooks, those in use first. For officers: nobody else gets a row. */
export async function listWebhooks(db: Db): Promise<Webhook[]> {
  const rows = await db
    .from("webhooks")
    .select("id,name,url,events,secret_version,added_at,removed_at")
    .order("removed_at", { ascending: false, nullsFirst: true })
    .order("added_at")
    .limit(200);
  return z.array(webhookRow).parse(unwrap(rows));
}

/** The newest deliveries, whatever became of them. */
export async function listDeliveries(db: Db, limit: number): Promise<WebhookDelivery[]> {
  const rows = await db
    .from("webhook_deliveries")
    .select(Object.keys(deliveryRow.shape).join(","))
    .order("id", { ascending: false })
    .limit(limit);
  return z.array(deliveryRow).parse(unwrap(rows));
}

/** An admin adds a web hook. Gives its id. */
export async function addWebhook(
  db: Db,
  input: { name: string; url: string; events: readonly string[] },
): Promise<{ id: string }> {
  return z.object({ id: z.string() }).parse(unwrap(await db.rpc("save_webhook", { p: input })));
}

/** An admin removes a web hook, or gives it another key. */
export async function changeWebhook(db: Db, id: string, change: "remove" | "new_key"): Promise<void> {
  unwrap(await db.rpc("save_webhook", { p: { id, [change]: true } }));
}

const claimed = z.array(
  z.object({
    id: z.coerce.number(),
    webhook_id: z.string(),
    url: z.string(),
    secret_version: z.number(),
    event: z.string(),
    subject_type: z.string(),
    subject_id: z.string(),
    happened_at: z.string(),
    attempts: z.number(),
  }),
);
export type ClaimedDelivery = z.infer<typeof claimed>[number];

/** Deliveries that are due; each goes to one worker, and comes later again unless it is finished. */
export async function claimDeliveries(commands: Commands, limit: number): Promise<ClaimedDelivery[]> {
  return claimed.parse(await commands.call("claim_webhooks", { p_limit: limit }));
}

/** What became of a delivery: delivered when `error` is null. */
export async function finishDelivery(
  commands: Commands,
  id: number,
  status: number | null,
  error: string | null,
): Promise<void> {
  await commands.call("finish_webhook", { p_id: id, p_status: status, p_error: error });
}

/** Forgets deliveries that ended long ago. Gives how many. */
export async function pruneDeliveries(commands: Commands): Promise<number> {
  return commands.call("prune_webhooks");
}
