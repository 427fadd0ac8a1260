import type { CapAlert, CapArea, CapInfo, CapReference, CapSeverity } from "./cap.ts";
import { bboxOf, withRightHandRule } from "./geometry.ts";
import type { Polygon, Position, ReportGeometry } from "./geometry.ts";
import type { Hazard, OfficialArea, OfficialReport } from "./official-report.ts";
import type { ReportKind, ReportSeverity } from "./report-record.ts";

/**
 * The notices in an alert: one for every state of affairs its `info` blocks describe. Blocks that say the same in
 * different languages are one (CAP 1.2, section 3.2.2), and so are blocks that differ only in the names of the area.
 * A Cancel without `info` gives one notice without words that ends those it refers to.
 */
export function officialFromCap(alert: CapAlert): OfficialReport[] {
  const groups = new Map<string, CapInfo[]>();
  for (const info of alert.info) {
    const key = stateOfAffairs(info);
    groups.set(key, [...(groups.get(key) ?? []), info]);
  }
  const base = {
    source: "cap" as const,
    updated_at: alert.sent,
    drill: alert.status !== "Actual",
    replaces: alert.references.map(capSourceId),
  };
  const id = capSourceId(alert);
  if (groups.size === 0) {
    return [
      { ...base, ...WITHOUT_INFO, source_id: id, issuer: alert.sender, ended: alert.msgType === "Cancel" },
    ];
  }
  return [...groups.values()].map((infos, index) => {
    const [first] = infos as [CapInfo, ...CapInfo[]];
    const areas = mergedAreas(infos);
    const [hazard, kind] = whatOf(first);
    return {
      ...base,
      source_id: index === 0 ? id : `${id}#${index + 1}`,
      issuer: first.senderName ?? alert.sender,
      hazard,
      kind,
      level: first.severity,
      severity: SEVERITIES[first.severity],
      certainty: first.certainty,
      texts: textsOf(infos),
      magnitude: null,
      position: positionOf(areas),
      bbox: bboxOf(geometriesOf(areas)),
      areas,
      observed_at: first.onset ?? first.effective ?? alert.sent,
      expires_at: first.expires ?? null,
      source_url: first.web ?? null,
      ended: alert.msgType === "Cancel" || first.responseType.includes("AllClear"),
    };
  });
}

/** The identity of a message among those of all senders. */
export function capSourceId({ sender, identifier }: Pick<CapReference, "sender" | "identifier">): string {
  return `${sender},${identifier}`;
}

const WITHOUT_INFO = {
  hazard: "other" as const,
  kind: "other" as const,
  level: null,
  severity: "unknown" as const,
  certainty: null,
  texts: [],
  magnitude: null,
  position: null,
  bbox: null,
  areas: [],
  observed_at: null,
  expires_at: null,
  source_url: null,
};

function stateOfAffairs(info: CapInfo): string {
  const { category, urgency, severity, certainty, effective, onset, expires, responseType, eventCode } = info;
  const places = info.area.map(({ polygons, circles }) => [polygons, circles]);
  // Where no shape tells the areas apart, their codes do.
  const codes = info.area.flatMap(({ polygons, circles, geocodes }) =>
    polygons.length + circles.length === 0 ? geocodes : [],
  );
  return JSON.stringify([
    ...[
      category,
      urgency,
      severity,
      certainty,
      effective,
      onset,
      expires,
      responseType,
      eventCode,
      places,
      codes,
    ],
  ]);
}

function textsOf(infos: readonly CapInfo[]): OfficialReport["texts"] {
  const texts = new Map<string, OfficialReport["texts"][number]>();
  for (const { language, headline, event, description, instruction } of infos) {
    if (texts.has(language)) continue;
    texts.set(language, {
      language,
      title: headline ?? event,
      text: description ?? "",
      ...(instruction === undefined ? {} : { instruction }),
    });
  }
  return [...texts.values()];
}

function mergedAreas(infos: readonly CapInfo[]): OfficialArea[] {
  const merged = new Map<string, OfficialArea>();
  for (const area of infos.flatMap((info) => info.area)) {
    const { polygons, circles, geocodes } = area;
    const key =
      polygons.length + circles.length > 0 ? JSON.stringify([polygons, circles]) : JSON.stringify(geocodes);
    const known = merged.get(key);
    if (!known) merged.set(key, areaOf(area));
    else
      known.geocodes.push(
        ...namedGeocodes(area).filter((code) => !known.geocodes.some((old) => same(old, code))),
      );
  }
  return [...merged.values()];
}

function areaOf(area: CapArea): OfficialArea {
  return {
    description: area.areaDesc,
    polygons: area.polygons.map((ring) => withRightHandRule({ type: "Polygon", coordinates: [ring] })),
    circles: area.circles.map(({ centre, radius_km }) => ({ centre, radius_m: radius_km * 1_000 })),
    geocodes: namedGeocodes(area),
  };
}

function namedGeocodes({ geocodes }: CapArea): OfficialArea["geocodes"] {
  return geocodes.map(({ valueName, value }) => ({ name: valueName, value }));
}

function same(a: { name: string; value: string }, b: { name: string; value: string }): boolean {
  return a.name === b.name && a.value === b.value;
}

function geometriesOf(areas: readonly OfficialArea[]): (ReportGeometry | Polygon)[] {
  return areas.flatMap(({ polygons, circles }) => [
    ...polygons,
    ...circles.map(({ centre }) => ({ type: "Point" as const, coordinates: centre })),
  ]);
}

/** The centre of the first circle, or the middle of the box of the first polygon. */
function positionOf(areas: readonly OfficialArea[]): Position | null {
  const circle = areas.flatMap(({ circles }) => circles)[0];
  if (circle) return circle.centre;
  const polygon = areas.flatMap(({ polygons }) => polygons)[0];
  const bbox = polygon && bboxOf([polygon]);
  if (!bbox) return null;
  const [west, south, east, north] = bbox;
  const middle = west <= east ? (west + east) / 2 : (west + east + 360) / 2;
  return [middle > 180 ? middle - 360 : middle, (south + north) / 2];
}

const SEVERITIES: Readonly<Record<CapSeverity, ReportSeverity>> = {
  Extreme: "extreme",
  Severe: "severe",
  Moderate: "moderate",
  Minor: "minor",
  Unknown: "unknown",
};

const WORDS: readonly [RegExp, Hazard, ReportKind][] = [
  [/earthquake|地震/i, "earthquake", "hazard"],
  [/tsunami|海嘯|津波/i, "tsunami", "hazard"],
  [/typhoon|hurricane|cyclone|tropical storm|颱風|台風/i, "tropical_cyclone", "hazard"],
  [/volcan|火山/i, "volcano", "hazard"],
  [/landslide|debris|mudslide|土石流|土砂|山崩/i, "other", "landslide"],
  [/flood|reservoir|淹水|洩洪|洪水|水庫/i, "flood", "flood"],
  [/wildfire|bushfire|forest fire|grass fire|林火|森林火災/i, "wildfire", "fire"],
  [/drought|乾旱/i, "drought", "hazard"],
  [/road|traffic|道路|公路/i, "other", "road"],
];

function whatOf(info: CapInfo): [Hazard, ReportKind] {
  const text = [info.event, ...info.eventCode.map(({ value }) => value)].join(" ");
  const found = WORDS.find(([word]) => word.test(text));
  if (found) return [found[1], found[2]];
  if (info.category.includes("Fire")) return ["other", "fire"];
  if (info.category.includes("Transport")) return ["other", "transport"];
  return ["other", "hazard"];
}
