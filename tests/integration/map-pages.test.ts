import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorText, translator } from "#app/i18n/translate.ts";
import { hostileTexts, legible, seen, strayMarkup } from "#tests/support/hostile.ts";
import { fieldsOf, textOf } from "#tests/support/html.ts";
import { openQuake, quake, reportByForm } from "#tests/support/map-event.ts";
import { fillAndSend, send } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

// The pages of the map without script, through the front door: what is posted, refused, asked back and kept.

const zh = translator("zh-TW");
let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off", TRUST_PROXY: "on" } });
  await openQuake(site);
});
afterAll(() => site?.close());

const form = `/map/reports/new?event=${quake.slug}`;
const sent = (answers: Record<string, string>) => fillAndSend(site, form, "report", answers);
const valuesOf = (html: string) => fieldsOf(html, "report");

describe("posting without script", () => {
  it("takes coordinates in any notation, a line of several, another report's place, and a name that others used", async () => {
    const place = async (answers: Record<string, string>) => {
      const { id } = await reportByForm(site, { kind: "fire", text: "冒煙", ...answers });
      const [row] = await site.sql`select position, line, precision_m from app.reports where id = ${id}`;
      return { id, ...row } as { id: string; position: string; line: unknown; precision_m: number | null };
    };
    const first = await place({ coordinates: "43°31'48\"S 172°37'48\"E", place: "大教堂廣場" });
    expect(first.position).toBe("(172.63,-43.53)");
    expect(
      (await place({ coordinates: "https://www.openstreetmap.org/#map=17/-43.55/172.7" })).position,
    ).toBe("(172.7,-43.55)");
    const line = await place({ coordinates: "-43.60, 172.50\n-43.61, 172.52\r\n-43.62, 172.53" });
    expect(line.line).toEqual([
      [172.5, -43.6],
      [172.52, -43.61],
      [172.53, -43.62],
    ]);
    const near = await place({ near: first.id });
    expect(near).toMatchObject({ position: first.position, precision_m: 300 });
    expect(await place({ place: "大教堂廣場" })).toMatchObject({ precision_m: 2000 });
    const unknown = await sent({ kind: "fire", text: "冒煙", place: "沒人提過的地方", none_same: "yes" });
    expect(unknown.status).toBe(422);
    expect(await unknown.text()).toContain(errorText(zh, "place_unknown"));
  });

  it("keeps everything that was typed, the line too, and leads to each field that must be changed", async () => {
    const typed = {
      coordinates: "-43.60, 172.50\n-43.61, elsewhere",
      text: "一半的路不見了",
      road: "Summit Rd",
      passable: "motorcycle",
      width_limit_m: "1.5",
      bypass: "走山下",
      source_url: "https://example.org/a",
      author_name: "路人",
    };
    const answer = await sent(typed);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    const kept = valuesOf(html);
    for (const [name, value] of Object.entries(typed))
      expect(kept[name]?.[0]?.replace(/\r/g, ""), name).toBe(value);
    for (const field of ["kind", "coordinates"]) {
      expect(html).toContain(`href="#report-${field}"`);
      expect(html).toContain(`id="report-${field}"`);
    }
    expect(html).toContain(
      `<title>${zh("common:form.errorTitlePrefix", { title: `${zh("map:form.title")} · 守望` })}`,
    );
  });

  it("asks about a place outside the event, exchanged coordinates and a time before it, and is overruled by a tick", async () => {
    for (const [answers, token] of [
      [{ coordinates: "25.04, 121.56" }, "place_outside_event"],
      [{ coordinates: "0, 0" }, "place_at_zero"],
    ] as const) {
      const asked = await sent({ kind: "flood", text: "水到膝蓋", ...answers });
      expect(asked.status).toBe(422);
      const html = await asked.text();
      expect(html).toContain(errorText(zh, token));
      expect(html).toContain('name="sure"');
      const overruled = await sent({ kind: "flood", text: "水到膝蓋", ...answers, sure: "yes" });
      expect(overruled.status).toBe(303);
    }
    const swapped = await sent({ kind: "flood", text: "水", coordinates: "172.63, -43.53" });
    expect(swapped.status).toBe(303);
    const [row] = await site.sql`select position from app.reports where text = '水'`;
    expect(row!.position).toBe("(172.63,-43.53)");
    for (const coordinates of ["NaN, 3", "1e309, 1", "91, 190", "-43.5"]) {
      const refused = await sent({ kind: "flood", text: "水", coordinates });
      expect(refused.status, coordinates).toBe(422);
    }
  });

  it("offers what others reported there already; confirming it is one button, insisting another", async () => {
    const first = await reportByForm(site, {
      kind: "landslide",
      coordinates: "-43.58, 172.71",
      text: "土石流",
      state: "closed",
    });
    const offer = await fillAndSend(
      site,
      form,
      "report",
      { kind: "landslide", coordinates: "-43.5805, 172.7102", text: "整片山掉下來", state: "closed" },
      { "x-forwarded-for": "198.51.100.9" },
    );
    expect(offer.status).toBe(200);
    const html = await offer.text();
    expect(html).toContain(zh("map:same.title", { count: 1 }));
    expect(html).toContain(`action="${first.page}"`);
    expect(valuesOf(html)).toMatchObject({ none_same: ["yes"], text: ["整片山掉下來"] });
    const confirmed = await send(
      site,
      first.page,
      new URLSearchParams({ intent: "confirm", verdict: "still" }),
      { "x-forwarded-for": "198.51.100.9" },
    );
    expect(confirmed.headers.get("location")).toBe(`${first.page}?done=confirm#done`);
    expect(textOf(await (await site.fetch(first.page)).text())).toContain(
      zh("confidence:confirm", { count: 1 }),
    );
    const insisted = await send(site, form, formFrom(html), { "x-forwarded-for": "198.51.100.9" });
    expect(insisted.status).toBe(303);
  });

  it.each(hostileTexts)(
    "$item, $what: shown as typed in every field, or refused with a word",
    async ({ value }) => {
      const hostile = { text: value, road: value, place: value, cause: value, bypass: value };
      const answer = await sent({
        kind: "hazard",
        coordinates: "-43.40, 172.40",
        none_same: "yes",
        ...hostile,
      });
      expect([303, 422]).toContain(answer.status);
      if (answer.status === 422) {
        const html = await answer.text();
        expect(strayMarkup(html)).toEqual([]);
        expect(html).toMatch(/href="#report-[a-z_]+"/);
        return;
      }
      const page = new URL(answer.headers.get("location")!, site.url).pathname;
      for (const where of [page, `/map?event=${quake.slug}`, `/map/convoy?event=${quake.slug}`]) {
        const html = await (await site.fetch(where)).text();
        expect(strayMarkup(html), where).toEqual([]);
        if (where === page) expect(seen(html)).toContain(legible(value));
      }
    },
  );
});

