import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listReports } from "#app/features/map/reports.server.ts";
import { createImportOfficialReports } from "#app/jobs/import-official-reports.ts";
import type { JobContext } from "#app/jobs/jobs.ts";
import { type Backend, unwrap } from "#app/platform/db.server.ts";
import { connectEmbedded } from "#app/platform/embedded.server.ts";
import { readEnvironment } from "#app/platform/env.server.ts";
import { createLog } from "#app/server/log.ts";
import { lookout } from "#app/server/lookout.ts";
import { openMigratedBackend } from "#app/server/migrate.ts";
import { guard, temporaryDirectory } from "#tests/support/run-directory.ts";

let dataDir: string;
let server: Backend;

beforeAll(async () => {
  dataDir = temporaryDirectory("imports");
  const env = readEnvironment({ DATA_DIR: dataDir });
  server = await openMigratedBackend(env, createLog("silent"), { what: "a server of the tests" });
  guard((await connectEmbedded(dataDir, { what: "a test" })).pid() ?? 0);
});
afterAll(() => server?.close());

async function take(input: string | Buffer, ...more: string[]) {
  let out = "";
  let err = "";
  const code = await lookout(["import", "reports", "-", ...more], {
    env: { DATA_DIR: dataDir, LOG_LEVEL: "error" },
    stdin: (async function* () {
      yield Buffer.from(input);
    })(),
    write: async (text) => void (out += text),
    tell: (line) => void (err += `${line}\n`),
    progress() {},
  });
  return { code, out, err };
}

const day = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
/** The fixtures are of an invented year; here they happened yesterday. */
const fixture = (name: string) =>
  Buffer.from(
    readFileSync(path.resolve("tests/fixtures", name), "latin1")
      .replaceAll("2031-06-02", day)
      .replaceAll(/\w{3}, 0[12] Jun 2031/g, new Date(`${day}T00:00:00Z`).toUTCString().slice(0, 16)),
    "latin1",
  );
const from = async (name: string) =>
  (await listReports(server.db, { limit: 100 })).items.filter(({ source_name }) => source_name === name);
const feature = (
  changes: Record<string, unknown>,
  geometry: unknown = { type: "Point", coordinates: [85.3, 27.7] },
) => ({
  type: "Feature",
  geometry,
  properties: {
    kind: "road",
    state: "closed",
    text: "No way through",
    observed_at: `${day}T06:00:00+05:45`,
    ...changes,
  },
});
const collection = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });

