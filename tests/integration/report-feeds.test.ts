import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCap, type CapItem } from "#app/formats/cap-reader.ts";
import type { CapAlert } from "#app/formats/cap.ts";
import { readCsv } from "#app/formats/csv.ts";
import { distanceMetres, lineLengthMetres, type Position } from "#app/formats/geometry.ts";
import { confirmReport, postReport, type PostedReport } from "#tests/support/reports.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import type { Commands } from "#app/platform/db.server.ts";

let site: Site;
let commands: Commands;
/** A landslide across a road that two others confirm, and its words. */
let slide: PostedReport;
const line = [
  [85.1, 27.9],
  [85.105, 27.902],
  [85.112, 27.903],
] as const;
/** Positions that must never leave. */
const secret: Position = [85.323456, 27.717654];
let hidden: PostedReport[];

beforeAll(async () => {
  site = await startSite({
    env: { RATE_LIMITS: "off", SITE_DOMAIN: "lookout.example", PUBLIC_URL: "https://lookout.example" },
  });
  commands = {
    call: async <T>(name: string, { p }: { p?: unknown } = {}) => {
      const [row] = await site.sql.unsafe(`select public.${name}($1::jsonb) as told`, [p as never]);
      return row!.told as T;
    },
  };
  await commands.call("open_event", {
    p: { slug: "quake", titles: { en: "Quake" }, kind: "earthquake", time_zone: "Asia/Kathmandu" },
  });
  await commands.call("open_event", {
    p: { slug: "drill", titles: { en: "Drill" }, kind: "earthquake", drill: true },
  });
  slide = await postReport(commands, {
    event: "quake", kind: "landslide", state: "closed", passable: "none", road: "Road 3", place: "north of Exampletown",
    text: "Rock & mud over both lanes <still moving>", bypass: "Road 5 through the gorge", lat: 27.902, lon: 85.105, line,
    text_language: "en",
  }); // prettier-ignore
  await accept(slide.id);
  hidden = [
    await postReport(commands, {
      event: "quake",
      kind: "water",
      needed: true,
      state: null,
      passable: null,
      lat: secret[1],
      lon: secret[0],
    }),
    await postReport(commands, {
      event: "quake",
      kind: "shelter",
      private: true,
      state: null,
      passable: null,
      lat: secret[1],
      lon: secret[0],
    }),
    await postReport(commands, {
      event: "quake",
      kind: "volunteers_needed",
      state: null,
      passable: null,
      lat: secret[1],
      lon: secret[0],
      line: [secret, [85.33, 27.72]],
    }),
  ];
  for (const { id } of hidden) await accept(id);
});
afterAll(() => site?.close());

/** What staff does when they let a report through. */
const accept = (id: string) => site.sql`update app.reports set accepted_at = now() where id = ${id}`;
/** What the database says now: with a cookie that shared answers do not know, for these tests change it behind the site. */
const ask = (where: string) => site.fetch(where, { headers: { cookie: "probe=1" } });
const json = async (where: string) => {
  const answer = await ask(where);
  expect(answer.status, where).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};
const text = async (where: string) => {
  const answer = await ask(where);
  expect(answer.status, where).toBe(200);
  return answer.text();
};
async function alertOf(id: string): Promise<{ alert: CapAlert; xml: string }> {
  const xml = await text(`/feeds/cap/${id}.xml`);
  const items: CapItem[] = [];
  for await (const item of readCap(
    (async function* () {
      yield xml;
    })(),
  ))
    items.push(item);
  expect(items).toMatchObject([{ kind: "alert", version: "1.2", warnings: [] }]);
  return { alert: (items[0] as Extract<CapItem, { kind: "alert" }>).alert, xml };
}
async function everywhere() {
  const { alert, xml } = await alertOf(slide.id);
  const cifs = (await json("/feeds/cifs.json?event=quake")) as { incidents: Record<string, string>[] };
  const open511 = (await json("/feeds/open511.json?event=quake")) as { events: Record<string, unknown>[] };
  const geojson = (await json("/feeds/reports.geojson?event=quake")) as {
    features: { id: string; geometry: { coordinates: Position[] }; properties: Record<string, unknown> }[];
  };
  return {
    alert,
    xml,
    incident: cifs.incidents.find(({ id }) => id === slide.id),
    event: open511.events.find(({ id }) => id === `lookout.example/${slide.id}`),
    feature: geojson.features.find(({ id }) => id === slide.id),
  };
}

