import { createHash, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unzipSync } from "fflate";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiNoticeList } from "#app/features/notices/notices.api.ts";
import { isSigned } from "#app/features/official-site/webhook-signature.server.ts";
import { elementsOf, summaryOf, textOf } from "#tests/support/html.ts";
import { act, fillAndSend, operate, postPerson } from "#tests/support/posting.ts";
import { type Receiver, startReceiver } from "#tests/support/receiver.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";

// The link to the official site through the front door: notices in, verified things out, and the log beside it all.

let ministry: Receiver;
let site: Site;
const staff = {} as Record<"volunteer" | "officer" | "second" | "elsewhere" | "admin", SignedInMember>;
let fails = 0;

beforeAll(async () => {
  const advice = readFileSync("tests/fixtures/travel-advice-rss.xml");
  ministry = await startReceiver(
    {
      "/rss": { type: "application/rss+xml", body: advice },
      "/login": { type: "text/html", body: "<html>Sign in</html>" },
    },
    ({ path: where }) => (where === "/broken" && fails++ < 1 ? 503 : 204),
  );
  site = await startSite({
    env: {
      RATE_LIMITS: "off",
      OUTBOUND: "anywhere",
      EMBED_ORIGINS: "https://www.ministry.example http://localhost:8080",
      NOTICE_FEEDS: `${ministry.url}/rss#name=%E9%A0%98%E4%BA%8B%E5%B1%80 ${ministry.url}/login#name=Broken&language=en`,
    },
  });
  await site.sql`
    insert into app.events (slug, titles, kind, country, hotlines) values
    ('quake', '{"zh-TW": "地震", "en": "Quake"}', 'earthquake', 'NZ', '[{"number": "+64-4-123-4567", "names": {"en": "Mission"}}]')`;
  await site.sql`insert into app.events (slug, titles, kind, country, drill) values ('drill', '{"en": "Drill"}', 'earthquake', 'NZ', true)`;
  staff.volunteer = await signInAs(site, "volunteer");
  staff.officer = await signInAs(site, "officer", { name: "林第一" });
  staff.second = await signInAs(site, "officer", { name: "王第二" });
  staff.elsewhere = await signInAs(site, "officer", { areas: ["JP"] });
  staff.admin = await signInAs(site, "admin");
});
afterAll(async () => {
  await site?.close();
  await ministry?.close();
});

const page = async (where: string, headers: Record<string, string> = {}) => {
  const answer = await site.fetch(where, { headers });
  expect(answer.status, where).toBe(200);
  return answer.text();
};
const notices = async (query = "") =>
  apiNoticeList.parse(await (await site.fetch(`/api/v1/notices${query}`)).json());
const idIn = (answer: Response) => /[0-9a-f-]{36}/.exec(answer.headers.get("location") ?? "")?.[0] ?? "";

const entered = {
  source_name: "駐紐西蘭代表處", title: "基督城餘震 <script>alert(1)</script>", level: "第三級：橙色", language: "zh-TW", country: "nz",
  event: "quake", url: "https://ministry.example/n/1", text: "請遠離市中心\n保持聯絡", published_at: "2026-11-24T09:30",
}; // prettier-ignore
const enter = async (changes: Record<string, string> = {}, who: SignedInMember = staff.officer) =>
  fillAndSend(site, "/moderation/notices/new", "notice", { ...entered, ...changes }, who.headers);
const decide = async (
  item: string,
  decision: string,
  reason: string,
  who: SignedInMember,
  more: Record<string, string> = {},
) => {
  const html = await page(`/moderation/${item}`, who.headers);
  const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? "1";
  const answer = await site.form(
    `/moderation/${item}`,
    { intent: "decide", decision, version, reason_code: reason, reason: "查過了", ...more },
    { headers: who.headers },
  );
  expect(answer.status, await answer.clone().text()).toBe(303);
};
const enqueued = async (subject_type: string, subject_id: string) => {
  const item = { kind: "new", subject_type, subject_id, text: randomUUID(), country: "NZ" };
  const [row] = await site.sql<{ id: string }[]>`select app.enqueue(${site.sql.json(item)}) as id`;
  return row!.id;
};

