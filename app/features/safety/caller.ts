/** Who is asking: what every command of this feature needs to know of a request. */
import type { Commands, FileStore } from "../../platform/db.server.ts";
import type { SecretFor } from "../../platform/secret-links.server.ts";

/** Who is asking, and what the site needs to answer: made from the request by the route. */
export interface Caller {
  commands: Commands;
  /** Where photos go; null: into a table. */
  files: FileStore | null;
  /** Daily-salted hash of the caller's address; null where limits are off. */
  key: string | null;
  /** Domain of our PFIF record ids. */
  domain: string;
  publicUrl: string;
  secret: SecretFor;
  language: string;
}
