import { createReadStream } from "node:fs";
import { describe, expect, it } from "vitest";
import { countryByName } from "./country-names.ts";
import { htmlText } from "./html-text.ts";
import { readNoticeFeed, type FeedFacts, type NoticeItem } from "./notice-feed.ts";

const facts: FeedFacts = { name: "外交部", language: "zh-TW", now: new Date("2026-11-25T00:00:00Z") };

async function read(source: string | AsyncIterable<Uint8Array | string>, more: Partial<FeedFacts> = {}) {
  const items: NoticeItem[] = [];
  const whole =
    typeof source === "string"
      ? (async function* () {
          yield source;
        })()
      : source;
  for await (const item of readNoticeFeed(whole, { ...facts, ...more })) items.push(item);
  return items;
}
const fixture = (name: string) => createReadStream(`tests/fixtures/${name}`, { highWaterMark: 700 });
const notices = (items: NoticeItem[]) =>
  items.flatMap((item) => (item.kind === "notice" ? [item.notice] : []));

describe("RSS of travel advice", () => {
  it("quotes the level, finds the country by either name, and keeps the place where it is finer", async () => {
    const items = await read(fixture("travel-advice-rss.xml"));
    expect(notices(items)).toMatchObject([
      {
        source_key: "feed:https://ministry.example/advice/101.html",
        source_name: "外交部",
        title: "第二級：黃色注意 - 紐西蘭 - New Zealand",
        level: "第二級：黃色注意",
        country: "NZ",
        area: null,
        language: "zh-TW",
        published_at: "2026-11-24T01:00:00Z",
        text: "地震後請注意餘震。\n請遠離老舊建築。",
      },
      { level: "第三級：橙色避免前往", country: "TH", area: "泰國邊境", published_at: "2026-11-25T00:00:00.000Z" },
      { level: "第四級：紅色儘速離境", country: "PS" },
      { source_key: "feed:rain-2026", url: null, level: null, country: null, text: "雨季出門請留意 & 小心", published_at: "2026-11-02T00:00:00Z" },
    ]); // prettier-ignore
    expect(items.at(-1)).toMatchObject({ kind: "refused", token: "title_missing" });
  });

  it("a feed of one country says so for all its items", async () => {
    const found = notices(await read(fixture("travel-advice-rss.xml"), { country: "NP" }));
    expect(found.map(({ country }) => country)).toEqual(["NP", "NP", "NP", "NP"]);
  });
});

describe("Atom", () => {
  it("takes the page for the address, the newest time, and the language that stands nearest", async () => {
    expect(notices(await read(fixture("notices-atom.xml"), { name: "Agency" }))).toMatchObject([
      {
        source_key: "feed:tag:agency.example,2026:1",
        url: "https://agency.example/notices/1",
        title: "Bridge closed",
        country: "NP",
        language: "en",
        published_at: "2026-11-24T10:00:00Z",
      },
      { title: "橋が通れます", language: "ja", published_at: "2026-11-24T06:45:00Z" },
    ]);
  });
});

describe("CAP", () => {
  it("speaks the reader's language where it can, and names what it replaces", async () => {
    const [notice] = notices(await read(fixture("cap-1.2-landslide-two-languages.xml"), { language: "en" }));
    expect(notice).toMatchObject({
      language: expect.stringMatching(/^en/),
      level: expect.stringMatching(/^(?:Extreme|Severe|Moderate|Minor)$/),
      lat: expect.any(Number),
      ended: false,
    });
    expect(notice!.source_key).toMatch(/^cap:.+,.+/);
    const [cancel] = notices(await read(fixture("cap-1.2-cancel-without-info.xml")));
    expect(cancel).toMatchObject({ ended: true, replaces: [expect.stringMatching(/^cap:/)] });
  });

  it("an alert without scope is refused, not guessed", async () => {
    const items = await read(fixture("cap-1.2-latin1.xml"));
    expect(items.some(({ kind }) => kind === "notice" || kind === "refused")).toBe(true);
    expect(await read(fixture("cap-1.2-without-scope.xml"))).toMatchObject([
      { kind: "refused", token: "alert_refused" },
    ]);
  });
});