const asSuperuser = (work: (sql: Sql) => Promise<unknown>) =>
  site.sql.begin((sql) => work(sql as unknown as Sql));

describe("notices of a ministry", () => {
  it("are read by the clock, quoted, and filtered by country; a feed that is none is said to be silent", async () => {
    for (let tries = 0; (await notices()).total! < 4 && tries < 100; tries += 1) await sleep(200);
    const { data } = await notices();
    expect(data.map(({ level }) => level)).toContain("第二級：黃色注意");
    expect((await notices("?country=NZ")).data).toMatchObject([
      { source: { name: "領事局" }, level: "第二級：黃色注意", country: "NZ" },
    ]);
    const html = await page("/notices?country=NZ");
    expect(textOf(html)).toContain("第二級：黃色注意");
    expect(textOf(html)).not.toContain("加薩走廊");
    // D55: wherever levels of several sources stand, a note says that they are no ground for refunds.
    expect(textOf(html)).toContain("退費");
    for (let tries = 0; !textOf(await page("/notices")).includes("上次讀不到") && tries < 50; tries += 1)
      await sleep(200);
    expect(textOf(await page("/notices"))).toContain("上次讀不到");
    const [waiting] =
      await site.sql`select count(*)::int as n from app.queue_items where kind = 'import_problem'`;
    expect(waiting).toEqual({ n: 1 });
  });

  it("are entered by an officer, who gets back what was typed when something is missing", async () => {
    const bad = await enter({ title: " ", url: "javascript:alert(1)", published_at: "2999-01-01T00:00" });
    expect(bad.status).toBe(422);
    const html = await bad.text();
    expect(summaryOf(html, "notice").map(({ target }) => target)).toEqual(
      expect.arrayContaining(["notice-title", "notice-url"]),
    );
    expect(html).toContain("請遠離市中心");
    const good = await enter();
    expect(good.status).toBe(303);
    const id = idIn(good);
    const shown = await page(`/notices/${id}`);
    // H1: what a ministry's page may carry into ours.
    expect(shown).not.toContain("<script>alert(1)");
    expect(textOf(shown)).toContain("基督城餘震 <script>alert(1)</script>");
    expect(shown).toContain('<q lang="zh-TW">第三級：橙色</q>');
    expect((await notices("?event=quake")).data).toMatchObject([
      { id, country: "NZ", published_at: expect.stringContaining("01:30:00") },
    ]);
    const atom = await (await site.fetch("/feeds/notices.atom?event=quake")).text();
    expect(atom).toContain("第三級：橙色");
    expect(atom).not.toContain("<script>");
  });

  it("H35: a cursor that is none, or of another list, is refused to programs and people", async () => {
    const { next } = await notices("?limit=1");
    expect((await notices(`?limit=1&cursor=${next}`)).data).toHaveLength(1);
    for (const query of [
      `?limit=1&country=NZ&cursor=${next}`,
      "?cursor=x",
      "?limit=0",
      "?limit=1000",
      "?country=zz",
      "?event=a%20b",
    ])
      expect((await site.fetch(`/api/v1/notices${query}`)).status, query).toBe(422);
  });
});

