/** What opens a record that not everybody may see. */
import { hashOf, looksLikeToken } from "../../platform/secret-links.server.ts";

/** What opens a record: the key of its link, or the author's manage secret. */
export interface Opener {
  key?: string | null;
  manage?: string | null;
}

export const opened = (opener: Opener) => ({
  view_hash: looksLikeToken(opener.key) ? hashOf(opener.key) : null,
  manage_hash: opener.manage == null ? null : hashOf(opener.manage),
});
