/** The chain of the log: what the hash of an entry is, and where a chain breaks. Needs nothing of the database. */
import { createHash } from "node:crypto";
import { canonicalJson, type CanonicalValue } from "../../formats/canonical-json.ts";

/** An entry as it is hashed. `at` is UTC to the microsecond: 2026-01-31T09:30:00.123456Z. `hash` is hexadecimal. */
export interface LogEntry {
  id: number;
  at: string;
  act: string;
  actor: string;
  role: string | null;
  subject_type: string;
  subject_id: string | null;
  details: Record<string, CanonicalValue>;
  hash: string;
}

/** A hash that was published, and the entry it belongs to. */
export interface LogHead {
  entry_id: number;
  hash: string;
}

/** What is wrong, and at which entry. */
export type ChainFault =
  /** The entry is not what it was when it was written, or not where it was. */
  | { kind: "changed"; id: number }
  /** An entry is missing here: the numbers go on at `next`. */
  | { kind: "missing"; id: number; next: number }
  /** A published head names an entry that is no longer there. */
  | { kind: "cut_off"; id: number; last: number }
  /** A published head names another hash than the entry has: everything up to here was rewritten. */
  | { kind: "rewritten"; id: number };

const nothing = Buffer.alloc(32);

/** SHA-256 over the hash before (32 bytes, zeros before the first entry) and the canonical JSON of the entry. */
export function hashOfEntry(before: Buffer, entry: Omit<LogEntry, "hash">): Buffer {
  const { id, at, act, actor, role, subject_type, subject_id, details } = entry;
  return createHash("sha256")
    .update(before)
    .update(canonicalJson({ id, at, act, actor, role, subject_type, subject_id, details }))
    .digest();
}

/** Checks a chain entry by entry, so that a log of any length fits. The first fault is the one that counts. */
export class ChainVerifier {
  #last: { id: number; hash: Buffer } = { id: 0, hash: nothing };
  readonly #heads: Map<number, string[]>;

  /** `heads` are those that were published or kept elsewhere. */
  constructor(heads: Iterable<LogHead> = []) {
    this.#heads = new Map();
    for (const { entry_id, hash } of heads)
      this.#heads.set(entry_id, [...(this.#heads.get(entry_id) ?? []), hash.toLowerCase()]);
  }

  /** How many entries were found right, and the hash of the last one. */
  get head(): LogHead | null {
    return this.#last.id === 0 ? null : { entry_id: this.#last.id, hash: this.#last.hash.toString("hex") };
  }

  /** Looks at the next entry, in the order of their numbers. Gives what is wrong with it, or null. */
  next(entry: LogEntry): ChainFault | null {
    const expected = this.#last.id + 1;
    if (entry.id !== expected) return { kind: "missing", id: expected, next: entry.id };
    let hash: Buffer | null = null;
    try {
      hash = hashOfEntry(this.#last.hash, entry);
    } catch (error) {
      // Nothing that has no canonical form was ever written by us.
      if (!(error instanceof RangeError)) throw error;
    }
    if (hash === null || hash.toString("hex") !== entry.hash) return { kind: "changed", id: entry.id };
    const published = this.#heads.get(entry.id) ?? [];
    if (published.some((head) => head !== entry.hash)) return { kind: "rewritten", id: entry.id };
    this.#heads.delete(entry.id);
    this.#last = { id: entry.id, hash };
    return null;
  }

  /** There are no more entries. Gives the first published head that leads nowhere, or null. */
  end(): ChainFault | null {
    const beyond = [...this.#heads.keys()].sort((a, b) => a - b)[0];
    return beyond === undefined ? null : { kind: "cut_off", id: beyond, last: this.#last.id };
  }
}