describe("A1: pages of staff", () => {
  const pages: [string, "volunteer" | "officer"][] = [
    ["/moderation/log", "volunteer"],
    ["/moderation/notices/new", "officer"],
    ["/moderation/webhooks", "officer"],
  ];
  it.each(pages)("%s is for a %s and above", async (where, least) => {
    const visitor = await site.fetch(where);
    expect([visitor.status, visitor.headers.get("location")]).toEqual([
      303,
      expect.stringContaining("/sign-in"),
    ]);
    const volunteer = await site.fetch(where, { headers: staff.volunteer.headers });
    expect(volunteer.status).toBe(least === "volunteer" ? 200 : 403);
    const officer = await site.fetch(where, { headers: staff.officer.headers });
    expect(officer.status).toBe(200);
    expect(officer.headers.get("cache-control")).toBe("no-store");
  });

  it("an officer of another area, and one whose rights have ended, change no notice", async () => {
    const id = idIn(await enter());
    const where = `/moderation/notices/${id}`;
    const other = await fillAndSend(site, where, "notice", { title: "改過" }, staff.elsewhere.headers);
    expect(other.status).toBe(403);
    const ended = await signInAs(site, "officer");
    await site.sql`update app.members set expires_at = now() - interval '1 minute' where user_id = ${ended.userId}`;
    const late = await site.form(where, { intent: "hide" }, { headers: ended.headers });
    expect(late.status).toBe(303);
    expect(late.headers.get("location")).toContain("/sign-in");
    expect(textOf(await page(`/notices/${id}`))).not.toContain("改過");
    expect((await site.form(where, { intent: "hide" }, { headers: staff.volunteer.headers })).status).toBe(
      403,
    );
    const foreign = await site.form(
      where,
      { intent: "hide" },
      { headers: { ...staff.officer.headers, origin: "https://evil.example" } },
    );
    expect(foreign.status, "H24").toBe(403);
  });

  it("only an admin adds web hooks", async () => {
    const hook = { intent: "add", name: "x", url: "https://x.example/", events: ["adopted"] };
    expect((await site.form("/moderation/webhooks", hook, { headers: staff.officer.headers })).status).toBe(
      403,
    );
    const html = await page("/moderation/webhooks", staff.officer.headers);
    expect(html).not.toContain("whk_");
    expect(elementsOf(html, "form")).toHaveLength(1);
  });
});

describe("official beside crowd", () => {
  it("both voices stand side by side with their times, and where they differ neither is changed", async () => {
    const sent = await site.fetch("/api/v1/reports", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        event: "quake",
        kind: "road",
        state: "open",
        road: "Highway 1",
        text: "路通了",
        lat: -43.5,
        lon: 172.6,
      }),
    });
    expect(sent.status, await sent.clone().text()).toBe(201);
    const { id: report } = (await sent.json()) as { id: string };
    const notice = idIn(await enter({ title: "Highway 1 封閉" }));
    const link = (subject: string, relation = "contradicts") =>
      fillAndSend(
        site,
        `/moderation/notices/${notice}`,
        "link",
        { relation, subject, why: "公路局說封閉" },
        staff.officer.headers,
      );
    expect((await link("https://elsewhere.example/")).status).toBe(422);
    expect((await link(`${site.url}/map/reports/${report}`)).status).toBe(303);
    expect((await link(`/map/reports/${report}`)).status, "twice").toBe(409);
    const html = await page("/official?event=quake");
    const text = textOf(html);
    for (const words of ["Highway 1 封閉", "路通了", "不一致", "公路局說封閉", "第三級：橙色"])
      expect(text).toContain(words);
    expect(elementsOf(html, "time").length).toBeGreaterThan(2);
    const [item] =
      await site.sql`select kind, severity from app.queue_items where subject_id = ${report} and kind = 'disagreement'`;
    expect(item).toEqual({ kind: "disagreement", severity: 2 });
    expect(textOf(await page("/official?country=NZ"))).toContain("Highway 1 封閉");
    expect(textOf(await page("/official?country=JP"))).not.toContain("Highway 1");
    for (const odd of ["/official", "/official?event=nowhere", "/official?country=%3Cscript%3E"])
      expect((await site.fetch(odd)).status).toBe(200);
  });
});

