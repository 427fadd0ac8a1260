/** Posts persons and notes, links and objections: what any visitor may say. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { nameKeys } from "../../names/name-keys.ts";
import { placePhoto, type StoredPhoto } from "../../platform/photo.server.ts";
import type { Caller } from "./caller.ts";
import { proofsFor } from "./known-persons.server.ts";
import { opened, type Opener } from "./opener.server.ts";
import { ageBand } from "./persons.ts";
import type { NoteInput, ObjectionInput, PersonInput } from "./persons.schema.ts";
import { mustBeId } from "./record-ids.ts";
import { viewToken } from "./secret-links.server.ts";
import { hashOf, manageToken } from "../../platform/secret-links.server.ts";

const posted = z.object({
  id: z.string(),
  record_id: z.string(),
  held: z.boolean(),
  repeated: z.boolean().optional(),
});

export interface PostedPerson {
  id: string;
  record_id: string;
  /** Something of it waits for a person's decision. */
  held: boolean;
  /** The same post came before; this is the first answer again. */
  repeated: boolean;
  /** Secret of the manage link, shown once. */
  manage: string;
  /** Secret of the link that shows a record which is not public. */
  key: string;
}

/** What the route knows of a post besides its answers. */
export interface Sending {
  /** A digest of all that was sent, which tells a resend from another post under the same client id. */
  body: string;
  photo?: StoredPhoto | null;
  /** It was filled in as only a program would: it waits for a look. */
  held?: boolean;
}

/** Posts a person. A resend with the same client id and body gives the first answer again. */
export async function reportPerson(
  caller: Caller,
  input: PersonInput,
  sending: Sending,
): Promise<PostedPerson> {
  const id = randomUUID();
  const manage = manageToken(
    caller.secret,
    input.client_id === undefined ? null : { clientId: input.client_id, body: sending.body },
  );
  const photo = await placePhoto(caller.files, "persons", sending.photo ?? null);
  const answer = posted.parse(
    await caller.commands.call("report_person", {
      p: {
        ...input,
        ...(input.age === undefined ? {} : ageBand(input.age)),
        ...sending,
        photo,
        id,
        name_keys: namesFor(input),
        known_hashes: input.visibility === "known" ? proofsFor(caller.secret, input) : [],
        manage_hash: hashOf(manage),
        manage_url: `${caller.publicUrl}/safety/persons/${id}/manage?token=${manage}`,
        view_hash: hashOf(viewToken(caller.secret, id)),
        record_domain: caller.domain,
        caller: caller.key,
        language: caller.language,
      },
    }),
  );
  return { ...answer, repeated: answer.repeated ?? false, manage, key: viewToken(caller.secret, answer.id) };
}

/** Adds a note. Only with the manage secret of an own post does it count as said by the person herself. */
export async function addNote(
  caller: Caller,
  personId: string,
  input: NoteInput,
  opener: Opener,
  body: string,
): Promise<{ id: string; record_id: string; held: boolean }> {
  return posted.parse(
    await caller.commands.call("add_note", {
      p: {
        ...input,
        ...opened(opener),
        person_id: mustBeId(personId),
        body,
        record_domain: caller.domain,
        caller: caller.key,
      },
    }),
  );
}

/** Says that two public records are the same person. */
export async function linkPersons(
  caller: Caller,
  personId: string,
  otherId: string,
  reason: string,
): Promise<void> {
  await caller.commands.call("link_persons", {
    p: {
      person_id: mustBeId(personId),
      other_id: mustBeId(otherId),
      text: reason,
      record_domain: caller.domain,
      caller: caller.key,
    },
  });
}

/** Objects to a record or reports it. Gives whether its details are withheld from now on. */
export async function objectToPerson(
  caller: Caller,
  personId: string,
  input: ObjectionInput,
  opener: Opener,
): Promise<{ softened: boolean }> {
  return z.object({ softened: z.boolean() }).parse(
    await caller.commands.call("object_to_person", {
      p: { ...input, ...opened(opener), person_id: mustBeId(personId), caller: caller.key },
    }),
  );
}

export function namesFor(input: { full_name: string; alternate_names: string[] }): string[] {
  return nameKeys({ fullName: input.full_name, alternateNames: input.alternate_names });
}
