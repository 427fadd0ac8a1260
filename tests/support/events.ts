import { expect } from "vitest";
import type { Site } from "./site.ts";

/** Somebody who listens to `/api/v1/live`. */
export interface Listening {
  response: Response;
  /** Everything that has arrived so far. */
  text(): string;
  /** The id of the newest event. */
  lastId(): string | null;
  /** Waits until this has arrived. */
  until(expected: string | RegExp): Promise<void>;
  /** Resolves when the stream has ended. */
  ended: Promise<void>;
  leave(): void;
}

/** Opens a stream of events and reads it as a browser does. */
export async function listenTo(
  site: Site,
  query = "",
  headers: Record<string, string> = {},
): Promise<Listening> {
  const gone = new AbortController();
  const response = await site.fetch(`/api/v1/live${query}`, {
    headers: { accept: "text/event-stream", ...headers },
    signal: gone.signal,
  });
  let text = "";
  const ended = (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(piece, { stream: true });
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
  })();
  return {
    response,
    text: () => text,
    lastId: () => [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? null,
    async until(expected) {
      await expect.poll(() => text, { timeout: 10_000, interval: 20 }).toMatch(expected);
    },
    ended,
    leave: () => gone.abort(),
  };
}