describe("what is verified goes out", () => {
  let notice: string;
  let item: string;
  let person: Awaited<ReturnType<typeof postPerson>>;
  beforeAll(async () => {
    notice = idIn(await enter({ title: "罹難名單第一批" }));
    person = await postPerson(site, {
      full_name: "林不在",
      event: "quake",
      as: "seeking",
      author_email: "family@example.org",
    });
    const told = await act(site, person.page, "note", { status: "believed_dead", text: "醫院名單上有他" });
    expect(told.status).toBeLessThan(400);
    const [row] = await site.sql<
      { id: string }[]
    >`select id from app.queue_items where kind = 'death_report' and person_id = ${person.id}`;
    item = row!.id;
  });
  const verified = async () =>
    (await (await site.fetch("/feeds/verified.json")).json()) as {
      data: { id: string; title: string; verdict: string }[];
    };

  it("a death waits; a volunteer cannot finish it; an officer verifies it with a notice, and page, feed and notice show it", async () => {
    expect((await verified()).data.map(({ title }) => title)).not.toContain("林不在");
    const cannot = await site.form(
      `/moderation/${item}`,
      { intent: "decide", decision: "verified", version: "1", reason_code: "official_source", reason: "x" },
      { headers: staff.volunteer.headers },
    );
    expect(cannot.status).toBeGreaterThanOrEqual(403);
    await decide(item, "escalate", "needs_officer", staff.volunteer);
    await decide(item, "verified", "official_source", staff.officer, { notice_id: notice });
    expect((await verified()).data).toContainEqual(
      expect.objectContaining({ title: "林不在", verdict: "verified" }),
    );
    const atom = await (await site.fetch("/feeds/verified.atom")).text();
    expect(atom).toContain("林不在");
    expect(atom).not.toContain("family@example.org");
    expect(textOf(await page(`/notices/${notice}`))).toContain("證實");
    expect(textOf(await page(person.page))).toContain("罹難");
  });

  it("A3: what is hidden leaves the feeds at once; a drill never enters them but under its own name", async () => {
    const hidden = await postPerson(site, { full_name: "林藏起", event: "quake" });
    const drill = await postPerson(site, { full_name: "演習人", event: "drill" });
    for (const { id } of [hidden, drill])
      await decide(await enqueued("person", id), "verified", "seen_by_us", staff.second);
    expect(JSON.stringify(await verified())).toContain("林藏起");
    expect(JSON.stringify(await verified())).not.toContain("演習人");
    expect(await (await site.fetch("/feeds/verified.atom?event=drill")).text()).toContain("[演習]");
    await decide(await enqueued("person", hidden.id), "hide", "personal_data", staff.volunteer);
    expect(JSON.stringify(await verified())).not.toContain("林藏起");
  });

  it("the adoption package holds content, provenance, decisions and terms, and no name of staff or contact", async () => {
    const where = `/moderation/${item}/package`;
    expect((await site.fetch(where)).status).toBe(303);
    expect((await site.fetch(where, { headers: staff.volunteer.headers })).status).toBe(403);
    expect((await site.fetch(where, { headers: staff.elsewhere.headers })).status).toBe(404);
    const answer = await site.fetch(where, { headers: staff.officer.headers });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const text = (name: string) => Buffer.from(files[name]!).toString("utf8");
    expect(Object.keys(files)).toEqual([
      "manifest.json",
      "content.json",
      "provenance.json",
      "decisions.json",
      "licence.txt",
    ]);
    const manifest = JSON.parse(text("manifest.json")) as { files: { name: string; sha256: string }[] };
    for (const { name, sha256 } of manifest.files)
      expect(createHash("sha256").update(files[name]!).digest("hex"), name).toBe(sha256);
    const all = Object.keys(files).map(text).join("\n");
    expect(all).toContain("林不在");
    expect(all).not.toMatch(/family@example\.org|林第一|staff\.example/);
    expect(JSON.parse(text("decisions.json"))).toMatchObject({
      decisions: [
        { stage: 1, by: "volunteer" },
        { stage: 2, by: "officer", decision: "verified" },
      ],
    });
    expect(JSON.parse(text("provenance.json"))).toMatchObject({
      notices: [{ relation: "confirms", title: "罹難名單第一批" }],
    });
    expect(
      (await site.fetch(`${where}?format=json`, { headers: staff.officer.headers })).headers.get(
        "content-type",
      ),
    ).toBe("application/json");
    const unverified = await enqueued("person", (await postPerson(site, { full_name: "未查證" })).id);
    expect(
      (await site.fetch(`/moderation/${unverified}/package`, { headers: staff.officer.headers })).status,
    ).toBe(409);
  });
});

