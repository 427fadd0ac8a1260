import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CountRow } from "#app/features/statistics/release-tables.ts";
import { frameOf, releaseSystem } from "#app/features/statistics/release-tables.ts";
import type { Figure } from "#app/features/statistics/release-content.ts";
import { readPeriod, type ReleaseKind } from "#app/features/statistics/periods.ts";
import { readCsv } from "#app/formats/csv.ts";
import { attack } from "#app/privacy/disclosure-control/attack.ts";
import { joinReleases } from "#app/privacy/disclosure-control/joint-releases.ts";
import { loadSolver } from "#app/privacy/disclosure-control/solver.ts";
import { compile } from "#app/privacy/disclosure-control/table-system.ts";
import { textOf } from "#tests/support/html.ts";
import { operate } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";
import { signInAs, type SignedInMember } from "#tests/support/staff.ts";

// Issue 5, "Done when": import, preview, see why each cell is hidden, publish with two officers, read everywhere the same,
// publish the next quarter and a correction; the attacker, given all releases together, finds nothing.

interface ApiRelease {
  number: number;
  kind: ReleaseKind;
  period: string;
  corrects: number | null;
  corrected_by: number | null;
  invented: boolean;
  hash: string;
  basis: Record<string, Record<string, string>>;
  figures: Figure[];
}

let site: Site;
let first: SignedInMember;
let second: SignedInMember;
let volunteer: SignedInMember;

beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
  [first, second, volunteer] = [
    await signInAs(site, "officer", { name: "甲" }),
    await signInAs(site, "officer", { name: "乙" }),
    await signInAs(site, "volunteer"),
  ];
});
afterAll(() => site?.close());

const read = async (where: string, member?: SignedInMember) => {
  const answer = await site.fetch(where, { headers: { ...member?.headers, "accept-language": "en" } });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
};
const post = (where: string, fields: Record<string, string>, member: SignedInMember) =>
  site.form(where, fields, { headers: { ...member.headers, "accept-language": "en" } });

