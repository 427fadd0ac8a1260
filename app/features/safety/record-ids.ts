/** Our own ids: the last part of an address, and of a PFIF record id. */
import { Failure } from "../../platform/failure.ts";

export function isUuid(value: unknown): value is string {
  return (
    typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value)
  );
}

export function mustBeId(value: string): string {
  if (!isUuid(value)) throw new Failure("not_found", "person_not_found");
  return value;
}
