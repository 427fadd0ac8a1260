import type { IncomingMessage, ServerResponse } from "node:http";

/** Three addresses for operators: is the process up, can it answer from its database, and how is it doing. */
export interface Health {
  answers(path: string): boolean;
  answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface HealthOptions {
  ready: () => Promise<void>;
  /** Numbers only, never a person or an address. */
  metrics: () => Record<string, number>;
  /** Whether this caller may see the numbers. */
  mayMeasure: (request: IncomingMessage) => boolean;
}

const readyWithinMs = 3000;

export function createHealth({ ready, metrics, mayMeasure }: HealthOptions): Health {
  let asking: Promise<boolean> | null = null;

  // Many may ask at once; the database is asked once.
  function isReady(): Promise<boolean> {
    asking ??= within(readyWithinMs, ready()).finally(() => {
      asking = null;
    });
    return asking;
  }

  async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === "/healthz") return say(response, 200, "ok\n");
    if (path === "/readyz") {
      const fine = await isReady();
      return say(response, fine ? 200 : 503, fine ? "ready\n" : "not ready\n");
    }
    if (!mayMeasure(request)) return say(response, 404, "not found\n");
    const lines = Object.entries(metrics()).map(([name, value]) => `lookout_${name} ${value}\n`);
    return say(response, 200, lines.join(""), "text/plain; version=0.0.4; charset=utf-8");
  }

  return { answers: (path) => path === "/healthz" || path === "/readyz" || path === "/metrics", answer };
}

function say(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 503 ? { "retry-after": "5" } : {}),
  });
  response.end(body);
}

async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