describe("web hooks", () => {
  it("a real receiver verifies the signature; one that fails is tried again; both stand in the log of deliveries", async () => {
    const add = (name: string, where: string) =>
      fillAndSend(
        site,
        "/moderation/webhooks",
        "hook",
        { name, url: ministry.url + where, events: ["adopted"] },
        staff.admin.headers,
      );
    expect((await add("領務局", "/hook")).status).toBe(303);
    expect((await add("壞掉的", "/broken")).status).toBe(303);
    const again = await fillAndSend(
      site,
      "/moderation/webhooks",
      "hook",
      { name: "", url: "ftp://x", events: [] },
      staff.admin.headers,
    );
    expect(again.status).toBe(422);
    const html = await page("/moderation/webhooks", staff.admin.headers);
    const keys = [...html.matchAll(/whk_[\w-]{43}/g)].map(([key]) => key);
    expect(keys).toHaveLength(2);

    const { id } = await postPerson(site, {
      full_name: "被採用",
      event: "quake",
      author_email: "secret@example.org",
    });
    await decide(await enqueued("person", id), "adopted", "on_official_site", staff.officer);
    const good = await ministry.until(({ path: where }) => where === "/hook");
    const signature = String(good.headers["lookout-signature"]);
    expect(keys.filter((key) => isSigned(signature, good.body, key, new Date()))).toHaveLength(1);
    expect(
      keys.some((key) => isSigned(signature, good.body.replace("adopted", "verified"), key, new Date())),
    ).toBe(false);
    expect(JSON.parse(good.body)).toMatchObject({
      event: "adopted",
      subject: { type: "person", id },
      item: { title: "被採用", verdict: "adopted" },
    });
    expect(good.body).not.toContain("secret@example.org");

    await ministry.until(({ path: where }) => where === "/broken");
    const state = async () =>
      (
        await site.sql`
      select d.attempts, d.last_status, d.delivered_at is not null as done from app.webhook_deliveries d
      join app.webhooks w on w.id = d.webhook_id where w.name = '壞掉的'`
      )[0];
    for (let tries = 0; (await state())!.last_status === null && tries < 50; tries += 1) await sleep(100);
    expect(await state()).toEqual({ attempts: 1, last_status: 503, done: false });
    expect(textOf(await page("/moderation/webhooks", staff.officer.headers))).toContain("answered 503");
    await site.sql`update app.webhook_deliveries set available_at = now() where delivered_at is null`;
    expect(
      (await operate(site, ["jobs", "run", "deliver-webhooks"], "", { OUTBOUND: "anywhere" })).code,
    ).toBe(0);
    for (let tries = 0; !(await state())!.done && tries < 50; tries += 1) await sleep(100);
    expect(await state()).toEqual({ attempts: 2, last_status: 204, done: true });
    expect(ministry.posts.filter(({ path: where }) => where === "/broken")).toHaveLength(2);
    expect(ministry.posts.filter(({ path: where }) => where === "/hook")).toHaveLength(1);
  });

  it("H46: without the setting for drills no hook reaches this machine", async () => {
    await site.sql`update app.webhook_deliveries set delivered_at = null, available_at = now(), attempts = 1 where id = (select min(id) from app.webhook_deliveries)`;
    const before = ministry.posts.length;
    await operate(site, ["jobs", "run", "deliver-webhooks"]);
    expect(ministry.posts.length).toBeLessThanOrEqual(before + 1);
    const [row] =
      await site.sql`select delivered_at is null as waits, last_error from app.webhook_deliveries order by id limit 1`;
    if (row!.waits) expect(row!.last_error).toMatch(/not https|this machine/);
  });
});

