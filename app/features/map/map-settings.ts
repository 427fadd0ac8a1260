import type { LanguageCode } from "../../i18n/languages.ts";
import type { Bbox, Position } from "../../formats/geometry.ts";

/** What the server tells the map in the browser: everything it needs to draw, and the words it says. */

export interface MapGround {
  language: LanguageCode;
  /** The messages the map shows, as they stand in the locale files. */
  words: IslandWords;
  /** A tile server of the settings; without one the outlines of the site's own are the ground. */
  tiles: { url: string } | null;
  /** One file with the tiles of a region, read in pieces. */
  pmtiles: string | null;
  /** What to show first, unless the address says otherwise. */
  view: Bbox;
}

export interface ReportMapSettings extends MapGround {
  mode: "reports";
  /** The filters of the page, as they stand in its address. */
  query: Record<string, string>;
  /** What authorities say now, where it has a place. */
  notices: MapNotice[];
}

/** An official notice with a place, in short; its own page says all. */
export interface MapNotice {
  id: string;
  source: string;
  title: string;
  language: string;
  /** As its source words it. */
  level: string | null;
  published_at: string;
  at: Position;
  box: Bbox | null;
}

export interface DrawMapSettings extends MapGround {
  mode: "draw";
  /** The id of the field that holds the place as text; the map reads and writes it. */
  field: string;
}

export type MapSettings = ReportMapSettings | DrawMapSettings;

/** Messages by namespace: a part of the locale files. */
export type IslandWords = Record<string, unknown>;