describe("hostile feeds", () => {
  const rss = (inner: string) => `<rss version="2.0"><channel><item>${inner}</item></channel></rss>`;

  it("H40: a document type, entities and XInclude are refused or inert", async () => {
    await expect(read(`<!DOCTYPE rss [<!ENTITY a "b">]>${rss("<title>&a;</title>")}`)).rejects.toMatchObject({
      token: "xml_doctype_refused",
    });
    expect(
      notices(
        await read(
          rss(
            '<title>A</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
          ),
        ),
      )[0],
    ).toMatchObject({ title: "A", text: "" });
  });

  it.each(["<html><body>Sign in</body></html>", "<rss2/>", '<feed xmlns="urn:other"/>'])(
    "what is no feed says so: %s",
    async (document) => {
      expect(await read(document)).toMatchObject([{ kind: "unreadable", token: "not_a_feed" }]);
    },
  );

  it("H13, H14: titles lose controls and overrides; a title of nothing is refused", async () => {
    const [notice] = notices(await read(rss("<title>\u202Eab&#x9;c\u2066</title>")));
    expect(notice!.title).toBe("ab c");
    expect(await read(rss("<title>\u200B\u3164</title>"))).toMatchObject([
      { kind: "refused", token: "title_missing" },
    ]);
  });

  it("H20: an endless item is refused alone; long words are shortened", async () => {
    const long = `<title>${"長".repeat(2_000)}</title><description>${"x".repeat(100_000)}</description>`;
    const [notice] = notices(await read(rss(long)));
    expect([notice!.title.length, notice!.text.length]).toEqual([500, 20_000]);
    const items = await read(
      `<rss><channel><item><title>A</title>${`<x>${"y".repeat(300_000)}</x>`.repeat(2)}</item><item><title>B</title></item></channel></rss>`,
    );
    expect(items).toMatchObject([
      { kind: "refused", token: "item_too_large" },
      { kind: "notice", notice: { title: "B" } },
    ]);
  });

  it("H34: a day of the future, or none that a calendar has, is not believed", async () => {
    for (const date of ["Mon, 01 Jan 2040 00:00:00 GMT", "31 Feb 2026 00:00:00 GMT", "yesterday"]) {
      const [notice] = notices(await read(rss(`<title>A</title><pubDate>${date}</pubDate>`)));
      expect(notice!.published_at).toBe(facts.now.toISOString());
    }
  });

  it("H1: what would run in a browser is not even text", () => {
    expect(htmlText("a<SCRIPT>x()</script >b<!-- c -->d<style>e{}</style>f<script>never ends")).toBe("abdf");
    expect(htmlText("one<p>two<br>three</p>four<ul><li>five</ul>")).toBe("one\ntwo\nthree\nfour\n\n- five");
    expect(htmlText("&lt;b&gt; &amp;amp; &#x41;&#66;&#xD800;&#0;&nosuch;")).toBe("<b> &amp; AB&nosuch;");
  });

  it("H11: taking HTML apart does not stall", () => {
    const began = performance.now();
    for (const text of [
      "<".repeat(200_000),
      "<script>".repeat(20_000),
      "&".repeat(200_000),
      `<p ${"a".repeat(200_000)}`,
    ])
      htmlText(text);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("names of countries", () => {
  it.each([
    ["日本", "JP"], ["韓國", "KR"], ["Korea (South Korea)", "KR"], ["台灣", "TW"], ["United States", "US"], ["Türkiye", "TR"],
    ["紐西蘭", "NZ"], ["尼泊爾", "NP"], ["ニュージーランド", "NZ"], ["  New   Zealand - ", "NZ"], ["Bosnia and Herzegovina", "BA"], ["捷克", "CZ"],
  ])("%s is %s", (name, code) => {
    expect(countryByName(name)).toBe(code);
  }); // prettier-ignore

  it.each(["", "各地", "Worldwide", "constructor", "__proto__"])("%j is none", (name) => {
    expect(countryByName(name)).toBeNull();
  });
});
