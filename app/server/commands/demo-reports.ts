import type { InventedReport } from "../../features/map/invented-reports.server.ts";
import type { Verdict } from "../../features/map/confidence.ts";
import { destination, type Position, type ReportGeometry } from "../../formats/geometry.ts";
import { chanceFrom, type Chance } from "./demo-chance.ts";
import type { InventedEvent, Place } from "./demo-events.ts";

/** What is said of a kind of report, in the languages people write in; `line` is drawn along a road. */
interface Pattern extends Pick<
  InventedReport,
  | "kind"
  | "severity"
  | "state"
  | "passable"
  | "needed"
  | "private"
  | "cause"
  | "bypass"
  | "width_limit_m"
  | "weight_limit_t"
> {
  line?: boolean;
  texts: readonly (readonly [language: string, text: string])[];
}

const patterns: readonly Pattern[] = [
  {
    kind: "landslide", line: true, severity: "severe", state: "closed", passable: "foot", cause: "landslide",
    bypass: "Follow the river on foot, 20 minutes",
    texts: [["zh-TW", "土石蓋住兩個車道，大約 40 公尺，還在掉石頭，人可以走旁邊"], ["en", "Rock and mud over both lanes, about 40 m, still moving. People walk past."]],
  },
  {
    kind: "road", line: true, severity: "moderate", state: "single_lane", passable: "truck", cause: "cracks", width_limit_m: 3.2,
    texts: [["en", "One lane left, soldiers let trucks through in turns"], ["ja", "片側だけ通れます。トラックも交互に通行しています"]],
  },
  {
    kind: "road", line: true, severity: "minor", state: "open", passable: "heavy", texts: [["zh-TW", "清好了，大卡車剛剛通過"], ["en", "Cleared this morning, heavy trucks pass"]],
  },
  {
    kind: "road", line: true, severity: "moderate", state: "passable_with_care", passable: "four_wheel_drive", cause: "gravel",
    texts: [["en", "Loose gravel on the slope, four-wheel drives only"], ["zh-TW", "路面有碎石，四輪傳動可以慢慢過"]],
  },
  {
    kind: "bridge", severity: "severe", state: "single_lane", passable: "car", weight_limit_t: 3.5, cause: "cracked bearing",
    texts: [["en", "Bridge is cracked, cars one at a time, no trucks"], ["ja", "橋にひびがあります。乗用車は一台ずつ。トラックは通れません"]],
  },
  {
    kind: "flood", line: true, severity: "moderate", state: "closed", passable: "none", cause: "burst main",
    texts: [["zh-TW", "水淹到膝蓋，車子過不去"], ["en", "Knee-deep water, no car gets through"]],
  },
  { kind: "building", severity: "severe", texts: [["zh-TW", "三層樓的磚房倒向馬路，不要靠近"], ["en", "Brick building leaning over the street, keep away"]] },
  { kind: "fire", severity: "extreme", texts: [["en", "Gas fire behind the station, fire brigade is here"]] },
  { kind: "hazard", severity: "moderate", texts: [["en", "Power line down across the footpath"], ["zh-TW", "電線掉在人行道上"]] },
  { kind: "shelter", severity: "unknown", texts: [["zh-TW", "體育館開放，有毯子，可以住"], ["en", "Gym is open, blankets and room for about 60"]] },
  { kind: "shelter", severity: "unknown", private: true, texts: [["en", "Families with children in a private house, please ask staff for the address"]] },
  { kind: "water", severity: "unknown", texts: [["zh-TW", "水車每天早上八點到"], ["en", "Water tanker at 8 every morning, bring a bottle"], ["ja", "給水車が毎朝 8 時に来ます"]] },
  { kind: "water", severity: "severe", needed: true, texts: [["en", "No drinking water since yesterday, about 80 people"], ["zh-TW", "從昨天起沒有飲用水，大約八十人"]] },
  { kind: "food", severity: "unknown", texts: [["en", "Hot meals at noon and at six"], ["ja", "昼と夕方に温かい食事があります"]] },
  { kind: "medical", severity: "unknown", texts: [["zh-TW", "醫療站，有醫生會說中文"], ["en", "First aid tent, a doctor until 20:00"]] },
  { kind: "power", severity: "minor", texts: [["en", "Charging point for phones, free"], ["zh-TW", "可以免費充電"]] },
  { kind: "communications", severity: "minor", texts: [["en", "One bar of signal on the hill behind the school"]] },
  { kind: "transport", severity: "unknown", texts: [["en", "Buses to the airport every two hours"], ["zh-TW", "往機場的巴士兩小時一班"]] },
  { kind: "volunteers_needed", severity: "severe", texts: [["en", "Need ten people to clear the path to the clinic"], ["zh-TW", "需要十個人幫忙清出往診所的路"]] },
]; // prettier-ignore

