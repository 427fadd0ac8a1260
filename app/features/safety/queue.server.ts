/** What waits for a person's decision, and what happens by itself when time runs out. */
import { z } from "zod";
import type { Commands } from "../../platform/db.server.ts";

const queueItem = z.object({
  id: z.string(),
  kind: z.string(),
  severity: z.number(),
  person_id: z.string().nullable(),
  full_name: z.string().nullable(),
  note_id: z.string().nullable(),
  reason: z.string().nullable(),
  text: z.string().nullable(),
  created_at: z.string(),
});

/** What waits for a person's decision, most severe first. For the operator. */
export async function listQueueItems(
  commands: Commands,
  limit: number,
): Promise<Array<z.infer<typeof queueItem>>> {
  return z.array(queueItem).parse(await commands.call("list_queue_items", { p_limit: limit }));
}

/** Decides what waits, with name and reason. Fails with `item_not_waiting` when somebody was faster. */
export async function decideQueueItem(
  commands: Commands,
  decision: { id: string; decision: "accept" | "refuse"; by: string; reason: string },
): Promise<{ kind: string }> {
  return z.object({ kind: z.string() }).parse(await commands.call("decide_queue_item", { p: decision }));
}

/** Turns expired records into placeholders and wipes what was kept long enough. Gives how many were sealed, and photo paths to remove. */
export async function expirePersons(commands: Commands): Promise<{ sealed: number; photoPaths: string[] }> {
  let sealed = 0;
  for (;;) {
    const count = z.number().parse(await commands.call("seal_expired_persons", { p_limit: 500 }));
    sealed += count;
    if (count < 500) break;
  }
  const photoPaths = z.array(z.string()).parse(await commands.call("wipe_sealed_persons", { p_limit: 500 }));
  return { sealed, photoPaths };
}
