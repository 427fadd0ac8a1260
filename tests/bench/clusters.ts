/** The map from far and near, over maps of several sizes, beside supercluster in the same process. */
import path from "node:path";
import Supercluster from "supercluster";
import { clusterReports, type ReportFilter } from "#app/features/map/reports.server.ts";
import type { Bbox } from "#app/formats/geometry.ts";
import { PASSABLE } from "#app/formats/report-record.ts";
import { connectSql, openDoor, type Db } from "#app/platform/db.server.ts";
import { startEmbedded } from "#app/platform/embedded.server.ts";
import { migrate } from "#app/server/migrate.ts";
import { median, milliseconds, percentile, type Benchmark, type Finding } from "./measuring.ts";
import { chance } from "./people.ts";
import { root } from "./places.ts";
import { temporaryDirectory } from "./processes.ts";
import { fillMap, inventReports, type InventedReport } from "./report-data.ts";

interface View {
  bbox: Bbox;
  zoom: number;
}

type Filter = Omit<ReportFilter, "bbox">;

/** What a filter of ours leaves, said once more for the peer. */
interface Filtered {
  name: string;
  filter: (now: Date) => Filter;
  keeps: (report: InventedReport) => boolean;
}

const HOUR = 60;
const FILTERS: readonly Filtered[] = [
  { name: "roads", filter: () => ({ kind: ["road"] }), keeps: ({ kind }) => kind === "road" },
  {
    name: "the last 24 hours",
    filter: (now) => ({ since: new Date(now.getTime() - 24 * HOUR * 60_000).toISOString() }),
    keeps: ({ minutesAgo }) => minutesAgo <= 24 * HOUR,
  },
  {
    name: "what a truck passes",
    filter: () => ({ passable: "truck" }),
    keeps: ({ passable, state }) =>
      passable === null ? state === "open" : PASSABLE.indexOf(passable) >= PASSABLE.indexOf("truck"),
  },
  {
    name: "closed roads of a small event",
    filter: () => ({ event: "bench-small", kind: ["road"], state: "closed" }),
    keeps: ({ event, kind, state }) => event === 1 && kind === "road" && state === "closed",
  },
  {
    name: "floods of three days",
    filter: (now) => ({ kind: ["flood"], since: new Date(now.getTime() - 72 * HOUR * 60_000).toISOString() }),
    keeps: ({ kind, minutesAgo }) => kind === "flood" && minutesAgo <= 72 * HOUR,
  },
];

export const clusters: Benchmark = async ({ boards, rounds, quick }, say) => {
  const findings: Finding[] = [];
  for (const size of boards) {
    const postgres = await startEmbedded(path.join(temporaryDirectory("clusters"), "data"), {
      what: "a benchmark",
      log: { info() {}, warn: console.error, error: console.error },
    });
    try {
      const door = await openDoor(postgres.address, "postgres", "only for benchmarks, and only here", {
        owned: true,
        prepare: (session) => migrate(session, path.join(root, "supabase/migrations")).then(() => {}),
      });
      const sql = connectSql(postgres.address, "postgres", 2);
      const reports = [...inventReports(size)];
      const now = new Date();
      const took = await milliseconds(() => fillMap(sql, reports, now));
      say(`${size.toLocaleString("en")} reports are on the map (${(took / 1000).toFixed(0)} s)`);
      const seen = `${size.toLocaleString("en")} reports`;
      const views = viewsOf(quick ? 6 : 20);

      for (const [name, some] of Object.entries(views)) {
        await ask(door.db, some, {});
        const { ours, peer } = await besidePeer(
          rounds,
          () => ask(door.db, some, {}),
          () => peerOf(reports, () => true, some[0]!),
        );
        findings.push({
          what: `${name}, ${seen}: 95 % of views within`,
          unit: "ms",
          ours: median(ours.map(({ times }) => percentile(times, 0.95))),
          peer: 20,
          beside: "limit",
          aim: { atMost: 1 },
          note: `supercluster: ${Math.round(median(peer.map(({ build }) => build)))} ms to build, ${median(peer.map(({ query }) => query)).toFixed(1)} ms to ask`,
        });
        findings.push({
          what: `${name}, ${seen}: largest answer`,
          unit: "kB",
          ours: Math.max(...ours.map(({ largest }) => largest)) / 1_000,
          peer: 100,
          beside: "limit",
          aim: { atMost: 1 },
        });
      }
      for (const { name, filter, keeps } of FILTERS) {
        const all = Object.values(views).flat();
        await ask(door.db, all, filter(now));
        const { ours, peer } = await besidePeer(
          rounds,
          () => ask(door.db, all, filter(now)),
          () => peerOf(reports, keeps, all[0]!),
        );
        const whole = median(peer.map(({ build, query }) => build + query));
        findings.push({
          what: `${name}, ${seen}: 95 % of views within`,
          unit: "ms",
          ours: median(ours.map(({ times }) => percentile(times, 0.95))),
          peer: whole,
          beside: "supercluster: filter, index of what is left, question",
          ...(size >= 1_000_000 ? { aim: { atMost: 1 / 20 } } : {}),
        });
        await sameCounts(door.db, filter(now), reports.filter(keeps).length);
      }
      findings.push(await newReport(door.db, sql, seen));
      await door.close();
      await sql.end({ timeout: 1 });
    } finally {
      await postgres.stop();
    }
  }
  return findings;
};