/** Prepares a release through the pages and waits until the worker is done. Gives the address of its preview. */
async function prepare(fields: Record<string, string>, member = first): Promise<string> {
  const answer = await post("/moderation/releases/new", { invented: "yes", ...fields }, member);
  expect(answer.status).toBe(303);
  const preview = answer.headers.get("location")!;
  for (let waited = 0; waited < 240; waited += 1) {
    const { html } = await read(preview, member);
    if (!html.includes("http-equiv")) return preview;
    // Nobody waits for the arithmetic: while a thread does it, the site answers as ever.
    const began = performance.now();
    expect((await site.fetch("/healthz")).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(5_000);
    await sleep(250);
  }
  throw new Error("the release was never prepared");
}

async function publish(preview: string): Promise<number> {
  expect((await post(preview, { intent: "propose" }, first)).status).toBe(303);
  expect((await post(preview, { intent: "sign" }, second)).status).toBe(303);
  const { html } = await read(preview, second);
  return Number(/href="\/statistics\/(\d+)"/.exec(html)![1]);
}

const api = async <T>(where: string) => (await (await site.fetch(where)).json()) as T;

/** Figures of a download, as the API has them. */
async function csvFigures(text: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  async function* source() {
    yield text;
  }
  for await (const item of readCsv(source())) if (item.kind === "row") rows.push(item.values);
  return rows;
}

const key = ({ time, area, type, programme }: Pick<Figure, "time" | "area" | "type" | "programme">) =>
  [time, area, type, programme].join("|");

describe("from cases to statistics", () => {
  it("imports cases and travellers", async () => {
    const { code, output } = await operate(site, ["demo"]);
    expect(code, output).toBe(0);
    const file = path.join(site.dataDir, "travellers.csv");
    writeFileSync(
      file,
      '\uFEFF首站抵達地,細分,2023,2024\r\n亞洲地區,日本Japan,"4,225,804","6,006,116"\r\n亞洲地區,汶萊Brunei,-,"13,651"\r\n' +
        '亞洲地區,亞洲合計 Total,"4,225,804","6,019,767"\r\n全區,總計 Grand Total,"4,225,804","6,019,767"\r\n',
    );
    const imported = await operate(site, ["import", "travellers", file]);
    expect(imported).toMatchObject({ code: 0, output: expect.stringContaining("8 figures of 2023 to 2024") });
    writeFileSync(file, "首站抵達地,細分,2023\r\n亞洲地區,日本Japan,=1+1\r\n");
    expect(await operate(site, ["import", "travellers", file])).toMatchObject({
      code: 1,
      output: expect.stringContaining("line 2"),
    });
  });

  it("nothing is public before it is signed, and officers alone prepare", async () => {
    const { html } = await read("/statistics");
    expect(textOf(html)).toContain("No statistics have been released yet");
    expect((await read("/moderation/releases", volunteer)).status).toBe(403);
    expect((await read("/moderation/releases")).status).toBe(303);
    expect((await read("/statistics/1")).status).toBe(404);
    expect((await read("/api/v1/statistics/releases/1")).status).toBe(404);
    const wrong = await post("/moderation/releases/new", { period: "2024-Q9", note: "kept" }, first);
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain("kept");
  });

  it("preview, publish with two officers; the author cannot sign", async () => {
    const preview = await prepare({ period: "2024-Q1" });
    const { html } = await read(preview, first);
    const text = textOf(html);
    for (const words of ["too few cases", "Why figures are hidden", "narrowed 0 too far", "Information lost"])
      expect(text).toContain(words);
    // Somebody who is no officer sees neither preview nor report.
    expect((await read(preview, volunteer)).status).toBe(403);
    expect((await post(preview, { intent: "propose" }, first)).status).toBe(303);
    const refused = await post(preview, { intent: "sign" }, first);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("Another officer must");
    expect((await post(preview, { intent: "sign" }, second)).status).toBe(303);
    expect((await read("/api/v1/statistics/releases/1")).status).toBe(200);
    // Signed is signed.
    expect((await post(preview, { intent: "discard" }, second)).status).toBe(409);
  });

  it("page, CSV, JSON, API and open data have the same numbers and the same basis", async () => {
    const release = await api<ApiRelease>("/api/v1/statistics/releases/1");
    expect(release).toMatchObject({ number: 1, period: "2024-Q1", invented: true, corrects: null });
    const [logged] = await site.sql`select details from app.log_entries where act = 'release_published'`;
    expect(logged!.details).toMatchObject({ hash: release.hash });
    const figures = new Map(release.figures.map((figure) => [key(figure), figure]));
    const hidden = release.figures.filter(({ cases }) => cases === null);
    expect(hidden.length).toBeGreaterThan(20);
    const { html } = await read("/statistics/1");
    const text = textOf(html);
    expect(html).toContain("<svg");
    expect(html).not.toMatch(/<script|\sstyle="/);
    for (const words of Object.values(release.basis)) expect(text).toContain(words.en);
    const total = figures.get("2024-Q1|all|all|all")!;
    // The sum of all is what readers come for: it is dear to hide, and a first release need not.
    expect(total.cases).not.toBeNull();
    expect(text).toContain(`Quarter 1 of 2024: ${total.cases} cases.`);
    let compared = 0;
    for (const table of ["area", "type", "programme", "region-type"]) {
      expect(html).toContain(`/statistics/1/${table}.csv`);
      const csv = await read(`/statistics/1/${table}.csv`);
      expect(csv.headers.get("content-type")).toContain("text/csv");
      const json = await api<{ figures: Figure[]; basis: object }>(`/statistics/1/${table}.json`);
      expect(json.basis).toEqual(release.basis);
      const rows = await csvFigures(csv.html);
      expect(rows).toHaveLength(json.figures.length);
      for (const [at, figure] of json.figures.entries()) {
        expect(figure).toEqual(figures.get(key(figure)));
        const row = rows[at]!;
        expect(row).toMatchObject({
          time: figure.time,
          area: figure.area,
          type: figure.type,
          cases: figure.cases === null ? "" : String(figure.cases),
        });
        expect(row.basis).toContain("not persons");
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(200);
    const open = await csvFigures((await read("/data/statistics.csv")).html);
    expect(
      open.map(({ time, area, type, programme, cases }) => [[time, area, type, programme].join("|"), cases]),
    ).toEqual(
      release.figures.map((figure) => [key(figure), figure.cases === null ? "" : String(figure.cases)]),
    );
    expect((await read("/statistics")).html).toContain("/statistics/1");
  });

  it(
    "the next quarter, a correction and the year go out, checked with all before",
    { timeout: 180_000 },
    async () => {
      expect(await publish(await prepare({ period: "2024-Q2" }))).toBe(2);
      // Two cases came late: one where there were none, one where there were many.
      await site.sql`
      insert into app.cases (opened_on, country, region, type, subtype, programme, invented)
      values ('2024-02-03', 'PT', '', 'arrest', 'arrested', 'tourism', true), ('2024-03-03', 'JP', '', 'passport_lost', 'passport_stolen', 'tourism', true)`;
      const again = await post("/moderation/releases/new", { invented: "yes", period: "2024-Q1" }, first);
      expect(again.status).toBe(409);
      expect(await publish(await prepare({ period: "2024-Q1", corrects: "1", note: "補登 2 件" }))).toBe(3);
      expect(await api("/api/v1/statistics/releases/1")).toMatchObject({ corrected_by: 3 });
      const { html } = await read("/statistics/1");
      expect(textOf(html)).toContain("Release 3 corrects this one");
      expect(await publish(await prepare({ period: "2024" }))).toBe(4);
      const year = await read("/statistics/4");
      expect(textOf(year.html)).toContain("first landing, not by destination");
    },
  );

  it("A8, H52: the attacker, given every release, export and answer together, finds no hidden cell narrower than the width", async () => {
    const list = await api<{ data: ApiRelease[] }>("/api/v1/statistics/releases");
    const releases = await Promise.all(
      list.data.map(({ number }) => api<ApiRelease>(`/api/v1/statistics/releases/${number}`)),
    );
    expect(releases.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
    // The true counts serve to know which cells changed between releases, which is more than any reader knows; what is
    // hidden is then taken from what was published, and its values are withheld.
    const sealed = await site.sql<{ number: number; counts: CountRow[] }[]>`
      select r.number, c.counts from app.releases r join app.release_counts c on c.release_id = r.id where r.number is not null`;
    const regions = await site.sql<
      { country: string; region: string }[]
    >`select country, region from app.country_regions`;
    const regionOf = new Map(regions.map(({ country, region }) => [country, region]));
    const known = releases.map((release) => ({
      ...release,
      period: readPeriod(release.period)!,
      counts: sealed.find(({ number }) => number === release.number)!.counts,
      published: new Map(release.figures.map((figure) => [key(figure), figure])),
    }));
    const frame = frameOf(known, regionOf);
    const systems = known.map(({ number, period, counts, published }) => {
      const system = releaseSystem(period, counts, frame);
      const shown = system.cells.filter(({ latent }) => !latent);
      for (const { id, value, threshold } of shown) {
        const figure = published.get(id);
        if (figure?.cases === null) continue;
        // Published are the true figures, and none of them is small.
        expect({ number, id, cases: figure?.cases ?? 0 }).toEqual({ number, id, cases: value });
        expect(value === 0 || value >= threshold!).toBe(true);
      }
      return {
        number,
        system,
        hidden: new Set(shown.filter(({ id }) => published.get(id)?.cases === null).map(({ id }) => id)),
      };
    });
    // The last of them stands for the new one: nothing is decided here, only looked at.
    const last = systems.find(({ number }) => number === 4)!;
    const joint = joinReleases(
      systems.filter(({ number }) => number !== 4),
      last,
    );
    const system = compile(joint.system);
    const hidden = new Uint8Array(system.cells.length);
    for (const [at, { latent }] of system.cells.entries()) if (latent) hidden[at] = 1;
    for (const one of systems)
      for (const id of one.hidden) hidden[system.index.get(joint.idOf(one.number, id))!] = 1;
    for (const one of systems) {
      for (const { id, latent } of one.system.cells)
        if (!latent && !one.hidden.has(id)) hidden[system.index.get(joint.idOf(one.number, id))!] = 0;
    }
    const blind = { ...system, values: system.values.map((value, at) => (hidden[at] ? 0 : value)) };
    const enough = Float64Array.from(system.cells, ({ latent, width }) => (latent ? 0 : width));
    const { low, high } = attack(blind, hidden, { solver: await loadSolver(), whole: false, enough });
    let attacked = 0;
    const narrowed: string[] = [];
    for (const [at, cell] of system.cells.entries()) {
      if (!hidden[at] || cell.latent) continue;
      attacked += 1;
      if (high[at]! - low[at]! < cell.width) narrowed.push(`${cell.id} lies in ${low[at]}–${high[at]}`);
    }
    expect(attacked).toBeGreaterThan(300);
    expect(narrowed).toEqual([]);
    // And the attacker is no straw man: with one more figure in hand it finds others.
    const leaked = hidden.slice();
    for (const [at, { latent, value }] of system.cells.entries())
      if (hidden[at] && !latent && value > 4) leaked[at] = 0;
    const told = { ...system, values: system.values.map((value, at) => (leaked[at] ? 0 : value)) };
    const after = attack(told, leaked, { solver: await loadSolver(), whole: false, enough });
    expect(
      system.cells.some(
        (cell, at) => leaked[at] && !cell.latent && after.high[at]! - after.low[at]! < cell.width,
      ),
    ).toBe(true);
  });

  it("H52: no address filters down to a cell", async () => {
    for (const query of ["?area=PT", "?type=arrest&month=2", "?country=PT"]) {
      const main = async (where: string) => textOf(/<main[^]*<\/main>/.exec((await read(where)).html)![0]);
      expect((await main(`/statistics/1${query}`)) === (await main("/statistics/1"))).toBe(true);
    }
    for (const file of ["country.csv", "area.xlsx", "PT.csv", "area.csv.json"])
      expect((await read(`/statistics/1/${encodeURIComponent(file)}`)).status).toBe(404);
  });
});