describe("widgets", () => {
  it.each(["/embed/events/quake", "/embed/countries/NZ", "/embed/countries/nz?lang=en"])(
    "%s may be framed by whom the setting names and nobody else, and carries no script",
    async (where) => {
      const answer = await site.fetch(where);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("frame-ancestors https://www.ministry.example http://localhost:8080");
      expect(policy).toContain("script-src 'none'");
      expect(answer.headers.get("x-frame-options")).toBeNull();
      const html = await answer.text();
      expect(html).not.toContain("<script");
      expect(html).not.toContain("site-header");
      expect(textOf(html)).toContain("第三級：橙色");
      for (const { attributes } of elementsOf(html, "a").filter(({ attributes: { href } }) =>
        href?.startsWith("http"),
      ))
        expect([attributes.target, attributes.rel]).toEqual(["_blank", "noopener"]);
    },
  );

  it("speaks the language that the address asks for", async () => {
    const html = await page("/embed/events/quake?lang=ja", { "accept-language": "en" });
    expect(html).toContain('<div lang="ja">');
    expect(textOf(html)).toContain("公式のお知らせ");
    expect(textOf(await page("/embed/events/quake?lang=../../etc", { "accept-language": "en" }))).toContain(
      "Official notices",
    );
  });

  it("no other page may be framed, and what is not there answers so", async () => {
    for (const where of ["/", "/notices", "/official?event=quake", "/log"]) {
      const answer = await site.fetch(where);
      expect(answer.headers.get("x-frame-options"), where).toBe("DENY");
      expect(answer.headers.get("content-security-policy"), where).toContain("frame-ancestors 'none'");
    }
    expect((await site.fetch("/embed/events/nowhere")).status).toBe(404);
    expect((await site.fetch("/embed/countries/zz")).status).toBe(404);
  });
});

