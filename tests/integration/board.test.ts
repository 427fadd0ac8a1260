import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { elementsOf, textOf } from "#tests/support/html.ts";
import { postPerson } from "#tests/support/posting.ts";
import { rawMessage, rawRequest } from "#tests/support/raw-http.ts";
import { type Site, startSite } from "#tests/support/site.ts";

interface List {
  data: Array<{ id: string; full_name: string; match: { rank: number; reason: string } | null }>;
  next: string | null;
  total: number | null;
}

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  for (const event of [
    { slug: "quake", titles: { en: "Earthquake", "zh-TW": "地震" }, kind: "earthquake", country: "NZ" },
    { slug: "exercise", titles: { en: "Exercise", "zh-TW": "演習" }, kind: "earthquake", drill: true },
    { slug: "over", titles: { en: "Over", "zh-TW": "結束" }, kind: "flood", state: "closed" },
  ]) {
    await site.sql`select public.open_event(${site.sql.json(event)})`;
  }
});
afterAll(() => site?.close());

const board = async (query: string) => {
  const answer = await site.fetch(`/safety?${query}`);
  expect(answer.status, query).toBe(200);
  return answer.text();
};
const api = async (query: string): Promise<List> => {
  const answer = await site.fetch(`/api/v1/persons?${query}`);
  expect(answer.status, query).toBe(200);
  return (await answer.json()) as List;
};
const cards = (html: string) =>
  new Set([...html.matchAll(/\/safety\/persons\/([0-9a-f-]{36})/g)].map(([, id]) => id));

describe("finding", () => {
  it.each([
    [
      "陳志明",
      [
        "陳志明",
        "陈志明",
        "Chen Chih-ming",
        "CHEN, CHIH-MING",
        "Chih Ming Chen",
        "Zhiming Chen",
        "Tan Chih Ming",
        "chen jhihming",
        "Chen Chih-mimg",
      ],
    ],
    ["王小美 Amy", ["王小美", "Amy Wang", "Wang Hsiao-mei", "amy"]],
    ["臺北人台生", ["台北人臺生"]],
    ["Müller-Łukasz José", ["muller lukasz jose", "MÜLLER", "Jose"]],
    ["ｆｕｌｌｗｉｄｔｈ Ｎａｍｅ", ["fullwidth name"]],
    ["e\u0301mile zola", ["\u00e9mile zola", "emile zola"]],
    ["さくら 田中", ["サクラ 田中", "Tanaka Sakura"]],
    ["김민수", ["Kim Minsu", "Kim Min-su"]],
  ])(
    "%s is found by every spelling of the name, and each result says why (H18)",
    async (full_name, spellings) => {
      const { id } = await postPerson(site, { full_name });
      for (const spelling of spellings) {
        const html = await board(`q=${encodeURIComponent(spelling)}`);
        expect(cards(html), spelling).toContain(id);
        const { data } = await api(`q=${encodeURIComponent(spelling)}`);
        const found = data.find((person) => person.id === id);
        expect(found?.match?.reason, spelling).toMatch(/^[a-z_]+$/);
      }
    },
  );

  it("a place alone finds nobody", async () => {
    const { id } = await postPerson(site, {
      full_name: "林找找",
      last_known_location: "Cathedral Square",
      home_city: "花蓮市",
    });
    for (const place of ["Cathedral Square", "花蓮市", "花蓮"]) {
      expect(cards(await board(`q=${encodeURIComponent(place)}`)), place).not.toContain(id);
    }
  });

  it("a drill is found under its own name alone, and says what it is", async () => {
    const { id, page } = await postPerson(site, { full_name: "演習人", event: "exercise" });
    for (const query of ["", "q=演習人", "event=everyday", "event=quake"]) {
      expect(cards(await board(query)), query).not.toContain(id);
      expect(
        (await api(query)).data.map((person) => person.id),
        query,
      ).not.toContain(id);
    }
    for (const where of ["/safety?event=exercise", "/events/exercise", page]) {
      const html = await (await site.fetch(where)).text();
      expect(html, where).toContain('<aside class="drill"');
      expect(html, where).toContain(id);
    }
    for (const where of ["/pfif/feeds/person", "/pfif/feeds/note", "/pfif/search?q=演習人"]) {
      expect(await (await site.fetch(where)).text(), where).not.toContain(id);
    }
  });

  it("nothing is posted under an event that is over", async () => {
    const form = await site.fetch("/safety/persons/new?as=me&event=over");
    expect(elementsOf(await form.text(), "option").map(({ attributes }) => attributes.value)).not.toContain(
      "over",
    );
    await expect(postPerson(site, { full_name: "太晚了", event: "over" })).rejects.toThrow(/answered 422/);
    await expect(postPerson(site, { full_name: "沒這事", event: "nowhere" })).rejects.toThrow(/answered 422/);
  });
});