describe("the same road in every format", () => {
  it("is closed in all of them, at the same place, under the same address", async () => {
    const { alert, xml, incident, event, feature } = await everywhere();
    expect(feature!.properties).toMatchObject({
      kind: "landslide",
      state: "closed",
      passable: "none",
      verification: "accepted",
      source: "crowd",
      event: "quake",
    });
    expect(feature!.geometry).toEqual({ type: "LineString", coordinates: line });
    expect(alert).toMatchObject({
      status: "Actual",
      msgType: "Alert",
      scope: "Public",
      sender: "lookout.example",
      incidents: "quake",
      references: [],
    });
    expect(alert.info.map(({ language, certainty }) => [language, certainty])).toEqual([
      ["zh-TW", "Possible"],
      ["en", "Possible"],
      ["ja", "Possible"],
    ]);
    expect(alert.info[1]).toMatchObject({
      event: "Landslide: Closed",
      headline: "Landslide · Road 3: Closed",
      severity: "Severe",
      responseType: ["Avoid"],
      instruction: "Road 5 through the gorge",
    });
    expect(incident).toMatchObject({ type: "ROAD_CLOSED", street: "Road 3", direction: "BOTH_DIRECTIONS" });
    expect(incident!.polyline).toBe(
      line.map(([lon, lat]) => `${lat.toFixed(6)} ${lon.toFixed(6)}`).join(" "),
    );
    expect(event).toMatchObject({
      status: "ACTIVE",
      certainty: "POSSIBLE",
      severity: "MAJOR",
      roads: [{ name: "Road 3", state: "CLOSED", direction: "BOTH" }],
      geography: { type: "LineString", coordinates: line },
      timezone: "Asia/Kathmandu",
    });
    for (const url of [feature!.properties.url, alert.info[0]!.web, incident!.url, event!.url]) {
      expect(url).toBe(`https://lookout.example/map/reports/${slide.id}`);
    }
    // Every corner of the road lies within the reach of the polygon of the alert.
    const ring = alert.info[0]!.area[0]!.polygons[0]!;
    for (const corner of line)
      expect(Math.min(...ring.map((at) => distanceMetres(at, corner)))).toBeLessThan(120);
    // Offsets in digits, never Z; latitude first.
    expect(xml).toMatch(/<sent>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-00:00<\/sent>/);
    expect(xml).not.toMatch(/<(?:sent|onset|expires)>[^<]*Z</);
    expect(xml).toMatch(/<polygon>27\.\d+,85\.\d+ /);
    expect(xml).toContain("Rock &amp; mud over both lanes &lt;still moving&gt;");
    // What it says ends for drivers when it must be seen again: three half-lives of a landslide, not thirty days.
    const [from, until] = [incident!.starttime!, incident!.endtime!].map((at) => Date.parse(at));
    expect((until! - from!) / 3_600_000).toBeCloseTo(72, 0);
  });

  it("is Likely when two people confirm and Observed when staff has verified, never before, in an update of what was sent", async () => {
    const first = (await alertOf(slide.id)).alert;
    await confirmReport(commands, slide.id, "still");
    expect((await everywhere()).alert.info[0]!.certainty).toBe("Possible");
    await confirmReport(commands, slide.id, "still");
    const second = await everywhere();
    expect(second.alert).toMatchObject({
      msgType: "Update",
      references: [expect.objectContaining({ identifier: first.identifier })],
    });
    expect([
      second.alert.info[0]!.certainty,
      second.event!.certainty,
      second.feature!.properties.verification,
    ]).toEqual(["Likely", "LIKELY", "confirmed"]);
    await site.sql`update app.reports set verified_at = now() where id = ${slide.id}`;
    const third = await everywhere();
    expect([third.alert.info[0]!.certainty, third.event!.certainty]).toEqual(["Observed", "OBSERVED"]);
    expect(third.alert.references.map(({ identifier }) => identifier)).toEqual([
      ...second.alert.references.map(({ identifier }) => identifier),
      second.alert.identifier,
    ]);
    // Who asks for an older version is sent to the newest.
    const old = await ask(`/feeds/cap/${first.identifier}.xml`);
    expect([old.status, old.headers.get("location")]).toEqual([
      302,
      `/feeds/cap/${third.alert.identifier}.xml`,
    ]);
  });

  it("is no closure for drivers any more as soon as a motorcycle passes, and all is well when it is open", async () => {
    await site.sql`update app.reports set passable = 'motorcycle' where id = ${slide.id}`;
    const partly = await everywhere();
    expect([partly.incident!.type, partly.event!.event_subtypes]).toEqual([
      "HAZARD",
      expect.arrayContaining(["ALMOST_IMPASSABLE"]),
    ]);
    await site.sql`update app.reports set state = 'open', passable = 'heavy' where id = ${slide.id}`;
    const open = await everywhere();
    expect(open.incident).toBeUndefined();
    expect(open.event).toMatchObject({ roads: [expect.objectContaining({ state: "ALL_LANES_OPEN" })] });
    expect(open.alert.info[0]).toMatchObject({ responseType: ["AllClear"], urgency: "Past" });
    await site.sql`update app.reports set state = 'closed', passable = 'none' where id = ${slide.id}`;
  });

  it("keeps to the lengths that navigation takes: 30 m to 20 km", async () => {
    const short = await postReport(commands, {
      event: "quake",
      kind: "road",
      lat: 28,
      lon: 85,
      line: [
        [85, 28],
        [85.0001, 28],
      ],
    });
    const long = await postReport(commands, {
      event: "quake",
      kind: "road",
      passable: "none",
      lat: 28.2,
      lon: 85,
      line: [
        [85, 28],
        [85, 28.5],
      ],
    });
    await accept(short.id);
    await accept(long.id);
    const { incidents } = (await json("/feeds/cifs.json?event=quake")) as {
      incidents: { id: string; polyline: string }[];
    };
    expect(incidents.filter(({ id }) => id.startsWith(short.id))).toEqual([]);
    const parts = incidents.filter(({ id }) => id.startsWith(long.id));
    expect(parts.length).toBe(3);
    for (const { polyline } of parts) {
      expect(polyline).toMatch(/^(?:-?\d+\.\d{6} -?\d+\.\d{6} ?)+$/);
      const numbers = polyline.split(" ").map(Number);
      const positions = numbers.flatMap((lat, n): Position[] =>
        n % 2 === 0 ? [[numbers[n + 1]!, lat]] : [],
      );
      expect(lineLengthMetres(positions)).toBeLessThanOrEqual(20_000);
    }
  });

  it("is taken back everywhere when staff finds it false, also for those who only have the old alert", async () => {
    const before = (await alertOf(slide.id)).alert;
    await site.sql`update app.reports set false_at = now(), publication = 'hidden' where id = ${slide.id}`;
    const { alert, xml } = await alertOf(slide.id);
    expect(alert).toMatchObject({ msgType: "Cancel", info: [] });
    expect(alert.references.at(-1)!.identifier).toBe(before.identifier);
    expect(xml).not.toMatch(/Road 3|Rock/);
    const index = await text("/feeds/cap.atom?event=quake");
    expect(index).toContain(`/feeds/cap/${alert.identifier}.xml`);
    for (const feed of ["cifs.json", "open511.json", "reports.geojson", "reports.csv"]) {
      expect(await text(`/feeds/${feed}?event=quake`)).not.toContain(slide.id);
    }
  });
});