describe("files of reports", () => {
  it("F22 good rows land, bad rows are named with line, field and reason, and a second time changes nothing", async () => {
    const rows = [
      "id,kind,lat,lon,text,observed_at,state",
      `a,landslide,27.7,85.3,Rock on the road,${day}T06:00:00+05:45,closed`,
      `b,landslide,95,200,Nowhere,${day}T06:00:00+05:45,closed`,
      `c,dragon,27.7,85.3,Fire,${day}T06:00:00+05:45,`,
      `d,water,27.71,85.31,Drinking water,${day}T06:00:00Z,`,
    ].join("\r\n");
    const first = await take(rows, "--name", "A neighbour");
    expect(first.code).toBe(1);
    expect(first.out).toContain("line 4: c: kind: is none of the words that are known\n");
    expect(first.out).toContain(
      "rows (csv): 4 read, 2 new, 0 updated, 0 ended, 0 without anything new, 2 refused\n",
    );
    expect(first.out).toMatch(/line 3: b: (?:lat|lon): /);
    const second = await take(rows, "--name", "A neighbour", "--rows");
    expect(second.out).toContain("line 2: a: already here\n");
    expect(second.out).toContain("0 new, 0 updated, 0 ended, 2 without anything new, 2 refused");
    expect((await from("A neighbour")).map(({ text, verification }) => [text, verification]).sort()).toEqual([
      ["Drinking water", "unreviewed"],
      ["Rock on the road", "unreviewed"],
    ]);
  });

  it("GeoJSON of ours comes back as it went out: points, lines, and lines across the antimeridian", async () => {
    const line = {
      type: "LineString",
      coordinates: [
        [179.99, -17.5],
        [-179.99, -17.5],
      ],
    };
    const { out } = await take(
      collection(feature({ text: "Ford" }, line), feature({ text: "Bridge", kind: "bridge" })),
      "--name",
      "Ours",
      "--reviewed",
    );
    expect(out).toContain("2 read, 2 new");
    const found = await from("Ours");
    expect(found.find(({ text }) => text === "Ford")).toMatchObject({
      geometry: line,
      verification: "accepted",
    });
  });

  it.each([
    ["NaN", [Number.NaN, 1]],
    ["Infinity", [1e309, 1]],
    ["91 and 181", [181, 91]],
    ["swapped", [27.7, 95.3]],
    ["text", ["85.3", "27.7"]],
    ["one number", [85.3]],
    ["nothing", []],
  ])("H33 a place that is %s is refused by name, and its neighbour lands", async (what, coordinates) => {
    const name = `H33 ${what}`;
    const bad = feature({}, { type: "Point", coordinates });
    const { code, out } = await take(collection(bad, feature({ text: what })), "--name", name);
    expect(code).toBe(1);
    expect(out).toMatch(/line 1: geometry: |line 1: .*JSON/);
    expect(await from(name)).toHaveLength(1);
  });

  it.each([
    ["empty", []],
    ["of one point", [[85.3, 27.7]]],
    [
      "without length",
      [
        [85.3, 27.7],
        [85.3, 27.7],
      ],
    ],
    ["of 100,000 corners", Array.from({ length: 100_000 }, (_, n) => [80 + n / 100_000, 27 + (n % 2) / 100])],
  ])("a line that is %s is refused", async (_what, coordinates) => {
    const { code, out } = await take(collection(feature({}, { type: "LineString", coordinates })));
    expect(code).toBe(1);
    expect(out).toMatch(/line 1: geometry: (?:is a line|has more corners)/);
  });

  it("a line of many corners that a road may have is straightened by less than its width", async () => {
    const coordinates = Array.from({ length: 6_000 }, (_, n) => [
      85 + n / 10_000,
      27.7 + Math.sin(n / 300) / 1_000,
    ]);
    const { out } = await take(
      collection(feature({}, { type: "LineString", coordinates })),
      "--name",
      "Long road",
    );
    expect(out).toContain("1 new");
    const [report] = await from("Long road");
    expect((report!.geometry.coordinates as unknown[]).length).toBeLessThanOrEqual(2_000);
  });

  it.each([
    "0000-00-00",
    "2026-02-30T00:00:00Z",
    "294277-01-01T00:00:00Z",
    "infinity",
    "yesterday",
    `${day}T06:00:00`,
    `${new Date(Date.now() + 365 * 86_400_000).toISOString()}`,
  ])("H34 %s is no time to have seen something", async (observed_at) => {
    const { code, out } = await take(collection(feature({ observed_at })));
    expect(code).toBe(1);
    expect(out).toMatch(/observed_at: /);
  });

  it("H34 Nepal is at +05:45", async () => {
    await take(collection(feature({ observed_at: `${day}T06:00:00+05:45` })), "--name", "Kathmandu");
    expect(Date.parse((await from("Kathmandu"))[0]!.observed_at)).toBe(Date.parse(`${day}T00:15:00Z`));
  });

  it("H1 H8 words stay words, and H31 nothing that is not a field of a report has an effect", async () => {
    const evil = `<script>alert(1)</script>'; drop table--`;
    const more = {
      text: evil,
      publication: "published",
      verified_at: "2026-01-01",
      source: "official",
      confirmations: 99,
      __proto__: { kind: "fire" },
    };
    await take(collection(feature(more)), "--name", evil);
    expect(await from(evil)).toMatchObject([
      { text: evil, source: "imported", verification: "unreviewed", confirmations: 0, kind: "road" },
    ]);
  });

  it("H4 an address that runs something is none", async () => {
    const { out } = await take(collection(feature({ source_url: "javascript:alert(1)" })));
    expect(out).toContain("source_url: is not a web address");
  });

  it("an exercise never stands among what is real", async () => {
    const { out } = await take(collection(feature({ drill: true })));
    expect(out).toContain("drill: is an exercise");
  });

  it("what is no report file at all says so, and wrong usage is told from bad rows", async () => {
    expect(await take('{ "type": "Topology" }')).toMatchObject({
      code: 1,
      out: expect.stringContaining("there is no GeoJSON in it"),
    });
    expect((await take("x", "--format", "shapefile")).code).toBe(2);
    expect((await take("")).code).toBe(2);
  });
});

