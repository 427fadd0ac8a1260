import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenTo } from "#tests/support/events.ts";
import { postPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
});
afterAll(() => site?.close());

describe("listening", () => {
  it("hears of a post soon after it, without a word of what was posted", async () => {
    const listener = await listenTo(site, "?topics=persons");
    expect(listener.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(listener.response.headers.get("cache-control")).toBe("no-store");
    expect(listener.response.headers.get("access-control-allow-origin")).toBe("*");
    await listener.until("event: ready");
    const { id } = await postPerson(site, { full_name: "陳聽見" });
    await listener.until(
      new RegExp(`event: persons\ndata: {"id":"${id}","kind":"created","event":"everyday"`),
    );
    expect(listener.text()).not.toContain("陳聽見");
    listener.leave();
  });

  it("A3 a person who is not for everybody is never spoken of, neither when posted nor later", async () => {
    const listener = await listenTo(site);
    await listener.until("event: ready");
    const hidden: string[] = [];
    for (const visibility of ["known", "link", "staff"]) {
      const answers = visibility === "known" ? { birth_year: "1990" } : {};
      hidden.push((await postPerson(site, { full_name: "林不公開", visibility, ...answers })).id);
    }
    const { id } = await postPerson(site, { full_name: "人人可見" });
    await listener.until(id);
    for (const one of hidden) expect(listener.text()).not.toContain(one);
    listener.leave();
  });

  it("goes on where it was, also with a restart between, and says when that cannot be", async () => {
    const listener = await listenTo(site);
    const { id: first } = await postPerson(site, { full_name: "人人可見" });
    await listener.until(first);
    const last = listener.lastId()!;
    await site.stop();
    await listener.ended;
    await site.restart();
    const { id: second } = await postPerson(site, { full_name: "人人可見" });
    const back = await listenTo(site, "", { "last-event-id": last });
    await back.until("event: ready");
    await back.until(second);
    expect(back.text()).not.toContain(first);
    expect(back.text()).not.toContain("event: reset");
    back.leave();
    const lost = await listenTo(site, "", { "last-event-id": "1.1" });
    await lost.until("event: reset");
    lost.leave();
  });

  it("refuses topics nobody knows, in the words of the API", async () => {
    for (const query of [
      "?topics=persons,secrets",
      "?topics=__proto__",
      `?topics=${"persons,".repeat(80)}`,
    ]) {
      const refused = await site.fetch(`/api/v1/live${query}`);
      expect(refused.status, query).toBe(422);
      expect(await refused.json()).toMatchObject({ token: "topic_unknown", errors: [{ field: "topics" }] });
    }
  });

  it("takes no room among those who wait for a page", async () => {
    const before = await site.fetch("/metrics").then((answer) => answer.text());
    const many = await Promise.all(Array.from({ length: 60 }, () => listenTo(site, "?topics=reports")));
    await Promise.all(many.map((listener) => listener.until("event: ready")));
    const metrics = await site.fetch("/metrics").then((answer) => answer.text());
    const inFlight = (text: string) => Number(/requests_in_flight (\d+)/.exec(text)?.[1]);
    expect(inFlight(metrics)).toBeLessThanOrEqual(inFlight(before) + 5);
    for (const listener of many) listener.leave();
  });
});
