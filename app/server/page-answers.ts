/** What page routes share: who is asking, what was sent, and how a refusal becomes a page. */
import { createHash, createHmac } from "node:crypto";
import type { AppLoadContext } from "@remix-run/node";
import type { MapCaller } from "../features/map/caller.ts";
import type { Caller } from "../features/safety/caller.ts";
import type { FieldError } from "../formats/form-values.ts";
import { detectLanguage } from "../i18n/languages.ts";
import { Failure } from "../platform/failure.ts";
import { failureStatus } from "./failure-status.ts";

/** The caller as the safety feature needs to know them. */
export function safetyCaller(context: AppLoadContext, request: Request): Caller {
  return {
    commands: context.backend.commands,
    files: context.backend.files,
    key: context.env.rateLimits ? context.callerKey : null,
    domain: context.env.siteDomain,
    publicUrl: context.publicUrl,
    secret: context.secret,
    language: detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code,
  };
}

/** The caller as the map needs to know them. */
export function mapCaller(context: AppLoadContext, request: Request): MapCaller {
  return {
    commands: context.backend.commands,
    files: context.backend.files,
    key: context.env.rateLimits ? context.callerKey : null,
    voice: context.callerKey,
    secret: context.secret,
    language: detectLanguage(request.headers.get("Cookie"), request.headers.get("Accept-Language")).code,
  };
}

/** The form that was sent. One that cannot be read is answered as a page of its own: there is nothing to show again. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw refusal(new Failure("invalid", "form_invalid"));
  }
}

/** A digest of everything in a form, files by their bytes: tells a resend from another post. */
export async function formDigest(form: FormData, leaveOut: readonly string[] = []): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, value] of form) {
    if (leaveOut.includes(name)) continue;
    hash.update(JSON.stringify([name, typeof value === "string" ? value : value.name]));
    if (typeof value !== "string") hash.update(new Uint8Array(await value.arrayBuffer()));
  }
  return hash.digest("hex");
}

/**
 * A client id for a form on a shared page, which cannot carry one of its own: the same words from the same caller
 * within the hour are the same post, so that a second tap on the button is harmless.
 */
export function derivedClientId(context: AppLoadContext, digest: string, now: Date): string {
  const hex = createHmac("sha256", context.secret("client-id"))
    .update(`${context.callerKey}\u0000${digest}\u0000${now.toISOString().slice(0, 13)}`)
    .digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** A refusal as an answer of its own: the root page says in words what the status means. */
export function refusal(failure: Failure): Response {
  const headers: Record<string, string> = failure.retryAfter
    ? { "Retry-After": String(failure.retryAfter) }
    : {};
  return new Response(failure.token, { status: failureStatus(failure.kind), headers });
}

/** Runs what may fail; a Failure becomes the page of its status, anything else goes on as the fault it is. */
export async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Failure ? refusal(error) : error;
  }
}

export interface FormProblem {
  status: number;
  errors: Array<FieldError & { values?: Record<string, number> }>;
}

/** A Failure of a command as a problem of the form that caused it, so that the answers stay on the page. */
export function formProblem(error: unknown): FormProblem {
  if (!(error instanceof Failure)) throw error;
  const problem = { field: error.field ?? "", token: error.token };
  return {
    status: failureStatus(error.kind),
    errors: [
      error.retryAfter === undefined ? problem : { ...problem, values: { seconds: error.retryAfter } },
    ],
  };
}

/** Headers of a form shown again: when another try may be accepted, if a limit was met. */
export function againHeaders(
  errors: readonly { token: string; values?: Readonly<Record<string, string | number>> }[],
): Record<string, string> {
  const seconds = errors.find(({ values }) => values?.seconds !== undefined)?.values?.seconds;
  return seconds === undefined ? {} : { "Retry-After": String(seconds) };
}
