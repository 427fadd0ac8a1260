/** What the holder of a manage link may see and do. */
import { z } from "zod";
import { Failure } from "../../platform/failure.ts";
import type { Caller } from "./caller.ts";
import { proofsFor } from "./known-persons.server.ts";
import { ageBand, noteRow, personRow } from "./persons.ts";
import type { EditInput } from "./persons.schema.ts";
import { namesFor } from "./posting.server.ts";
import { isUuid, mustBeId } from "./record-ids.ts";
import { messageRow } from "./relay.server.ts";
import { viewToken } from "./secret-links.server.ts";
import { hashOf, looksLikeToken } from "../../platform/secret-links.server.ts";

const ownPerson = z.object({
  person: personRow,
  full_name: z.string(),
  secrets: z.object({
    author_email: z.string().nullable(),
    author_phone: z.string().nullable(),
    exact_age: z.number().nullable(),
    birth_year: z.number().nullable(),
  }),
  sealed: z.object({ reason: z.string(), sealed_at: z.string(), wipe_at: z.string() }).nullable(),
  notes: z.array(
    noteRow
      .omit({ person_record_id: true, lat: true, lon: true, drill: true, invented: true })
      .extend({ publication: z.string() }),
  ),
  threads: z.array(
    z.object({
      id: z.string(),
      visitor_name: z.string(),
      created_at: z.string(),
      messages: z.array(messageRow),
    }),
  ),
  decisions: z.array(
    z.object({
      kind: z.string(),
      created_at: z.string(),
      decided_at: z.string().nullable(),
      decision: z.string().nullable(),
      decision_reason: z.string().nullable(),
    }),
  ),
});

export type OwnPerson = z.infer<typeof ownPerson>;

/** Everything the holder of a manage link may see. Fails with `token_wrong` otherwise. */
export async function getOwnPerson(caller: Caller, id: string, token: string | null): Promise<OwnPerson> {
  const found =
    isUuid(id) && looksLikeToken(token)
      ? await caller.commands.call("read_own_person", {
          p_id: id,
          p_manage_hash: hashOf(token),
          p_caller: caller.key,
        })
      : null;
  if (!found) throw new Failure("forbidden", "token_wrong");
  return ownPerson.parse(found);
}

/** Corrects the identity of an own record. Fails with `changed_meanwhile` when it changed since it was read. */
export async function editPerson(caller: Caller, id: string, token: string, input: EditInput): Promise<void> {
  await caller.commands.call("edit_person", {
    p: {
      ...input,
      ...(input.age === undefined ? {} : ageBand(input.age)),
      person_id: mustBeId(id),
      manage_hash: hashOf(token),
      name_keys: namesFor(input),
      known_hashes: input.visibility === "known" ? proofsFor(caller.secret, input) : [],
    },
  });
}

/** Sixty days more. Gives the new last day. */
export async function extendPerson(
  caller: Caller,
  id: string,
  token: string,
): Promise<{ expiry_date: string }> {
  return z.object({ expiry_date: z.string() }).parse(
    await caller.commands.call("extend_person", {
      p: { person_id: mustBeId(id), manage_hash: hashOf(token) },
    }),
  );
}

/** Deletes an own record: hidden at once, wiped after three days, never to come back by an import. */
export async function deletePerson(
  caller: Caller,
  id: string,
  token: string,
): Promise<{ restore_until: string }> {
  return z.object({ restore_until: z.string() }).parse(
    await caller.commands.call("delete_person", {
      p: { person_id: mustBeId(id), manage_hash: hashOf(token) },
    }),
  );
}

/** Brings a deleted or expired own record back while it is still kept. */
export async function restorePerson(caller: Caller, id: string, token: string): Promise<void> {
  const own = await getOwnPerson(caller, id, token);
  await caller.commands.call("restore_person", {
    p: {
      person_id: mustBeId(id),
      manage_hash: hashOf(token),
      known_hashes: proofsFor(caller.secret, {
        full_name: own.full_name,
        alternate_names: own.person.alternate_names,
        birth_year: own.secrets.birth_year ?? undefined,
        author_phone: own.secrets.author_phone ?? undefined,
      }),
    },
  });
}

/** The secret of the link that shows a record which is not public. */
export function linkKey(caller: Caller, personId: string): string {
  return viewToken(caller.secret, personId);
}
