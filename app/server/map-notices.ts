/** Official notices for the map: those that say where, in short. */
import type { MapNotice } from "../features/map/map-settings.ts";
import type { Notice } from "../features/notices/notices.ts";

const LONGEST_TITLE = 120;

/** The notices that have a place or a box; the sign of a box stands in its middle, also across the antimeridian. */
export function mapNotices(notices: readonly Notice[]): MapNotice[] {
  return notices.flatMap(({ lat, lon, west, south, east, north, ...notice }) => {
    const box =
      west === null || south === null || east === null || north === null
        ? null
        : ([west, south, east, north] as const);
    const at: MapNotice["at"] | null = lat !== null && lon !== null ? [lon, lat] : box ? middleOf(box) : null;
    if (!at) return [];
    return [
      {
        id: notice.id,
        source: notice.source_name,
        title: [...notice.title].slice(0, LONGEST_TITLE).join(""),
        language: notice.language,
        level: notice.level,
        published_at: notice.published_at,
        at,
        box: box ? [...box] : null,
      },
    ];
  });
}

function middleOf([west, south, east, north]: readonly [number, number, number, number]): [number, number] {
  const lon = (west + (east < west ? east + 360 : east)) / 2;
  return [lon > 180 ? lon - 360 : lon, (south + north) / 2];
}
