import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFormToken } from "#app/platform/session.server.ts";
import { secretsFrom } from "#app/server/secrets.ts";
import { strayMarkup } from "#tests/support/hostile.ts";
import { fieldsOf, summaryOf } from "#tests/support/html.ts";
import {
  act,
  filled,
  postPerson,
  readPosted,
  send,
  sendPerson,
  type PostedPerson,
} from "#tests/support/posting.ts";
import { rawMessage, rawRequest } from "#tests/support/raw-http.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
let person: PostedPerson;
const form = "/safety/persons/new?as=me";
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  person = await postPerson(site, { full_name: "請求測試" });
});
afterAll(() => site?.close());

async function untouchedForm(): Promise<FormData> {
  return filled(await (await site.fetch(form)).text(), "person", { consent: "yes" });
}

async function countOf(name: string): Promise<number> {
  const [row] = await site.sql<
    { n: number }[]
  >`select count(*)::int as n from app.persons where full_name = ${name}`;
  return row!.n;
}

describe("H20: too much of everything", () => {
  it("a message of a megabyte is refused, and the server serves on", async () => {
    const body = new URLSearchParams({ as: "me", full_name: "太長", text: "長".repeat(350_000) });
    const answer = await send(site, form, body);
    expect(answer.status).toBe(413);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect((await site.fetch("/safety")).status).toBe(200);
  });

  it("a message a little over the limit comes back with every word", async () => {
    const text = "長".repeat(5_001);
    const answer = await sendPerson(site, { full_name: "稍長", text });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(fieldsOf(html, "person").text).toEqual([text]);
    expect(summaryOf(html, "person")).toContainEqual(expect.objectContaining({ target: "person-text" }));
  });

  it("a body of 60 MB is turned away before it is read", async () => {
    const began = performance.now();
    const answer = await rawRequest(site, {
      pieces: [
        `POST ${form} HTTP/1.1\r\nHost: ${new URL(site.url).host}\r\nOrigin: ${site.url}\r\n` +
          `Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${60 * 1024 * 1024}\r\n\r\n`,
      ],
    });
    expect(answer.status).toBe(413);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("a body that does not say how long it is is cut off at the limit", async () => {
    const piece = "a".repeat(64 * 1024);
    const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`;
    const answer = await rawRequest(site, {
      pieces: [
        rawMessage(site, `POST ${form}`, [
          `Origin: ${site.url}`,
          "Content-Type: application/x-www-form-urlencoded",
          "Transfer-Encoding: chunked",
        ]),
        ...Array.from({ length: 40 }, () => chunk),
      ],
      pauseMs: 1,
    });
    expect(answer.status).toBe(413);
  });

  it.each([
    ["100,000 fields", () => Array.from({ length: 100_000 }, (_, n) => `${n}=`).join("&")],
    ["10,000 fields of one name", () => "full_name=x&".repeat(10_000)],
  ])("%s are refused", async (_, body) => {
    const answer = await site.fetch(form, {
      method: "POST",
      body: body(),
      headers: { origin: site.url, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer.status).toBe(413);
  });

  it("fields named after the insides of objects are nothing special", async () => {
    const body = await untouchedForm();
    body.set("full_name", "原型污染");
    for (const name of [
      "__proto__",
      "constructor",
      "toString",
      "a[b][c][d][e]",
      "hasOwnProperty",
      "__proto__[admin]",
    ]) {
      body.append(name, "polluted");
    }
    await readPosted(site, await send(site, form, body));
    const json =
      '{"__proto__":{"visibility":"staff"},"constructor":{"x":1},"as":"me","full_name":"原型污染二","consent":"yes"}';
    const answer = await site.fetch("/api/v1/persons", {
      method: "POST",
      body: json,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(201);
    expect(((await answer.json()) as { url: string }).url).not.toContain("key=");
  });

  it("JSON nested too deep is refused", async () => {
    const answer = await site.fetch("/api/v1/persons", {
      method: "POST",
      body: `{"as":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(400);
  });
});

describe("H21: wrong words about the body", () => {
  it.each([
    ["JSON to a form", { "content-type": "application/json" }, '{"full_name":"x"}', 415],
    ["text to a form", { "content-type": "text/plain" }, "full_name=x", 415],
    ["no boundary", { "content-type": "multipart/form-data" }, "--x\r\n", 400],
    [
      "a boundary that never comes",
      { "content-type": "multipart/form-data; boundary=x" },
      "no parts here",
      400,
    ],
    [
      "a part that breaks off",
      { "content-type": "multipart/form-data; boundary=x" },
      "--x\r\nContent-Disposition: form-data; name=",
      400,
    ],
  ])("%s is refused and does no harm", async (_, headers, body, status) => {
    const answer = await site.fetch(form, {
      method: "POST",
      body,
      headers: { ...headers, origin: site.url },
    });
    expect(answer.status).toBe(status);
  });

  it("no content type at all is refused", async () => {
    const message = rawMessage(site, `POST ${form}`, [`Origin: ${site.url}`], "full_name=x");
    expect((await rawRequest(site, { pieces: [message] })).status).toBe(415);
  });

  it.each(["../../etc/passwd.jpg", "CON", "a\r\nX-Evil: 1.jpg", "\u202egpj.exe", "x".repeat(5_000)])(
    "a photo called %j is not a path, a header or a name",
    async (name) => {
      const body = await untouchedForm();
      body.set("full_name", "檔名測試");
      body.append("photo", new File(["not a photo"], name, { type: "image/jpeg" }));
      const answer = await send(site, form, body);
      expect(answer.status).toBe(422);
      expect(answer.headers.get("x-evil")).toBeNull();
      expect(summaryOf(await answer.text(), "person")).toContainEqual(
        expect.objectContaining({ target: "person-photo" }),
      );
    },
  );
});

describe("H22: slow, broken and endless requests", () => {
  it("an upload that is given up leaves nothing behind", async () => {
    const before = await countOf("上傳中斷");
    await Promise.all(
      Array.from({ length: 5 }, () =>
        rawRequest(site, {
          pieces: [
            `POST ${form} HTTP/1.1\r\nHost: ${new URL(site.url).host}\r\nOrigin: ${site.url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nas=me&consent=yes&full_name=${encodeURIComponent("上傳中斷")}`,
          ],
          pauseMs: 50,
          hangUp: true,
        }),
      ),
    );
    expect((await site.fetch("/healthz")).status).toBe(200);
    expect(await countOf("上傳中斷")).toBe(before);
  });

  it("a body that trickles is taken, and holds nobody up meanwhile", async () => {
    const body = new URLSearchParams({ as: "me", consent: "yes", full_name: "慢慢來" }).toString();
    const slow = rawRequest(site, {
      pieces: [
        `POST ${form} HTTP/1.1\r\nHost: ${new URL(site.url).host}\r\nOrigin: ${site.url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
        ...(body.match(/.{1,12}/g) ?? []),
      ],
      pauseMs: 100,
    });
    const others = await Promise.all(Array.from({ length: 10 }, () => site.fetch("/safety")));
    expect(others.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await slow).status).toBe(303);
  });

  it("headers of 100 kB and addresses over 8 kB are refused", async () => {
    const long = await rawRequest(site, {
      pieces: [rawMessage(site, "GET /safety", [`X-Long: ${"a".repeat(100_000)}`])],
    });
    expect(long.status).toBe(431);
    const address = await rawRequest(site, {
      pieces: [rawMessage(site, `GET /safety?q=${"a".repeat(9_000)}`)],
    });
    expect(address.status).toBe(414);
    expect((await site.fetch(`/safety?q=${"a".repeat(7_900)}`)).status).toBe(200);
  });
});

describe("H23: other methods", () => {
  it.each([
    ["PUT", 405],
    ["PATCH", 405],
    ["DELETE", 405],
    ["TRACE", 405],
    ["PROPFIND", 501],
    ["EVIL", 400],
  ])("%s is answered with %i and changes nothing", async (method, status) => {
    const { pathname, search } = new URL(person.manage, site.url);
    const answer = await rawRequest(site, {
      pieces: [rawMessage(site, `${method} ${pathname}${search}`, ["X-Secret: 1"])],
    });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.allow).toContain("POST");
    expect(answer.body).not.toContain("X-Secret");
  });

  it.each(["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])(
    "%s turns no GET into anything else",
    async (header) => {
      const answer = await site.fetch(`${person.manage}&intent=delete&confirm=yes`, {
        headers: { [header]: "POST" },
      });
      expect(answer.status).toBe(200);
      expect((await site.fetch(person.page)).status).toBe(200);
    },
  );
});

describe("H24: posts from other sites", () => {
  const foreign: Array<[string, Record<string, string>]> = [
    ["another origin", { origin: "https://evil.example" }],
    ["the origin null", { origin: "null" }],
    ["our name as a prefix", { origin: "http://127.0.0.1.evil.example" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    ["a same-site fetch of another subdomain", { "sec-fetch-site": "same-site" }],
  ];
  it.each(foreign)("%s is refused on pages and resource routes", async (_, headers) => {
    const { token } = person;
    for (const where of [
      form,
      person.page,
      `${person.page}/manage?token=${token}`,
      "/language",
      "/api/v1/persons",
      "/pfif/write?key=x",
    ]) {
      const json = where.startsWith("/api");
      const answer = await site.fetch(where, {
        method: "POST",
        body: json
          ? JSON.stringify({ as: "me", full_name: "跨站", consent: "yes" })
          : new URLSearchParams({
              as: "me",
              full_name: "跨站",
              consent: "yes",
              intent: "delete",
              confirm: "yes",
              lang: "en",
            }),
        headers: { ...headers, ...(json ? { "content-type": "application/json" } : {}) },
      });
      expect(answer.status, where).toBe(403);
      expect(answer.headers.get("set-cookie"), where).toBeNull();
    }
    expect(await countOf("跨站")).toBe(0);
    expect((await site.fetch(person.page)).status).toBe(200);
  });

  it("a client that says nothing of itself needs a token of our form", async () => {
    const bare = (body: FormData | URLSearchParams) => site.fetch(form, { method: "POST", body });
    const without = new URLSearchParams({ as: "me", full_name: "沒有來源", consent: "yes" });
    expect((await bare(without)).status).toBe(403);
    const forged = new URLSearchParams({ ...Object.fromEntries(without), form_token: "a.b.post-person.c" });
    expect((await bare(forged)).status).toBe(403);
    expect(await countOf("沒有來源")).toBe(0);

    const body = await untouchedForm();
    body.set("full_name", "沒有來源");
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await bare(body)).status).toBe(303);
  });
});

describe("H25, H27: the token and the field for nobody", () => {
  const withToken = async (token: string, name: string) => {
    const body = await untouchedForm();
    body.set("full_name", name);
    body.set("text", "這些字要留著");
    body.set("form_token", token);
    return send(site, form, body);
  };
  const secret = () => secretsFrom(readFileSync(path.join(site.dataDir, "secret"), "utf8").trim());

  it.each([
    ["changed", () => "zzzz.abcdefghijkl.post-person.aaaaaaaaaaaaaaaaaaaaaa"],
    ["of another form", () => makeFormToken({ secret: secret(), purpose: "report" })],
    [
      "of thirteen hours ago",
      () =>
        makeFormToken({
          secret: secret(),
          purpose: "post-person",
          now: new Date(Date.now() - 13 * 3_600_000),
        }),
    ],
  ])(
    "a token %s is refused with all answers kept, and the same page works when sent again",
    async (_, token) => {
      const refused = await withToken(token(), "表單權杖");
      expect(refused.status).toBe(422);
      const html = await refused.text();
      const kept = fieldsOf(html, "person");
      expect([kept.full_name, kept.text]).toEqual([["表單權杖"], ["這些字要留著"]]);
      expect(await countOf("表單權杖")).toBe(0);
      const again = await send(site, form, filled(html, "person"));
      expect(again.status).toBe(303);
      await site.sql`update app.persons set full_name = '已改名' where full_name = '表單權杖'`;
    },
  );

  it("two tabs with one token are two posts", async () => {
    const html = await (await site.fetch(form)).text();
    for (const name of ["分頁一", "分頁二"]) {
      const answer = await send(
        site,
        form,
        filled(html, "person", { full_name: name, consent: "yes", client_id: crypto.randomUUID() }),
      );
      expect(answer.status).toBe(303);
    }
  });

  it("H27: a form sent within a moment is taken at once", async () => {
    const posted = await postPerson(site, { full_name: "手很快" });
    expect((await site.fetch(posted.page)).status).toBe(200);
  });

  it("H27: a form with the hidden field filled in is thanked, held, and published only by a decision", async () => {
    const posted = await postPerson(site, { full_name: "機器人留言", leave_empty: "http://spam.example" });
    expect((await site.fetch(posted.page)).status).toBe(404);
    expect(await (await site.fetch("/safety?q=機器人留言")).text()).not.toContain(posted.id);
    expect((await site.fetch(`/api/v1/persons/${posted.id}`)).status).toBe(404);
    expect((await site.fetch(posted.manage)).status).toBe(200);
    const [item] =
      await site.sql`select id from app.queue_items where person_id = ${posted.id} and kind = 'looks_automatic'`;
    await site.sql`select public.decide_queue_item(${site.sql.json({ id: item!.id, decision: "accept", by: "測試", reason: "是真人" })})`;
    expect((await site.fetch(posted.page)).status).toBe(200);
  });

  it("H27: notes, messages, reports and follows with the hidden field filled in are thanked and dropped", async () => {
    for (const [intent, answers] of [
      ["note", { text: "spam" }],
      ["relay", { text: "spam", author_name: "spam" }],
      ["report", { reason: "remove", text: "spam" }],
      ["follow", { email: "spam@example.org" }],
    ] as const) {
      const answer = await act(site, person.page, intent, { ...answers, leave_empty: "x" });
      expect(answer.status, intent).toBe(303);
    }
    const [left] = await site.sql`
      select (select count(*)::int from app.notes where text = 'spam') as notes,
             (select count(*)::int from app.relay_messages where text = 'spam') as messages,
             (select count(*)::int from app.queue_items where text = 'spam') as reports,
             (select count(*)::int from app.follows where email = 'spam@example.org') as follows`;
    expect(left).toEqual({ notes: 0, messages: 0, reports: 0, follows: 0 });
  });
});

describe("H28: the same post again", () => {
  it("with the same words gives the same person and the same link, also at the same time", async () => {
    const html = await (await site.fetch(form)).text();
    const body = () => filled(html, "person", { full_name: "重送", text: "一次就好", consent: "yes" });
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(site, form, body())));
    answers.push(await send(site, form, body()));
    const seen = await Promise.all(answers.map((answer) => readPosted(site, answer)));
    expect(new Set(seen.map(({ id, manage }) => `${id} ${manage}`)).size).toBe(1);
    expect(await countOf("重送")).toBe(1);
    expect((await site.fetch(seen[0]!.manage)).status).toBe(200);
  });

  it("with other words is refused with the answers kept, and can be sent as a new one", async () => {
    const html = await (await site.fetch(form)).text();
    const first = await send(site, form, filled(html, "person", { full_name: "原來的", consent: "yes" }));
    expect(first.status).toBe(303);
    const second = await send(
      site,
      form,
      filled(html, "person", { full_name: "改過的", text: "要留著", consent: "yes" }),
    );
    expect(second.status).toBe(409);
    const page = await second.text();
    const kept = fieldsOf(page, "person");
    expect([kept.full_name, kept.text]).toEqual([["改過的"], ["要留著"]]);
    expect(await countOf("改過的")).toBe(0);
    expect((await send(site, form, filled(page, "person"))).status).toBe(303);
    expect(await countOf("改過的")).toBe(1);
  });

  it("of a note is one note", async () => {
    const html = await (await site.fetch(person.page)).text();
    const note = () =>
      send(site, person.page, filled(html, "add-note", { text: "按了兩次", status: "believed_alive" }));
    const answers = await Promise.all([note(), note(), note()]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await site.sql`select 1 from app.notes where text = '按了兩次'`).toHaveLength(1);
  });

  it("by the API with one Idempotency-Key is one person, and another body is a conflict", async () => {
    const post = (full_name: string) =>
      site.fetch("/api/v1/persons", {
        method: "POST",
        body: JSON.stringify({ as: "me", full_name, consent: "yes" }),
        headers: { "content-type": "application/json", "idempotency-key": "k-1" },
      });
    const [one, two] = await Promise.all([post("程式重送"), post("程式重送")]);
    expect(await one.json()).toEqual(await two.json());
    expect((await post("另一個人")).status).toBe(409);
    expect(await countOf("程式重送")).toBe(1);
  });
});

describe("H31: fields that nobody offered", () => {
  const extra = {
    id: "00000000-0000-4000-8000-000000000000",
    record_id: "evil.example/person.1",
    record_domain: "evil.example",
    publication: "published",
    held: "false",
    source: "official",
    source_date: "2030-01-01T00:00:00Z",
    entry_date: "2030-01-01T00:00:00Z",
    created_at: "2030-01-01T00:00:00Z",
    is_verified: "true",
    role: "admin",
    minor: "false",
    name_keys: "x",
    manage_hash: "0".repeat(64),
    view_hash: "0".repeat(64),
    caller: "somebody else",
    description: "smuggled",
    given_name: "smuggled",
    linked_person_record_id: "evil.example/person.2",
    is_clone: "true",
    drill: "true",
  };

  it("change nothing, in a form and as JSON", async () => {
    const posted = await postPerson(site, { ...extra, full_name: "多送欄位", age: "12", visibility: null });
    const answer = await site.fetch("/api/v1/persons", {
      method: "POST",
      body: JSON.stringify({ ...extra, as: "me", full_name: "多送欄位", age: 12, consent: true }),
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(201);
    const json = (await answer.json()) as { id: string };
    for (const id of [posted.id, json.id]) {
      expect(id).not.toBe(extra.id);
      const [row] = await site.sql`
        select p.record_id like '127.0.0.1/%' as ours, p.minor, p.description, p.given_name, p.is_clone, p.visibility,
               p.entry_date < now() + interval '1 minute' as entered_now, n.source, n.linked_person_record_id,
               n.source_date < now() + interval '1 minute' as said_now, s.manage_hash <> '\\x00' as own_link
        from app.persons p join app.notes n on n.person_id = p.id join app.person_secrets s on s.person_id = p.id
        where p.id = ${id}`;
      expect(row).toEqual({
        ours: true,
        minor: true,
        description: null,
        given_name: null,
        is_clone: false,
        // Nobody under eighteen is shown to everybody unless the author says so.
        visibility: "link",
        entered_now: true,
        source: "self",
        linked_person_record_id: null,
        said_now: true,
        own_link: true,
      });
    }
  });

  it("do not let a note speak as the person, as an office, or of another one", async () => {
    const answer = await act(site, person.page, "note", {
      ...extra,
      text: "冒充本人",
      status: "is_note_author",
      person_id: extra.id,
      manage: person.token,
    });
    expect(answer.status).toBe(303);
    const api = await site.fetch(`/api/v1/persons/${person.id}/notes`, {
      method: "POST",
      body: JSON.stringify({ ...extra, text: "冒充本人", status: "is_note_author" }),
      headers: { "content-type": "application/json" },
    });
    expect(api.status).toBe(201);
    const rows =
      await site.sql`select source, linked_person_record_id, person_id from app.notes where text = '冒充本人'`;
    expect(rows.map((row) => ({ ...row }))).toEqual(
      Array(2).fill({ source: "third_party", linked_person_record_id: null, person_id: person.id }),
    );
  });
});

describe("what the address and the headers claim", () => {
  it.each([
    "/safety/%ZZ",
    "/safety?q=%",
    "/safety/%00",
    "/safety/%c0%af",
    "/safety/%ff",
    "//evil.example/safety",
    "/safety//persons",
    "/safety/../etc/passwd",
    "/safety/%2e%2e/etc",
    "/safety\\persons",
    "/safety/%5c",
    "/safety%2fpersons",
  ])("H13, H38: %s is refused", async (target) => {
    expect((await rawRequest(site, { pieces: [rawMessage(site, `GET ${target}`)] })).status).toBe(400);
  });

  it("H38: no name but ours comes out of forged host headers, and no cache is poisoned", async () => {
    const evil = "evil.example";
    const forged = [
      `X-Forwarded-Host: ${evil}`,
      "X-Forwarded-Proto: https",
      `X-Original-URL: /safety/persons/${person.id}/manage`,
      "X-Rewrite-URL: /healthz",
      `Forwarded: host=${evil}`,
      `X-Forwarded-Prefix: //${evil}`,
    ];
    for (const where of [
      "/safety",
      person.page,
      `/safety/persons/${person.id}.pfif.xml`,
      "/pfif/feeds/person",
      "/api/v1/openapi.json",
    ]) {
      const answer = await rawRequest(site, { pieces: [rawMessage(site, `GET ${where}`, forged)] });
      expect(answer.status, where).toBe(200);
      expect(answer.body, where).not.toContain(evil);
      expect(await (await site.fetch(where)).text(), where).not.toContain(evil);
    }
    const host = await rawRequest(site, {
      pieces: [rawMessage(site, "GET /api/v1/openapi.json", [`Host: ${evil}`])],
    });
    expect(host.body).not.toContain(evil);
  });

  it("H38: the manage link of a post behind a forged host leads to us", async () => {
    const answer = await sendPerson(site, { full_name: "假主機" }, { "x-forwarded-host": "evil.example" });
    const posted = await readPosted(site, answer, { "x-forwarded-host": "evil.example" });
    expect(posted.html).toContain(`${site.url}/safety/persons/${posted.id}/manage?token=`);
    expect(posted.html).not.toContain("evil.example");
  });

  it.each([";.css", "/x.css", ";a=b/style.css", ".css", "%3b.css"])(
    "H38: a manage page with %j at its end is not kept for others",
    async (end) => {
      const [where = "", query = ""] = person.manage.split("?");
      const answer = await site.fetch(`${where}${end}?${query}`);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get("cache-control") ?? "").not.toMatch(/public|max-age=[1-9]/);
      if (answer.status === 200) expect(answer.headers.get("cache-control")).toContain("no-store");
    },
  );

  it("H36: a language from anywhere is one of ours or the default", async () => {
    const asked: Record<string, string>[] = [
      { "accept-language": "en,".repeat(2_700) },
      { "accept-language": "../../etc/passwd" },
      { "accept-language": "ar-EG;q=NaN, x-klingon, *;q=1e309" },
      { cookie: "lang=../../etc/passwd" },
      { cookie: "lang=__proto__" },
      { cookie: `lang=${"e".repeat(4_000)}` },
    ];
    for (const headers of asked) {
      const html = await (await site.fetch("/safety", { headers })).text();
      expect(html).toMatch(/^<!DOCTYPE html><html lang="(?:zh-TW|en|ja)" dir="ltr">/);
    }
    for (const lang of ["../../etc", "__proto__", "constructor", ""]) {
      const answer = await site.form("/language", { lang, next: "/safety" });
      expect(answer.status).toBe(303);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect((await site.fetch("/safety?lang=../../etc")).status).toBe(200);
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "\t//evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/\u0000/evil",
    "http://user@evil.example",
    "/safety\r\nSet-Cookie: a=b",
  ])("H37: choosing a language does not lead to %j", async (next) => {
    const answer = await site.form("/language", { lang: "en", next });
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get("location")!, site.url);
    expect(location.origin).toBe(site.url);
    expect(answer.headers.getSetCookie().filter((cookie) => !cookie.startsWith("lang="))).toEqual([]);
  });

  it("H39: nonsense in conditional headers is passed over", async () => {
    for (const where of ["/safety", person.page, `/api/v1/persons/${person.id}`]) {
      for (const tag of [
        '"',
        "W/",
        '"unfinished',
        "\u00ff".repeat(100),
        `"${"a".repeat(7_000)}"`,
        '"a","b',
        "%",
      ]) {
        expect(
          (await site.fetch(where, { headers: { "if-none-match": tag } })).status,
          `${where} ${tag}`,
        ).toBe(200);
      }
      const first = await site.fetch(where);
      const again = await site.fetch(where, {
        headers: { "if-none-match": first.headers.get("etag") ?? "" },
      });
      expect(again.status, where).toBe(304);
      expect(await again.text()).toBe("");
      const range = await site.fetch(where, { headers: { range: "bytes=0-10,5-6,-1,999999999-" } });
      expect(range.status, where).toBe(200);
      expect(range.headers.get("content-range")).toBeNull();
    }
  });

  it("H39: a packed body is refused unread", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, "a"));
    for (const where of [form, "/api/v1/persons", "/pfif/write?key=x"]) {
      const answer = await site.fetch(where, {
        method: "POST",
        body: bomb,
        headers: {
          origin: site.url,
          "content-encoding": "gzip",
          "content-type": where.startsWith("/api") ? "application/json" : "application/x-www-form-urlencoded",
        },
      });
      expect(answer.status, where).toBe(415);
    }
  });

  it("H54: cookies that are too long, broken or doubled do no harm and give nothing away", async () => {
    const own = `posted=${person.id}.${person.token}`;
    for (const cookie of [
      `lang=${"x".repeat(4_097)}`,
      "=;;;=a; =b",
      "lang",
      "lang=en; lang=ja; lang=zh-TW",
      `${own}; posted=${person.id}.${"a".repeat(43)}`,
      "posted=..; __Host-posted=x",
      `posted=${person.id}.${"<script>"}`,
      "%ff=%ff; \u0080=1",
    ]) {
      const answer = await site.fetch(person.page, { headers: { cookie } });
      expect(answer.status, cookie.slice(0, 40)).toBe(200);
      const html = await answer.text();
      expect(strayMarkup(html)).toEqual([]);
      expect(html, cookie.slice(0, 40)).not.toContain("manage?token=");
    }
  });

  it("A6: what is kept for everybody holds no cookie, token, secret or other language", async () => {
    const urls = [
      "/",
      "/safety",
      "/safety?q=請求測試",
      person.page,
      "/events",
      "/events/everyday",
      "/help/privacy",
    ];
    for (const where of urls) {
      for (const lang of ["en", "ja", "zh-TW"]) {
        const answer = await site.fetch(where, { headers: { cookie: `lang=${lang}` } });
        expect(answer.status, where).toBe(200);
        expect(answer.headers.get("set-cookie"), where).toBeNull();
        expect(answer.headers.get("content-security-policy"), where).not.toContain("nonce-");
        const html = await answer.text();
        expect(html.startsWith(`<!DOCTYPE html><html lang="${lang}"`), `${where} in ${lang}`).toBe(true);
        expect(html, where).not.toMatch(/name="form_token"|manage\?token=|[?&]key=/);
      }
    }
    // A form may be restored by the browser that was given it; a page with secrets by nobody.
    expect((await site.fetch(form)).headers.get("cache-control")).toMatch(/^private|^no-store/);
    expect((await site.fetch(person.manage)).headers.get("cache-control")).toBe("no-store");
  });
});
