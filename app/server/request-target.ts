/** Reads the address of a request strictly, before anything else looks at it. */

export interface RequestTarget {
  /** Still percent-encoded, always beginning with one slash. */
  path: string;
  /** Without the question mark; empty if there is none. */
  query: string;
}

export type BadTarget = { status: 400 | 414 };

const longestTarget = 8192;

/**
 * Splits the raw request target, or says with which status it is refused. Nothing is repaired that two readers could
 * repair differently: doubled slashes, backslashes, control characters, broken percent signs and dot segments are
 * where caches and routers have been made to disagree.
 */
export function readTarget(raw: string): RequestTarget | BadTarget {
  if (raw.length > longestTarget) return { status: 414 };
  if (!raw.startsWith("/")) return { status: 400 };
  const target = hasRawBytes.test(raw) ? encodeRawBytes(raw) : raw;
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  if (strangePath.test(path)) return { status: 400 };
  if (target.includes("%") && !wellEncoded(path, query)) return { status: 400 };
  if (controlOrHash.test(target)) return { status: 400 };
  return { path, query };
}

/**
 * The address as it may stand in a log: no tokens, keys, second facts or searched names.
 * Values of other parameters stay, because they tell an operator which page was slow.
 */
export function scrubQuery(query: string): string {
  return query.replace(/(^|&)((?:token|key|known|q|email|name)[^=&]*)=[^&]*/gi, "$1$2=…");
}

const hasRawBytes = /[\u0080-\u00ff]/;
// "//", "\", "/../", and the encoded forms of a slash, a backslash and NUL inside a path.
const strangePath = /\/\/|\\|\/\.{1,2}(?:\/|$)|%2f|%5c|%00|%2e/i;
const controlOrHash = /[\u0000-\u0020\u007f#]/;
const brokenPercent = /%(?![0-9a-fA-F]{2})/;

function wellEncoded(path: string, query: string): boolean {
  if (brokenPercent.test(path) || brokenPercent.test(query)) return false;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

// Some clients send names in UTF-8 without encoding them; Node hands the bytes over one character each.
function encodeRawBytes(target: string): string {
  return target.replace(
    /[\u0080-\u00ff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
