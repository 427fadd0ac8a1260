import { passes, type Passable } from "../../formats/report-record.ts";
import { distanceMetres, placeAlong } from "../../formats/geometry.ts";
import type { Report } from "./reports.ts";

/** Without a name, reports this near to each other, in metres, speak of the same stretch of road. */
const sameStretch = 300;

/**
 * For each report of a road, when somebody last saw that a vehicle of that size got through there: the newest word of
 * any report about the same stretch that says so. A report that nobody can answer for is left out.
 */
export function lastKnownGood(reports: readonly Report[], vehicle: Passable): Map<string, string> {
  const good = reports.filter((report) => passes(report, vehicle) && report.staff !== "false");
  const found = new Map<string, string>();
  for (const report of reports) {
    let newest: string | null = null;
    for (const other of good) {
      if (!isSameStretch(report, other)) continue;
      if (newest === null || Date.parse(other.affirmed_at) > Date.parse(newest)) newest = other.affirmed_at;
    }
    if (newest !== null) found.set(report.id, newest);
  }
  return found;
}

function isSameStretch(one: Report, other: Report): boolean {
  if (one.id === other.id) return true;
  const metres = distanceMetres(placeAlong(one.geometry), placeAlong(other.geometry));
  if (one.road !== null && other.road !== null) {
    return one.road.trim().toLowerCase() === other.road.trim().toLowerCase() && metres < 20 * sameStretch;
  }
  return metres < sameStretch;
}
