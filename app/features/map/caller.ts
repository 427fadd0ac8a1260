/** Who is asking: what every command about reports needs to know of a request. */
import type { Commands, FileStore } from "../../platform/db.server.ts";
import type { SecretFor } from "../../platform/secret-links.server.ts";

/** Made from the request by the route. */
export interface MapCaller {
  commands: Commands;
  /** Where photos go; null: into a table. */
  files: FileStore | null;
  /** Daily-salted hash of the caller's address; null where limits are off. */
  key: string | null;
  /** The same hash, limits or not: two words with the same voice are one person's. */
  voice: string;
  secret: SecretFor;
  language: string;
}
