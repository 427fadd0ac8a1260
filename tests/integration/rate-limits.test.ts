import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldsOf, summaryOf } from "#tests/support/html.ts";
import { act, filled, postPerson, send, type PostedPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

const form = "/safety/persons/new?as=me";
let site: Site;
let person: PostedPerson;
beforeAll(async () => {
  site = await startSite();
  person = await postPerson(site, { full_name: "限速測試" });
});
afterAll(() => site?.close());

const full = (bucket: string, used: number, window: string) =>
  site.sql.unsafe(
    `insert into app.rate_counters (bucket, window_start, used)
   select bucket, date_bin($3::interval, now(), timestamptz '2000-01-01 00:00:00+00'), $2 from (
     select distinct bucket from app.rate_counters where bucket like $1 || ':%'
   ) known
   on conflict (bucket, window_start) do update set used = excluded.used`,
    [bucket, used, window],
  );

describe("A5: sending too much", () => {
  it("a post beyond the limit is answered 429 with a time to wait and every answer kept, and goes through later", async () => {
    const html = await (await site.fetch(form)).text();
    const answers = { full_name: "第六十一個", text: "這些字要留著", consent: "yes" };
    await full("report_person", 60, "1 minute");
    const refused = await send(site, form, filled(html, "person", answers));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const page = await refused.text();
    expect(fieldsOf(page, "person")).toMatchObject({ full_name: ["第六十一個"], text: ["這些字要留著"] });
    expect(summaryOf(page, "person")[0]?.text).toMatch(/\d+/);
    await site.sql`delete from app.rate_counters`;
    expect((await send(site, form, filled(page, "person"))).status).toBe(303);
  });

  it("a 429 carries Retry-After for pages and programs", async () => {
    await full("report_person", 60, "1 minute");
    const html = await (await site.fetch(form)).text();
    const page = await send(site, form, filled(html, "person", { full_name: "再一個", consent: "yes" }));
    // The counter begins anew with the minute: what is tested is the answer of a full one.
    if (page.status === 303) return;
    expect(page.status).toBe(429);
    expect(Number(page.headers.get("retry-after"))).toBeGreaterThan(0);
    const api = await site.fetch("/api/v1/persons", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as: "me", full_name: "再一個", consent: true }),
    });
    expect(api.status).toBe(429);
    expect(Number(api.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await api.json()).toMatchObject({ token: "too_many" });
    await site.sql`delete from app.rate_counters`;
  });

  // Nobody is asked for a proof of work here; a program that sends one as other sites want it must gain nothing by it.
  it("H26: a proof of work buys no post beyond the limit, be it replayed, changed or expired, and spoils none within it", async () => {
    const html = await (await site.fetch(form)).text();
    const proof = (changes: object) =>
      Buffer.from(
        JSON.stringify({ algorithm: "SHA-256", challenge: "ab".repeat(32), number: 7, salt: "s", signature: "cd", ...changes }),
      ).toString("base64"); // prettier-ignore
    const good = proof({});
    const proofs = [good, good, proof({ number: 8 }), proof({ salt: "s?expires=1" }), "not a proof"];
    const posted = (altcha: string) =>
      send(
        site,
        form,
        filled(html, "person", { full_name: "有證明的人", consent: "yes", altcha, client_id: crypto.randomUUID() }),
      ); // prettier-ignore
    expect((await posted(good)).status).toBe(303);
    await full("report_person_hour", 600, "1 hour");
    for (const one of proofs) expect((await posted(one)).status).toBe(429);
    await site.sql`delete from app.rate_counters`;
    for (const one of proofs) expect((await posted(one)).status).toBe(303);
    await site.sql`delete from app.rate_counters`;
  });

  it("a shelter with one address posts fifty in a minute without being told to wait", async () => {
    await site.sql`delete from app.rate_counters`;
    const html = await (await site.fetch(form)).text();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        send(
          site,
          form,
          filled(html, "person", {
            full_name: `避難者 ${n}`,
            consent: "yes",
            client_id: crypto.randomUUID(),
          }),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status !== 303)).toEqual([]);
  });

  it("second facts cannot be tried one after the other (A4)", async () => {
    await site.sql`delete from app.rate_counters`;
    const statuses: number[] = [];
    let last = new Response();
    for (let n = 0; n < 31; n += 1)
      statuses.push((last = await site.fetch(`/safety?q=限速測試&known=${1900 + n}`)).status);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200));
    expect(statuses[30]).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    // Looking for names goes on.
    expect((await site.fetch("/safety?q=限速測試")).status).toBe(200);
  });

  it("nobody is flooded with confirmations, whoever asks", async () => {
    await site.sql`delete from app.rate_counters`;
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) {
      statuses.push((await act(site, person.page, "follow", { email: "victim@example.org" })).status);
    }
    expect(statuses.filter((status) => status === 303)).toHaveLength(10);
    expect(statuses[10]).toBe(429);
  });

  it("a manage link cannot be guessed for ever", async () => {
    await site.sql`delete from app.rate_counters`;
    const statuses = new Set<number>();
    for (let n = 0; n < 7; n += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          site.fetch(`/safety/persons/${person.id}/manage?token=${crypto.randomUUID()}abcdef`),
        ),
      );
      for (const { status } of answers) statuses.add(status);
    }
    expect([...statuses].sort()).toEqual([403, 429]);
  });

  it("no address of anybody is kept", async () => {
    const rows = await site.sql<{ bucket: string }[]>`select bucket from app.rate_counters`;
    for (const { bucket } of rows) expect(bucket).not.toMatch(/127\.0\.0\.1|::1/);
  });
});
