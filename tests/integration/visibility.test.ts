import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sharp from "sharp";
import { textOf } from "#tests/support/html.ts";
import { act, postPerson, type PostedPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
let known: PostedPerson;
let link: PostedPerson;
let staff: PostedPerson;
let publicPerson: PostedPerson;
const absent = "3f0c7a52-6c1e-4c53-9d1e-0b8f1f4d2a77";
const names = { known: "沈默然", link: "連結之", staff: "查核中", public: "公開明" };
/** Nothing of a hidden record may show, wherever one looks. */
const secrets = ["沈默然", "連結之", "查核中", "紫藤暗號", "銅鑼暗號", "鯨魚暗號", "藏身處"];

beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  const photo = new File(
    [
      new Uint8Array(
        await sharp({ create: { width: 9, height: 9, channels: 3, background: "#123456" } })
          .jpeg()
          .toBuffer(),
      ),
    ],
    "p.jpg",
    { type: "image/jpeg" },
  );
  const about = { last_known_location: "藏身處", photo, author_phone: "+886 912 345 678" };
  publicPerson = await postPerson(site, {
    full_name: names.public,
    author_phone: "+886 911 111 111",
    author_email: "hidden@example.org",
    birth_year: "1977",
    age: "47",
    lat: "-43.53172",
    lon: "172.63663",
  });
  known = await postPerson(site, {
    ...about,
    full_name: names.known,
    text: "紫藤暗號",
    visibility: "known",
    birth_year: "1990",
  });
  link = await postPerson(site, {
    ...about,
    full_name: names.link,
    text: "銅鑼暗號",
    visibility: "link",
  });
  staff = await postPerson(site, {
    ...about,
    full_name: names.staff,
    text: "鯨魚暗號",
    visibility: "staff",
  });
});
afterAll(() => site?.close());

const board = (q: string, fact?: string) =>
  site.fetch(`/safety?q=${encodeURIComponent(q)}${fact === undefined ? "" : `&known=${fact}`}`);

describe("a record for those who know the person", () => {
  it.each([
    ["the whole name and the birth year", "沈默然", "1990"],
    ["the whole name and the last digits of the telephone", "沈默然", "5678"],
    ["the name as it sounds", "Shen Moran", "1990"],
    ["the name in the other script", "沈默然", "１９９０"],
  ])("is found by %s", async (_, q, fact) => {
    const answer = await board(q, encodeURIComponent(fact));
    const html = await answer.text();
    expect(html).toContain(`/safety/persons/${known.id}?key=${known.key}`);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const shown = await site.fetch(`/safety/persons/${known.id}?key=${known.key}`);
    expect(shown.status).toBe(200);
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(await shown.text()).toContain("紫藤暗號");
  });

  it.each([
    ["the name alone", "沈默然", undefined],
    ["the name and a wrong year", "沈默然", "1991"],
    ["the name and wrong digits", "沈默然", "5679"],
    ["a part of the name and the year", "沈默", "1990"],
    ["the family name and the year", "沈", "1990"],
    ["another name and the year", "沈默言", "1990"],
    ["the year as the name", "1990", "1990"],
    ["nothing and the year", "", "1990"],
    ["wildcards and the year", "%", "1990"],
  ])("is not found by %s", async (_, q, fact) => {
    const html = await (await board(q, fact)).text();
    expect(html).not.toContain(known.id);
    expect(textOf(html)).not.toContain("紫藤暗號");
  });

  it("A4: a miss and a hidden record give the same page, but for the name that was typed", async () => {
    const page = async (q: string, fact?: string) =>
      (await (await board(q, fact)).text())
        .replaceAll(encodeURIComponent(q), "")
        .replaceAll(q, "")
        .replace(/\d\d:\d\d/g, "");
    for (const fact of [undefined, "1991"]) {
      expect(await page("沈默然", fact)).toBe(await page("沈沒有", fact));
    }
  });

  it("A4: a miss and a hidden record take the same time", async () => {
    const time = async (q: string) => {
      const began = performance.now();
      await (await board(q, "1991")).text();
      return performance.now() - began;
    };
    const hidden: number[] = [];
    const missing: number[] = [];
    await time("沈默然");
    for (let n = 0; n < 30; n += 1) {
      hidden.push(await time("沈默然"));
      missing.push(await time("沈沒有"));
    }
    const [a, b] = [median(hidden), median(missing)];
    expect(Math.max(a, b) / Math.min(a, b), `${a.toFixed(1)} ms against ${b.toFixed(1)} ms`).toBeLessThan(
      1.6,
    );
  });
});

