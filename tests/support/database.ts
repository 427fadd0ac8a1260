import { randomBytes, randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, inject } from "vitest";
import {
  clientOf,
  type Commands,
  connectSql,
  type Db,
  type Door,
  openDoor,
  unwrap,
} from "#app/platform/db.server.ts";
import type { DatabaseAddress } from "#app/platform/embedded.server.ts";
import { type Postgrest, startPostgrest, throughGateway } from "./postgrest.ts";
import { signToken } from "./token.ts";

/** One of the two ways to the same database. */
export interface Doorway {
  readonly name: DoorName;
  /** A visitor: the publishable key. */
  readonly anon: Db;
  /** The server: the secret key. Tests may read tables with it; the app can only call functions. */
  readonly service: Db;
  /** The server as the app has it. */
  readonly commands: Commands;
  /** Somebody who has signed in. Without `sub` it is somebody nobody knows. */
  as(claims: { sub?: string } & Record<string, unknown>): Db;
}

export type DoorName = "lite" | "postgrest";

export interface TestDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  /** May do everything, past all policies. */
  readonly sql: Sql;
  readonly lite: Doorway;
  /** The in-process door itself, with its keys and its sign-in. */
  readonly door: Door;
  /** Starts the real PostgREST at the first call. */
  postgrest(): Promise<Doorway>;
  /** The running PostgREST, for those who stand a gateway before it. */
  postgrestServer(): Promise<Postgrest>;
  drop(): Promise<void>;
}

const appSecret = "not a secret: every test database has the same";

/** A migrated, otherwise empty database that nobody else uses. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { address, template } = inject("database");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(address, `create database ${name} template ${template}`);
  const sql = connectSql(address, name, 4);
  const door = await openDoor(address, name, appSecret, { owned: false, connections: 6 });
  let started: Promise<Postgrest> | null = null;
  const postgrestServer = () => (started ??= startPostgrest(address, name, door.jwtSecret));
  return {
    name,
    address,
    sql,
    door,
    lite: doorway("lite", door, async (input, init) => door.fetch(new Request(input, init))),
    postgrestServer,
    async postgrest() {
      return doorway("postgrest", door, throughGateway(await postgrestServer(), door));
    },
    async drop() {
      if (started) await (await started).stop();
      await door.close();
      await sql.end({ timeout: 1 });
      await administer(address, `drop database ${name} with (force)`);
    },
  };
}

/** A door and the database behind it, usable inside hooks and tests of `forEachDoor`. */
export interface OpenDoorway extends Doorway {
  readonly sql: Sql;
  readonly database: TestDatabase;
}

/**
 * Runs the same tests through both doors, each on a fresh database of its own. The doors read the shape of the database
 * when they open: objects that only a test needs are made in `prepare`.
 */
export function forEachDoor(
  body: (door: OpenDoorway) => void,
  prepare?: (sql: Sql) => PromiseLike<unknown>,
): void {
  describe.each<DoorName>(["lite", "postgrest"])("through %s", (name) => {
    let database: TestDatabase | undefined;
    let open: Doorway | undefined;
    beforeAll(async () => {
      database = await freshDatabase();
      await prepare?.(database.sql);
      open = name === "lite" ? database.lite : await database.postgrest();
    });
    afterAll(() => database?.drop());

    const opened = <T>(value: T | undefined): T => {
      if (value === undefined)
        throw new Error("the door opens before the first hook or test, not while they are declared");
      return value;
    };
    body({
      name,
      get anon() {
        return opened(open).anon;
      },
      get service() {
        return opened(open).service;
      },
      get commands() {
        return opened(open).commands;
      },
      as: (claims) => opened(open).as(claims),
      get sql() {
        return opened(database).sql;
      },
      get database() {
        return opened(database);
      },
    });
  });
}

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

function doorway(name: DoorName, door: Door, fetch: Fetch): Doorway {
  const url = "http://database.invalid";
  const service = clientOf({ url, key: door.secretKey, fetch });
  return {
    name,
    anon: clientOf({ url, key: door.publishableKey, fetch }),
    service,
    commands: {
      call: async <T>(command: string, args: Record<string, unknown> = {}) =>
        unwrap<T>(await service.rpc(command, args)),
    },
    as(claims) {
      const token = signToken(
        {
          role: "authenticated",
          aud: "authenticated",
          sub: randomUUID(),
          session_id: randomUUID(),
          ...claims,
        },
        door.jwtSecret,
      );
      return clientOf({ url, key: door.publishableKey, fetch, accessToken: token });
    },
  };
}

async function administer(address: DatabaseAddress, statement: string): Promise<void> {
  const sql = connectSql(address, "postgres", 1);
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

declare module "vitest" {
  interface ProvidedContext {
    database: { address: DatabaseAddress; template: string };
  }
}
