import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  apiClusters,
  apiReportList,
  apiReportWithWords,
  postedConfirmation,
  postedReport,
} from "#app/features/map/reports.api.ts";
import { roundToGrid } from "#app/formats/geometry.ts";
import { preparePhoto } from "#app/platform/photo.server.ts";
import { hostileTexts } from "#tests/support/hostile.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { placesOf } from "#tests/support/records.ts";

// Reports through the front door of programs: what a stranger may send, and what never comes out again.

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { TRUST_PROXY: "1" } });
  await site.sql`
    insert into app.events (slug, titles, kind, country, west, south, east, north, time_zone, started_at)
    values ('quake', '{"en": "Quake"}', 'earthquake', 'NP', 80, 26, 89, 31, 'Asia/Kathmandu', now() - interval '3 days')`;
  await site.sql`
    insert into app.events (slug, titles, kind, drill) values ('practice', '{"en": "Practice"}', 'drill', true)`;
});
afterAll(() => site?.close());

let callers = 0;
/** Somebody else each time. */
const stranger = () => {
  callers += 1;
  return { "x-forwarded-for": `203.0.${callers >> 8}.${callers & 255}` };
};

const send = (path: string, body: unknown, headers: Record<string, string> = stranger()) =>
  site.fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const slide = {
  event: "quake",
  kind: "landslide",
  state: "closed",
  passable: "foot",
  text: "土石蓋住路面",
  lat: 27.7,
  lon: 85.3,
};

