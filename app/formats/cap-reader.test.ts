import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCap } from "./cap-reader.ts";
import type { CapItem } from "./cap-reader.ts";
import { XmlRefused } from "./xml.ts";

const fixture = (name: string) => readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url));

async function* of(...chunks: (Uint8Array | string)[]) {
  yield* chunks;
}

async function readAll(source: Uint8Array | string): Promise<CapItem[]> {
  const items: CapItem[] = [];
  for await (const item of readCap(of(source))) items.push(item);
  return items;
}

async function only(source: Uint8Array | string): Promise<CapItem> {
  const items = await readAll(source);
  expect(items).toHaveLength(1);
  return items[0]!;
}

const INFO =
  "<info><category>Met</category><event>Storm</event><urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty></info>";
const alert = (body = INFO, head: Record<string, string> = {}) => {
  const elements = {
    identifier: "a-1",
    sender: "s.example.org",
    sent: "2031-06-02T12:00:00+00:00",
    status: "Actual",
    msgType: "Alert",
    scope: "Public",
    ...head,
  };
  const text = Object.entries(elements).map(([name, value]) => (value ? `<${name}>${value}</${name}>` : ""));
  return `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${text.join("")}${body}</alert>`;
};

describe("alerts as they come", () => {
  test("1.2 with two languages, an area of every kind, and lineage", async () => {
    expect(await only(fixture("cap-1.2-landslide-two-languages.xml"))).toMatchObject({
      kind: "alert",
      version: "1.2",
      line: 2,
      warnings: [],
      alert: {
        identifier: "roads.2031-0417.2",
        sent: "2031-06-02T02:30:00Z",
        msgType: "Update",
        references: [
          { sender: "duty@roads.example.org", identifier: "roads.2031-0417.1", sent: "2031-06-02T01:15:00Z" },
        ],
        info: [
          {
            language: "zh-TW",
            category: ["Geo", "Transport"],
            event: "山崩",
            responseType: ["Avoid"],
            onset: "2031-06-02T00:25:00Z",
            description: "雙向封閉。\n請改走 5 號公路。",
            area: [
              {
                areaDesc: "範例鎮北方",
                polygons: [
                  [
                    [85.1, 27.9],
                    [85.2, 27.9],
                    [85.2, 27.95],
                    [85.1, 27.9],
                  ],
                ],
                circles: [{ centre: [85.15, 27.92], radius_km: 1.5 }],
                geocodes: [{ valueName: "example:district", value: "042" }],
              },
            ],
          },
          { language: "en", headline: "Landslide on road 3 at km 12" },
        ],
      },
    });
  });

  test("1.1 with a prefix, an old word, an open ring closed, bad shapes dropped and named", async () => {
    const item = await only(fixture("cap-1.1-flood.xml"));
    expect(item).toMatchObject({
      kind: "alert",
      version: "1.1",
      alert: {
        status: "Exercise",
        note: "Exercise Blue Wave",
        info: [
          { language: "en-US", certainty: "Likely", area: [{ polygons: [expect.any(Array)], circles: [] }] },
        ],
      },
    });
    if (item.kind !== "alert") return;
    expect(item.warnings.sort()).toEqual(["circle_dropped", "polygon_dropped", "polygon_not_closed"]);
    expect(item.alert.info[0]!.area[0]!.polygons[0]).toHaveLength(5);
    // H4: an address that would run is no address.
    expect(item.alert.info[0]!.resource).toEqual([
      { resourceDesc: "gauge", mimeType: "application/octet-stream" },
    ]);
  });

  test("a cancel without info is a cancel, and the signature beside it is none of it", async () => {
    expect(await only(fixture("cap-1.2-cancel-without-info.xml"))).toMatchObject({
      kind: "alert",
      alert: {
        identifier: "roads.2031-0417.3",
        msgType: "Cancel",
        info: [],
        references: [{ identifier: "roads.2031-0417.2", sent: "2031-06-02T02:30:00Z" }],
      },
    });
  });

  test("ISO-8859-1 is read right", async () => {
    expect(await only(fixture("cap-1.2-latin1.xml"))).toMatchObject({
      alert: { info: [{ headline: "Sismo 4.6 cerca de Peñón de Año Nuevo", area: [{ areaDesc: "Peñón" }] }] },
    });
  });

  test("several alerts in one envelope, each by itself", async () => {
    const envelope = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>${alert()}</content></entry><entry><content>${alert(INFO, { scope: "" })}</content></entry><entry><content>${alert()}</content></entry></feed>`;
    expect((await readAll(envelope)).map(({ kind }) => kind)).toEqual(["alert", "refused", "alert"]);
  });

  test("Z is taken though the standard forbids it; a time without offset is not", async () => {
    expect(await only(alert(INFO, { sent: "2031-06-02T12:00:00Z" }))).toMatchObject({
      alert: { sent: "2031-06-02T12:00:00Z" },
    });
    expect(await only(alert(INFO, { sent: "2031-06-02T12:00:00" }))).toMatchObject({
      token: "time_invalid",
      field: "sent",
    });
  });

  test("of two infos the bad one is dropped, and the good one lands", async () => {
    const bad = INFO.replace("<severity>Minor</severity>", "");
    expect(await only(alert(bad + INFO))).toMatchObject({
      kind: "alert",
      warnings: ["info_dropped"],
      alert: { info: [{}] },
    });
    expect(await only(alert(bad))).toMatchObject({
      kind: "refused",
      token: "element_missing",
      field: "severity",
    });
  });
});

describe("alerts that are refused with a reason", () => {
  test("without scope", async () => {
    expect(await only(fixture("cap-1.2-without-scope.xml"))).toEqual({
      kind: "refused",
      line: 2,
      identifier: "storm-5",
      token: "element_missing",
      field: "scope",
    });
  });

  test.each([
    [alert(INFO, { status: "Real" }), "value_unknown", "status"],
    [alert(INFO, { identifier: "two words" }), "identifier_invalid", "identifier"],
    [alert(INFO, { sender: "a,b" }), "identifier_invalid", "sender"],
    [alert(INFO, { sent: "2031-02-30T12:00:00+00:00" }), "time_invalid", "sent"],
    [alert(INFO, { msgType: "Cancel" }), "references_missing", "references"],
    [alert(""), "info_missing", "info"],
    [alert(`<identifier>b-2</identifier>${INFO}`), "element_twice", "identifier"],
    [alert(INFO + alert()), "alert_inside_alert", null],
    [alert("<info/>".repeat(20_001)), "alert_too_large", null],
    [alert().replace("cap:1.2", "cap:1.0"), "cap_version_unknown", null],
    [alert().replace("urn:oasis:names:tc:emergency:cap:1.2", "http://example.org"), "not_cap", null],
    ["<rss/>", "not_cap", null],
  ])("%#: %s → %s", async (document, token, field) => {
    expect(await only(document)).toMatchObject({ kind: "refused", token, field });
  });

  test("H40: entities, document types, depth and attributes end the reading", async () => {
    for (const [document, token] of [
      [`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${alert("&x;")}`, "xml_doctype_refused"],
      [alert("<a>".repeat(200_000)), "xml_too_deep"],
      [
        alert(`<a ${Array.from({ length: 100_000 }, (_, i) => `b${i}=""`).join(" ")}/>`),
        "xml_too_many_attributes",
      ],
      [alert("&x;"), "xml_not_well_formed"],
      [alert().slice(0, -8), "xml_not_well_formed"],
      ["", "xml_not_well_formed"],
    ] as const) {
      const error: unknown = await readAll(document).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(XmlRefused);
      expect((error as XmlRefused).token).toBe(token);
    }
  });

  test("H33: polygons of 100,000 corners and numbers that are none are dropped, not stared at", async () => {
    const area = (shape: string) =>
      alert(INFO.replace("</info>", `<area><areaDesc>x</areaDesc>${shape}</area></info>`));
    const many = Array.from({ length: 100_000 }, (_, i) => `${(i % 80) + 0.5},${i % 170}`).join(" ");
    for (const shape of [
      `<polygon>${many}</polygon>`,
      "<polygon>NaN,1 2,2 3,3 NaN,1</polygon>",
      "<polygon>1e309,1 2,2 3,3 1e309,1</polygon>",
      "<polygon></polygon>",
    ]) {
      expect(await only(area(shape))).toMatchObject({ alert: { info: [{ area: [{ polygons: [] }] }] } });
    }
    for (const circle of ["91,0 1", "0,181 1", "0,0 -1", "0,0 1e9", "0,0 NaN", "0 0 1", "0,0 99999"]) {
      expect(await only(area(`<circle>${circle}</circle>`))).toMatchObject({
        warnings: ["circle_dropped"],
        alert: { info: [{ area: [{ circles: [] }] }] },
      });
    }
  });

  test("H13, H14: controls and overrides do not come through", async () => {
    const item = await only(alert(INFO.replace("Storm", "St\u202Eorm\u0085")));
    expect(item).toMatchObject({ alert: { info: [{ event: "Storm" }] } });
  });
});
