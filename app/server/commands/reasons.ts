import type { CsvRefusal } from "../../formats/csv.ts";
import type { CapRefusal } from "../../formats/cap-reader.ts";
import type { CollectionRefusal } from "../../formats/json-features.ts";
import type { OfficialRefusal } from "../../formats/official-report.ts";
import type { DraftRefusal } from "../../formats/report-draft.ts";
import type { XmlRefusal } from "../../formats/xml.ts";
import type { NoticeRefusal } from "../../formats/notice-feed.ts";
import type { ImportOutcome } from "../../features/map/report-import.server.ts";
import type { SkipReason } from "../../features/safety/pfif-import.server.ts";
import { errorText, translator } from "../../i18n/translate.ts";

type Reason =
  | SkipReason
  | XmlRefusal
  | CsvRefusal
  | CapRefusal
  | CollectionRefusal
  | DraftRefusal
  | NoticeRefusal
  | OfficialRefusal
  | "not_a_feed"
  | "not_gdacs"
  | Exclude<ImportOutcome, "created" | "updated" | "ended" | "refused" | "event_unknown">;

const words: Record<Reason, string> = {
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
  title_missing: "has no title",
  item_too_large: "is too large",
  alert_refused: "is no alert as CAP wants it",
  not_a_feed: "it is neither RSS, Atom nor CAP",
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
  older: "a newer version is already here",
  nothing_to_end: "ends what is not here",
  no_place: "says of no place where it is",
  report_unusable: "the database cannot take it",
  not_cap: "there is no CAP in it",
  cap_version_unknown: "is of a CAP version that is not read (1.1 and 1.2 are)",
  alert_inside_alert: "stands inside another alert",
  alert_too_large: "is too large",
  element_missing: "is missing, and an alert must have it",
  element_twice: "is there twice",
  value_unknown: "is none of the words that CAP knows",
  time_invalid: "is not a time",
  identifier_invalid: "is not an identifier: it has a space, a comma or markup in it",
  info_missing: "is missing, and says what is going on",
  references_missing: "is missing: it does not say what it changes",
  not_geojson: "there is no GeoJSON in it",
  cut_off: "it ends in the middle",
  json_broken: "it is not JSON",
  crs_not_wgs84: "its coordinates are not longitude and latitude (WGS 84)",
  feature_broken: "is not JSON",
  feature_too_large: "is too large",
  feature_invalid: "is not a feature",
  not_gdacs: "there is no RSS in it",
  id_missing: "has no id",
  answer_missing: "is missing",
  answer_unknown: "is none of the words that are known",
  number_invalid: "is not a number that can be",
  text_too_long: "is too long",
  text_not_readable: "has characters that cannot be read",
  address_invalid: "is not a web address",
  drill_refused: "is an exercise, which never stands among what is real",
  time_missing: "is missing",
  time_offset_missing: "does not say in which zone it is",
  time_out_of_range: "lies in the future, or before anybody could have seen it",
  coordinates_missing: "is missing",
  coordinates_invalid: "is not a place",
  latitude_out_of_range: "lies beyond the poles",
  longitude_out_of_range: "lies beyond 180 degrees",
  coordinates_swapped: "has latitude and longitude the wrong way round",
  geometry_unknown: "is neither a point nor a line",
  line_empty: "is a line without points",
  line_one_point: "is a line with one point",
  line_no_length: "is a line without length",
  line_tangled: "is a line that crosses itself over and over",
  too_many_vertices: "has more corners than a road can have",
  ring_not_closed: "is not closed",
  ring_too_short: "has too few corners",
  ring_crosses_itself: "crosses itself",
  bbox_invalid: "is not a box",
};

/** What to tell the operator about a refusal. */
export function reasonInWords(token: string): string {
  return Object.hasOwn(words, token)
    ? words[token as keyof typeof words]
    : errorText(translator("en"), token);
}
