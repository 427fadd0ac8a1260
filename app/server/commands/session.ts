import type { Logger } from "pino";
import type { JobContext } from "../../jobs/jobs.ts";
import type { Backend } from "../../platform/db.server.ts";
import { readEnvironment, type Environment } from "../../platform/env.server.ts";
import type { Caller } from "../../features/safety/caller.ts";
import { createLog } from "../log.ts";
import { openMigratedBackend } from "../migrate.ts";
import { secretsFrom } from "../secrets.ts";
import type { Terminal } from "./terminal.ts";

/** The installation a command works on. */
export interface Session {
  env: Environment;
  backend: Backend;
  log: Logger;
  secret: (purpose: string) => Buffer;
  /** The operator as a poster of records: nobody limits them. */
  caller: Caller;
  /** What a job needs to run. */
  jobContext: JobContext;
  close(): Promise<void>;
}

/** The settings of this installation, checked. */
export function settingsOf(terminal: Terminal): Environment {
  return readEnvironment(terminal.env);
}

/** The log of a command: beside its output, and silent unless something is wrong or was asked for. */
export function logOf(env: Environment, terminal: Terminal): Logger {
  const level = env.logLevel === "info" ? "warn" : env.logLevel;
  return createLog(level, { write: (line: string) => terminal.tell(line.trimEnd()) });
}

/** Opens the database beside the running server, or for the duration of the command. */
export async function openSession(terminal: Terminal): Promise<Session> {
  const env = settingsOf(terminal);
  const log = logOf(env, terminal);
  const backend = await openMigratedBackend(env, log, { what: "the command line", guest: true });
  const secret = secretsFrom(env.appSecret);
  return {
    env,
    backend,
    log,
    secret,
    caller: {
      commands: backend.commands,
      files: backend.files,
      key: null,
      domain: env.siteDomain,
      publicUrl: env.publicUrl,
      secret,
      language: "zh-TW",
    },
    // A running server notices within a second: its shared pages live no longer than that.
    jobContext: { backend, env, publicUrl: env.publicUrl, secret, log, wrote: () => {} },
    close: () => backend.close(),
  };
}
