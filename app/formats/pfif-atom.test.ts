import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PfifNote, PfifPerson } from "./pfif.ts";
import { noteFeed, personFeed } from "./pfif-atom.ts";
import { readPfif } from "./pfif-reader.ts";
import { cleanLine, cleanParagraphs } from "./safe-text.ts";
import { readXml } from "./xml.ts";
import type { XmlElement } from "./xml.ts";

async function* of(...chunks: string[]) {
  yield* chunks;
}

const feed = {
  feedUrl: "https://lookout.example.org/pfif/feeds/person?key=a&skip=0",
  title: "守望 Lookout",
  updated: "2026-04-26T00:00:00Z",
  pageUrl: (id: string) => `https://lookout.example.org/safety/persons/${encodeURIComponent(id)}`,
};
const person: PfifPerson = {
  person_record_id: "b.example/p 1",
  source_date: "2026-04-25T00:00:00Z",
  entry_date: "2026-04-25T10:00:00Z",
  full_name: "王小明",
  notes: [],
};
const note: PfifNote = {
  note_record_id: "b.example/n1",
  person_record_id: "b.example/p1",
  source_date: "2026-04-25T01:00:00Z",
  entry_date: "2026-04-25T10:00:00Z",
};

type Found = { path: string; text: string; element: XmlElement };

async function elements(document: string): Promise<Found[]> {
  const path: string[] = [];
  const found: Found[] = [];
  for await (const item of readXml<Found>(of(document), (emit) => ({
    open: ({ name }) => void path.push(name),
    close: (element, text) => {
      emit({ path: path.join("/"), text, element });
      path.pop();
    },
  }))) {
    found.push(item);
  }
  return found;
}

const texts = (found: Found[], path: string) =>
  found.filter((item) => item.path === path).map(({ text }) => text);

/** What RFC 4287 demands of a feed and its entries, and the W3C validator with it. */
async function expectValidAtom(document: string): Promise<Found[]> {
  const found = await elements(document);
  for (const name of ["id", "title", "updated"]) {
    expect(texts(found, `feed/${name}`)).toHaveLength(1);
    expect(texts(found, `feed/${name}`)[0]).not.toBe("");
    expect(texts(found, `feed/entry/${name}`)).toHaveLength(texts(found, "feed/entry").length);
    for (const text of texts(found, `feed/entry/${name}`)) expect(text.trim()).not.toBe("");
  }
  for (const path of ["feed/author/name", "feed/entry/author/name", "feed/entry/content"]) {
    for (const text of texts(found, path)) expect(text.trim()).not.toBe("");
  }
  for (const text of texts(found, "feed/entry/author/email")) expect(text).toMatch(/.+@.+/);
  for (const text of [...texts(found, "feed/updated"), ...texts(found, "feed/entry/updated")]) {
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  }
  for (const { element, text } of found.filter(({ element }) => element.name === "link")) {
    expect(text).toBe("");
    expect(new URL(element.attributes["href"]!).protocol).toBe("https:");
  }
  for (const id of texts(found, "feed/entry/id")) expect(id).not.toMatch(/[\s<>"{}|\\^`]/);
  return found;
}

describe("person feed", () => {
  test("an entry is titled by the name and dated by its source", async () => {
    const found = await expectValidAtom(personFeed({ ...feed, persons: [person] }));
    expect(texts(found, "feed/entry/title")).toEqual(["王小明"]);
    expect(texts(found, "feed/entry/id")).toEqual(["pfif:b.example/p%201"]);
    expect(texts(found, "feed/entry/updated")).toEqual(["2026-04-25T00:00:00Z"]);
    expect(texts(found, "feed/entry/source/title")).toEqual(["守望 Lookout"]);
    const links = found
      .filter(({ element }) => element.name === "link")
      .map(({ element }) => ({ ...element.attributes }));
    expect(links).toEqual([
      { rel: "self", type: "application/atom+xml", href: feed.feedUrl },
      {
        rel: "alternate",
        type: "text/html",
        href: "https://lookout.example.org/safety/persons/b.example%2Fp%201",
      },
    ]);
  });

  test("the record stands in the entry itself, in the version asked for", async () => {
    const found = await elements(personFeed({ ...feed, persons: [person], version: "1.2" }));
    const record = found.find(({ path }) => path === "feed/entry/person")!;
    expect(record.element.namespace).toBe("http://zesty.ca/pfif/1.2");
    expect(texts(found, "feed/entry/person/last_name")).toEqual(["王小明"]);
  });

  test("a tombstone has a title and says nothing else", async () => {
    const document = personFeed({
      ...feed,
      persons: [
        {
          ...person,
          person_record_id: "b.example/1",
          author_name: "Aunt",
          description: "d",
          placeholder: true,
        },
      ],
    });
    const found = await expectValidAtom(document);
    expect(texts(found, "feed/entry/title")).toEqual(["b.example/1"]);
    expect(document).not.toMatch(/Aunt|王小明|>d</);
  });

  test("an empty feed is a feed", async () => {
    await expectValidAtom(personFeed({ ...feed, persons: [] }));
  });
});

describe("note feed", () => {
  test("an entry is dated by its source, links to the person and always has a title", async () => {
    const notes = [
      { ...note, text: `${"平安 ".repeat(100)}` },
      { ...note, status: "believed_alive" as const },
      { ...note, author_name: " ", author_email: "no address" },
    ];
    const found = await expectValidAtom(noteFeed({ ...feed, notes }));
    const [long, status, bare] = texts(found, "feed/entry/title");
    expect(long).toMatch(/^平安 .*…$/);
    expect([...long!]).toHaveLength(141);
    expect([status, bare]).toEqual(["believed_alive", "b.example/n1"]);
    expect(texts(found, "feed/entry/updated")[0]).toBe("2026-04-25T01:00:00Z");
    expect(found.find(({ path }) => path === "feed/entry/link")!.element.attributes["href"]).toContain(
      "b.example%2Fp1",
    );
  });
});

test("whatever people write, the feed is valid and the record in it comes back", async () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, text, async (name, body) => {
      const full_name = cleanLine(`x${name}]]>`);
      const description = cleanParagraphs(`"'😀<${body}>`);
      const value = { ...person, person_record_id: "b.example/1", full_name, description };
      const document = personFeed({ ...feed, title: `t${name}`, persons: [value] });
      await expectValidAtom(document);
      const items = [];
      for await (const item of readPfif(of(document))) items.push(item);
      expect(items).toMatchObject([{ kind: "person", person: value }]);
      await expectValidAtom(noteFeed({ ...feed, notes: [{ ...note, text: body, author_name: name }] }));
    }),
  );
});
