import {
  bearingDegrees,
  compassPoint,
  distanceMetres,
  placeAlong,
  type CompassPoint,
  type Position,
} from "../../formats/geometry.ts";
import { number } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import type { Report } from "./reports.ts";
import { isSupply } from "./tones.ts";

/** Reports in words, the same on every page. */

/** What it is and what it is called: "Road · Highway 73". */
export function reportTitle(
  report: Pick<Report, "kind" | "needed" | "road" | "place">,
  t: Translate,
): string {
  const kind = report.needed ? t(`map:needed.${report.kind}`) : t(`map:kind.${report.kind}`);
  const named = report.road ?? report.place;
  return named ? `${kind}${t("common:punctuation.separator")}${named}` : kind;
}

/** How it is, in a word or two: the state of a road, else how bad it is, else what passes. */
export function reportState(
  report: Pick<Report, "kind" | "needed" | "state" | "severity" | "status">,
  t: Translate,
): string {
  if (report.status !== "active") return t(`map:status.${report.status}`);
  if (report.needed) return t("map:asked");
  if (report.state) return t(`map:state.${report.state}`);
  if (report.severity === "unknown" && isSupply(report.kind)) return t("map:there");
  return t(`map:severity.${report.severity}`);
}

/** What the largest vehicle that passes means to a driver. Null when nobody has said. */
export function passableWords(passable: Report["passable"], t: Translate): string | null {
  if (passable === null) return null;
  return passable === "none"
    ? t("map:passable.none")
    : t("map:upTo", { vehicle: t(`map:passable.${passable}`) });
}

/** "850 m", "3.2 km", "140 km". */
export function distanceWords(metres: number, t: Translate): string {
  if (metres < 950) return t("map:metres", { count: Math.max(10, Math.round(metres / 10) * 10) });
  const kilometres = metres / 1000;
  const rounded = kilometres < 10 ? Math.round(kilometres * 10) / 10 : Math.round(kilometres);
  return t("map:kilometres", { distance: number(rounded, t.language) });
}

/** "3.2 km north-east": how far and which way from a place. */
export function wayWords(from: Position, report: Pick<Report, "geometry">, t: Translate): string {
  const to = placeAlong(report.geometry);
  const metres = distanceMetres(from, to);
  if (metres < 50) return t("map:hereAbouts");
  const direction: CompassPoint = compassPoint(bearingDegrees(from, to));
  return t("map:way", { distance: distanceWords(metres, t), direction: t(`map:compass.${direction}`) });
}

/** "-43.53210, 172.63620": as a driver types it into whatever they have. */
export function coordinateWords([lon, lat]: Position, digits = 5): string {
  return `${lat.toFixed(digits)}, ${lon.toFixed(digits)}`;
}
