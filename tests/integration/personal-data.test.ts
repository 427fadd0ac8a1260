import { afterAll, beforeAll, expect, it } from "vitest";
import { textOf } from "#tests/support/html.ts";
import { act, filled, forms, postPerson, readPosted, send, sendPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

/** Authors see what strangers would learn from their words before these are public, and are asked once. */

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  const quake = {
    slug: "quake",
    titles: { en: "Earthquake", "zh-TW": "地震" },
    kind: "earthquake",
    country: "NZ",
    hotlines: [{ number: "+64-21-555-012", names: { en: "Mission" } }],
  };
  await site.sql`select public.open_event(${site.sql.json(quake)})`;
});
afterAll(() => site?.close());

const told =
  "我叫陳怡君，手機 0912-345-678，身分證 A123456789。緊急請打 +886-800-085-095 或 0064 21 555 012。";
const masked = "我叫陳怡君，手機 〔…〕，身分證 〔…〕。緊急請打 +886-800-085-095 或 0064 21 555 012。";
const textNow = async (page: string) => textOf(await (await site.fetch(page)).text());

it("a post that gives somebody away comes back once with the places marked; covered is what happens by default", async () => {
  const asked = await sendPerson(site, { full_name: "陳怡君", event: "quake", text: told });
  expect(asked.status).toBe(200);
  const html = await asked.text();
  expect([...html.matchAll(/<mark>([^<]*)<\/mark>/g)].map(([, text]) => text)).toEqual([
    "0912-345-678",
    "A123456789",
  ]);
  expect(html).toContain('value="mask"');
  expect(await textNow("/safety?q=陳怡君")).not.toContain("0912");

  // The form is sent again as it came: everything that was typed is in it, and nobody is asked twice.
  const posted = await readPosted(
    site,
    await send(site, "/safety/persons/new?as=me", filled(html, "person")),
  );
  const shown = await textNow(posted.page);
  expect(shown).toContain(masked);
  expect(shown).not.toContain("A123456789");
});

it("whoever means it may say so, and then it stands as it was written", async () => {
  const asked = await sendPerson(site, { full_name: "林照原樣", text: "打 0987-654-321 給我" });
  const form = filled(await asked.text(), "person", { personal_data: "keep" });
  const { page } = await readPosted(site, await send(site, "/safety/persons/new?as=me", form));
  expect(await textNow(page)).toContain("打 0987-654-321 給我");
});

it.each([
  ["an official line", "quake", "請打 +886-800-085-095，或駐處 +64 21 555 012", {}],
  ["the name the post is about", "quake", "我是陳不問，平安，在學校", {}],
  ["what only staff will read", "quake", "護照號碼 312345678", { visibility: "staff" }],
])("nobody is asked about %s", async (_, event, text, answers) => {
  const { status } = await sendPerson(site, { full_name: "陳不問", event, text, ...answers });
  expect(status).toBe(303);
});

it("a note is asked about in the same way, and neither choice loses a word", async () => {
  const { page, id } = await postPerson(site, { full_name: "Amy Noted", event: "quake" });
  const asked = await act(site, page, "note", {
    text: "Amy Noted is at 12 Colombo Street, call +64-21-555-012",
    author_name: "Bo",
  });
  expect(asked.status).toBe(200);
  const html = await asked.text();
  expect([...html.matchAll(/<mark>([^<]*)<\/mark>/g)].map(([, text]) => text)).toEqual(["12 Colombo Street"]);
  expect((await send(site, page, filled(html, forms.note))).status).toBe(303);
  expect(await textNow(`/safety/persons/${id}`)).toContain("Amy Noted is at 〔…〕, call +64-21-555-012");
  const kept = await act(site, page, "note", { text: "Now at 14 Colombo Street", personal_data: "keep" });
  expect(kept.status).toBe(303);
  expect(await textNow(`/safety/persons/${id}`)).toContain("Now at 14 Colombo Street");
});

it("a program is told what its text gives away, and may ask for it to be covered", async () => {
  const post = (path: string, body: object) =>
    site.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const person = { as: "me", full_name: "陳程式", event: "quake", text: told, consent: true };
  const plain = (await (await post("/api/v1/persons", person)).json()) as { id: string; warnings: unknown[] };
  expect(plain.warnings).toMatchObject([
    { kind: "name" },
    { field: "text", kind: "phone", start: 9, end: 21 },
    { kind: "national_id" },
  ]);
  expect(await textNow(`/safety/persons/${plain.id}`)).toContain("0912-345-678");
  const covered = (await (await post("/api/v1/persons", { ...person, mask: true })).json()) as { id: string };
  const shown = await textNow(`/safety/persons/${covered.id}`);
  expect(shown).not.toMatch(/0912-345-678|A123456789/);
  expect(shown).toContain("+886-800-085-095");
  const note = await post(`/api/v1/persons/${covered.id}/notes`, { text: "生日 77.02.29", mask: true });
  expect(note.status).toBe(201);
  expect(await note.json()).toMatchObject({ warnings: [{ kind: "birthday" }] });
  expect(await textNow(`/safety/persons/${covered.id}`)).toContain("生日 〔…〕");
});

it("a report of a road is asked about in the same way; an address is what a report is for", async () => {
  const where = "/map/reports/new?event=quake";
  const html = await (await site.fetch(where)).text();
  const answers = {
    kind: "road",
    state: "closed",
    severity: "severe",
    coordinates: "-43.53, 172.64",
    text: "At 12 Colombo Street. Call 021 123 4567",
  };
  const asked = await send(site, where, filled(html, "report", answers));
  expect(asked.status).toBe(200);
  const again = await asked.text();
  expect([...again.matchAll(/<mark>([^<]*)<\/mark>/g)].map(([, text]) => text)).toEqual(["021 123 4567"]);
  const posted = await send(site, where, filled(again, "report"));
  expect(posted.status).toBe(303);
  const [row] = await site.sql<
    { text: string }[]
  >`select text from app.reports order by created_at desc limit 1`;
  expect(row!.text).toBe("At 12 Colombo Street. Call 〔…〕");
});