describe("a report's own pages", () => {
  it("opens with the manage link alone: corrects, keeps what was wrong, extends, asks before it deletes, brings back (H29)", async () => {
    const own = await reportByForm(site, {
      kind: "road",
      coordinates: "-43.55, 172.55\n-43.56, 172.56",
      road: "Old West Coast Rd",
      state: "closed",
      text: "路斷了",
    });
    expect(own.manage).not.toBe("");
    expect((await site.fetch(own.manage.replace(/token=../, "token=AA"))).status).toBe(403);
    expect((await site.fetch(`${own.page}/manage`)).status).toBe(403);
    const page = await site.fetch(own.manage);
    expect(page.headers.get("cache-control")).toBe("no-store");
    const html = await page.text();
    expect(fieldsOf(html, "edit-form")).toMatchObject({
      kind: ["road"],
      coordinates: ["-43.55000, 172.55000\n-43.56000, 172.56000"],
      state: ["closed"],
    });
    const wrong = await fillAndSend(site, own.manage, "edit-form", { coordinates: "nowhere" });
    expect(wrong.status).toBe(422);
    expect(fieldsOf(await wrong.text(), "edit-form").coordinates).toEqual(["nowhere"]);
    const right = await fillAndSend(site, own.manage, "edit-form", { state: "single_lane", passable: "car" });
    expect(right.status).toBe(303);
    expect(textOf(await (await site.fetch(own.page)).text())).toContain(zh("map:state.single_lane"));

    const asked = await fillAndSend(site, `${own.manage}&ask=delete`, "delete-form", {});
    expect(asked.status).toBe(303);
    expect((await site.fetch(own.page)).status).toBe(410);
    expect((await fillAndSend(site, own.manage, "restore", {})).status).toBe(303);
    expect((await site.fetch(own.page)).status).toBe(200);
  });

  it("answers what is not there, and intents nobody knows, with the right status (H30, H31)", async () => {
    for (const id of ["00000000-0000-4000-8000-000000000000", "1", "-1", "9007199254740993"])
      expect((await site.fetch(`/map/reports/${id}`)).status, id).toBe(404);
    const { page, id } = await reportByForm(site, {
      kind: "power",
      coordinates: "-43.5, 172.6",
      text: "停電",
      verification: "verified",
      publication: "hidden",
      confirmations: "99",
    });
    const [row] = await site.sql`select publication, confirmations from app.reports where id = ${id}`;
    expect(row).toEqual({ publication: "published", confirmations: 0 });
    const unknown = await send(site, page, new URLSearchParams({ intent: "verify" }));
    expect(unknown.status).toBe(422);
    const cross = await site.fetch(page, {
      method: "POST",
      body: new URLSearchParams({ intent: "confirm", verdict: "wrong" }),
      headers: { origin: "https://evil.example" },
    });
    expect(cross.status).toBe(403);
  });
});

