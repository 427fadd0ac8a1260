/** Records that only those find who know the whole name and a second fact (visibility "known"). */
import { z } from "zod";
import { fullNameKeys } from "../../names/name-keys.ts";
import type { Caller } from "./caller.ts";
import { personRow, type Person } from "./persons.ts";
import { lastFourDigits } from "./persons.schema.ts";
import { knownHashes, viewToken } from "./secret-links.server.ts";
import { type SecretFor } from "../../platform/secret-links.server.ts";

/**
 * Records shown only to those who know the whole name and a second fact (birth year, or the last four digits of the
 * phone). Each comes with the secret of its link. A miss and a hidden record answer alike.
 */
export async function findKnownPersons(
  caller: Caller,
  q: string,
  fact: string,
): Promise<Array<Person & { key: string }>> {
  const hashes = knownHashes(caller.secret, fullNameKeys(q), [`born ${fact}`, `phone ${fact}`]);
  const rows = await caller.commands.call("find_known_persons", { p: { hashes, caller: caller.key } });
  return z
    .array(personRow)
    .parse(rows)
    .map((person) => ({ ...person, key: viewToken(caller.secret, person.id) }));
}

export function proofsFor(
  secret: SecretFor,
  facts: {
    full_name: string;
    alternate_names: string[];
    birth_year?: number | undefined;
    author_phone?: string | undefined;
  },
): string[] {
  const names = [facts.full_name, ...facts.alternate_names].flatMap((name) => fullNameKeys(name));
  const phone = lastFourDigits(facts.author_phone);
  const second = [
    ...(facts.birth_year ? [`born ${facts.birth_year}`] : []),
    ...(phone ? [`phone ${phone}`] : []),
  ];
  return knownHashes(secret, [...new Set(names)].slice(0, 100), second);
}
