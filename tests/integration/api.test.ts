import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiEventList } from "#app/features/events/events.api.ts";
import {
  apiPersonList,
  apiPersonWithNotes,
  postedNote,
  postedPerson,
  type ApiPerson,
} from "#app/features/safety/persons.api.ts";
import { problemSchema } from "#app/formats/openapi.ts";
import { apiOperations } from "#app/server/api-operations.ts";
import { startSite, type Site } from "#tests/support/site.ts";

const me = { as: "me", full_name: "陳志明", status: "safe", consent: "yes" };

describe.each(["embedded", "supabase"] as const)("API v1, %s", (mode) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite({ mode, env: { SITE_DOMAIN: "lookout.example", RATE_LIMITS: "off" } });
  });
  afterAll(() => site?.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    site.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const posted = async (fields: Record<string, unknown>) => {
    const answer = await post("/api/v1/persons", { ...me, ...fields });
    const body: unknown = await answer.json();
    expect(answer.status, JSON.stringify(body)).toBe(201);
    return z.strictObject(postedPerson.shape).parse(body);
  };
  const list = async (query: string) => {
    const answer = await site.fetch(`/api/v1/persons?${query}`);
    expect(answer.status).toBe(200);
    return strict(apiPersonList).parse(await answer.json());
  };
  const person = async (id: string) => {
    const answer = await site.fetch(`/api/v1/persons/${id}`);
    return { status: answer.status, body: (await answer.json()) as ApiPerson };
  };
  const problem = async (answer: Response) => {
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    const body = z.object(problemSchema.shape).parse(await answer.json());
    expect(body.status).toBe(answer.status);
    return body;
  };

  it("a posted person is found at once, as the document says", async () => {
    const answer = await post("/api/v1/persons", {
      ...me,
      age: 33,
      sex: "male",
      home_country: "tw",
      lat: -43.5321,
      lon: 172.6362,
      last_known_location: "Christchurch",
      text: "Hotel is fine",
      author_email: "chen@example.com",
      author_phone: "+886 912 345 678",
    });
    expect(answer.status).toBe(201);
    const made = strict(postedPerson).parse(await answer.json());
    expect(answer.headers.get("location")).toBe(`${site.url}/api/v1/persons/${made.id}`);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(made.record_id).toBe(`lookout.example/person.${made.id}`);
    expect(made.url).toBe(`${site.url}/safety/persons/${made.id}`);
    expect(made.manage_url.startsWith(`${made.url}/manage?token=`)).toBe(true);

    const { data, next, total } = await list(`q=${encodeURIComponent("Chen Chih-ming")}`);
    const found = data.find(({ id }) => id === made.id)!;
    expect({ next, total }).toEqual({ next: null, total: data.length });
    expect(found).toMatchObject({
      full_name: "陳志明",
      age: "30-34",
      home_country: "TW",
      event: "everyday",
      status: "is_note_author",
      status_by: "self",
      position: { lat: -43.53, lon: 172.64, precision_m: 1000 },
      match: { reason: "same_sound" },
      drill: false,
    });
    const one = await site.fetch(`/api/v1/persons/${made.id}`);
    const body = await one.text();
    expect(strict(apiPersonWithNotes).parse(JSON.parse(body)).notes).toHaveLength(1);
    // A3: what was given for staff alone is in no answer.
    for (const secret of ["chen@example.com", "912", "33,", "172.6362"]) expect(body).not.toContain(secret);
  });

  it("lists page by cursor without losing or repeating anybody", async () => {
    for (let n = 0; n < 5; n += 1) await posted({ full_name: `Pager ${n}`, home_country: "NP" });
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`country=NP&limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.total).toBe(5);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next ?? "";
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it.each([
    ["limit=0", "limit_invalid"],
    ["limit=-1", "limit_invalid"],
    ["limit=1e9", "limit_invalid"],
    ["limit=1000000000", "limit_invalid"],
    ["limit=5.5", "limit_invalid"],
    ["cursor=abc", "cursor_invalid"],
    ["cursor=WyJ4Iiwx", "cursor_invalid"],
    [`cursor=${"a".repeat(2000)}`, "cursor_invalid"],
    ["status=dead", "status_unknown"],
    ["status=published", "status_unknown"],
    ["country=ZZ", "country_invalid"],
    ["country=Taiwan", "country_invalid"],
    ["event=no-such-event", "event_unknown"],
    ["event=..%2F..", "event_unknown"],
  ])("H35: ?%s is refused by name", async (query, token) => {
    const answer = await site.fetch(`/api/v1/persons?${query}`);
    expect(answer.status).toBe(422);
    const body = await problem(answer);
    expect(body.token).toBe(token);
    expect(body.errors).toEqual([{ field: query.split("=")[0], token }]);
  });

  it("H35: a cursor of another query is refused", async () => {
    const { next } = await list("country=NP&limit=2");
    expect((await site.fetch(`/api/v1/persons?country=TW&limit=2&cursor=${next}`)).status).toBe(422);
    expect((await site.fetch(`/api/v1/persons?q=Pager&limit=2&cursor=${next}`)).status).toBe(422);
  });

  it("H9: what PostgREST would understand changes nothing", async () => {
    const plain = await list("country=NP");
    const filters =
      "&select=*&or=(visibility.eq.link)&order=id&offset=2&visibility=eq.staff&publication=neq.x";
    const answer = await site.fetch(`/api/v1/persons?country=NP${filters}`, {
      headers: { prefer: "count=exact", range: "0-0", "accept-profile": "app" },
    });
    expect(await answer.json()).toEqual(plain);
    for (const q of ["*", "%", "_", "%%%%", "a,b)", "or=(full_name.eq.x)", "'; drop table persons--", "\\"]) {
      expect((await list(`q=${encodeURIComponent(q)}`)).data).toEqual([]);
    }
  });

  it("H30: an id that is none, and one of nobody, answer alike", async () => {
    const ids = ["1", "-1", "2147483648", "9007199254740993", "not-a-uuid", randomUUID(), "A".repeat(300)];
    const bodies = new Set<string>();
    for (const id of ids) {
      const answer = await site.fetch(`/api/v1/persons/${id}`);
      expect(answer.status).toBe(404);
      bodies.add(await answer.text());
    }
    expect(bodies.size).toBe(1);
  });

  it("A3, A4: a record that is not public is nowhere, and says so like one that never was", async () => {
    const nobody = await (await site.fetch(`/api/v1/persons/${randomUUID()}`)).text();
    const since = new Date(Date.now() - 60_000).toISOString();
    for (const visibility of ["known", "link", "staff"]) {
      const hidden = await posted({ full_name: `Hidden ${visibility} Q7`, visibility, birth_year: 1980 });
      expect(hidden.url.includes("?key=")).toBe(visibility !== "staff");
      for (const path of [
        `/api/v1/persons/${hidden.id}`,
        `/pfif/read?id=${hidden.record_id}`,
        `/safety/persons/${hidden.id}.pfif.xml`,
      ]) {
        const answer = await site.fetch(path);
        expect(answer.status, path).toBe(404);
        expect(await answer.text()).toBe(nobody);
      }
      const note = await post(`/api/v1/persons/${hidden.id}/notes`, { text: "hello" });
      expect(note.status).toBe(404);
      for (const path of [
        `/api/v1/persons?q=Hidden%20${visibility}%20Q7`,
        "/api/v1/persons?limit=200",
        `/pfif/search?q=Hidden%20${visibility}`,
        `/pfif/search?id=${hidden.record_id}`,
        `/pfif/feeds/person?min_entry_date=${since}`,
        `/pfif/feeds/note?min_entry_date=${since}`,
      ]) {
        const answer = await site.fetch(path);
        expect(answer.status).toBe(200);
        expect(await answer.text(), path).not.toContain(hidden.id);
      }
      const notes = await site.fetch(`/pfif/feeds/note?person_record_id=${hidden.record_id}`);
      expect(await notes.text()).not.toContain("<entry>");
    }
  });

  it("H31: what a poster may not decide is not decided by naming it", async () => {
    const made = await posted({
      full_name: "Mass Assignment",
      is_verified: true,
      status: "approved",
      ...{ publication: "published", status_by: "official", source: "official", is_clone: true, drill: true },
      ...{ id: randomUUID(), record_id: "other.example/1", entry_date: "2001-01-01T00:00:00Z", held: false },
      ...{
        photo: { id: randomUUID() },
        manage_hash: "00",
        view_hash: "00",
        caller: "x",
        minor: false,
        version: 9,
      },
      ...{
        body: "x",
        record_domain: "other.example",
        freshest_at: "2099-01-01T00:00:00Z",
        name_keys: ["e:x"],
      },
    }).catch(() => null);
    // `approved` is no status of ours, and that is said.
    expect(made).toBeNull();
    const fine = await posted({
      full_name: "Mass Assignment",
      publication: "hidden",
      status_by: "official",
      is_clone: true,
      drill: true,
      id: "11111111-1111-4111-8111-111111111111",
      record_domain: "other.example",
      name_keys: ["e:somebody else"],
      held: true,
      source_date: "2001-01-01T00:00:00Z",
    });
    expect(fine.held).toBe(false);
    expect(fine.record_id).toBe(`lookout.example/person.${fine.id}`);
    const { body } = await person(fine.id);
    expect(body).toMatchObject({ status: "is_note_author", status_by: "self", drill: false });
    expect(Date.parse(body.source_date)).toBeGreaterThan(Date.now() - 60_000);
    const refused = await post("/api/v1/persons", { ...me, visibility: "secret" });
    expect((await problem(refused)).errors).toEqual([{ field: "visibility", token: "visibility_invalid" }]);
  });

  it("H20: names that mean something to JavaScript are only names", async () => {
    const answer = await post(
      "/api/v1/persons",
      '{"__proto__":{"visibility":"staff"},"constructor":{"prototype":{"polluted":1}},"toString":"x",' +
        '"as":"me","full_name":"Proto","status":"safe","consent":true}',
    );
    expect(answer.status).toBe(201);
    const { id } = postedPerson.parse(await answer.json());
    expect((await person(id)).status).toBe(200);
  });

  it.each([
    ["not JSON", "{", 400, "json_invalid"],
    ["nothing", "", 400, "json_invalid"],
    ["a list", "[]", 400, "json_invalid"],
    ["a word", '"me"', 400, "json_invalid"],
    ["null", "null", 400, "json_invalid"],
    ["two values", "{}{}", 400, "json_invalid"],
    ["very deep", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, 400, "json_invalid"],
    ["too large", JSON.stringify({ text: "x".repeat(300_000) }), 413, "too_large"],
    ["no answers", "{}", 422, "as_required"],
  ])("H20: a body that is %s", async (_what, body, status, token) => {
    const answer = await post("/api/v1/persons", body);
    expect(answer.status).toBe(status);
    expect((await problem(answer)).token).toBe(token);
  });

  it("H13, H20: bytes that are no UTF-8 are not guessed at", async () => {
    const answer = await site.fetch("/api/v1/persons", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect((await problem(answer)).token).toBe("json_invalid");
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
  ])("H21: %s is not application/json", async (type) => {
    const answer = await post("/api/v1/persons", JSON.stringify(me), {
      "content-type": type,
      origin: site.url,
    });
    expect(answer.status).toBe(415);
    await problem(answer);
  });

  it.each([
    [{ lat: "NaN", lon: 1 }, "lat"],
    [{ lat: "Infinity", lon: 1 }, "lat"],
    [{ lat: 91, lon: 0.5 }, "lat"],
    [{ lat: 10, lon: 181 }, "lon"],
    [{ lat: "43,5", lon: 1 }, "lat"],
    [{ lat: 0, lon: 0 }, "lat"],
    [{ lat: 172.6, lon: -43.5 }, "lat"],
    [{ lat: 10 }, "lat"],
    [{ lat: [1], lon: {} }, "lat"],
    [{ age: 131 }, "age"],
    [{ age: 1.5 }, "age"],
    [{ age: "-1" }, "age"],
    [{ birth_year: "2026-02-30" }, "birth_year"],
    [{ expiry_days: 0 }, "expiry_days"],
    [{ expiry_days: 100_000 }, "expiry_days"],
    [{ full_name: "\u3164" }, "full_name"],
    [{ full_name: "王\u202e小明" }, "full_name"],
    [{ full_name: "a\u0000b" }, "full_name"],
    [{ full_name: "\ud800" }, "full_name"],
    [{ full_name: { $ne: null } }, "full_name"],
    [{ full_name: ["A", "B"] }, "full_name"],
    [{ consent: false }, "consent"],
    [{ consent: "no" }, "consent"],
    [{ consent: undefined }, "consent"],
    [{ event: "no-such-event" }, "event"],
    [{ need: ["money", "power"] }, "need"],
    [{ client_id: "1" }, "client_id"],
  ])("H33, H34, H12: %j is refused by the name of its field", async (fields, field) => {
    const answer = await post("/api/v1/persons", { ...me, ...fields });
    expect(answer.status).toBe(422);
    expect((await problem(answer)).errors.map((error) => error.field)).toContain(field);
  });

  it("H33: 1e309 is no number of degrees", async () => {
    const answer = await post(
      "/api/v1/persons",
      JSON.stringify({ ...me, lon: 1 }).replace("}", ',"lat":1e309}'),
    );
    expect(answer.status).toBe(422);
  });

  it("H5: text comes back as it was sent, in JSON that no page would run", async () => {
    const full_name = "</script><script>alert(1)</script>\u2028 O'Neill";
    const { id } = await posted({ full_name: `A ${full_name}` });
    const answer = await site.fetch(`/api/v1/persons/${id}`);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(((await answer.json()) as ApiPerson).full_name).toContain("</script><script>alert(1)</script>");
  });

  it("H28: a key makes a resend harmless, also at the same time, and no key serves two posts", async () => {
    const key = { "idempotency-key": "1" };
    const body = { ...me, full_name: "Only Once" };
    const answers = await Promise.all([1, 2, 3, 4].map(() => post("/api/v1/persons", body, key)));
    answers.push(await post("/api/v1/persons", body, key));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(bodies).size).toBe(1);
    expect((await list("q=Only%20Once")).total).toBe(1);

    const other = await post("/api/v1/persons", { ...body, text: "changed" }, key);
    expect(other.status).toBe(409);
    expect((await problem(other)).token).toBe("idempotency_key_reused");
    for (const bad of ["", "k".repeat(201)]) {
      expect((await post("/api/v1/persons", body, { "idempotency-key": bad })).status).toBe(422);
    }
  });

  it("H28: a short key that comes back after it was forgotten does not open somebody else's record", async () => {
    const key = { "idempotency-key": "short" };
    const first = postedPerson.parse(
      await (await post("/api/v1/persons", { ...me, full_name: "Ana" }, key)).json(),
    );
    await site.sql`delete from app.idempotency`;
    const second = postedPerson.parse(
      await (await post("/api/v1/persons", { ...me, full_name: "Bo" }, key)).json(),
    );
    const token = new URL(second.manage_url).searchParams.get("token")!;
    expect(new URL(first.manage_url).searchParams.get("token")).not.toBe(token);
    expect((await site.fetch(`/safety/persons/${first.id}/manage?token=${token}`)).status).toBe(403);
  });

  it("notes are added, and a death said by the public waits", async () => {
    const { id } = await posted({ full_name: "Noted Person" });
    const answer = await post(`/api/v1/persons/${id}/notes`, {
      text: "Seen at the station",
      status: "believed_alive",
    });
    expect(answer.status).toBe(201);
    const note = strict(postedNote).parse(await answer.json());
    expect(note).toMatchObject({ manage_url: null, held: false });
    expect(note.url).toBe(`${site.url}/safety/persons/${id}#note-${note.id}`);
    const dead = await post(`/api/v1/persons/${id}/notes`, { text: "I heard", status: "believed_dead" });
    expect(postedNote.parse(await dead.json()).held).toBe(true);
    const { notes, status } = apiPersonWithNotes.parse((await person(id)).body);
    expect(notes.map(({ text }) => text)).toContain("Seen at the station");
    expect(notes.map(({ text }) => text)).not.toContain("I heard");
    expect(status).toBe("believed_alive");

    expect((await post(`/api/v1/persons/${id}/notes`, {})).status).toBe(422);
    expect((await post(`/api/v1/persons/${randomUUID()}/notes`, { text: "x" })).status).toBe(404);
    expect((await post("/api/v1/persons/../x/notes", { text: "x" })).status).toBe(404);
    expect((await site.fetch(`/api/v1/persons/${id}/notes`)).status).toBe(405);
  });

  it("H28: the same words under the same key about somebody else are another post", async () => {
    const [one, two] = [await posted({ full_name: "Note One" }), await posted({ full_name: "Note Two" })];
    const key = { "idempotency-key": "note" };
    expect((await post(`/api/v1/persons/${one.id}/notes`, { text: "same" }, key)).status).toBe(201);
    expect((await post(`/api/v1/persons/${one.id}/notes`, { text: "same" }, key)).status).toBe(201);
    expect((await post(`/api/v1/persons/${two.id}/notes`, { text: "same" }, key)).status).toBe(409);
  });

  it("unchanged answers cost a 304, and a write is seen at once", async () => {
    const { id } = await posted({ full_name: "Tagged" });
    const path = `/api/v1/persons/${id}`;
    const etag = (await site.fetch(path)).headers.get("etag")!;
    expect((await site.fetch(path, { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await site.fetch(path, { headers: { "if-none-match": 'W/"no", ,,"' } })).status).toBe(200);
    await post(`${path}/notes`, { text: "news" });
    const after = await site.fetch(path, { headers: { "if-none-match": etag } });
    expect(after.status).toBe(200);
    expect(await after.text()).toContain("news");
  });

  it("A6: what may be shared is shared without cookies, for a second at most", async () => {
    for (const path of ["/api/v1/persons", "/api/v1/persons?q=Pager", "/api/v1/events"]) {
      const answer = await site.fetch(path);
      expect(answer.headers.get("cache-control")).toMatch(/s-maxage=1$/);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
  });

  it("any site may read, none may post", async () => {
    const read = await site.fetch("/api/v1/persons", { headers: { origin: "https://news.example" } });
    expect(read.headers.get("access-control-allow-origin")).toBe("*");
    const asked = await site.fetch("/api/v1/persons", {
      method: "OPTIONS",
      headers: { origin: "https://news.example", "access-control-request-method": "POST" },
    });
    expect(asked.headers.get("access-control-allow-methods")).not.toContain("POST");
    const foreign = await post("/api/v1/persons", me, { origin: "https://news.example" });
    expect(foreign.status).toBe(403);
    await problem(foreign);
  });

  it("drills are found by their own name and marked", async () => {
    await openEvent(site, { slug: "api-drill", titles: { en: "Drill" }, kind: "earthquake", drill: true });
    const { id } = await posted({ full_name: "Drill Person", event: "api-drill" });
    expect((await list("limit=200")).data.map((row) => row.id)).not.toContain(id);
    expect((await list("q=Drill%20Person")).data).toEqual([]);
    expect((await list("event=api-drill")).data).toMatchObject([{ id, drill: true }]);
  });

  it("events come with rounded counts", async () => {
    await openEvent(site, {
      slug: "api-quake",
      titles: { "zh-TW": "地震", en: "Earthquake" },
      kind: "earthquake",
      country: "NZ",
      ...{ west: 172, south: -44, east: 173, north: -43 },
    });
    for (let n = 0; n < 6; n += 1) await posted({ full_name: `Counted ${n}`, event: "api-quake" });
    const answer = strict(apiEventList).parse(await (await site.fetch("/api/v1/events")).json());
    expect(answer.total).toBe(answer.data.length);
    expect(answer.data.find(({ slug }) => slug === "api-quake")).toMatchObject({
      bbox: [172, -44, 173, -43],
      counts: { persons: 5, safe: 5, sought: 0, needs_help: 0 },
      state: "open",
    });
    expect(answer.data.find(({ slug }) => slug === "api-drill")?.counts.persons).toBe(0);
  });

  it("an address of the API that is none is a problem", async () => {
    const answer = await site.fetch("/api/v1/nothing");
    expect(answer.status).toBe(404);
    await problem(answer);
    expect((await post("/api/v1/events", {})).status).toBe(405);
    const head = await site.fetch("/api/v1/events", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("the document describes exactly the routes there are", async () => {
    const answer = await site.fetch("/api/v1/openapi.json");
    const document = (await answer.json()) as {
      openapi: string;
      servers: { url: string }[];
      paths: Record<string, Record<string, unknown>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.servers).toEqual([{ url: site.url }]);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual((await servedOperations()).sort());
    const referred = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of referred) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(new Set(apiOperations.map(({ id }) => id)).size).toBe(apiOperations.length);
  });
});

describe("limits of the API", () => {
  it("A5: too much at once is 429 with the seconds to wait", async () => {
    const site = await startSite();
    try {
      const answers: Response[] = [];
      for (let n = 0; n < 61; n += 1) {
        answers.push(
          await site.fetch("/api/v1/persons", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ ...me, full_name: `Many ${n}` }),
          }),
        );
      }
      const refused = answers.find(({ status }) => status !== 201);
      // A new minute may have begun in between.
      if (!refused) return;
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ token: "too_many", status: 429 });
    } finally {
      await site.close();
    }
  });
});

/** Every method of every route under /api/v1, from the files themselves. */
async function servedOperations(): Promise<string[]> {
  const served: string[] = [];
  for (const file of readdirSync("app/routes").filter((name) => name.startsWith("api.v1."))) {
    const path = file
      .replace(/\.tsx?$/, "")
      .replace(/\._index$/, "")
      .replace(/\[(.)\]/g, (_, character: string) => (character === "." ? "\u0000" : character))
      .replaceAll(".", "/")
      .replaceAll("\u0000", ".")
      .replace(/\$(\w+)/g, "{$1}");
    const route = (await import(`../../app/routes/${file}`)) as { loader?: unknown; action?: unknown };
    const refusesToRead = route.loader?.toString().includes("postOnly");
    if (route.loader && !refusesToRead) served.push(`get /${path}`);
    if (route.action) served.push(`post /${path}`);
  }
  return served;
}

async function openEvent(site: Site, event: Record<string, unknown>): Promise<void> {
  await site.sql`select public.open_event(${site.sql.json(event as never)})`;
}

/** Nothing more than what is described. */
function strict<T extends z.ZodObject>(schema: T) {
  return z.strictObject(schema.shape) as unknown as T;
}
