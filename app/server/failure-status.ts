import type { FailureKind } from "../platform/failure.ts";

/** The HTTP status in which each refusal leaves the site: the same on a page, in the API and in the exchange. */
const statuses: Record<FailureKind, number> = {
  invalid: 422,
  forbidden: 403,
  not_found: 404,
  gone: 410,
  conflict: 409,
  too_many: 429,
  too_large: 413,
  unavailable: 503,
};

/** The HTTP status for a kind of refusal. */
export function failureStatus(kind: FailureKind): number {
  return statuses[kind];
}
