import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, openBackend, unwrap } from "#app/platform/db.server.ts";
import { readEnvironment } from "#app/platform/env.server.ts";
import { openMigratedBackend } from "#app/server/migrate.ts";
import { pino } from "pino";
import { freshDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type Gateway, startGateway } from "#tests/support/gateway.ts";
import { temporaryDirectory } from "#tests/support/run-directory.ts";

const log = pino({ level: "silent" });
const unavailable = expect.objectContaining({ kind: "unavailable", token: "unavailable" });

describe.each(["embedded", "supabase"] as const)("the backend, %s", (mode) => {
  let backend: Backend;
  let database: TestDatabase | undefined;
  let gateway: Gateway | undefined;

  beforeAll(async () => {
    const dataDir = temporaryDirectory("backend");
    if (mode === "supabase") {
      database = await freshDatabase();
      gateway = await startGateway(database);
    }
    const env = readEnvironment({ DATA_DIR: dataDir, ...(gateway ? settingsOf(gateway) : {}) });
    backend = await openMigratedBackend(env, log);
  });
  afterAll(async () => {
    await backend?.close();
    await gateway?.stop();
    await database?.drop();
  });

  it("is ready, and says which one it is", async () => {
    await expect(backend.ready()).resolves.toBeUndefined();
    expect(backend.mode).toBe(mode);
  });

  it("lets a visitor read, and calls no command for them", async () => {
    expect(unwrap(await backend.db.from("events").select("slug").limit(1))).toBeInstanceOf(Array);
    expect(() => unwrap({ data: null, error: null })).not.toThrow();
    const refused = await backend.db.rpc("report_person", { p: {} });
    expect(() => unwrap(refused)).toThrow(expect.objectContaining({ kind: "forbidden" }));
  });

  it("signs staff in, keeps them signed in, and lets them go", async () => {
    const email = `${randomBytes(4).toString("hex")}@example.org`;
    const id = await backend.auth.createAccount(email, "correct horse battery staple");
    const session = await backend.auth.signIn(email, "correct horse battery staple");
    expect(session).toMatchObject({ userId: id, email });
    expect(session.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect(
      unwrap(await backend.staff(session.accessToken).from("events").select("slug").limit(1)),
    ).toBeInstanceOf(Array);
    const renewed = await backend.auth.refresh(session.refreshToken);
    expect(renewed.userId).toBe(id);
    await backend.auth.signOut(renewed.accessToken);
    await expect(backend.auth.refresh(renewed.refreshToken)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("A5: tells a wrong password and an unknown address in the same words", async () => {
    await backend.auth.createAccount("known@example.org", "correct horse battery staple");
    const wrong = backend.auth.signIn("known@example.org", "wrong horse battery staple");
    const unknown = backend.auth.signIn("unknown@example.org", "wrong horse battery staple");
    await expect(wrong).rejects.toMatchObject({ kind: "forbidden", token: "wrong_credentials" });
    await expect(unknown).rejects.toMatchObject({ kind: "forbidden", token: "wrong_credentials" });
  });

  it("makes no second account for an address", async () => {
    await backend.auth.createAccount("twice@example.org", "correct horse battery staple");
    await expect(
      backend.auth.createAccount("twice@example.org", "another horse battery"),
    ).rejects.toMatchObject({
      kind: "conflict",
      token: "account_exists",
    });
  });
});

describe("F11: a Supabase project in trouble", () => {
  let database: TestDatabase;
  let gateway: Gateway;
  let backend: Backend;

  beforeAll(async () => {
    database = await freshDatabase();
    gateway = await startGateway(database);
    const env = readEnvironment({ DATA_DIR: temporaryDirectory("trouble"), ...settingsOf(gateway) });
    backend = await openBackend(env, log, { callLimitMs: 500 });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.drop();
  });

  it.each<[string, NonNullable<Gateway["interrupt"]>]>([
    ["answers 500", (_, response) => response.writeHead(500).end("<html>no</html>")],
    ["answers 503", (_, response) => response.writeHead(503).end()],
    ["hangs", () => {}],
    ["resets the connection", (request) => request.socket.destroy()],
    [
      "breaks off in the middle",
      (request, response) => {
        response.writeHead(200, { "content-length": "1000", "content-type": "application/json" });
        response.write("[{");
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
    [
      "sends a body that never ends",
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).write("[{"),
    ],
    [
      "sends something else than JSON",
      (_, response) => response.writeHead(200).end("<html>maintenance</html>"),
    ],
  ])("that %s is unavailable, in time", async (_, interrupt) => {
    gateway.interrupt = interrupt;
    const began = performance.now();
    const read = (async () => unwrap(await backend.db.from("events").select("slug")))();
    await expect(read).rejects.toEqual(unavailable);
    await expect(backend.commands.call("report_person", { p: {} })).rejects.toEqual(unavailable);
    await expect(backend.auth.signIn("a@example.org", "whatever it was")).rejects.toEqual(unavailable);
    expect(performance.now() - began).toBeLessThan(5_000);
    gateway.interrupt = null;
    await expect(backend.ready()).resolves.toBeUndefined();
  });

  it("that takes no key of ours refuses, and is not ready", async () => {
    gateway.interrupt = (_, response) =>
      response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Invalid API key"}');
    await expect(backend.commands.call("report_person", { p: {} })).rejects.toMatchObject({
      kind: "forbidden",
    });
    await expect(backend.ready()).rejects.toEqual(unavailable);
    gateway.interrupt = null;
  });
});

function settingsOf(gateway: Gateway): Record<string, string> {
  return {
    SUPABASE_URL: gateway.url,
    SUPABASE_PUBLISHABLE_KEY: gateway.publishableKey,
    SUPABASE_SECRET_KEY: gateway.secretKey,
  };
}
