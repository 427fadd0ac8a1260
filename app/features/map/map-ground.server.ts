import type { Bbox, ReportGeometry } from "../../formats/geometry.ts";
import { bboxOf } from "../../formats/geometry.ts";
import type { LanguageCode } from "../../i18n/languages.ts";
import { resources } from "../../i18n/translate.ts";
import type { MapGround } from "./map-settings.ts";

interface GroundSettings {
  tileUrl: string | null;
  pmtilesUrl: string | null;
}

/** What both maps in the browser are told: the ground of this installation, and the words in one language. */
export function mapGround(env: GroundSettings, language: LanguageCode, view: Bbox): MapGround {
  const { map, confidence, common } = resources[language];
  const { island, kind, needed, state, passable, severity } = map;
  return {
    language,
    words: {
      map: { island, kind, needed, state, passable, severity },
      confidence,
      common: { punctuation: common.punctuation },
    },
    tiles: env.tileUrl ? { url: env.tileUrl } : null,
    pmtiles: env.pmtilesUrl,
    view,
  };
}

interface Boxed {
  west: number | null;
  south: number | null;
  east: number | null;
  north: number | null;
}

/** The box of an event, or null where it has none. */
export function boxOfEvent(event: Boxed | null): Bbox | null {
  if (!event || event.west === null || event.south === null || event.east === null || event.north === null)
    return null;
  return [event.west, event.south, event.east, event.north];
}

const world: Bbox = [-150, -50, 170, 70];

/** What the map shows first: what was reported, with some room; else the event; else the world. */
export function startView(geometries: readonly ReportGeometry[], event: Bbox | null): Bbox {
  const box = bboxOf(geometries);
  if (!box) return event ?? world;
  const [west, south, east, north] = box;
  const width = east < west ? east + 360 - west : east - west;
  const room = Math.max(0.02, width * 0.1, (north - south) * 0.1);
  const turn = (lon: number) => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);
  if (width + 2 * room >= 360) return [-180, Math.max(-90, south - room), 180, Math.min(90, north + room)];
  return [turn(west - room), Math.max(-90, south - room), turn(east + room), Math.min(90, north + room)];
}