/** Views as people have them: the world, a country, a town, each moved about a little. */
function viewsOf(count: number): Record<"world" | "country" | "city", View[]> {
  const luck = chance(7);
  const around = (lon: number, lat: number, width: number, zoom: number): View[] =>
    Array.from({ length: count }, () => {
      const [x, y] = [lon + (luck() - 0.5) * width, lat + ((luck() - 0.5) * width) / 2];
      return { bbox: [x - width / 2, y - width / 4, x + width / 2, y + width / 4], zoom };
    });
  const half = Math.ceil(count / 2);
  return {
    world: Array.from({ length: count }, (_, n) => ({ bbox: [-180, -70, 180, 80], zoom: n % 3 })),
    country: [...around(121, 23.8, 6, 7).slice(0, half), ...around(85.3, 27.8, 6, 7).slice(0, count - half)],
    city: [
      ...around(121.2, 23.9, 0.4, 12).slice(0, half),
      ...around(85.3, 27.8, 0.4, 12).slice(0, count - half),
    ],
  };
}

async function ask(db: Db, views: readonly View[], filter: Filter) {
  const times: number[] = [];
  let largest = 0;
  for (const view of views) {
    const began = performance.now();
    const page = await clusterReports(db, view, filter);
    times.push(performance.now() - began);
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(page)));
  }
  return { times, largest };
}

type Asked = Awaited<ReturnType<typeof ask>>;
type Built = ReturnType<typeof peerOf>;

async function besidePeer(rounds: number, ours: () => Promise<Asked>, peer: () => Built) {
  const measured = { ours: [] as Asked[], peer: [] as Built[] };
  for (let round = 0; round < rounds; round += 1) {
    measured.ours.push(await ours());
    measured.peer.push(peer());
  }
  return measured;
}

/** The peer has all reports in memory: it picks those of the filter, makes an index of them and answers one view. */
function peerOf(
  reports: readonly InventedReport[],
  keeps: (report: InventedReport) => boolean,
  { bbox, zoom }: View,
) {
  const began = performance.now();
  const index = new Supercluster<{ id: string }>({ maxZoom: 16 });
  index.load(
    reports.filter(keeps).map(({ id, lon, lat }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { id },
    })),
  );
  const built = performance.now();
  index.getClusters([...bbox], zoom);
  return { build: built - began, query: performance.now() - built };
}

/** A fast answer that is wrong is no answer: over the whole world the counts are what the filter leaves. */
async function sameCounts(db: Db, filter: Filter, expected: number): Promise<void> {
  const { total } = await clusterReports(db, { bbox: [-180, -90, 180, 90], zoom: 0 }, filter);
  // A report may have grown older than the hours asked for while the benchmark ran.
  if (Math.abs(total - expected) > 2 + expected / 1_000) {
    throw new Error(`The counts of ${JSON.stringify(filter)} add up to ${total} instead of ${expected}.`);
  }
}

async function newReport(db: Db, sql: ReturnType<typeof connectSql>, seen: string): Promise<Finding> {
  const times: number[] = [];
  for (let nth = 0; nth < 5; nth += 1) {
    const [lon, lat] = [-30 + nth, -40];
    const at: View = { bbox: [lon - 0.2, lat - 0.1, lon + 0.2, lat + 0.1], zoom: 12 };
    const before = (await clusterReports(db, at, {})).total;
    const began = performance.now();
    await sql`select public.post_report(${sql.json({
      event: "bench-map", kind: "road", state: "closed", text: `只在這裡的一則通報 ${nth}`, lat, lon, caller: null, voice: `bench ${nth}`,
    })})`; // prettier-ignore
    while ((await clusterReports(db, at, {})).total === before) {
      if (performance.now() - began > 30_000) throw new Error("A new report does not appear.");
    }
    times.push(performance.now() - began);
  }
  return {
    what: `a new report among ${seen} is on the map after`,
    unit: "ms",
    ours: median(times),
    peer: 5_000,
    beside: "limit",
    aim: { atMost: 1 },
    note: `the slowest of five: ${Math.round(Math.max(...times))} ms`,
  };
}