describe("A3, H30: a record that is not public, in every door", () => {
  const hidden = () => [known, link, staff];

  it("answers as one that never was", async () => {
    const plain = (text: string, id: string) => text.replaceAll(id, "").replace(/\d\d:\d\d/g, "");
    for (const { id } of hidden()) {
      for (const of of [
        (which: string) => `/safety/persons/${which}`,
        (which: string) => `/safety/persons/${which}?key=${"A".repeat(32)}`,
        (which: string) => `/safety/persons/${which}?key=${publicPerson.token}`,
        (which: string) => `/safety/persons/${which}.pfif.xml`,
        (which: string) => `/api/v1/persons/${which}`,
        (which: string) => `/pfif/read?id=127.0.0.1/person.${which}`,
        (which: string) => `/pfif/search?id=127.0.0.1/person.${which}`,
        (which: string) => `/safety/persons/${which}/manage?token=${publicPerson.token}`,
      ]) {
        const [mine, none] = await Promise.all([site.fetch(of(id)), site.fetch(of(absent))]);
        expect(mine.status, of(id)).toBe(none.status);
        expect(plain(await mine.text(), id), of(id)).toBe(plain(await none.text(), absent));
        expect(mine.headers.get("etag")?.length ?? 0, of(id)).toBe(none.headers.get("etag")?.length ?? 0);
      }
    }
  });

  it("H39: gives no 304 to somebody who guesses its tag", async () => {
    for (const { id } of hidden()) {
      const answer = await site.fetch(`/api/v1/persons/${id}`, { headers: { "if-none-match": "*" } });
      expect(answer.status).toBe(404);
    }
  });

  it("takes nothing from those who only have its id", async () => {
    for (const { id } of hidden()) {
      for (const [intent, answers] of [
        ["note", { text: "有人嗎" }],
        ["relay", { text: "有人嗎", author_name: "誰" }],
        ["follow", { email: "spy@example.org" }],
        ["report", { reason: "remove" }],
        ["link", { other: publicPerson.id, text: "同一人" }],
      ] as const) {
        const answer = await site.form(`/safety/persons/${id}`, { intent, ...answers });
        expect(answer.status, intent).toBe(404);
      }
      const api = await site.fetch(`/api/v1/persons/${id}/notes`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: "有人嗎" }),
      });
      expect(api.status).toBe(404);
      const linked = await act(site, publicPerson.page, "link", { other: id, text: "同一人" });
      expect(linked.status).toBe(404);
    }
    expect(await site.sql`select 1 from app.notes where text = '有人嗎'`).toHaveLength(0);
    expect(await site.sql`select 1 from app.queue_items where kind = 'objection'`).toHaveLength(0);
  });

  it("is in no list, search, count, feed or export", async () => {
    const q = Object.values(names).map((name) => encodeURIComponent(name));
    for (const where of [
      "/",
      "/safety",
      "/events/everyday",
      "/safety?status=is_note_author",
      "/api/v1/persons?limit=200",
      "/api/v1/events",
      "/pfif/feeds/person?max_results=200",
      "/pfif/feeds/person?min_entry_date=2020-01-01T00:00:00Z",
      "/pfif/feeds/note?max_results=200",
      ...hidden().map(({ id }) => `/pfif/feeds/note?person_record_id=127.0.0.1/person.${id}`),
      ...q.slice(0, 3).flatMap((name) => [`/api/v1/persons?q=${name}`, `/pfif/search?q=${name}`]),
    ]) {
      const answer = await site.fetch(where);
      expect(answer.status, where).toBe(200);
      // A feed says under which address it was asked for.
      const body = (await answer.text()).replaceAll(where.split("127.0.0.1/")[1] ?? "\u0000", "");
      for (const { id } of hidden()) expect(body, where).not.toContain(id);
      for (const secret of secrets) expect(body, where).not.toContain(secret);
    }
  });

  it("A3: its photo is shown only with the key of its link", async () => {
    for (const { id, key } of hidden()) {
      const [photo] = await site.sql<{ id: string }[]>`select id from app.photos where person_id = ${id}`;
      expect((await site.fetch(`/photos/${photo!.id}.jpg`)).status).toBe(404);
      expect((await site.fetch(`/photos/${photo!.id}.jpg?key=${"A".repeat(32)}`)).status).toBe(404);
      if (key === null) continue;
      const shown = await site.fetch(`/photos/${photo!.id}.jpg?key=${key}`);
      expect(shown.status).toBe(200);
      expect(shown.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("for staff alone is shown to nobody by any key", async () => {
    expect(staff.key).toBeNull();
    const [row] = await site.sql<
      { view: string }[]
    >`select encode(view_hash, 'hex') as view from app.person_secrets where person_id = ${staff.id}`;
    expect(row!.view).toMatch(/^[0-9a-f]{64}$/);
    expect((await site.fetch(`/safety/persons/${staff.id}?key=${row!.view.slice(0, 64)}`)).status).toBe(404);
    expect((await site.fetch(staff.manage)).status).toBe(200);
  });

  it("becomes hidden at once when its author says so, in pages that were being kept, too", async () => {
    const person = await postPerson(site, { full_name: "改為不公開", text: "改了以後看不到" });
    expect((await site.fetch(person.page)).status).toBe(200);
    const html = await (await site.fetch(person.manage)).text();
    const version = /name="version" value="(\d+)"/.exec(html)![1]!;
    const saved = await site.form(person.manage, {
      intent: "edit",
      version,
      full_name: "改為不公開",
      visibility: "link",
    });
    expect(saved.status).toBe(303);
    expect((await site.fetch(person.page)).status).toBe(404);
    expect(await (await site.fetch("/safety?q=改為不公開")).text()).not.toContain(person.id);
  });
});

describe("what even a public record never shows", () => {
  it("A3: no address, telephone, birth year, exact age or exact place on any door", async () => {
    for (const where of [
      publicPerson.page,
      "/safety",
      `/api/v1/persons/${publicPerson.id}`,
      "/api/v1/persons",
      `/safety/persons/${publicPerson.id}.pfif.xml`,
      "/pfif/feeds/person",
      "/pfif/feeds/note",
    ]) {
      const body = await (await site.fetch(where)).text();
      for (const secret of ["hidden@example.org", "911 111 111", "911111111", "1977", "43.531", "172.636"]) {
        expect(body, where).not.toContain(secret);
      }
    }
    const { age, position } = (await (
      await site.fetch(`/api/v1/persons/${publicPerson.id}`)
    ).json()) as Record<string, unknown>;
    expect({ age, position }).toEqual({
      age: "45-49",
      position: { lat: -43.53, lon: 172.64, precision_m: 1000 },
    });
  });

  it.each([
    "",
    "1",
    "-1",
    "0",
    "2147483648",
    "9007199254740993",
    "../1",
    "..%2f1",
    "null",
    "{}",
    "%00",
    `${absent}'`,
    absent.toUpperCase(),
    `${absent}.pfif`,
  ])("H30: %j is no id", async (id) => {
    for (const where of [
      `/safety/persons/${id}`,
      `/api/v1/persons/${id}`,
      `/photos/${id}.jpg`,
      `/safety/messages/${id}`,
      `/safety/follows/${id}/stop`,
    ]) {
      const answer = await site.fetch(where);
      expect(answer.status, where).toBeLessThan(500);
      for (const secret of secrets) expect(await answer.clone().text()).not.toContain(secret);
    }
  });
});

function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