const helpers = [
  "慈濟志工隊",
  "Student Volunteer Army",
  "Road crew 4",
  "Langtang guides",
  "消防義工",
] as const;

/** How many reports are invented around each place. */
const EACH = 5;

/** The invented reports of an event: points and lines, said over days, confirmed, denied, taken and closed. */
export function inventReports(
  { event, startedHoursAgo, places }: InventedEvent,
  now: Date,
): InventedReport[] {
  const chance = chanceFrom(20_261_125 + event.slug.length);
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const reports: InventedReport[] = [];
  for (const [number, place] of places.entries()) {
    for (let n = 0; n < EACH; n += 1) {
      const { line, texts, ...pattern } = patterns[(number * EACH + n) % patterns.length]!;
      const [language, text] = chance.one(texts);
      const age = 1 + chance.next() * Math.min(60, startedHoursAgo - 2);
      const closing = chance.isLikely(0.35) && pattern.state !== "open";
      reports.push({
        ...pattern,
        key: `${event.slug} ${number} ${n}`,
        event: event.slug,
        geometry: somewhere(place, chance, line === true),
        place: place.name,
        ...(line ? { road: `Road ${1 + ((number * 3 + n) % 9)}` } : {}),
        text,
        language,
        observedAt: hoursAgo(age),
        accepted: chance.isLikely(0.6),
        said: voices(chance, age, hoursAgo),
        ...(closing
          ? {
              loop: {
                state: chance.one(["taken", "done", "confirmed", "confirmed"] as const),
                by: chance.one(helpers),
                at: hoursAgo(age * chance.next()),
              },
            }
          : {}),
      });
    }
  }
  // One road of which the authority says the contrary: the queue of disagreements has something to show.
  const [first] = places;
  if (first) {
    const from: Position = destination([first.lon, first.lat], 60, 900);
    const road: ReportGeometry = {
      type: "LineString",
      coordinates: [from, destination(from, 75, 700), destination(from, 68, 1_500)],
    };
    const shared = {
      event: event.slug,
      kind: "road" as const,
      geometry: road,
      road: "Road 12",
      place: first.name,
      severity: "moderate" as const,
    };
    reports.push(
      {
        ...shared, key: `${event.slug} official`, state: "open", passable: "car", text: "Road 12 is open (invented notice of an authority)",
        language: "en", observedAt: hoursAgo(5), source: "official", sourceName: "Example Transport Agency", sourceUrl: "https://example.org/roads/12",
      },
      {
        ...shared, key: `${event.slug} crowd`, state: "closed", passable: "foot", text: "路塌了一半，警察不讓車子過", language: "zh-TW",
        observedAt: hoursAgo(2), accepted: true, said: [{ verdict: "still", at: hoursAgo(1.2) }, { verdict: "still", at: hoursAgo(0.4) }],
      },
    ); // prettier-ignore
  }
  return reports;
}

/** What others said since: mostly that it is still so. */
function voices(
  chance: Chance,
  age: number,
  hoursAgo: (hours: number) => Date,
): { verdict: Verdict; at: Date }[] {
  return Array.from({ length: chance.whole(0, 4) }, () => ({
    verdict: chance.isLikely(0.75)
      ? ("still" as const)
      : chance.one(["changed", "cleared", "wrong"] as const),
    at: hoursAgo(age * chance.next()),
  }));
}

/** A place within three kilometres, or a bent stretch of road from there. */
function somewhere(place: Place, chance: Chance, line: boolean): ReportGeometry {
  const start = destination([place.lon, place.lat], chance.whole(0, 359), chance.whole(100, 3_000));
  if (!line) return { type: "Point", coordinates: start };
  const coordinates: Position[] = [start];
  let bearing = chance.whole(0, 359);
  for (let bend = chance.whole(2, 5); bend > 0; bend -= 1) {
    bearing += chance.whole(-35, 35);
    coordinates.push(destination(coordinates.at(-1)!, (bearing + 360) % 360, chance.whole(120, 450)));
  }
  return { type: "LineString", coordinates };
}
