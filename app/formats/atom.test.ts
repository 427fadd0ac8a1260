import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { atomFeed, type AtomEntry } from "./atom.ts";

const entry: AtomEntry = {
  id: "https://lookout.example/notices/1",
  title: "Red warning",
  updated: "2026-11-25T10:00:00+08:00",
  published: "2026-11-24T00:00:00Z",
  url: "https://lookout.example/notices/1",
  author: "外交部",
  summary: "Do not travel.",
  language: "zh-TW",
  categories: [{ scheme: "https://lookout.example/levels", term: "red", label: "紅色警示" }],
  links: [{ rel: "via", href: "https://ministry.example/1" }],
};
const feed = (entries: AtomEntry[]) =>
  atomFeed({
    url: "https://lookout.example/feeds/notices.atom",
    page: "https://lookout.example/notices",
    title: "Notices",
    author: "Lookout",
    updated: "2026-11-25T10:00:00+08:00",
    next: "https://lookout.example/feeds/notices.atom?cursor=a&b",
    entries,
  });

/** Names and texts in document order; throws when the document is not well-formed. */
function parsed(xml: string): [string, string][] {
  const found: [string, string][] = [];
  const parser = new SaxesParser({ xmlns: true });
  let text = "";
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", () => (text = ""));
  parser.on("text", (more) => (text += more));
  parser.on("closetag", ({ name }) => found.push([name, text]));
  parser.write(xml).close();
  return found;
}

describe("Atom feeds", () => {
  it("have everything that RFC 4287 asks of a feed and an entry", () => {
    const names = parsed(feed([entry])).map(([name]) => name);
    for (const name of [
      "id",
      "title",
      "updated",
      "author",
      "link",
      "entry",
      "published",
      "category",
      "summary",
    ])
      expect(names).toContain(name);
    expect(feed([entry])).toContain("<updated>2026-11-25T02:00:00Z</updated>");
    expect(feed([entry])).toContain('<entry xml:lang="zh-TW">');
  });

  it("H3, H13, H14: whatever stands in a title, the document stays one, and nothing runs", () => {
    const hostile = [
      "]]></title><script>x</script>",
      "a\u0000b\uFFFE\u0008c",
      "王\u202E小明",
      "\ud800",
      "&#0;",
      "\r\n\r\n",
    ];
    for (const text of hostile) {
      const xml = feed([
        {
          ...entry,
          title: text,
          summary: text,
          author: text,
          language: text,
          categories: [{ term: text, label: text }],
        },
      ]);
      expect(parsed(xml).filter(([name]) => name === "script")).toEqual([]);
      expect(xml).not.toMatch(/\u202E|\u0000/);
      expect(parsed(xml).find(([name, words]) => name === "title" && words === "")).toBeUndefined();
    }
  });

  it("H4: an address that is none of the web is left out", () => {
    expect(feed([{ ...entry, links: [{ rel: "via", href: "javascript:alert(1)" }] }])).not.toContain(
      "javascript",
    );
  });
});
