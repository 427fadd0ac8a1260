import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { reportPerson } from "#app/features/safety/posting.server.ts";
import { findPhoto } from "#app/features/safety/persons.server.ts";
import { personSchema } from "#app/features/safety/persons.schema.ts";
import { preparePhoto } from "#app/platform/photo.server.ts";
import { expirePersons } from "#app/features/safety/queue.server.ts";
import { openBackend, type Backend } from "#app/platform/db.server.ts";
import { readEnvironment } from "#app/platform/env.server.ts";
import { secretsFrom } from "#app/server/secrets.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { temporaryDirectory } from "../support/run-directory.ts";

describe("photos in Supabase Storage", () => {
  let database: TestDatabase;
  let gateway: Gateway;
  let backend: Backend;

  beforeAll(async () => {
    database = await freshDatabase();
    gateway = await startGateway(database);
    const env = readEnvironment({
      DATA_DIR: temporaryDirectory("photos"),
      SUPABASE_URL: gateway.url,
      SUPABASE_PUBLISHABLE_KEY: gateway.publishableKey,
      SUPABASE_SECRET_KEY: gateway.secretKey,
    });
    backend = await openBackend(env, { info() {}, warn() {}, error() {} });
    const admin = createClient(gateway.url, gateway.secretKey, {
      realtime: { transport: WebSocket as never },
    });
    // In a hosted project the migration makes the bucket; here the storage came after it.
    const { error } = await admin.storage.createBucket("photos", { public: false });
    expect(error).toBeNull();
  });

  afterAll(async () => {
    await backend?.close();
    await gateway?.stop();
    await database?.drop();
  });

  test("a photo goes to the bucket, is shown through the record, and is removed when the record is wiped", async () => {
    const caller = {
      commands: backend.commands,
      files: backend.files,
      key: null,
      domain: "lookout.example",
      publicUrl: "https://lookout.example",
      secret: secretsFrom("a secret of this test alone"),
      language: "en",
    };
    const input = personSchema(new Date()).parse({
      as: "me",
      full_name: "Lin Mei-hua",
      consent: "yes",
      client_id: randomUUID(),
    });
    const upload = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#246" } })
      .png()
      .toBuffer();
    const photo = await preparePhoto(upload);
    const posted = await reportPerson(caller, input, { body: "one", photo });

    const rows = await database.sql<
      { path: string | null; bytes: unknown }[]
    >`select path, bytes from app.photos`;
    expect(rows).toEqual([{ path: `persons/${photo.id}.jpg`, bytes: null }]);

    const found = await findPhoto(backend.db, backend.commands, photo.id, null);
    expect(found).toEqual({ path: `persons/${photo.id}.jpg` });
    const stored = await backend.files!.get(`persons/${photo.id}.jpg`);
    expect((await sharp(stored!).metadata()).format).toBe("jpeg");

    await database.sql`update app.persons set expiry_date = now() - interval '2 days' where id = ${posted.id}`;
    await expirePersons(backend.commands);
    await database.sql`update app.sealed_persons set wipe_at = now() - interval '1 minute'`;
    const { photoPaths } = await expirePersons(backend.commands);
    expect(photoPaths).toEqual([`persons/${photo.id}.jpg`]);
    await backend.files!.remove(photoPaths);
    expect(await backend.files!.get(`persons/${photo.id}.jpg`)).toBeNull();
  });

  test("a visitor cannot read the bucket past the record", async () => {
    const visitor = createClient(gateway.url, gateway.publishableKey, {
      realtime: { transport: WebSocket as never },
    });
    await backend.files!.put("persons/hidden.jpg", new Uint8Array([0xff, 0xd8, 0xff]), "image/jpeg");
    const { data, error } = await visitor.storage.from("photos").download("persons/hidden.jpg");
    expect(data).toBeNull();
    expect(error).not.toBeNull();
  });
});
