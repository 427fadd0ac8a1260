import path from "node:path";
import type { TestProject } from "vitest/node";
import { connectSql, openDoor } from "#app/platform/db.server.ts";
import { type EmbeddedPostgres, startEmbedded } from "#app/platform/embedded.server.ts";
import { migrate } from "#app/server/migrate.ts";
import { guard, makeRunDirectory } from "./run-directory.ts";

const template = "lookout_template";

interface Ground {
  runDirectory: string;
  postgres: EmbeddedPostgres;
  end(): Promise<void>;
}

// The projects of one run share one Postgres; each of them loads this file anew.
const shared = globalThis as { lookoutTestGround?: { users: number; ground: Promise<Ground> } };

/** One Postgres with one migrated template database, for everything that needs a database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const use = (shared.lookoutTestGround ??= { users: 0, ground: prepare() });
  use.users++;
  const { postgres, runDirectory } = await use.ground;
  project.provide("runDirectory", runDirectory);
  project.provide("database", { address: postgres.address, template });
  return async () => {
    use.users--;
    if (use.users > 0) return;
    delete shared.lookoutTestGround;
    await (await use.ground).end();
  };
}

async function prepare(): Promise<Ground> {
  const run = makeRunDirectory();
  let postgres: EmbeddedPostgres | undefined;
  try {
    postgres = await startEmbedded(path.join(run.directory, "database"), {
      what: "the tests",
      log: { info() {}, warn: complain, error: complain },
      // Nothing in here outlives the run.
      settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: 200 },
    });
    guard(postgres.pid() ?? 0, run.directory);
    const { address } = postgres;
    const operator = connectSql(address, "postgres", 1);
    await operator.unsafe(`create database ${template}`);
    await operator.end();
    const door = await openDoor(address, template, "only for the template of the tests", {
      owned: true,
      prepare: async (session) => {
        await migrate(session, path.resolve("supabase/migrations"));
        await session.script(`
          create role authenticator login noinherit;
          grant anon, authenticated, service_role to authenticator;
        `);
      },
      connections: 1,
    });
    await door.close();
    const started = postgres;
    return {
      runDirectory: run.directory,
      postgres,
      async end() {
        await started.stop();
        await run.remove();
      },
    };
  } catch (error) {
    await postgres?.stop();
    await run.remove();
    throw error;
  }
}

function complain(details: object, message: string): void {
  console.error(message, details);
}
