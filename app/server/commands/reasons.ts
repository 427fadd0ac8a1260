import type { CsvRefusal } from "../../formats/csv.ts";
import type { XmlRefusal } from "../../formats/xml.ts";
import type { SkipReason } from "../../features/safety/pfif-import.server.ts";
import { errorText, translator } from "../../i18n/translate.ts";

const words: Record<SkipReason | XmlRefusal | CsvRefusal, string> = {
  unchanged: "already here",
  older_duplicate: "a newer one with the same id is in the same file",
  suppressed: "was deleted here and may not come back",
  own_domain: "carries an id of this site",
  other_domain: "carries an id of another domain than its sender's",
  expired: "its expiry date is past",
  person_unknown: "the person it is about is not here",
  date_in_future: "its source date lies in the future",
  record_unusable: "the database cannot take it",
  person_record_id_missing: "has no person_record_id",
  note_record_id_missing: "has no note_record_id",
  record_id_twice: "has two ids",
  record_id_invalid: "its id is not of the form domain/name",
  full_name_missing: "has no name",
  date_invalid: "a date is not a date",
  status_unknown: "its status is none of PFIF",
  note_without_person: "does not say whom it is about",
  note_of_another_person: "stands in one person and names another",
  note_record_id_duplicate: "another note of this person has the same id",
  too_many_notes: "its person has too many notes",
  record_too_large: "is too large",
  record_inside_record: "stands inside another record",
  pfif_version_unknown: "is of a PFIF version nobody has published",
  xml_too_large: "the document is too large",
  xml_too_deep: "elements are nested too deeply",
  xml_too_many_attributes: "an element has too many attributes",
  xml_text_too_long: "a text is too long",
  xml_doctype_refused: "it has a document type, which is not read",
  xml_encoding_refused: "its encoding is not read",
  xml_encoding_broken: "its encoding is broken",
  xml_not_well_formed: "it is not well-formed XML",
  not_pfif: "there is no PFIF in it",
  quote_not_closed: "a quotation mark is not closed",
  row_too_large: "the row is too large",
  too_many_cells: "there are more cells than columns",
  header_repeated: "the header stands here once more",
  encoding_broken: "some characters cannot be read",
  encoding_unknown: "its encoding is not known: save it as UTF-8",
  header_missing: "the first row names no columns",
  too_many_columns: "there are too many columns",
  column_twice: "two columns have the same name",
  too_large: "the file is too large",
};

/** What to tell the operator about a refusal. */
export function reasonInWords(token: string): string {
  return Object.hasOwn(words, token)
    ? words[token as keyof typeof words]
    : errorText(translator("en"), token);
}
