import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestDatabase } from "./database.ts";
import { throughGateway } from "./postgrest.ts";
import { secondFactors } from "./second-factors.ts";
import { openStorage } from "./storage.ts";

/** Answers under one address as a Supabase project does, so that the app can be run in Supabase mode. */
export interface Gateway {
  url: string;
  publishableKey: string;
  secretKey: string;
  /** Stands in for a project in trouble: every request is answered by this until it is set back to null. */
  interrupt: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  stop(): Promise<void>;
}

/** Joins the real PostgREST of this database with sign-in under one address. */
export async function startGateway(database: TestDatabase): Promise<Gateway> {
  const { door } = database;
  const rest = throughGateway(await database.postgrestServer(), door);
  const factors = secondFactors(door);
  let storage: ReturnType<typeof openStorage> | null = null;
  const server = createServer((incoming, outgoing) => {
    if (gateway.interrupt) return gateway.interrupt(incoming, outgoing);
    answer(incoming)
      .catch((error: unknown) => new Response(String(error), { status: 502 }))
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.destroy());
  });

  async function answer(incoming: IncomingMessage): Promise<Response> {
    const request = await toRequest(incoming, gateway.url);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/rest/v1")) return rest(request);
    if (pathname === "/auth/v1/admin/users" && request.method === "POST") return createUser(request);
    if (pathname === "/auth/v1/user" && request.method === "GET") return factors.user(request);
    if (pathname.startsWith("/auth/v1/factors")) return factors.answer(request);
    if (pathname.startsWith("/auth/v1")) return door.fetch(request);
    if (pathname.startsWith("/storage/v1")) return (await (storage ??= openStorage(database))).fetch(request);
    return new Response("not found", { status: 404 });
  }

  // The sign-in of the tests has no administration: an account is made through its front door and then confirmed.
  async function createUser(request: Request): Promise<Response> {
    if (request.headers.get("apikey") !== door.secretKey) {
      return Response.json({ code: 403, error_code: "not_admin", msg: "User not allowed" }, { status: 403 });
    }
    const { email, password } = (await request.json()) as { email: string; password: string };
    try {
      const id = await door.auth.createAccount(email, password);
      return Response.json({ id, email, aud: "authenticated", role: "authenticated" });
    } catch {
      return Response.json({ code: 422, error_code: "email_exists", msg: "refused" }, { status: 422 });
    }
  }

  const gateway: Gateway = {
    url: "",
    publishableKey: door.publishableKey,
    secretKey: door.secretKey,
    interrupt: null,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await (await storage)?.close();
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

async function toRequest(incoming: IncomingMessage, base: string): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (["host", "connection", "content-length", "transfer-encoding"].includes(name)) continue;
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const method = incoming.method ?? "GET";
  const body = ["GET", "HEAD"].includes(method) ? null : Buffer.concat(chunks);
  return new Request(new URL(incoming.url ?? "/", base), { method, headers, body });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  // The body has been unpacked on its way here.
  delete headers["content-encoding"];
  delete headers["content-length"];
  delete headers["transfer-encoding"];
  outgoing.writeHead(response.status, headers);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
