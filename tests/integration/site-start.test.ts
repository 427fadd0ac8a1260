import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectSql } from "#app/platform/db.server.ts";
import { connectEmbedded } from "#app/platform/embedded.server.ts";
import { type Site, startSite } from "#tests/support/site.ts";

describe.each(["embedded", "supabase"] as const)("the built site, %s", (mode) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite({ mode });
  });
  afterAll(() => site?.close());

  it("answers and is ready", async () => {
    expect((await site.fetch("/healthz")).status).toBe(200);
    expect((await site.fetch("/readyz")).status).toBe(200);
  });

  it("ends by itself when asked to, and starts again", async () => {
    expect(await site.stop()).toBe(0);
    await site.restart();
    expect((await site.fetch("/readyz")).status).toBe(200);
  });

  it("starts again after kill -9", async () => {
    await site.kill9();
    await site.restart();
    expect((await site.fetch("/readyz")).status).toBe(200);
  });

  it("F11: says that it is not ready while the database does not answer", async () => {
    if (!site.gateway) return;
    site.gateway.interrupt = (_request, response) => response.writeHead(503).end();
    expect((await site.fetch("/readyz")).status).toBe(503);
    site.gateway.interrupt = null;
    expect((await site.fetch("/readyz")).status).toBe(200);
  });
});

describe("the first start", () => {
  it("makes and migrates the database in an empty directory", async () => {
    const site = await startSite({ empty: true });
    try {
      const guest = await connectEmbedded(site.dataDir, { what: "a test" });
      const sql = connectSql(guest.address, "postgres", 1);
      const [row] =
        await sql`select count(*)::int > 0 as migrated from supabase_migrations.schema_migrations`;
      expect(row).toEqual({ migrated: true });
      await sql.end();
    } finally {
      await site.close();
    }
  });
});