describe("H55: as many as a page holds, one less, one more", () => {
  beforeAll(async () => {
    for (let n = 0; n < 26; n += 1) await insertPerson(`頁${String(n).padStart(2, "0")}`, "TO");
  });

  it("nobody", async () => {
    const html = await board("country=TV");
    expect(cards(html).size).toBe(0);
    expect(await api("country=TV")).toEqual({ data: [], next: null, total: 0 });
    expect(await api(`q=${encodeURIComponent("誰也不是")}`)).toEqual({ data: [], next: null, total: 0 });
  });

  it("one more than a page has a way on, and every person comes once", async () => {
    const first = await board("country=TO");
    expect(cards(first).size).toBe(25);
    const next = elementsOf(first, "a")
      .map(({ attributes }) => attributes.href)
      .find((href) => href?.includes("cursor="));
    expect(next).toBeDefined();
    const second = await (await site.fetch(next!)).text();
    expect(cards(second).size).toBe(1);
    expect([...cards(second)].some((id) => cards(first).has(id))).toBe(false);
    expect(second).not.toMatch(/cursor=[^"]+"[^>]*rel="next"/);
  });

  it("exactly a page has no way on", async () => {
    await site.sql`delete from app.persons where full_name = '頁25'`;
    await site.form("/language", { lang: "zh-TW" });
    const html = await board("country=TO&status=information_sought");
    expect(cards(html).size).toBe(25);
    expect(html).not.toContain("cursor=");
    expect((await api("country=TO&limit=25")).next).toBeNull();
    expect((await api("country=TO&limit=24")).next).not.toBeNull();
  });
});

describe("H35: paging", () => {
  it.each(["0", "-1", "1e9", "201", "1.5", "abc", "9007199254740993", "%00", "1;drop"])(
    "the API refuses limit=%s",
    async (limit) => {
      const answer = await site.fetch(`/api/v1/persons?limit=${limit}`);
      expect(answer.status).toBe(422);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(await answer.json()).toMatchObject({
        token: "limit_invalid",
        errors: [{ field: "limit", token: "limit_invalid" }],
      });
    },
  );

  it("a cursor that was changed, or belongs to another list, is refused", async () => {
    const { next } = await api("limit=1");
    const place = JSON.parse(Buffer.from(next!, "base64url").toString()) as [string, string, string];
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
    for (const cursor of [
      "x",
      next!.slice(0, -4),
      "A".repeat(1_001),
      forged(),
      forged(place[0], place[1]),
      forged(place[0], place[1], 1),
      forged("other", place[1], place[2]),
      forged(place[0], '2026-01-01T00:00:00Z"),or(visibility.eq.staff', place[2]),
      forged(place[0], place[1], `${place[2]})`),
      forged(place[0], place[1], "00000000-0000-0000-0000-000000000000),id.not.is.null"),
      forged(place[0], null, {}),
      Buffer.from("null").toString("base64url"),
    ]) {
      for (const where of [`/api/v1/persons?limit=1&cursor=${cursor}`, `/safety?cursor=${cursor}`]) {
        const answer = await site.fetch(where);
        // Too long to be a cursor at all, the page starts from the beginning.
        expect([422, 200], where).toContain(answer.status);
        if (where.startsWith("/api")) expect(answer.status, cursor.slice(0, 60)).toBe(422);
      }
    }
    expect((await site.fetch(`/api/v1/persons?limit=1&country=TO&cursor=${next}`)).status).toBe(422);
    expect((await site.fetch(`/api/v1/persons?limit=1&cursor=${next}`)).status).toBe(200);
  });
});

describe("H9, H10: what means something to the data door", () => {
  const injected = [
    "*",
    "%",
    "_",
    "%%%%",
    "a,b)",
    "or=(id.not.is.null)",
    "eq.x,or(visibility.eq.staff)",
    "select=*,person_secrets(*)",
    "order=full_name.desc",
    "{陳志明}",
    "(陳志明)",
    '"陳志明"',
    "\\",
    "null",
    "true",
    "not.is.null",
    "everyday)&select=*",
  ];
  it.each(injected)("%s in any parameter is a word like any other", async (text) => {
    const all = (await api("limit=200")).total ?? 0;
    const value = encodeURIComponent(text);
    for (const field of ["q", "event", "status", "country", "cursor", "known"]) {
      const page = await site.fetch(`/safety?${field}=${value}`);
      expect(page.status, field).toBeLessThan(500);
      const json = await site.fetch(`/api/v1/persons?${field}=${value}`);
      expect(json.status, field).toBeLessThan(500);
      if (json.status === 200 && field === "q")
        expect(((await json.json()) as List).data.length).toBeLessThan(Math.min(all, 5));
      else expect([200, 422]).toContain(json.status);
    }
    for (const where of [
      `/pfif/search?q=${value}`,
      `/pfif/read?id=${value}`,
      `/pfif/feeds/note?person_record_id=${value}`,
      `/pfif/feeds/person?min_entry_date=${value}`,
      `/events/${value}`,
      `/safety/persons/${value}`,
    ]) {
      expect((await site.fetch(where)).status, where).toBeLessThan(500);
    }
  });

  it("headers meant for the data door do not reach it", async () => {
    const { length } = (await api("limit=5")).data;
    const meant: Record<string, string>[] = [
      { prefer: "count=exact, return=representation, tx=commit" },
      { range: "0-999999", "range-unit": "items" },
      { "accept-profile": "app", "content-profile": "app" },
      { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIn0." },
      { apikey: "x", "x-client-info": "supabase-js" },
    ];
    for (const headers of meant) {
      const answer = await site.fetch("/api/v1/persons?limit=5", {
        headers,
      });
      expect(answer.status).toBe(200);
      expect(((await answer.json()) as List).data).toHaveLength(length);
    }
  });

  it("A2: the data door itself is not there for anybody outside", async () => {
    for (const where of [
      "/rest/v1/persons",
      "/rest/v1/rpc/report_person",
      "/auth/v1/signup",
      "/auth/v1/token?grant_type=password",
      "/storage/v1/object/list/x",
      "/app/persons",
    ]) {
      expect((await site.fetch(where)).status, where).toBe(404);
    }
  });
});

describe("H11: words that make a search slow", () => {
  it.each([
    ["one letter over and over", "a".repeat(7_000)],
    ["syllables over and over", "chen".repeat(1_700)],
    ["words over and over", "a b ".repeat(1_500)],
    ["hyphens and apostrophes", "chih-'".repeat(900)],
    ["marks", `e${"\u0301".repeat(900)}`],
    ["Han over and over", "陳".repeat(800)],
    ["hangul over and over", "김".repeat(800)],
  ])("%s keep nobody else waiting", async (_, text) => {
    const q = encodeURIComponent(text)
      .slice(0, 8_000)
      .replace(/%[0-9A-F]?$/, "");
    // The best of three: what else runs on this machine must not fail the test.
    const stalls: number[] = [];
    for (let n = 0; n < 3 && Math.min(...stalls) > 150; n += 1) {
      const searching = site.fetch(`/safety?q=${q}&n=${n}`).then((answer) => answer.status);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const began = performance.now();
      await rawRequest(site, { pieces: [rawMessage(site, "GET /healthz")] });
      stalls.push(performance.now() - began);
      expect(await searching).toBe(200);
    }
    expect(Math.min(...stalls)).toBeLessThan(150);
  });
});

describe("H33: places", () => {
  const bad = [
    "NaN",
    "Infinity",
    "1e309",
    "91",
    "-91",
    "181",
    "43,53",
    "0x10",
    "1e1",
    "9".repeat(40),
    "١٢٣٤",
  ];
  it.each(bad)("%s is no latitude", async (lat) => {
    const answer = await site.form("/safety/persons/new?as=me", {
      as: "me",
      full_name: "座標",
      consent: "yes",
      lat,
      lon: lat === "181" ? "10" : "172",
    });
    expect(answer.status).toBe(422);
    expect(textOf(await answer.text())).not.toContain("NaN°");
  });

  it("swapped, half or at the zero of a broken phone is told so", async () => {
    for (const [lat, lon, token] of [
      ["172.63", "-43.53", "position_swapped"],
      ["-43.53", "", "position_invalid"],
      ["", "172.63", "position_invalid"],
      ["0", "0", "position_invalid"],
    ]) {
      const answer = await site.fetch("/api/v1/persons", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ as: "me", full_name: "座標", consent: true, lat, lon }),
      });
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ errors: [{ field: "lat", token }] });
    }
  });

  it.each([
    ["90", "180"],
    ["-90", "-180"],
    ["-16.5", "180"],
    ["-43.53172", "172.63663"],
    ["１２.５", "１２１"],
    ["+25.03", "121.5"],
  ])("%s, %s is a place, shown to a kilometre", async (lat, lon) => {
    const { id } = await postPerson(site, { full_name: "有座標的人", lat, lon });
    const { position } = (await (await site.fetch(`/api/v1/persons/${id}`)).json()) as {
      position: Record<string, number>;
    };
    expect(position).toMatchObject({ precision_m: 1_000 });
    expect(Math.abs(position.lat! * 100 - Math.round(position.lat! * 100))).toBeLessThan(1e-6);
  });

  it("of somebody under eighteen is never shown", async () => {
    const { id, page } = await postPerson(site, {
      full_name: "小朋友",
      age: "9",
      lat: "-43.53172",
      lon: "172.63663",
      precise: "yes",
      visibility: "public",
    });
    const { position } = (await (await site.fetch(`/api/v1/persons/${id}`)).json()) as { position: unknown };
    expect(position).toBeNull();
    expect(await (await site.fetch(page)).text()).not.toContain("43.53");
  });
});

