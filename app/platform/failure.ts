/** The ways in which the product says no. Only routes and the HTTP layer know which status code each becomes. */
export type FailureKind =
  "invalid" | "forbidden" | "not_found" | "gone" | "conflict" | "too_many" | "too_large" | "unavailable";

export interface FailureDetails {
  /** The form field to blame, if one is. */
  field?: string | null;
  /** Seconds after which another try may be accepted. */
  retryAfter?: number;
  cause?: unknown;
}

/** A refusal with a token that the languages translate. Its message is for logs and never holds what a person wrote. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly token: string;
  readonly field: string | null;
  readonly retryAfter?: number;

  constructor(kind: FailureKind, token: string, details: FailureDetails = {}) {
    const { field = null, retryAfter, cause } = details;
    super(field ? `${token} (${field})` : token, cause === undefined ? undefined : { cause });
    this.name = "Failure";
    this.kind = kind;
    this.token = token;
    this.field = field;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** The site cannot start as it stands. The message is one sentence for the operator: what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = "StartRefused";
  }
}

/** What the REST door says when it refuses; `status` is the HTTP status of the answer, 0 when there was none. */
export interface RestError {
  code?: string | null;
  message?: string | null;
  details?: string | null;
  hint?: string | null;
  status?: number;
}

/**
 * Turns an error of the REST door into a Failure. The text of the database never gets through, except the tokens that
 * our own functions raise: everything else would show tables, columns or what somebody typed.
 */
export function failureFromRest(error: RestError): Failure {
  const code = error.code ?? "";
  const raised = /^PT(\d{3})$/.exec(code);
  if (raised) return raisedFailure(Number(raised[1]), error);

  const cause = code ? new Error(`database refused with ${code}`) : undefined;
  const known = kindOfCode(code);
  if (known) return new Failure(known.kind, known.token, { cause });
  if (error.status === 401 || error.status === 403) return new Failure("forbidden", "forbidden", { cause });
  if (error.status === 429) return new Failure("too_many", "too_many", { retryAfter: 60, cause });
  return new Failure("unavailable", "unavailable", {
    cause:
      cause ?? new Error(`no usable answer from the database${error.status ? ` (${error.status})` : ""}`),
  });
}

const raisedKinds: Record<number, FailureKind> = {
  400: "invalid",
  401: "forbidden",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  410: "gone",
  412: "conflict",
  413: "too_large",
  422: "invalid",
  429: "too_many",
  503: "unavailable",
};

function raisedFailure(status: number, error: RestError): Failure {
  const kind = raisedKinds[status] ?? "unavailable";
  const token = error.message && /^[a-z][a-z0-9_.]{0,99}$/.test(error.message) ? error.message : kind;
  const seconds = Number(error.details);
  const retryAfter = kind === "too_many" && error.details && Number.isFinite(seconds) ? seconds : undefined;
  return new Failure(kind, token, {
    field: error.hint || null,
    ...(retryAfter === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(retryAfter)) }),
  });
}

function kindOfCode(code: string): { kind: FailureKind; token: string } | null {
  switch (code) {
    case "42501": // not granted, or a row policy refused
    case "PGRST301": // a session that has ended
    case "PGRST302":
    case "PGRST303":
      return { kind: "forbidden", token: "forbidden" };
    case "PGRST116": // exactly one row was asked for and there was none
      return { kind: "not_found", token: "not_found" };
    case "23505":
      return { kind: "conflict", token: "conflict" };
    case "23502":
    case "23503":
    case "23514":
    case "23P01":
      return { kind: "invalid", token: "invalid" };
    case "57014": // ran longer than this seat may
    case "40001":
    case "40P01":
      return { kind: "unavailable", token: "unavailable" };
  }
  // Texts with NUL, numbers and dates that are none, values out of range: somebody's input, not our fault.
  if (code.startsWith("22")) return { kind: "invalid", token: "invalid" };
  return null;
}