describe("addresses of the map", () => {
  it.each([
    "/map?kind=nonsense&state=__proto__&passable=1&since=yesterday&view=x&event=../..",
    "/map?near=%F0%9F%9A%A7&cursor=",
    "/map?since=2026-11-20T00:00:00Z",
    "/map/convoy?passable=bicycle",
  ])("%s is answered as far as it is understood", async (where) => {
    expect((await site.fetch(where)).status).toBe(200);
  });

  it("the files that a filtered list offers hold what the list holds", async () => {
    const html = await (await site.fetch(`/map?event=${quake.slug}&kind=landslide&passable=foot`)).text();
    const files = [...html.matchAll(/href="(\/feeds\/[^"]+)"/g)].map(([, href]) =>
      href!.replaceAll("&amp;", "&"),
    );
    expect(files).toHaveLength(5);
    for (const file of files) {
      expect(file).toContain(`event=${quake.slug}`);
      expect((await site.fetch(file)).status, file).toBe(200);
    }
  });

  it("refuses the cursor of another list (H35)", async () => {
    expect((await site.fetch("/map?cursor=abc")).status).toBe(422);
  });

  it("serves the outlines to be kept, and nothing where there is no tile", async () => {
    const tile = await site.fetch("/outlines/2/35-4.json?edition=1");
    expect(tile.status).toBe(200);
    expect(tile.headers.get("cache-control")).toContain("max-age=604800");
    for (const where of [
      "/outlines/2/36-4.json",
      "/outlines/9/0-0.json",
      "/outlines/2/1e1-4.json",
      "/outlines/0/0.json",
    ])
      expect((await site.fetch(where)).status, where).toBe(404);
  });

  it("a map page carries no nonce and is shared; a form with its token is not (A6)", async () => {
    const page = await site.fetch(`/map?event=${quake.slug}`);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(page.headers.get("cache-control")).toBe("public, max-age=0, s-maxage=1");
    expect((await site.fetch(form)).headers.get("cache-control")).toBe("private, no-cache");
  });
});

/** The form of a page as it stands, to be sent once more. */
function formFrom(html: string): FormData {
  const again = new FormData();
  for (const [name, values] of Object.entries(valuesOf(html)))
    for (const value of values) again.append(name, value);
  return again;
}
