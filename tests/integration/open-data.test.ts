import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasets } from "#app/features/open-data/catalogue.ts";
import { checkFile } from "#app/features/open-data/quality.server.ts";
import { formatsOf } from "#app/formats/dataset.ts";
import { readCsv } from "#app/formats/csv.ts";
import { textOf } from "#tests/support/html.ts";
import { filled, operate, postPerson, send } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

/** Open data through the front door: every dataset in every format, its metadata, its counts, and what people ask for. */

let site: Site;
const hostile = [
  "=1+1|cmd", "+886 1 2", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "'=already", "王\u0001小\u000b明", "<b>&\"'</b>", "a,b\n\"c\"",
]; // prettier-ignore
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  for (const [at, text] of hostile.entries()) {
    await site.sql`update app.persons set home_city = ${text} where id = ${(await postPerson(site, { full_name: `開放${at}`, lat: "25.033", lon: "121.565", text: "備註" })).id}`;
  }
  await postPerson(site, { full_name: "只給知道連結的人", visibility: "link", author_phone: "0912345678" });
});
afterAll(() => site?.close());

const get = (path: string, headers: Record<string, string> = {}) => site.fetch(path, { headers });
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());
const cellsOf = async (bytes: Uint8Array) => {
  async function* once() {
    yield bytes;
  }
  const rows: Record<string, string>[] = [];
  for await (const item of readCsv(once())) if (item.kind === "row") rows.push({ ...item.values });
  return rows;
};

