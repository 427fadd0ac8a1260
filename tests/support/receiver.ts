/** Somebody else's web server: feeds to read, places to be told, pages that show ours. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedPost {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Receiver {
  /** `http://127.0.0.1:port` */
  url: string;
  /** What was posted here so far. */
  posts: ReceivedPost[];
  /** Waits for a post to a path that this accepts. */
  until(wanted: (post: ReceivedPost) => boolean, withinMs?: number): Promise<ReceivedPost>;
  close(): Promise<void>;
}

/** Starts a server that answers GET with `pages[path]`, and POST with the status that `answer` gives. */
export async function startReceiver(
  pages: Record<string, { type: string; body: string | Buffer }> = {},
  answer: (post: ReceivedPost) => number = () => 204,
): Promise<Receiver> {
  const posts: ReceivedPost[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      if (request.method === "POST") {
        const post = { path, headers: request.headers, body: Buffer.concat(pieces).toString("utf8") };
        posts.push(post);
        response.writeHead(answer(post)).end();
        for (const look of waiting) look();
        return;
      }
      const page = pages[path];
      if (page) response.writeHead(200, { "content-type": page.type }).end(page.body);
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    until(wanted, withinMs = 20_000) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = posts.find(wanted);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`nothing of the kind came within ${withinMs} ms; ${posts.length} posts did`));
        }, withinMs);
        waiting.add(look);
        look();
      });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
