import type { ActionFunctionArgs } from "@remix-run/node";
import {
  importPfif,
  type ImportProgress,
  type SkippedRecord,
} from "../features/safety/pfif-import.server.ts";
import { domainOfKey } from "../features/safety/pfif-keys.server.ts";
import { writePfifStatus } from "../formats/pfif-status.ts";
import { orProblem, postOnly, Refused } from "../server/problem.ts";

/** Writing is all that this address does. */
export function loader() {
  return postOnly();
}

/** Takes PFIF from a registry with a key, for records of its own domain, and says what became of each. */
export function action({ context, request }: ActionFunctionArgs) {
  return orProblem(async () => {
    const { commands } = context.backend;
    const { searchParams } = new URL(request.url);
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
    const domain = await domainOfKey(commands, bearer ?? searchParams.get("key"));
    if (domain === null) throw new Refused(403, "key_wrong");

    const skipped: SkippedRecord[] = [];
    let last: ImportProgress | null = null;
    let stored = 0;
    const event = searchParams.get("event");
    const progress = importPfif(commands, bodyOf(request), {
      ...(event ? { event } : {}),
      ownDomain: context.env.siteDomain,
      onlyDomain: domain,
      now: new Date(),
    });
    for await (last of progress) {
      skipped.push(...last.skipped);
      if (storedOf(last) > stored) context.wrote();
      stored = storedOf(last);
      // Whoever has gone will send it all again, and that is harmless.
      if (request.signal.aborted) break;
    }
    const { totals, broken } = last!;
    const status = writePfifStatus(
      [
        { kind: "person" as const, tally: totals.persons },
        { kind: "note" as const, tally: totals.notes },
      ].map(({ kind, tally }) => ({
        kind,
        parsed: tally.read,
        written: tally.created + tally.updated + tally.emptied,
        skipped: skipped.filter((record) => record.kind === kind),
      })),
      broken,
    );
    return new Response(status, {
      status: broken ? 400 : 200,
      headers: { "Content-Type": "application/xml; charset=utf-8", "Cache-Control": "no-store" },
    });
  });
}

function storedOf({ totals: { persons, notes } }: ImportProgress): number {
  return [persons, notes].reduce(
    (sum, { created, updated, emptied }) => sum + created + updated + emptied,
    0,
  );
}

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return;
    yield next.value;
  }
}