describe("files", () => {
  it("every dataset in every format is reached, read and as declared, by the checks we make on ourselves", async () => {
    const wrong: unknown[] = [];
    for (const dataset of datasets) {
      for (const format of formatsOf(dataset)) {
        const answer = await get(`/data/${dataset.id}.${format}`);
        expect(answer.status, `${dataset.id}.${format}`).toBe(200);
        const check = await checkFile(dataset, format, await bytesOf(answer), true);
        if (!check.matches) wrong.push(check);
      }
      if (!dataset.places) expect((await get(`/data/${dataset.id}.geojson`)).status).toBe(404);
    }
    expect(wrong).toEqual([]);
  });

  it("H43: what a spreadsheet could run is text, in CSV and ODS, and H13 reaches no XML", async () => {
    const csv = new TextDecoder().decode(await bytesOf(await get("/data/persons.csv")));
    for (const line of csv.split("\r\n").slice(1)) expect(line).not.toMatch(/(?:^|,)"?[=+\-@＝\t]\D/);
    const cities = (await cellsOf(new TextEncoder().encode(csv))).map(({ home_city }) => home_city);
    // Whoever reads with our reader has the words back.
    expect(cities).toEqual(expect.arrayContaining(["=1+1|cmd", "@SUM(A1)", 'a,b\n"c"']));

    const ods = unzipSync(await bytesOf(await get("/data/persons.ods")));
    const content = new TextDecoder().decode(ods["content.xml"]);
    expect(content).not.toContain("table:formula");
    expect(content).toContain('office:value-type="string"><text:p>=1+1|cmd</text:p>');

    const xml = await (await get("/data/persons.xml")).text();
    expect(xml).toContain("<home_city>王小明</home_city>");
    expect(xml).toContain("<home_city>&lt;b&gt;&amp;\"'&lt;/b&gt;</home_city>");
    const json = (await (await get("/data/persons.json")).json()) as {
      data: { home_city: string }[];
      basis: string;
      licence: string;
    };
    expect(json.data.map(({ home_city }) => home_city)).toContain("<b>&\"'</b>");
    expect([json.basis.length > 10, json.licence]).toEqual([
      true,
      "https://creativecommons.org/licenses/by/4.0/",
    ]);
  });

  it("A3: no format holds what is hidden: contact details, records for those who know, exact places", async () => {
    for (const format of ["csv", "json", "xml", "geojson"]) {
      const text = await (await get(`/data/persons.${format}`)).text();
      expect(text).not.toMatch(/只給知道連結|0912345678|25\.033|author_/);
      expect(text).toContain("開放1");
    }
  });

  it("CSV begins with a mark for Excel when asked, and says what it is", async () => {
    const plain = await get("/data/events.csv");
    expect(plain.headers.get("content-type")).toMatch(/^text\/csv; charset=utf-8/);
    expect(plain.headers.get("content-disposition")).toBe('attachment; filename="events.csv"');
    expect(plain.headers.get("access-control-allow-origin")).toBe("*");
    expect((await bytesOf(plain)).slice(0, 3)).not.toEqual(new Uint8Array([0xef, 0xbb, 0xbf]));
    expect((await bytesOf(await get("/data/events.csv?bom=1"))).slice(0, 3)).toEqual(
      new Uint8Array([0xef, 0xbb, 0xbf]),
    );
  });

  it("H39: whoever has a file is not sent it again; a tag that makes no sense, a range and a packed question change nothing", async () => {
    const first = await get("/data/persons.csv");
    const etag = first.headers.get("etag")!;
    await first.arrayBuffer();
    expect((await get("/data/persons.csv", { "if-none-match": etag })).status).toBe(304);
    for (const headers of [
      { "if-none-match": '"' },
      { "if-none-match": 'W/,,"x' },
      { range: "bytes=0-5" },
      { "content-encoding": "gzip" },
    ]) {
      const answer = await get("/data/persons.csv", headers as unknown as Record<string, string>);
      expect(answer.status).toBe(200);
      expect((await answer.text()).split("\r\n").length).toBeGreaterThan(hostile.length);
    }
    await postPerson(site, { full_name: "後來的人" });
    await new Promise((resolve) => setTimeout(resolve, 3_100));
    expect((await get("/data/persons.csv", { "if-none-match": etag })).status).toBe(200);
  }, 30_000);

  it("H35: a part and the parts after it are the whole; limits and cursors that make no sense are refused with a reason", async () => {
    const whole = ((await (await get("/data/persons.json")).json()) as { data: { id: string }[] }).data.map(
      ({ id }) => id,
    );
    const parts: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: { data: { id: string }[]; next: string | null } = (await (
        await get(`/data/persons.json?limit=4${next ? `&cursor=${encodeURIComponent(next)}` : ""}`)
      ).json()) as never;
      parts.push(...page.data.map(({ id }) => id));
      next = page.next;
    }
    expect(parts).toEqual(whole);
    const other = ((await (await get("/data/events.json?limit=1")).json()) as { next: string }).next;
    for (const query of [
      "limit=0",
      "limit=-1",
      "limit=1e9",
      "limit=1.5",
      "limit=x",
      "cursor=!!",
      "cursor=eyJ4IjoxfQ",
      `cursor=${other}`,
      "bom=yes",
    ]) {
      const answer = await get(`/data/persons.json?${query}`);
      expect({ query, status: answer.status }).toEqual({ query, status: 422 });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it.each(["/data/nothing.csv", "/data/persons.xlsx", "/data/__proto__.json", "/data/nothing"])(
    "%s is not there",
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it("H44: an unpacked spreadsheet holds four known files, none outside, in their true sizes", async () => {
    const ods = await bytesOf(await get("/data/persons.ods"));
    const files = unzipSync(ods);
    expect(Object.keys(files)).toEqual([
      "mimetype",
      "META-INF/manifest.xml",
      "styles.xml",
      "meta.xml",
      "content.xml",
    ]);
    expect(new TextDecoder().decode(ods.slice(30, 38 + 46))).toContain(
      "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    );
  });
});

describe("about the data", () => {
  it("DCAT, the national keys and the API speak of the same datasets, with addresses that answer", async () => {
    const dcat = (await (await get("/data/catalog.jsonld")).json()) as {
      "dcat:dataset": { "dct:identifier": string; "dcat:distribution": { "dcat:downloadURL": string }[] }[];
    };
    const national = (await (await get("/data/catalog.json")).json()) as {
      identifier: string;
      fieldDescription: string;
      distribution: { characterSetCode: string }[];
    }[];
    const api = (await (await get("/api/v1/datasets", { "accept-language": "en" })).json()) as {
      data: { id: string; title: string; basis: string; rows: number }[];
    };
    const ids = datasets.map(({ id }) => id);
    expect(dcat["dcat:dataset"].map((one) => one["dct:identifier"])).toEqual(ids);
    expect(national.map(({ identifier }) => identifier)).toEqual(ids);
    expect(api.data.map(({ id }) => id)).toEqual(ids);
    expect(
      national.every(
        ({ fieldDescription, distribution }) =>
          fieldDescription !== "" &&
          distribution.every(({ characterSetCode }) => characterSetCode === "UTF-8"),
      ),
    ).toBe(true);
    expect(api.data[0]).toMatchObject({ id: "persons", title: "Persons: safe and sought (public)" });
    const addresses = dcat["dcat:dataset"].flatMap((one) =>
      one["dcat:distribution"].map((file) => new URL(file["dcat:downloadURL"]).pathname),
    );
    expect(addresses).toContain("/data/reports.geojson");
    const schema = await (await get("/data/persons.xsd")).text();
    expect(schema).toContain('targetNamespace="urn:lookout:dataset:persons"');
    expect(schema).toContain('<xs:documentation xml:lang="zh-TW">');
  });

  it("pages say what it counts, who made it, how fresh it is, and what is not open and why", async () => {
    const page = textOf(await (await get("/data/persons", { "accept-language": "zh-TW" })).text());
    for (const words of ["統計依據", "一筆紀錄不等於一個人", "CC BY 4.0", "五歲", "full_name"])
      expect(page).toContain(words);
    const list = textOf(await (await get("/data")).text());
    for (const words of ["GEOJSON", "DCAT-AP"]) expect(list).toContain(words);
    const closed = textOf(await (await get("/data/not-open", { "accept-language": "en" })).text());
    for (const words of ["Exact places of people", "points at people when joined", "2027-05-25"])
      expect(closed).toContain(words);
  });

  it("looks, files and calls are counted apart and can be read as data themselves", async () => {
    await get("/data/data-quality");
    await (await get("/data/data-quality.csv")).text();
    await (await get("/data/data-quality.csv")).text();
    await (await get("/api/v1/events")).text();
    let row: Record<string, number> | undefined;
    for (let tries = 0; tries < 90 && !row; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      [row] = await site.sql<Record<string, number>[]>`
        select views::int, downloads::int, api_calls::int from app.dataset_uses where dataset = 'data-quality' and views > 0`;
    }
    expect(row).toMatchObject({ views: 1, downloads: 6, api_calls: 0 });
    const uses = (await (await get("/data/data-use.json")).json()) as {
      data: { dataset: string; api_calls: number }[];
    };
    expect(uses.data.find(({ dataset }) => dataset === "events")!.api_calls).toBeGreaterThan(0);
  }, 30_000);

  it("the job checks every file and the page tells what it found", async () => {
    const { code, output } = await operate(site, ["jobs", "run", "check-datasets"]);
    expect({ code, output }).toMatchObject({ code: 0 });
    const page = textOf(await (await get("/data/quality", { "accept-language": "en" })).text());
    const files = datasets.reduce((sum, dataset) => sum + formatsOf(dataset).length, 0);
    expect(page).toContain(`${files} of ${files} files passed every check`);
  });

  it("lookout export writes any dataset in any format", async () => {
    const csv = await operate(site, ["export", "events", "--format", "csv"]);
    expect(csv.code).toBe(0);
    expect(csv.output).toContain("slug,title_zh");
    const wrong = await operate(site, ["export", "nothing", "--format", "csv"]);
    expect([wrong.code, /persons/.test(wrong.output)]).toEqual([2, true]);
    expect((await operate(site, ["export", "events", "--format", "geojson"])).code).toBe(2);
  });
});

describe("requests and reuses", () => {
  it("anybody can ask without script, personal data is covered, and others vote", async () => {
    const page = "/data/requests";
    const html = await (await get(page)).text();
    const empty = await send(site, page, filled(html, "entry", { title: "" }));
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain("entry-title");
    const sent = await send(
      site,
      page,
      filled(html, "entry", { title: "各國駐館假日值班", text: "問 0912-345-678 就知道" }),
    );
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/data/requests?done=posted"]);
    const shown = await (await get(page)).text();
    expect(textOf(shown)).toContain("各國駐館假日值班");
    expect(shown).not.toContain("0912");
    const vote = /id="(vote-[0-9a-f-]{36})"/.exec(shown)![1]!;
    for (let time = 0; time < 2; time += 1)
      expect((await send(site, page, filled(shown, vote))).status).toBe(303);
    expect(textOf(await (await get(page, { "accept-language": "zh-TW" })).text())).toContain("1 票");
  });

  it("H4: a reuse needs an address of the web", async () => {
    const page = "/data/reuses";
    const html = await (await get(page)).text();
    for (const url of ["javascript:alert(1)", "data:text/html,x", " java\nscript:alert(1)", "ftp://x"])
      expect((await send(site, page, filled(html, "entry", { title: "x", url }))).status).toBe(422);
    const good = filled(html, "entry", {
      title: "台北等公車",
      url: "https://example.org/bus",
      dataset: "events",
    });
    expect((await send(site, page, good)).status).toBe(303);
    expect(await (await get(page)).text()).toContain('href="https://example.org/bus"');
  });
});
