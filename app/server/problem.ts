/** How the API and the exchange say no: `application/problem+json` (RFC 9457) with a token and the fields to blame. */
import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import { fieldErrors, type FieldError } from "../formats/form-values.ts";
import { Failure } from "../platform/failure.ts";
import { failureStatus } from "./failure-status.ts";

/** A refusal of what a program sent, thrown where it is noticed. */
export class Refused extends Error {
  readonly status: number;
  readonly token: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, token: string, errors: readonly FieldError[] = []) {
    super(token);
    this.name = "Refused";
    this.status = status;
    this.token = token;
    this.errors = errors;
  }
}

/** The answer for a refusal. */
export function problemAnswer(
  status: number,
  token: string,
  errors: readonly FieldError[] = [],
  headers: Record<string, string> = {},
): Response {
  const title = STATUS_CODES[status] ?? "Error";
  return new Response(JSON.stringify({ type: "about:blank", title, status, token, errors }), {
    status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
  });
}

/** Runs a loader or action for programs; its refusals become problems, anything else goes on as the fault it is. */
export async function orProblem(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return problemAnswer(error.status, error.token, error.errors);
    if (!(error instanceof Failure)) throw error;
    const { kind, token, field, retryAfter } = error;
    const seconds = retryAfter ?? (kind === "unavailable" ? 5 : undefined);
    return problemAnswer(
      failureStatus(kind),
      token,
      field === null ? [] : [{ field, token }],
      seconds === undefined ? {} : { "Retry-After": String(seconds) },
    );
  }
}

/** What a schema makes of a value; what it refuses becomes a problem that names every field. */
export function accepted<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error.issues);
  throw new Refused(422, errors[0]?.token ?? "invalid", errors);
}

/** The query of a request as a schema takes it. An empty parameter is no answer, of one sent twice the last counts. */
export function acceptedQuery<T extends z.ZodObject>(schema: T, request: Request): z.output<T> {
  const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== "");
  return accepted(schema, Object.fromEntries(given));
}

/** For an address that takes only POST. */
export function postOnly(): Response {
  return problemAnswer(405, "method_not_allowed", [], { Allow: "POST, OPTIONS" });
}
