import type { Logger } from "pino";
import pino from "pino";
import type { Environment } from "../platform/env.server.ts";

/**
 * The log of the process. It holds what happened to the machine, never what people wrote: no addresses, no cookies,
 * no tokens. Line breaks and terminal escapes in values are written as escapes, so that nobody can forge a line.
 */
export function createLog(level: Environment["logLevel"], destination?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: "…" },
    serializers: { err: withoutInput },
  };
  return destination ? pino(options, destination) : pino(options);
}

const secretFields = [
  "address",
  "authorization",
  "cookie",
  "email",
  "ip",
  "key",
  "known",
  "password",
  "phone",
  "secret",
  '["set-cookie"]',
  "token_hash",
];

// Errors of libraries carry along requests, rows and whatever somebody typed: name, words and place are enough.
function withoutInput(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = (error as NodeJS.ErrnoException).code;
  return {
    type: name,
    message: message.slice(0, 1000),
    ...(code === undefined ? {} : { code }),
    stack: stack?.split("\n").slice(1, 12).join("\n"),
    ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message.slice(0, 300)}` } : {}),
  };
}
