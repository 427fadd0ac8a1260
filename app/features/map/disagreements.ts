import { distanceMetres, placeAlong } from "../../formats/geometry.ts";
import type { Report } from "./reports.ts";

/** Two reports about the same stretch of road lie no further apart than this, in metres. */
const samePlace = 1_000;

/**
 * Where an authority and people on the spot say different things about the same road: the one passes, the other does
 * not. Gives for each such report the id of the other. Differences are shown side by side, never settled here (D56).
 */
export function disagreements(reports: readonly Report[]): Map<string, string> {
  const roads = reports.filter(({ state, status }) => state !== null && status === "active");
  const found = new Map<string, string>();
  for (const official of roads.filter(({ source }) => source === "official")) {
    for (const other of roads) {
      if (other.source === "official" || (other.state === "closed") === (official.state === "closed"))
        continue;
      const named = official.road !== null && other.road !== null;
      const sameRoad = named && official.road!.trim().toLowerCase() === other.road!.trim().toLowerCase();
      const metres = distanceMetres(placeAlong(official.geometry), placeAlong(other.geometry));
      if (metres > (sameRoad ? 10 * samePlace : samePlace) || (named && !sameRoad)) continue;
      found.set(official.id, other.id);
      found.set(other.id, official.id);
    }
  }
  return found;
}