describe("H34, H49: dates, numbers and telephones", () => {
  it.each([
    ["birth_year", ["0000", "1889", "2101", "294277", "infinity", "19900", "-1990", "1990-01-01", "NaN"]],
    ["age", ["-1", "131", "1e2", "4.5", "forty", "999999999999"]],
    ["expiry_days", ["0", "361", "-1", "1e9", "60.5", "infinity"]],
    [
      "author_phone",
      [
        "1234",
        "+".repeat(10),
        "1".repeat(41),
        "123456789012345678901",
        "tel:+886912345678",
        "call me",
        "+886\r\n912345678x",
      ],
    ],
    [
      "author_email",
      [
        "a@b",
        "a b@c.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        `${"a".repeat(250)}@b.example`,
        "a@b..example",
        "@b.example",
      ],
    ],
    ["home_country", ["ZZ", "XX", "TWN", "T", "台灣", "<>"]],
    ["sex", ["yes", "unknown"]],
    ["status", ["believed_dead", "approved", "is_note_author "]],
    ["visibility", ["all", "PUBLIC"]],
    ["event", ["../x", "EVERYDAY", "x".repeat(81)]],
  ])("%s refuses what makes no sense, at its field", async (field, values) => {
    for (const value of values) {
      // A status of somebody else is not one to say of oneself; it is taken as nothing said and never as that.
      const answer = await site.fetch("/api/v1/persons", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ as: "me", full_name: "值的測試", consent: true, [field]: value }),
      });
      if (field === "status" && value === "believed_dead") {
        expect(answer.status).toBe(201);
        const { id } = (await answer.json()) as { id: string };
        expect(
          await site.sql`select 1 from app.notes where person_id = ${id} and status = 'believed_dead'`,
        ).toHaveLength(0);
        continue;
      }
      expect(answer.status, `${field} ${value}`).toBe(422);
      expect(((await answer.json()) as { errors: Array<{ field: string }> }).errors[0]?.field, value).toBe(
        field,
      );
    }
  });

  it.each([
    [
      "author_phone",
      [
        "+886 912-345-678",
        "０９１２３４５６７８",
        "(02) 2345-6789 ext. 12",
        "+64 3 123 4567",
        "1".repeat(20),
      ],
    ],
    ["birth_year", ["1990", "１９９０", " 1990 "]],
    ["age", ["0", "130", "３３", "٣٣"]],
    ["expiry_days", ["1", "360"]],
    ["home_country", ["tw", "TW"]],
    ["author_email", ["a+b@example.org", "陳@例子.台灣", "a'b@example.org"]],
  ])("%s takes what people type", async (field, values) => {
    for (const value of values) await postPerson(site, { full_name: "值的測試", [field]: value });
  });

  it("a death is not reported by saying it of oneself in the form", async () => {
    await expect(
      postPerson(site, { full_name: "說自己", as: "informing", status: "is_note_author" }),
    ).rejects.toThrow(/422/);
  });
});

describe("H34: the dates of a feed", () => {
  it.each([
    "0000-00-00",
    "2026-02-30",
    "294277-01-01T00:00:00Z",
    "infinity",
    "2026-11-22",
    "2026-11-22T25:00:00Z",
    "%00",
    "-1",
    "now()",
  ])("min_entry_date=%s is refused or read, never a fault", async (date) => {
    for (const feed of ["person", "note"]) {
      const answer = await site.fetch(`/pfif/feeds/${feed}?min_entry_date=${encodeURIComponent(date)}`);
      expect([200, 422], feed).toContain(answer.status);
    }
  });
});

async function insertPerson(name: string, country: string): Promise<void> {
  const p = {
    as: "seeking",
    event: "everyday",
    status: "information_sought",
    full_name: name,
    home_country: country,
    visibility: "public",
    record_domain: "127.0.0.1",
    manage_hash: "0".repeat(64),
    view_hash: "0".repeat(64),
  };
  await site.sql`select public.report_person(${site.sql.json(p)})`;
}
