import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { connectSql, type Door, openDoor } from "#app/platform/db.server.ts";
import { checkMigrated, migrate, MigrationRefused } from "#app/server/migrate.ts";
import { temporaryDirectory } from "#tests/support/run-directory.ts";

const { address } = inject("database");
let directory = "";
let name = "";
let sql: ReturnType<typeof connectSql>;

beforeEach(async () => {
  directory = temporaryDirectory("migrations");
  name = `migrate_${randomBytes(6).toString("hex")}`;
  const operator = connectSql(address, "postgres", 1);
  await operator.unsafe(`create database ${name}`);
  await operator.end();
  sql = connectSql(address, name, 2);
});

afterEach(async () => {
  await sql.end({ timeout: 1 });
  const operator = connectSql(address, "postgres", 1);
  await operator.unsafe(`drop database ${name} with (force)`);
  await operator.end();
});

describe("migrate", () => {
  it("applies what is new, once, and records it as the Supabase command line does", async () => {
    write("20260101000000_first.sql", "create table one (n integer);");
    expect((await run()).map(({ version }) => version)).toEqual(["20260101000000"]);
    write(
      "20260102000000_second.sql",
      "alter table one add column m integer; insert into one values (1, 2);",
    );
    expect((await run()).map(({ name }) => name)).toEqual(["second"]);
    expect(await run()).toEqual([]);
    const rows =
      await sql`select version, name, statements from supabase_migrations.schema_migrations order by 1`;
    expect([...rows]).toEqual([
      { version: "20260101000000", name: "first", statements: ["create table one (n integer);"] },
      { version: "20260102000000", name: "second", statements: [expect.stringContaining("insert into one")] },
    ]);
    expect([...(await sql`select n, m from one`)]).toEqual([{ n: 1, m: 2 }]);
  });

  it("F2: leaves nothing of a migration that fails, says which line, and goes on once it is mended", async () => {
    write("20260101000000_first.sql", "create table one (n integer);");
    write("20260102000000_second.sql", "create table two (n integer);\ncreate table one (n integer);");
    await expect(run()).rejects.toThrow(
      /20260102000000_second\.sql cannot be applied: .*"one" already exists/,
    );
    expect([...(await sql`select to_regclass('two') as two`)]).toEqual([{ two: null }]);
    write("20260102000000_second.sql", "create table two (n integer);");
    expect(await run()).toHaveLength(1);
  });

  it("F16: refuses a database that is newer than this checkout, and leaves it as it is", async () => {
    write("20260101000000_first.sql", "create table one (n integer);");
    write("20260102000000_second.sql", "create table two (n integer);");
    await run();
    rmSync(path.join(directory, "20260102000000_second.sql"));
    await expect(run()).rejects.toThrow(MigrationRefused);
    await expect(run()).rejects.toThrow(/has version 20260102000000, which this checkout does not know/);
  });

  it("refuses a migration that was slipped in before one already applied", async () => {
    write("20260102000000_second.sql", "create table two (n integer);");
    await run();
    write("20260101000000_first.sql", "create table one (n integer);");
    await expect(run()).rejects.toThrow(/older than the last one applied/);
  });

  it("refuses names and versions that are not clear", async () => {
    write("first.sql", "select 1;");
    await expect(run()).rejects.toThrow(/^first\.sql is not named like/);
    rmSync(path.join(directory, "first.sql"));
    write("20260101000000_a.sql", "select 1;");
    write("20260101000000_b.sql", "select 1;");
    await expect(run()).rejects.toThrow(/Two migrations have the version 20260101000000/);
  });

  it("two that start at once migrate one after the other", async () => {
    write("20260101000000_first.sql", "create table one (n integer); select pg_sleep(0.3);");
    await run("none");
    const both = await Promise.all([run(), run()]);
    expect(both.map((applied) => applied.length).sort()).toEqual([0, 1]);
  });

  it("a guest beside an older server is told so", async () => {
    write("20260101000000_first.sql", "create table one (n integer);");
    await run();
    write("20260102000000_second.sql", "create table two (n integer);");
    await expect(run("check")).rejects.toThrow(/running server is older than this checkout/);
  });
});

function write(file: string, text: string): void {
  writeFileSync(path.join(directory, file), text);
}

async function run(how: "migrate" | "check" | "none" = "migrate") {
  let applied: Awaited<ReturnType<typeof migrate>> = [];
  let door: Door | undefined;
  try {
    door = await openDoor(address, name, "a secret that is as good as any other", {
      owned: how === "none",
      connections: 1,
      prepare: async (session) => {
        if (how === "check") await checkMigrated(session, directory);
        if (how === "migrate") applied = await migrate(session, directory);
      },
    });
  } finally {
    await door?.close();
  }
  return applied;
}
