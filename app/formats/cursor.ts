/** Cursors of lists: an opaque text that says where to go on, good for one filter only. */

/** Gives the cursor for the place after a row. `scope` names list and filter; another filter refuses the cursor. */
export function encodeCursor(scope: string, place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([scope, ...place]), "utf8").toString("base64url");
}

/** Gives the place a cursor names, or null when it is no cursor of this scope with `length` parts. */
export function decodeCursor(scope: string, cursor: string, length: number): (string | number)[] | null {
  if (cursor.length > 1_000) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(parsed) || parsed.length !== length + 1 || parsed[0] !== scope) return null;
    const place = parsed.slice(1) as unknown[];
    return place.every((part) => typeof part === "string" || typeof part === "number")
      ? (place as (string | number)[])
      : null;
  } catch {
    return null;
  }
}