async function post(
  fields: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Promise<z.infer<typeof postedReport>> {
  const answer = await send("/api/v1/reports", { ...slide, ...fields }, headers);
  const body: unknown = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(201);
  return postedReport.strict().parse(body);
}

async function refused(
  fields: Record<string, unknown>,
): Promise<{ status: number; field: string; token: string }> {
  const started = performance.now();
  const answer = await send("/api/v1/reports", { ...slide, ...fields });
  const { token, errors } = (await answer.json()) as { token: string; errors: { field: string }[] };
  expect(answer.status, `${JSON.stringify(fields).slice(0, 200)} is refused`).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(performance.now() - started).toBeLessThan(3_000);
  return { status: answer.status, field: errors[0]?.field ?? "", token };
}

const one = async (id: string) => {
  const answer = await site.fetch(`/api/v1/reports/${id}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("application/geo+json");
  return apiReportWithWords.parse(await answer.json());
};
const list = async (query: string) => {
  const answer = await site.fetch(`/api/v1/reports?${query}`);
  expect(answer.status, query).toBe(200);
  return apiReportList.parse(await answer.json());
};
const clusters = async (query: string) => {
  const answer = await site.fetch(`/api/v1/reports/clusters?${query}`);
  expect(answer.status, query).toBe(200);
  return apiClusters.parse(await answer.json());
};
const word = async (id: string, verdict: string, headers = stranger()) => {
  const answer = await send(`/api/v1/reports/${id}/confirmations`, { verdict }, headers);
  expect(answer.status).toBe(201);
  return postedConfirmation.strict().parse(await answer.json());
};

describe("a report", () => {
  it("is posted as a line, found, confirmed, denied, and told with its confidence", async () => {
    const coordinates = [[85.1, 27.9], [85.105, 27.902], [85.112, 27.903]]; // prettier-ignore
    const { id, url, manage_url, held } = await post({
      lat: undefined, lon: undefined, geometry: { type: "LineString", coordinates }, road: "Road 3", width_limit_m: "2,5", weight_limit_t: 3.5, direction: "forward", severity: "severe",
      source_url: "https://example.org/post", ...(await recent()),
    }); // prettier-ignore
    expect({ url, held }).toEqual({ url: `${site.url}/map/reports/${id}`, held: false });
    expect(manage_url.startsWith(`${url}/manage?token=`)).toBe(true);
    const first = await one(id);
    expect(first.geometry).toEqual({ type: "LineString", coordinates });
    expect(first.properties).toMatchObject({
      kind: "landslide", state: "closed", passable: "foot", width_limit_m: 2.5, weight_limit_t: 3.5, direction: "forward",
      severity: "severe", time_zone: "Asia/Kathmandu", source_url: "https://example.org/post", event: "quake",
      confirmations: 0, denials: 0, stale: false, status: "active", loop: "open", verification: "unreviewed", drill: false,
    }); // prettier-ignore
    expect(await word(id, "still")).toMatchObject({ counted: true, confirmations: 1, denials: 0 });
    const second = await one(id);
    expect(second.properties.confidence).toBeGreaterThan(first.properties.confidence!);
    await word(id, "cleared");
    const third = await one(id);
    expect(third.properties.confidence).toBeLessThan(second.properties.confidence!);
    expect(third.words.map(({ verdict }) => verdict)).toEqual(["cleared", "still"]);
    // The middle of the line lies in this box, its ends do not.
    const near = await list("bbox=85.104,27.9,85.106,27.91&event=quake");
    expect(near.features.map((feature) => feature.id)).toContain(id);
    expect(
      (await list("bbox=85.2,27.9,85.3,28&event=quake")).features.map((feature) => feature.id),
    ).not.toContain(id);
    const again = await site.fetch(`/api/v1/reports/${id}`);
    const cached = await site.fetch(`/api/v1/reports/${id}`, {
      headers: { "if-none-match": again.headers.get("etag")! },
    });
    expect([again.status, cached.status]).toEqual([200, 304]);
  });

  /** A time of today on the clock of the place, as a form sends it. */
  async function recent(): Promise<{ observed_at: string }> {
    const at = new Date(Date.now() - 3_600_000);
    const wall = new Intl.DateTimeFormat("sv-SE", {
      timeZone: "Asia/Kathmandu",
      dateStyle: "short",
      timeStyle: "short",
    }).format(at);
    return { observed_at: wall };
  }

  it("H34: has the time of its place, also where clocks are five and three quarter hours ahead", async () => {
    const { observed_at } = await recent();
    const { id } = await post({ observed_at });
    const { properties } = await one(id);
    const wanted = Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000;
    expect(Math.abs(Date.parse(properties.observed_at) - wanted)).toBeLessThanOrEqual(120_000);
  });

  it("drills stand among drills alone", async () => {
    const { id } = await post({ event: "practice", lat: 10, lon: 10 });
    expect((await list("limit=200")).features.map((feature) => feature.id)).not.toContain(id);
    expect((await clusters("bbox=9,9,11,11&zoom=8")).total).toBe(0);
    expect((await list("event=practice")).features[0]!.properties).toMatchObject({ id, drill: true });
    expect((await clusters("bbox=9,9,11,11&zoom=8&event=practice")).total).toBe(1);
  });

  it("lists page by cursor, filter by vehicle and kind, and say how many there are", async () => {
    const here = "bbox=87.9,28.9,88.1,29.1&event=quake";
    const wanted = { truck: 0 };
    for (const passable of ["none", "car", "truck", "heavy", "foot"]) {
      await post({ passable, state: "single_lane", lat: 29, lon: 88, kind: "road" });
      if (passable === "truck" || passable === "heavy") wanted.truck += 1;
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`${here}&limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.total).toBe(5);
      seen.push(...page.features.map((feature) => feature.id));
      cursor = page.next ?? "";
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect((await list(`${here}&passable=truck`)).total).toBe(wanted.truck);
    expect((await list(`${here}&kind=bridge,fire`)).total).toBe(0);
    expect((await clusters(`bbox=87,28,89,30&zoom=6&event=quake&kind=road&passable=truck`)).total).toBe(
      wanted.truck,
    );
  });
});

