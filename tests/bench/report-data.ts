/** Fills the map of a database with invented reports: by COPY, because a million posts would take hours. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Sql } from "postgres";
import { PASSABLE, REPORT_KINDS, REPORT_SEVERITIES, ROAD_STATES } from "#app/formats/report-record.ts";
import type { Passable, ReportKind, ReportSeverity, RoadState } from "#app/formats/report-record.ts";
import { chance } from "./people.ts";

const EVENTS = ["00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000ab"] as const;

export interface InventedReport {
  id: string;
  /** Of the larger event, or of the smaller. */
  event: 0 | 1;
  kind: ReportKind;
  state: RoadState | null;
  passable: Passable | null;
  severity: ReportSeverity;
  lon: number;
  lat: number;
  minutesAgo: number;
}

/** Where disasters are: a few hundred places, some of them crowded, most of the reports along valleys and coasts near them. */
export function* inventReports(count: number, seed = 20150425): Generator<InventedReport> {
  const luck = chance(seed);
  const around = (spread: number) => (luck() + luck() + luck() - 1.5) * spread;
  const places = Array.from({ length: 300 }, (_, n) => ({
    // Taiwan and Nepal first: most of those who look, look there.
    lon: n === 0 ? 121 : n === 1 ? 85.3 : luck() * 340 - 170,
    lat: n === 0 ? 23.8 : n === 1 ? 27.8 : luck() * 110 - 50,
    tilt: luck() * Math.PI,
  }));
  for (let n = 0; n < count; n += 1) {
    const place = places[Math.floor(luck() ** 3 * places.length)]!;
    const [along, across] = [around(1.5), around(0.25)];
    const kind = luck() < 0.4 ? "road" : REPORT_KINDS[Math.floor(luck() * REPORT_KINDS.length)]!;
    const isRoad = ["road", "bridge", "landslide", "flood"].includes(kind);
    yield {
      id: uuidOf(n),
      event: luck() < 0.8 ? 0 : 1,
      kind,
      state: isRoad ? ROAD_STATES[Math.floor(luck() * ROAD_STATES.length)]! : null,
      passable: isRoad ? PASSABLE[Math.floor(luck() * PASSABLE.length)]! : null,
      severity: REPORT_SEVERITIES[Math.floor(luck() * REPORT_SEVERITIES.length)]!,
      lon: Math.max(
        -180,
        Math.min(180, place.lon + along * Math.cos(place.tilt) - across * Math.sin(place.tilt)),
      ),
      lat: Math.max(
        -85,
        Math.min(85, place.lat + along * Math.sin(place.tilt) + across * Math.cos(place.tilt)),
      ),
      // Thirty days, the newer the more.
      minutesAgo: Math.floor(luck() ** 2 * 30 * 24 * 60),
    };
  }
}

/** Puts them there; what is counted beside them is counted once, at the end. */
export async function fillMap(sql: Sql, reports: Iterable<InventedReport>, now: Date): Promise<void> {
  await sql.unsafe(
    `insert into app.events (id, slug, titles, kind, state) values
      ('${EVENTS[0]}', 'bench-map', '{"en": "Benchmark quake"}', 'earthquake', 'open'),
      ('${EVENTS[1]}', 'bench-small', '{"en": "Benchmark storm"}', 'typhoon', 'open')`,
  );
  await sql.begin(async (work) => {
    await work.unsafe(
      "alter table app.reports disable trigger user; alter table app.reports enable trigger _100_place",
    );
    await pipeline(
      Readable.from(lines(reports, now)),
      await work
        .unsafe(
          "copy app.reports (id, event_id, kind, needed, protected, state, passable, severity, position, text, observed_at, expires_at, affirmed_at, heard_at, stale_at) from stdin",
        )
        .writable(),
    );
    await work.unsafe("alter table app.reports enable trigger user");
    await work.unsafe("select app.rebuild_report_counts()");
  });
  await sql.unsafe("vacuum analyze app.reports");
  await sql.unsafe("vacuum analyze app.report_counts");
}

function* lines(reports: Iterable<InventedReport>, now: Date): Generator<string> {
  const expires = new Date(now.getTime() + 30 * 86_400_000).toISOString();
  let piece = "";
  for (const { id, event, kind, state, passable, severity, lon, lat, minutesAgo } of reports) {
    const seen = new Date(now.getTime() - minutesAgo * 60_000).toISOString();
    const protectedly = kind === "volunteers_needed" ? "t" : "f";
    piece += `${[id, EVENTS[event], kind, protectedly, protectedly, state ?? "\\N", passable ?? "\\N", severity, `(${lon},${lat})`, "落石擋住半條路，機車可以過", seen, expires, seen, seen, seen].join("\t")}\n`;
    if (piece.length > 60_000) {
      yield piece;
      piece = "";
    }
  }
  if (piece) yield piece;
}

function uuidOf(n: number): string {
  const hex = createHash("sha256").update(`report ${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
