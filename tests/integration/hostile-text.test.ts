import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PERSON_FIELDS } from "#app/features/safety/persons.schema.ts";
import { hostileTexts, legible, seen, strayMarkup } from "#tests/support/hostile.ts";
import { fieldsOf, summaryOf } from "#tests/support/html.ts";
import {
  filled,
  forms,
  postPerson,
  readPosted,
  send,
  sendPerson,
  type PostedPerson,
} from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
let anybody: PostedPerson;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off", LOG_LEVEL: "debug" } });
  // With one event alone the form does not ask which.
  const event = { slug: "quake", titles: { en: "Earthquake" }, kind: "earthquake" };
  await site.sql`select public.open_event(${site.sql.json(event)})`;
  anybody = await postPerson(site, { full_name: "被寫的人" });
});
afterAll(() => site?.close());

/** Fields that take free text. */
const freeText = ["full_name", "alternate_names", "text", "last_known_location", "home_city"];

describe.each(hostileTexts)("$item: $what", ({ value, name }) => {
  it("in the form for a person is shown as it was typed, or refused with a word to the field", async () => {
    const answer = await sendPerson(site, Object.fromEntries(freeText.map((field) => [field, value])));
    if (name === "refused") expect(answer.status).toBe(422);
    if (name === "shown") expect(answer.status).toBe(303);
    if (answer.status === 422) {
      const html = await answer.text();
      expect(strayMarkup(html)).toEqual([]);
      expect(summaryOf(html, "person").map(({ target }) => target)).toContain("person-full_name");
      return;
    }
    const posted = await readPosted(site, answer);
    const pages = [posted.page, posted.manage, "/safety"];
    for (const [where, page] of await readAll(pages)) {
      expect(page.status, where).toBe(200);
      expect(strayMarkup(page.body), where).toEqual([]);
      if (where !== posted.manage) expect(seen(page.body), where).toContain(legible(value).trim());
    }
    const json = await site.fetch(`/api/v1/persons/${posted.id}`);
    expect(json.headers.get("content-type")).toContain("application/json");
    expect(legible(((await json.json()) as { full_name: string }).full_name)).toBe(legible(value).trim());
    const xml = await site.fetch(`/safety/persons/${posted.id}.pfif.xml`);
    expect(xml.status).toBe(200);
    expect(await xml.text()).not.toMatch(/<(?:script|img|textarea|title)\b/);
  });

  it("in any field of a form that is sent back is still there, and nowhere else on the page", async () => {
    // On this form authors do not name themselves a second time.
    const elsewhere = ["as", "consent", "client_id", "need", "author_name"];
    const fields = PERSON_FIELDS.filter((field) => !elsewhere.includes(field));
    const answers = Object.fromEntries(fields.map((field) => [field, value]));
    const answer = await sendPerson(site, { ...answers, need: [value], consent: null });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(strayMarkup(html)).toEqual([]);
    const kept = fieldsOf(html, "person");
    for (const field of [...freeText, "age", "birth_year", "lat", "lon", "author_email", "author_phone"]) {
      // A line of a form has no line breaks: browsers take them out of what they are given.
      expect(legible(kept[field]?.[0] ?? ""), field).toBe(legible(value));
    }
    for (const { target } of summaryOf(html, "person")) {
      if (target !== null) expect(html, `a field for ${target}`).toContain(`id="${target}"`);
    }
  });

  it("in a note, a message, a report and a link is harmless", async () => {
    const page = await (await site.fetch(anybody.page)).text();
    for (const [intent, answers] of [
      ["note", { text: value, last_known_location: value, author_name: value }],
      ["note", { text: value, status: value, author_made_contact: value, author_email: value }],
      ["relay", { text: value, author_name: value, author_email: value }],
      ["relay", { text: value, author_name: value }],
      ["report", { reason: "wrong", text: value }],
      ["report", { reason: value, text: value }],
      ["link", { other: value, text: value }],
      ["follow", { email: value }],
    ] as const) {
      const answer = await send(site, anybody.page, filled(page, forms[intent], answers));
      expect([303, 422], `${intent} answers ${answer.status}`).toContain(answer.status);
      if (answer.status === 422) expect(strayMarkup(await answer.text())).toEqual([]);
    }
    for (const [where, { status, body }] of await readAll([anybody.page, anybody.manage])) {
      expect(status, where).toBe(200);
      expect(strayMarkup(body), where).toEqual([]);
    }
  });

  it("in a search finds or does not find, on every door", async () => {
    const q = encodeURIComponent(value)
      .slice(0, 6_000)
      .replace(/%[0-9A-F]?$/, "");
    for (const [where, { status, type, nosniff, body }] of await readAll([
      `/safety?q=${q}`,
      `/safety?q=${q}&event=${q}&status=${q}&country=${q}&known=${q}&cursor=${q}`
        .slice(0, 8_000)
        .replace(/%[0-9A-F]?$/, ""),
      `/safety/persons/new?as=${q}&event=${q}`,
      `/safety/persons/new?as=seeking&full_name=${q}`,
      `/api/v1/persons?q=${q}`,
      `/pfif/search?q=${q}`,
      `/pfif/read?id=${q}`,
      `/pfif/feeds/note?person_record_id=${q}`,
      `/api/v1/persons?event=${q}`,
      `/events/${q}`,
    ])) {
      expect(status, where.slice(0, 80)).toBeLessThan(500);
      if (type.startsWith("text/html")) {
        expect(strayMarkup(body), where.slice(0, 80)).toEqual([]);
      } else {
        // Data may hold any text; what must not happen is that a browser takes it for a page.
        expect(type).toMatch(/^application\/(?:problem\+json|json|pfif\+xml|atom\+xml)/);
        expect(nosniff).toBe("nosniff");
        if (!type.includes("json")) expect(body).not.toMatch(/<(?:script|img)\b/);
      }
    }
  });
});

/** Reads several addresses at once. */
async function readAll(addresses: string[]) {
  return Promise.all(
    addresses.map(async (where) => {
      const answer = await site.fetch(where);
      const type = answer.headers.get("content-type") ?? "";
      const nosniff = answer.headers.get("x-content-type-options");
      return [where, { status: answer.status, type, nosniff, body: await answer.text() }] as const;
    }),
  );
}

describe("afterwards", () => {
  it("H8: every table is still there, with what was in it", async () => {
    const [row] = await site.sql`select count(*)::int > 10 as kept from app.persons`;
    expect(row).toEqual({ kept: true });
  });

  it("H48: the log has one line for one event, without control characters, names or secrets", () => {
    const lines = site
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
    expect(site.output()).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    expect(site.output()).not.toContain('"msg":"forged"');
    expect(site.output()).not.toContain(anybody.token);
    expect(site.output()).not.toContain("被寫的人");
  });

  it("no answer was a fault of ours", () => {
    const faults = site
      .output()
      .split("\n")
      .filter((line) => /"status":5\d\d|"level":(?:50|60)/.test(line));
    expect(faults).toEqual([]);
  });
});