describe("text that was sent to break things", () => {
  it.each(hostileTexts)("$item $what", async ({ value, name }) => {
    const answer = await send("/api/v1/reports", {
      ...slide, lat: 30.5, lon: 82, text: value, road: value, place: value, cause: value, bypass: value, author_name: value,
    }); // prettier-ignore
    expect([201, 400, 422]).toContain(answer.status);
    if (answer.status !== 201 || name === "refused") return;
    const { id } = (await answer.json()) as { id: string };
    const page = await (await site.fetch(`/map/reports/${id}`)).text();
    if (/[<"]/.test(value)) expect(page).not.toContain(value);
    expect((await site.fetch(`/api/v1/reports/${id}`)).headers.get("content-type")).toContain("geo+json");
  });

  it("H4: an address that is a script is no source", async () => {
    for (const source_url of [
      "javascript:alert(1)",
      "data:text/html,x",
      " java\nscript:alert(1)",
      "https://a:b@example.org/",
    ]) {
      expect(await refused({ source_url })).toMatchObject({ field: "source_url", token: "address_invalid" });
    }
  });

  it("H12, H19, H20: something must be said, and not without end", async () => {
    expect(
      await refused({ kind: "other", state: undefined, passable: undefined, text: " \u200b\u3164" }),
    ).toMatchObject({ token: "report_text_required" });
    expect(await refused({ text: "長".repeat(20_000) })).toMatchObject({
      field: "text",
      token: "text_too_long",
    });
    expect((await refused({ text: "x".repeat(1_000_000) })).status).toBe(413);
    const deep = `{"kind":"road","geometry":${"[".repeat(500)}${"]".repeat(500)}}`;
    expect((await send("/api/v1/reports", deep)).status).toBe(400);
    expect(
      (await send("/api/v1/reports", '{"__proto__":{"kind":"road"},"constructor":1,"toString":2}')).status,
    ).toBe(422);
  });

  it("a line that crosses itself is asked about and kept as drawn when it is meant; an open ring is an area, which a report has not", async () => {
    const line = (coordinates: unknown, sure?: boolean) => ({
      lat: undefined,
      lon: undefined,
      geometry: { type: "LineString", coordinates },
      ...(sure ? { sure } : {}),
    });
    const crossing = [[85.1, 27.9], [85.105, 27.905], [85.105, 27.9], [85.1, 27.905]]; // prettier-ignore
    expect(await refused(line(crossing))).toMatchObject({ token: "line_crosses_itself", field: "geometry" });
    const { id } = await post(line(crossing, true));
    expect((await one(id)).geometry).toEqual({ type: "LineString", coordinates: crossing });
    const ring = { type: "Polygon", coordinates: [crossing.slice(0, 3)] };
    expect(await refused({ ...line([], true), geometry: ring })).toMatchObject({
      status: 422,
      field: "geometry",
      token: "geometry_unknown",
    });
  });

  it("H31: what only staff may say is not read", async () => {
    const { id } = await post({
      lat: 28.2, lon: 84, verification: "verified", verified_at: "2020-01-01T00:00:00Z", accepted_at: "2020-01-01T00:00:00Z",
      publication: "held", created_at: "2020-01-01T00:00:00Z", confirmations: 99, source: "official", status: "cleared",
      loop: "confirmed", manage_hash: "0".repeat(64), held: true, precision_m: 1,
    }); // prettier-ignore
    expect((await one(id)).properties).toMatchObject({
      verification: "unreviewed", confirmations: 0, source_url: null, status: "active", loop: "open", precision_m: null,
    }); // prettier-ignore
  });
});

describe("a place", () => {
  it("H33: is on Earth, and neither exchanged nor half", async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ lat: 91, lon: 200 }, "latitude_out_of_range"], [{ lat: 27, lon: 181 }, "longitude_out_of_range"],
      [{ lat: 120.3, lon: 24.1 }, "position_swapped"], [{ lat: "NaN" }, "coordinates_not_understood"],
      [{ lat: "Infinity" }, "coordinates_not_understood"], [{ lat: "1e309" }, "coordinates_not_understood"],
      [{ lat: null }, "coordinates_missing"], [{ lat: undefined, lon: undefined }, "location_required"],
      [{ lat: 0, lon: 0 }, "place_at_zero"], [{ lat: 85.3, lon: 27.7 }, "position_swapped"], [{ lat: 40, lon: 85 }, "place_outside_event"],
      [{ lat: undefined, lon: undefined, coordinates: "27,71" }, "coordinates_ambiguous"],
      [{ lat: undefined, lon: undefined, near: "not a report" }, "near_unknown"],
      [{ lat: undefined, lon: undefined, near: randomUUID() }, "near_unknown"],
      [{ lat: undefined, lon: undefined, place: "Nobody's Town" }, "place_unknown"],
    ]; // prettier-ignore
    for (const [fields, token] of cases)
      expect(await refused(fields), JSON.stringify(fields)).toMatchObject({ status: 422, token });
  });

  it("outside the event is a question that can be overruled", async () => {
    expect((await refused({ lat: 40, lon: 85 })).token).toBe("place_outside_event");
    expect((await one((await post({ lat: 40, lon: 85, sure: true })).id)).geometry).toEqual({
      type: "Point",
      coordinates: [85, 40],
    });
  });

  it("can be typed in any notation, be near another report, or be a name that is known", async () => {
    const typed = await post({
      lat: undefined,
      lon: undefined,
      coordinates: "27°42'N 85°18'E",
      place: "Swayambhu gate",
    });
    expect((await one(typed.id)).geometry).toEqual({ type: "Point", coordinates: [85.3, 27.7] });
    const near = await post({ lat: undefined, lon: undefined, near: `${site.url}/map/reports/${typed.id}` });
    expect((await one(near.id)).geometry).toEqual({ type: "Point", coordinates: [85.3, 27.7] });
    const named = await post({ lat: undefined, lon: undefined, place: "Swayambhu gate" });
    expect((await one(named.id)).properties.precision_m).toBeGreaterThanOrEqual(1_000);
  });

  it("lines: empty, of one point, without length, tangled, of 100,000 corners, rings and polygons are refused with a reason", async () => {
    const line = (coordinates: unknown) => ({
      lat: undefined,
      lon: undefined,
      geometry: { type: "LineString", coordinates },
    });
    const cases: [Record<string, unknown>, string, number][] = [
      [line([]), "line_empty", 422], [line([[85, 27]]), "line_one_point", 422], [line([[85, 27], [85, 27]]), "line_no_length", 422],
      [line([[85, 27], ["85", 27.1]]), "coordinates_invalid", 422], [line([[85, 27], [85, 97]]), "coordinates_swapped", 422],
      [line([[85, 27], [86, 28], [86, 27], [85, 28]]), "line_crosses_itself", 422],
      [{ lat: undefined, geometry: { type: "Polygon", coordinates: [[[85, 27], [86, 27], [86, 28]]] } }, "geometry_unknown", 422],
      [line(Array.from({ length: 100_000 }, (_, n) => [85 + n * 1e-5, 27])), "too_large", 413],
      [line(Array.from({ length: 10_001 }, (_, n) => [85 + n * 1e-5, 27])), "too_many_vertices", 422],
    ]; // prettier-ignore
    for (const [fields, token, status] of cases)
      expect(await refused(fields), token).toMatchObject({ status, token });
    // A receiver writes a corner each second: what is straight loses them.
    const long = await post(line(Array.from({ length: 4_000 }, (_, n) => [85 + n * 2.5e-4, 27.5])));
    expect((await one(long.id)).geometry.coordinates.length).toBeLessThanOrEqual(2_000);
    const loop = await post({ ...line([[85, 27], [86, 28], [86, 27], [85, 28]]), sure: true }); // prettier-ignore
    expect((await one(loop.id)).geometry.type).toBe("LineString");
  });

  it("antimeridian and poles: a line is cut there and is found from both sides", async () => {
    const { id } = await post({
      event: "everyday", lat: undefined, lon: undefined, geometry: { type: "LineString", coordinates: [[179.9, -17], [-179.9, -17.1]] },
    }); // prettier-ignore
    expect((await one(id)).geometry.type).toBe("MultiLineString");
    for (const bbox of ["170,-20,-170,-10", "179.95,-18,180,-16", "-180,-18,-179.95,-16"]) {
      expect(
        (await list(`bbox=${bbox}`)).features.map((feature) => feature.id),
        bbox,
      ).toContain(id);
    }
    expect((await list("bbox=0,-18,10,-16")).features.map((feature) => feature.id)).not.toContain(id);
    for (const lat of [90, -90]) await post({ event: "everyday", lat, lon: 0 });
    expect((await clusters("bbox=-180,89,180,90&zoom=2")).total).toBeGreaterThan(0);
  });

  it.each([
    ["bbox=170,10,-170,0", "bbox_invalid"], ["bbox=1,2,3", "bbox_invalid"], ["bbox=NaN,0,1,1", "bbox_invalid"],
    ["bbox=0,0,1e309,1", "bbox_invalid"], ["bbox=-181,0,1,1", "bbox_invalid"], ["since=yesterday", "time_invalid"],
    ["since=2026-02-30T00:00:00Z", "time_invalid"], ["since=infinity", "time_invalid"], ["kind=dragon", "kind_unknown"],
    ["passable=tank", "passable_unknown"], ["state=flying", "state_unknown"], ["status=published", "status_unknown"],
    ["limit=0", "limit_invalid"], ["limit=-1", "limit_invalid"], ["limit=1e9", "limit_invalid"], ["cursor=abc", "cursor_invalid"],
    ["event=../x", "event_unknown"], ["event=nothing-here", "event_unknown"],
  ])("H33, H34, H35: %s is refused", async (query, token) => {
    const answer = await site.fetch(`/api/v1/reports?${query}`);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ token });
  }); // prettier-ignore

  it("H33: a zoom is a whole number that maps have; H35: a cursor is good for its own list alone", async () => {
    for (const zoom of ["-1", "99", "1.5", "NaN"]) {
      expect((await site.fetch(`/api/v1/reports/clusters?zoom=${zoom}`)).status, zoom).toBe(422);
    }
    const { next } = await list("limit=1");
    expect((await site.fetch(`/api/v1/reports?limit=1&kind=road&cursor=${next}`)).status).toBe(422);
  });

  it.each([
    ["0000-00-00T00:00", "time_invalid"], ["2026-02-30 10:00", "time_invalid"], ["+294277-01-01T00:00Z", "time_invalid"],
    ["infinity", "time_invalid"], ["2126-01-01T00:00Z", "time_in_future"], ["1999-01-01T00:00Z", "time_too_old"],
    ["2026-11-01T00:00+25:00", "time_invalid"],
  ])("H34: %s is no time of a report", async (observed_at, token) => {
    expect(await refused({ observed_at })).toMatchObject({ field: "observed_at", token });
  }); // prettier-ignore

  it("H34: before the event is a question; an hour that clocks left out is none", async () => {
    const before = new Date(Date.now() - 20 * 86_400_000).toISOString();
    expect(await refused({ observed_at: before })).toMatchObject({ token: "time_before_event" });
    await post({ observed_at: before, sure: true });
    expect(
      await refused({ event: "everyday", observed_at: "2026-03-29T02:30", time_zone: "Europe/Berlin" }),
    ).toMatchObject({ token: "time_not_there" });
    const twice = await post({
      event: "everyday",
      observed_at: "2026-10-25T02:30",
      time_zone: "Europe/Berlin",
    });
    expect(Date.parse((await one(twice.id)).properties.observed_at)).toBe(Date.parse("2026-10-25T00:30:00Z"));
    expect(await refused({ time_zone: "Mars/Olympus" })).toMatchObject({ token: "time_zone_invalid" });
  });
});

