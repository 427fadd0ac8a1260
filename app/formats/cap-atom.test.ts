import { describe, expect, test } from "vitest";
import { capFeed } from "./cap-atom.ts";
import { capFromReport } from "./cap-report.ts";
import { LANDSLIDE } from "#tests/fixtures/landslide-report.ts";
import { readXml } from "./xml.ts";

const alert = (drill = false) =>
  capFromReport(
    { ...LANDSLIDE, drill },
    {
      sender: "lookout.example.org",
      sent: "2031-06-02T02:30:00Z",
      wordings: [
        { language: "zh-TW", event: "山崩", headline: "山崩 <b>", description: "", areaDesc: "北" },
        {
          language: "en",
          event: "Landslide",
          headline: "Landslide & more",
          description: "Closed",
          areaDesc: "N",
        },
      ],
    },
  )!;

const feed = (language?: string) =>
  capFeed({
    feedUrl: "https://lookout.example.org/feeds/cap.atom",
    title: "Lookout: alerts",
    author: "Lookout",
    updated: "2031-06-02T02:30:00+00:00",
    language,
    alertUrl: ({ identifier }) => `https://lookout.example.org/feeds/cap/${identifier}.xml`,
    alerts: [alert(), alert(true)],
  });

describe("the index of alerts", () => {
  test("each entry links to its document and is read by any XML reader", async () => {
    async function* source() {
      yield feed("en");
    }
    const texts: string[] = [];
    const links: string[] = [];
    for await (const item of readXml<() => void>(source(), (emit) => ({
      close: ({ name, attributes }, text) =>
        emit(() =>
          name === "link"
            ? links.push(`${attributes["rel"]} ${attributes["type"]}`)
            : texts.push(`${name}=${text}`),
        ),
    }))) {
      item();
    }
    expect(texts).toContain("title=Landslide & more");
    expect(texts).toContain("title=[Exercise] Landslide & more");
    expect(texts).toContain("updated=2031-06-02T02:30:00Z");
    expect(texts.filter((text) => text.startsWith("id=")).length).toBe(3);
    expect(links).toContain("alternate application/cap+xml");
  });

  test("H1: words are escaped, and without a language the first counts", () => {
    expect(feed()).toContain("<title>山崩 &lt;b&gt;</title>");
  });
});