describe("what does not leave", () => {
  it("an unreviewed report is in no alert and no feed for drivers, and the others say that nobody has looked", async () => {
    const { id } = await postReport(commands, { event: "quake", line, lat: 27.902, lon: 85.105 });
    expect((await site.fetch(`/feeds/cap/${id}.xml`)).status).toBe(404);
    for (const feed of ["cap.atom", "cifs.json", "open511.json"])
      expect(await text(`/feeds/${feed}?event=quake`)).not.toContain(id);
    const one = await json(`/map/reports/${id}.geojson`);
    expect(one).toMatchObject({ type: "Feature", id, properties: { verification: "unreviewed" } });
  });

  it("A3 no door gives a protected position more exactly than its cell: list, CSV, alert, circle, box", async () => {
    const doors = [
      "/feeds/reports.geojson?event=quake", "/feeds/reports.csv?event=quake", "/feeds/cifs.json?event=quake",
      "/feeds/open511.json?event=quake", "/feeds/cap.atom?event=quake",
      ...hidden.flatMap(({ id }) => [`/feeds/cap/${id}.xml`, `/map/reports/${id}.geojson`]),
    ]; // prettier-ignore
    for (const door of doors) expect(await text(door), door).not.toMatch(/27\.7176|85\.3234/);
    const circles = await Promise.all(
      hidden.map(async ({ id }) => (await alertOf(id)).alert.info[0]!.area[0]!.circles[0]!),
    );
    for (const { centre, radius_km } of circles) {
      expect(radius_km).toBeGreaterThanOrEqual(1);
      // The circle tells the truth: the place lies within it.
      expect(distanceMetres(centre, secret)).toBeLessThan(1_000);
      expect(centre).toEqual(circles[0]!.centre);
    }
    // Asking with ever smaller boxes finds the middle of the cell and nothing else.
    const [lon, lat] = secret;
    const around = (size: number, [x, y]: Position = [lon, lat]) =>
      `${x - size},${y - size},${x + size},${y + size}`;
    const found = async (bbox: string) =>
      ((await json(`/feeds/reports.geojson?event=quake&bbox=${bbox}`)).features as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await found(around(0.00001))).toEqual([]);
    for (const { id } of hidden) expect(await found(around(0.00001, circles[0]!.centre))).toContain(id);
  });

  it("a drill is told only to who asks for it, as an exercise, and never to drivers", async () => {
    const { id } = await postReport(commands, { event: "drill", line, lat: 27.902, lon: 85.105 });
    await accept(id);
    expect(await text("/feeds/cap.atom")).not.toContain(id);
    expect(await text("/feeds/reports.geojson")).not.toContain(id);
    expect(await text("/feeds/cap.atom?event=drill")).toContain("[Exercise] ");
    expect((await alertOf(id)).alert).toMatchObject({ status: "Exercise", note: "Exercise drill" });
    for (const feed of ["cifs.json", "open511.json"])
      expect(await text(`/feeds/${feed}?event=drill`)).not.toContain(id);
  });

  it("hidden reports answer like those that never were", async () => {
    const { id } = await postReport(commands, { event: "quake" });
    await site.sql`update app.reports set publication = 'held' where id = ${id}`;
    const never = "00000000-0000-4000-8000-000000000000";
    for (const door of [
      (one: string) => `/feeds/cap/${one}.xml`,
      (one: string) => `/map/reports/${one}.geojson`,
    ]) {
      const [held, none] = await Promise.all([site.fetch(door(id)), site.fetch(door(never))]);
      expect([held.status, await held.text()]).toEqual([none.status, await none.text()]);
      expect(none.status).toBe(404);
    }
  });
});

