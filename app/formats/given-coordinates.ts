/** What a notation says about a place, before ranges and order are judged. */

export type CoordinateNotation =
  | "decimal_degrees"
  | "degrees_minutes"
  | "degrees_minutes_seconds"
  | "geo_uri"
  | "map_link"
  | "plus_code"
  | "well_known_text";

export type CoordinatesRefusal =
  | "coordinates_missing"
  | "coordinates_not_understood"
  | "coordinates_ambiguous"
  | "latitude_out_of_range"
  | "longitude_out_of_range"
  | "link_needs_following"
  | "link_without_place"
  | "datum_unknown"
  | "plus_code_short";

/** What a notation says before ranges and order are judged. `ordered` is false when latitude first was our assumption. */
export interface CoordinatesGiven {
  lat: number;
  lon: number;
  notation: CoordinateNotation;
  ordered: boolean;
  precision_m: number;
}

/** Half a step in metres, never finer than a centimetre. */
export function precision(step: number): number {
  return Math.max(0.01, Number(((step / 2) * 111_195).toPrecision(2)));
}