describe("who asks for help", () => {
  const exact = { lat: 28.123456, lon: 83.654321 };
  const shown = roundToGrid([exact.lon, exact.lat], 1_000);

  it("A3: stands at one displaced place in every door, and nowhere else, however one asks", async () => {
    const needs = await post({
      kind: "volunteers_needed",
      text: "We need hands",
      ...exact,
      state: undefined,
      passable: undefined,
    });
    const hidden = await post({
      kind: "shelter",
      private: true,
      text: "School hall",
      ...exact,
      state: undefined,
      passable: undefined,
    });
    const drawn = await post({
      kind: "water", needed: true, text: "No water", lat: undefined, lon: undefined, state: undefined, passable: undefined,
      geometry: { type: "LineString", coordinates: [[exact.lon - 1e-5, exact.lat], [exact.lon + 1e-5, exact.lat]] },
    }); // prettier-ignore
    const ids = [needs.id, hidden.id, drawn.id];
    const doors = [
      ...ids.map((id) => `/api/v1/reports/${id}`), ...ids.map((id) => `/map/reports/${id}`), "/api/v1/reports?event=quake&limit=200",
      "/api/v1/reports/clusters?bbox=83,28,84,29&zoom=22&event=quake", "/api/v1/reports/clusters?bbox=83.6,28.1,83.7,28.2&zoom=14&event=quake",
      "/map?event=quake", "/feeds/reports.geojson", "/feeds/reports.csv", "/feeds/cap.atom", "/feeds/cifs.json", "/feeds/open511.json",
    ]; // prettier-ignore
    for (const door of doors) {
      const answer = await site.fetch(door);
      const body = `${await answer.text()} ${[...answer.headers].join(" ")}`;
      for (const digits of ["28.1234", "83.6543"]) expect(body, door).not.toContain(digits);
    }
    for (const id of ids) {
      const { geometry, properties } = await one(id);
      expect(geometry).toEqual({ type: "Point", coordinates: [shown[0], shown[1]] });
      expect(properties.precision_m).toBe(1_000);
    }
    // A box around the true place finds nothing; a box around the displaced one finds all, and no finer box tells more.
    const around = (lon: number, lat: number, by: number) =>
      `bbox=${lon - by},${lat - by},${lon + by},${lat + by}&event=quake`;
    expect((await list(around(exact.lon, exact.lat, 1e-4))).total).toBe(0);
    expect((await clusters(`${around(exact.lon, exact.lat, 1e-4)}&zoom=22`)).total).toBe(0);
    expect((await list(around(shown[0], shown[1], 1e-5))).total).toBe(3);
    // Asked again, or posted again from a step away, it is the same place: nothing to average.
    const again = await post({
      kind: "volunteers_needed",
      text: "Still",
      lat: exact.lat + 1e-4,
      lon: exact.lon - 1e-4,
      state: undefined,
      passable: undefined,
    });
    expect((await one(again.id)).geometry).toEqual({ type: "Point", coordinates: [shown[0], shown[1]] });
    // Near another report is near where that is shown.
    const near = await post({ lat: undefined, lon: undefined, near: needs.id });
    expect((await one(near.id)).geometry).toEqual({ type: "Point", coordinates: [shown[0], shown[1]] });
    // The true place stands in one table, which no view touches.
    expect(await placesOf(site.sql, "83.654321")).toEqual(
      ["app.report_secrets.exact_line", "app.report_secrets.exact_position"].slice(1),
    );
  });

  it("A3, H45: a photo leaves without where and with what it was taken", async () => {
    const { default: sharp } = await import("sharp");
    const upload = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#446688" } })
      .jpeg()
      .withExif({ IFD0: { Artist: "Somebody" }, IFD3: { GPSLatitude: "28/1 7/1 24/1", GPSLatitudeRef: "N" } })
      .toBuffer();
    const { id, manage_url } = await post({
      ...exact,
      kind: "shelter",
      private: true,
      text: "Hall",
      state: undefined,
      passable: undefined,
    });
    const photo = await preparePhoto(upload);
    await site.sql`
      insert into app.report_photos (id, report_id, width, height, bytes)
      values (${photo.id}, ${id}, ${photo.width}, ${photo.height}, decode(${photo.content!}, 'base64'))`;
    await site.sql`update app.reports set photo_id = ${photo.id} where id = ${id}`;
    const { properties } = await one(id);
    const answer = await fetch(properties.photo_url!);
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(await sharp(bytes).metadata()).not.toHaveProperty("exif");
    expect(bytes.includes("Somebody")).toBe(false);
    expect(manage_url).toContain(id);
    await site.sql`update app.reports set publication = 'hidden' where id = ${id}`;
    expect((await fetch(`${properties.photo_url!}?again`)).status).toBe(404);
  });
});

