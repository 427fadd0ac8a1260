import { noteFromElements, personFromElements, PFIF_TABLES, pfifVersionOf, recordIdDomain } from "./pfif.ts";
import type { PfifNote, PfifPerson, PfifRefusal, PfifVersion } from "./pfif.ts";
import { readXml, XmlRefused } from "./xml.ts";
import type { XmlElement, XmlHandler, XmlLimits } from "./xml.ts";

/** XML limits, and how much one person may bring along. `maxRecordText` is in UTF-16 units. */
export interface PfifLimits extends XmlLimits {
  maxNotes?: number;
  maxRecordText?: number;
}

/** What a document holds, in its order. `line` is where the record begins (1-based). */
export type PfifItem =
  | { kind: "person"; person: PfifPerson; line: number }
  | { kind: "note"; note: PfifNote; line: number }
  | { kind: "refused"; line: number; record_id: string | null; token: PfifRefusal };

const FEED_NAMESPACES = new Set(["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"]);

/**
 * Reads persons and notes of PFIF 1.1–1.4, bare or embedded in Atom or RSS (sections 5–7): PFIF elements are found
 * wherever they stand. One record is held at a time.
 *
 * A bad record is given as `refused` and reading goes on; a bad note does not cost its person. Repeated ids in one
 * document are all given: the newest `source_date` wins, and the importer knows it. Where an element is repeated
 * within a record the first counts, except for ids, where two are a reason to trust neither.
 *
 * @throws XmlRefused when the document cannot be read on, after every record before the fault has been given, and
 * with token `not_pfif` when there is no sign of PFIF in it.
 */
export function readPfif(
  source: AsyncIterable<Uint8Array | string>,
  limits: PfifLimits = {},
): AsyncGenerator<PfifItem> {
  return readXml<PfifItem>(source, (emit) => new PfifHandler(emit, limits), limits);
}

interface Draft {
  readonly record: "person" | "note";
  readonly version: PfifVersion;
  readonly depth: number;
  readonly line: number;
  readonly elements: Map<string, string>;
  refused: PfifRefusal | null;
}

interface NoteDraft extends Draft {
  readonly record: "note";
}

class PfifHandler implements XmlHandler {
  readonly #emit: (item: PfifItem) => void;
  readonly #maxNotes: number;
  readonly #maxRecordText: number;
  #person: Draft | null = null;
  #note: NoteDraft | null = null;
  #notes: NoteDraft[] = [];
  #recordText = 0;
  #expected = false;

  constructor(emit: (item: PfifItem) => void, { maxNotes = 1_000, maxRecordText = 2_000_000 }: PfifLimits) {
    this.#emit = emit;
    this.#maxNotes = maxNotes;
    this.#maxRecordText = maxRecordText;
  }

  open(element: XmlElement): void {
    const version = pfifVersionOf(element.namespace);
    if (version !== null || FEED_NAMESPACES.has(element.namespace)) this.#expected = true;
    if (version === null || (element.name !== "person" && element.name !== "note")) return;
    const { line, depth, name: record } = element;
    if (version === "unknown") {
      this.#refuse(line, null, "pfif_version_unknown");
    } else if (this.#note || (this.#person && record === "person")) {
      this.#refuse(line, null, "record_inside_record");
    } else if (record === "note") {
      if (!this.#person) this.#recordText = 0;
      this.#note = { record, version, depth, line, elements: new Map(), refused: null };
    } else {
      this.#person = { record, version, depth, line, elements: new Map(), refused: null };
      this.#notes = [];
      this.#recordText = 0;
    }
  }

  close(element: XmlElement, text: string): void {
    const draft = this.#note ?? this.#person;
    if (!draft) return;
    if (element.depth === draft.depth + 1) {
      this.#takeField(draft, element, text);
    } else if (element.depth === draft.depth) {
      if (draft.record === "note") this.#closeNote();
      else this.#closePerson();
    }
  }

  end(line: number): void {
    // An Atom feed without entries is a fine answer to "what is new?"; some other document is a mistake.
    if (!this.#expected) throw new XmlRefused("not_pfif", line);
  }

  #takeField(draft: Draft, element: XmlElement, text: string): void {
    const { name } = element;
    if (pfifVersionOf(element.namespace) !== draft.version) return;
    if (!PFIF_TABLES[draft.version][draft.record].includes(name)) return;
    if (draft.elements.has(name)) {
      if (name.endsWith("record_id")) draft.refused ??= "record_id_twice";
      return;
    }
    this.#recordText += text.length;
    if (this.#recordText > this.#maxRecordText) {
      draft.refused ??= "record_too_large";
      if (!name.endsWith("record_id")) return;
    }
    draft.elements.set(name, text);
  }

  #closeNote(): void {
    const note = this.#note!;
    this.#note = null;
    if (!this.#person) {
      const read = note.refused ?? noteFromElements(note.version, note.elements);
      if (typeof read === "string") this.#refuse(note.line, recordId(note), read);
      else this.#emit({ kind: "note", note: read, line: note.line });
    } else if (note.refused) {
      this.#refuse(note.line, recordId(note), note.refused);
    } else if (this.#notes.length >= this.#maxNotes) {
      this.#refuse(note.line, recordId(note), "too_many_notes");
    } else {
      // The person's id may stand below its notes, so they wait.
      this.#notes.push(note);
    }
  }

  #closePerson(): void {
    const draft = this.#person!;
    const notes = this.#notes;
    this.#person = null;
    this.#notes = [];
    const person = draft.refused ?? personFromElements(draft.version, draft.elements);
    if (typeof person === "string") {
      this.#refuse(draft.line, recordId(draft), person);
      return;
    }

    const seen = new Set<string>();
    for (const { version, elements, line } of notes) {
      const note = noteFromElements(version, elements, person.person_record_id);
      if (typeof note === "string") {
        this.#refuse(line, recordId({ record: "note", elements }), note);
      } else if (seen.has(note.note_record_id)) {
        this.#refuse(line, note.note_record_id, "note_record_id_duplicate");
      } else {
        seen.add(note.note_record_id);
        person.notes.push(note);
      }
    }
    if (person.placeholder && person.notes.length > 0) {
      // Somebody wrote about a person who has no name here: not what expiry leaves behind.
      this.#refuse(draft.line, person.person_record_id, "full_name_missing");
      return;
    }
    this.#emit({ kind: "person", person, line: draft.line });
  }

  #refuse(line: number, record_id: string | null, token: PfifRefusal): void {
    this.#emit({ kind: "refused", line, record_id, token });
  }
}

/** The id to show beside a refusal: only one that has the shape of an id. */
function recordId({ record, elements }: Pick<Draft, "record" | "elements">): string | null {
  const id = elements.get(`${record}_record_id`)?.trim();
  return id !== undefined && recordIdDomain(id) !== null ? id : null;
}
