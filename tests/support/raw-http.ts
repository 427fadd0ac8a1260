/** Speaks HTTP by hand: what no well-behaved client would send. */
import { connect } from "node:net";
import type { Site } from "./site.ts";

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface RawRequest {
  /** Sent as they are, piece by piece. */
  pieces: Array<string | Buffer>;
  /** Between two pieces. */
  pauseMs?: number;
  /** Breaks the connection off after the last piece instead of reading the answer. */
  hangUp?: boolean;
}

/** Sends bytes and reads what comes back; status 0 when the connection ends without an answer. */
export function rawRequest(
  site: Site,
  { pieces, pauseMs = 0, hangUp = false }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const finish = () => {
      socket.destroy();
      resolve(readAnswer(Buffer.concat(chunks).toString("utf8")));
    };
    socket.setTimeout(20_000, finish);
    socket.on("error", finish);
    socket.on("close", finish);
    socket.on("data", (data) => {
      chunks.push(data);
      // Whoever keeps the connection open says how long the body is.
      const answer = readAnswer(Buffer.concat(chunks).toString("utf8"));
      const length = Number(answer.headers["content-length"] ?? Number.NaN);
      if (Buffer.byteLength(answer.body) >= length) finish();
    });
    socket.on("connect", () => {
      void (async () => {
        for (const piece of pieces) {
          if (socket.destroyed) return;
          socket.write(piece);
          if (pauseMs > 0) await new Promise((next) => setTimeout(next, pauseMs));
        }
        if (hangUp) finish();
      })();
    });
  });
}

/** A request of these lines, with a body if there is one. */
export function rawMessage(site: Site, first: string, headers: string[] = [], body = ""): string {
  const { host } = new URL(site.url);
  const own = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: ${host}`];
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${first} HTTP/1.1`, ...own, ...headers, ...length, "Connection: close", "", body].join("\r\n");
}

function readAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(first.split(" ")[1] ?? 0), headers, body: end < 0 ? "" : text.slice(end + 4) };
}