describe("sending twice, too often, or about somebody else's", () => {
  it("H28: the same key and body is the same report, another body is refused, at once and at the same time", async () => {
    const key = { "idempotency-key": randomUUID(), ...stranger() };
    const [a, b] = await Promise.all([
      post({ lat: 28.5, lon: 84.5 }, key),
      post({ lat: 28.5, lon: 84.5 }, key),
    ]);
    expect(a).toEqual(b);
    expect(await post({ lat: 28.5, lon: 84.5 }, key)).toEqual(a);
    expect((await list("bbox=84.49,28.49,84.51,28.51&event=quake")).total).toBe(1);
    const other = await send("/api/v1/reports", { ...slide, lat: 28.5, lon: 84.6 }, key);
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ token: "idempotency_key_reused" });
  });

  it("A5: clicks are no voices: a thousand of one caller are one, and reporters do not confirm themselves", async () => {
    const author = stranger();
    const { id } = await post({ lat: 28.6, lon: 84.6 }, author);
    const caller = stranger();
    const answers: number[] = [];
    for (let n = 0; n < 64; n += 1)
      answers.push((await send(`/api/v1/reports/${id}/confirmations`, { verdict: "still" }, caller)).status);
    expect(answers).toContain(429);
    expect(await word(id, "still", author)).toMatchObject({ counted: false, confirmations: 1 });
    // Of one network of addresses (a /64) all are one.
    await word(id, "still", { "x-forwarded-for": "2001:db8:1:2::1" });
    expect(await word(id, "still", { "x-forwarded-for": "2001:db8:1:2:ffff::9" })).toMatchObject({
      confirmations: 2,
    });
    // Denied by however many strangers, a hazard stays.
    for (let n = 0; n < 12; n += 1) await word(id, "wrong");
    const { properties } = await one(id);
    expect(properties).toMatchObject({ status: "active", denials: 12 });
    expect(properties.confidence).toBeGreaterThanOrEqual(0.1);
  });

  it("A5: one address posts sixty in a minute and is then told to wait; the same text from many is looked at first", async () => {
    const shelter = stranger();
    const statuses: number[] = [];
    for (let n = 0; n < 62; n += 1) {
      statuses.push(
        (await send("/api/v1/reports", { ...slide, lat: 26.5, lon: 88, text: `Row ${n}` }, shelter)).status,
      );
      if (statuses.at(-1) === 429) break;
    }
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(50);
    const text = "Send money to this account, many people need help here";
    const sent = [];
    for (let n = 0; n < 14; n += 1)
      sent.push(await post({ lat: 26.6, lon: 88, text: `${text}${"!".repeat(n)}` }));
    expect(sent.slice(0, 10).every(({ held }) => !held)).toBe(true);
    expect(sent.at(-1)!.held).toBe(true);
    expect((await site.fetch(`/api/v1/reports/${sent.at(-1)!.id}`)).status).toBe(404);
  });

  it("H24: other sites' pages cannot post", async () => {
    const answer = await send("/api/v1/reports", slide, {
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
      ...stranger(),
    });
    const form = await site.fetch("/map/reports/new", {
      method: "POST", headers: { origin: "https://evil.example" }, body: new URLSearchParams({ kind: "road" }),
    }); // prettier-ignore
    expect(form.status).toBe(403);
    // JSON needs no cookie and gives no rights: what counts is that nothing of the visitor's is used.
    expect([201, 403]).toContain(answer.status);
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect((await site.fetch("/api/v1/reports", { method })).status, method).toBe(405);
    }
  });

  it("H29, H30: no id and no link that is not one's own opens anything", async () => {
    const mine = await post({ lat: 28.7, lon: 84.7 });
    const token = new URL(mine.manage_url).searchParams.get("token")!;
    const held = await post({ lat: 28.7, lon: 84.7 });
    await site.sql`update app.reports set publication = 'held' where id = ${held.id}`;
    for (const id of [
      "-1",
      "2147483648",
      "9007199254740993",
      "..%2f",
      randomUUID(),
      held.id,
      mine.id.toUpperCase(),
    ]) {
      const answer = await site.fetch(`/api/v1/reports/${id}`);
      expect([400, 404], id).toContain(answer.status);
    }
    for (const [id, wrong] of [
      [mine.id, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`],
      [mine.id, token.slice(0, -3)],
      [mine.id, token.toUpperCase()],
      [held.id, token],
    ] as const) {
      expect((await site.fetch(`/map/reports/${id}/manage?token=${wrong}`)).status).toBe(403);
    }
    const before = (await one(mine.id)).properties.updated_at;
    // A program that follows every link changes nothing.
    expect(
      (await site.fetch(new URL(mine.manage_url).pathname + new URL(mine.manage_url).search)).status,
    ).toBe(200);
    expect((await one(mine.id)).properties.updated_at).toBe(before);
  });

  it("H36: any language header is survived", async () => {
    for (const language of ["x".repeat(8_000), "../../etc", "ar", "zh-Hant;q=2,*"]) {
      expect(
        (await site.fetch("/api/v1/reports?limit=1", { headers: { "accept-language": language } })).status,
      ).toBeLessThan(500);
    }
  });
});
