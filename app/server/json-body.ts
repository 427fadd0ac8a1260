/** JSON as programs send it, read strictly: what two readers could read differently is refused. */
import { createHash } from "node:crypto";
import { mediaType } from "./body-limit.ts";
import { Refused } from "./problem.ts";

export interface JsonBody {
  /** The fields asked for, and no others. Whatever else was sent is not looked at. */
  fields: Record<string, unknown>;
  /** SHA-256 of the bytes that came: tells a resend from another post. */
  digest: string;
}

const largestBody = 256 * 1024;
const deepest = 8;

/** Reads a JSON object from a request. */
export async function readJson(request: Request, fields: readonly string[]): Promise<JsonBody> {
  if (mediaType(request.headers.get("Content-Type") ?? undefined) !== "application/json") {
    throw new Refused(415, "unsupported_media_type");
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > largestBody) throw new Refused(413, "too_large");
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid();
  return {
    fields: Object.fromEntries(
      fields.flatMap((field) =>
        Object.hasOwn(value, field) ? [[field, (value as Record<string, unknown>)[field]]] : [],
      ),
    ),
    digest: createHash("sha256").update(bytes).digest("hex"),
  };
}

/**
 * The key of a post from its `Idempotency-Key` header, in the shape our own forms give; undefined without one.
 * Short keys that people invent are as good as long ones.
 */
export function clientIdOf(request: Request): string | undefined {
  const key = request.headers.get("Idempotency-Key");
  if (key === null) return undefined;
  if (key === "" || key.length > 200) {
    const token = "idempotency_key_invalid";
    throw new Refused(422, token, [{ field: "Idempotency-Key", token }]);
  }
  const hex = createHash("sha256").update(`Idempotency-Key ${key}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid();
  }
  if (tooDeep(text)) throw invalid();
  try {
    return JSON.parse(text);
  } catch {
    throw invalid();
  }
}

function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === "}" || character === "]") depth -= 1;
  }
  return false;
}

function invalid(): Refused {
  return new Refused(400, "json_invalid");
}
