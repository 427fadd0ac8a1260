import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bboxOfCells, cellsOfView } from "#app/features/map/clusters.ts";
import { clusterReports, countReports, type ReportFilter } from "#app/features/map/reports.server.ts";
import { bboxContains, roundToGrid, type Bbox } from "#app/formats/geometry.ts";
import { PASSABLE, REPORT_KINDS, REPORT_SEVERITIES, ROAD_STATES } from "#app/formats/report-record.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { confirmReport, postReport } from "#tests/support/reports.ts";

const world: Bbox = [-180, -90, 180, 90];

forEachDoor((door) => {
  beforeAll(async () => {
    await door.sql`
      insert into app.events (slug, titles, kind, drill)
      values ('quake', '{"en": "Q"}', 'earthquake', false), ('practice', '{"en": "P"}', 'drill', true)`;
    // Three thousand reports, dense in a few places, at the poles and on both sides of the antimeridian.
    await door.sql`
      insert into app.reports (event_id, kind, position, state, passable, severity, observed_at, expires_at, affirmed_at, heard_at, stale_at, status, publication)
      select e.id, (array['road', 'water', 'landslide', 'fire'])[1 + n % 4]::app.report_kind,
             case n % 5
               when 0 then point(85.3 + (n % 97) * 0.001, 27.7 + (n % 89) * 0.001)
               when 1 then point(179.5 + (n % 50) * 0.01, -17 + (n % 31) * 0.1)
               when 2 then point(-180 + (n % 50) * 0.01, -17 + (n % 31) * 0.1)
               when 3 then point(-180 + (n * 7919 % 36000) * 0.01, -90 + (n * 104729 % 18000) * 0.01)
               else point(121.5 + (n % 13) * 0.1, 25 + (n % 7) * 0.1)
             end,
             case when n % 4 in (0, 2) then (array['closed', 'single_lane', 'open'])[1 + n % 3]::app.road_state end,
             case when n % 8 = 0 then (array['none', 'foot', 'car', 'truck', 'heavy'])[1 + n % 5]::app.passable end,
             (array['unknown', 'minor', 'moderate', 'severe', 'extreme'])[1 + n % 5]::app.report_severity,
             now() - n * interval '13 minutes', now() + interval '9 days', now(), now(), now(),
             case when n % 11 = 0 then 'cleared' else 'active' end::app.report_status,
             case when n % 17 = 0 then 'held' else 'published' end::app.publication
      from generate_series(1, 3000) n
      join app.events e on e.slug = case when n % 10 = 3 then 'practice' when n % 10 = 4 then 'everyday' else 'quake' end`;
    await door.sql`analyze app.reports`;
    await door.sql`analyze app.report_counts`;
  });

  const filters = fc.record(
    {
      event: fc.constantFrom("quake", "everyday", "practice"),
      kind: fc.uniqueArray(fc.constantFrom(...REPORT_KINDS.slice(0, 5), "water" as const), {
        minLength: 1,
        maxLength: 3,
      }),
      state: fc.constantFrom(...ROAD_STATES),
      passable: fc.constantFrom(...PASSABLE),
      since: fc
        .integer({ min: 1, max: 600 })
        .map((hours) => new Date(Date.now() - hours * 3_600_000).toISOString()),
      status: fc.constantFrom("active" as const, "cleared" as const),
      stale: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it("counts add up to the filtered total, whatever the view and the filter", async () => {
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.constantFrom<Bbox>(
          world,
          [70, 0, 140, 50],
          [85.2, 27.6, 85.5, 27.9],
          [175, -25, -175, -5],
          [-180, 60, 180, 90],
        ),
        fc.integer({ min: 0, max: 16 }),
        async (filter, bbox, zoom) => {
          const page = await clusterReports(door.anon, { bbox, zoom }, filter);
          expect(page.total).toBe(page.clusters.reduce((sum, { count }) => sum + count, 0));
          // Counted once more, by the list: all that are shown within the cells.
          const rows = await door.sql<{ lon: number; lat: number }[]>`
            select r.position[0] as lon, r.position[1] as lat from app.find_reports(${door.sql.json({ ...filter, kind: filter.kind ?? [], limit: 10_000 })}) f
            join app.reports r on r.id = f.report_id`;
          const range = cellsOfView(bbox, zoom);
          const box = bboxOfCells(range);
          const inside = rows.filter(({ lon, lat }) => {
            // A cell ends where the next begins; the last one of the world has its end.
            const [west, south, east, north] = box;
            const below = lat > south || (south === -90 && lat === -90);
            const column =
              west < east ? lon >= west && (lon < east || east === 180) : lon >= west || lon < east;
            return below && lat <= north && column;
          });
          expect(page.total).toBe(inside.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("the world's counts are the list's total", async () => {
    for (const filter of [
      {},
      { event: "quake" },
      { kind: ["fire"] },
      { passable: "truck" },
      { state: "closed" },
    ] as ReportFilter[]) {
      const { total } = await clusterReports(door.anon, { bbox: world, zoom: 2 }, filter);
      expect(total, JSON.stringify(filter)).toBe(await countReports(door.anon, filter));
      expect(total).toBeGreaterThan(0);
    }
  });

  it("each cluster has the worst severity and the newest time in it, and one alone is the report itself", async () => {
    const { clusters, bbox } = await clusterReports(
      door.anon,
      { bbox: [120, 24, 124, 27], zoom: 8 },
      { kind: ["water"] },
    );
    expect(clusters.length).toBeGreaterThan(3);
    const rows = await door.sql<
      { lon: number; lat: number; severity: (typeof REPORT_SEVERITIES)[number]; at: Date }[]
    >`
      select r.position[0] as lon, r.position[1] as lat, r.severity, r.observed_at as at from app.reports r
      join app.events e on e.id = r.event_id
      where r.kind = 'water' and r.publication = 'published' and r.status = 'active' and not e.drill`;
    for (const cluster of clusters) {
      const [level, x, y] = cluster.id.split("/").map(Number) as [number, number, number];
      const cell = bboxOfCells({ level, x0: x, x1: x, y0: y, y1: y });
      const inside = rows.filter(({ lon, lat }) => bboxContains(cell, [lon, lat]));
      expect(cluster.count).toBe(inside.length);
      const worst = Math.max(...inside.map(({ severity }) => REPORT_SEVERITIES.indexOf(severity)));
      expect(cluster.worst_severity).toBe(REPORT_SEVERITIES[worst]);
      expect(Date.parse(cluster.newest)).toBe(Math.max(...inside.map(({ at }) => at.getTime())));
      expect(cluster.report === null).toBe(cluster.count > 1);
      expect(bboxContains(bbox, cluster.position)).toBe(true);
    }
  });

  it("names stay and numbers stay while the map is moved", async () => {
    const at = (lon: number) => clusterReports(door.anon, { bbox: [lon, 0, lon + 60, 40], zoom: 4 }, {});
    const [here, there] = [await at(60), await at(64.3)];
    const common = here.clusters.filter(({ id }) => there.clusters.some((other) => other.id === id));
    expect(common.length).toBeGreaterThan(3);
    for (const { id, count } of common)
      expect(there.clusters.find((other) => other.id === id)?.count).toBe(count);
  });

  it("drills are counted by their own slug alone, held and hidden ones never", async () => {
    const all = await clusterReports(door.anon, { bbox: world, zoom: 1 }, {});
    const drill = await clusterReports(door.anon, { bbox: world, zoom: 1 }, { event: "practice" });
    const [row] = await door.sql`
      select count(*) filter (where not e.drill)::int as real, count(*) filter (where e.drill)::int as drill
      from app.reports r join app.events e on e.id = r.event_id where r.publication = 'published' and r.status = 'active'`;
    expect([all.total, drill.total]).toEqual([row!.real, row!.drill]);
  });

  it("counts follow every change: posted, moved, corrected, closed, hidden, restored", async () => {
    const kept = async () => [
      ...(await door.sql`
        select grain, level, cell::text, event_id, kind, state, passable, day::text, unknown, minor, moderate, severe, extreme, newest, newest_id
        from app.report_counts order by 1, 2, 3, 4, 5, 6, 7, 8`),
    ];
    const { id, manageHash } = await postReport(door.commands, { event: "quake", lat: -43.5, lon: 172.6 });
    const other = await postReport(door.commands, {
      event: "quake",
      lat: -43.5,
      lon: 172.601,
      kind: "fire",
      severity: "extreme",
    });
    await confirmReport(door.commands, id, "still");
    await door.sql`update app.reports set severity = 'minor', observed_at = observed_at - interval '2 days' where id = ${other.id}`;
    await door.sql`update app.reports set position = point(10, 10) where id = ${other.id}`;
    await door.sql`update app.reports set publication = 'hidden' where id = ${other.id}`;
    await door.sql`update app.reports set publication = 'published' where id = ${other.id}`;
    await door.commands.call("move_report", {
      p: { report_id: id, manage_hash: manageHash, act: "confirm", caller: randomUUID() },
    });
    await door.sql`update app.reports set status = 'cleared' where kind = 'water' and position[1] < -20`;
    const before = await kept();
    await door.sql`select app.rebuild_report_counts()`;
    const anew = await kept();
    expect(before.length).toBe(anew.length);
    // Of two at the same moment either may be the newest.
    const plain = (rows: typeof before) => rows.map(({ newest_id: _id, ...row }) => JSON.stringify(row));
    expect(plain(before)).toEqual(plain(anew));
  });

  describe("cannot", () => {
    it("be asked for more cells than a view has", async () => {
      const answer = await door.anon.rpc("cluster_reports", {
        p: { level: 22, x0: 0, x1: 4_000_000, y0: 0, y1: 4_000_000 },
      });
      expect(answer.error).toMatchObject({ message: "bbox_invalid" });
    });

    it("A3: tell where somebody who asks for help is: a cluster of one stands at the displaced place", async () => {
      const exact = [61.23456, 10.98765] as const;
      const { id } = await postReport(door.commands, {
        kind: "volunteers_needed",
        state: null,
        passable: null,
        lat: exact[1],
        lon: exact[0],
      });
      const shown = roundToGrid(exact, 1_000);
      for (let zoom = 0; zoom <= 22; zoom += 2) {
        const { clusters } = await clusterReports(
          door.anon,
          { bbox: [shown[0] - 0.001, shown[1] - 0.001, shown[0] + 0.001, shown[1] + 0.001], zoom },
          {},
        );
        const one = clusters.find(({ report }) => report?.id === id);
        if (one) expect(one.position).toEqual([shown[0], shown[1]]);
        if (zoom >= 8) expect(one, `zoom ${zoom}`).toBeDefined();
      }
      const at = await clusterReports(
        door.anon,
        { bbox: [exact[0] - 1e-5, exact[1] - 1e-5, exact[0] + 1e-5, exact[1] + 1e-5], zoom: 22 },
        {},
      );
      expect(at.total).toBe(0);
      expect(
        JSON.stringify(
          await clusterReports(door.anon, { bbox: world, zoom: 4 }, { kind: ["volunteers_needed"] }),
        ),
      ).not.toContain("61.2345");
    });
  });
});