describe("notices of authorities", () => {
  it("an alert without scope is refused with the reason; one that only cancels is accepted as a cancel", async () => {
    const refused = await take(fixture("cap-1.2-without-scope.xml"));
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("storm-5: scope: is missing") });
    const cancelled = await take(fixture("cap-1.2-cancel-without-info.xml"), "--rows");
    expect(cancelled).toMatchObject({ code: 0, out: expect.stringContaining("ends what is not here") });
  });

  it("ISO-8859-1 is read right, and a circle without a radius is a place", async () => {
    const { code, out } = await take(fixture("cap-1.2-latin1.xml"));
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("rows (cap): 1 read, 1 new") });
    const [report] = await from("sismos.example.org");
    expect(report).toMatchObject({
      place: "Sismo 4.6 cerca de Peñón de Año Nuevo",
      source: "official",
      verification: "verified",
      lat: 12.747,
      lon: -88.783,
    });
  });

  it("an update changes the report that its alert became, and a cancel ends it", async () => {
    const alert = fixture("cap-1.2-landslide-two-languages.xml").toString("utf8");
    const id = /<identifier>([^<]+)/.exec(alert)![1]!;
    const sender = /<sender>([^<]+)/.exec(alert)![1]!;
    const sent = /<sent>([^<]+)/.exec(alert)![1]!;
    const first = alert
      .replace(/<msgType>\w+/, "<msgType>Alert")
      .replace(/<references>[^<]*<\/references>/, "");
    expect((await take(first)).out).toContain("1 new");
    const shown = await listReports(server.db, { limit: 100, source: "official" });
    const report = shown.items.find(({ source_name }) => first.includes(source_name ?? "-"))!;
    const update = first
      .replace(id, `${id}.u`)
      .replace(/<msgType>Alert/, "<msgType>Update")
      .replace(
        /<scope>Public<\/scope>/,
        `<scope>Public</scope><references>${sender},${id},${sent}</references>`,
      );
    expect((await take(update)).out).toContain("0 new, 1 updated");
    const cancel = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}.c</identifier><sender>${sender}</sender><sent>${day}T23:00:00+00:00</sent><status>Actual</status><msgType>Cancel</msgType><scope>Public</scope><references>${sender},${id}.u,${sent}</references></alert>`;
    expect((await take(cancel)).out).toContain("0 new, 0 updated, 1 ended");
    const ended = await listReports(server.db, { limit: 100, source: "official", status: "cleared" });
    expect(ended.items.map(({ id: one }) => one)).toContain(report.id);
  });

  it("an exercise of an authority is refused", async () => {
    expect((await take(fixture("cap-1.1-flood.xml"))).out).toContain("is an exercise");
  });

  it.each([
    [
      "billion laughs",
      `<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&m;</identifier></alert>`,
    ],
    ["a file of ours", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>`],
    ["a foreign DTD", `<!DOCTYPE alert SYSTEM "http://127.0.0.1/x.dtd"><alert/>`],
    ["a parameter entity", `<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><alert/>`],
    ["depth", `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${"<info>".repeat(200_000)}`],
    ["attributes", `<alert ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(" ")}/>`],
    ["UTF-7", `<?xml version="1.0" encoding="UTF-7"?><alert/>`],
    ["EBCDIC", `<?xml version="1.0" encoding="IBM037"?><alert/>`],
    ["another namespace", `<alert xmlns="urn:example:other"><identifier>x</identifier></alert>`],
    [
      "XInclude",
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2" xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></alert>`,
    ],
    ["no XML", "<alert"],
  ])("H40 a CAP file with %s is refused and leaves nothing", async (_what, bomb) => {
    const before = (await listReports(server.db, { limit: 1 })).total;
    const { code, out } = await take(bomb);
    expect(code).toBe(1);
    expect(out).not.toMatch(/root:|lollol/);
    expect((await listReports(server.db, { limit: 1 })).total).toBe(before);
  });

  it("H40 two million character references are refused before they are all read", async () => {
    const bomb = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${"&#x41;".repeat(2_000_000)}</identifier></alert>`;
    const { code } = await take(bomb);
    expect(code).toBe(1);
  });
});

describe("the official layer", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const one of servers) one.close().closeAllConnections();
  });
  async function serve(listener: RequestListener): Promise<string> {
    const one = createServer(listener);
    servers.push(one);
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  }
  let wrote = 0;
  async function look(
    feeds: string,
    env: Record<string, string> = { OFFICIAL_FEEDS_NEARBY: "on" },
    job = createImportOfficialReports(),
  ) {
    const context: JobContext = {
      backend: server,
      env: readEnvironment({ DATA_DIR: dataDir, OFFICIAL_FEEDS: feeds, ...env }),
      publicUrl: "http://127.0.0.1:3000",
      secret: () => Buffer.alloc(32),
      wrote: () => void (wrote += 1),
      log: createLog("silent"),
    };
    await job.run(context, new AbortController().signal);
    return job;
  }
  const feeds = async () =>
    Object.fromEntries(
      (
        unwrap(await server.db.from("official_feeds").select("*")) as {
          name: string;
          changed_at: string | null;
          failed_at: string | null;
        }[]
      ).map((row) => [row.name, row]),
    );
  const quake = (id: string, properties: object = {}) => ({
    type: "Feature",
    id,
    geometry: { type: "Point", coordinates: [85.1, 27.9, 10] },
    properties: {
      mag: 6.1,
      magType: "mww",
      place: "10 km N of Exampletown",
      time: Date.now() - 3_600_000,
      updated: Date.now() - 1_800_000,
      title: "M 6.1 - 10 km N of Exampletown",
      alert: "orange",
      type: "earthquake",
      status: "reviewed",
      url: "https://earthquake.usgs.example/x",
      ...properties,
    },
  });

  it("takes in what feeds say, with who says it and when, and asks for nothing it has already", async () => {
    const asked: (string | undefined)[] = [];
    const usgs = await serve((request, response) => {
      asked.push(request.headers["if-none-match"]);
      if (request.headers["if-none-match"] === '"one"') return void response.writeHead(304).end();
      response
        .writeHead(200, { etag: '"one"' })
        .end(collection(quake("us1"), { ...quake("us2"), geometry: null }));
    });
    const gdacs = await serve((_, response) => response.writeHead(200).end(fixture("gdacs-rss.xml")));
    const job = await look(`usgs=${usgs}/all.geojson gdacs=${gdacs}/rss.xml`);
    expect(await from("U.S. Geological Survey")).toMatchObject([
      {
        source: "official",
        place: "M 6.1 - 10 km N of Exampletown",
        text: expect.stringContaining("orange · mww 6.1"),
        severity: "severe",
        verification: "verified",
        source_url: "https://earthquake.usgs.example/x",
      },
    ]);
    const floods = await from("Global Disaster Alert and Coordination System");
    expect(floods).toMatchObject([
      { kind: "flood", lat: -17.5, lon: 179.5, text: expect.stringMatching(/^Orange/) },
    ]);
    expect(wrote).toBeGreaterThan(0);
    expect(await feeds()).toMatchObject({
      usgs: { changed_at: expect.any(String), failed_at: null },
      gdacs: { failed_at: null },
    });
    await look(`usgs=${usgs}/all.geojson`, undefined, job);
    expect(asked).toEqual([undefined, '"one"']);
    expect(await from("U.S. Geological Survey")).toHaveLength(1);
  });

  it("a feed that breaks off or is none costs the others nothing, and says since when", async () => {
    const broken = await serve((_, response) =>
      response.writeHead(200).end(`{"type":"FeatureCollection","features":[${JSON.stringify(quake("us9"))},`),
    );
    const missing = await serve((_, response) => response.writeHead(500).end("x"));
    await look(`usgs=${broken}/a usgs=${missing}/b gdacs=${broken}/c`);
    expect(await feeds()).toMatchObject({
      usgs: { failed_at: expect.any(String) },
      "usgs-2": { failed_at: expect.any(String) },
      gdacs: { failed_at: expect.any(String) },
    });
    expect((await from("U.S. Geological Survey")).length).toBe(2);
  });

  it("H46 asks no address of this machine or network unless the operator said so, whatever it is called", async () => {
    let asked = 0;
    const inner = await serve((_, response) => {
      asked += 1;
      response.end(collection(quake("inner")));
    });
    const port = inner.split(":").at(-1)!;
    for (const url of [
      `http://127.0.0.1:${port}/x`,
      `https://127.0.0.1:${port}/x`,
      `https://[::ffff:7f00:1]:${port}/x`,
      `https://2130706433:${port}/x`,
      `https://localhost:${port}/x`,
    ]) {
      await look(`usgs=${url}`, {});
      expect(await feeds(), url).toMatchObject({ usgs: { failed_at: expect.any(String) } });
    }
    expect(asked).toBe(0);
  });

  it("H46 follows no redirect to a host that the operator did not name", async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked += 1;
      response.end(collection(quake("elsewhere")));
    });
    const feed = await serve((_, response) => response.writeHead(302, { location: `${other}/x` }).end());
    await look(`usgs=${feed}/x`);
    expect(asked).toBe(0);
    expect(await feeds()).toMatchObject({ usgs: { failed_at: expect.any(String) } });
  });

  it("H46 a feed without end, or packed, is given up", async () => {
    const endless = await serve((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000_000)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const packed = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
    );
    await look(`usgs=${endless}/x gdacs=${packed}/x`);
    expect(await feeds()).toMatchObject({
      usgs: { failed_at: expect.any(String) },
      gdacs: { failed_at: expect.any(String) },
    });
  });

  it("settings that cannot be meant stop the start with a sentence", () => {
    const read = (env: Record<string, string>) => () => readEnvironment({ DATA_DIR: dataDir, ...env });
    expect(read({ OFFICIAL_FEEDS: "usgs:https://x" })).toThrow(/OFFICIAL_FEEDS must list feeds/);
    expect(read({ OFFICIAL_FEEDS_NEARBY: "on", HOST: "0.0.0.0" })).toThrow(
      /OFFICIAL_FEEDS_NEARBY may be on only/,
    );
  });
});
