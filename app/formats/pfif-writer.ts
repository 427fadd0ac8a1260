import { elementsOfNote, elementsOfPerson, isPlaceholder, pfifNamespace } from "./pfif.ts";
import type { PfifNote, PfifPerson, PfifVersion } from "./pfif.ts";
import { XML_DECLARATION, xmlElement } from "./xml.ts";

/** Version to write (1.4 unless told), and notes to stand outside any person (not in 1.1, which cannot say whose). */
export interface PfifWriting {
  version?: PfifVersion;
  notes?: Iterable<PfifNote> | AsyncIterable<PfifNote>;
}

/**
 * A whole PFIF document (section 5) in the reference order of elements. Contact fields are written if the records
 * hold them: leave them out with `withoutContact`. Expired persons are written as placeholders, without notes.
 */
export function writePfif(
  persons: Iterable<PfifPerson>,
  { version = "1.4", notes = [] }: { version?: PfifVersion; notes?: Iterable<PfifNote> } = {},
): string {
  let document = opening(version);
  for (const person of persons) document += pfifPerson(person, version, "  ");
  for (const note of notes) document += pfifNote(note, version, "  ");
  return document + CLOSING;
}

/** The same document in pieces, one record each, so that an export of any size needs memory for one person. */
export async function* pfifChunks(
  persons: Iterable<PfifPerson> | AsyncIterable<PfifPerson>,
  { version = "1.4", notes = [] }: PfifWriting = {},
): AsyncGenerator<string> {
  yield opening(version);
  for await (const person of persons) yield pfifPerson(person, version, "  ");
  for await (const note of notes) yield pfifNote(note, version, "  ");
  yield CLOSING;
}

/** One `pfif:person` with its notes. The prefix `pfif` must be bound around it. */
export function pfifPerson(person: PfifPerson, version: PfifVersion, indent = ""): string {
  const notes = isPlaceholder(person) ? [] : person.notes;
  return (
    `${indent}<pfif:person>\n` +
    fields(elementsOfPerson(version, person), indent) +
    notes.map((note) => pfifNote(note, version, `${indent}  `)).join("") +
    `${indent}</pfif:person>\n`
  );
}

/** One `pfif:note`. The prefix `pfif` must be bound around it. */
export function pfifNote(note: PfifNote, version: PfifVersion, indent = ""): string {
  return `${indent}<pfif:note>\n${fields(elementsOfNote(version, note), indent)}${indent}</pfif:note>\n`;
}

const CLOSING = "</pfif:pfif>\n";

function opening(version: PfifVersion): string {
  return `${XML_DECLARATION}<pfif:pfif xmlns:pfif="${pfifNamespace(version)}">\n`;
}

function fields(elements: readonly [string, string][], indent: string): string {
  return elements.map(([name, text]) => `${indent}  ${xmlElement(`pfif:${name}`, text)}\n`).join("");
}
