import { AsyncLocalStorage } from "node:async_hooks";
import { hkdfSync } from "node:crypto";
import { App, SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { createServerClient } from "@supabase/ssr";
import { createClient, type PostgrestError, type Session, type SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { WebSocket } from "ws";
import {
  connectEmbedded,
  type DatabaseAddress,
  type EmbeddedPostgres,
  type Log,
  startEmbedded,
} from "./embedded.server.ts";
import type { Environment, SupabaseSettings } from "./env.server.ts";
import { Failure, failureFromRest } from "./failure.ts";

/** A seat that can only read, and only what the row policies show to it. */
export type Db = SupabaseClient;

/** The seat of the server: it can call functions of the database and nothing else. */
export interface Commands {
  /** Throws a Failure when the function refuses. */
  call<T>(name: string, args?: Record<string, unknown>): Promise<T>;
}

/** The cookies of one request and its answer, as the session of a member of staff is kept in them. */
export interface SessionCookies {
  name: string;
  /** Behind https alone. */
  secure: boolean;
  /** Seconds after which a session that nobody uses ends in this browser. */
  maxAge: number;
  read(): { name: string; value: string }[];
  write(cookie: { name: string; value: string; maxAge: number | undefined }): void;
}

/** One visitor's own seat: a member of staff once signed in, else nobody. Cookies are renewed as they run out. */
export interface SignedIn {
  /** What they may read and do: row policies decide. */
  readonly db: Db;
  /** Who it is, asked of the sign-in service, which knows of sessions that were ended elsewhere. Null: nobody. */
  user(): Promise<{ id: string; email: string } | null>;
  signIn(email: string, password: string): Promise<void>;
  /** Signs in with the code that was sent by mail. */
  signInWithCode(email: string, code: string): Promise<void>;
  /** Ends this session, or with `everywhere` all of them. */
  signOut(everywhere: boolean): Promise<void>;
  /** The codes of an app on their telephone. Only where the sign-in service knows them: a Supabase project. */
  readonly secondFactor: SecondFactor;
}

/** TOTP (RFC 6238) beside the password: a session that has shown it stands at AAL2. */
export interface SecondFactor {
  /** The factor that was set up, or null; and whether this session has shown it. */
  state(): Promise<{ factorId: string | null; shown: boolean }>;
  /** Begins to set one up: the secret, and the address a code scanner reads. It counts once a code was shown. */
  begin(): Promise<{ factorId: string; secret: string; uri: string }>;
  /** Shows a code. Fails with `code_wrong`. */
  show(factorId: string, code: string): Promise<void>;
}

/** Somebody of the staff who has signed in. */
export interface StaffSession {
  userId: string;
  email: string;
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
}

export interface Auth {
  /** Makes an account that can sign in at once, and returns its id. */
  createAccount(email: string, password: string): Promise<string>;
  /** The id of the account with this address, or null. For the operator; never an answer to a visitor. */
  findAccount(email: string): Promise<string | null>;
  /**
   * Makes a code to sign in with, for an account that exists. Gives the code when it is ours to send; null when there
   * is no such account, or when the sign-in service sends its own mail. Callers answer all three alike.
   */
  makeCode(email: string): Promise<string | null>;
  signIn(email: string, password: string): Promise<StaffSession>;
  refresh(refreshToken: string): Promise<StaffSession>;
  signOut(accessToken: string): Promise<void>;
}

/** Where photos are kept when the database has a storage beside it. */
export interface FileStore {
  put(path: string, content: Uint8Array, mediaType: string): Promise<void>;
  /** Null when there is no such file. */
  get(path: string): Promise<Uint8Array | null>;
  remove(paths: readonly string[]): Promise<void>;
}

export interface Backend {
  readonly mode: "embedded" | "supabase";
  /** Supabase Storage; null in the embedded mode, where files stand in tables. */
  readonly files: FileStore | null;
  /** What an anonymous visitor may read. */
  readonly db: Db;
  readonly commands: Commands;
  readonly auth: Auth;
  /** What one member of staff may read and do. */
  staff(accessToken: string): Db;
  /** The seat of whoever holds these cookies. */
  signedIn(cookies: SessionCookies): SignedIn;
  /** Throws a Failure when the database does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A connection that may do everything: only for migrations and tests. */
export interface SqlSession {
  query<Row extends object>(text: string, parameters?: SqlValue[]): Promise<Row[]>;
  /** Several statements, without parameters or rows. */
  script(text: string): Promise<void>;
}

type SqlValue = string | number | boolean | null | Date | string[];

export interface OpenOptions {
  /** Who is opening, as others that are refused will read it. */
  what?: string;
  /** Join the database of a running server instead of insisting on being alone. */
  guest?: boolean;
  /**
   * Runs before the first request, which is when the shape of the database is read. `owned` is false for a guest.
   * Not called for a Supabase project: that is migrated with its own command line.
   */
  prepare?: (session: SqlSession, owned: boolean) => Promise<void>;
  /** How long one call to the database may take, all in all. */
  callLimitMs?: number;
}

const usualCallLimitMs = 10_000;

/** The most rows one read gives; `supabase/config.toml` says the same. */
export const maxRows = 1000;

/** Opens what the settings ask for: the embedded database, or a Supabase project. */
export async function openBackend(env: Environment, log: Log, options: OpenOptions = {}): Promise<Backend> {
  if (env.supabase) return openSupabase(env.supabase, options);
  const at = `http://${env.host}:${env.port}`;
  const what = options.what ?? "a Lookout server";
  const running = options.guest
    ? await connectEmbedded(env.dataDir, { what, log })
    : await startEmbedded(env.dataDir, { what, at, log });
  try {
    return await openEmbedded(running, env.appSecret, options);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/**
 * The value of an `in` filter for exactly this text: `.filter("slug", "in", exactly(slug))`. With `eq` the embedded door
 * takes the texts "true" and "false" for truth values and fails.
 */
export function exactly(text: string): string {
  return `("${text.replace(/["\\]/g, "\\$&")}")`;
}

/** Unwraps an answer of the REST door, or throws a Failure. */
export function unwrap<T>(answer: {
  data: T | null;
  error: PostgrestError | null;
  status?: number;
  count?: number | null;
}): T {
  if (answer.error) throw failureFromRest({ ...answer.error, status: answer.status ?? 0 });
  return answer.data as T;
}

// --- A Supabase project -----------------------------------------------------------------------------------------

function openSupabase(
  { url, publishableKey, secretKey }: SupabaseSettings,
  { callLimitMs }: OpenOptions,
): Backend {
  const fetchLimited = withTimeLimit(callLimitMs, (input, init) => fetch(input, init));
  return {
    mode: "supabase",
    files: storageOf(client(url, secretKey, fetchLimited)),
    ...seatsOf({ url, publishableKey, secretKey, fetch: fetchLimited }),
    auth: authOf(
      { url, publishableKey, fetch: fetchLimited },
      {
        async createAccount(email, password) {
          const admin = client(url, secretKey, fetchLimited);
          const { data, error } = await admin.auth.admin.createUser({ email, password, email_confirm: true });
          if (error || !data.user) throw authFailure(error);
          return data.user.id;
        },
        async findAccount(email) {
          const admin = client(url, secretKey, fetchLimited);
          for (let page = 1; ; page++) {
            const { data, error } = await admin.auth.admin.listUsers({ page, perPage: 1000 });
            if (error) throw authFailure(error);
            const found = data.users.find((user) => user.email?.toLowerCase() === email.toLowerCase());
            if (found) return found.id;
            if (data.users.length < 1000) return null;
          }
        },
        async makeCode(email) {
          const { error } = await client(url, publishableKey, fetchLimited).auth.signInWithOtp({
            email,
            options: { shouldCreateUser: false },
          });
          if (error && (error.status === 429 || !error.status || error.status >= 500))
            throw authFailure(error);
          return null;
        },
      },
    ),
    async ready() {
      const answer = await fetchLimited(`${url}/rest/v1/`, {
        method: "HEAD",
        headers: { apikey: secretKey },
      }).catch(() => null);
      if (!answer?.ok) throw new Failure("unavailable", "unavailable");
    },
    close: () => Promise.resolve(),
  };
}

// --- The embedded database --------------------------------------------------------------------------------------

/** The address the in-process door is called by. Nothing listens there. */
const inProcessUrl = "http://embedded.invalid";

async function openEmbedded(
  running: EmbeddedPostgres,
  appSecret: string,
  { prepare, callLimitMs }: OpenOptions,
): Promise<Backend> {
  const door = await openDoor(running.address, "postgres", appSecret, {
    owned: running.owned,
    prepare,
    callLimitMs,
  });
  return {
    mode: "embedded",
    files: null,
    db: door.db,
    commands: door.commands,
    staff: door.staff,
    signedIn: door.signedIn,
    auth: door.auth,
    ready: door.ready,
    async close() {
      await door.close();
      await running.stop();
    },
  };
}

export interface Door extends Omit<Backend, "mode" | "files"> {
  /** Answers REST and auth requests, as a Supabase project would under the same paths. */
  fetch(request: Request): Promise<Response>;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
}

export interface DoorOptions extends Pick<OpenOptions, "prepare" | "callLimitMs"> {
  /** Whether this process runs the database, and may change what is needed for signing in. */
  owned: boolean;
  connections?: number;
}

/**
 * Opens REST and auth in this process on one database of a running Postgres. The app itself goes through openBackend;
 * tests use this to have many databases.
 */
export async function openDoor(
  address: DatabaseAddress,
  database: string,
  appSecret: string,
  options: DoorOptions,
): Promise<Door> {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", appSecret, "lookout", `embedded ${purpose}`, 32)).toString("base64url");
  const publishableKey = `sb_publishable_${derive("publishable key").slice(0, 31)}`;
  const secretKey = `sb_secret_${derive("secret key").slice(0, 31)}`;
  const jwtSecret = derive("sessions");

  const operator = postgres({
    ...connectionTo(address, database, "postgres"),
    max: 1,
    idle_timeout: 300,
    onnotice() {},
  });
  const auth = {
    enabled: true,
    jwt_secret: jwtSecret,
    publishable_key: publishableKey,
    secret_key: secretKey,
    site_url: inProcessUrl,
    minimum_password_length: 12,
    email: {
      enable_signup: true,
      enable_confirmations: true,
      max_frequency: "0s",
      otp_length: codeLength,
      otp_expiry: codeMinutes * 60,
    },
  };
  let connection: PostgresConnection | undefined;
  try {
    let settings: SeatSettings = new Map();
    await withSession(operator, async (session) => {
      if (options.owned) await prepareAuth(session, address, database, auth);
      await options.prepare?.(session, options.owned);
      settings = await readSeatSettings(session);
    });

    connection = createPostgresConnection({
      postgresOptions: {
        ...connectionTo(address, database, doorRole),
        max: options.connections ?? (options.owned ? 20 : 4),
        onnotice() {},
        types: { ...timesAsJson, ...jsonOnce },
      },
    });
    sealConnection(connection, settings);
    const app = new App({
      connection,
      auth,
      api: { schemas: ["public"], max_rows: maxRows },
      options: {
        server: { disableStudio: true },
        // The only mail it would send is a code to sign in with, and that goes through our own outbox.
        drivers: {
          email: {
            async send({ text, html }: { text?: string; html?: string }) {
              const code = new RegExp(`\\b\\d{${codeLength}}\\b`).exec(text ?? html ?? "")?.[0];
              const letter = letters.getStore();
              if (letter && code) letter.code = code;
            },
          },
        },
      },
    } as ConstructorParameters<typeof App>[0]);
    await app.init();
    const inProcess = withTimeLimit(options.callLimitMs, async (input, init) =>
      app.fetch(new Request(input, init)),
    );
    const opened = connection;
    return {
      ...seatsOf({ url: inProcessUrl, publishableKey, secretKey, fetch: inProcess }),
      auth: authOf(
        { url: inProcessUrl, publishableKey, fetch: inProcess },
        {
          async createAccount(email, password) {
            const known = await operator`select from auth.users where lower(email) = lower(${email})`;
            if (known.length > 0) throw new Failure("conflict", "account_exists", { field: "email" });
            const { data, error } = await client(inProcessUrl, publishableKey, inProcess).auth.signUp({
              email,
              password,
            });
            if (error || !data.user) throw authFailure(error);
            await operator`update auth.users set email_confirmed_at = coalesce(email_confirmed_at, now()) where id = ${data.user.id}`;
            return data.user.id;
          },
          async findAccount(email) {
            const [found] = await operator<{ id: string }[]>`
              select id from auth.users where lower(email) = lower(${email})`;
            return found?.id ?? null;
          },
          async makeCode(email) {
            const letter: { code: string | null } = { code: null };
            await letters.run(letter, () =>
              client(inProcessUrl, publishableKey, inProcess).auth.signInWithOtp({
                email,
                options: { shouldCreateUser: false },
              }),
            );
            return letter.code;
          },
        },
      ),
      async ready() {
        try {
          await within(2_000, operator`select 1`);
        } catch (error) {
          throw new Failure("unavailable", "unavailable", { cause: error });
        }
      },
      async close() {
        await Promise.all([opened.driver.end({ timeout: 2 }), operator.end({ timeout: 2 })]);
      },
      fetch: async (request) => app.fetch(request),
      publishableKey,
      secretKey,
      jwtSecret,
    };
  } catch (error) {
    await connection?.driver.end({ timeout: 1 });
    await operator.end({ timeout: 1 });
    throw error;
  }
}

/** A code to sign in with: this many digits, good for this long. `supabase/config.toml` says the same. */
const codeLength = 8;
const codeMinutes = 15;

// Which call to makeCode the letter that is being sent belongs to.
const letters = new AsyncLocalStorage<{ code: string | null }>();

/** Opens a session that may do everything on one database of the embedded Postgres. */
export function connectSql(address: DatabaseAddress, database: string, max = 2): postgres.Sql {
  return postgres({ ...connectionTo(address, database, "postgres"), max, onnotice() {} });
}

// The role the door signs in as: it may become a visitor, a member of staff or the server, and keep accounts. It owns
// nothing and is no superuser, so a hole in the door is not a hole in the database.
const doorRole = "lookout_door";

async function prepareAuth(
  session: SqlSession,
  address: DatabaseAddress,
  database: string,
  auth: Record<string, unknown>,
): Promise<void> {
  const connection = createPostgresConnection({
    postgresOptions: { ...connectionTo(address, database, "postgres"), max: 1, onnotice() {} },
  });
  try {
    const app = new App({ connection, auth } as ConstructorParameters<typeof App>[0]);
    await app.ensureSystemSchema();
  } finally {
    await connection.driver.end({ timeout: 2 });
  }
  await session.script(`
    ${SUPABASE_AUTH_HELPERS_SQL}
    ${authHelpers}
    do $$
    begin
      if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
      if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
      if not exists (select from pg_roles where rolname = 'service_role') then
        create role service_role nologin bypassrls;
      end if;
      if not exists (select from pg_roles where rolname = '${doorRole}') then create role ${doorRole} login; end if;
    end
    $$;
    grant anon, authenticated, service_role to ${doorRole};
    grant usage on schema auth to anon, authenticated, service_role, ${doorRole};
    grant select, insert, update, delete on all tables in schema auth to ${doorRole};
    grant usage on all sequences in schema auth to ${doorRole};
  `);
}

// As a Supabase project has them: they read the claims the old way and the new way.
const authHelpers = `
  create or replace function auth.uid() returns uuid language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.sub', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
  $$;
  create or replace function auth.role() returns text language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.role', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )
  $$;
  create or replace function auth.email() returns text language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.email', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
    )
  $$;
  create or replace function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim', true), ''),
      nullif(current_setting('request.jwt.claims', true), ''),
      '{}'
    )::jsonb
  $$;
`;

function connectionTo(address: DatabaseAddress, database: string, user: string) {
  return {
    host: address.host,
    port: address.port,
    database,
    user,
    username: user,
    ...(address.password ? { password: address.password } : {}),
    connection: { application_name: "lookout" },
    connect_timeout: 10,
  };
}

async function withSession(sql: postgres.Sql, work: (session: SqlSession) => Promise<void>): Promise<void> {
  const connection = await sql.reserve();
  try {
    await work({
      async query<Row extends object>(text: string, parameters: SqlValue[] = []) {
        return [...(await connection.unsafe<Row[]>(text, parameters))] as Row[];
      },
      async script(text) {
        await connection.unsafe(text).simple();
      },
    });
  } finally {
    connection.release();
  }
}

// The door hands times on as Postgres prints them; PostgREST as JSON has them. One way for both: 2026-01-31T09:30:00+00:00.
const timesAsJson = {
  timestamp: {
    to: 1114,
    from: [1114],
    serialize: (time: string) => time,
    parse: (time: string) => time.replace(" ", "T"),
  },
  timestamptz: {
    to: 1184,
    from: [1184],
    serialize: (time: string) => time,
    parse: (time: string) => time.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
  },
};

// The door writes json arguments out itself; the driver would quote that text once more and functions would get a string.
const writtenOut = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
const readIn = (text: string) => JSON.parse(text) as unknown;
const jsonOnce = {
  json: { to: 114, from: [114], serialize: writtenOut, parse: readIn },
  jsonb: { to: 3802, from: [3802], serialize: writtenOut, parse: readIn },
};

// Errors that the door has turned into an answer. It also prints each to standard error, with what the visitor wrote.
const answered = new WeakSet<object>();
let quiet = false;

/** What the migrations set for a role (`alter role anon set statement_timeout = '3s'`), by role. */
type SeatSettings = Map<string, [name: string, value: string][]>;

async function readSeatSettings(session: SqlSession): Promise<SeatSettings> {
  const rows = await session.query<{ rolname: string; rolconfig: string[] }>(
    "select rolname, rolconfig from pg_roles where rolname = any($1) and rolconfig is not null",
    [["anon", "authenticated", "service_role"]],
  );
  return new Map(
    rows.map(({ rolname, rolconfig }) => [
      rolname,
      rolconfig.map((pair): [string, string] => {
        const [name = "", ...value] = pair.split("=");
        return [name, value.join("=")];
      }),
    ]),
  );
}

/**
 * Three habits of the door are changed. At the first request it would grant everything in every schema with row
 * policies to every seat, and so undo the grants of the migrations. It prints each refused statement. And it takes a
 * seat in up to ten round trips, without the settings of that role; here it is one, with them, as PostgREST does it.
 */
function sealConnection(connection: PostgresConnection, settings: SeatSettings): void {
  Object.assign(connection, {
    ensureRlsContext: () => Promise.resolve(true),
    applyJwtSessionContext: (transaction: Transaction, { auth }: SeatTaken) => {
      const role = auth?.role || "anon";
      const changes: [string, string][] = [
        ["role", role],
        ["request.jwt.claim.sub", String(auth?.uid ?? "")],
        ["request.jwt.claim.role", role],
        ["request.jwt.claims", auth?.jwt ? JSON.stringify(auth.jwt) : ""],
        ...(settings.get(role) ?? []),
      ];
      return configure(transaction, changes);
    },
    applyRpcRequestGucs: (transaction: Transaction, request: CommandRequest) =>
      configure(transaction, [
        ["response.status", ""],
        ["response.headers", ""],
        ["request.method", request.method],
        ["request.path", request.path],
        ["request.headers", JSON.stringify(request.requestHeaders ?? {})],
      ]),
  });
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const normal = normalize(spoken(error));
    if (typeof normal === "object" && normal !== null) answered.add(normal);
    return normal;
  };
  if (quiet) return;
  quiet = true;
  const print = console.error;
  console.error = (...things: unknown[]) => {
    const [only] = things;
    if (things.length === 1 && typeof only === "object" && only !== null && answered.has(only)) return;
    print.apply(console, things);
  };
}

// The door makes an opaque fault of every code it does not know. These we know: a broken rule is the sender's to mend,
// a statement that took too long or met another is to be tried again. PostgREST tells both; so does this door then.
const sayings: Record<string, [code: string, token: string]> = {
  "23514": ["PT422", "invalid"],
  "23P01": ["PT422", "invalid"],
  "57014": ["PT503", "unavailable"],
  "40001": ["PT503", "unavailable"],
  "40P01": ["PT503", "unavailable"],
};

function spoken(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  const saying = typeof code === "string" ? sayings[code] : undefined;
  if (!saying) return error;
  return Object.assign(new Error(saying[1]), {
    name: "PostgresError",
    code: saying[0],
    hint: null,
    detail: null,
  });
}

type Transaction = Parameters<Parameters<PostgresConnection["withContext"]>[1]>[0];

interface SeatTaken {
  auth?: { role?: string; uid?: unknown; jwt?: unknown };
}

interface CommandRequest {
  method: string;
  path: string;
  requestHeaders?: Record<string, string>;
}

async function configure(transaction: Transaction, changes: [string, string][]): Promise<void> {
  const text = `select ${changes.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`).join(", ")}`;
  await transaction.executeQuery({
    sql: text,
    parameters: changes.flat(),
    query: { kind: "RawNode", sqlFragments: [text], parameters: [] },
    queryId: { queryId: "seat" },
  });
}

// --- Both -------------------------------------------------------------------------------------------------------

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

interface Place {
  url: string;
  publishableKey: string;
  fetch: Fetch;
}

/** The private bucket that `supabase/migrations` makes where there is a storage. */
const bucket = "photos";

function storageOf({ storage }: SupabaseClient): FileStore {
  const refused = (cause: Error) => new Failure("unavailable", "unavailable", { cause });
  return {
    async put(path, content, contentType) {
      const { error } = await storage.from(bucket).upload(path, content, { contentType, upsert: true });
      if (error) throw refused(error);
    },
    async get(path) {
      const { data, error } = await storage.from(bucket).download(path);
      if (error) {
        if ("status" in error && (error.status === 404 || error.status === 400)) return null;
        throw refused(error);
      }
      return new Uint8Array(await data.arrayBuffer());
    },
    async remove(paths) {
      const { error } = await storage.from(bucket).remove([...paths]);
      if (error) throw refused(error);
    },
  };
}

function seatsOf(
  place: Place & { secretKey: string },
): Pick<Backend, "db" | "commands" | "staff" | "signedIn"> {
  const service = client(place.url, place.secretKey, place.fetch);
  return {
    db: client(place.url, place.publishableKey, place.fetch),
    commands: {
      async call<T>(name: string, args: Record<string, unknown> = {}) {
        return unwrap<T>(await service.rpc(name, args));
      },
    },
    staff: (accessToken) => client(place.url, place.publishableKey, place.fetch, accessToken),
    signedIn: (cookies) => signedInOf(place, cookies),
  };
}

function signedInOf(place: Place, cookies: SessionCookies): SignedIn {
  const session = createServerClient(place.url, place.publishableKey, {
    cookieOptions: { name: cookies.name, maxAge: cookies.maxAge },
    cookies: {
      getAll: () => cookies.read(),
      setAll(changed) {
        for (const { name, value, options } of changed)
          cookies.write({ name, value, maxAge: options.maxAge });
      },
    },
    global: { fetch: place.fetch },
    realtime: { transport: WebSocket as unknown as typeof globalThis.WebSocket },
  });
  return {
    db: session as unknown as Db,
    async user() {
      const { data } = await session.auth.getSession();
      if (!data.session) return null;
      const asked = await session.auth.getUser();
      if (asked.data.user) return { id: asked.data.user.id, email: asked.data.user.email ?? "" };
      const status = asked.error?.status ?? 0;
      if (status === 0 || status === 429 || status >= 500) throw authFailure(asked.error);
      await session.auth.signOut({ scope: "local" });
      return null;
    },
    async signIn(email, password) {
      const { error } = await session.auth.signInWithPassword({ email, password });
      if (error) throw authFailure(error);
    },
    async signInWithCode(email, code) {
      // The embedded sign-in does not know the newer word "email" for the same thing.
      const { error } = await session.auth.verifyOtp({ email, token: code, type: "magiclink" });
      if (error) {
        const failure = authFailure(error);
        throw failure.token === "wrong_credentials"
          ? new Failure("forbidden", "code_wrong", { field: "code" })
          : failure;
      }
    },
    async signOut(everywhere) {
      const { error } = await session.auth.signOut({ scope: everywhere ? "global" : "local" });
      if (error && (error.status === undefined || error.status >= 500)) throw authFailure(error);
    },
    secondFactor: {
      async state() {
        const [factors, level] = await Promise.all([
          session.auth.mfa.listFactors(),
          session.auth.mfa.getAuthenticatorAssuranceLevel(),
        ]);
        if (factors.error) throw authFailure(factors.error);
        return {
          factorId: factors.data.totp[0]?.id ?? null,
          shown: level.data?.currentLevel === "aal2",
        };
      },
      async begin() {
        // One that was begun and never shown would stand in the way of another try.
        const known = await session.auth.mfa.listFactors();
        for (const factor of known.data?.all ?? []) {
          if (factor.status !== "verified") await session.auth.mfa.unenroll({ factorId: factor.id });
        }
        const { data, error } = await session.auth.mfa.enroll({ factorType: "totp" });
        if (error) throw authFailure(error);
        return { factorId: data.id, secret: data.totp.secret, uri: data.totp.uri };
      },
      async show(factorId, code) {
        const { error } = await session.auth.mfa.challengeAndVerify({ factorId, code });
        if (!error) return;
        const failure = authFailure(error);
        throw failure.kind === "forbidden"
          ? new Failure("forbidden", "code_wrong", { field: "code" })
          : failure;
      },
    },
  };
}

/** A client of a REST door that is not ours to open: tests use it for the real PostgREST. */
export function clientOf(place: { url: string; key: string; fetch: Fetch; accessToken?: string }): Db {
  return client(place.url, place.key, place.fetch, place.accessToken);
}

function client(url: string, key: string, fetchLimited: Fetch, accessToken?: string): SupabaseClient {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: fetchLimited,
      ...(accessToken ? { headers: { Authorization: `Bearer ${accessToken}` } } : {}),
    },
    // Node 20 has no WebSocket of its own, and the client insists on one even when it is never used.
    realtime: { transport: WebSocket as unknown as typeof globalThis.WebSocket },
  });
}

function authOf(place: Place, accounts: Pick<Auth, "createAccount" | "findAccount" | "makeCode">): Auth {
  // A client remembers who signed in with it: each call gets its own.
  const fresh = () => client(place.url, place.publishableKey, place.fetch).auth;
  return {
    ...accounts,
    async signIn(email, password) {
      const { data, error } = await fresh().signInWithPassword({ email, password });
      if (error || !data.session) throw authFailure(error);
      return staffSession(data.session);
    },
    async refresh(refreshToken) {
      const { data, error } = await fresh().refreshSession({ refresh_token: refreshToken });
      if (error || !data.session) throw authFailure(error);
      return staffSession(data.session);
    },
    async signOut(accessToken) {
      const answer = await place.fetch(`${place.url}/auth/v1/logout?scope=local`, {
        method: "POST",
        headers: { apikey: place.publishableKey, Authorization: `Bearer ${accessToken}` },
      });
      if (answer.status >= 500) throw new Failure("unavailable", "unavailable");
    },
  };
}

function staffSession(session: Session): StaffSession {
  return {
    userId: session.user.id,
    email: session.user.email ?? "",
    accessToken: session.access_token,
    refreshToken: session.refresh_token,
    expiresAt: new Date((session.expires_at ?? 0) * 1000),
  };
}

function authFailure(error: { status?: number | undefined; code?: string | undefined } | null): Failure {
  const cause = error?.code ? new Error(`sign-in refused with ${error.code}`) : undefined;
  switch (error?.code) {
    case "user_already_exists":
    case "email_exists":
      return new Failure("conflict", "account_exists", { field: "email", cause });
    case "weak_password":
      return new Failure("invalid", "weak_password", { field: "password", cause });
    case "over_request_rate_limit":
      return new Failure("too_many", "too_many", { retryAfter: 60, cause });
  }
  const status = error?.status ?? 0;
  if (status === 429) return new Failure("too_many", "too_many", { retryAfter: 60, cause });
  if (status === 0 || status >= 500) return new Failure("unavailable", "unavailable", { cause });
  return new Failure("forbidden", "wrong_credentials", { cause });
}

/**
 * One answer within the limit, whatever happens: the whole body is read here, so that one that never ends counts too.
 * Trouble becomes a plain 500, because the client would try 503 and lost connections again for far longer than a
 * visitor waits.
 */
function withTimeLimit(limitMs: number = usualCallLimitMs, inner: Fetch): Fetch {
  return async (input, init = {}) => {
    const limit = new AbortController();
    const signal = init.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal;
    const whole = async () => {
      const answer = await inner(input, { ...init, signal });
      const empty = [204, 205, 304].includes(answer.status) || init.method === "HEAD";
      const body = empty ? null : await answer.arrayBuffer();
      return new Response(body, {
        status: answer.status > 500 ? 500 : answer.status,
        headers: answer.headers,
      });
    };
    try {
      return await within(limitMs, whole(), () => limit.abort());
    } catch {
      return Response.json({ code: "", message: "unavailable", details: null, hint: null }, { status: 500 });
    }
  };
}

async function within<T>(ms: number, work: PromiseLike<T>, giveUp?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
      giveUp?.();
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
