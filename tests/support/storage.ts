import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import type { TestDatabase } from "./database.ts";

/** Supabase Storage beside a test database: the Storage API of lite, with the bytes in this process. */
export async function openStorage(
  database: TestDatabase,
): Promise<{ fetch: (request: Request) => Promise<Response>; close: () => Promise<void> }> {
  // The Storage API of lite asks for this switch when it is made.
  process.env.EXPERIMENTAL_STORAGE = "1";
  const { host, port, password } = database.address;
  const connection = createPostgresConnection({
    postgresOptions: {
      host,
      port,
      database: database.name,
      username: "postgres",
      ...(password ? { password } : {}),
      max: 2,
      onnotice() {},
    },
  });
  const { door } = database;
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: door.jwtSecret,
      publishable_key: door.publishableKey,
      secret_key: door.secretKey,
      site_url: "http://127.0.0.1",
    },
    api: { schemas: ["public"] },
    storage: { enabled: true, file_size_limit: "5MiB" },
    options: { server: { disableStudio: true } },
  } as ConstructorParameters<typeof App>[0]);
  app._storageAdapter = memoryAdapter() as unknown as NonNullable<typeof app._storageAdapter>;
  await app.ensureSystemSchema();
  await app.init();
  return { fetch: async (request) => app.fetch(request), close: () => connection.close() };
}

function memoryAdapter() {
  const objects = new Map<string, { bytes: Buffer; contentType: string; cacheControl: string; at: Date }>();
  const name = (bucket: string, key: string) => `${bucket}/${key}`;
  const metadataOf = (key: string) => {
    const found = objects.get(key);
    if (!found) throw Object.assign(new Error("no such object"), { code: "NoSuchKey", httpStatusCode: 404 });
    return {
      cacheControl: found.cacheControl,
      contentLength: found.bytes.byteLength,
      size: found.bytes.byteLength,
      mimetype: found.contentType,
      lastModified: found.at,
      eTag: `"${found.bytes.byteLength}-${found.at.getTime()}"`,
      httpStatusCode: 200,
    };
  };
  return {
    driver: null,
    async getObject(bucket: string, key: string) {
      const metadata = metadataOf(name(bucket, key));
      return { metadata, httpStatusCode: 200, body: objects.get(name(bucket, key))!.bytes };
    },
    async uploadObject(
      bucket: string,
      key: string,
      _version: unknown,
      body: unknown,
      contentType: string,
      cacheControl: string,
    ) {
      const bytes = Buffer.from(
        await new Response(body as ReadableStream | Uint8Array<ArrayBuffer>).arrayBuffer(),
      );
      objects.set(name(bucket, key), { bytes, contentType, cacheControl, at: new Date() });
      return metadataOf(name(bucket, key));
    },
    async deleteObject(bucket: string, key: string) {
      objects.delete(name(bucket, key));
    },
    async deleteObjects(bucket: string, keys: string[]) {
      for (const key of keys) objects.delete(name(bucket, key));
    },
    async copyObject(from: string, key: string, _version: unknown, to: string, destination: string) {
      objects.set(name(to, destination), objects.get(name(from, key))!);
      return metadataOf(name(to, destination));
    },
    async headObject(bucket: string, key: string) {
      return metadataOf(name(bucket, key));
    },
    async privateAssetUrl(bucket: string, key: string) {
      return `memory://${name(bucket, key)}`;
    },
  };
}