describe("the page of the map", () => {
  it("says whose notices are among the reports and how fresh they are, in the language of the reader", async () => {
    expect(await text("/map")).not.toContain("官方來源");
    await commands.call("keep_feed_state", {
      p: { name: "usgs", issuer: "U.S. Geological Survey", changed: true, taken: 3 },
    });
    await commands.call("keep_feed_state", {
      p: { name: "gdacs", issuer: "GDACS", failure: "gdacs.example cannot be reached" },
    });
    const page = await text("/map");
    expect(page).toContain("官方來源");
    expect(page).toMatch(/U\.S\. Geological Survey，剛剛看過/);
    expect(page).toMatch(/GDACS，剛剛沒讀到/);
    expect(page).not.toContain("cannot be reached");
  });
});

describe("the feeds as such", () => {
  it.each([
    ["/feeds/cap.atom", /^application\/atom\+xml/],
    ["/feeds/cifs.json", /^application\/json/],
    ["/feeds/open511.json", /^application\/json/],
    ["/feeds/reports.geojson", /^application\/geo\+json/],
    ["/feeds/reports.csv", /^text\/csv/],
  ])("%s names its type, is open to other sites, and is not sent twice", async (where, type) => {
    const first = await site.fetch(where);
    expect([first.status, first.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(first.headers.get("content-type")).toMatch(type);
    const again = await site.fetch(where, { headers: { "if-none-match": first.headers.get("etag")! } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("GeoJSON across the antimeridian is found by a box that crosses it, cut there, and boxed as RFC 7946 says", async () => {
    const { id } = await postReport(commands, {
      event: "quake",
      kind: "road",
      lat: -17.5,
      lon: 180,
      line: [
        [179.99, -17.5],
        [-179.99, -17.5],
      ],
    });
    const found = (await json("/feeds/reports.geojson?event=quake&bbox=179,-18,-179,-17")) as {
      bbox: number[];
      features: { id: string; geometry: unknown }[];
    };
    expect(found.features).toMatchObject([
      {
        id,
        geometry: {
          type: "MultiLineString",
          coordinates: [
            [
              [179.99, -17.5],
              [180, -17.5],
            ],
            [
              [-180, -17.5],
              [-179.99, -17.5],
            ],
          ],
        },
      },
    ]);
    expect(found.bbox).toEqual([179.99, -17.5, -179.99, -17.5]);
  });

  it("H43 the table begins with a mark for spreadsheets and runs nothing", async () => {
    await postReport(commands, {
      event: "quake",
      kind: "other",
      text: '=cmd|" /C calc"!A0',
      road: "@SUM(1)",
    });
    const table = Buffer.from(await (await ask("/feeds/reports.csv?event=quake")).arrayBuffer());
    expect([...table.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows: Record<string, string>[] = [];
    for await (const item of readCsv(
      (async function* () {
        yield table;
      })(),
    ))
      if (item.kind === "row") rows.push(item.values);
    expect(rows.length).toBeGreaterThan(3);
    expect(table.toString()).toContain(`"'=cmd|"" /C calc""!A0"`);
    expect(table.toString()).not.toMatch(/(?:^|,)"?[=@]/m);
  });

  it.each([
    ["bbox=1,2,3", "bbox_invalid"],
    ["bbox=NaN,0,1,1", "bbox_invalid"],
    ["bbox=Infinity,0,1,1", "bbox_invalid"],
    ["bbox=0,91,1,95", "bbox_invalid"],
    ["bbox=0,10,1,5", "bbox_invalid"],
    ["bbox=1e309,0,1,1", "bbox_invalid"],
    ["since=2026-02-30T00:00:00Z", "time_invalid"],
    ["since=infinity", "time_invalid"],
    ["since=294277-01-01T00:00:00Z", "time_invalid"],
    ["since=2026-01-01T00:00:00", "time_offset_missing"],
    ["limit=0", "limit_invalid"],
    ["limit=-1", "limit_invalid"],
    ["limit=1e9", "limit_invalid"],
    ["kind=dragon", "kind_unknown"],
    ["kind=__proto__", "kind_unknown"],
    ["passable=tank", "passable_unknown"],
    ["event=..%2F..%2Fetc", "event_unknown"],
    ["status=%27;drop", "status_unknown"],
  ])("H33 H34 H35 ?%s is refused in words of its own", async (query, token) => {
    for (const feed of ["reports.geojson", "cifs.json"]) {
      const answer = await site.fetch(`/feeds/${feed}?${query}`);
      expect(answer.status, query).toBe(422);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(await answer.json()).toMatchObject({ token });
    }
  });

  it.each([
    "x",
    "../../etc/passwd",
    "report.%00",
    "-1",
    "9007199254740993",
    "report.00000000-0000-4000-8000-000000000000.20260101000000",
  ])("H30 an alert called %s is not there", async (id) => {
    expect([400, 404]).toContain((await site.fetch(`/feeds/cap/${encodeURIComponent(id)}.xml`)).status);
  });

  it("H36 languages do not change what programs read", async () => {
    const plain = await text("/feeds/cap.atom?event=quake");
    const answer = await site.fetch("/feeds/cap.atom?event=quake", {
      headers: { "accept-language": `ja,${"x".repeat(3_000)}` },
    });
    expect(await answer.text()).toBe(plain);
    expect((await site.fetch("/feeds/cap.atom?event=quake&lang=../../etc")).status).toBe(200);
  });
});