describe("the log", () => {
  it("shows acts without persons to everybody, names to staff, and verifies", async () => {
    const html = await page("/log");
    const text = textOf(html);
    expect(text).toContain("加入公告");
    expect(text).toContain("決定：");
    expect(text).not.toMatch(/林第一|王第二/);
    const subjects = await site.sql<
      { subject_id: string; actor: string }[]
    >`select distinct subject_id, actor from app.log_entries where subject_id is not null`;
    for (const { subject_id, actor } of subjects) {
      expect(html).not.toContain(subject_id);
      if (actor !== "server") expect(html).not.toContain(actor);
    }
    expect(textOf(await page("/moderation/log", staff.volunteer.headers))).toContain("林第一");
    const sound = await operate(site, ["audit", "verify"]);
    expect([sound.code, sound.output]).toEqual([
      0,
      expect.stringMatching(/^\d+ entries, all as they were written\nhead \d+:[0-9a-f]{64}\n/),
    ]);
  });

  it("H48: nothing that anybody typed reaches the log, nor the log of the server as a line of its own", async () => {
    await enter({ title: 'ok\r\n{"level":50,"msg":"forged"}', text: "\u001B[31mred %s" });
    const rows = await site.sql<
      { all: string }[]
    >`select string_agg(e::text, ' ') as all from app.log_entries e`;
    expect(rows[0]!.all).not.toMatch(/forged|\u001B|%s|基督城/);
    expect(site.output()).not.toMatch(/^\{"level":50,"msg":"forged"/m);
  });

  it("A7: one byte changed with SQL is found at its row; a cut tail by the head that somebody kept", async () => {
    const { output } = await operate(site, ["audit", "verify"]);
    const head = /head (\d+:[0-9a-f]{64})/.exec(output)![1]!;
    const last = Number(head.split(":")[0]);
    const file = path.join(site.dataDir, "kept.txt");
    writeFileSync(file, `# kept by the library\n${head.replace(":", " ")}\n`);
    const tamper = (statement: string) =>
      asSuperuser(async (sql) => {
        await sql`alter table app.log_entries disable trigger all`;
        await sql.unsafe(statement);
        await sql`alter table app.log_entries enable trigger all`;
      });
    await tamper(
      `create table app.kept as select * from app.log_entries; alter table app.kept enable row level security`,
    );
    await tamper("update app.log_entries set act = 'notice_hidden' where id = 3");
    const edited = await operate(site, ["audit", "verify"]);
    expect([edited.code, edited.output]).toEqual([
      1,
      expect.stringContaining("entry 3: it is not what was written there"),
    ]);
    await tamper("update app.log_entries e set act = k.act from app.kept k where k.id = e.id and e.id = 3");
    expect((await operate(site, ["audit", "verify", "--head", file])).code).toBe(0);
    await tamper(`delete from app.log_entries where id > ${last - 2}`);
    expect((await operate(site, ["audit", "verify"])).code, "a cut tail alone tells nobody").toBe(0);
    const cut = await operate(site, ["audit", "verify", "--head", head]);
    expect([cut.code, cut.output]).toEqual([
      1,
      expect.stringContaining(`the log was cut off here; a kept head names entry ${last}`),
    ]);
    await tamper(
      `insert into app.log_entries select * from app.kept where id > ${last - 2}; drop table app.kept`,
    );
    expect((await operate(site, ["audit", "verify", "--head", head])).code).toBe(0);
    expect((await operate(site, ["audit", "verify", "--head", "nothing"])).code).toBe(2);
  });

  it("the head of a day is published by page and feed, and kept beside the database", async () => {
    await asSuperuser(async (sql) => {
      await sql`alter table app.log_entries disable trigger all`;
      await sql`update app.log_entries set at = at - interval '1 day'`;
      await sql`do $do$
        declare e app.log_entries; v_before bytea := decode(repeat('00', 32), 'hex');
        begin
          for e in select * from app.log_entries order by id loop
            v_before := app.log_hash(v_before, e);
            update app.log_entries set hash = v_before where id = e.id;
          end loop;
        end $do$`;
      await sql`alter table app.log_entries enable trigger all`;
    });
    expect((await operate(site, ["jobs", "run", "publish-log-heads"])).code).toBe(0);
    const feed = (await (await site.fetch("/feeds/log.json")).json()) as {
      heads: { entry_id: number; hash: string }[];
    };
    expect(feed.heads).toHaveLength(1);
    const { hash } = feed.heads[0]!;
    expect(await (await site.fetch("/feeds/log.atom")).text()).toContain(hash);
    expect(await page("/log")).toContain(hash);
    expect(readFileSync(path.join(site.dataDir, "log-heads.txt"), "utf8")).toContain(hash);
    await asSuperuser(async (sql) => {
      await sql`alter table app.log_entries disable trigger all`;
      await sql`alter table app.log_heads disable trigger all`;
      await sql`truncate app.log_entries, app.log_heads`;
      await sql`alter table app.log_entries enable trigger all`;
      await sql`alter table app.log_heads enable trigger all`;
    });
    const gone = await operate(site, ["audit", "verify"]);
    expect([gone.code, gone.output], "heads kept beside the database outlive it").toEqual([
      1,
      expect.stringContaining("cut off"),
    ]);
  });
});

describe("what we promise", () => {
  it.each(["zh-TW", "en", "ja"])("procedures and numbers are complete in %s", async (language) => {
    const headers = { "accept-language": language };
    const rules = textOf(await page("/help/procedures", headers));
    const numbers = textOf(await page("/log/transparency", headers));
    for (const text of [rules, numbers]) expect(text).not.toMatch(/\b[a-z]+:[a-z]+\.[a-z]/);
    expect(rules).toContain("report_person");
    expect(rules).toContain("Officers add notices of the countries they look after");
    expect(numbers).toContain("<5");
    expect(textOf(await page("/log/transparency?since=always", headers))).toContain("<5");
  });
});
