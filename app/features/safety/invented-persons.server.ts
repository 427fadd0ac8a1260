/** Invented persons for demonstrations: posted with times of their own, under events that are marked as invented. */
import { z } from "zod";
import type { StoredPhoto } from "../../platform/photo.server.ts";
import type { Caller } from "./caller.ts";
import { idFromList } from "./bulk-posting.server.ts";
import { proofsFor } from "./known-persons.server.ts";
import {
  ageBand,
  isMinor,
  type Need,
  type NoteSource,
  type NoteStatus,
  type PostedAs,
  type Visibility,
} from "./persons.ts";
import { namesFor } from "./posting.server.ts";
import { viewToken } from "./secret-links.server.ts";
import { hashOf, manageToken } from "../../platform/secret-links.server.ts";

export interface InventedNote {
  status?: NoteStatus;
  source: NoteSource;
  saidAt: Date;
  text: string;
  need?: readonly Need[];
  place?: { name: string; lat: number; lon: number };
  author?: string;
  madeContact?: boolean;
  /** Key of the invented person who is said to be the same. */
  sameAs?: string;
}

export interface InventedPerson {
  /** Tells this person from all others of the demonstration; the same key is the same person. */
  key: string;
  event: string;
  as: PostedAs;
  fullName: string;
  otherNames: readonly string[];
  sex?: "female" | "male" | "other";
  birthYear?: number;
  country?: string;
  city?: string;
  author?: string;
  visibility: Visibility;
  language: string;
  postedAt: Date;
  /** Oldest first; the first is the post itself. */
  notes: readonly InventedNote[];
}

/** Posts an invented person, unless it is here already. Its photo is made only if it is needed. */
export async function postInvented(
  caller: Caller,
  person: InventedPerson,
  { now, photo }: { now: Date; photo?: (() => Promise<StoredPhoto>) | undefined },
): Promise<"created" | "present"> {
  const id = personIdOf(caller, person.key);
  const age = person.birthYear === undefined ? undefined : now.getUTCFullYear() - person.birthYear;
  const names = { full_name: person.fullName, alternate_names: [...person.otherNames] };
  const proofs =
    person.visibility === "known" ? proofsFor(caller.secret, { ...names, birth_year: person.birthYear }) : [];
  const answer = await caller.commands.call("post_invented_person", {
    p: {
      ...names,
      id,
      record_domain: caller.domain,
      event: person.event,
      as: person.as,
      sex: person.sex,
      ...(age === undefined ? {} : ageBand(age)),
      minor: isMinor({ age }, now.getUTCFullYear()),
      birth_year: person.birthYear,
      home_country: person.country,
      home_city: person.city,
      author_name: person.author,
      visibility: person.visibility,
      language: person.language,
      posted_at: person.postedAt.toISOString(),
      name_keys: namesFor(names),
      known_hashes: proofs,
      manage_hash: hashOf(manageToken(caller.secret, null)),
      view_hash: hashOf(viewToken(caller.secret, id)),
      photo: photo ? await photo() : null,
      notes: person.notes.map((note, index) => ({
        id: idFromList(caller.secret, `invented note ${person.key} ${index}`),
        status: note.status,
        source: note.source,
        said_at: note.saidAt.toISOString(),
        text: note.text,
        need: note.need ?? [],
        last_known_location: note.place?.name,
        lat: note.place?.lat,
        lon: note.place?.lon,
        author_name: note.author,
        author_made_contact: note.madeContact,
        linked_person_record_id:
          note.sameAs === undefined
            ? undefined
            : `${caller.domain}/person.${personIdOf(caller, note.sameAs)}`,
      })),
    },
  });
  return z.object({ outcome: z.enum(["created", "present"]) }).parse(answer).outcome;
}

function personIdOf(caller: Caller, key: string): string {
  return idFromList(caller.secret, `invented person ${key}`);
}
